"""What the past leads one to expect of the next period: a vote of simple forecasts.

Each forecast is a local level, cycles added to it, and a share of the last
miss. How fast the level moves, which cycles are real and how much of a miss is
remembered is not known, so every answer is a mean over a grid, weighted by how
well each forecast has done lately. Misses are clipped before anything learns
from them: one odd period moves nothing by more than a usual one could.
"""

from __future__ import annotations

import itertools
from typing import Final

import numpy as np
import numpy.typing as npt

from roas.volatility._arrays import Array

Flags = npt.NDArray[np.bool_]

#: Share of a miss that the level takes over: a memory of 50 or of 10 periods.
LEVEL_GAINS: Final = (0.02, 0.1)
#: Share of the last distance from the level that is expected again; daily demand remembers 0 to 0.8.
REMEMBERED: Final = (0.0, 0.3, 0.6, 0.9)
#: Share of a miss that a place in a cycle takes over once it has been met ten times.
CYCLE_GAIN: Final = 0.1
#: Periods over which a forecast's record is kept.
RECORD: Final = 200
#: Misses beyond this many mean absolute misses are clipped (3.75 is three normal sds).
CLIP: Final = 3.75
#: First values, whose median starts the level.
START: Final = 10


class Outlook:
    """Forecasts of many series at once, updated period by period.

    Parameters
    ----------
    first : array, shape (n_first, n_series)
        Values known before the first forecast; NaN in gaps.
    cycles : tuple of int
        Lengths in periods.
    patience : int
        Periods kept for accepting a new level.
    """

    def __init__(self, first: Array, cycles: tuple[int, ...], patience: int) -> None:
        used = [combo for count in range(len(cycles) + 1) for combo in itertools.combinations(cycles, count)]
        grid = list(itertools.product(LEVEL_GAINS, REMEMBERED, used))
        series, size = first.shape[1], len(grid)
        self.cycles = cycles
        self.gain = np.array([each[0] for each in grid])
        self.phi = np.array([each[1] for each in grid])
        self.used = [np.array([cycle in each[2] for each in grid]) for cycle in cycles]
        start, miss = _start(first)
        self.level = np.repeat(start[:, None], size, axis=1)
        self.rest = np.zeros((series, size))
        self.season = [np.zeros((cycle, series, size)) for cycle in cycles]
        self.visits = [np.zeros((cycle, series)) for cycle in cycles]
        self.miss = np.repeat(miss[:, None], size, axis=1)
        self.count = np.zeros(series)
        self.recent = np.full((patience, series, size), np.nan)
        self.step = 0

    def cycle(self, period: int) -> Array:
        """Return the cycles' part of each forecast, shape (n_series, n_forecasts)."""
        total = np.zeros_like(self.level)
        for cycle, season in zip(self.cycles, self.season, strict=True):
            total += season[period % cycle]
        return total

    def forecasts(self, period: int) -> Array:
        """Return every forecast, shape (n_series, n_forecasts)."""
        return np.asarray(self.level + self.cycle(period) + self.phi * self.rest)

    def weights(self) -> Array:
        """Return the forecasts' weights: the likelihood of their misses, taken as Laplace's."""
        log = -np.minimum(self.count, RECORD)[:, None] * np.log(np.maximum(self.miss, 1e-300))
        out = np.exp(log - log.max(axis=1, keepdims=True))
        return np.asarray(out / out.sum(axis=1, keepdims=True))

    def learn(self, period: int, values: Array, seen: Flags, scale: Array) -> None:
        """Take in one period.

        Parameters
        ----------
        period : int
        values : array, shape (n_series,)
        seen : array of bool, shape (n_series,)
            False in gaps: nothing is learnt, and the last miss is forgotten by its share.
        scale : array, shape (n_series,)
            Mean absolute miss, by which misses are clipped.
        """
        here, forecast = self.cycle(period), self.forecasts(period)
        values = np.where(seen, values, 0.0)
        known = seen[:, None]
        limit = (CLIP * scale)[:, None]
        error = np.clip(values[:, None] - forecast, -limit, limit) * known
        self.recent[self.step % len(self.recent)] = np.where(known, values[:, None] - here, np.nan)
        self.step += 1
        record = 1 / (np.minimum(self.count, RECORD) + START)
        self.miss += known * record[:, None] * (np.abs(error) - self.miss)
        # As if the clipped value had been seen.
        rest = np.where(known, forecast + error - here - self.level, self.phi * self.rest)
        taken = known * np.maximum(self.gain, 1 / (self.count[:, None] + START)) * rest
        self.level += taken
        rest = rest - taken
        for cycle, season, used, visits in zip(self.cycles, self.season, self.used, self.visits, strict=True):
            place = period % cycle
            # One visit's worth of doubt: a mean shrunk towards no cycle.
            share = np.maximum(CYCLE_GAIN, 1 / (visits[place] + 2))[:, None]
            moved = known * share * rest * used
            season[place] += moved
            visits[place] += seen
            rest = rest - moved
        self.rest = rest
        self.count += seen

    def accept(self, chosen: Flags) -> None:
        """Start the level afresh from the last periods, for the series `chosen`."""
        if chosen.any():
            part = self.recent[:, chosen]
            empty = np.isnan(part).all(axis=0)
            level = np.nanmedian(np.where(empty, 0.0, part), axis=0)
            self.level[chosen] = np.where(empty, self.level[chosen], level)
            self.rest[chosen] = 0.0


def _start(first: Array) -> tuple[Array, Array]:
    """Return the median of the first values and their mean absolute distance from it, per series."""
    empty = np.isnan(first).all(axis=0)
    filled = np.where(empty, 0.0, first)
    middle = np.nanmedian(filled, axis=0)
    return middle, np.nanmean(np.abs(filled - middle), axis=0)
