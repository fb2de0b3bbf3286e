"""A scale of equal variance for revenue over its expectation: log where sales are many, root where they are few."""

from __future__ import annotations

from typing import Final

import numpy as np

from roas.volatility._arrays import Array

#: Variance of the transformed ratio over b, by b: what Anscombe's transform leaves unequal at few sales (200,000
#: draws each of compound-Poisson revenue with a basket variation of 0.8; at 0.5 and 1.2 within 0.04).
FEW_SALES: Final = (
    (0.0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.7, 1.0),
    (1.0, 0.990, 0.978, 0.955, 0.914, 0.875, 0.834, 0.750, 0.645),
)

#: Counting variance of revenue over its expectation above which a period is left out: fewer than one sale of
#: equal baskets is expected, and no transform makes one sale or none comparable with many.
MOST_NOISE: Final = 1.0


def stable(ratio: Array, noise: Array, persistent: float) -> Array:
    """Return residuals of equal variance from revenue over expected revenue.

    Parameters
    ----------
    ratio : array, shape (n_periods,)
        u, revenue over its expectation: one on average.
    noise : array, shape (n_periods,)
        b, variance of u by counting.
    persistent : float
        a, variance of u by true swings.

    Notes
    -----
    ``sqrt(a + b) · (2/sqrt(a)) · [asinh(sqrt(a(u + 3b/8)/b)) - asinh(sqrt(a(1 + b/8)/b))]``:
    the variance-stabilising transform of ``Var(u) = b·m + a·m²``, m the mean
    of the moment, with Anscombe's shifts for small counts. It is the log of u
    where sales are many, and its square root where they are few; slope one at
    u = 1. NaN where b exceeds `MOST_NOISE`.

    References
    ----------
    Anscombe (1948), The transformation of Poisson, binomial and negative-binomial data.
    """
    with np.errstate(all="ignore"):
        b = np.where((noise <= MOST_NOISE) & (noise >= 0), np.maximum(noise, 1e-12), np.nan)
        a = max(persistent, 1e-9)
        curve = np.arcsinh(np.sqrt(a * (ratio / b + 3 / 8))) - np.arcsinh(np.sqrt(a * (1 / b + 1 / 8)))
        found: Array = np.sqrt(a + b) * 2 / np.sqrt(a) * curve
    return found


def stable_noise(noise: Array) -> Array:
    """Return the variance of :func:`stable` residuals by counting, from that of the plain ratio (b)."""
    return noise * np.interp(noise, FEW_SALES[0], FEW_SALES[1])
