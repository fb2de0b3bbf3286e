"""Limits that move money by themselves, a channel that is closed, and whose cost is said."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from roas.plan.evaluate import evaluate
from roas.plan.limits import limits_of
from roas.plan.optimize import optimize
from tests.plan.made import draws_of, made


@pytest.mark.parametrize("margin", [None, 0.5])
def test_what_doing_nothing_costs_is_of_the_plan_that_is_shown(margin):
    """Limits alone move money: the cost is that of their moves, not of a split that was rejected."""
    model, today = made(n=200, seed=3)
    plan = optimize(model, today, limits=limits_of(today, max_change=3.0, maximum={"Meta": 1}), margin=margin)
    assert "why_held" in plan.facts
    assert not plan.held
    gain = draws_of(plan) * (1.0 if margin is None else margin) - (plan.total - today.total)
    assert plan.regret.p50 == pytest.approx(np.median(np.maximum(gain, 0)), abs=1e-6)
    assert plan.regret.p95 == pytest.approx(np.quantile(np.maximum(gain, 0), 0.95), rel=1e-5, abs=1e-6)


def closed_one():
    model, today = made()
    return model, replace(today, spend=(*today.spend[:2], 0.0))


def test_a_closed_channel_says_what_opens_it_and_has_no_figure():
    model, today = closed_one()
    plan = optimize(model, today, limits=limits_of(today))
    tiktok = plan.moves[-1]
    assert math.isnan(tiktok.marginal_roas.p50)
    assert tiktok.known == "partly"
    (said,) = [each.reason for each in plan.warnings if each.channel == "TikTok"]
    assert said == (
        "TikTok spent nothing in the last 8 weeks, and a share of nothing is nothing, so it stays closed. "
        'To open it, say how much it may get: --max "TikTok=AMOUNT".'
    )


def test_a_channel_that_is_opened_has_a_figure_and_no_such_word():
    model, today = closed_one()
    plan = optimize(model, today, limits=limits_of(today, maximum={"TikTok": 400}, minimum={"TikTok": 300}))
    assert plan.moves[-1].marginal_roas.p50 > 0
    assert not [each for each in plan.warnings if "stays closed" in each.reason]
    assert not [each for each in evaluate(model, today, {"Meta": 1.0}).warnings if "stays closed" in each.reason]


def test_a_careful_plan_that_stays_speaks_of_the_bad_case():
    """Every move loses in some draw: nothing is said about what is expected."""
    model, today = made(n=200)
    curves = model.curves
    luck = np.exp(1.5 * np.random.default_rng(2).standard_normal(curves.scale.shape))
    model = replace(model, curves=replace(curves, scale=curves.scale * luck, floor=0 * curves.floor))
    plan = optimize(model, today, limits=limits_of(today, max_change=0.1), objective="cautious", quantile=0.02)
    assert plan.held
    assert plan.facts["why_held"] == "no move inside the limits makes the bad case better"
