"""Observed volatility, and what is left of it without counting noise.

Weekly log ROAS is ``y = u + e``: what truly moved, and luck with a known
variance v. Given u, ``Σ (y − ȳ)²`` is close to a scaled non-central χ²; each
value of the true sd that would make the observed sum likely is kept. The
interval is for the weeks that were, not for a population of weeks, so no
model of how u moves is needed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from roas.quantiles import LEVELS, Q
from roas.volatility._arrays import Array
from roas.volatility.noise import Noise
from roas.volatility.series import RoasSeries

#: Weeks below which a standard deviation says nothing: its own 90 % interval
#: spans a factor of two at eight (χ² with 7 degrees of freedom).
FEWEST_WEEKS: Final = 8

#: Expected sales a week below which logs mislead (a week without sales has
#: none): relative deviations, weighted by spend, take their place.
FEWEST_SALES: Final = 20.0

#: The logarithm's second-order term: ``Var(log X) ≈ v + 2.5·v² − κ₃``, with
#: ``κ₃ = (1 + 2c²)/(1 + c²)·v²`` for gamma baskets of variation 0.8.
CURVATURE: Final = 1.1

#: Points at which the noise's own error is averaged over.
NOISE_POINTS: Final = 15


#: Chance of as small a swing by luck alone below which the estimate of luck is
#: cut back until it has this chance: the interval then keeps its upper end.
DOUBTFUL: Final = 0.1

#: Share of daily jumps that may be real movement, at most: a tenth up to 30
#: sales a day, nearly half at 300 (benchmarks/volatility, demand sd 10 %, memory 0.6).
REAL_JUMPS: Final = 0.5


@dataclass(frozen=True)
class Swing:
    """How much weekly ROAS moved: as seen, and without luck.

    Attributes
    ----------
    weeks : int
        Weeks with spend and known revenue.
    observed_log_sd : float
        Standard deviation of log weekly ROAS over the window; where a week had no revenue,
        ``sqrt(log(1 + CV²))`` of weekly ROAS.
    true_log_sd : Q
        The same without counting noise, over the mature weeks.
    sampling_variance : float
        Mean variance by luck; NaN where not known.
    """

    weeks: int
    observed_log_sd: float
    true_log_sd: Q
    sampling_variance: float

    def seen(self, observed: float) -> Swing:
        """Return the same beside the swing of all weeks, those whose sales are still arriving included."""
        true = self.true_log_sd
        return replace(self, observed_log_sd=observed, true_log_sd=Q(min(true.p5, observed), true.p50, true.p95))


def swing(series: RoasSeries, noise: Noise) -> Swing | None:
    """Measure the volatility of weekly ROAS.

    Parameters
    ----------
    series : RoasSeries
        By day or week.
    noise : Noise
        Its noise floor.

    Returns
    -------
    Swing or None
        None with fewer than `FEWEST_WEEKS` weeks, or without any revenue.
    """
    weeks = series.weeks
    used = weeks.usable
    if used.sum() < FEWEST_WEEKS or not weeks.revenue[used].sum() > 0:
        return None
    deviations, weight, variance = deviation(weeks, noise)
    observed = observed_log_sd(weeks)
    draws = sd_without_noise(deviations, variance, weight, noise)
    if _in_logs(weeks, noise):
        true = Q.at(*draws)
    else:
        true = Q.at(*np.sqrt(np.log1p(draws**2)))
    return Swing(int(used.sum()), observed, true, float(np.average(variance, weights=weight)))


def observed_log_sd(weeks: RoasSeries) -> float:
    """Return the standard deviation of log weekly ROAS over weeks with spend."""
    roas = weeks.revenue[weeks.usable] / weeks.spend[weeks.usable]
    if (roas > 0).all():
        return float(np.log(roas).std(ddof=1))
    return float(np.sqrt(np.log1p(roas.var(ddof=1) / roas.mean() ** 2)))


def _in_logs(weeks: RoasSeries, noise: Noise) -> bool:
    """Whether each week has enough sales for its logarithm to behave."""
    used = weeks.usable
    if (weeks.revenue[used] <= 0).any():
        return False
    variance = noise.log_variance(weeks)[used]
    return not bool((variance > (1 + (noise.basket_cv or 0.0) ** 2) / FEWEST_SALES).any())


def deviation(weeks: RoasSeries, noise: Noise) -> tuple[Array, Array, Array]:
    """Return deviations of weekly ROAS, their weights, and their variance by luck.

    Returns
    -------
    deviations, weight, variance : arrays, shape (usable weeks,)
        In logs with equal weights where sales are many; else relative to the
        pooled ROAS and weighted by spend, as small weeks say little.
    """
    used = weeks.usable
    if _in_logs(weeks, noise):
        y = np.log(weeks.revenue[used] / weeks.spend[used])
        variance = noise.log_variance(weeks)[used]
        return y - y.mean(), np.ones_like(y), variance * (1 + CURVATURE * variance)
    spend = weeks.spend[used]
    pooled = weeks.revenue[used].sum() / spend.sum()
    relative = weeks.revenue[used] / spend / pooled - 1
    variance = np.full_like(spend, np.nan) if noise.unit is None else noise.unit / (pooled * spend)
    return relative, spend / spend.mean(), variance


def sd_without_noise(deviations: Array, variance: Array, weight: Array, noise: Noise) -> Array:
    """Return the 5, 50 and 95 % points of the true sd (confidence distribution).

    The noise's own error is averaged over: log-normal about its estimate
    where sales are counted, with none to all of what moves overnight as luck; from all of the scatter to half of it where it is
    an upper bound; from none of the swing to all of it where nothing is known.
    """
    from scipy import stats

    total = float(weight.sum())
    free = len(deviations) - 1
    square = float((weight * deviations**2).sum()) / total * len(deviations) / free
    if square <= 0:
        return np.zeros(3)
    levels = (np.arange(NOISE_POINTS) + 0.5) / NOISE_POINTS
    if noise.unit is None:
        variance = np.full_like(weight, square)
    mean = float((weight * variance).sum()) / total
    luck = mean * levels
    if noise.basis == "counts":
        # Two errors at once, paired so that neither follows the other.
        fast = levels[np.arange(NOISE_POINTS) * 4 % NOISE_POINTS]
        luck = mean * np.exp(noise.relative_error * stats.norm.ppf(levels)) + fast * noise.overnight / 7
    elif noise.unit is not None:
        # What really moves overnight moves the weeks about as much: seldom more than they are seen to.
        luck = mean * (1 - min(REAL_JUMPS, square / (7 * mean)) * levels**2)
    # Unequal weights and variances: as many degrees of freedom as a χ² of the same mean and variance has.
    share = weight * variance
    effective = float(share.sum() ** 2 / (share**2).sum()) * free / len(deviations) if share.sum() > 0 else float(free)
    return _quantiles(square, luck, effective)


def _quantiles(square: float, luck: Array, free: float) -> Array:
    """Invert the non-central χ²: where ``P(as large a sum or larger | sd)`` is 5, 50 and 95 %."""
    from scipy import optimize, stats

    luck = luck[np.isfinite(luck)]
    if not len(luck):  # sales that are counted in part only: all of the swing may be luck, or none
        return np.asarray(np.sqrt([0.0, square / 2, square]), dtype=np.float64)
    # Luck far beyond what was seen is a wrong estimate of luck, not a proof that nothing moved.
    luck = np.clip(luck, 1e-9 * square, free * square / float(stats.chi2.ppf(DOUBTFUL, free)))

    def confidence(true: float) -> float:
        return float(stats.ncx2.sf(free * square / luck, free, free * true / luck).mean())

    top = 4 * square + 8 * float(luck.max())
    points = []
    for level in LEVELS:
        if confidence(0.0) >= level:
            points.append(0.0)
        else:
            points.append(float(optimize.brentq(lambda x, level=level: confidence(x) - level, 0.0, top, xtol=1e-12)))
    return np.asarray(np.sqrt(points), dtype=np.float64)
