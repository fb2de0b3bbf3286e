"""What limits cost that do not allow today's split, and where nothing inside them is likely to beat it."""

from __future__ import annotations

from typing import Final

import numpy as np

from roas.format import visible
from roas.language import mark
from roas.plan.amounts import about, exact
from roas.plan.cents import money_of, to_cents
from roas.plan.results import Limit, Warned
from roas.plan.sentences import Sentence
from roas.plan.task import Amounts, Task, scaled, todays

#: Probability of beating today's split up to which limits that exclude it are said to cost money.
EVEN_ODDS: Final = 0.5

#: What limits cost that exclude today's split.
LIMITS_COST: Final = mark(
    "Your limits do not allow today's split, and no split inside them is likely to beat it. "
    "This one is expected to earn about {cost} a week less."
)


def forced(task: Task) -> list[str]:
    """Return the channels whose limits do not allow today's money."""
    sides = {name: (to_cents(each.low), to_cents(each.high)) for name, each in task.limits.items()}
    return [name for name, (low, high) in sides.items() if not low <= to_cents(task.today.of(name)) <= high]


def cost_of_limits(task: Task, planned: Amounts) -> tuple[dict[str, float], tuple[Warned, ...]]:
    """Say what limits that exclude today's split cost; nothing where the plan beats that split anyway.

    Returns
    -------
    tuple of dict and tuple
        ``cost_of_limits``, currency per week by the goal (the middle of the
        draws), and the warnings that say so.
    """
    outside = forced(task)
    if not outside:
        return {}, ()
    gain = task.gain(planned, _without_limits(task, sum(map(to_cents, planned.values()))))
    if float(np.mean(gain > 0)) > EVEN_ODDS:
        return {}, ()
    cost = max(-float(np.median(gain)), 0.0)
    return {"cost_of_limits": round(cost, 2)}, (_whole(task, cost), *(_own(task, name) for name in outside))


def _without_limits(task: Task, total: int) -> Amounts:
    """Return today's split scaled to a total, without any limits; channels without a curve keep what they have."""
    today, now = task.today, todays(task.today)
    free = {name: Limit(x, x) if name in today.excluded else Limit(0.0, money_of(total)) for name, x in now.items()}
    low, high = (sum(to_cents(getattr(each, side)) for each in free.values()) for side in ("low", "high"))
    return scaled(today, free, total) if low <= total <= high else now


def _whole(task: Task, cost: float) -> Warned:
    return Warned(None, "other", Sentence(LIMITS_COST, cost=(about, cost, task.today.currency)))


def _own(task: Task, name: str) -> Warned:
    said = mark("{channel} has {now} a week today, which its limits ({low} to {high}) do not allow.")
    limit, currency = task.limits[name], task.today.currency
    amounts = {"now": task.today.of(name), "low": limit.low, "high": limit.high}
    fields = {key: (exact, value, currency) for key, value in amounts.items()}
    return Warned(name, "other", Sentence(said, channel=(visible, name), **fields))
