"""What a plan is to be best at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, get_args

import numpy as np

from roas.errors import UsageError
from roas.plan._arrays import Array
from roas.plan.evaluate import check_margin

Objective = Literal["revenue", "profit", "target_roas", "cautious"]


@dataclass(frozen=True)
class Goal:
    """Value of a plan: ``factor * revenue change - price * money added``, its mean or the mean of its worst draws.

    Attributes
    ----------
    objective : str
    factor, price : float
    free : bool
        The total is for the plan to choose.
    tail : float or None
        Share of the worst draws that count; None for all.
    """

    objective: Objective
    factor: float = 1.0
    price: float = 0.0
    free: bool = False
    tail: float | None = None

    def of(self, revenue: Array, spent: float) -> Array:
        """Return draws of the value, currency per week."""
        return np.asarray(self.factor * revenue - self.price * spent)

    def score(self, draws: Array) -> float:
        """Return the mean, or the mean of the worst draws (conditional value at risk)."""
        return float(draws.mean()) if self.tail is None else worst(draws, self.tail)


def worst(draws: Array, tail: float) -> float:
    """Return the mean of the lowest share `tail` of draws (at least one).

    Rockafellar and Uryasev (2000), Optimization of conditional value-at-risk.
    """
    count = max(1, round(tail * len(draws)))
    return float(np.partition(draws, count - 1)[:count].mean())


#: Share of draws below which a mean of the worst ones is a mean of too few.
SMALLEST_TAIL: Final = 0.02


def goal_of(
    objective: Objective,
    *,
    margin: float | None,
    budget: float | None,
    target_marginal_roas: float | None,
    quantile: float,
) -> Goal:
    """Check what is asked for.

    Raises
    ------
    UsageError
    """
    check_margin(margin)
    if objective not in get_args(Objective):
        raise UsageError(f'objective "{objective}" is not known. There are: {", ".join(get_args(Objective))}.')
    factor = 1.0 if margin is None else margin
    if objective == "profit":
        if margin is None:
            raise UsageError("to plan for profit, give the contribution margin: --margin 0.6, for example.")
        return Goal(objective, factor, 1.0, free=budget is None)
    if objective == "target_roas":
        if target_marginal_roas is None or not (np.isfinite(target_marginal_roas) and target_marginal_roas > 0):
            raise UsageError("a target marginal ROAS must be a number above zero, for example 1.5.")
        if budget is not None:
            raise UsageError("a target marginal ROAS chooses the budget itself. Leave --budget out.")
        return Goal(objective, 1.0, float(target_marginal_roas), free=True)
    if objective == "cautious":
        if not SMALLEST_TAIL <= quantile <= 0.5:
            raise UsageError(f"quantile {quantile}: give a share from {SMALLEST_TAIL} to 0.5.")
        return Goal(objective, factor, 0.0, tail=quantile)
    return Goal(objective, factor)
