"""The split whose bad outcomes are least bad."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np

from roas.plan._arrays import Array
from roas.plan.allocate import best_split
from roas.plan.cents import fill
from roas.plan.goals import Goal
from roas.plan.tables import Tables

#: Rounds from each start, and parts of the way to the next split that are tried.
ROUNDS: Final = 12
PARTS: Final = (1.0, 0.5, 0.25, 0.125, 0.06, 0.03)

#: Steps, as shares of the movable money, in which pairs of channels trade at the end.
TRADES: Final = (0.02, 0.005, 0.001)


def best_cautious(tables: Tables, goal: Goal, total: int, starts: Sequence[Sequence[int]]) -> list[int]:
    """Find the split whose worst draws are best on average.

    Parameters
    ----------
    tables : Tables
    goal : Goal
        With a tail.
    total : int
        Cents.
    starts : sequence of splits

    Notes
    -----
    Conditional value at risk is concave where curves are. From each start
    the draws that are worst are taken as all there is, their best split is
    found, and the way to it is followed as far as it helps (Frank and Wolfe,
    1956, with a global search as its oracle); pairs of channels then trade
    in small steps. S-shaped curves can hide a better split: hence several
    starts, of which the best end is returned.
    """

    def score(plan: Sequence[int]) -> float:
        return goal.score(tables.draws_at(plan))

    ends = [_trade(_follow(list(start), tables, goal, total, score), tables, goal) for start in starts]
    return max(ends, key=score)


def _follow(
    plan: list[int], tables: Tables, goal: Goal, total: int, score: Callable[[Sequence[int]], float]
) -> list[int]:
    assert goal.tail is not None
    reached = score(plan)
    for _ in range(ROUNDS):
        draws = tables.draws_at(plan)
        count = max(1, round(goal.tail * len(draws)))
        weights = np.zeros(len(draws))
        weights[np.argsort(draws, kind="stable")[:count]] = 1.0
        target = best_split(tables.values(1.0, 0.0, weights), tables.low, tables.high, total).cents
        tried = [between(plan, target, part, tables, total) for part in PARTS]
        scores = [score(each) for each in tried]
        best = int(np.argmax(scores))
        if scores[best] <= reached:
            break
        plan, reached = tried[best], scores[best]
    return plan


def between(start: Sequence[int], end: Sequence[int], part: float, tables: Tables, total: int) -> list[int]:
    """Return the split a part of the way from one to another, to the cent."""
    wanted = [round(a + part * (b - a)) for a, b in zip(start, end, strict=True)]
    return fill(total, wanted, tables.low, tables.high)


def _trade(plan: list[int], tables: Tables, goal: Goal) -> list[int]:
    """Let pairs of channels trade, the pair that helps most first, until no pair does."""
    size = sum(b - a for a, b in zip(tables.low, tables.high, strict=True))
    reached = goal.score(tables.draws_at(plan))
    for share in TRADES:
        step = max(1, round(share * size))
        for _ in range(len(plan)):
            scores = _trade_scores(plan, tables, goal, step)
            giver, taker = divmod(int(scores.argmax()), len(plan))
            if not scores[giver, taker] > reached:
                break
            plan = [x - step * (i == giver) + step * (i == taker) for i, x in enumerate(plan)]
            reached = float(scores[giver, taker])
    return plan


def _trade_scores(plan: list[int], tables: Tables, goal: Goal, step: int) -> Array:
    """Return the score after each trade, shape (givers, takers); minus infinity where limits forbid it."""
    assert goal.tail is not None
    now = [tables.own_draws(c, x) for c, x in enumerate(plan)]
    total = np.sum(now, axis=0)
    can_give = [x - step >= a for x, a in zip(plan, tables.low, strict=True)]
    can_take = [x + step <= b for x, b in zip(plan, tables.high, strict=True)]
    less = np.array([tables.own_draws(c, x - step * can_give[c]) - now[c] for c, x in enumerate(plan)])
    more = np.array([tables.own_draws(c, x + step * can_take[c]) - now[c] for c, x in enumerate(plan)])
    count = max(1, round(goal.tail * len(total)))
    out = np.full((len(plan), len(plan)), -np.inf)
    for giver in np.flatnonzero(can_give):
        takers = [c for c in np.flatnonzero(can_take) if c != giver]
        if takers:
            draws = total + less[giver] + more[takers]
            out[giver, takers] = np.partition(draws, count - 1, axis=1)[:, :count].mean(axis=1)
    return out
