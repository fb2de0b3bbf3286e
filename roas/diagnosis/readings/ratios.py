"""Ratios of weekly sums and their changes, with intervals that know weeks hang together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from roas.diagnosis.readings.view import Array
from roas.quantiles import Q

#: Weeks below which a period says nothing of its own scatter.
FEWEST_WEEKS: Final = 4

#: Largest correlation of neighbouring weeks that is allowed for: above it, two months are one observation.
LARGEST_MEMORY: Final = 0.8


@dataclass(frozen=True)
class Moved:
    """A ratio in two periods.

    Attributes
    ----------
    now, then : Q
        The ratio of sums, unit of the ratio.
    change : Q
        Relative change, now over then less 1.
    """

    now: Q
    then: Q
    change: Q


def level(top: Array, bottom: Array, *, at: slice = slice(None), most: float = np.inf) -> Q | None:
    """Return a ratio of sums over the weeks `at` with its 90 % interval, `most` at most; None where it has none.

    Notes
    -----
    As in `moved`, from one period.
    """
    top, bottom = _known(top[at], bottom[at])
    if len(top) < FEWEST_WEEKS or not top.sum() > 0:
        return None
    scatter, free, inflated = _scatter([_residuals(top, bottom)])
    error = float(np.sqrt(scatter * inflated / len(top)))
    found = _interval(float(top.sum() / bottom.sum()), error, free / inflated)
    return Q.at(*(min(x, most) for x in (found.p5, found.p50, found.p95)))


def moved(top: Array, bottom: Array, now: slice, then: slice) -> Moved | None:
    """Compare a ratio of sums between two ranges of weeks.

    Parameters
    ----------
    top, bottom : array, shape (W,)
        Weekly sums; weeks that are not finite, or whose bottom is not above 0, are left out.
    now, then : slice
        Weeks of the two periods.

    Returns
    -------
    Moved or None
        None where a period has fewer than `FEWEST_WEEKS` weeks or nothing above the line.

    Notes
    -----
    Delta method on weeks: with ``r = Σ top / Σ bottom`` of its period, a week's relative residual is
    ``(top − r·bottom) / (r·mean(bottom))``. The variance of log r is ``s²·(1 + ρ)/(1 − ρ)/n``, s² pooled over both
    periods, ρ the correlation of neighbouring weeks (not below 0, corrected by ``(1 + 3ρ)/n``, Kendall 1954).
    Student's t with ``(n₁ + n₂ − 2)·(1 − ρ)/(1 + ρ)`` degrees of freedom. Season is in the scatter, so a
    comparison of unlike seasons is wide rather than wrong.
    """
    parts = [_known(top[part], bottom[part]) for part in (now, then)]
    if any(len(a) < FEWEST_WEEKS or not a.sum() > 0 for a, _ in parts):
        return None
    scatter, free, inflated = _scatter([_residuals(a, b) for a, b in parts])
    ratios = [float(a.sum() / b.sum()) for a, b in parts]
    errors = [float(np.sqrt(scatter * inflated / len(a))) for a, _ in parts]
    free = free / inflated
    change = _interval(ratios[0] / ratios[1], float(np.hypot(errors[0], errors[1])), free)
    return Moved(
        _interval(ratios[0], errors[0], free),
        _interval(ratios[1], errors[1], free),
        Q.at(change.p5 - 1, change.p50 - 1, change.p95 - 1),
    )


def _known(top: Array, bottom: Array) -> tuple[Array, Array]:
    good = np.isfinite(top) & np.isfinite(bottom) & (bottom > 0)
    return top[good], bottom[good]


def _residuals(top: Array, bottom: Array) -> Array:
    ratio = top.sum() / bottom.sum()
    return np.asarray((top - ratio * bottom) / (ratio * bottom.mean()), dtype=np.float64)


def _scatter(parts: list[Array]) -> tuple[float, float, float]:
    """Return the pooled variance of residuals, its degrees of freedom, and the factor that memory adds."""
    square = sum(float(each @ each) for each in parts)
    count = sum(len(each) for each in parts)
    free = float(max(count - len(parts), 1))
    if not square > 0:
        return 0.0, free, 1.0
    memory = sum(float(each[1:] @ each[:-1]) for each in parts) / square
    memory = float(np.clip(memory + (1 + 3 * max(memory, 0.0)) / count, 0.0, LARGEST_MEMORY))
    return square / free, free, (1 + memory) / (1 - memory)


def _interval(middle: float, error: float, free: float) -> Q:
    from scipy import stats

    reach = float(np.exp(np.minimum(stats.t.ppf(0.95, max(free, 1.0)) * error, 50.0)))
    return Q.at(middle / reach, middle, middle * reach)


def exact(top: Array, bottom: Array, at: slice) -> float | None:
    """Return a ratio of sums that is counted, not estimated; None where nothing is below the line."""
    below = float(bottom[at].sum())
    return float(top[at].sum()) / below if below > 0 else None


def exact_change(now: float | None, then: float | None) -> float | None:
    """Return the relative change of a counted figure; None where it is not known or was nothing."""
    return None if now is None or then is None or not then > 0 else now / then - 1
