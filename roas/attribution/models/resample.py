"""Intervals by resampling journeys: what other journeys from the same world would have credited."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from roas.quantiles import LEVELS

if TYPE_CHECKING:
    from roas.attribution.paths import Floats, Paths

#: Replicates: the 5 and 95 % points are then known to about a tenth of the
#: interval's width (standard error of a normal quantile at 200 draws).
REPLICATES: Final = 200

#: Fewer replicates have no 5 % point.
FEWEST_REPLICATES: Final = 20

#: Distinct paths and outcomes above which the spread is worked out instead of
#: drawn: with so many journeys both agree (tests), and drawing costs minutes.
MOST_CELLS: Final = 150_000

#: Numbers drawn at a time: 32 MB.
BLOCK: Final = 4_000_000


@dataclass(frozen=True)
class Draws:
    """Outcomes of resampled journeys, a column per replicate.

    Attributes
    ----------
    conversions, nulls : array (paths, replicates)
    value : array (paths, replicates)
        Currency.
    """

    conversions: Floats
    nulls: Floats
    value: Floats

    @property
    def journeys(self) -> Floats:
        """Journeys of each path."""
        return self.conversions + self.nulls


def cells(paths: Paths) -> int:
    """Count distinct paths and outcomes that any journey has."""
    return int(np.count_nonzero(paths.conversions) + np.count_nonzero(paths.nulls))


def value_variance(paths: Paths) -> Floats:
    """Return the variance of the value between the conversions of each path, (paths,), currency squared.

    0 where only sums are known: the interval then holds no spread of values
    within a path.
    """
    if paths.value_squares is None:
        return np.zeros(len(paths.value))
    count = np.where(paths.conversions > 0, paths.conversions, 1.0)
    spread = paths.value_squares / count - (paths.value / count) ** 2
    return np.where(paths.conversions > 0, np.maximum(spread, 0.0), 0.0)


def resampled(paths: Paths, *, replicates: int = REPLICATES, seed: int = 0) -> Iterator[Draws]:
    """Draw journeys with replacement, as many as there were.

    Parameters
    ----------
    paths : Paths
    replicates : int
    seed : int

    Yields
    ------
    Draws
        Blocks of replicates, small enough for memory.

    Notes
    -----
    One multinomial draw over all (path, outcome) of N journeys is the
    bootstrap over journeys: those alike share a cell. Fractional counts are
    expected numbers of journeys: N is rounded, the draw scaled back to the
    observed total. The value of k drawn conversions of a path is k times
    its mean, plus normal noise of k times the variance within the path
    where that is known. Conversions and value in total vary too.
    """
    generator = np.random.default_rng(seed)
    counts = np.concatenate([paths.conversions, paths.nulls])
    used = np.flatnonzero(counts > 0)
    total = float(counts[used].sum())
    if not len(used):
        return
    number = max(1, round(total))
    chances = counts[used] / total
    at_once = max(1, BLOCK // len(counts))
    for begin in range(0, replicates, at_once):
        size = min(at_once, replicates - begin)
        drawn = np.zeros((len(counts), size))
        drawn[used] = generator.multinomial(number, chances, size=size).T * (total / number)
        yield _with_value(paths, drawn, generator)


def _with_value(paths: Paths, drawn: Floats, generator: np.random.Generator) -> Draws:
    conversions, nulls = drawn[: len(paths.value)], drawn[len(paths.value) :]
    converted = paths.conversions > 0
    mean = np.divide(paths.value, paths.conversions, out=np.zeros_like(paths.value), where=converted)
    # Value without a conversion cannot be drawn: it stays.
    value = np.where(converted, 0.0, paths.value)[:, None] + conversions * mean[:, None]
    spread = value_variance(paths)
    noisy = np.flatnonzero((spread > 0) & (mean > 0))
    if len(noisy):  # gamma: of the same mean and variance as a sum of that many values, and never below zero
        shape = conversions[noisy] * (mean[noisy] ** 2 / spread[noisy])[:, None]
        value[noisy] = generator.standard_gamma(shape) * (spread[noisy] / mean[noisy])[:, None]
    return Draws(conversions, nulls, value)


def interval(point: Floats, replicates: Floats) -> Floats:
    """Take the 5 and 95 % points over replicates, widened to hold the point.

    Parameters
    ----------
    point : array (channels,)
    replicates : array (replicates, channels)

    Returns
    -------
    array, shape (channels, 2)
    """
    # Of n replicates, the k-th smallest has k / (n + 1) below it on average.
    low, high = np.quantile(replicates, (LEVELS[0], LEVELS[2]), axis=0, method="weibull")
    return np.stack([np.minimum(low, point), np.maximum(high, point)], axis=-1)
