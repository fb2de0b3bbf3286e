"""What an optimiser works on: channels that may move, the split to beat, draws that choose and draws that judge."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from roas.plan.cents import fill, money_of, to_cents
from roas.plan.effects import CurvesOf, Effects, effects_of
from roas.plan.goals import Goal
from roas.plan.honest import SMALL_MOVE
from roas.plan.limit_checks import check_total, limits_in_order
from roas.plan.outcome import Proposal, changes
from roas.plan.payable import payable
from roas.plan.results import Limit
from roas.plan.tables import Tables, tables_of

if TYPE_CHECKING:
    from roas.plan._arrays import Array
    from roas.plan.today import Today

#: Draws that choose and judge, half each.
DRAWS: Final = 800

#: Channel → currency per week.
Amounts = Mapping[str, float]


@dataclass(frozen=True)
class Task:
    """What is to be planned.

    Attributes
    ----------
    today : Today
    limits : mapping
        Of every channel, in the account's order.
    goal : Goal
        By which a plan is judged.
    margin : float or None
    name : str
        Of the plan.
    tables : Tables
        Of the channels that may move.
    reference : mapping
        The split to beat.
    judge : Effects
        With the draws that judge.
    smallest : int
        Cents below which a move is small.
    """

    today: Today
    limits: Mapping[str, Limit]
    goal: Goal
    margin: float | None
    name: str
    tables: Tables
    reference: Amounts
    judge: Effects
    smallest: int

    @property
    def channels(self) -> tuple[str, ...]:
        """Channels that may move and have curves, in alphabetical order."""
        return self.tables.names

    @property
    def movable(self) -> list[int]:
        """Cents of those channels in the reference."""
        return [to_cents(self.reference[name]) for name in self.channels]

    @property
    def halves(self) -> tuple[slice, slice]:
        """Draws that choose, and draws that judge."""
        return halves(self.tables.draws)

    def gain(self, planned: Amounts, start: Amounts) -> Array:
        """Return draws of what one split is worth beyond another, by the goal, currency per week."""
        added = sum(to_cents(planned[name]) - to_cents(start[name]) for name in planned) / 100
        return self.goal.of(self._revenue(planned) - self._revenue(start), added)

    def _revenue(self, planned: Amounts) -> Array:
        own = changes(self.judge, Proposal(planned))
        return np.sum([own[channel] for channel in sorted(own)], axis=0) if own else np.zeros(self.judge.draws)


def halves(draws: int) -> tuple[slice, slice]:
    """Return the first and the second half: early and late draws of all chains share least."""
    middle = draws // 2
    return slice(0, middle), slice(middle, draws)


def task_of(
    response: CurvesOf,
    today: Today,
    limits: Mapping[str, Limit],
    *,
    budget: float | None,
    weeks: int,
    goal: Goal,
    margin: float | None,
    name: str,
) -> Task:
    """Put a task together; arguments as for `roas.plan.optimize.optimize`.

    Raises
    ------
    UsageError
        Limits that are missing, contradict themselves or cannot meet the budget.
    """
    total = to_cents(today.total if budget is None else budget, "--budget")
    fast = effects_of(response, today, weeks, draws=DRAWS, fast=True)
    inside = limits_in_order(today, limits)
    _, late = halves(response.curves.draws)
    return Task(
        today=today,
        limits=inside,
        goal=goal,
        margin=margin,
        name=name,
        reference=_reference(today, inside, None if goal.free else total),
        tables=tables_of(fast, today, {n: limit for n, limit in inside.items() if n not in today.excluded}),
        judge=effects_of(response, today, weeks, draws=late),
        smallest=round(SMALL_MOVE * total),
    )


def _reference(today: Today, limits: Mapping[str, Limit], total: int | None) -> Amounts:
    """Return the split to beat: today's, scaled to the total and moved inside limits where it must be."""
    if total is not None:
        check_total(limits, total, today)
        return scaled(today, limits, total)
    sides = {name: (to_cents(each.low), to_cents(each.high)) for name, each in limits.items()}
    return {name: money_of(min(max(to_cents(today.of(name)), low), high)) for name, (low, high) in sides.items()}


def todays(today: Today) -> Amounts:
    """Return today's split to the cent, in the account's order."""
    return {name: money_of(to_cents(today.of(name))) for name in today.channels}


def scaled(today: Today, limits: Mapping[str, Limit], total: int) -> Amounts:
    """Return today's split, scaled to a total of cents that the limits can meet."""
    names = sorted(today.channels)
    low, high = ([to_cents(getattr(limits[name], side)) for name in names] for side in ("low", "high"))
    now = [to_cents(today.of(name)) for name in names]
    whole = payable(fill(total, now, low, high), now, today.currency, low=low, high=high, fixed=True)
    cents = dict(zip(names, whole, strict=True))
    return {name: money_of(cents[name]) for name in today.channels}
