"""The noise floor: how much a ROAS moves because sales are few and baskets differ.

Sales are counted, so a ROAS jitters even where nothing changes. With N sales
expected on spend S, mean basket μ and basket variation c, revenue is compound
Poisson: ``Var(R) = unit · E[R]`` with ``unit = φ·μ·(1 + c²)``, hence
``Var(log ROAS) ≈ φ·(1 + c²) / N`` (Jørgensen 1997, *The Theory of Dispersion
Models*, ch. 4). φ is 1 where each conversion is one sale, below 1 where one
sale is split over several ads.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from roas.volatility._arrays import Array
from roas.volatility.series import RoasSeries

#: Periods with sales below which a basket's variation is not estimated.
FEWEST_PERIODS: Final = 14

#: Basket variation taken where too few periods tell it: about the middle of
#: published order books (0.6 to 1.2; diagnosis.md works with 0.8).
USUAL_BASKET_CV: Final = 0.8

#: Relative error of the noise unit taken with it.
USUAL_ERROR: Final = 0.35

#: Standard errors by which the dispersion must lie below 1 before it is
#: believed: one in two thousand by luck, as an account has many channels.
DISPERSION_Z: Final = 3.3

#: The smallest dispersion that is believed: one sale split over ten ads.
LEAST_DISPERSION: Final = 0.1

#: Periods on each side over which the expected number of sales is smoothed.
REACH: Final = 4

#: Share of a period's own miss that its local mean leaves, being part of it.
SELF_SHARE: Final = 1 - 1 / (2 * REACH + 1)

Basis = Literal["counts", "dispersion", "unknown"]


@dataclass(frozen=True)
class Noise:
    """What luck alone does to one ROAS series.

    Attributes
    ----------
    basis : {"counts", "dispersion", "unknown"}
        From counted sales; from how the series scatters from day to day
        (then an upper bound: real daily movement is in it); or not known.
    basket : float or None
        Mean revenue per sale, account currency.
    basket_cv : float or None
        Coefficient of variation of baskets.
    dispersion : float
        φ: variance of the count over its mean.
    unit : float or None
        ``Var(R) / E[R]``, account currency.
    relative_error : float
        Standard error of ``log(unit)``.
    overnight : float
        Relative variance of what moves from one day to the next beyond
        counting: too fast to tell more luck from real movement.
    """

    basis: Basis
    basket: float | None = None
    basket_cv: float | None = None
    dispersion: float = 1.0
    unit: float | None = None
    relative_error: float = 0.0
    overnight: float = 0.0

    @property
    def law(self) -> dict[str, float] | None:
        """Basket and its variation as `roas.volatility.funnel` takes them; None where not known.

        With bunched sales a bunch counts as one; without counts, all that is
        known is the unit, as if baskets were alike.
        """
        if self.unit is None:
            return None
        if self.basket is None or self.basket_cv is None:
            return {"basket": self.unit, "basket_cv": 0.0}
        return {"basket": self.dispersion * self.basket, "basket_cv": self.basket_cv}

    def log_variance(self, series: RoasSeries) -> Array:
        """Return the variance of log ROAS by luck, shape (n_periods,); NaN where not known.

        ``φ·(1 + c²) / N`` with N the smoothed count, or ``unit / R`` without counts.
        """
        if self.unit is None:
            return np.full(len(series.dates), np.nan)
        if series.conversions is not None and self.basket_cv is not None:
            expected = smoothed(series.conversions, series.spend)
            return self.dispersion * (1 + self.basket_cv**2) / np.maximum(expected, 1e-9)
        return self.unit / np.maximum(smoothed(series.revenue, series.spend), 1e-300)


def estimate_noise(series: RoasSeries) -> Noise:
    """Estimate the noise floor of a ROAS series.

    Parameters
    ----------
    series : RoasSeries
        By day where there are days: they tell baskets apart better.

    Returns
    -------
    Noise
    """
    used = series.usable
    if not used.any() or not series.revenue[used].sum() > 0:
        return Noise("unknown")
    if series.conversions is not None and np.nansum(series.conversions[used]) > 0:
        return _from_counts(series)
    if series.grain == "day":
        return _from_scatter(series)
    return Noise("unknown")


def _from_counts(series: RoasSeries) -> Noise:
    assert series.conversions is not None
    used = series.usable & (series.conversions > 0) & (series.revenue > 0)
    if not used.any():
        return Noise("unknown")
    basket = float(series.revenue[used].sum() / series.conversions[used].sum())
    square, error = _basket_variation(series, used)
    dispersion, overnight = _dispersion(series)
    return Noise(
        "counts",
        basket,
        float(np.sqrt(square)),
        dispersion,
        dispersion * basket * (1 + square),
        float(error / (1 + square)),
        overnight,
    )


def _basket_variation(series: RoasSeries, used: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> tuple[float, float]:
    """Return c² and its standard error, from how the mean basket jumps between neighbouring periods.

    Given counts, ``Var(A_t) = μ²c²/N_t``: each squared jump of A over
    ``1/N_t + 1/N_{t−1}`` estimates c². Jumps, because the mean basket drifts.
    """
    assert series.conversions is not None
    count, mean = series.conversions[used], series.revenue[used] / series.conversions[used]
    if len(mean) < FEWEST_PERIODS:
        return USUAL_BASKET_CV**2, USUAL_ERROR * (1 + USUAL_BASKET_CV**2)
    relative = mean / _by_weekday(series, used, mean, count)
    terms = np.diff(relative) ** 2 / (1 / count[1:] + 1 / count[:-1])
    # Jumps share a period with their neighbours: their errors do too.
    centred = terms - terms.mean()
    spread = centred @ centred / len(terms) + 2 * (centred[1:] @ centred[:-1]) / len(terms)
    return float(terms.mean()), float(np.sqrt(max(spread, 0.0) / len(terms)))


def _by_weekday(
    series: RoasSeries, used: np.ndarray[tuple[int], np.dtype[np.bool_]], mean: Array, count: Array
) -> Array:
    """Return the mean basket of each period's weekday (all alike for weeks or a short series)."""
    place = np.flatnonzero(used) % series.periods_per_week
    if series.grain == "week" or len(mean) < 8 * FEWEST_PERIODS / 2:
        place = np.zeros(len(mean), dtype=int)
    sums = np.bincount(place, weights=mean * count, minlength=7)
    return np.asarray(sums[place] / np.bincount(place, weights=count, minlength=7)[place], dtype=np.float64)


def _dispersion(series: RoasSeries) -> tuple[float, float]:
    """Return φ, and the relative variance of days beyond counting.

    φ is 1, or less where counts jump less than whole sales would: a platform
    that splits one sale over several ads reports fractions. More scatter than
    Poisson is no proof of bunched sales, as real movement looks the same.
    """
    assert series.conversions is not None
    found, error = _jumps(series, series.conversions)
    if not np.isfinite(found):
        return 1.0, 0.0
    if found + DISPERSION_Z * error < 1:
        return max(found, LEAST_DISPERSION), 0.0
    overnight = max(0.0, found - 1) / float(series.conversions[series.usable].mean())
    return 1.0, overnight if series.grain == "day" else 0.0


def _jumps(series: RoasSeries, values: Array) -> tuple[float, float]:
    """Return half the mean squared jump of the Pearson residual ``(x − m)/√m``, and its standard error.

    m is the local mean, so what moves slowly is left out. NaN with too few periods.
    """
    expected = local_mean(values, series.spend, series.periods_per_week)
    used = series.usable & (expected > 0)
    residual = np.full(len(expected), np.nan)
    residual[used] = (values[used] - expected[used]) / np.sqrt(expected[used])
    terms = np.diff(residual) ** 2 / 2 / SELF_SHARE
    terms = terms[np.isfinite(terms)]
    if len(terms) < 2 * FEWEST_PERIODS:
        return np.nan, np.nan
    # Each jump shares a period with the next: 1.5 times the variance of separate ones (Von Neumann 1941).
    return float(terms.mean()), float(np.sqrt(1.5 / len(terms)) * terms.std())


def _from_scatter(series: RoasSeries) -> Noise:
    """Bound the noise unit by how revenue jumps from one day to the next.

    Quasi-Poisson with spend as offset. What truly moves overnight is in it
    too, so it is an upper bound.
    """
    unit, error = _jumps(series, series.revenue)
    if not unit > 0:
        return Noise("unknown")
    return Noise("dispersion", unit=unit, relative_error=error / unit)


def local_mean(values: Array, spend: Array, cycle: int) -> Array:
    """Expect values from the same weekday's rate in the weeks around.

    Parameters
    ----------
    values, spend : array, shape (n_periods,)
    cycle : int
        7 for days, 1 for weeks.

    Returns
    -------
    array, shape (n_periods,)
        ``spend · Σ values / Σ spend`` over the same place in the cycle,
        `REACH` weeks either side; NaN where nothing was spent there.
    """
    out = np.full(len(values), np.nan)
    for place in range(cycle):
        out[place::cycle] = smoothed(values[place::cycle], spend[place::cycle])
    return out


def smoothed(values: Array, spend: Array) -> Array:
    """Expect values from the rate per unit of spend `REACH` periods either side."""
    if not len(values):
        return np.zeros(0)
    window = np.ones(2 * REACH + 1)
    known = np.isfinite(values) & (spend > 0)
    kept, paid = np.where(known, values, 0.0), np.where(known, spend, 0.0)
    top, bottom = _windowed(kept, window), _windowed(paid, window)
    with np.errstate(divide="ignore", invalid="ignore"):
        rate = np.where(bottom > 0, top / bottom, np.nan)
    return np.asarray(rate * np.where(known, spend, np.nan), dtype=np.float64)


def _windowed(values: Array, window: Array) -> Array:
    full = np.convolve(values, window)
    return full[REACH : REACH + len(values)]
