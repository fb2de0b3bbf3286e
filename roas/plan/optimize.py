"""The best split inside limits, where one can be defended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from roas.format import money, percent, visible
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

#: Probability of beating today's split up to which limits that exclude it are said to cost money.
EVEN_ODDS: Final = 0.5

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
        another budget) can be defended. Limits that exclude today's split are
        a demand: then nothing is held, and where the plan is not more likely
        than not to beat today's split, warnings say so and what that costs.

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
    today's split to the best one that is kept), ``taken_back`` (small moves);
    ``cost_of_limits`` (currency per week by the objective, the middle of the
    draws) where limits exclude today's split and the plan is not more likely
    than not to beat it, scaled to the same total.
    """
    goal = goal_of(
        objective, margin=margin, budget=budget, target_marginal_roas=target_marginal_roas, quantile=quantile
    )
    task = _task(response, today, limits, budget, weeks, goal)
    if not task.names:
        return _held(task, margin, name, Sentence(mark("no channel may move")), {})
    first = _tried(task, goal, margin, name)
    if not _stays(first) or goal.free or goal.tail is not None or first.facts.get("gain_over_reference", 0.0) <= 0:
        return first
    surer = _tried(task, replace(goal, tail=SURER), margin, name)
    return first if _stays(surer) else surer


def _stays(plan: Plan) -> bool:
    """Whether nothing was moved beyond what limits and budget demand."""
    return "why_held" in plan.facts


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
    cost, told_of_it = _cost_of_limits(task, planned)
    return plan_of(
        task.judge,
        task.today,
        Proposal(planned),
        limits=task.limits,
        margin=margin,
        name=name,
        facts=facts | cost,
        extra=told_of_it,
        price=chosen.split.price,
    )


def _forced(task: Task) -> list[str]:
    """Return the channels whose limits do not allow today's money."""
    today = task.today
    sides = {name: (to_cents(each.low), to_cents(each.high)) for name, each in task.limits.items()}
    return [name for name, (low, high) in sides.items() if not low <= to_cents(today.of(name)) <= high]


def _cost_of_limits(task: Task, planned: dict[str, float]) -> tuple[dict[str, float], tuple[Warned, ...]]:
    """Say what limits that exclude today's split cost; nothing where the plan beats that split anyway."""
    forced = _forced(task)
    if not forced:
        return {}, ()
    start = _as_today(task, sum(map(to_cents, planned.values())))
    gain = task.goal.of(_revenue(task, planned) - _revenue(task, start), _added(planned, start))
    if float(np.mean(gain > 0)) > EVEN_ODDS:
        return {}, ()
    cost = max(-float(np.median(gain)), 0.0)
    currency = task.today.currency
    whole = mark(
        "Your limits do not allow today's split, and no split inside them is likely to beat it. "
        "This one is expected to earn {cost} a week less."
    )
    one = mark("{channel} has {now} a week today, which its limits ({low} to {high}) do not allow.")
    warned = [Warned(None, "other", Sentence(whole, cost=(money, cost, currency)))]
    for name in forced:
        limit, now = task.limits[name], task.today.of(name)
        amounts = {"now": now, "low": limit.low, "high": limit.high}
        fields = {key: (money, value, currency) for key, value in amounts.items()}
        warned.append(Warned(name, "other", Sentence(one, channel=(visible, name), **fields)))
    return {"cost_of_limits": round(cost, 2)}, tuple(warned)


def _as_today(task: Task, total: int) -> dict[str, float]:
    """Return today's split scaled to a total, without any limits; channels without a curve keep what they have."""
    today, names = task.today, sorted(task.today.channels)
    now = [to_cents(today.of(name)) for name in names]
    low = [x if name in today.excluded else 0 for name, x in zip(names, now, strict=True)]
    high = [x if name in today.excluded else total for name, x in zip(names, now, strict=True)]
    if sum(now) == total or not sum(low) <= total <= sum(high):
        return {name: money_of(x) for name, x in zip(names, now, strict=True)}
    return {name: money_of(x) for name, x in zip(names, fill(total, now, low, high), strict=True)}


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
    forced = bool(_forced(task))
    cost, told_of_it = _cost_of_limits(task, task.reference)
    if same:
        kept = mark("Today's split is kept: {why}.")
    elif forced:
        kept = mark("Your limits move today's split; beyond that nothing is moved: {why}.")
    else:
        kept = mark("Today's shares are kept, as far as limits and budget allow: {why}.")
    return plan_of(
        task.judge,
        task.today,
        Proposal(task.reference),
        limits=task.limits,
        margin=margin,
        name=name,
        facts={"objective": task.goal.objective, **facts, "why_held": why, **cost},
        extra=(Warned(None, "other" if forced else "held", Sentence(kept, why=(told, why))), *told_of_it),
        # Moves that limits demand are no split of today's that is kept.
        held=not forced,
        regret=gain,
    )
