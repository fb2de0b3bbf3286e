"""The best ways to cut a series into few segments: exact dynamic programming."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
import numpy.typing as npt

from roas.volatility._arrays import Array

#: Places in a series.
Places = npt.NDArray[np.int64]
#: Cost of segments from `start` up to and without `end`; both broadcast.
Cost = Callable[[Places, Places], Array]
#: Spread of time (which runs from -1 to 1) under which a segment has no slope: rounding.
TINY: Final = 1e-10
#: Dates that the first pass of a long search considers; the second, all within a stride of those it found.
COARSE: Final = 180


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

    def cost(start: Places, end: Places) -> Array:
        total = w[end] - w[start]
        return np.asarray((wyy[end] - wyy[start]) - (wy[end] - wy[start]) ** 2 / np.where(total > 0, total, 1.0))

    return cost


def line_cost(values: Array, weights: Array) -> Cost:
    """Return the cost of a straight line: weighted squares about the fitted line."""
    time = np.linspace(-1.0, 1.0, len(values))
    w, wt, wtt = (_prefix(weights * time**power) for power in (0, 1, 2))
    wy, wty = (_prefix(weights * values * time**power) for power in (0, 1))
    level = level_cost(values, weights)

    def cost(start: Places, end: Places) -> Array:
        total = w[end] - w[start]
        total = np.where(total > 0, total, 1.0)
        st, sy = wt[end] - wt[start], wy[end] - wy[start]
        spread = (wtt[end] - wtt[start]) - st**2 / total
        shared = (wty[end] - wty[start]) - st * sy / total
        sloped = spread > TINY
        return level(start, end) - np.where(sloped, shared**2 / np.where(sloped, spread, 1.0), 0.0)

    return cost


def best_partitions(cost: Cost, n: int, *, most: int, least: int, dates: Places | None = None) -> list[tuple[int, ...]]:
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
    dates : array of int or None
        Dates allowed, ascending, in 1 … n - 1; None for all.

    Returns
    -------
    list of tuple of int
        Item k holds the first periods of the k new segments, ascending. It
        ends early where no more segments of `least` periods fit.

    Notes
    -----
    ``F[k, e] = min over s of F[k - 1, s] + cost(s, e)``, all ends at once
    (segment neighbourhood; Auger and Lawrence 1989).
    """
    inner = np.arange(1, n) if dates is None else dates
    edges = np.concatenate([[0], inner, [n]])
    every = cost(edges[:, None], edges[None, :])
    every = np.where(edges[None, :] - edges[:, None] >= least, every, np.inf)
    best = every[0]
    starts: list[Places] = []
    found: list[tuple[int, ...]] = [()] if np.isfinite(best[-1]) else []
    for _ in range(most):
        totals = best[:, None] + every
        chosen = totals.argmin(axis=0)
        starts.append(chosen)
        best = totals[chosen, np.arange(len(edges))]
        if not np.isfinite(best[-1]):
            break
        found.append(_trace(starts, edges))
    return found


def near_best_partitions(cost: Cost, n: int, *, most: int, least: int) -> list[tuple[int, ...]]:
    """Find the cheapest partitions on a coarse grid, then among all dates beside those found.

    Parameters and result as :func:`best_partitions`, to which it is equal up to `COARSE` periods.
    """
    stride = -(-n // COARSE)
    if stride == 1:
        return best_partitions(cost, n, most=most, least=least)
    coarse = best_partitions(cost, n, most=most, least=least, dates=np.arange(stride, n, stride))
    near = {date + shift for dates in coarse for date in dates for shift in range(1 - stride, stride)}
    fine = np.array(sorted(date for date in near if 0 < date < n), dtype=np.int64)
    return best_partitions(cost, n, most=most, least=least, dates=fine)


def _trace(starts: list[Places], edges: Places) -> tuple[int, ...]:
    """Walk back from the end through the chosen starts."""
    found: list[int] = []
    place = len(edges) - 1
    for chosen in reversed(starts):
        place = int(chosen[place])
        found.append(int(edges[place]))
    return tuple(reversed(found))


def _prefix(values: Array) -> Array:
    return np.concatenate([[0.0], np.cumsum(values)])
