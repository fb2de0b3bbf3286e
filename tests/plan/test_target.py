"""The least money that reaches a revenue."""

from __future__ import annotations

from dataclasses import replace

import pytest

from roas.errors import UsageError
from roas.plan.limits import limits_of
from roas.plan.optimize import optimize
from roas.plan.target import target_revenue
from tests.plan.made import NAMES, draws_of, made, planned


def test_least_money_that_reaches_a_revenue():
    model, today = made(spread=0.02)
    plan = target_revenue(model, today, today.revenue_per_week + 300)
    assert plan.facts["reached"]
    assert draws_of(plan).mean() == pytest.approx(300, rel=0.02)
    limits = limits_of(today)
    same_money = optimize(model, today, limits=limits, budget=plan.total)
    assert draws_of(same_money).mean() <= draws_of(plan).mean() * 1.05 + 5


def test_revenue_out_of_reach_is_said():
    model, today = made()
    plan = target_revenue(model, today, 10 * today.revenue_per_week)
    assert plan.held
    assert planned(plan) == dict(zip(NAMES, today.spend, strict=True))
    assert "Nothing inside the limits" in plan.warnings[0].reason
    assert today.revenue_per_week < plan.facts["most"] < 10 * today.revenue_per_week


def test_target_needs_the_revenue_of_today():
    model, today = made()
    with pytest.raises(UsageError, match="revenue of recent weeks"):
        target_revenue(model, replace(today, revenue_per_week=None), 1.0)
