"""Spend and controls of periods that have not happened yet."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from roas.errors import UsageError
from roas.response.data import MediaData
from roas.response.planned import planned_controls, planned_spend


def account(periods=70, grain="week"):
    step = 7 if grain == "week" else 1
    time = np.arange(periods, dtype=float)
    return MediaData(
        dates=np.datetime64("2024-01-01") + step * np.arange(periods),
        grain=grain,
        channels=("A", "B"),
        spend=np.column_stack([time, np.full(periods, 50.0)]),
        revenue=np.full(periods, 900.0),
        controls=np.column_stack([time, time % 2]),
        control_names=("price", "promo"),
    )


def test_without_a_plan_each_channel_spends_what_it_spent_in_the_last_eight_weeks():
    plan = planned_spend(account(), 3, None)
    assert plan.tolist() == [[np.arange(62, 70).mean(), 50.0]] * 3


def test_channels_that_are_not_named_go_on():
    assert planned_spend(account(), 2, {"A": 10.0}).tolist() == [[10.0, 50.0]] * 2


def test_a_number_is_spend_per_week():
    assert planned_spend(account(70, "day"), 14, {"A": 70.0})[:, 0].tolist() == [10.0] * 14


def test_a_column_has_one_amount_per_period():
    plan = planned_spend(account(), 3, pd.DataFrame({"B": [1, 2, 3]}))
    assert plan[:, 1].tolist() == [1.0, 2.0, 3.0]


def test_a_short_window_has_fewer_recent_weeks():
    assert planned_spend(account(3), 1, None)[0, 0] == 1.0


def test_an_unknown_channel_is_refused_by_name():
    with pytest.raises(UsageError) as caught:
        planned_spend(account(), 2, {"C": 1.0})
    assert str(caught.value) == 'channel "C" is not in the model. There are: A, B.'


@pytest.mark.parametrize(
    "values", [-1.0, np.nan, np.inf, [1.0], [1.0, -2.0], [1.0, np.nan], [[1.0, 2.0]], "ten", ["a", "b"], None]
)
def test_amounts_that_are_none_are_refused(values):
    with pytest.raises(UsageError) as caught:
        planned_spend(account(), 2, {"A": values})
    assert str(caught.value) == "spend of A: 2 amounts of money are needed, one per period."


def test_controls_are_those_of_a_year_before():
    assert planned_controls(account(), 3, None)[:, 0].tolist() == [18.0, 19.0, 20.0]
    assert planned_controls(account(400, "day"), 2, None)[:, 0].tolist() == [36.0, 37.0]


def test_controls_a_year_before_the_window_are_their_mean():
    assert planned_controls(account(10), 2, None)[:, 0].tolist() == [4.5, 4.5]


def test_controls_more_than_a_year_ahead_are_their_mean_where_nothing_is_known():
    found = planned_controls(account(60), 56, None)[:, 0]
    assert found[:52].tolist() == list(range(8, 60))
    assert (found[52:] == 29.5).all()


def test_given_controls_take_the_place_of_guesses():
    found = planned_controls(account(), 2, pd.DataFrame({"promo": [1, 1], "unknown": [5, 5]}))
    assert found.tolist() == [[18.0, 1.0], [19.0, 1.0]]


def test_more_rows_of_controls_than_periods_are_not_used():
    assert planned_controls(account(), 2, pd.DataFrame({"promo": [1, 1, 0, 0]}))[:, 1].tolist() == [1.0, 1.0]


@pytest.mark.parametrize("values", [[1.0], [1.0, np.nan], [1.0, np.inf], ["x", "y"]])
def test_controls_that_are_too_few_or_no_numbers_are_refused(values):
    with pytest.raises(UsageError) as caught:
        planned_controls(account(), 2, pd.DataFrame({"promo": values}))
    assert str(caught.value) == "control promo: 2 numbers are needed, one per period."


def test_an_account_without_controls_has_none_ahead():
    data = account()
    bare = MediaData(data.dates, "week", data.channels, data.spend, data.revenue, np.zeros((70, 0)))
    assert planned_controls(bare, 4, None).shape == (4, 0)
