"""What `analyze` says of volatility: shares, breaks, comparisons, and where it must stay silent."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pandas as pd
import pytest

import roas
from roas.simulator import simulate

PARTS = {"sampling", "calendar", "demand", "spend", "funnel", "unexplained"}


def account(seed: int = 1, *, weeks: int = 30, drop: float = 1.0, per_day: float = 60.0) -> pd.DataFrame:
    """Two channels of two campaigns; the conversion rate of A is `drop` times what it was from two thirds on."""
    rng = np.random.default_rng(seed)
    rows = []
    for t, day in enumerate(pd.date_range("2025-01-06", periods=7 * weeks)):
        for channel in ("A", "B"):
            for campaign in ("x", "y"):
                rate = 0.03 * (drop if channel == "A" and t >= 14 * weeks // 3 else 1.0)
                clicks = rng.poisson(per_day / 0.03 / 2)
                sales = rng.binomial(clicks, rate)
                value = float(rng.gamma(max(sales, 1) / 0.64, 60 * 0.64)) if sales else 0.0
                rows.append((day, channel, campaign, clicks * 0.6, clicks * 40.0, clicks, sales, value))
    names = ["date", "channel", "campaign", "spend", "impressions", "clicks", "conversions", "conversion_value"]
    return pd.DataFrame(rows, columns=names)


def analyse(spend: pd.DataFrame, revenue: pd.DataFrame | None = None, **options: Any) -> dict[str, Any]:
    return roas.analyze(spend, revenue, model=False, currency="EUR", **options).to_dict()


@pytest.fixture(scope="module")
def fallen() -> dict[str, Any]:
    return analyse(account(drop=0.6), margin=0.5)


def test_every_series_has_six_shares_that_add_to_one(fallen: dict[str, Any]) -> None:
    for found in (fallen["totals"]["volatility"], *(c["volatility"] for c in fallen["channels"])):
        assert set(found["shares"]) == PARTS
        assert sum(found["shares"].values()) == pytest.approx(1, abs=1e-9)
        assert found["true_log_sd"]["p5"] <= found["observed_log_sd"]


def test_the_fallen_channel_has_a_break_and_the_other_has_none(fallen: dict[str, Any]) -> None:
    breaks = {c["channel"]: c["volatility"]["breaks"] for c in fallen["channels"]}
    assert breaks["B"] == []
    [found] = breaks["A"]
    assert abs((pd.Timestamp(found["date"]) - pd.Timestamp("2025-05-26")).days) <= 10
    assert found["after"] / found["before"] == pytest.approx(0.6, abs=0.08)
    assert found["probability"] > 0.9


def test_the_comparison_around_the_break_names_the_conversion_rate(fallen: dict[str, Any]) -> None:
    [pair] = [p for p in fallen["decomposition"]["pairs"] if p["name"] == "around_break"]
    assert pair["change"] == pytest.approx(-0.2, abs=0.07)
    assert sum(e["ratio"] for e in pair["effects"]) == pytest.approx(pair["points"], abs=1e-9)
    leading = max(pair["effects"], key=lambda e: abs(e["ratio"]))
    assert leading["factor"] == "cvr" and leading["ratio_interval"]["p95"] < 0


def test_an_account_without_change_is_left_alone() -> None:
    found = analyse(account(seed=5))
    assert found["totals"]["volatility"]["breaks"] == []
    assert found["steadiness"]["watch"] == {"judged": True, "alpha": 0.1, "alarms": []}
    assert found["totals"]["volatility"]["shares"]["sampling"] > 0.5


def test_claims_are_cut_a_week_before_the_end_and_the_till_is_not() -> None:
    spend = account(weeks=10)
    assert analyse(spend)["window"]["mature_until"] == "2025-03-09"
    bare = spend[["date", "channel", "spend"]]
    till = spend[["date", "conversion_value"]].rename(columns={"conversion_value": "revenue"}).groupby("date").sum()
    found = analyse(bare, till.reset_index())
    assert found["window"]["mature_until"] == found["window"]["end"] == "2025-03-16"
    assert found["totals"]["volatility"]["of"] == "mer"
    assert all(c["volatility"] is None and c["tear_sheet"] is None for c in found["channels"])


def test_without_any_revenue_nothing_is_said() -> None:
    found = analyse(account(weeks=10)[["date", "channel", "spend"]])
    assert found["totals"]["volatility"] is None
    assert [p["cannot"] for p in found["decomposition"]["pairs"]]
    assert found["steadiness"]["watch"]["judged"] is False


@pytest.mark.parametrize("days", [1, 6, 13, 40])
def test_short_accounts_are_no_error(days: int) -> None:
    rows = account(weeks=6)
    rows = rows[rows["date"] < rows["date"].min() + pd.Timedelta(days=days)]
    found = analyse(rows)
    assert found["totals"]["volatility"] is None
    json.dumps(found, allow_nan=False)


@pytest.mark.slow
@pytest.mark.parametrize("change", ["shuffled", "cents", "renamed", "split"])
def test_what_does_not_matter_changes_nothing(change: str, fallen: dict[str, Any]) -> None:
    rows = account(drop=0.6)
    money = ["spend", "conversion_value"]
    if change == "shuffled":
        rows = rows.sample(frac=1, random_state=1)
    elif change == "cents":
        rows[money] *= 100
    elif change == "renamed":
        rows["channel"] = rows["channel"].map({"A": "K", "B": "Q"})
    else:
        half = rows["campaign"] == "x"
        halves = rows[half].assign(campaign="x2")
        rows = pd.concat([rows, halves], ignore_index=True)
        both = half.reindex(rows.index, fill_value=True)
        rows[["impressions", "clicks", "conversions"]] = rows[["impressions", "clicks", "conversions"]].astype(float)
        rows.loc[both, [*money, "impressions", "clicks", "conversions"]] /= 2
    found = analyse(rows, margin=0.5)
    for place, name in enumerate(sorted(c["channel"] for c in found["channels"])):
        [before] = [c for c in fallen["channels"] if c["channel"] == "AB"[place]]
        [after] = [c for c in found["channels"] if c["channel"] == name]
        assert [b["date"] for b in after["volatility"]["breaks"]] == [b["date"] for b in before["volatility"]["breaks"]]
        assert after["volatility"]["true_log_sd"]["p50"] == pytest.approx(
            before["volatility"]["true_log_sd"]["p50"], rel=1e-4
        )


def test_campaigns_are_judged_at_their_own_spend() -> None:
    rows = account(seed=3)
    rows["conversions"] = rows["conversions"].astype(float)
    weak = (rows["channel"] == "B") & (rows["campaign"] == "y")
    rows.loc[weak, ["conversions", "conversion_value"]] *= 0.5
    judged = roas.analyze(rows, model=False, currency="EUR").judged
    assert judged is not None and judged.what == "campaign"
    worst = judged.units.sort_values("roas").iloc[0]
    assert (worst["channel"], worst["label"]) == ("B", "y") and worst["differs"]


@pytest.mark.slow
def test_a_simulated_year_has_every_part() -> None:
    made, _ = simulate(seed=4, weeks=60)
    result = roas.analyze(made["spend"], made["revenue"], model=False, margin=0.5)
    assert result.volatility is not None and result.changes is not None
    assert set(result.volatility.channels) == set(result.volatility.sheets)
    assert {p.name for p in result.changes.pairs} >= {"recent", "year_ago"}
    assert len(result.volatility.to_frame()) == 1 + len(result.channels)
    assert "AccountVolatility" in repr(result.volatility)
    json.dumps(result.to_dict(), allow_nan=False)


def test_each_channel_is_judged_by_its_own_baskets() -> None:
    rows: Any = account(seed=7, per_day=200)
    dear = rows["channel"] == "B"
    rows["conversion_value"] = rows["conversion_value"].where(~dear, rows["conversion_value"] * 25)
    rows["spend"] = rows["spend"].where(~dear, rows["spend"] * 25)
    rows["campaign"] = rows["campaign"] + (rows.groupby(["date", "channel", "campaign"]).cumcount()).astype(str)
    judged = roas.analyze(rows, model=False, currency="EUR").judged
    assert judged is not None
    width = (judged.units["upper"] - judged.units["lower"]).groupby(judged.units["channel"]).mean()
    assert width["A"] == pytest.approx(width["B"], rel=0.25)  # 25 times the basket, 25 times the spend
    assert not judged.units["differs"].any()
    assert not len(judged.curve)


def test_a_campaign_of_the_last_days_is_not_judged_by_sales_still_to_come() -> None:
    rows: Any = account(seed=8)
    last = rows["date"].max()
    new = rows[(rows["campaign"] == "x") & (rows["date"] > last - pd.Timedelta(days=5))]
    late = new.assign(campaign="new", conversions=0, conversion_value=0.0)
    judged = roas.analyze(pd.concat([rows, late]), model=False, currency="EUR").judged
    assert judged is not None
    assert "new" not in set(judged.units["label"])


@pytest.mark.slow
def test_a_slipped_decimal_point_is_named() -> None:
    rows: Any = account(seed=9)
    rows.loc[200, "conversion_value"] *= 200
    notes = roas.analyze(rows, model=False, currency="EUR").notes
    assert any(str(rows.loc[200, "date"].date()) in note and "typing error" in note for note in notes)
    assert not any("typing error" in note for note in roas.analyze(account(seed=9), model=False, currency="EUR").notes)


@pytest.mark.slow
def test_days_missing_from_an_export_are_no_swing() -> None:
    rows: Any = account(seed=10)
    till = rows.groupby("date")["conversion_value"].sum().rename("revenue").reset_index()
    holes = rows["date"].isin(pd.date_range("2025-03-04", periods=4))
    whole, torn = (analyse(r, till)["totals"]["volatility"]["true_log_sd"] for r in (rows, rows[~holes]))
    assert torn["p50"] < whole["p95"] + 0.02
