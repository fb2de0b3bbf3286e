"""Each cause moves what it should, from its onset on, and nothing else."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import pytest

from roas.errors import UsageError
from roas.simulator import Planted, available_causes, simulate

# What a cause does to the unit it hits after its onset, by column.
ADS = ("spend", "impressions", "reach", "clicks", "conversions", "conversion_value")
TILL = ("revenue", "orders", "sessions", "new_customers")
BOUGHT = {"impressions", "reach", "clicks", "conversions", "conversion_value"}
FALLS = {
    "audience_exhaustion": {*BOUGHT, *TILL},
    "baseline_erosion": {"conversion_value", *TILL},
    "creative_fatigue": {"reach", "clicks", "conversions", "conversion_value", *TILL},
    "fragmentation": {*BOUGHT, *TILL},
    "harvesting": {"reach"},
    "mix_shift": {"revenue", "orders", "new_customers"},
    "promotion_hangover": {"conversions", "conversion_value", *TILL},
    "reporting_lag": {"conversions", "conversion_value"},
    "auction_inflation": {"impressions", "reach", "clicks", "conversions", "conversion_value", *TILL},
    "conversion_rate_drop": {"conversions", "conversion_value", "revenue", "orders", "new_customers"},
    "demand_shift": {"conversions", "conversion_value", *TILL},
    "order_value_drop": {"conversion_value", "revenue"},
    "saturation": set(),
    "tracking_break": {"conversions", "conversion_value"},
}
RISES = {
    "saturation": {*ADS, *TILL},
    "harvesting": {"clicks", "conversions", "conversion_value"},
    "mix_shift": {*ADS},
}
# What may move a little either way, as spend and clicks do with demand.
MOVES = {
    "baseline_erosion": {*BOUGHT},
    "fragmentation": {"spend"},
    "mix_shift": {"sessions"},
    "promotion_hangover": {"spend", *BOUGHT},
}
CHANNEL_CAUSES = (
    "auction_inflation", "audience_exhaustion", "creative_fatigue", "fragmentation",
    "harvesting", "reporting_lag", "saturation", "tracking_break",
)  # fmt: skip
# The words of the published list of causes; a planted one must be nameable.
NAMEABLE = {
    "auction_inflation", "audience_exhaustion", "baseline_erosion", "conversion_rate_drop",
    "creative_fatigue", "demand_shift", "fragmentation", "harvesting", "mix_shift",
    "order_value_drop", "promotion_hangover", "reporting_lag", "saturation", "tracking_break",
}  # fmt: skip


@cache
def account(*causes, seed=1):
    return simulate(seed=seed, causes=causes)


def planted(name):
    channel = "YouTube" if name == "mix_shift" else "Meta" if name in CHANNEL_CAUSES else None
    return Planted(name, channel=channel)


def after(table, since):
    return table[table["date"] >= since]


def test_every_simulated_cause_is_tested_here_and_can_be_named():
    assert set(available_causes()) == set(FALLS) <= NAMEABLE


@pytest.mark.parametrize("name", available_causes())
def test_nothing_moves_before_the_onset(name):
    healthy, (tables, truth) = account()[0], account(planted(name))
    since = truth["causes"][0]["since"]
    for key in ("spend", "revenue"):
        before = [each[key][each[key]["date"] < since] for each in (healthy, tables)]
        assert len(before[0]) > 0
        pd.testing.assert_frame_equal(*before)


@pytest.mark.parametrize("name", available_causes())
def test_a_cause_moves_what_it_should_and_leaves_the_rest(name):
    healthy, (tables, truth) = account()[0], account(planted(name))
    since = truth["causes"][0]["since"]
    for key, columns in (("spend", ADS), ("revenue", TILL)):
        before, now = (after(each[key], since) for each in (healthy, tables))
        if key == "spend":
            before, now = (each[each["channel"] == (planted(name).channel or "Meta")] for each in (before, now))
        for column in columns:
            was, found = float(before[column].sum()), float(now[column].sum())
            if column in FALLS[name]:
                assert found < was, column
            elif column in RISES.get(name, ()):
                assert found > was, column
            elif column not in MOVES.get(name, ()):
                assert np.array_equal(before[column], now[column]), column


@pytest.mark.parametrize("name", CHANNEL_CAUSES)
def test_a_channel_cause_leaves_other_channels_untouched(name):
    healthy, tables = account()[0]["spend"], account(planted(name))[0]["spend"]
    others = [each.query("channel != 'Meta'").reset_index(drop=True) for each in (healthy, tables)]
    pd.testing.assert_frame_equal(*others)


@pytest.mark.parametrize("name", available_causes())
def test_the_effect_is_the_difference_from_the_account_without_the_cause(name):
    healthy, truth = account()[1], account(planted(name))[1]
    cause = truth["causes"][0]
    onset = pd.Timestamp(cause["since"]).to_period("W").start_time
    weeks = sum(pd.Timestamp(week) >= onset for week in truth["weekly"]["week"])
    change = truth["totals"]["expected_revenue"] - healthy["totals"]["expected_revenue"]
    assert cause["revenue_change_per_week"] == pytest.approx(change / weeks, abs=0.01)
    money = truth["totals"]["spend"] - healthy["totals"]["spend"]
    assert cause["spend_change_per_week"] == pytest.approx(money / weeks, abs=0.01)
    if money <= 0 or name in ("fragmentation", "mix_shift"):
        assert cause["effect_per_week"] == pytest.approx(-change / weeks, abs=0.01)


def test_saturation_costs_the_roas_that_the_added_money_does_not_earn():
    healthy, truth = account()[1], account(planted("saturation"))[1]
    was, now = (next(c for c in t["channels"] if c["channel"] == "Meta") for t in (healthy, truth))
    cause = truth["causes"][0]
    missing = now["spend_per_week_recent"] * (was["roas_recent"] - now["roas_recent"])
    assert cause["effect_per_week_recent"] == pytest.approx(missing, rel=0.05)
    assert not was["saturated"] and now["saturated"]
    assert now["marginal_roas"] < 0.7 < was["marginal_roas"]


@pytest.mark.parametrize("seed", range(6))
def test_saturation_takes_any_drawn_channel_past_break_even(seed):
    truth = account("saturation", seed=seed)[1]
    hit = truth["causes"][0]["scope"]["channel"]
    assert next(c["saturated"] for c in truth["channels"] if c["channel"] == hit)


def test_a_tracking_break_loses_claims_but_no_revenue():
    tables, truth = account(planted("tracking_break"))
    cause = truth["causes"][0]
    was, now = (after(t["spend"], cause["since"]).query("channel == 'Meta'") for t in (account()[0], tables))
    claimed = was["conversion_value"].sum(), now["conversion_value"].sum()
    assert cause["effect_per_week"] == 0
    assert claimed[1] / claimed[0] == pytest.approx(cause["factor"], rel=0.02)
    assert cause["claimed_revenue_change_per_week"] == pytest.approx((claimed[1] - claimed[0]) / 12, rel=0.05)


def test_auction_inflation_raises_the_price_by_its_factor():
    price = []
    for tables, _ in (account(), account(planted("auction_inflation"))):
        rows = after(tables["spend"], "2025-12-01").query("channel == 'Meta'")
        price.append(rows["spend"].sum() / rows["impressions"].sum())
    factor = account(planted("auction_inflation"))[1]["causes"][0]["factor"]
    assert price[1] / price[0] == pytest.approx(factor, rel=1e-3)


@pytest.mark.parametrize("name", available_causes())
def test_a_factor_of_one_changes_nothing(name):
    tables, truth = simulate(seed=1, weeks=26, causes=[Planted(name, factor=1.0)])
    healthy, _ = simulate(seed=1, weeks=26)
    for key in ("spend", "revenue"):
        pd.testing.assert_frame_equal(tables[key], healthy[key])
    assert truth["causes"][0]["effect_per_week"] == 0


def test_two_causes_are_each_measured_against_the_account_with_the_other():
    both = account("order_value_drop", "conversion_rate_drop")[1]
    only = account("order_value_drop")[1]
    effects = {cause["cause"]: cause["effect_per_week"] for cause in both["causes"]}
    change = only["totals"]["expected_revenue"] - both["totals"]["expected_revenue"]
    assert effects["conversion_rate_drop"] == pytest.approx(change / 12, abs=0.01)


def test_the_order_of_asking_changes_nothing():
    names = ["tracking_break", "saturation", "demand_shift"]
    one, other = simulate(weeks=26, causes=names), simulate(weeks=26, causes=names[::-1])
    assert one[1] == other[1]
    pd.testing.assert_frame_equal(one[0]["spend"], other[0]["spend"])


def test_a_cause_may_hit_two_channels():
    causes = [Planted("tracking_break", channel="Meta"), Planted("tracking_break", channel="Search")]
    found = simulate(weeks=26, causes=causes)[1]["causes"]
    assert [cause["scope"]["channel"] for cause in found] == ["Meta", "Search"]


def test_onset_and_factor_are_taken_as_asked():
    wanted = Planted("order_value_drop", since="2024-03-04", factor=0.9)
    cause = simulate(weeks=26, causes=[wanted])[1]["causes"][0]
    assert (cause["since"], cause["factor"]) == ("2024-03-04", 0.9)


def test_one_name_may_stand_alone():
    assert simulate(weeks=4, causes="tracking_break")[1]["causes"][0]["cause"] == "tracking_break"


@pytest.mark.parametrize(
    ("wanted", "says"),
    [
        ("saturatoin", 'cause "saturatoin" cannot be simulated. Did you mean "saturation"?'),
        ("gremlins", 'cause "gremlins" cannot be simulated.\n'),
        (Planted("demand_shift", channel="Meta"), "hits the whole account"),
        (Planted("saturation", since="2030-01-07"), "is outside the window, 2024-01-01 to 2024-06-30"),
        (Planted("saturation", since="soon"), '"soon" is not a date'),
        (Planted("saturation", factor=0.0), "is not a number above 0"),
    ],
)
def test_a_cause_that_cannot_be_planted_is_refused(wanted, says):
    with pytest.raises(UsageError) as refusal:
        simulate(weeks=26, causes=[wanted])
    assert says in str(refusal.value)


def test_an_unknown_cause_lists_those_that_can_be_simulated():
    with pytest.raises(UsageError) as refusal:
        simulate(weeks=4, causes=["gremlins"])
    assert ", ".join(available_causes()) in str(refusal.value)


def test_asking_twice_for_one_place_is_refused():
    with pytest.raises(UsageError, match="asked for twice"):
        simulate(weeks=4, causes=["demand_shift", "demand_shift"])
