"""Long-run variance from few periods: low-frequency cosines and what they miss."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np

from roas.decompose._arrays import Array, Whole

#: First-order autocorrelation of daily demand for which the variance is
#: exact. Low-frequency ordinates of short stretches understate the long-run
#: variance of persistent demand; unchanged they cover .92 at an
#: autocorrelation of .8, corrected for .7 between .93 and .97 over the whole
#: grid of `benchmarks/volatility/periods.py`.
PERSISTENCE: Final = 0.7

#: Fewest days, or weeks, of a period from which an ordinate is taken: with
#: fewer nothing is left once the level is out.
FEWEST: Final = {7: 4, 1: 3}

#: Fewest days from which a weekday profile is removed: three of each.
WEEKDAYS_FROM: Final = 21


@dataclass(frozen=True)
class Filters:
    """Linear filters of a stretch of daily errors.

    Attributes
    ----------
    low : array, shape (n_ordinates, n)
        Low-frequency cosines, with levels and weekday profile taken out.
    high : array, shape (n_high, n)
        Cosines of the upper third of frequencies: mostly counting noise.
    owner : tuple of int
        Which level (0, or 1 for the second period) each low filter looks at.
    expected : tuple of float
        Expected square of each low filter under first-order autocorrelation
        of `PERSISTENCE` and variance one.
    """

    low: Array
    high: Array
    owner: tuple[int, ...]
    expected: tuple[float, ...]


def ordinates_of(periods: int, per_week: int) -> int:
    """Return how many cosines a stretch of one level gives.

    The root of its weeks: two in 28 days, three in 63. That grows more
    slowly than the rate ``0.4 n^(2/3)`` of Lazarus et al. (2018), because
    daily demand is more persistent than their quarterly series.

    Examples
    --------
    >>> ordinates_of(28, 7), ordinates_of(4, 1), ordinates_of(3, 7)
    (2, 2, 0)
    """
    if periods < FEWEST[per_week]:
        return 0
    return int(min(max(1, np.floor(np.sqrt(periods / per_week) + 1e-9)), periods - 2))


def cosines(periods: int, orders: Array) -> Array:
    """Return type-II cosines of unit length, shape (n_orders, `periods`)."""
    place = (np.arange(periods) + 0.5) / periods
    return np.asarray(np.sqrt(2 / periods) * np.cos(np.pi * orders[:, None] * place))


def _residual_maker(levels: Array, lag: Whole, per_week: int) -> Array:
    """Return the projector off the levels and, for days, the weekday profile."""
    columns = levels
    if per_week == 7 and len(lag) >= WEEKDAYS_FROM:
        columns = np.hstack([levels, np.eye(7)[lag % 7][:, 1:]])
    basis, size, _ = np.linalg.svd(columns, full_matrices=False)
    basis = basis[:, size > 1e-9 * size[0]]
    return np.asarray(np.eye(len(lag)) - basis @ basis.T)


def _persistent(weights: Array, lag: Whole, per_week: int) -> Array:
    """Return the variance of weighted sums of a persistent series of variance one."""
    phi = PERSISTENCE ** (7 // per_week)
    covariance = phi ** np.abs(lag[:, None] - lag[None, :]).astype(np.float64)
    return np.asarray(np.einsum("in,nm,im->i", weights, covariance, weights))


@lru_cache(maxsize=64)
def filters(lengths: tuple[int, ...], starts: tuple[int, ...], per_week: int, doubled: bool = False) -> Filters:
    """Build the filters of a stretch with one level, or of two periods.

    Parameters
    ----------
    lengths, starts : tuple of int
        Periods of each level, and where it starts on the common axis.
    per_week : int
        7 for days, 1 for weeks.
    doubled : bool
        The stretch is twice as long as a period of the comparison: take the
        ordinates of the same frequencies, of which there are twice as many.
    """
    lag = np.concatenate([start + np.arange(length) for start, length in zip(starts, lengths, strict=True)])
    levels = np.repeat(np.eye(len(lengths)), lengths, axis=0)
    low: list[Array] = []
    high: list[Array] = []
    owner: list[int] = []
    for k, length in enumerate(lengths):
        count = 2 * ordinates_of(length // 2, per_week) if doubled else ordinates_of(length, per_week)
        upper = np.arange(max(count + 1, 2 * length // 3), length)
        for rows, orders in ((low, np.arange(1, count + 1)), (high, upper)):
            padded = np.zeros((len(orders), len(lag)))
            padded[:, levels[:, k] > 0] = cosines(length, orders.astype(np.float64))
            rows.append(padded)
        owner += [k] * count
    maker = _residual_maker(levels, lag, per_week)
    lows, highs = np.vstack(low) @ maker, np.vstack(high) @ maker
    return Filters(lows, highs, tuple(owner), tuple(_persistent(lows, lag, per_week).tolist()))


@lru_cache(maxsize=64)
def contrast_variance(lengths: tuple[int, int], starts: tuple[int, int], per_week: int) -> float:
    """Return the variance of (mean after - mean before) under the same persistence."""
    lag = np.concatenate([start + np.arange(length) for start, length in zip(starts, lengths, strict=True)])
    weights = np.concatenate([np.full(lengths[0], -1 / lengths[0]), np.full(lengths[1], 1 / lengths[1])])
    return float(_persistent(weights[None], lag, per_week)[0])
