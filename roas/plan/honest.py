"""A split that is chosen on one half of the draws and judged on the other.

The best of many splits looks better than it is: it was picked for its luck in
the draws it was picked on. So splits are chosen on one half and judged on the
half that had no say, both ways round.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from roas.plan._arrays import Array
from roas.plan.allocate import Split, best_alone, best_split, worth
from roas.plan.cautious import best_cautious
from roas.plan.cents import fill
from roas.plan.goals import Goal
from roas.plan.tables import Tables
from roas.plan.whole_moves import whole_moves

#: Parts of the way from today's split to the best one that are tried.
PARTS: Final = tuple(part / 20 for part in range(21))

#: Moves below this share of the budget are not worth the work by themselves.
SMALL_MOVE: Final = 0.01

#: Share of the expected gain that a plan without its small moves must keep.
KEPT: Final = 0.95


@dataclass(frozen=True)
class Chosen:
    """A split and what became of it on the way.

    Attributes
    ----------
    cents : tuple of int
    split : Split
        The best split of the choosing half before anything was taken back;
        its gap counts what moving whole units of money costs.
    part : float
        Of the way from the reference that was kept.
    optimism : float
        By how much the choosing half overrates its choice, currency per week.
    taken_back : tuple of str
        Channels whose small moves were.
    """

    cents: tuple[int, ...]
    split: Split
    part: float
    optimism: float
    taken_back: tuple[str, ...]


def choose(
    tables: Tables,
    goal: Goal,
    reference: Sequence[int],
    total: int | None,
    *,
    smallest: int,
    halves: tuple[slice, slice],
) -> Chosen:
    """Choose a split.

    Parameters
    ----------
    tables : Tables
    goal : Goal
    reference : sequence of int
        The split to beat, cents.
    total : int or None
        Cents of the movable channels; None where it is free.
    smallest : int
        Moves below these cents are taken back where that costs little.
    halves : two slices
        Of the draws: the one that chooses, the one that judges.

    Returns
    -------
    Chosen
        From the first half; how far to go on the way to it is what serves
        the half that did not choose, on average over both ways round.
    """
    both = [tables.some(half) for half in halves]
    splits = [_solve(each, goal, reference, total) for each in both]
    scores = [_scorer(each, goal, reference) for each in both]
    parts = [
        0.5 * sum(scores[1 - i](_between(reference, splits[i].cents, part, tables, total)) for i in (0, 1))
        for part in PARTS
    ]
    best = int(np.argmax(np.round(parts, 9)))
    seen = 0.5 * sum(scores[i](splits[i].cents) for i in (0, 1))
    cents = _between(reference, splits[0].cents, PARTS[best], tables, total)
    kept, back = _without_small(both[0], goal, reference, total, cents, smallest, PARTS[best], scores[1])
    found = whole_moves(kept, reference, fixed=total is not None)
    lost = max(scores[0](kept) - scores[0](found), 0.0)
    return Chosen(
        tuple(found), replace(splits[0], value=splits[0].value - lost), PARTS[best], max(seen - parts[-1], 0.0), back
    )


def _solve(tables: Tables, goal: Goal, reference: Sequence[int], total: int | None) -> Split:
    values = tables.values(goal.factor, goal.price)
    if total is None:
        alone = [best_alone(v, a, b) for v, a, b in zip(values, tables.low, tables.high, strict=True)]
        value = worth(values, alone)
        return Split(tuple(alone), value, value, goal.price / goal.factor)
    split = best_split(values, tables.low, tables.high, total)
    if goal.tail is None:
        return replace(split, price=split.price / goal.factor)
    halfway = _between(reference, split.cents, 0.5, tables, total)
    cents = best_cautious(tables, goal, total, [list(reference), list(split.cents), halfway])
    value = worth(values, cents)
    return replace(split, cents=tuple(cents), value=value, bound=value)


def _scorer(tables: Tables, goal: Goal, reference: Sequence[int]) -> Callable[[Sequence[int]], float]:
    """Return the judge of one half: what a split scores above the reference."""
    if goal.tail is None:
        values = tables.values(goal.factor, goal.price)
        start = worth(values, reference)
        return lambda plan: worth(values, plan) - start
    base = tables.draws_at(list(reference))

    def judged(plan: Sequence[int]) -> float:
        return goal.score(goal.of(tables.draws_at(list(plan)) - base, 0.0))

    return judged


def _between(start: Sequence[int], end: Sequence[int], part: float, tables: Tables, total: int | None) -> list[int]:
    wanted = [round(a + part * (b - a)) for a, b in zip(start, end, strict=True)]
    return wanted if total is None else fill(total, wanted, tables.low, tables.high)


def _without_small(
    tables: Tables,
    goal: Goal,
    reference: Sequence[int],
    total: int | None,
    cents: list[int],
    smallest: int,
    part: float,
    score: Callable[[Sequence[int]], float],
) -> tuple[list[int], tuple[str, ...]]:
    """Take small moves back, all at once, where the others alone earn nearly as much."""
    small = [i for i, (x, r) in enumerate(zip(cents, reference, strict=True)) if 0 < abs(x - r) < smallest]
    if not small:
        return cents, ()
    low = tuple(reference[i] if i in small else a for i, a in enumerate(tables.low))
    high = tuple(reference[i] if i in small else b for i, b in enumerate(tables.high))
    held = replace(tables, low=low, high=high)
    fewer = _between(reference, _solve(held, goal, reference, total).cents, part, held, total)
    if score(fewer) < KEPT * score(cents):
        return cents, ()
    return fewer, tuple(tables.names[i] for i in small)


def monte_carlo_error(draws: Array) -> float:
    """Return the standard error of a mean over draws, taken as half as many independent ones."""
    # The sampler's gate asks for 400 effective draws of thousands; thinned to
    # about a thousand, neighbours are nearly independent. Half is a margin.
    return float(draws.std() / np.sqrt(max(len(draws) / 2, 1.0)))
