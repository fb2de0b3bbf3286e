"""The model of the time before a plan, and its calendar."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from roas.plan.aftermath import outcome
from roas.plan.before import before
from roas.plan.noted import Noted, weekly_means
from roas.plan.observed import Cut, Observed
from roas.plan.score import score
from roas.quantiles import Q
from roas.response.lift import LiftTest
from tests.plan.weeks import BEGINS, NOW, observed


@pytest.mark.parametrize("weekday", range(7))
def test_weeks_of_the_model_begin_with_the_plan(weekday: int) -> None:
    begins = BEGINS + dt.timedelta(days=weekday)
    seen = replace(observed(NOW, weeks=4), model_grain="week")
    cut = Cut.of(seen, begins, 2)
    assert cut.first.day_of_week == 0
    assert (cut.first - cut.spend["date"].min()).days % 7 == 0
    assert (cut.spend["date"].max() - cut.first).days == 13
    kept = cut.spend.assign(date=cut.spend["date"] - cut.moved).merge(seen.spend, on=["date", "channel", "spend"])
    assert len(kept) == len(cut.spend)  # each amount is on its own day, but for the move of all
    assert {day - cut.moved for day in cut.holidays} >= {dt.date(2025, 12, 24), dt.date(2026, 1, 1)}


@pytest.mark.slow
def test_the_model_knows_nothing_of_the_time_after() -> None:
    from roas.simulator import simulate

    tables, _ = simulate(seed=1, weeks=40, grain="week")
    spend, revenue = tables["spend"], tables["revenue"]
    begins = (revenue["date"].max() - pd.Timedelta(days=21)).date()
    seen = Observed(spend, revenue, "week", "week")
    other = revenue.assign(revenue=np.where(revenue["date"] >= pd.Timestamp(begins), 1.0, revenue["revenue"]))
    ends = dt.date(2030, 1, 1)
    test = LiftTest("Meta", begins, ends, 1.0, 1e-3)
    first, second = (
        before(replace(seen, revenue=table, tests=tests), begins, weeks=4)
        for table, tests in ((revenue, ()), (other, (test,)))
    )
    now = weekly_means(spend, begins - dt.timedelta(days=56), 8)
    plan = Noted(now, {**now, "Meta": 0.0}, 4, begins, Q(-1, 0, 1))
    np.testing.assert_array_equal(outcome(first, now, 4).without, outcome(second, now, 4).without)
    found = score(plan, seen, known=first)
    assert found.realised is not None
    assert found.realised.p5 < found.realised.p50 < found.realised.p95
    assert found == score(plan, seen)  # the same seed, the same score
