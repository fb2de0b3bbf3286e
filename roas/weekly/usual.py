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

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from roas.weekly.anniversary import comes_again
from roas.weekly.kriging import Conditioned, conditioned, covariances
from roas.weekly.mixture import Predicted
from roas.weekly.noise_scale import Shape, shape_of

Array = npt.NDArray[np.float64]

#: Share of weeks without anything up to which they are stops (a broken till, a pause) and no part of the usual: one in
#: ten, what the range leaves outside.
RARE: Final = 0.1

#: Weeks before the one asked about, from which a range is given: a standard deviation from 7 weeks is known to about
#: a quarter; with fewer, Student's t spans everything.
FEWEST_WEEKS: Final = 8

#: Weeks looked back at most: two of every season, and the range costs milliseconds.
MOST_WEEKS: Final = 104

#: Weeks ahead that a week is told from at most: a quarter of a year of reports that were not made.
FARTHEST_AHEAD: Final = 13

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
    The covariance of weeks is that of `roas.weekly.kriging`, where `noise` is 1, or in proportion to `relative_noise`.
    Given a grid point, y of the week, told from the first n weeks, is Student's t with n - 1 degrees of freedom about
    the kriging mean, of squared scale ``max(y'K⁻¹y / (n-1), counting) · (1 + k - k'K⁻¹k)``. Where last year's same week
    stood out, each is a mixture of such (`roas.weekly.anniversary.comes_again`).
    """
    known = np.isfinite(values) & (values >= 0)
    known = known & ~_stopped(values, known)
    values, weeks = values[known][-MOST_WEEKS:], weeks[known][-MOST_WEEKS:].astype(np.float64)
    if len(values) < FEWEST_WEEKS or not values.max() > 0:
        return None
    noise = None if relative_noise is None else relative_noise[known][-MOST_WEEKS:]
    shape = shape_of(values, None if counts is None else counts[known][-MOST_WEEKS:])
    told_from = _told_from(shape.of(values), weeks, float(ahead), _counting(noise, noise_ahead))
    assert told_from[0] is not None  # all weeks lie before the one asked about, and there are enough
    return Usual(*shape.back(*told_from[0].middle()), shape, told_from)


def _stopped(values: Array, known: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Return the weeks without anything, where such weeks are rare: they tell nothing of the others."""
    none = known & (values == 0)
    return none if none.sum() <= RARE * known.sum() else np.zeros(len(values), dtype=np.bool_)


class _Counting(NamedTuple):
    """Relative variance of counting: the weeks' and the next one's over its mean, and the mean; 0 where not known."""

    pattern: Array | float
    ahead: float
    mean: float


def _counting(noise: Array | None, ahead: float | None) -> _Counting:
    if noise is None or not np.isfinite(noise).any() or not np.nanmean(noise) > 0:
        return _Counting(1.0, 1.0, 0.0)
    mean = float(np.nanmean(noise))
    pattern = np.clip(np.where(np.isfinite(noise), noise, mean) / mean, 0.05, 20.0)
    next_one = 1.0 if ahead is None or not np.isfinite(ahead) else float(np.clip(ahead / mean, 0.05, 20.0))
    return _Counting(pattern, next_one, mean)


def _told_from(y: Array, weeks: Array, ahead: float, counting: _Counting) -> tuple[Predicted | None, ...]:
    """Return what is told of the week from all weeks up to 1, 2, … `FARTHEST_AHEAD` before it."""
    middle = float(y.mean())
    where = np.append(weeks, ahead) - weeks.mean()
    noise = np.append(np.broadcast_to(counting.pattern, len(y)), counting.ahead)
    known = conditioned(covariances(where, noise), y - middle)
    moves, error, belief = comes_again(y, weeks, ahead)
    least = LEAST * max(float(np.square(y - middle).sum()), LEAST)

    def told_from(first: int) -> Predicted | None:
        if first < FEWEST_WEEKS:
            return None
        weight, mean, spread = _students(known, first, least=least, counted=counting.mean * counting.ahead)
        weight = np.outer(belief, weight).ravel()
        mean, spread = moves[:, None] + mean + middle, np.hypot(error[:, None], spread)
        return Predicted(weight, mean.ravel(), spread.ravel(), first - 1)

    return tuple(told_from(int((weeks <= ahead - back).sum())) for back in range(1, FARTHEST_AHEAD + 1))


def _students(known: Conditioned, first: int, *, least: float, counted: float) -> tuple[Array, Array, Array]:
    """Return weight, mean and spread of Student's t at every grid point, told from the first weeks."""
    told = known.told_from(first)
    squares = np.maximum(told.squares, least)
    evidence = -told.log_root - (first - 1) / 2 * np.log(squares)
    weight = np.exp(evidence - evidence.max())
    return weight / weight.sum(), told.mean, np.sqrt(np.maximum(squares / (first - 1) * told.left, counted))
