"""Products with the inverse covariance of remembering noise, for many noise models at once.

Remembered noise has a tridiagonal inverse covariance Q, forgotten noise a
diagonal D: ``inverse(inverse(Q) + D) = 1/D - 1/D · inverse(Q + 1/D) · 1/D``. So
every product costs one tridiagonal solution, and the products of all steps and
kinks of one series are running sums of a single one.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from roas.volatility._arrays import Array
from roas.volatility.breaks.longrun import Memory

#: Least share of the remembered and of the forgotten noise: neither is exactly nothing,
#: so that one formula serves all models.
LEAST_REMEMBERED, LEAST_FORGOTTEN = 1e-9, 1e-6


@dataclass(frozen=True)
class Precision:
    """Inverse covariance of the noise under each model, factored.

    Time runs backwards inside: a step is then a run of ones from the start,
    and what precedes it does not depend on its date.

    Attributes
    ----------
    inverse : array, shape (n_models, n)
        1 / variance of the forgotten noise; 0 in gaps.
    pivot : array, shape (n_models, n)
        Pivots of ``Q + 1/D``.
    factor : array, shape (n_models, n)
        Subdiagonal of its unit triangular factor; 0 at the end.
    log_sd : array, shape (n_models,)
        Half the log determinant of the covariance of the seen periods.
    seen : int
        Periods seen.
    """

    inverse: Array
    pivot: Array
    factor: Array
    log_sd: Array
    seen: int

    @classmethod
    def of(cls, memory: Memory, variance: Array, seen: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> Precision:
        """Factor the inverse covariance under every noise model.

        Parameters
        ----------
        memory : Memory
        variance : array, shape (n,)
            Relative variance of the forgotten noise.
        seen : array of bool, shape (n,)
        """
        from scipy.linalg.lapack import dpttrf

        models, n = len(memory.phi), len(variance)
        part = np.clip(memory.part, LEAST_REMEMBERED, 1 - LEAST_FORGOTTEN)[:, None]
        phi = memory.phi[:, None]
        inverse = (seen / variance)[::-1] / (1 - part)
        fresh = part * (1 - phi**2)
        diagonal = np.repeat((1 + phi**2) / fresh, n, axis=1)
        diagonal[:, [0, -1]] = 1 / fresh if n > 1 else 1 / part
        beside = np.repeat(-phi / fresh, n, axis=1)
        beside[:, -1] = 0.0
        pivot, factor, _ = dpttrf((diagonal + inverse).ravel(), beside.ravel()[:-1])
        pivot = pivot.reshape(models, n)
        log_det = np.log(pivot).sum(axis=1) + (n * np.log(part) + (n - 1) * np.log1p(-(phi**2)))[:, 0]
        log_det -= np.log(np.where(inverse > 0, inverse, 1.0)).sum(axis=1)
        return cls(inverse, pivot, np.append(factor, 0.0).reshape(models, n), log_det / 2, int(seen.sum()))

    def take(self, chosen: Array) -> Precision:
        """Return some of the models."""
        return Precision(self.inverse[chosen], self.pivot[chosen], self.factor[chosen], self.log_sd[chosen], self.seen)

    def times(self, columns: Array) -> Array:
        """Return inverse covariance times columns, time backwards.

        Parameters
        ----------
        columns : array, shape (n, n_columns)
            0 in gaps; time forwards.

        Returns
        -------
        array, shape (n_columns, n_models, n)
        """
        from scipy.linalg.lapack import dpttrs

        backwards = np.ascontiguousarray(columns[::-1].T)[:, None, :]
        scaled = backwards * self.inverse
        shape = scaled.shape
        solved, _ = dpttrs(self.pivot.ravel(), self.factor.ravel()[:-1], scaled.reshape(shape[0], -1).T)
        return np.asarray(self.inverse * (backwards - solved.T.reshape(shape)))

    @cached_property
    def reach(self) -> Array:
        """What the past of a date takes from a regressor that begins there, (n_models, n), time backwards."""
        from scipy.linalg.lapack import dtbtrs

        square = (self.factor**2).ravel()
        right = square[:-1] / self.pivot.ravel()[1:]
        band = np.ones((2, len(square)))
        band[0] = np.append(0.0, -square[:-1])
        solved, _ = dtbtrs(band, np.append(right, 0.0)[:, None], uplo="U", diag="U")
        return np.asarray(solved.reshape(self.pivot.shape))

    def halfway(self, columns: Array) -> Array:
        """Return the columns through the first half of the solution, (n_columns, n_models, n), time backwards."""
        from scipy.linalg.lapack import dtbtrs

        scaled = np.ascontiguousarray(columns[::-1].T)[:, None, :] * self.inverse
        band = np.ones((2, self.factor.size))
        band[1] = self.factor.ravel()
        solved, _ = dtbtrs(band, scaled.reshape(len(scaled), -1).T, uplo="L", diag="U")
        return np.asarray(solved.T.reshape(scaled.shape))

    def own(self, flat: Array, rising: Array) -> tuple[Array, Array, Array]:
        """Return the products of all steps and slopes with themselves.

        Parameters
        ----------
        flat, rising : array, shape (n,)
            A step and a slope that begin with the series, 0 in gaps; one that
            begins later is the same from its date on, less its height there.

        Returns
        -------
        array, shape (3, n_models, n)
            Step with step, step with slope, slope with slope, of one that
            begins at each period; time forwards.
        """
        n = len(flat)
        zero, one = self.halfway(np.column_stack([flat, rising]))
        plain = [flat[::-1], rising[::-1]]
        low = np.arange(n)[::-1] / n  # height at the date, less one period's rise

        def sums(i: int, j: int) -> Array:
            half = (zero, one)
            taken = np.cumsum(half[i] * half[j] / self.pivot, axis=1)
            return np.asarray(np.cumsum(self.inverse * plain[i] * plain[j], axis=1) - taken)

        s00, s01, s11 = sums(0, 0), sums(0, 1), sums(1, 1)
        rest = one - low * zero
        parts = [
            s00 - zero**2 * self.reach,
            s01 - low * s00 - zero * rest * self.reach,
            s11 - 2 * low * s01 + low**2 * s00 - rest**2 * self.reach,
        ]
        return parts[0][:, ::-1], parts[1][:, ::-1], parts[2][:, ::-1]


def from_date(times: Array, *, slope: bool) -> Array:
    """Return the products of `times` with a step (slope) that begins at each period.

    Parameters
    ----------
    times : array, shape (..., n)
        From :meth:`Precision.times`.

    Returns
    -------
    array, same shape
        Time forwards; of a slope that rises by 1 / n a period.
    """
    sums = np.cumsum(times, axis=-1)
    if slope:
        sums = np.cumsum(sums, axis=-1) / times.shape[-1]
    return np.asarray(sums[..., ::-1])
