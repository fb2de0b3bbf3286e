"""What one more week usually brings: a range that holds it nine times in ten.

A weekly series, on a log or a root scale, is taken as a level that may drift,
a yearly wave, noise with memory and noise without: a Gaussian process whose
sizes are not known. The next week's distribution is a mean over a grid of
sizes, weighted by how well each explains the weeks before; the overall scale
is integrated out, so with few weeks the tails are Student's t (Rasmussen and
Williams 2006, ch. 2 and 5; Zellner 1971 for the unknown scale). Nothing of
the week itself is used.
"""

from __future__ import annotations

import math
from functools import cache
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Scale = Literal["log", "root"]

#: Weeks before the one asked about, from which a range is given: a standard deviation from 7 weeks is known to about
#: a quarter; with fewer, Student's t spans everything.
FEWEST_WEEKS: Final = 8

#: Weeks looked back at most: two of every season, and the range costs milliseconds.
MOST_WEEKS: Final = 104

#: The weeks outside the range, as a share: half on either side.
OUTSIDE: Final = 0.1

#: Memories of weekly noise (correlation of neighbouring weeks) and the share of its variance that remembers. The last
#: pair is a level that wanders: shared budgets and demand of shops do.
MEMORIES: Final = (
    (0.0, 0.0),
    (0.4, 0.5),
    (0.7, 0.5),
    (0.9, 0.6),
    (0.97, 0.85),
    (0.99, 0.9),
    (0.995, 1.0),
    (0.999, 1.0),
)

#: Size of the yearly wave, and of drift over a year, as multiples of one week's noise. Spend of a shop with a strong
#: season moves by many times its weekly noise.
WAVES: Final = (0.0, 1.0, 4.0)
DRIFTS: Final = (0.3, 2.0)

#: Length of a wave's features in years of phase, and shares of variance: a broad wave, and peaks of three weeks.
BROAD, SHARP, BROAD_SHARE = 0.8, 0.2, 0.7

#: Weeks of a year.
YEAR: Final = 52.18

#: Prior sd of the level in units of one week's noise: flat for all purposes.
LEVEL: Final = 100.0

#: Numbers below which a week's figure is looked at as a root: a Poisson count of 20 leans to one side by a fifth of its
#: sd, and its log leans as far to the other.
FEW: Final = 20.0

#: Least variance of the noise as a share of what was measured, against a series that is a straight line.
LEAST: Final = 1e-8


def usual_range(values: Array, weeks: Array, ahead: float, *, relative_noise: Array | None = None,
                noise_ahead: float | None = None, counts: Array | None = None) -> tuple[float, float] | None:  # fmt: skip
    """Return the range that holds one more week nine times in ten when nothing special happens.

    Parameters
    ----------
    values : array, shape (n,)
        What earlier weeks brought, >= 0; NaN where not known.
    weeks : array, shape (n,)
        Their numbers, consecutive weeks differ by 1.
    ahead : float
        Number of the week asked about.
    relative_noise : array, shape (n,), optional
        Relative variance that counting alone gives each week (for instance 1 / sales). The range is never narrower
        than counting alone makes it.
    noise_ahead : float, optional
        The same of the week asked about.
    counts : array, shape (n,), optional
        Sales or the like behind each week: with under `FEW` the scale is the root. Default: `values` are no counts.

    Returns
    -------
    (low, high) or None
        In the unit of `values`; None with under `FEWEST_WEEKS` known weeks, or where all are zero.

    Notes
    -----
    Covariance of a week with another, in units of the unknown scale s²:
    ``LEVEL² + drift² (t/YEAR)(t'/YEAR) + wave² season(t - t') + part ρ^|t - t'| + (1 - part)·noise``,
    where `noise` is 1, or in proportion to `relative_noise`. Given a grid point,
    y of the next week is Student's t with n - 1 degrees of freedom about the
    kriging mean, of squared scale ``max(y'K⁻¹y / (n-1), counting) · (1 + k - k'K⁻¹k)``.
    """
    known = np.isfinite(values) & (values >= 0)
    values, weeks = values[known][-MOST_WEEKS:], weeks[known][-MOST_WEEKS:].astype(np.float64)
    if len(values) < FEWEST_WEEKS or not values.max() > 0:
        return None
    noise = None if relative_noise is None else relative_noise[known][-MOST_WEEKS:]
    counted = None if counts is None else counts[known][-MOST_WEEKS:]
    scale = _scale(values, counted)
    y = np.log(values) if scale == "log" else 2 * np.sqrt(values / values.mean())
    low, high = _quantiles(y, weeks, float(ahead), *_counting(noise, noise_ahead))
    if scale == "log":
        return math.exp(low), math.exp(high)
    # Sales come whole: half a sale on either side, or a week without any would lie just outside.
    middle, half = float(values.mean()), 0.0
    if counted is not None and np.nanmean(counted) > 0:
        half = middle / float(np.nanmean(counted)) / 2
    return max(max(low, 0.0) ** 2 / 4 * middle - half, 0.0), max(high, 0.0) ** 2 / 4 * middle + half


def _scale(values: Array, counts: Array | None) -> Scale:
    """Return the scale on which noise is even: logs, or roots where sales are few or a week had none."""
    few = counts is not None and float(np.nanmean(counts)) < FEW
    return "root" if few or not values.min() > 0 else "log"


def _counting(noise: Array | None, ahead: float | None) -> tuple[Array | None, float, float]:
    """Return the weeks' relative variance over its mean, the same ahead, and the mean (0 where not known)."""
    if noise is None or not np.isfinite(noise).any() or not np.nanmean(noise) > 0:
        return None, 1.0, 0.0
    mean = float(np.nanmean(noise))
    pattern = np.clip(np.where(np.isfinite(noise), noise, mean) / mean, 0.05, 20.0)
    next_one = 1.0 if ahead is None or not np.isfinite(ahead) else float(np.clip(ahead / mean, 0.05, 20.0))
    return pattern, next_one, mean


def _quantiles(
    y: Array, weeks: Array, ahead: float, pattern: Array | None, pattern_ahead: float, counting: float
) -> tuple[float, float]:
    """Return the lower and upper end on the scale of `y`."""
    n, middle = len(y), float(y.mean())
    centred = y - middle
    where = np.append(weeks, ahead)
    cover = _covariances(where - weeks.mean(), np.append(np.ones(n) if pattern is None else pattern, pattern_ahead))
    kriging, residual, left, log_root = _conditioned(cover, centred)
    squares = np.maximum(np.square(residual).sum(axis=1), LEAST * max(float(centred @ centred), LEAST))
    mean = np.einsum("gn,gn->g", kriging, residual)
    evidence = -log_root - (n - 1) / 2 * np.log(squares)
    weight = np.exp(evidence - evidence.max())
    spread = np.sqrt(np.maximum(squares / (n - 1) * left, counting * pattern_ahead))
    ends = _mixture(weight / weight.sum(), mean, spread, n - 1)
    return ends[0] + middle, ends[1] + middle


def _conditioned(cover: Array, y: Array) -> tuple[Array, Array, Array, Array]:
    """Condition the last week on the others, at every grid point, by one factorisation K = LL'.

    Returns
    -------
    kriging, residual : array, shape (points, n)
        ``L⁻¹k`` and ``L⁻¹y``: rows that the factor of K gets where k and y are appended to it.
    left : array, shape (points,)
        ``κ - k'K⁻¹k``.
    log_root : array, shape (points,)
        Half the log determinant of K.
    """
    points, size, n = len(cover), len(y) + 2, len(y)
    whole = np.zeros((points, size, size))
    whole[:, : n + 1, : n + 1] = cover
    whole[:, n + 1, :n] = whole[:, :n, n + 1] = y
    whole[:, n + 1, n + 1] = 1e9 * (1.0 + float(y @ y))  # any number that keeps the matrix positive
    root = np.linalg.cholesky(whole)
    log_root = np.log(np.diagonal(root[:, :n, :n], axis1=1, axis2=2)).sum(axis=1)
    left: Array = np.maximum(root[:, n, n] ** 2, 1e-9)
    return np.asarray(root[:, n, :n]), np.asarray(root[:, n + 1, :n]), left, np.asarray(log_root)


def _covariances(t: Array, noise: Array) -> Array:
    """Return the covariance of all weeks at every grid point, shape (points, n, n)."""
    apart = np.abs(t[:, None] - t[None, :])
    phase = np.sin(np.pi * apart / YEAR) ** 2
    season = BROAD_SHARE * np.exp(-2 * phase / BROAD**2) + (1 - BROAD_SHARE) * np.exp(-2 * phase / SHARP**2)
    drift = np.outer(t, t) / YEAR**2
    found = []
    for memory, part in MEMORIES:
        remembered = part * memory**apart + (1 - part) * np.diag(noise)
        found += [LEVEL**2 + d**2 * drift + w**2 * season + remembered for d in DRIFTS for w in WAVES]
    return np.array(found)


def _mixture(weight: Array, mean: Array, spread: Array, degrees: int) -> tuple[float, float]:
    """Return the ends of the middle of a mixture of Student's t, by bisection."""
    from scipy.special import stdtr

    reach = float(_reach(degrees) * spread.max() * 2)
    low, high = np.full(2, float(mean.min()) - reach), np.full(2, float(mean.max()) + reach)
    wanted = np.array([OUTSIDE / 2, 1 - OUTSIDE / 2])
    for _ in range(60):
        middle = (low + high) / 2
        reached = (weight[:, None] * stdtr(degrees, (middle - mean[:, None]) / spread[:, None])).sum(axis=0)
        low, high = np.where(reached < wanted, middle, low), np.where(reached < wanted, high, middle)
    return float(low[0] + high[0]) / 2, float(low[1] + high[1]) / 2


@cache
def _reach(degrees: int) -> float:
    from scipy.special import stdtrit

    return float(stdtrit(degrees, 1 - OUTSIDE / 20))
