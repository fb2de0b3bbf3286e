"""One week told from those before it, at every size that a Gaussian process may have.

The covariance of a week with another, in units of the unknown scale s²:
``LEVEL² + drift² (t/YEAR)(t'/YEAR) + wave² season(t - t') + part ρ^|t - t'| + (1 - part)·noise``,
on a grid of ρ, part, drift and wave.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

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


class Told(NamedTuple):
    """The week asked about as weeks before it tell it, each array of shape (points,).

    Attributes
    ----------
    mean, left : array
        Kriging mean, and variance that is left, in units of s².
    squares : array
        ``y'K⁻¹y`` of the weeks it is told from.
    log_root : array
        Half the log determinant of K.
    """

    mean: Array
    left: Array
    squares: Array
    log_root: Array


@dataclass(frozen=True)
class Conditioned:
    """The last week conditioned on the n before it, at every grid point.

    Attributes
    ----------
    kriging, residual : array, shape (points, n)
        ``L⁻¹k`` and ``L⁻¹y``, where K = LL'.
    left : array, shape (points,)
        ``κ - k'K⁻¹k``.
    log_roots : array, shape (points, n)
        Their sum is half the log determinant of K.
    """

    kriging: Array
    residual: Array
    left: Array
    log_roots: Array

    def told_from(self, first: int) -> Told:
        """Say what the first weeks alone tell.

        The factor of their covariance is the upper left part of the whole one, so nothing is factored again.
        """
        mean = np.einsum("gn,gn->g", self.kriging[:, :first], self.residual[:, :first])
        further = np.square(self.kriging[:, first:]).sum(axis=1)
        squares = np.square(self.residual[:, :first]).sum(axis=1)
        return Told(mean, self.left + further, squares, self.log_roots[:, :first].sum(axis=1))


def conditioned(cover: Array, y: Array) -> Conditioned:
    """Condition the last week on the others, by one factorisation at every grid point.

    Rows ``L⁻¹k`` and ``L⁻¹y`` are those that the factor of K gets where k and y are appended to it.

    Parameters
    ----------
    cover : array, shape (points, n + 1, n + 1)
        Of `covariances`.
    y : array, shape (n,)
        Of the weeks before, about their mean.
    """
    points, size, n = len(cover), len(y) + 2, len(y)
    whole = np.zeros((points, size, size))
    whole[:, : n + 1, : n + 1] = cover
    whole[:, n + 1, :n] = whole[:, :n, n + 1] = y
    whole[:, n + 1, n + 1] = 1e9 * (1.0 + float(y @ y))  # any number that keeps the matrix positive
    root = np.linalg.cholesky(whole)
    log_roots = np.log(np.diagonal(root[:, :n, :n], axis1=1, axis2=2))
    left: Array = np.maximum(root[:, n, n] ** 2, 1e-9)
    return Conditioned(np.asarray(root[:, n, :n]), np.asarray(root[:, n + 1, :n]), left, np.asarray(log_roots))


def covariances(t: Array, noise: Array) -> Array:
    """Return the covariance of all weeks at every grid point, shape (points, n, n).

    Parameters
    ----------
    t : array, shape (n,)
        Numbers of the weeks.
    noise : array, shape (n,)
        Variance of each week's noise without memory, 1 on average.
    """
    apart = np.abs(t[:, None] - t[None, :])
    phase = np.sin(np.pi * apart / YEAR) ** 2
    season = BROAD_SHARE * np.exp(-2 * phase / BROAD**2) + (1 - BROAD_SHARE) * np.exp(-2 * phase / SHARP**2)
    drift = np.outer(t, t) / YEAR**2
    found = []
    for memory, part in MEMORIES:
        remembered = part * memory**apart + (1 - part) * np.diag(noise)
        found += [LEVEL**2 + d**2 * drift + w**2 * season + remembered for d in DRIFTS for w in WAVES]
    return np.array(found)
