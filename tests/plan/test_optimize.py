"""The best split inside limits, and when hands are kept still."""

from __future__ import annotations

import itertools
import time
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roas.errors import UsageError
from roas.plan.effects import effects_of
from roas.plan.evaluate import evaluate
from roas.plan.limits import limits_of
from roas.plan.optimize import optimize
from roas.plan.task import halves
from tests.plan.made import NAMES, draws_of, made, planned


def inside(plan, limits):
    return all(limits[m.channel].low <= m.planned <= limits[m.channel].high for m in plan.moves)


def test_optimum_is_that_of_every_split_tried():
    """Sure curves, so that halves and doubts say the same; every split in steps of 1 % of a channel."""
    model, today = made(spread=0.0, n=4)
    limits = limits_of(today)
    plan = optimize(model, today, limits=limits)
    assert not plan.held
    effects = effects_of(model, today, 4)
    steps = {n: np.clip(today.of(n) * (1 + np.arange(-30, 31) / 100), limits[n].low, limits[n].high) for n in NAMES}
    first, second = (steps[n].round(2) for n in NAMES[:2])
    rest = today.total - first[:, None] - second[None, :]
    last = effects.change("TikTok", rest.ravel().clip(0))[0].reshape(rest.shape)
    tried = effects.change("Meta", first)[0][:, None] + effects.change("Search", second)[0][None, :] + last
    best = tried[(rest >= limits["TikTok"].low) & (rest <= limits["TikTok"].high)].max()
    assert best > 0
    assert plan.facts["expected_revenue_change"] >= best - plan.facts["optimality_gap"] - 1e-3 * best


@settings(max_examples=15, deadline=None)
@given(st.data())
def test_totals_are_exact_and_limits_hold(data):
    model, today = made(n=20, seed=data.draw(st.integers(0, 50)), slope=data.draw(st.sampled_from([0.8, 1.2, 3.0])))
    share = data.draw(st.floats(0.05, 1.0))
    limits = limits_of(today, max_change=share)
    factor = data.draw(st.floats(-share, share))
    budget = None if data.draw(st.booleans()) else round(today.total * (1 + 0.9 * factor), 2)
    plan = optimize(model, today, limits=limits, budget=budget)
    assert plan.total == (today.total if budget is None else budget)
    assert inside(plan, limits)


@pytest.mark.slow
def test_order_of_names_does_not_matter():
    plans = []
    for names in itertools.permutations(NAMES):
        model, today = made(names)
        plans.append(optimize(model, today, limits=limits_of(today)))
        assert tuple(planned(plans[-1])) == names
    assert all(planned(plan) == planned(plans[0]) for plan in plans)
    assert all(plan.revenue_change == plans[0].revenue_change for plan in plans)


def test_same_input_same_plan():
    model, today = made()
    first, second = (optimize(model, today, limits=limits_of(today)) for _ in range(2))
    assert first.moves == second.moves
    assert first.facts == second.facts


def test_currency_times_a_hundred_is_the_same_plan():
    (small, one), (large, many) = made(), made(scale=100.0)
    here = optimize(small, one, limits=limits_of(one))
    there = optimize(large, many, limits=limits_of(many))
    for a, b in zip(here.moves, there.moves, strict=True):
        assert b.planned == pytest.approx(100 * a.planned, rel=2e-3)
    assert there.revenue_change.p50 == pytest.approx(100 * here.revenue_change.p50, rel=1e-2)


def test_figures_come_from_the_half_that_did_not_choose():
    model, today = made(n=100)
    plan = optimize(model, today, limits=limits_of(today))
    _, late = halves(100)
    assert len(draws_of(plan)) == 50
    whole = draws_of(evaluate(model, today, planned(plan)))
    assert np.corrcoef(draws_of(plan), whole[late])[0, 1] > 0.99


def test_hands_are_kept_still_where_nothing_can_be_told():
    """Equal channels, very unsure: what looks best on one half is luck."""
    model, today = made(n=200, spread=0.0)
    rng = np.random.default_rng(5)
    curves = model.curves
    luck = np.exp(1.5 * rng.standard_normal(curves.scale.shape))
    same = {name: np.repeat(getattr(curves, name)[:1], 3, axis=0) for name in ("room", "slope", "alpha")}
    typical, spend = np.full(3, 1000.0), np.full((40, 3), 1000.0)
    curves = replace(curves, **same, scale=3000 * luck, floor=0 * luck, typical=typical, before=typical, spend=spend)
    today = replace(today, spend=(1000.0,) * 3)
    plan = optimize(replace(model, curves=curves), today, limits=limits_of(today, max_change=0.02))
    assert plan.held
    assert planned(plan) == dict(zip(NAMES, today.spend, strict=True))
    assert plan.revenue_change.p95 == 0
    assert plan.warnings[0].kind == "held"
    assert plan.facts["why_held"] in plan.warnings[0].reason


def test_nothing_may_move():
    model, today = made()
    plan = optimize(model, today, limits=limits_of(today, fixed=NAMES))
    assert plan.held
    assert planned(plan) == dict(zip(NAMES, today.spend, strict=True))


def test_two_s_shaped_channels_with_money_for_one():
    """Small steps from today's equal split lose; the best plan leaves one channel."""
    model, today = made(("a", "b"), spread=0.0, n=4, slope=6.0)
    curves = model.curves
    flat = {name: np.zeros_like(curves.room) + value for name, value in (("scale", 9000.0), ("floor", 0.0))}
    room = np.full_like(curves.room, 6 * np.log(1.9))
    typical, spend = np.full(2, 1000.0), np.full((40, 2), 1000.0)
    curves = replace(curves, **flat, room=room, typical=typical, before=typical, spend=spend)
    today = replace(today, spend=(1000.0, 1000.0), observed={"a": 2000.0, "b": 2000.0})
    model = replace(model, curves=curves)
    plan = optimize(model, today, limits=limits_of(today, max_change=1.0), weeks=12)
    assert sorted(planned(plan).values()) == [0.0, 2000.0]
    nearby = evaluate(model, today, {"a": 1050.0, "b": 950.0}, weeks=12)
    assert plan.revenue_change.p50 > 100 * max(nearby.revenue_change.p50, 1.0)


def test_small_moves_are_taken_back():
    model, today = made(seed=2)
    plan = optimize(model, today, limits=limits_of(today))
    assert plan.facts["taken_back"]
    for name in plan.facts["taken_back"]:
        assert planned(plan)[name] == today.of(name)
    kept = [abs(m.planned - m.now) for m in plan.moves if m.planned != m.now]
    assert sum(each >= 0.01 * today.total for each in kept) >= 2


def test_profit_chooses_its_total_and_a_target_its_slope():
    model, today = made(spread=0.02)
    limits = limits_of(today, max_change=0.9)
    rich, poor = (optimize(model, today, limits=limits, margin=m, objective="profit") for m in (1.0, 0.3))
    assert rich.total > poor.total
    plan = optimize(model, today, limits=limits, objective="target_roas", target_marginal_roas=1.5)
    free = [m for m in plan.moves if m.limit.low < m.planned < m.limit.high]
    assert free
    assert all(m.marginal_roas.p50 == pytest.approx(1.5, rel=0.05) for m in free)


def test_profit_with_a_budget_meets_it():
    model, today = made()
    budget = round(0.9 * today.total, 2)
    plan = optimize(model, today, limits=limits_of(today), margin=0.5, objective="profit", budget=budget)
    assert plan.total == budget


def test_careful_plan_has_the_better_bad_outcomes():
    """Sure small gain against unsure large one."""
    model, today = made(n=200)
    curves = model.curves
    rng = np.random.default_rng(1)
    luck = np.exp(np.array([[0.02], [0.02], [0.9]]) * rng.standard_normal(curves.scale.shape))
    model = replace(model, curves=replace(curves, scale=curves.scale * luck, floor=curves.floor * luck))
    limits = limits_of(today)
    bold, careful = (optimize(model, today, limits=limits, objective=o) for o in ("revenue", "cautious"))
    assert careful.revenue_change.p5 >= bold.revenue_change.p5
    assert careful.revenue_change.p5 >= 0
    assert careful.total == today.total
    assert inside(careful, limits)
    assert careful.facts["optimality_gap"] is None


def test_limit_that_binds_is_told():
    model, today = made(spread=0.02)
    plan = optimize(model, today, limits=limits_of(today, max_change=0.02))
    bound = {each.channel for each in plan.warnings if each.kind == "binding"}
    assert bound
    assert all(m.planned in (m.limit.low, m.limit.high) for m in plan.moves if m.channel in bound)


def test_channels_outside_the_model_keep_their_money():
    model, today = made(excluded={"TV": "it is new"})
    plan = optimize(model, today, limits=limits_of(today))
    assert planned(plan)["TV"] == 100.0
    assert ("TV", "not_modelled") in {(w.channel, w.kind) for w in plan.warnings}


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"objective": "profit"}, "give the contribution margin"),
        ({"objective": "fame"}, "is not known"),
        ({"objective": "target_roas"}, "target marginal ROAS"),
        ({"objective": "target_roas", "target_marginal_roas": 2.0, "budget": 5.0}, "Leave --budget out"),
        ({"objective": "cautious", "quantile": 0.9}, "quantile 0.9"),
        ({"budget": 1.0}, "ask for at least"),
        ({"budget": 1e9}, "allow at most"),
        ({"budget": float("nan")}, "not nan"),
    ],
)
def test_what_cannot_be_planned_is_refused(options, says):
    model, today = made()
    with pytest.raises(UsageError, match=says):
        optimize(model, today, limits=limits_of(today), **options)


def test_shares_are_kept_where_the_budget_alone_changes():
    model, today = made(n=40)
    limits = limits_of(today, max_change=0.2, fixed=["Meta"])
    budget = round(sum(limits[name].low for name in NAMES), 2)
    plan = optimize(model, today, limits=limits, budget=budget)
    assert plan.held
    assert plan.total == budget
    assert "Today's shares are kept" in plan.warnings[0].reason


def test_every_channel_needs_a_limit():
    model, today = made()
    limits = limits_of(today)
    del limits["Search"]
    with pytest.raises(UsageError, match="no limit for Search"):
        optimize(model, today, limits=limits)


@pytest.mark.slow
def test_twenty_channels_and_twelve_weeks_within_a_second():
    model, today = made(tuple(f"channel {i:02d}" for i in range(20)), n=1200)
    started = time.process_time()
    optimize(model, today, limits=limits_of(today), weeks=12)
    assert time.process_time() - started < 1.0
