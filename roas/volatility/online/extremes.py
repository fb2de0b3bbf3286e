"""How far misses go: the tail of past misses, extended beyond the largest one seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from roas.volatility._arrays import Array

#: Share of misses on one side that make its tail.
TAIL_SHARE: Final = 0.1
#: Prior of the tail index, and of the mean excess in mean absolute misses: those of a Student t with four or
#: five degrees of freedom (1/4, 0.79). Their weights, in excesses seen, by `benchmarks/volatility/oddities.py`.
PRIOR_INDEX, INDEX_WEIGHT = 0.25, 20.0
PRIOR_EXCESS, EXCESS_WEIGHT = 0.79, 5.0
#: Bounds of the tail index: never shorter than nearly exponential, never without a variance.
SHORTEST, LONGEST = 0.05, 0.45
#: Plotting position of an order statistic (Hosking and Wallis 1987).
PLOTTING: Final = 0.35


@dataclass(frozen=True)
class Tail:
    """The upper tail of past misses of many series.

    Attributes
    ----------
    ordered : array, shape (n_past, n_series)
        Past misses in rising order, NaN last.
    known : array, shape (n_series,)
        How many are known.
    start, scale, index : array, shape (n_series,)
        Where the tail starts, its generalised Pareto scale and index.
    """

    ordered: Array
    known: Array
    start: Array
    scale: Array
    index: Array

    @classmethod
    def of(cls, past: Array) -> Tail:
        """Fit the tail by probability-weighted moments, shrunk towards a heavy tail.

        Parameters
        ----------
        past : array, shape (n_past, n_series)
            NaN where nothing was seen.

        Notes
        -----
        With mean excess a0 and a1 the mean of excess times the share above it,
        ``index = 2 - a0 / (a0 - 2·a1)``; then ``scale = a0·(1 - index)``.

        References
        ----------
        Hosking and Wallis (1987), Parameter and quantile estimation for the
        generalized Pareto distribution, Technometrics 29:339-349.
        """
        ordered = np.sort(past, axis=0)
        known = np.isfinite(past).sum(axis=0)
        first = np.floor((1 - TAIL_SHARE) * known).astype(int)
        place = np.arange(len(ordered))[:, None]
        at = np.clip(first, 0, len(ordered) - 1)
        start = np.nan_to_num(np.take_along_axis(ordered, at[None, :], axis=0)[0])
        inside = (place >= first) & (place < known)
        count = np.maximum(inside.sum(axis=0), 1)
        over = np.where(inside, np.nan_to_num(ordered) - start, 0.0)
        above = (known - place - 1 + PLOTTING) / count
        a0, a1 = over.sum(axis=0) / count, (over * above * inside).sum(axis=0) / count
        raw = np.clip(2 - a0 / np.maximum(a0 - 2 * a1, 1e-12), -0.5, 1.0)
        index = np.clip((count * raw + INDEX_WEIGHT * PRIOR_INDEX) / (count + INDEX_WEIGHT), SHORTEST, LONGEST)
        mean = (count * a0 + EXCESS_WEIGHT * PRIOR_EXCESS) / (count + EXCESS_WEIGHT)
        return cls(ordered, known.astype(float), start, mean * (1 - index), index)

    def chance(self, miss: Array) -> Array:
        """Return the probability of a miss at least this large, shape (n_series,)."""
        usual = ((self.ordered >= miss).sum(axis=0) + 1) / (self.known + 1)
        over = np.maximum(miss - self.start, 0.0)
        beyond = TAIL_SHARE * (1 + self.index * over / self.scale) ** (-1 / self.index)
        return np.asarray(np.where(miss > self.start, beyond, np.maximum(usual, TAIL_SHARE)))

    def limit(self, chance: Array) -> Array:
        """Return the miss that is exceeded with probability `chance` (below `TAIL_SHARE`)."""
        return np.asarray(self.start + self.scale / self.index * ((TAIL_SHARE / chance) ** self.index - 1))
