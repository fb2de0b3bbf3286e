"""How far a plan was followed, and which of its weeks are over."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roas.plan.before import NotKnown
from roas.plan.noted import Noted, spent_of, weekly_means, weeks_over
from roas.plan.observed import Cut
from roas.plan.score import score
from roas.quantiles import Q
from tests.plan.weeks import BEGINS, NOW, PLAN, daily, observed, till

amounts = st.floats(0, 1e6).map(lambda x: round(x, 2))


@pytest.mark.parametrize(
    ("spent", "followed", "beside", "made"),
    [
        ({"Meta": 800, "Search": 700}, 1.0, 0.0, 1.0),
        ({"Meta": 900, "Search": 600}, 0.5, 0.0, 0.5),
        ({"Meta": 700, "Search": 800}, 0.5, 200.0, 1.0),  # half as much again
        ({"Meta": 1000, "Search": 500}, 0.0, 0.0, 0.0),
        ({"Meta": 1200, "Search": 300}, 0.0, 400.0, 0.0),  # the other way
        ({"Meta": 600, "Search": 900}, 0.0, 400.0, 1.0),  # twice as far is as wrong as nothing
        ({"Meta": 800, "Search": 500}, 0.5, 0.0, 0.5),
        ({"Meta": 800, "Search": 700, "TikTok": 300}, 0.25, 300.0, 1.0),  # a channel the plan does not know
    ],
)
def test_followed_counts_what_is_missing_and_what_is_too_much_alike(
    spent: dict[str, float], followed: float, beside: float, made: float
) -> None:
    found = spent_of(PLAN, daily(spent, weeks=2), 2)
    assert [found.followed, found.beside, found.made] == pytest.approx([followed, beside, made], abs=0.01)


@pytest.mark.parametrize(
    ("wobble", "followed"),
    [
        (40, 1.0),  # forgiven: less than a tenth of its own money …
        (80, 0.85),  # … but no more than a quarter of the plan's 200: 30 of 80 count
        (10_000, 0.0),
    ],
)
def test_a_budget_nobody_touched_may_wobble(wobble: float, followed: float) -> None:
    now = {"Meta": 1000.0, "Search": 500.0}
    plan = Noted(now, {"Meta": 1000.0, "Search": 700.0}, 1, BEGINS, Q(0, 0, 0))
    found = spent_of(plan, daily({"Meta": 1000 + wobble, "Search": 700}, weeks=1), 1)
    assert found.followed == pytest.approx(followed, abs=1e-3)


def test_a_wobble_of_more_than_a_tenth_counts() -> None:
    plan = Noted({"A": 100.0, "B": 500.0}, {"A": 100.0, "B": 700.0}, 1, BEGINS, Q(0, 0, 0))
    assert spent_of(plan, daily({"A": 110.0, "B": 700.0}, weeks=1), 1).followed == pytest.approx(1.0)
    assert spent_of(plan, daily({"A": 130.0, "B": 700.0}, weeks=1), 1).followed == pytest.approx(0.9)


def test_a_small_plan_does_not_drown_in_what_is_forgiven() -> None:
    small = Noted({"A": 100.0, "B": 1000.0}, {"A": 90.0, "B": 1000.0}, 1, BEGINS, Q(0, 0, 0))
    beside = spent_of(small, daily({"A": 90.0, "B": 1009.9}, weeks=1), 1)
    assert beside.followed == pytest.approx(1 - (9.9 - 2.5) / 10, abs=1e-3)
    over = spent_of(small, daily({"A": 81.0, "B": 1000.0}, weeks=1), 1)
    assert over.followed == pytest.approx(0.1, abs=1e-3)


def test_a_held_plan_is_followed_by_the_money_that_stays() -> None:
    held = replace(PLAN, planned=NOW)
    assert held.held
    assert spent_of(held, daily(NOW, weeks=2), 2).followed == pytest.approx(1.0)
    assert spent_of(held, daily({"Meta": 700, "Search": 500}, weeks=2), 2).followed == pytest.approx(1 - 300 / 1500)
    assert spent_of(replace(held, now={}, planned={}), daily({"Meta": 7}, weeks=2), 2).followed == 0


@settings(max_examples=25)
@given(st.lists(st.tuples(amounts, amounts, amounts), min_size=1, max_size=5), st.floats(0.01, 100))
def test_followed_is_a_share_whatever_the_amounts_and_the_unit(split: list[tuple[float, ...]], unit: float) -> None:
    def of(factor: float) -> Any:
        now, planned, spent = ({f"c{i}": row[k] * factor for i, row in enumerate(split)} for k in range(3))
        table = pd.DataFrame({"date": pd.Timestamp(BEGINS), "channel": list(spent), "spend": list(spent.values())})
        return spent_of(Noted(now, planned, 1, BEGINS, Q(0, 0, 0)), table, 1)

    found = of(1.0)
    assert 0 <= found.followed <= 1
    assert found.beside >= 0
    moved = max(abs(planned - now) for now, planned, _ in split)
    if moved * min(unit, 1.0) > 1:  # above cents, in both units
        assert of(unit).followed == pytest.approx(found.followed, abs=1e-3)


def test_only_the_plans_own_weeks_count() -> None:
    around = pd.concat([daily({"Meta": 9999}, weeks=3, begins=BEGINS - dt.timedelta(days=21)), daily(NOW, weeks=5)])
    assert weekly_means(around, BEGINS, 2) == pytest.approx(NOW)


@pytest.mark.parametrize(
    ("spend_days", "known_days", "weeks"), [(14, 14, 2), (13, 14, 1), (14, 13, 1), (6, 20, 0), (21, 21, 3)]
)
def test_a_week_is_over_when_spend_and_revenue_reach_its_end(spend_days: int, known_days: int, weeks: int) -> None:
    spend = daily(NOW, weeks=4).query(
        "date < @end", local_dict={"end": pd.Timestamp(BEGINS) + pd.Timedelta(days=spend_days)}
    )
    revenue = till(weeks=4)
    revenue.loc[known_days:, "revenue"] = np.nan
    assert weeks_over(spend, revenue, BEGINS, days=1) == weeks


def test_an_account_that_stops_all_ads_does_not_wait_for_ever() -> None:
    spend, revenue = daily(NOW, weeks=1, begins=BEGINS - dt.timedelta(days=7)), till(weeks=6)
    assert weeks_over(spend, revenue[:14], BEGINS, days=1, silent=0) == 2  # the plan itself stops them
    assert weeks_over(spend, revenue[:14], BEGINS, days=1) == 0  # the export may be late
    assert weeks_over(spend, revenue[:42], BEGINS, days=1) == 2  # not by a month
    stops = replace(PLAN, planned=dict.fromkeys(NOW, 0.0))
    assert stops.stops
    assert not PLAN.stops
    seen = observed(NOW)
    seen = replace(seen, spend=seen.spend[seen.spend["date"] < pd.Timestamp(BEGINS)])
    assert score(stops, seen, known=NotKnown("no_model")).spent.followed == 1.0
    cut = Cut.of(seen, BEGINS, 2)
    assert cut.spend["date"].max() == pd.Timestamp(PLAN.ends)
    assert cut.spend["spend"].sum() == pytest.approx(seen.spend["spend"].sum())


def test_a_row_by_week_covers_seven_days() -> None:
    weekly = pd.DataFrame({"date": [pd.Timestamp(BEGINS)], "channel": "Meta", "spend": 1.0, "revenue": 1.0})
    assert weeks_over(weekly, weekly, BEGINS, days=7) == 1
    assert weeks_over(weekly, None, BEGINS, days=7) == 0
    assert weeks_over(weekly[:0], weekly[:0], BEGINS, days=7) == 0
