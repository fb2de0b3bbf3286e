"""Limits that do not allow today's split, and what they cost."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from roas.language import speaking
from roas.plan.amounts import about, exact
from roas.plan.effects import effects_of
from roas.plan.limits import limits_of
from roas.plan.optimize import optimize
from roas.plan.outcome import Proposal, changes
from roas.plan.sentences import told
from roas.plan.task import halves
from tests.plan.made import NAMES, draws_of, made, planned

TV = {"TV": "it is new"}


def test_limits_that_exclude_todays_split_are_a_demand_and_cost_money():
    model, today = made(n=200)
    plan = optimize(model, today, limits=limits_of(today, max_change=3.0, maximum={"Search": 1}))
    assert not plan.held
    assert planned(plan)["Search"] <= 1
    assert plan.probability_better < 0.5
    assert plan.facts["cost_of_limits"] == pytest.approx(-plan.revenue_change.p50, rel=1e-3)
    whole, *channels = (each for each in plan.warnings if each.kind == "other" and "limits" in each.reason)
    assert (whole.channel, [each.channel for each in channels]) == (None, ["Search"])
    assert "less" in whole.reason
    free = optimize(model, today, limits=limits_of(today, max_change=3.0))
    assert "cost_of_limits" not in free.facts


def test_demanded_moves_are_not_called_todays_split_where_nothing_else_moves():
    model, today = made(n=200, seed=3)
    plan = optimize(model, today, limits=limits_of(today, max_change=3.0, maximum={"Meta": 1}))
    assert "why_held" in plan.facts  # nothing beyond the demand
    assert not plan.held
    assert "Your limits move today's split" in plan.warnings[0].reason
    assert {each.kind for each in plan.warnings[:3]} == {"other"}


def about_limits(plan):
    """Each sentence on limits that exclude today's split: its channel and words."""
    said = ((each.channel, str(each.reason)) for each in plan.warnings if each.kind == "other")
    return [(channel, text) for channel, text in said if "not allow" in text]


def worse_than_todays_shares(model, today, plan):
    """By how much a plan earns less than today's split, scaled to its total: draws of the half that judges.

    A channel without a curve keeps what it has.
    """
    moving = sum(today.of(name) for name in today.modelled)
    factor = (plan.total - today.total + moving) / moving
    scaled = {name: round(today.of(name) * factor, 2) for name in today.modelled}
    _, late = halves(model.curves.draws)
    own = changes(effects_of(model, today, 4, draws=late), Proposal(scaled))
    return sum(own.values()) - draws_of(plan)


@pytest.mark.parametrize("excluded", [None, TV])
@pytest.mark.parametrize("share", [0.8, 1.0, 1.2])
def test_cost_is_what_todays_shares_of_the_same_money_would_earn_more(share, excluded):
    model, today = made(n=200, excluded=excluded)
    limits = limits_of(today, max_change=3.0, maximum={"Search": 1})
    plan = optimize(model, today, limits=limits, budget=round(share * today.total, 2))
    worse = worse_than_todays_shares(model, today, plan)
    assert np.mean(worse < 0) < 0.5
    assert plan.facts["cost_of_limits"] == pytest.approx(np.median(worse), rel=1e-3)


def test_cost_of_limits_is_in_profit_where_that_is_the_goal():
    model, today = made(n=200)
    limits = limits_of(today, max_change=3.0, maximum={"Search": 1})
    plan = optimize(model, today, limits=limits, objective="profit", margin=0.4, budget=today.total)
    worse = worse_than_todays_shares(model, today, plan)
    assert plan.facts["cost_of_limits"] == pytest.approx(0.4 * np.median(worse), rel=1e-3)


def test_limits_that_cost_money_are_told_word_for_word():
    model, today = made(n=200)
    today = replace(today, spend=(1200.5, today.of("Search"), today.of("TikTok")))
    limits = limits_of(today, max_change=3.0, minimum={"Meta": 1500}, maximum={"Meta": 1600.25, "TikTok": 0})
    plan = optimize(model, today, limits=limits)
    cost, tiktok = about(plan.facts["cost_of_limits"], "EUR"), exact(today.of("TikTok"), "EUR")
    assert about_limits(plan) == [
        (
            None,
            "Your limits do not allow today's split, and no split inside them is likely to beat it. "
            f"This one is expected to earn about {cost} a week less.",
        ),
        ("Meta", "Meta has €1,200 a week today, which its limits (€1,500 to €1,600) do not allow."),
        ("TikTok", f"TikTok has {tiktok} a week today, which its limits (€0 to €0) do not allow."),
    ]


def test_limits_that_cost_money_are_told_where_nothing_else_moves_too():
    model, today = made(n=200, seed=3)
    plan = optimize(model, today, limits=limits_of(today, max_change=3.0, maximum={"Meta": 1}))
    assert "why_held" in plan.facts
    assert [channel for channel, _ in about_limits(plan)] == [None, "Meta"]
    assert plan.facts["cost_of_limits"] == pytest.approx(-plan.revenue_change.p50, rel=1e-3)


def test_cost_of_limits_is_told_in_the_language_of_its_reader():
    model, today = made(n=200)
    plan = optimize(model, today, limits=limits_of(today, max_change=3.0, maximum={"Search": 1}))
    (whole,) = (each.reason for each in plan.warnings if "not allow" in each.reason and each.channel is None)
    with speaking("nl"):
        assert told(whole) != whole
        assert about(plan.facts["cost_of_limits"], "EUR") in told(whole)


def test_a_demand_that_beats_todays_split_costs_nothing():
    model, today = made(n=200)
    free = optimize(model, today, limits=limits_of(today))
    best = max(free.moves, key=lambda move: move.planned - move.now)
    plan = optimize(model, today, limits=limits_of(today, minimum={best.channel: round(best.now * 1.05, 2)}))
    assert plan.probability_better > 0.5
    assert "cost_of_limits" not in plan.facts
    assert about_limits(plan) == []


def test_limits_at_todays_money_allow_it_and_one_a_cent_beyond_does_not():
    model, today = made(n=40)
    kept = optimize(model, today, limits=limits_of(today, fixed=NAMES))
    assert about_limits(kept) == []
    beyond = {name: round(today.of(name) + 0.01, 2) for name in ("Meta", "Search")}
    limits = limits_of(today, max_change=0.02, minimum=beyond)
    plan = optimize(model, today, limits=limits, budget=round(today.total + 0.02, 2))
    assert [channel for channel, _ in about_limits(plan)] == [None, "Meta", "Search"]
