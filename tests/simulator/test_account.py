"""Whole accounts: the same seed, funnels that fit, parts that add up."""

from __future__ import annotations

import datetime as dt
import json
import math
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roas.errors import UsageError
from roas.simulator import Planted, available_causes, simulate

SPEND_COLUMNS = [
    "date", "channel", "campaign", "spend", "impressions",
    "reach", "clicks", "conversions", "conversion_value", "currency",
]  # fmt: skip
REVENUE_COLUMNS = ["date", "revenue", "orders", "sessions", "new_customers", "promo"]


def in_cents(money):
    return np.allclose(money * 100, np.rint(money * 100), atol=1e-4, rtol=0)


def assert_same(one, other):
    for name in ("spend", "revenue"):
        pd.testing.assert_frame_equal(one[0][name], other[0][name])
    assert one[1] == other[1]


accounts = st.fixed_dictionaries(
    {
        "seed": st.integers(0, 2**63),
        "weeks": st.integers(2, 16),
        "causes": st.lists(st.sampled_from(available_causes()), unique=True, max_size=3),
        "scale": st.sampled_from([0.01, 0.3, 1.0, 50.0]),
        "channels": st.sampled_from([None, 4, 6]),
        "chase": st.sampled_from([0.0, 0.7]),
        "claims_lag": st.sampled_from([0.0, 4.0]),
        "decoys": st.lists(st.sampled_from(["holiday", "price_wobble", "spend_test"]), unique=True, max_size=3),
        "renamed": st.integers(0, 3),
        "paused": st.integers(0, 3),
    }
)


@settings(max_examples=25, deadline=None)
@given(accounts)
def test_any_account_is_whole(arguments):
    tables, truth = simulate(**arguments)
    spend, revenue = tables["spend"], tables["revenue"]
    assert list(spend.columns) == SPEND_COLUMNS
    assert list(revenue.columns) == REVENUE_COLUMNS
    assert len(revenue) == 7 * arguments["weeks"]
    assert not spend.duplicated(["date", "campaign"]).any()
    assert not spend.isna().any(axis=None) and not revenue.isna().any(axis=None)
    assert (spend["reach"] <= spend["impressions"]).all()
    assert (spend["clicks"] <= spend["impressions"]).all()
    assert (revenue["new_customers"] <= revenue["orders"]).all()
    assert (revenue["orders"] <= revenue["sessions"]).all()
    assert all(map(in_cents, (spend["spend"], spend["conversion_value"], revenue["revenue"])))
    assert json.loads(json.dumps(truth, allow_nan=False)) == truth


@settings(max_examples=25, deadline=None)
@given(accounts)
def test_contributions_and_baseline_add_up_to_expected_revenue(arguments):
    _, truth = simulate(**arguments)
    totals, weekly = truth["totals"], truth["weekly"]
    parts = totals["baseline_revenue"] + sum(c["incremental_revenue"] for c in truth["channels"])
    assert parts == pytest.approx(totals["expected_revenue"], rel=0, abs=1e-3)
    for week, expected in enumerate(weekly["expected_revenue"]):
        caused = sum(series[week] for series in weekly["channels"].values())
        assert weekly["baseline"][week] + caused == pytest.approx(expected, rel=0, abs=1e-4)
    for channel in truth["channels"]:
        weeks = weekly["channels"][channel["channel"]]
        assert math.fsum(weeks) == pytest.approx(channel["incremental_revenue"], rel=0, abs=1e-3)
        assert channel["roas"] == pytest.approx(channel["incremental_revenue"] / channel["spend"], abs=1e-6)


@settings(max_examples=10, deadline=None)
@given(accounts)
def test_weeks_are_the_sums_of_days(arguments):
    (daily, _), (weekly, _) = simulate(**arguments), simulate(**arguments, grain="week")
    monday = daily["spend"]["date"] - pd.to_timedelta(daily["spend"]["date"].dt.day_of_week, unit="D")
    added = ["spend", "impressions", "clicks", "conversions", "conversion_value"]
    sums = daily["spend"].assign(date=monday).groupby(["date", "campaign"])[added].sum()
    found = weekly["spend"].set_index(["date", "campaign"])[added]
    assert np.allclose(found, sums.loc[found.index], rtol=0, atol=1e-3)
    assert len(found) == len(sums)
    assert weekly["revenue"]["revenue"].sum() == pytest.approx(daily["revenue"]["revenue"].sum())
    assert (weekly["spend"]["reach"] <= weekly["spend"]["impressions"]).all()


def test_the_same_seed_gives_the_same_account():
    assert_same(simulate(seed=5, causes=["saturation"]), simulate(seed=5, causes=["saturation"]))


def test_another_seed_gives_another_account():
    assert simulate(seed=5, weeks=4)[1]["totals"] != simulate(seed=6, weeks=4)[1]["totals"]


def test_an_account_is_healthy_unless_asked():
    assert simulate(weeks=4)[1]["causes"] == []


def test_the_default_account_is_two_years_of_days_from_a_monday():
    tables, truth = simulate()
    dates = tables["revenue"]["date"]
    assert (dates.iloc[0], len(dates)) == (pd.Timestamp("2024-01-01"), 728)
    assert dates.diff().dropna().eq(pd.Timedelta(days=1)).all()
    assert truth["schema"] == "roas.truth/1"


@pytest.mark.parametrize("seed", range(8))
def test_accounts_have_four_to_six_channels_and_a_dozen_or_more_campaigns(seed):
    spend = simulate(seed=seed, weeks=26)[0]["spend"]
    assert 4 <= spend["channel"].nunique() <= 6
    assert 12 <= spend["campaign"].nunique() <= 20


@pytest.mark.parametrize("seed", range(8))
def test_platforms_claim_more_than_ads_cause_and_less_than_the_till(seed):
    tables, truth = simulate(seed=seed)
    claimed = tables["spend"]["conversion_value"].sum()
    totals = truth["totals"]
    assert totals["claimed_revenue"] == pytest.approx(claimed)
    assert 1.2 < totals["over_claim"] == pytest.approx(claimed / totals["incremental_revenue"], abs=1e-5)
    assert claimed < totals["revenue"]


@pytest.mark.parametrize("seed", range(8))
def test_the_till_scatters_around_expected_revenue(seed):
    tables, truth = simulate(seed=seed)
    revenue = tables["revenue"]["revenue"]
    assert truth["totals"]["revenue"] == pytest.approx(revenue.sum())
    assert revenue.sum() == pytest.approx(truth["totals"]["expected_revenue"], rel=0.02)
    assert revenue.sum() != pytest.approx(truth["totals"]["expected_revenue"], rel=1e-6)


def test_claimed_roas_is_the_product_of_its_funnel():
    tables, truth = simulate(seed=1)
    for channel in truth["channels"]:
        rows = tables["spend"][tables["spend"]["channel"] == channel["channel"]]
        spend, impressions, clicks, conversions, value = (
            float(rows[name].sum()) for name in ("spend", "impressions", "clicks", "conversions", "conversion_value")
        )
        cpm, ctr = 1000 * spend / impressions, clicks / impressions
        cvr, aov = conversions / clicks, value / conversions
        assert channel["claimed_roas"] == pytest.approx(1000 * ctr * cvr * aov / cpm, abs=1e-5)
        assert aov == pytest.approx(truth["process"]["order_value"], rel=0.05)


def test_campaigns_show_their_true_price_and_click_rate():
    tables, truth = simulate(seed=1)
    sums = tables["spend"].groupby("campaign")[["spend", "impressions", "clicks"]].sum()
    for campaign in (each for channel in truth["channels"] for each in channel["campaigns"]):
        row = sums.loc[campaign["campaign"]]
        assert 1000 * row["spend"] / row["impressions"] == pytest.approx(campaign["cpm"], rel=0.1)
        assert row["clicks"] / row["impressions"] == pytest.approx(campaign["ctr"], rel=0.1)


def test_spend_in_the_truth_is_spend_in_the_table():
    tables, truth = simulate(seed=2)
    sums = tables["spend"].groupby("channel")["spend"].sum()
    assert {c["channel"]: c["spend"] for c in truth["channels"]} == pytest.approx(sums.to_dict())
    dates = tables["spend"]["date"]
    last_weeks = tables["spend"][dates > dates.max() - pd.Timedelta(weeks=8)]
    recent = last_weeks.groupby("channel")["spend"].sum() / 8
    assert {c["channel"]: c["spend_per_week_recent"] for c in truth["channels"]} == pytest.approx(
        recent.to_dict(), abs=0.01
    )


def test_scale_does_not_change_roas():
    small, large = (simulate(seed=3, scale=scale)[1]["channels"] for scale in (1.0, 100.0))
    for one, other in zip(small, large, strict=True):
        assert other["spend"] == pytest.approx(100 * one["spend"], rel=1e-4)
        assert other["roas"] == pytest.approx(one["roas"], rel=1e-3)


def test_a_paused_campaign_has_no_rows_unless_orders_still_arrive():
    spend = simulate(seed=0)[0]["spend"]
    rows = spend.groupby("campaign").size()
    assert rows.max() == 728 > rows.min()
    silent = spend.query("spend == 0")
    assert (silent["conversions"] > 0).all()
    assert (silent["impressions"] == 0).all()


def test_promotions_are_marked_and_sell_more():
    revenue = simulate(seed=0)[0]["revenue"]
    assert set(revenue["promo"]) == {0, 1}
    weekend = revenue[revenue["date"].between("2024-11-28", "2024-12-03")]
    assert weekend["promo"].tolist() == [0, 1, 1, 1, 1, 0]  # Black Friday to Monday
    means = revenue.groupby("promo")["orders"].mean()
    assert means[1] > 1.1 * means[0]


def test_december_outsells_august():
    tables, _ = simulate(seed=0)
    month = tables["revenue"]["date"].dt.month
    orders = tables["revenue"]["orders"].groupby(month).mean()
    assert orders[12] > orders[8]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"seed": -1}, "seed -1 is negative"),
        ({"weeks": 1}, "weeks 1 is out of range. Use 2 to 520."),
        ({"grain": "month"}, 'grain "month" is not known'),
        ({"start": "2024-01-03"}, "start 2024-01-03 is not a Monday. The Monday of that week is 2024-01-01."),
        ({"start": "1 January"}, 'start "1 January" is not a date'),
        ({"scale": math.nan}, "scale nan is out of range"),
        ({"channels": 3}, "channels 3 is out of range. Use 4 to 6."),
        ({"currency": "euro"}, 'currency "euro" is not an ISO 4217 code'),
        ({"causes": [Planted("saturation", channel="Radio")]}, 'no channel "Radio" in this account'),
    ],
)
def test_settings_out_of_range_are_refused_with_what_to_use(arguments, says):
    with pytest.raises(UsageError) as refusal:
        simulate(**arguments)
    assert says in str(refusal.value)


def test_start_may_be_a_date_or_text():
    assert_same(simulate(weeks=2, start="2025-03-03"), simulate(weeks=2, start=dt.date(2025, 3, 3)))


def test_importing_the_package_does_not_load_pandas():
    code = "import sys, roas.simulator; sys.exit('pandas' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
