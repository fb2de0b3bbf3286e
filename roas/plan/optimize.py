"""The best split inside limits, where one can be defended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from roas.format import money, percent
from roas.language import mark
from roas.plan.cents import fill, money_of, to_cents
from roas.plan.effects import CurvesOf, Effects, effects_of
from roas.plan.goals import Goal, Objective, goal_of
from roas.plan.honest import SMALL_MOVE, Chosen, choose, monte_carlo_error
from roas.plan.limits import check_total, limits_in_order
from roas.plan.outcome import Proposal, changes, plan_of
from roas.plan.results import Limit, Plan, Warned
from roas.plan.sentences import Sentence, told
from roas.plan.tables import tables_of

if TYPE_CHECKING:
    from roas.plan._arrays import Array
    from roas.plan.today import Today

#: Draws that choose and judge, half each.
DRAWS: Final = 800

#: Standard errors of the judging half by which a gain must differ from nothing.
SURE: Final = 2.0

#: Probability of beating the reference that a plan must pass to be recommended.
#: Above a half is the least that could be asked; but a move costs work and
#: trust. 0.65, 0.7, 0.75 and 0.8 were tried over 108 accounts of
#: `roas.simulator` at 30 %: this one leaves 4 % worse off, 0.7 leaves 8 %.
LIKELY: Final = 0.75

#: Where the split that is best on average is not likely enough, the one that
#: is best on average over the worst of this share of draws is tried: it moves
#: the money that is surest. The mean of the worst draws is the convex stand-in
#: for a probability that must be passed (Nemirovski and Shapiro 2006, Convex
#: approximations of chance constrained programs). Over the same accounts it
#: lifts the gain from 55 to 63 % of the best possible one and lowers the share
#: that is kept from 49 to 33 %; 0.6 after it gains 1 % more and leaves 5 % worse off.
SURER: Final = 0.8


def optimize(
    response: CurvesOf,
    today: Today,
    *,
    limits: Mapping[str, Limit],
    budget: float | None = None,
    weeks: int = 4,
    margin: float | None = None,
    objective: Objective = "revenue",
    target_marginal_roas: float | None = None,
    quantile: float = 0.1,
    name: str = "",
) -> Plan:
    """Find the split that earns most inside limits, or keep today's.

    Parameters
    ----------
    response : ResponseResults, or anything with ``curves`` and ``data``
    today : Today
    limits : mapping
        Of every channel, as `limits_of` returns them.
    budget : float, optional
        Currency per week, met to the cent; today's total by default. With
        ``"profit"`` and no budget, and with ``"target_roas"``, the plan
        chooses its total itself.
    weeks : int
        Horizon.
    margin : float, optional
        Contribution margin; needed for ``"profit"``.
    objective : {"revenue", "profit", "target_roas", "cautious"}
        Expected revenue; expected profit; money up to where the next unit
        brings `target_marginal_roas`; or the mean of the worst draws.
    target_marginal_roas : float, optional
    quantile : float
        Share of the worst draws for ``"cautious"``.
    name : str

    Returns
    -------
    Plan
        Chosen on one half of the draws, its figures taken from the other.
        ``held`` where nothing better than today's split (its shares, with
        another budget) can be defended.

    Raises
    ------
    UsageError
        Limits that cannot meet the budget, options that cannot be honoured.

    Notes
    -----
    Expectations are over posterior draws of whole curves, not of a curve of
    means. Where the best split is not likely enough to beat today's, the one
    that is best in the worst draws is tried (`SURER`). `facts`:
    ``optimality_gap`` (currency per week that a split could be better at
    most, on the choosing draws; None where that is not proven), ``optimism``
    (by how much they overrate their choice), ``part`` (of the way from
    today's split to the best one that is kept), ``taken_back`` (small moves).
    """
    goal = goal_of(
        objective, margin=margin, budget=budget, target_marginal_roas=target_marginal_roas, quantile=quantile
    )
    task = _task(response, today, limits, budget, weeks, goal)
    if not task.names:
        return _held(task, margin, name, Sentence(mark("no channel may move")), {})
    first = _tried(task, goal, margin, name)
    if not first.held or goal.free or goal.tail is not None or first.facts.get("gain_over_reference", 0.0) <= 0:
        return first
    surer = _tried(task, replace(goal, tail=SURER), margin, name)
    return first if surer.held else surer


def _tried(task: Task, goal: Goal, margin: float | None, name: str) -> Plan:
    """Choose a split by a goal, and judge it by the one that was asked for."""
    chosen = choose(
        task.tables,
        goal,
        task.movable,
        None if goal.free else sum(task.movable),
        smallest=task.smallest,
        halves=task.halves,
    )
    planned = task.reference | {n: money_of(x) for n, x in zip(task.names, chosen.cents, strict=True)}
    return _judged(task, planned, chosen, margin, name, tail=goal.tail)


@dataclass(frozen=True)
class Task:
    """What is to be planned."""

    today: Today
    limits: Mapping[str, Limit]
    goal: Goal
    tables: Any
    reference: dict[str, float]
    judge: Effects
    smallest: int
    budget: float | None

    @property
    def names(self) -> tuple[str, ...]:
        """Movable channels with curves, in alphabetical order."""
        names: tuple[str, ...] = self.tables.names
        return names

    @property
    def movable(self) -> list[int]:
        """Cents of movable channels in the reference."""
        return [to_cents(self.reference[name]) for name in self.names]

    @property
    def halves(self) -> tuple[slice, slice]:
        """Draws that choose, and draws that judge."""
        return halves(self.tables.draws)


def halves(draws: int) -> tuple[slice, slice]:
    """Return the first and the second half: early and late draws of all chains share least."""
    middle = draws // 2
    return slice(0, middle), slice(middle, draws)


def _task(
    response: CurvesOf, today: Today, limits: Mapping[str, Limit], budget: float | None, weeks: int, goal: Goal
) -> Task:
    total = to_cents(today.total if budget is None else budget, "--budget")
    fast = effects_of(response, today, weeks, draws=DRAWS, fast=True)
    inside = limits_in_order(today, limits)
    reference = reference_split(today, inside, None if goal.free else total)
    movable = {name: each for name, each in inside.items() if name not in today.excluded}
    tables = tables_of(fast, today, movable)
    _, late = halves(response.curves.draws)
    judge = effects_of(response, today, weeks, draws=late)
    smallest = round(SMALL_MOVE * total)
    return Task(today, inside, goal, tables, reference, judge, smallest, budget)


def reference_split(today: Today, limits: Mapping[str, Limit], total: int | None) -> dict[str, float]:
    """Return the split to beat: today's, scaled to the total and moved inside limits where it must be."""
    names = sorted(today.channels)
    low, high = ([to_cents(getattr(limits[n], side)) for n in names] for side in ("low", "high"))
    now = [to_cents(today.of(n)) for n in names]
    if total is None:
        cents = [min(max(x, a), b) for x, a, b in zip(now, low, high, strict=True)]
    else:
        check_total(limits, total, today)
        cents = fill(total, now, low, high)
    found = dict(zip(names, cents, strict=True))
    return {name: money_of(found[name]) for name in today.channels}


def _judged(
    task: Task, planned: dict[str, float], chosen: Chosen, margin: float | None, name: str, *, tail: float | None
) -> Plan:
    """Recommend a split, or keep the reference and say why."""
    goal = task.goal
    gain = goal.of(_revenue(task, planned) - _revenue(task, task.reference), _added(planned, task.reference))
    error = monte_carlo_error(gain)
    better = float(np.mean(gain > 0))
    facts: dict[str, Any] = {
        "objective": goal.objective,
        # What is best in the worst draws is searched for, not proven.
        "optimality_gap": None if tail is not None else round(chosen.split.gap, 2),
        "optimism": round(chosen.optimism, 2),
        "part": chosen.part,
        "taken_back": list(chosen.taken_back),
        "gain_over_reference": float(gain.mean()),
        "monte_carlo_error": error,
        "probability_over_reference": better,
    }
    if planned == task.reference:
        return _held(task, margin, name, Sentence(mark("no move inside the limits gains anything")), facts)
    if gain.mean() <= SURE * error or better <= LIKELY or goal.score(gain) <= 0:
        return _held(task, margin, name, _why(task, gain, better), facts, gain)
    return plan_of(
        task.judge,
        task.today,
        Proposal(planned),
        limits=task.limits,
        margin=margin,
        name=name,
        facts=facts,
        price=chosen.split.price,
    )


def _revenue(task: Task, planned: dict[str, float]) -> Array:
    own = changes(task.judge, Proposal(planned))
    return np.sum([own[channel] for channel in sorted(own)], axis=0) if own else np.zeros(task.judge.draws)


def _added(planned: dict[str, float], reference: dict[str, float]) -> float:
    return sum(to_cents(planned[name]) - to_cents(reference[name]) for name in planned) / 100


def _why(task: Task, gain: Array, better: float) -> Sentence:
    if gain.mean() <= 0 or better <= LIKELY:
        unsure = mark("the best split found beats it with a probability of {better}; more than {needed} is asked")
        return Sentence(unsure, better=(percent, better), needed=(percent, LIKELY))
    if task.goal.score(gain) <= 0:
        return Sentence(mark("every split that gains on average loses in the worst cases"))
    small = mark("the best split found gains {amount} per week, which is not beyond the error of the computation")
    return Sentence(small, amount=(money, float(gain.mean()), task.today.currency))


def _held(
    task: Task, margin: float | None, name: str, why: Sentence, facts: dict[str, Any], gain: Array | None = None
) -> Plan:
    same = task.reference == dict(zip(task.today.channels, task.today.spend, strict=True))
    kept = (
        mark("Today's split is kept: {why}.")
        if same
        else mark("Today's shares are kept, as far as limits and budget allow: {why}.")
    )
    return plan_of(
        task.judge,
        task.today,
        Proposal(task.reference),
        limits=task.limits,
        margin=margin,
        name=name,
        facts={"objective": task.goal.objective, **facts, "why_held": why},
        extra=(Warned(None, "held", Sentence(kept, why=(told, why))),),
        held=True,
        regret=gain,
    )
