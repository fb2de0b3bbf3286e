"""Even weeks, or pulses where they pay."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from roas.plan.evaluate import evaluate
from roas.plan.flighting import flighted, patterns
from roas.plan.results import Limit
from tests.plan.made import draws_of, made


def test_patterns_have_weeks_on_and_off():
    assert patterns(2) == [[1, 0], [1, 1], [0, 1]][::2]
    assert all(0 < sum(each) < 5 for each in patterns(5))


def test_even_spend_is_as_good_where_curves_bend_down():
    model, today = made(slope=0.9)
    plan = evaluate(model, today, {}, weeks=6)
    found = flighted(model, today, plan)
    assert found.by_week is None
    assert "Even spend is as good" in found.facts["flighting"]


def steep():
    """Pulses pay: a steep curve that forgets at once."""
    model, today = made(("Meta",), slope=6.0, alpha=0.02, spread=0.05)
    room = np.full_like(model.curves.room, 6 * np.log(1.7))
    model = replace(model, curves=replace(model.curves, room=room))
    today = replace(today, observed={"Meta": 5 * today.spend[0]})
    return model, today, evaluate(model, today, {}, weeks=4)


def test_pulses_stay_inside_the_limits_of_every_week():
    model, today, plan = steep()
    money = today.spend[0]
    for low, high in ((0.0, 1.9 * money), (0.1 * money, 3 * money), (money, money)):
        found = flighted(model, today, plan, limits={"Meta": Limit(low, high)})
        assert found.by_week is None
        assert "would leave the limits" in found.facts["flighting"]
    wide = flighted(model, today, plan, limits={"Meta": Limit(0.0, 2 * money)})
    assert wide.by_week is not None
    assert wide.by_week.max() <= 2 * money + 0.005


def test_a_held_plan_stays_even():
    model, today, plan = steep()
    found = flighted(model, today, replace(plan, held=True))
    assert found.by_week is None
    assert "the same every week" in found.facts["flighting"]


def test_pulses_pay_on_a_steep_curve_that_forgets():
    model, today, plan = steep()
    found = flighted(model, today, plan)
    assert found.facts["expected_revenue_change"] == pytest.approx(draws_of(found).mean())
    assert found.facts["expected_revenue_change"] > plan.facts["expected_revenue_change"]
    assert found.by_week is not None
    assert found.by_week.shape == (4, 1)
    assert found.by_week.sum() == pytest.approx(4 * today.spend[0], abs=0.005)
    assert found.probability_better > 0.9
    assert found.revenue_change.p5 > 0
