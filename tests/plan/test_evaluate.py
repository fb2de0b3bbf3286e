"""What a given plan changes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from roas.errors import UsageError
from roas.plan.alike import alike_factors
from roas.plan.effects import effects_of
from roas.plan.evaluate import evaluate
from roas.quantiles import Q
from tests.plan.made import draws_of, made


def amounts(today, **factors):
    return {n: round(x * factors.get(n, 1.0), 2) for n, x in zip(today.channels, today.spend, strict=True)}


def kinds(plan):
    return {(each.channel, each.kind) for each in plan.warnings}


@pytest.mark.parametrize("grain", ["week", "day"])
def test_today_changes_nothing_at_all(grain):
    model, today = made(grain=grain)
    plan = evaluate(model, today, {}, margin=0.5)
    assert np.array_equal(draws_of(plan), np.zeros(60))
    assert plan.profit_change == Q(0.0, 0.0, 0.0)
    assert plan.probability_better == 0
    assert plan.warnings == ()
    assert plan.total == today.total


def test_change_is_that_of_the_curves_forecast():
    """One channel, so that nothing is shared: the sum of contributions, by `Curves` alone."""
    model, today = made(("Meta",))
    weeks, now = 3, today.spend[0]
    horizon = np.concatenate([np.full(weeks, 1.2 * now), np.full(13, now)])
    curves = model.curves
    plain = curves.contribution(0, horizon) - curves.contribution(0, np.full(weeks + 13, now))
    plan = evaluate(model, today, {"Meta": 1.2 * now}, weeks=weeks)
    planned = plan.moves[0].planned
    assert planned == round(1.2 * now, 2)
    assert np.allclose(draws_of(plan), plain.sum(axis=1) / weeks, rtol=1e-4)


def test_days_that_are_read_by_week_are_nearly_the_days():
    model, today = made(grain="day")
    paths = np.array([0.8, 1.2]) * today.spend[0]
    exact, fast = (effects_of(model, today, 4, fast=fast).change("Meta", paths) for fast in (False, True))
    assert np.allclose(fast, exact, rtol=0.02)


def test_by_week_the_same_every_week_is_the_steady_plan():
    model, today = made()
    planned = amounts(today, Meta=1.1)
    table = np.tile([planned[name] for name in today.channels], (5, 1))
    steady, weekly = evaluate(model, today, planned, weeks=5), evaluate(model, today, table)
    assert weekly.weeks == 5
    assert weekly.by_week is None
    assert np.allclose(draws_of(steady), draws_of(weekly))


def test_week_by_week_effects_are_kept_and_counted():
    model, today = made(("Meta",))
    now = today.spend[0]
    table = np.array([[2 * now], [0.0]])
    plan = evaluate(model, today, table)
    assert plan.by_week is not None
    assert plan.moves[0].planned == now
    path = np.concatenate([[2 * now, 0.0], np.full(13, now)])
    plain = (model.curves.contribution(0, path) - model.curves.contribution(0, np.full(15, now))).sum(axis=1) / 2
    far = np.abs(draws_of(plan) - plain)
    assert far.max() < 1e-3 * np.abs(plain).max()


def test_changes_of_channels_add_up():
    model, today = made()
    alone = [draws_of(evaluate(model, today, {name: 1.2 * today.of(name)})) for name in today.channels]
    together = evaluate(model, today, {name: 1.2 * today.of(name) for name in today.channels})
    assert np.allclose(draws_of(together), np.sum(alone, axis=0))


def test_profit_is_margin_times_revenue_less_money():
    model, today = made()
    plan = evaluate(model, today, {"Meta": today.of("Meta") + 100}, margin=0.4)
    assert plan.profit_change is not None
    assert plan.profit_change.p50 == pytest.approx(0.4 * plan.revenue_change.p50 - 100, rel=1e-4)
    assert plan.probability_better == np.mean(0.4 * draws_of(plan) - 100 > 0)
    assert plan.regret.p5 >= 0


def test_currency_times_a_hundred_is_money_times_a_hundred():
    (small, one), (large, many) = made(), made(scale=100.0)
    here, there = (
        evaluate(model, today, {"Meta": 1.2 * today.of("Meta")}) for model, today in ((small, one), (large, many))
    )
    assert np.allclose(100 * draws_of(here), draws_of(there), rtol=1e-3)


def test_doubts_are_told():
    model, today = made(excluded={"TV": "it is new"}, known="prior")
    plan = evaluate(model, today, {"Meta": 3 * today.of("Meta"), "TV": 50.0})
    assert kinds(plan) == {
        ("Meta", "beyond_observed"),
        ("Meta", "prior"),
        ("Meta", "ramp"),
        ("TV", "not_modelled"),
    }
    assert any("Pause Meta." in each.reason for each in plan.warnings)
    assert plan.moves[-1].revenue_change.p95 == 0


def test_a_move_of_thirty_percent_needs_no_ramp():
    model, today = made()
    assert kinds(evaluate(model, today, {"Meta": round(0.7 * today.of("Meta"), 2) + 0.01})) == set()
    assert ("Meta", "ramp") in kinds(evaluate(model, today, {"Meta": 0.69 * today.of("Meta")}))


@pytest.mark.parametrize(
    ("planned", "options", "says"),
    [
        ({"Mta": 1.0}, {}, 'Did you mean "Meta"'),
        ({"Meta": -1.0}, {}, "zero or more"),
        ({"Meta": float("inf")}, {}, "zero or more"),
        ({}, {"weeks": 0}, "from 1 to 52"),
        ({}, {"margin": 1.5}, "no contribution margin"),
        (np.zeros((4, 2)), {}, "one column per channel"),
        (np.full((4, 3), np.nan), {}, "zero or more"),
    ],
)
def test_plans_that_cannot_be_are_refused(planned, options, says):
    model, today = made()
    with pytest.raises(UsageError, match=says):
        evaluate(model, today, planned, **options)


def test_a_channel_without_money_can_start():
    model, today = made()
    today = replace(today, spend=(0.0, *today.spend[1:]))
    plan = evaluate(model, today, {"Meta": 500.0})
    assert plan.revenue_change.p5 > 0
    assert ("Meta", "ramp") in kinds(plan)


# -- alike at the margin -----------------------------------------------------


def test_one_channel_is_like_itself():
    slopes = np.exp(0.3 * np.random.default_rng(0).standard_normal((1, 100)))
    assert np.array_equal(alike_factors(slopes), np.ones((1, 100)))


def test_two_normals_meet_where_the_formula_says():
    """Independent logs with sd .5 at 0 and 1: half of the way is lost, with sd .5 between channels."""
    rng = np.random.default_rng(1)
    noise = rng.standard_normal((2, 4000))
    noise -= noise.mean(axis=1, keepdims=True)
    noise = np.linalg.solve(np.linalg.cholesky(np.cov(noise)), noise)
    logs = np.array([[0.0], [1.0]]) + 0.5 * noise
    after = np.log(alike_factors(np.exp(logs), sd=0.5)) + logs
    # The difference has prior variance 2 * .25 and posterior variance 2 * .25.
    assert after.mean(axis=1) == pytest.approx([0.25, 0.75], abs=2e-3)
    assert (after[1] - after[0]).std() == pytest.approx(0.5, abs=5e-3)
    assert after.sum(axis=0).std() == pytest.approx(logs.sum(axis=0).std(), abs=5e-3)


def test_what_is_known_well_stays():
    rng = np.random.default_rng(2)
    logs = np.array([[0.0], [1.0]]) + 0.01 * rng.standard_normal((2, 500))
    assert np.allclose(alike_factors(np.exp(logs)), 1.0, atol=0.01)


def test_no_slope_is_left_alone():
    slopes = np.vstack([np.zeros(50), np.exp(0.2 * np.random.default_rng(3).standard_normal((2, 50)))])
    assert np.array_equal(alike_factors(slopes)[0], np.ones(50))
