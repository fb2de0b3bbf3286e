"""Shocks: what a ROAS series did beyond its level, its weekdays and the luck of few sales."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from roas.volatility._arrays import Array, Days
from roas.volatility.regimes.level import local_level, weekday_factors
from roas.volatility.regimes.persistence import persistent_part
from roas.volatility.regimes.stable import stable, stable_noise
from roas.volatility.series import Of, RoasSeries

if TYPE_CHECKING:
    import pandas as pd

    from roas._typing import Grain

#: Days to either side over which the expected ROAS is averaged (tricube weights, so half of the weight lies within
#: 26 days). A season of ±20 % over the year is followed to 3.5 % (10 % at either end); a demand swing of days or weeks
#: is left in the residual (benchmarks/volatility/regimes.py holds the size of what follows).
LEVEL_DAYS: Final = 91

#: Residuals beyond this many standard deviations are cut back while the level is estimated, so that one wild day does
#: not bend it. At 3 sales a day, skewed counts alone pass 4 in one day of 470 and 3 in one of 100 (simulated).
WILD: Final = 4.0

#: Rounds of level, weekdays and variance; a fourth round changes the level by less than a millionth.
ROUNDS: Final = 3

#: Usable periods below which nothing is standardised: two weeks, so that each weekday is seen twice.
FEWEST: Final = 14


@dataclass(frozen=True)
class Shocks:
    """Standardised residuals of a ROAS series.

    Attributes
    ----------
    name, of, grain
        As in the series.
    dates : array, shape (n_periods,)
        The mature periods.
    expected : array, shape (n_periods,)
        Expected ROAS: slow level times weekday. NaN where it cannot be said.
    weekday : array, shape (n_periods,)
        Factor of the weekday within `expected`; one in weekly series.
    residual : array, shape (n_periods,)
        Of ROAS against its expectation on a scale of equal variance: log
        where sales are many (see `stable`). NaN where nothing was spent or
        fewer than about one sale was to be expected.
    noise : array, shape (n_periods,)
        Variance of `residual` that the count of sales alone makes.
    true_sd : float
        Standard deviation of the persistent part of `residual` (unitless,
        about that of log ROAS); NaN where nothing could be fitted.
    phi : float
        Its first-order autocorrelation per period.
    z : array, shape (n_periods,)
        ``residual / sqrt(noise + true_sd²)``, scaled to unit variance; may be autocorrelated.
    white : array, shape (n_periods,)
        One-step prediction errors of the persistent part, scaled to unit
        variance: uncorrelated when the model holds.
    noise_known : bool
        Whether `noise` comes from a given unit, not from the residuals themselves.
    """

    name: str
    of: Of
    grain: Grain
    dates: Days
    expected: Array
    weekday: Array
    residual: Array
    noise: Array
    true_sd: float
    phi: float
    z: Array
    white: Array
    noise_known: bool = True

    @cached_property
    def usable(self) -> npt.NDArray[np.bool_]:
        """Periods that have a shock."""
        return np.isfinite(self.z)

    @cached_property
    def signal(self) -> float:
        """Share of the residual variance that is not counting noise, 0 to 1; NaN if unknown."""
        if not self.usable.any():
            return float("nan")
        noise = float(self.noise[self.usable].mean())
        return self.true_sd**2 / (self.true_sd**2 + noise) if self.true_sd + noise > 0 else 0.0

    def autocorrelation(self, decay: float = 1.0) -> float:
        """Return ``sum over k >= 1 of decay^k · autocorrelation(k)`` of `z` under the fitted model."""
        if not np.isfinite(self.signal):
            return 0.0
        return self.signal * self.phi * decay / (1 - self.phi * decay)

    def to_frame(self) -> pd.DataFrame:
        """Return one row per period: date, expected roas, residual, z, white."""
        import pandas as pd

        names = ("expected", "residual", "noise", "z", "white")
        return pd.DataFrame({"date": self.dates, **{name: getattr(self, name) for name in names}})


def standardise(series: RoasSeries, noise_unit: float | None = None, *, breaks: Sequence[int] = (),
                level_days: int | None = LEVEL_DAYS) -> Shocks:  # fmt: skip
    """Standardise a ROAS series: take out level, weekdays and counting noise.

    Parameters
    ----------
    series : RoasSeries
        By day or week; only its mature periods are used.
    noise_unit : float or None
        Currency per sale: ``Var(revenue | spend) = noise_unit · E[revenue | spend]``.
        None: the law ``Var(residual) = a + b / E[revenue]`` is fitted to the
        residuals themselves, which tells noise from signal only if spend varied.
    breaks : sequence of int
        First periods of new levels; the level is not averaged across them.
    level_days : int or None
        Reach of the level's window to either side; None: one level between
        breaks, so that slow swings stay in the residual.

    Returns
    -------
    Shocks
        All NaN where fewer than `FEWEST` periods are usable.

    Notes
    -----
    The expected ROAS is ``sum K·R/w / sum K·S``, K tricube over `LEVEL_DAYS`
    to either side, w the weekday factors ``sum R / sum S·level`` of mean one.
    The residual is ``d + e``: d a stationary first-order autoregression
    (`true_sd`, `phi`, by maximum likelihood over a grid), e independent with
    the counting variance. Ratios are not differenced: differences of a noisy
    ratio look clustered where nothing is.

    References
    ----------
    Jorgensen (1997), The Theory of Dispersion Models (variance law); Durbin
    and Koopman (2012), Time Series Analysis by State Space Methods (prediction errors).
    """
    ripe = series.until_mature()
    ok = ripe.usable & np.isfinite(ripe.spend) & (ripe.revenue >= 0)
    if ok.sum() < FEWEST or not (ripe.revenue[ok] > 0).any():
        return _nothing(ripe)
    expected, weekday, noise = _expected(ripe, ok, noise_unit, breaks, level_days)
    mean = np.where(ok, ripe.spend, np.nan) * np.where(expected > 0, expected, np.nan)
    residual = stable(ripe.revenue / mean, noise, _persistent(ripe.revenue / mean - 1, noise))
    noise = stable_noise(noise)
    ok = np.isfinite(residual)
    if ok.sum() < FEWEST or float(residual[ok].std()) < TINY:
        return replace(_nothing(ripe), expected=expected, weekday=weekday, residual=residual, noise=noise)
    true_sd, phi, error, spread = persistent_part(np.where(ok, residual, np.nan), noise)
    z = _unit(residual / np.sqrt(noise + true_sd**2), ok)
    white = _unit(error / np.sqrt(spread), ok)
    return Shocks(
        ripe.name,
        ripe.of,
        ripe.grain,
        ripe.dates,
        expected,
        weekday,
        residual,
        noise,
        true_sd,
        phi,
        z,
        white,
        noise_unit is not None and bool(np.isfinite(noise_unit)) and noise_unit >= 0,
    )


#: A residual that varies by less is a ratio without noise: constant up to rounding.
TINY: Final = 1e-9


def _persistent(relative: Array, noise: Array) -> float:
    """Return the variance of true swings by moments, weighting each period by what it tells."""
    known = np.isfinite(relative) & np.isfinite(noise)
    if not known.any():
        return 0.0
    square, own = relative[known] ** 2, noise[known]
    square = np.minimum(square, WILD**2 * max(float(np.median(square)) / MEDIAN_OF_SQUARE, 1e-30))
    found = max(0.0, float((square - own).mean()))
    weight = 1 / np.maximum(found + own, 1e-12) ** 2
    return max(0.0, float((weight * (square - own)).sum() / weight.sum()))


def _expected(ripe: RoasSeries, ok: npt.NDArray[np.bool_], unit: float | None, breaks: Sequence[int],
              level_days: int | None) -> tuple[Array, Array, Array]:  # fmt: skip
    """Return expected ROAS, its weekday factors, and the counting variance of its relative residual."""
    spend, revenue = np.where(ok, ripe.spend, 0.0), np.where(ok, ripe.revenue, 0.0)
    weekday = np.ones(len(spend))
    cut, noise = revenue, np.zeros(len(spend))
    reach = None if level_days is None else level_days * ripe.periods_per_week // 7
    for _ in range(ROUNDS):
        level = local_level(cut / weekday, spend, breaks, reach)
        if ripe.grain == "day":
            weekday = weekday_factors(ripe.dates, cut, spend * level)
        mean = spend * level * weekday
        noise, total = _variance(revenue, mean, ok & (mean > 0), unit)
        wild = WILD * mean * np.sqrt(total)
        cut = np.where(np.isfinite(wild), np.clip(revenue, mean - wild, mean + wild), revenue)
    return level * weekday, weekday, noise


def _variance(revenue: Array, mean: Array, ok: npt.NDArray[np.bool_], unit: float | None) -> tuple[Array, Array]:
    """Return counting and total variance of the relative residual, period by period."""
    inverse = np.full(len(mean), np.nan)
    inverse[ok] = 1 / mean[ok]
    square = np.full(len(mean), np.nan)
    square[ok] = (revenue[ok] * inverse[ok] - 1) ** 2
    # A wild day must not widen the limits that are to catch it.
    square = np.minimum(square, WILD**2 * np.nanmedian(square) / MEDIAN_OF_SQUARE) if ok.any() else square
    if unit is not None and np.isfinite(unit) and unit >= 0:
        noise = unit * inverse
        return noise, noise + _persistent(np.where(ok, revenue * inverse - 1, np.nan), noise)
    constant, slope = _law(square[ok], inverse[ok])
    return slope * inverse, constant + slope * inverse


#: Median of a squared standard normal variable.
MEDIAN_OF_SQUARE: Final = 0.4549


def _law(square: Array, inverse: Array) -> tuple[float, float]:
    """Fit ``square = a + b·inverse`` with a, b >= 0, weighting by the size of the variance."""
    if not len(square):
        return 0.0, 0.0
    weight = 1 / (square.mean() * (inverse / inverse.mean() + 1) / 2 + 1e-300)
    best, least = (float(square.mean()), 0.0), np.inf
    columns = np.column_stack([np.ones(len(inverse)), inverse / inverse.mean()]) * weight[:, None]
    target = square * weight
    for use in ([0, 1], [0], [1]):
        found = np.linalg.lstsq(columns[:, use], target, rcond=1e-6)[0]
        miss = float(((columns[:, use] @ found - target) ** 2).sum())
        if (found >= 0).all() and miss < least * (1 - 1e-9):
            both = np.zeros(2)
            both[use] = found
            best, least = (float(both[0]), float(both[1] / inverse.mean())), miss
    return best


def _unit(values: Array, ok: npt.NDArray[np.bool_]) -> Array:
    """Centre and scale to unit variance; NaN elsewhere."""
    inside = values[ok]
    spread = float(inside.std())
    return np.where(ok, (values - inside.mean()) / (spread if spread > 0 else 1.0), np.nan)


def _nothing(ripe: RoasSeries) -> Shocks:
    empty = np.full(len(ripe.dates), np.nan)
    return Shocks(
        ripe.name, ripe.of, ripe.grain, ripe.dates, empty, empty, empty, empty, float("nan"), 0.0, empty, empty
    )
