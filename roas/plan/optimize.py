"""The best split inside limits, where one can be defended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from roas.language import mark
from roas.plan.cents import money_of
from roas.plan.effects import CurvesOf
from roas.plan.goals import Goal, Objective, goal_of
from roas.plan.honest import choose
from roas.plan.payable import payable
from roas.plan.recommend import held, recommended
from roas.plan.results import Limit, Plan
from roas.plan.sentences import Sentence
from roas.plan.task import Task, task_of

if TYPE_CHECKING:
    from roas.plan.today import Today

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
    ``target_marginal_roas`` (where one is asked for: money is then worth it, in
    ``probability_better`` and ``regret`` too), ``free_total`` (the plan chose its
    total), ``next_unit`` (whether money pays at the margin, in words);
    ``cost_of_limits`` (currency per week by the objective, the middle of the
    draws) where limits exclude today's split and the plan is not more likely
    than not to beat it, scaled to the same total.
    """
    goal = goal_of(
        objective, margin=margin, budget=budget, target_marginal_roas=target_marginal_roas, quantile=quantile
    )
    task = task_of(response, today, limits, budget=budget, weeks=weeks, goal=goal, margin=margin, name=name)
    if not task.channels:
        return held(task, Sentence(mark("no channel may move")), {})
    first = _tried(task, goal)
    if not _stays(first) or goal.free or goal.tail is not None or first.facts.get("gain_over_reference", 0.0) <= 0:
        return first
    surer = _tried(task, replace(goal, tail=SURER))
    return first if _stays(surer) else surer


def _stays(plan: Plan) -> bool:
    """Whether nothing was moved beyond what limits and budget demand."""
    return "why_held" in plan.facts


def _tried(task: Task, goal: Goal) -> Plan:
    """Choose a split by a goal, and judge it by the one that was asked for."""
    chosen = choose(
        task.tables,
        goal,
        task.movable,
        None if goal.free else sum(task.movable),
        smallest=task.smallest,
        halves=task.halves,
    )
    tables, currency = task.tables, task.today.currency
    cents = payable(chosen.cents, task.movable, currency, low=tables.low, high=tables.high, fixed=not goal.free)
    planned = {**task.reference, **dict(zip(task.channels, map(money_of, cents), strict=True))}
    # What is best in the worst draws is searched for, not proven.
    return recommended(task, planned, chosen, proven=goal.tail is None)
