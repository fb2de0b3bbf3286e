"""From a table of spend to a change and its lines."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import numpy as np
import pandas as pd
import pytest

import roas.decompose
from roas.decompose import Period
from roas.decompose.panel import OTHER

FIRST = dt.date(2025, 1, 6)
MIDDLE, END = FIRST + dt.timedelta(28), FIRST + dt.timedelta(56)
BEFORE, AFTER = Period(FIRST, MIDDLE), Period(MIDDLE, END)
MEASURES = ["spend", "impressions", "clicks", "conversions", "conversion_value"]


def decompose(*args: Any, **options: Any) -> Any:
    return roas.decompose.decompose(*args, **options)


def decompose_all(*args: Any, **options: Any) -> Any:
    return roas.decompose.decompose_all(*args, **options)


def account(seed: int = 0, *, days: int = 56, fall: float = 0.0, per_day: float = 20.0) -> pd.DataFrame:
    """Two channels, of two and one campaigns; the order rate falls for the last 28 days."""
    rng = np.random.default_rng(seed)
    frames = []
    for channel, campaign in (("search", "a"), ("search", "b"), ("social", None)):
        spend = rng.uniform(80, 120, days)
        impressions = rng.poisson(spend * 100).astype(float)
        clicks = rng.poisson(impressions * 0.02).astype(float)
        rate = per_day / 200 * np.where(np.arange(days) < days - 28, 1, 1 - fall)
        orders = rng.poisson(clicks * rate).astype(float)
        date = pd.Timestamp(FIRST) + pd.to_timedelta(np.arange(days), unit="D")
        values = (spend, impressions, clicks, orders, orders * rng.uniform(40, 60, days))
        frames.append(
            pd.DataFrame(
                {"date": date, "channel": channel, "campaign": campaign, **dict(zip(MEASURES, values, strict=True))}
            )
        )
    return pd.concat(frames, ignore_index=True)


def till(spend: pd.DataFrame, factor: float = 1.5) -> pd.DataFrame:
    daily = spend.groupby("date")["conversion_value"].sum() * factor
    return daily.rename("revenue").reset_index()


def ratios(change):
    return {e.factor: e.ratio for e in change.effects}


def test_names_are_resolved():
    assert all(getattr(roas.decompose, name) for name in roas.decompose.__all__)
    with pytest.raises(AttributeError):
        _ = roas.decompose.nothing


def test_campaigns_add_up_to_channels_and_channels_to_the_total():
    change = decompose(account(), BEFORE, AFTER)
    total = change.to_frame().set_index("factor")["ratio"]
    for frame in (change.by_channel, change.by_campaign):
        assert (frame.groupby("factor")["ratio"].sum() - total).abs().max() < 1e-12
    assert total.sum() == pytest.approx(change.change, abs=1e-12)
    assert sum(e.currency for e in change.effects) == pytest.approx(change.change * change.spend[1])
    assert sum(e.share for e in change.effects) == pytest.approx(1) or abs(change.change) < 0.1
    both = change.by_campaign.groupby(["channel", "factor"])["currency"].sum()
    assert np.allclose(both, change.by_channel.set_index(["channel", "factor"])["currency"].sort_index())


def test_revenue_is_split_with_volume():
    change = decompose(account(), BEFORE, AFTER)
    assert change.revenue_effects[0].factor == "volume"
    gap = change.revenue[1] - change.revenue[0]
    assert sum(e.currency for e in change.revenue_effects) == pytest.approx(gap, rel=1e-9)


def test_a_planted_fall_of_the_order_rate_leads():
    change = decompose(account(fall=0.3), BEFORE, AFTER)
    assert change.leading.factor == "cvr"
    assert change.leading.ratio_interval.p95 < 0
    assert change.leading.currency == pytest.approx(change.leading.ratio * change.spend[1])
    assert change.comparison.interval_95[1] < 0
    assert change.audit.agrees


def test_intervals_of_the_whole_are_those_of_compare():
    change = decompose(account(fall=0.2), BEFORE, AFTER)
    q = change.comparison.points
    assert q.p50 == pytest.approx(change.change, rel=1e-5)


def test_same_seed_same_answer_and_order_of_rows_is_nothing():
    rows = account(1)
    plain = decompose(rows, BEFORE, AFTER).to_dict()
    shuffled = decompose(rows.sample(frac=1, random_state=3), BEFORE, AFTER).to_dict()
    assert json.dumps(plain) == json.dumps(decompose(rows, BEFORE, AFTER).to_dict())
    assert json.dumps(plain) == json.dumps(shuffled)
    assert json.dumps(plain, allow_nan=False)


def test_names_of_campaigns_change_no_total():
    rows = account(2)
    named = rows.replace({"campaign": {"a": "zz"}, "channel": {"social": "a channel"}})
    plain, other = (ratios(decompose(x, BEFORE, AFTER)) for x in (rows, named))
    assert plain == pytest.approx(other, abs=1e-12)


def test_swapped_periods_give_minus_the_effects():
    rows = account(3, fall=0.2)
    there, back = decompose(rows, BEFORE, AFTER), decompose(rows, AFTER, BEFORE)
    assert ratios(there) == pytest.approx({k: -v for k, v in ratios(back).items()}, abs=1e-12)


def test_finer_rows_are_added_up():
    rows = account(4)
    half = rows.assign(**{m: rows[m] / 2 for m in MEASURES})
    split = pd.concat([half.assign(geo="N"), half.assign(geo="S")])
    assert ratios(decompose(rows, BEFORE, AFTER)) == pytest.approx(ratios(decompose(split, BEFORE, AFTER)), abs=1e-9)


@pytest.mark.parametrize(
    ("missing", "links"),
    [
        (["impressions"], ["cpc", "cvr", "aov"]),
        (["clicks"], ["cpm", "conversions_per_impression", "aov"]),
        (["impressions", "clicks"], ["cpa", "aov"]),
        (["conversions"], ["cpm", "ctr", "revenue_per_click"]),
        (["impressions", "clicks", "conversions"], ["rate"]),
    ],
)
def test_missing_columns_shorten_the_chain(missing, links):
    for rows in (account(5).drop(columns=missing), account(5).assign(**dict.fromkeys(missing, np.nan))):
        change = decompose(rows, BEFORE, AFTER)
        assert [e.factor for e in change.effects if "mix" not in e.factor] == links
        assert sum(e.ratio for e in change.effects) == pytest.approx(change.change, abs=1e-9)


def test_a_column_told_in_one_period_only_is_not_used():
    rows = account(6)
    rows.loc[(rows["date"] >= pd.Timestamp(MIDDLE)) & (rows["channel"] == "search"), "clicks"] = np.nan
    search = decompose(rows, BEFORE, AFTER).by_channel.query("channel == 'search' and ratio != 0")
    assert "conversions_per_impression" in set(search["factor"])
    assert "cvr" not in set(search["factor"])


def test_channels_without_claims_are_left_out_and_named():
    rows = account(7)
    rows.loc[rows["channel"] == "social", "conversion_value"] = np.nan
    change = decompose(rows, BEFORE, AFTER)
    assert change.left_out == ("social",)
    assert change.spend[1] == pytest.approx(
        rows[(rows["channel"] == "search") & (rows["date"] >= pd.Timestamp(MIDDLE))]["spend"].sum()
    )


def test_small_campaigns_are_taken_together():
    rows = account(8)
    tiny = rows[rows["campaign"] == "a"].copy()
    tiny[MEASURES] = (tiny[MEASURES] / 100).to_numpy()
    tiny["conversions"] = 0.2
    change = decompose(pd.concat([rows, tiny.assign(campaign="t1"), tiny.assign(campaign="t2")]), BEFORE, AFTER)
    assert change.merged == (("search", "t1"), ("search", "t2"))
    assert set(change.by_campaign["campaign"].dropna()) == {"a", "b", OTHER}


def test_entry_and_exit_are_one_factor():
    rows = account(9)
    late = rows["date"] >= pd.Timestamp(MIDDLE)
    rows = rows[~((rows["campaign"] == "a") & late) & ~((rows["channel"] == "social") & ~late)]
    change = decompose(rows, BEFORE, AFTER)
    lines = change.by_campaign.query("ratio != 0").groupby(["channel", "campaign"], dropna=False)["factor"].agg(list)
    assert lines["search", "a"] == ["entry_exit"]
    assert sum(e.ratio for e in change.effects) == pytest.approx(change.change, abs=1e-9)


def test_mer_is_claims_and_the_rest():
    rows = account(10, fall=0.3)
    mer = decompose(rows, BEFORE, AFTER, revenue=till(rows)).mer
    change = mer.comparison.roas_after - mer.comparison.roas_before
    assert mer.claimed + mer.unattributed == pytest.approx(change, abs=1e-9)
    assert mer.unattributed_before > 0
    assert decompose(rows, BEFORE, AFTER, revenue=till(rows, 0.8)).mer.unattributed_before < 0
    assert decompose(rows, BEFORE, AFTER).mer is None
    assert decompose(rows, BEFORE, AFTER, revenue=till(rows).head(30)).mer is None


def test_three_pairs_and_whether_they_agree():
    rows = account(11, days=420, fall=0.4)
    cut = FIRST + dt.timedelta(392)
    found = decompose_all(rows, revenue=till(rows), breaks=[cut])
    assert [pair.name for pair in found.pairs] == ["around_break", "recent", "year_ago"]
    assert (found.robustness.direction, found.robustness.leading) == ("agree", "agree")
    assert found["recent"].leading.factor == "cvr"
    assert json.dumps(found.to_dict(), allow_nan=False)


def test_without_change_nothing_is_claimed():
    found = decompose_all(account(12, days=420))
    assert found.robustness.leading == "unknown"


def test_weeks_are_decomposed():
    rows = account(13, days=56 * 7)
    rows["date"] = pd.Timestamp(FIRST) + (rows["date"] - pd.Timestamp(FIRST)) // 7 * 7
    found = decompose_all(rows, grain="week")
    assert found["recent"].comparison.interval is not None


def odd() -> dict[str, pd.DataFrame]:
    rows = account(14)
    return {
        "no rows": rows.head(0),
        "one row": rows.head(1),
        "zero spend": rows.assign(spend=0.0),
        "zero revenue": rows.assign(conversion_value=0.0, conversions=0.0),
        "no revenue": rows.assign(conversion_value=np.nan),
        "all zero": rows.assign(**dict.fromkeys(MEASURES, 0.0)),
        "huge": rows.assign(spend=1e12, conversion_value=1e12),
        "negative spend": rows.assign(spend=-rows["spend"]),
        "refunds": rows.assign(conversion_value=-rows["conversion_value"]),
        "some refunds": rows.assign(conversion_value=rows["conversion_value"] - 900),
        "constant": rows.assign(**dict.fromkeys(MEASURES, 5.0)),
        "gaps": rows.sample(frac=0.1, random_state=1),
        "nothing known": rows.assign(**dict.fromkeys(MEASURES, np.nan)),
        "no dates": rows.assign(date=pd.Series(pd.NaT, index=rows.index)),
        "late": rows.assign(date=rows["date"] + pd.Timedelta(days=40)),
        "no channel": rows.assign(channel=None),
    }


@pytest.mark.parametrize("kind", list(odd()))
def test_odd_tables_give_an_honest_answer(kind):
    rows = odd()[kind]
    change = decompose(rows, BEFORE, AFTER, revenue=till(account(14)), draws=50)
    assert json.dumps(change.to_dict(), allow_nan=False)
    assert repr(change)
    assert change.comparison.cannot or change.effects
    assert change.change is None or sum(e.ratio for e in change.effects) == pytest.approx(change.change, abs=1e-9)
    decompose_all(rows, draws=50)


def test_claims_not_exported_are_not_zero():
    rows = account(15)
    found = decompose(rows.assign(conversion_value=np.nan), BEFORE, AFTER, revenue=till(rows))
    assert found.comparison.cannot == "not_exported"
    assert found.mer.comparison.interval is not None
    assert found.mer.claimed is found.mer.unattributed is None


def test_beyond_the_largest_campaigns_are_taken_together_and_no_money_is_lost() -> None:
    import pandas as pd

    from roas.decompose.panel import MOST_CAMPAIGNS, panel

    days = pd.date_range("2025-01-06", periods=28)
    names = [f"c{i}" for i in range(MOST_CAMPAIGNS + 40)]
    rows = [("search", name, day, 1.0 + i, 3.0 + i) for i, name in enumerate(names) for day in days]
    spend = pd.DataFrame(rows, columns=["channel", "campaign", "date", "spend", "conversion_value"])
    found = panel(spend)
    assert found.gathered == 40
    assert len(found.units) == MOST_CAMPAIGNS + 1
    assert found.values[:, :, 0].sum() == pytest.approx(spend["spend"].sum())
    assert dict(zip(found.units, found.values[..., 0].sum(axis=0), strict=True))["search", OTHER] == pytest.approx(
        spend.loc[spend["campaign"].isin(names[:40]), "spend"].sum()
    )
