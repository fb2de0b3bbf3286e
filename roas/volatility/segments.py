"""The best ways to cut a series into few segments: exact dynamic programming."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from roas.volatility._arrays import Array

#: Cost of each segment that starts at 0 … end - 1 and stops before `end`.
Cost = Callable[[int], Array]


def level_cost(values: Array, weights: Array) -> Cost:
    """Return the cost of a constant level: weighted squares about the weighted mean.

    Parameters
    ----------
    values, weights : array, shape (n,)
        Weight 0 (with any finite value) marks a gap.

    Notes
    -----
    ``cost(s, e) = sum w y^2 - (sum w y)^2 / sum w`` over s … e - 1, from prefix sums.
    """
    w, wy, wyy = (_prefix(weights * values**power) for power in (0, 1, 2))

    def cost(end: int) -> Array:
        total = w[end] - w[:end]
        return np.asarray((wyy[end] - wyy[:end]) - (wy[end] - wy[:end]) ** 2 / np.where(total > 0, total, 1.0))

    return cost


def line_cost(values: Array, weights: Array) -> Cost:
    """Return the cost of a straight line: weighted squares about the fitted line."""
    time = np.linspace(-1.0, 1.0, len(values))
    w, wt, wtt = (_prefix(weights * time**power) for power in (0, 1, 2))
    wy, wty = (_prefix(weights * values * time**power) for power in (0, 1))
    level = level_cost(values, weights)

    def cost(end: int) -> Array:
        total = w[end] - w[:end]
        total = np.where(total > 0, total, 1.0)
        st, sy = wt[end] - wt[:end], wy[end] - wy[:end]
        spread = (wtt[end] - wtt[:end]) - st**2 / total
        shared = (wty[end] - wty[:end]) - st * sy / total
        return level(end) - np.where(spread > TINY, shared**2 / np.where(spread > TINY, spread, 1.0), 0.0)

    return cost


#: Spread of time (which runs from -1 to 1) under which a segment has no slope: rounding.
TINY = 1e-10


def best_partitions(cost: Cost, n: int, *, most: int, least: int) -> list[tuple[int, ...]]:
    """Find the cheapest partition for every number of breaks.

    Parameters
    ----------
    cost : callable
        From :func:`level_cost` or :func:`line_cost`.
    n : int
        Periods.
    most : int
        Largest number of breaks.
    least : int
        Fewest periods of a segment, >= 1.

    Returns
    -------
    list of tuple of int
        Item k holds the first periods of the k new segments, ascending. It
        ends early where no more segments of `least` periods fit.

    Notes
    -----
    ``F[k, e] = min over s of F[k - 1, s] + cost(s, e)``, all k at once
    (segment neighbourhood; Auger and Lawrence 1989): n steps on arrays of
    shape (most + 1, n).
    """
    best = np.full((most + 1, n + 1), np.inf)
    start = np.zeros((most + 1, n + 1), dtype=np.int64)
    for end in range(least, n + 1):
        row = cost(end)
        best[0, end] = row[0]
        last = end - least
        if most and last >= least:
            totals = best[:-1, least : last + 1] + row[least : last + 1]
            chosen = totals.argmin(axis=1)
            start[1:, end] = chosen + least
            best[1:, end] = totals[np.arange(most), chosen]
    counts = [k for k in range(most + 1) if np.isfinite(best[k, n])]
    return [_trace(start, k, n) for k in counts]


def _trace(start: np.ndarray[tuple[int, int], np.dtype[np.int64]], breaks: int, end: int) -> tuple[int, ...]:
    """Walk back from the end through the chosen starts."""
    found: list[int] = []
    for k in range(breaks, 0, -1):
        end = int(start[k, end])
        found.append(end)
    return tuple(reversed(found))


def _prefix(values: Array) -> Array:
    return np.concatenate([[0.0], np.cumsum(values)])
