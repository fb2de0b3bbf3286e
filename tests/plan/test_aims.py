"""A target marginal ROAS: what a plan is judged by, and where the target cannot be met."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from roas.format import ratio
from roas.plan.limits import limits_of
from roas.plan.optimize import optimize
from tests.plan.made import draws_of, made


def aimed(target: float, **options):
    model, today = made(**{"spread": 0.05, **options})
    plan = optimize(model, today, limits=limits_of(today), objective="target_roas", target_marginal_roas=target)
    return today, plan


@pytest.mark.parametrize("target", [0.1, 10.0])
def test_money_is_worth_the_target(target):
    today, plan = aimed(target)
    gain = draws_of(plan) - target * (plan.total - today.total)
    assert plan.probability_better == np.mean(gain > 0)
    assert plan.regret.p50 == pytest.approx(np.median(np.maximum(gain, 0)), rel=1e-4)
    assert plan.held or plan.probability_better > 0.5


def test_a_target_that_nothing_reaches_is_named_with_its_figures():
    _, plan = aimed(100.0)
    whole = [w.reason for w in plan.warnings if w.channel is None and "100" in w.reason]
    best = max(plan.moves, key=lambda m: m.marginal_roas.p50)
    assert len(whole) == 1
    assert whole[0].startswith("No channel's next €1 brings 100 inside the limits: the most is")
    assert f"({best.channel})" in whole[0]


def test_a_target_that_everything_exceeds_is_named_with_its_figures():
    _, plan = aimed(0.01)
    (whole,) = [w.reason for w in plan.warnings if w.channel is None]
    assert whole.startswith(
        "Every channel's next €1 brings more than 0.01 all the way to its upper limit: the least is"
    )


def test_a_target_within_reach_is_not_called_out_of_reach():
    _, plan = aimed(1.5)
    assert not [w for w in plan.warnings if w.channel is None and "limit" in w.reason]


def test_a_channel_left_away_from_the_target_by_a_small_move_is_said():
    model, today = made(spread=0.05)
    small = replace(today, spend=(*today.spend[:2], 60.0))  # 30 % of it is below 1 % of the budget
    plan = optimize(model, small, limits=limits_of(small), objective="target_roas", target_marginal_roas=4.0)
    assert plan.facts["taken_back"] == ["TikTok"]
    move = plan.moves[-1]
    assert move.planned == move.now
    (said,) = [w.reason for w in plan.warnings if w.channel == "TikTok" and "too small" in w.reason]
    assert said == (
        f"TikTok stays as it is, although its next €1 brings {ratio(move.marginal_roas.p50)}, not 4.00: "
        "the move is too small to be worth the work."
    )
