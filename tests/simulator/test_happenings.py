"""What is no cause: decoys, pauses, new names, late claims and chased demand."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import pytest

from roas.errors import UsageError
from roas.simulator import simulate
from roas.simulator.happenings import DECOYS

WEEKS = 40


@cache
def account(**settings):
    return simulate(seed=3, weeks=WEEKS, **settings)


def daily(tables, channel, column):
    rows = tables["spend"][tables["spend"]["channel"] == channel]
    return rows.groupby("date")[column].sum()


@pytest.mark.parametrize("name", DECOYS)
def test_a_decoy_passes_and_is_no_cause(name):
    (tables, truth), (calm, _) = account(decoys=(name,)), account()
    (decoy,) = truth["decoys"]
    assert truth["causes"] == []
    assert decoy["start"] < decoy["end"] < "2024-09-16"
    before, during = (
        [each["revenue"][each["revenue"]["date"].between(start, end, inclusive="left")] for each in (calm, tables)]
        for start, end in (("2024-01-01", decoy["start"]), (decoy["start"], decoy["end"]))
    )
    pd.testing.assert_frame_equal(*before)
    assert during[0]["revenue"].sum() != during[1]["revenue"].sum()


def test_a_spend_test_and_a_price_wobble_hit_one_channel():
    for name, column in (("spend_test", "spend"), ("price_wobble", "impressions")):
        tables, truth = account(decoys=(name,))
        channel = truth["decoys"][0]["scope"]["channel"]
        changed = {
            each["channel"]
            for each in truth["channels"]
            if not daily(tables, each["channel"], column).equals(daily(account()[0], each["channel"], column))
        }
        assert changed == {channel}


def test_a_renamed_campaign_goes_on_under_its_new_name():
    tables, truth = account(renamed=2)
    plain = account()[0]["spend"]
    assert len(truth["renamed"]) == 2
    pd.testing.assert_frame_equal(tables["spend"].drop(columns="campaign"), plain.drop(columns="campaign"))
    for change in truth["renamed"]:
        old, new = (tables["spend"].query("campaign == @name") for name in (change["campaign"], change["now"]))
        assert old["date"].max() < pd.Timestamp(change["since"]) <= new["date"].min()
        assert len(old) + len(new) == (plain["campaign"] == change["campaign"]).sum()


def test_a_paused_campaign_stops_and_its_channel_spends_on():
    (tables, truth), (calm, _) = account(paused=2), account()
    for stop in truth["paused"]:
        rows = tables["spend"].query("campaign == @stop['campaign']")
        assert rows.loc[rows["date"] >= stop["since"], "spend"].sum() == 0
        one, other = (daily(each, stop["channel"], "spend") for each in (tables, calm))
        assert np.allclose(one, other, atol=0.1)


def test_late_claims_leave_the_till_and_older_days_alone():
    (tables, truth), (calm, _) = account(claims_lag=3.0), account()
    assert truth["claims_lag"] == 3.0
    pd.testing.assert_frame_equal(tables["revenue"], calm["revenue"])
    claims = [each["spend"].groupby("date")["conversions"].sum() for each in (calm, tables)]
    share = claims[1] / claims[0]
    assert share.iloc[-1] < 0.4
    assert share.iloc[:-60].eq(1).all()


def test_budgets_that_chase_demand_move_with_it():
    def follows(tables):
        spend = tables["spend"].groupby("date")["spend"].sum()
        return np.corrcoef(np.log(spend), np.log(tables["revenue"].set_index("date")["sessions"]))[0, 1]

    (tables, truth), (calm, healthy) = account(chase=1.0), account()
    assert follows(tables) > follows(calm) + 0.1
    for one, other in zip(truth["channels"], healthy["channels"], strict=True):
        assert one["response"]["demand_chase"] == pytest.approx(other["response"]["demand_chase"] + 1)


def test_an_account_without_happenings_does_not_mention_them():
    assert not {"decoys", "renamed", "paused", "claims_lag", "chase", "columns"} & set(account()[1])


def test_happenings_stay_when_a_cause_is_planted():
    tables, truth = simulate(
        seed=3, weeks=WEEKS, causes=["conversion_rate_drop", "fragmentation"], decoys=tuple(DECOYS), renamed=1, paused=1
    )
    calm = simulate(seed=3, weeks=WEEKS, decoys=tuple(DECOYS), renamed=1, paused=1)
    assert truth["decoys"] == calm[1]["decoys"] and truth["paused"] == calm[1]["paused"]
    since = min(cause["since"] for cause in truth["causes"])
    before = [each["revenue"][each["revenue"]["date"] < since] for each in (tables, calm[0])]
    pd.testing.assert_frame_equal(*before)


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"decoys": ["carnival"]}, 'decoy "carnival" is not known. Available: holiday, price_wobble, spend_test.'),
        ({"chase": -1.0}, "chase -1.0 is out of range. Use 0 to 3."),
        ({"claims_lag": float("nan")}, "claims_lag nan is out of range"),
        ({"renamed": -1}, "renamed -1 is out of range"),
        ({"paused": -1}, "paused -1 is out of range"),
    ],
)
def test_happenings_out_of_range_are_refused(settings, says):
    with pytest.raises(UsageError) as refusal:
        simulate(weeks=4, **settings)
    assert says in str(refusal.value)
