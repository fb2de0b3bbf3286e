"""Is the variance itself changing? Tests on shocks, with null distributions made by reordering them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from roas.volatility._arrays import Array

if TYPE_CHECKING:
    from roas._typing import Grain

#: Lags of the ARCH test: a week of days, a month of weeks.
LAGS: Final[dict[str, int]] = {"day": 7, "week": 4}

#: Squares of shocks are bounded at this many standard deviations: one wild day is an outlier, not a regime.
BOUND: Final = 3.0

#: Reorderings behind a p-value; its own standard error at 0.05 is then 0.015.
REORDERINGS: Final = 199

#: Asymptotic p-value of the smaller test above which nothing is reordered: of 500 healthy series 299 were such, and
#: none of them had a reordered one of 0.1 or less.
OBVIOUSLY_FINE: Final = 0.3


@dataclass(frozen=True)
class Clustering:
    """Whether variance changes over time.

    Attributes
    ----------
    arch_lm, kappa2 : float
        The statistics: Engle's on bounded squares, and Sanso, Arago and Carrion's.
    p_arch, p_kappa2 : float
        Their p-values.
    p_value : float
        Of the smaller one, both tests counted (Bonferroni).
    at : int
        Position (among the shocks given) at which kappa-2 is largest: the first of the later variance.
    """

    arch_lm: float
    kappa2: float
    p_arch: float
    p_kappa2: float
    p_value: float
    at: int


def bounded_squares(white: Array) -> Array:
    """Return squares of shocks, none above `BOUND` squared."""
    return np.minimum(white**2, BOUND**2)


def arch_lm(squares: Array, lags: int) -> Array:
    """Return Engle's statistic n·R² of squares on their own lags.

    Parameters
    ----------
    squares : array, shape (..., n)
        Squared shocks.

    Notes
    -----
    R² by the Yule-Walker equations, ``r' Γ⁻¹ r`` over autocorrelations r of
    the squares; equal to the regression's up to end effects of order lags / n.

    References
    ----------
    Engle (1982), Autoregressive conditional heteroscedasticity.
    """
    n = squares.shape[-1]
    x = squares - squares.mean(axis=-1, keepdims=True)
    total = (x**2).sum(axis=-1)
    total = np.where(total > 0, total, 1.0)
    r = np.stack([(x[..., lag:] * x[..., : n - lag]).sum(axis=-1) / total for lag in range(lags + 1)], axis=-1)
    r[..., 0] = 1.0
    away = np.abs(np.subtract.outer(np.arange(lags), np.arange(lags)))
    inverse = np.linalg.inv(r[..., away])
    target = r[..., 1:]
    found: Array = n * np.einsum("...i,...ij,...j->...", target, inverse, target)
    return found


def kappa2(squares: Array, *, robust: bool = True) -> tuple[Array, Array]:
    """Return the kappa-2 statistic of cumulated squares, and where it peaks.

    Parameters
    ----------
    squares : array, shape (..., n)
        Squared shocks.
    robust : bool
        Divide by the long-run variance of the squares (valid under volatility
        clustering). False: by their plain variance (for reordered series, which have no memory).

    Notes
    -----
    ``max over k of |C_k - (k/n)·C_n| / sqrt(n · omega)``, C the cumulated
    squares, omega Bartlett's long-run variance with ``4 (n/100)^(2/9)`` lags.

    References
    ----------
    Sanso, Arago and Carrion (2004), Testing for changes in the unconditional variance of financial time series.
    """
    n = squares.shape[-1]
    x = squares - squares.mean(axis=-1, keepdims=True)
    omega = (x**2).mean(axis=-1)
    if robust:
        width = int(4 * (n / 100) ** (2 / 9))
        for lag in range(1, width + 1):
            omega = omega + 2 * (1 - lag / (width + 1)) * (x[..., lag:] * x[..., : n - lag]).sum(axis=-1) / n
    path = np.abs(np.cumsum(x, axis=-1))
    peak = path.argmax(axis=-1)
    return path.max(axis=-1) / np.sqrt(n * np.where(omega > 0, omega, np.inf)), peak + 1


def clustering(white: Array, grain: Grain, *, seed: int = 0) -> Clustering:
    """Test whether the variance of shocks changes over time.

    Parameters
    ----------
    white : array, shape (n,)
        Uncorrelated shocks of unit variance, finite.
    grain : {"day", "week"}

    Notes
    -----
    Two statistics: ARCH-LM for clusters, kappa-2 for a lasting change. Their
    p-values come from `REORDERINGS` reorderings of the shocks, which are
    exact for any distribution that does not change (skewed small counts
    included), unless the asymptotic ones exceed `OBVIOUSLY_FINE`.
    """
    from scipy.special import chdtrc, kolmogorov

    squares = bounded_squares(white)
    lags = LAGS[grain]
    engle = float(arch_lm(squares, lags))
    plain, at = kappa2(squares, robust=False)
    statistic = float(kappa2(squares)[0])
    p_arch, p_kappa = float(chdtrc(lags, engle)), float(kolmogorov(float(plain)))
    if min(p_arch, p_kappa) <= OBVIOUSLY_FINE:
        mixed = reorder(squares, REORDERINGS, seed)
        p_arch = upper_tail(engle, arch_lm(mixed, lags))
        p_kappa = upper_tail(float(plain), kappa2(mixed, robust=False)[0])
    return Clustering(engle, statistic, p_arch, p_kappa, min(1.0, 2 * min(p_arch, p_kappa)), int(at))


def reorder(values: Array, count: int, seed: int) -> Array:
    """Return `count` reorderings of `values`, shape (count, n)."""
    return np.random.default_rng(seed).permuted(np.tile(values, (count, 1)), axis=1)


def upper_tail(value: float, null: Array) -> float:
    """Return the share of null draws, the value itself counted, that reach the value."""
    return float((1 + (null >= value * (1 - 1e-12)).sum()) / (1 + len(null)))
