"""Moves in whole units of money, so that what is taken and what is given add up as they are read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from roas.plan.cents import UNIT

#: Moves below this many units keep their cents: a unit would be more than a
#: hundredth of them.
FEWEST_UNITS: Final = 100


def whole_moves(plan: Sequence[int], start: Sequence[int], *, fixed: bool) -> list[int]:
    """Round moves to whole units of money.

    Parameters
    ----------
    plan, start : sequence of int
        Cents of each channel; with `fixed` of the same total.
    fixed : bool
        Whether the total must stay.

    Returns
    -------
    list of int
        Every move is rounded towards zero, so that no limit between `start`
        and `plan` is passed; where what is taken and given then differ, the
        largest moves of the larger side give way. Unchanged where a move is
        small (`FEWEST_UNITS`).

    Examples
    --------
    >>> whole_moves([927_010, 942_770, 130_220], [1_000_000, 1_000_000, 0], fixed=True)
    [927100, 942800, 130100]
    """
    moves = [a - b for a, b in zip(plan, start, strict=True)]
    if any(0 < abs(move) < FEWEST_UNITS * UNIT for move in moves):
        return list(plan)
    units = [abs(move) // UNIT * (1 if move > 0 else -1) for move in moves]
    left = sum(units) if fixed else 0
    side = 1 if left > 0 else -1
    larger = sorted((i for i, unit in enumerate(units) if unit * side > 0), key=lambda i: (-abs(units[i]), i))
    for turn in range(abs(left)):
        units[larger[turn % len(larger)]] -= side
    return [b + unit * UNIT for b, unit in zip(start, units, strict=True)]
