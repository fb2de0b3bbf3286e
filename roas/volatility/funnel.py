"""Funnel limits: how far luck alone carries a ROAS at its own spend.

A small campaign swings more than a large one with the same true ROAS, so a
league table of campaigns ranks luck. Funnel limits judge each unit at its own
spend (Spiegelhalter 2005, Statistics in Medicine 24:1185–1202).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from roas.volatility._arrays import Array

if TYPE_CHECKING:
    import pandas as pd

#: Expected sales below which limits come from the compound-Poisson law itself;
#: above it a skewed normal is within half a percent of it (tests).
SMALL_COUNT: Final = 20.0

#: Central share between the limits: 90 % as everywhere, and 99.8 % as in
#: Spiegelhalter's outer limits (three standard errors).
INNER, OUTER = 0.90, 0.998

#: False discoveries among the units called different.
FALSE_DISCOVERY_RATE: Final = 0.05

#: Points between which small-count limits are read for many units.
GRID: Final = 200

#: Terms beyond the mean kept of a Poisson sum, in standard deviations.
TAIL: Final = 12.0


def compound_cdf(revenue: Array, sales: Array, basket: float, basket_cv: float, true_cv: float = 0.0) -> Array:
    """Return the probability of at most this revenue by luck.

    Parameters
    ----------
    revenue : array, shape (n,)
        Account currency.
    sales : array, shape (n,)
        Sales expected.
    basket : float
        Mean revenue per sale.
    basket_cv : float
        Coefficient of variation of baskets, gamma distributed.
    true_cv : float
        Coefficient of variation of the expected sales themselves (gamma
        mixed: sales are then negative binomial).

    Returns
    -------
    array, shape (n,)
        ``Σ_n P(N = n) · Gamma(revenue; n / c², μ·c²)``. Exact for gamma baskets.
    """
    from scipy import stats

    revenue, sales = np.atleast_1d(np.asarray(revenue, float)), np.atleast_1d(np.asarray(sales, float))
    spread = np.sqrt(sales + (true_cv * sales) ** 2)
    n = np.arange(int(np.max(sales + TAIL * spread)) + 12)
    if true_cv > 0:
        size = 1 / true_cv**2
        weight = stats.nbinom.pmf(n[None, :], size, (size / (size + sales))[:, None])
    else:
        weight = stats.poisson.pmf(n[None, :], sales[:, None])
    shape = max(basket_cv, 0.01) ** -2.0
    at_most = np.ones((len(revenue), len(n)))
    at_most[:, 1:] = stats.gamma.cdf(revenue[:, None] / basket * shape, n[None, 1:] * shape)
    return np.asarray((weight * at_most).sum(axis=1), dtype=np.float64)


def compound_quantile(p: float, sales: Array, basket: float, basket_cv: float, true_cv: float = 0.0) -> Array:
    """Return the revenue that luck stays below with probability `p`; 0 where no sale is that likely.

    Arguments as in `compound_cdf`.
    """
    sales = np.atleast_1d(np.asarray(sales, float))
    spread = np.sqrt(sales * (1 + basket_cv**2) + (true_cv * sales) ** 2)
    low, high = np.zeros_like(sales), basket * (sales + TAIL * spread + 12)
    for _ in range(50):
        middle = (low + high) / 2
        above = compound_cdf(middle, sales, basket, basket_cv, true_cv) >= p
        low, high = np.where(above, low, middle), np.where(above, middle, high)
    none = compound_cdf(np.zeros_like(sales), sales, basket, basket_cv, true_cv) >= p
    return np.where(none, 0.0, high)


def limits(
    spend: Array, center: Array | float, *, basket: float, basket_cv: float, true_cv: float = 0.0, share: float = INNER
) -> tuple[Array, Array]:
    """Return the funnel limits of ROAS at each spend.

    Parameters
    ----------
    spend : array, shape (n,)
        Account currency, > 0.
    center : array, shape (n,), or float
        ROAS expected.
    basket, basket_cv : float
        Mean revenue per sale and its coefficient of variation.
    true_cv : float
        Relative sd of what truly differs between the units.
    share : float
        Probability between the limits.

    Returns
    -------
    lower, upper : arrays, shape (n,)
        ``center ± z·sqrt(μ(1+c²)·center/spend + (τ·center)²)`` with the
        Cornish-Fisher term for skew; exact below `SMALL_COUNT` sales.
    """
    from scipy import stats

    spend = np.atleast_1d(np.asarray(spend, float))
    middle = np.broadcast_to(np.asarray(center, float), spend.shape)
    sales = middle * spend / basket
    tail = (1 - share) / 2
    z = float(stats.norm.ppf(1 - tail))
    sd = np.sqrt((1 + basket_cv**2) / sales + true_cv**2)
    # Third cumulant of a compound Poisson with gamma baskets; real movement is taken as gamma.
    third = (1 + basket_cv**2) * (1 + 2 * basket_cv**2) / sales**2 + 2 * true_cv**4
    lean = third / sd**3 * (z**2 - 1) / 6
    lower, upper = middle * (1 - sd * (z - lean)), middle * (1 + sd * (z + lean))
    few = sales < SMALL_COUNT
    if few.any():
        for p, out in ((tail, lower), (1 - tail, upper)):
            out[few] = _quantile(p, sales[few], basket, basket_cv, true_cv) / spend[few]
    return np.maximum(lower, 0.0), upper


def _quantile(p: float, sales: Array, basket: float, basket_cv: float, true_cv: float) -> Array:
    """Return `compound_quantile`, read between `GRID` points where there are more units than that."""
    if len(sales) <= GRID:
        return compound_quantile(p, sales, basket, basket_cv, true_cv)
    points = np.geomspace(max(float(sales.min()), 1e-6), float(sales.max()), GRID)
    found = compound_quantile(p, points, basket, basket_cv, true_cv)
    return np.asarray(np.interp(sales, points, found), dtype=np.float64)


def chance(
    spend: Array, roas: Array, center: Array | float, *, basket: float, basket_cv: float, true_cv: float = 0.0
) -> Array:
    """Return the two-sided probability of a ROAS as far from its centre by luck, shape (n,)."""
    from scipy import stats

    spend, roas = np.atleast_1d(np.asarray(spend, float)), np.atleast_1d(np.asarray(roas, float))
    middle = np.broadcast_to(np.asarray(center, float), spend.shape)
    sales = middle * spend / basket
    sd = np.sqrt((1 + basket_cv**2) / sales + true_cv**2)
    x = (roas / middle - 1) / sd
    third = (1 + basket_cv**2) * (1 + 2 * basket_cv**2) / sales**2 + 2 * true_cv**4
    below = stats.norm.cdf(x - third / sd**3 * (x**2 - 1) / 6)
    few = sales < SMALL_COUNT
    if few.any():
        revenue = roas[few] * spend[few]
        at_most = compound_cdf(revenue, sales[few], basket, basket_cv, true_cv)
        less = np.where(revenue > 0, at_most, 0.0)
        below[few] = (at_most + less) / 2  # the atom at no sales counts half: neither side claims it
    return np.asarray(np.clip(2 * np.minimum(below, 1 - below), 0, 1), dtype=np.float64)


def funnel_table(
    units: pd.DataFrame, *, center: float, basket: float, basket_cv: float, true_cv: float = 0.0
) -> pd.DataFrame:
    """Judge every unit at its own spend.

    Parameters
    ----------
    units : DataFrame
        ``spend`` and ``roas`` per unit (a channel, campaign, week); other
        columns are kept.
    center, basket, basket_cv, true_cv
        As in `limits`.

    Returns
    -------
    DataFrame
        `units` with ``sales_expected``, ``lower``, ``upper`` (90 %),
        ``outer_lower``, ``outer_upper`` (99.8 %), ``chance`` and
        ``differs``: whether the unit stands out with false discoveries held
        at 5 % over all units (Benjamini and Hochberg 1995).
    """
    out = units.reset_index(drop=True).copy()
    spend, roas = out["spend"].to_numpy(float), out["roas"].to_numpy(float)
    law = {"basket": basket, "basket_cv": basket_cv, "true_cv": true_cv}
    middle = np.full(len(out), center)
    out["sales_expected"] = center * spend / basket
    out["lower"], out["upper"] = limits(spend, middle, **law)
    out["outer_lower"], out["outer_upper"] = limits(spend, middle, share=OUTER, **law)
    out["chance"] = chance(spend, roas, middle, **law)
    return out.assign(differs=which_differ(out["chance"]))


def which_differ(chances: pd.Series) -> npt.NDArray[np.bool_]:
    """Return which units stand out, false discoveries held at 5 % over all of them."""
    from statsmodels.stats.multitest import fdrcorrection

    if not len(chances):
        return np.zeros(0, dtype=np.bool_)
    return np.asarray(fdrcorrection(chances, FALSE_DISCOVERY_RATE)[0], dtype=np.bool_)
