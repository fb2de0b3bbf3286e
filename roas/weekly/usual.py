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
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from roas.weekly.anniversary import comes_again

Array = npt.NDArray[np.float64]
Scale = Literal["log", "root"]

#: Share of weeks without anything up to which they are stops (a broken till, a pause) and no part of the usual: one in
#: ten, what the range leaves outside.
RARE: Final = 0.1

#: Weeks before the one asked about, from which a range is given: a standard deviation from 7 weeks is known to about
#: a quarter; with fewer, Student's t spans everything.
FEWEST_WEEKS: Final = 8

#: Weeks looked back at most: two of every season, and the range costs milliseconds.
MOST_WEEKS: Final = 104

#: The weeks outside the range, as a share: half on either side.
OUTSIDE: Final = 0.1

#: Weeks ahead that a week is told from at most: a quarter of a year of reports that were not made.
FARTHEST_AHEAD: Final = 13

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


@dataclass(frozen=True)
class Usual:
    """What one more week brings when nothing special happens.

    Attributes
    ----------
    low, high : float
        Nine weeks in ten lie between them. In the unit of the values.
    shape : Shape
        Scale that the distributions are on.
    told_from : tuple of Predicted or None
        The distribution as told from all weeks up to 1, 2, … before the one
        asked about; None where these are under `FEWEST_WEEKS`.
    """

    low: float
    high: float
    shape: Shape
    told_from: tuple[Predicted | None, ...]

    def unlikely(self, value: float, *, ahead: int = 1) -> float | None:
        """Return how seldom luck brings a week as far out as `value`, to either side.

        Parameters
        ----------
        value : float
            What the week brought.
        ahead : int
            How many weeks ahead the distribution looks: 1 knows every week
            before this one, 4 none of the last three.

        Returns
        -------
        float or None
            Two-sided p-value, ``2 · min(F(x), 1 - F(x))``; under 0.1 exactly
            where `value` lies outside of low to high (for `ahead` of 1).
            None where too few weeks lie so far back.
        """
        seen = self.told_from[ahead - 1] if 1 <= ahead <= len(self.told_from) else None
        if seen is None:
            return None
        below, above = (seen.reached(each) for each in self.shape.ends(value))
        return float(min(2 * min(below, 1 - above), 1.0))


@dataclass(frozen=True)
class Shape:
    """The scale on which noise is even.

    Attributes
    ----------
    scale : {"log", "root"}
    middle : float
        Mean of the values.
    half : float
        Half of one sale's worth, on the scale of roots: sales come whole, or a week without any would lie just outside.
    """

    scale: Scale
    middle: float
    half: float

    def of(self, values: Array) -> Array:
        """Return values on the scale."""
        found: Array = np.log(values) if self.scale == "log" else 2 * np.sqrt(values / self.middle)
        return found

    def back(self, low: float, high: float) -> tuple[float, float]:
        """Return the ends of a range in the unit of the values."""
        if self.scale == "log":
            return math.exp(low), math.exp(high)
        ends = (max(low, 0.0) ** 2 / 4 * self.middle, max(high, 0.0) ** 2 / 4 * self.middle)
        return max(ends[0] - self.half, 0.0), ends[1] + self.half

    def ends(self, value: float) -> tuple[float, float]:
        """Return a value on the scale, as it counts against the lower and the upper end."""
        if self.scale == "log":
            found = math.log(value) if value > 0 else -math.inf
            return found, found
        upper = value - self.half
        return 2 * math.sqrt((value + self.half) / self.middle), (
            2 * math.sqrt(upper / self.middle) if upper >= 0 else -math.inf
        )


@dataclass(frozen=True)
class Predicted:
    """A mixture of Student's t, on the scale of a `Shape`.

    Attributes
    ----------
    weight, mean, spread : array, shape (parts,)
        The weights add to 1.
    degrees : int
        Of freedom.
    """

    weight: Array
    mean: Array
    spread: Array
    degrees: int

    def reached(self, y: float) -> float:
        """Return the probability of `y` or less."""
        from scipy.special import stdtr

        return float((self.weight * stdtr(self.degrees, (y - self.mean) / self.spread)).sum())


def usual(values: Array, weeks: Array, ahead: float, *, relative_noise: Array | None = None,
          noise_ahead: float | None = None, counts: Array | None = None) -> Usual | None:  # fmt: skip
    """Say what one more week brings when nothing special happens.

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
    Usual or None
        None with under `FEWEST_WEEKS` known weeks, or where all are zero.

    Notes
    -----
    Covariance of a week with another, in units of the unknown scale s²:
    ``LEVEL² + drift² (t/YEAR)(t'/YEAR) + wave² season(t - t') + part ρ^|t - t'| + (1 - part)·noise``,
    where `noise` is 1, or in proportion to `relative_noise`. Given a grid point,
    y of the week, told from the first n weeks, is Student's t with n - 1 degrees of freedom about the
    kriging mean, of squared scale ``max(y'K⁻¹y / (n-1), counting) · (1 + k - k'K⁻¹k)``. Where last year's same week
    stood out, each is a mixture of such (`roas.weekly.anniversary.comes_again`).
    """
    known = np.isfinite(values) & (values >= 0)
    known = known & ~_stopped(values, known)
    values, weeks = values[known][-MOST_WEEKS:], weeks[known][-MOST_WEEKS:].astype(np.float64)
    if len(values) < FEWEST_WEEKS or not values.max() > 0:
        return None
    noise = None if relative_noise is None else relative_noise[known][-MOST_WEEKS:]
    shape = _shape(values, None if counts is None else counts[known][-MOST_WEEKS:])
    seen = _predicted(shape.of(values), weeks, float(ahead), *_counting(noise, noise_ahead))
    assert seen[0] is not None  # all weeks lie before the one asked about, and there are enough
    return Usual(*shape.back(*_middle(seen[0])), shape, seen)


def _shape(values: Array, counts: Array | None) -> Shape:
    """Return the scale, with the worth of half a sale."""
    middle, mean = float(values.mean()), 0.0 if counts is None else float(np.nanmean(counts))
    return Shape(_scale(values, counts), middle, middle / mean / 2 if mean > 0 else 0.0)


def _stopped(values: Array, known: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Return the weeks without anything, where such weeks are rare: they tell nothing of the others."""
    none = known & (values == 0)
    return none if none.sum() <= RARE * known.sum() else np.zeros(len(values), dtype=np.bool_)


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


def _predicted(
    y: Array, weeks: Array, ahead: float, pattern: Array | None, pattern_ahead: float, counting: float
) -> tuple[Predicted | None, ...]:
    """Return what is told of the week from all weeks up to 1, 2, … `FARTHEST_AHEAD` before it."""
    n, middle = len(y), float(y.mean())
    where = np.append(weeks, ahead)
    cover = _covariances(where - weeks.mean(), np.append(np.ones(n) if pattern is None else pattern, pattern_ahead))
    conditioned = _conditioned(cover, y - middle)
    moves, error, belief = comes_again(y, weeks, ahead)
    least = LEAST * max(float(np.square(y - middle).sum()), LEAST)

    def told_from(first: int) -> Predicted | None:
        if first < FEWEST_WEEKS:
            return None
        mean, left, squares, log_root = _told_from(conditioned, first)
        squares = np.maximum(squares, least)
        evidence = -log_root - (first - 1) / 2 * np.log(squares)
        weight = np.exp(evidence - evidence.max())
        spread = np.sqrt(np.maximum(squares / (first - 1) * left, counting * pattern_ahead))
        weight = np.outer(belief, weight / weight.sum()).ravel()
        return Predicted(
            weight, (moves[:, None] + mean + middle).ravel(), np.hypot(error[:, None], spread).ravel(), first - 1
        )

    return tuple(told_from(int((weeks <= ahead - back).sum())) for back in range(1, FARTHEST_AHEAD + 1))


def _told_from(conditioned: tuple[Array, Array, Array, Array], first: int) -> tuple[Array, Array, Array, Array]:
    """Return kriging mean, variance left, residual squares and half the log determinant, of the first weeks alone.

    The factor of the first weeks' covariance is the upper left part of the whole one, so nothing is factored again.
    """
    kriging, residual, left, log_roots = conditioned
    mean = np.einsum("gn,gn->g", kriging[:, :first], residual[:, :first])
    further = np.square(kriging[:, first:]).sum(axis=1)
    squares = np.square(residual[:, :first]).sum(axis=1)
    return mean, left + further, squares, log_roots[:, :first].sum(axis=1)


def _conditioned(cover: Array, y: Array) -> tuple[Array, Array, Array, Array]:
    """Condition the last week on the others, at every grid point, by one factorisation K = LL'.

    Returns
    -------
    kriging, residual : array, shape (points, n)
        ``L⁻¹k`` and ``L⁻¹y``: rows that the factor of K gets where k and y are appended to it.
    left : array, shape (points,)
        ``κ - k'K⁻¹k``.
    log_roots : array, shape (points, n)
        Their sum is half the log determinant of K.
    """
    points, size, n = len(cover), len(y) + 2, len(y)
    whole = np.zeros((points, size, size))
    whole[:, : n + 1, : n + 1] = cover
    whole[:, n + 1, :n] = whole[:, :n, n + 1] = y
    whole[:, n + 1, n + 1] = 1e9 * (1.0 + float(y @ y))  # any number that keeps the matrix positive
    root = np.linalg.cholesky(whole)
    log_roots = np.log(np.diagonal(root[:, :n, :n], axis1=1, axis2=2))
    left: Array = np.maximum(root[:, n, n] ** 2, 1e-9)
    return np.asarray(root[:, n, :n]), np.asarray(root[:, n + 1, :n]), left, np.asarray(log_roots)


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


def _middle(seen: Predicted) -> tuple[float, float]:
    """Return the ends of the middle nine tenths of a mixture of Student's t, by bisection."""
    from scipy.special import stdtr

    weight, mean, spread, degrees = seen.weight, seen.mean, seen.spread, seen.degrees
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
