"""Ratios are ratios of sums, and say nothing where nothing is known."""

from __future__ import annotations

import math
from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from roas.io.canonical import add_up
from roas.metrics import exact_sum, metrics_by, ratio, total_metrics, weekly


def spend_table(rows: list[dict[str, object]]) -> pd.DataFrame:
    base = {
        "account": None, "campaign": None, "geo": None, "currency": "EUR", "impressions": math.nan, "clicks": math.nan,
        "conversions": math.nan, "conversion_value": math.nan, "reach": math.nan,
    }  # fmt: skip
    frame = pd.DataFrame([base | row for row in rows])
    frame["date"] = pd.to_datetime(frame["date"])
    return frame


TWO = [
    {
        "date": "2025-01-06",
        "channel": "A",
        "spend": 100.0,
        "conversion_value": 300.0,
        "impressions": 10_000,
        "clicks": 100,
    },
    {
        "date": "2025-01-07",
        "channel": "A",
        "spend": 300.0,
        "conversion_value": 300.0,
        "impressions": 20_000,
        "clicks": 100,
    },
]


def test_roas_is_a_ratio_of_sums_not_a_mean_of_ratios() -> None:
    table = metrics_by(spend_table(TWO), ["channel"])
    assert table["claimed_roas"][0] == pytest.approx(600 / 400)
    assert table["claimed_roas"][0] != pytest.approx((3.0 + 1.0) / 2)


def test_cpm_is_per_thousand_impressions() -> None:
    assert metrics_by(spend_table(TWO), ["channel"])["cpm"][0] == pytest.approx(1000 * 400 / 30_000)


def test_roas_identity_holds() -> None:
    row = metrics_by(spend_table([r | {"conversions": 5.0} for r in TWO]), ["channel"]).iloc[0]
    assert row["claimed_roas"] == pytest.approx(row["cvr"] * row["aov"] / row["cpc"])
    assert row["claimed_roas"] == pytest.approx(1000 * row["ctr"] * row["cvr"] * row["aov"] / row["cpm"])


def test_a_channel_without_impressions_has_no_part_in_cpm() -> None:
    radio = {"date": "2025-01-06", "channel": "Radio", "spend": 1e6}
    assert total_metrics(spend_table([*TWO, radio]))["cpm"] == pytest.approx(1000 * 400 / 30_000)


def test_a_day_without_claims_still_counts_its_spend() -> None:
    empty = {"date": "2025-01-08", "channel": "A", "spend": 200.0}
    assert total_metrics(spend_table([*TWO, empty]))["claimed_roas"] == pytest.approx(600 / 600)


def test_zero_spend_has_no_roas() -> None:
    row = metrics_by(spend_table([TWO[0] | {"spend": 0.0}]), ["channel"]).iloc[0]
    assert math.isnan(row["claimed_roas"])
    assert ratio(5.0, 0.0) is None


def test_a_column_that_nobody_reports_is_not_known() -> None:
    sums = total_metrics(spend_table(TWO))
    assert sums["conversions"] is None
    assert sums["cpa"] is None


def test_weeks_start_on_monday_and_say_whether_they_are_complete() -> None:
    rows = [TWO[0] | {"date": d} for d in pd.date_range("2025-01-08", "2025-01-20").strftime("%Y-%m-%d")]
    weeks = weekly(spend_table(rows), None)
    assert weeks["week"].dt.strftime("%Y-%m-%d").tolist() == ["2025-01-06", "2025-01-13", "2025-01-20"]
    assert weeks["complete"].tolist() == [False, True, False]
    assert weeks["spend"].tolist() == [500.0, 700.0, 100.0]


def test_weeks_that_are_weeks_already_keep_their_label_and_are_complete() -> None:
    sundays = [TWO[0] | {"date": d} for d in ("2025-01-05", "2025-01-12", "2025-01-19")]
    weeks = weekly(spend_table(sundays), None, grain="week")
    assert weeks["week"].dt.strftime("%Y-%m-%d").tolist() == ["2025-01-05", "2025-01-12", "2025-01-19"]
    assert weeks["complete"].all()


def test_weekly_mer_is_the_till_over_all_spend() -> None:
    revenue = pd.DataFrame({"date": pd.to_datetime(["2025-01-06", "2025-01-07"]), "revenue": [1000.0, 600.0]})
    weeks = weekly(spend_table(TWO), revenue)
    assert weeks["mer"][0] == pytest.approx(1600 / 400)


@given(st.lists(st.decimals(min_value=0, max_value=10**9, places=2), min_size=1, max_size=300))
def test_sums_are_exact_to_the_cent(amounts: list[Decimal]) -> None:
    assert round(Decimal(str(exact_sum(pd.Series([float(a) for a in amounts])))), 2) == sum(amounts)


@given(st.permutations([0.1, 0.2, 0.3, 1e9, 0.07, 123456.78, 3e-6, 55.5]))
def test_order_of_rows_changes_no_digit_of_a_group(values: list[float]) -> None:
    frame = pd.DataFrame({"k": ["a"] * len(values), "v": values})
    reference = pd.DataFrame({"k": ["a"] * len(values), "v": sorted(values)})
    assert add_up(frame, ["k"], ["v"])["v"][0] == add_up(reference, ["k"], ["v"])["v"][0]


def test_groups_keep_null_apart_from_zero() -> None:
    frame = pd.DataFrame({"k": ["a", "a", "b", None], "v": [math.nan, math.nan, 0.0, 4.0]})
    out = add_up(frame, ["k"], ["v"])
    assert out["k"].isna().tolist() == [True, False, False]
    assert out["v"].tolist()[0] == 4.0
    assert math.isnan(out["v"][1])
    assert out["v"][2] == 0.0


def test_reach_is_never_added() -> None:
    frame = pd.DataFrame({"k": ["a", "a", "b"], "v": [1.0, 2.0, 3.0], "reach": [10.0, 20.0, 30.0]})
    out = add_up(frame, ["k"], ["v"])
    assert math.isnan(out["reach"][0])
    assert out["reach"][1] == 30.0
