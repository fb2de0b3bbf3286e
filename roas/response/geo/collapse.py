"""The Gaussian part of the model with regions: everything linear integrated out.

In the cosine basis a region's rows are, divided by the region's noise scale,

    left_g = a_g * w + F b_g + X_g z_g + noise_g

with a movement ``w`` common to all regions (variance ``common`` per
frequency), own fixed effects ``b_g`` (flat), own slopes ``z_g`` (standard
normal) and noise that is independent between frequencies (variance ``own``).
Fixed effects are projected out, slopes are eliminated by one small matrix
per region, and the common movement by one matrix of the size of the series.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Final, NamedTuple

import numpy as np

from roas.response._arrays import Array

#: Size up to which a matrix is inverted at once.
ALONE: Final = 40


class Projection(NamedTuple):
    """Precision with fixed columns projected out: ``P - P F (F' P F)^-1 F' P``, for n settings."""

    precision: Array  # (n, T)
    waves: Array  # (T, p)
    weighted: Array  # (n, T, p): P F
    inverse: Array  # (n, p, p)
    log_determinant: Array  # (n,): of F' P F and of the variances

    def rows(self, rows: Array) -> Array:
        """Apply it to rows, shape (n, m, T)."""
        out = rows * self.precision[:, None]
        out -= ((rows @ self.weighted) @ self.inverse) @ self.weighted.transpose(0, 2, 1)
        return out

    def full(self) -> Array:
        """Return it as matrices, shape (n, T, T)."""
        out = -(self.weighted @ self.inverse) @ self.weighted.transpose(0, 2, 1)
        here = np.arange(out.shape[1])
        out[:, here, here] += self.precision
        return out

    @property
    def diagonal(self) -> Array:
        """Return its diagonal, shape (n, T)."""
        return np.asarray(self.precision - ((self.weighted @ self.inverse) * self.weighted).sum(axis=2))

    def around(self, middle: Array) -> Array:
        """Return the diagonal of the projection on both sides of `middle`, shape (n, T)."""
        side = self.weighted @ self.inverse
        across = middle @ self.weighted
        between = side @ (self.weighted.transpose(0, 2, 1) @ across)
        straight = self.precision**2 * np.diagonal(middle, axis1=1, axis2=2)
        return np.asarray(straight - 2 * self.precision * (across * side).sum(axis=2) + (between * side).sum(axis=2))


def project(variance: Array, waves: Array) -> Projection:
    """Project fixed columns out of a diagonal precision.

    Parameters
    ----------
    variance : array, shape (n, T)
    waves : array, shape (T, p)
        Fixed columns in the cosine basis.
    """
    precision = 1 / variance
    weighted = precision[:, :, None] * waves
    information = waves.T @ weighted
    determinant = np.linalg.slogdet(information)[1] + np.log(variance).sum(axis=1)
    return Projection(precision, waves, weighted, np.asarray(np.linalg.inv(information), np.float64), determinant)


class Eliminated(NamedTuple):
    """The state after slopes and common movement are eliminated, for n settings.

    Slopes are turned by the inverse root of ``I + X' P X`` in each region, so
    that their posterior is white.
    """

    projection: Projection
    root: Array  # (n, T): root of the common variance
    columns: Array  # (n, G, C, T): X
    turn: Array  # (n, G, C, C): inverse of the lower root of I + X' P X
    white: Array  # (n, G, C, T): turned X times the projection
    score: Array  # (n, G, C): white times left
    within: Array  # (n, T, T): inverse of the common movement's precision, over `root` on both sides
    movement: Array  # (n, T): mean of the common movement
    pull: Array  # (n, G, T): precision of everything times `left`
    log_density: Array  # (n,)


def eliminate(left: Array, columns: Array, loading: Array, own: Array, common: Array, waves: Array) -> Eliminated:
    """Integrate fixed effects, slopes and the common movement out.

    Parameters
    ----------
    left : array, shape (n, G, T)
        Revenue less media, over each region's noise scale, in the cosine basis.
    columns : array, shape (n, G, C, T)
        What a standard normal slope adds.
    loading : array, shape (G,)
        One over the region's noise scale.
    own, common : array, shape (n, T)
        Variances per frequency.
    waves : array, shape (T, p)
    """
    n, regions, slopes, periods = columns.shape
    projection = project(own, waves)
    projected = projection.rows(columns.reshape(n, -1, periods)).reshape(columns.shape)
    capacity = columns @ projected.swapaxes(2, 3)
    here = np.arange(slopes)
    capacity[:, :, here, here] += 1
    factor, turn = _roots(capacity)
    white = turn @ projected
    score = (white @ left[..., None])[..., 0]
    alone = projection.rows(left)
    alone -= (score[:, :, None] @ white)[:, :, 0]
    root = np.sqrt(common)
    told = (loading**2).sum() * projection.full()
    heavy = (white * loading[:, None, None]).reshape(n, -1, periods)
    told -= heavy.swapaxes(1, 2) @ heavy
    told *= root[:, :, None]
    told *= root[:, None, :]
    here = np.arange(periods)
    told[:, here, here] += 1
    within, determinant = _inverted(told)
    heard = loading @ alone
    movement = root * (within @ (root * heard)[..., None])[..., 0]
    echo = (white @ movement[:, None, :, None])[..., 0]
    seen = projection.rows(movement[:, None]) - (echo[:, :, None] @ white)[:, :, 0]
    pull = alone - loading[:, None] * seen
    log_density = -0.5 * (
        (left * alone).sum(axis=(1, 2))
        - (heard * movement).sum(axis=1)
        + determinant
        + 2 * np.log(np.diagonal(factor, axis1=2, axis2=3)).sum(axis=(1, 2))
        + regions * projection.log_determinant
    )
    return Eliminated(projection, root, columns, turn, white, score, within, movement, pull, log_density)


def _roots(capacity: Array) -> tuple[Array, Array]:
    """Return lower roots and their inverses; settings where rounding leaves none give NaN."""
    try:
        factor = np.asarray(np.linalg.cholesky(capacity), np.float64)
    except np.linalg.LinAlgError:
        factor = np.full_like(capacity, np.nan)
        for i, of_setting in enumerate(capacity):
            with suppress(np.linalg.LinAlgError):
                factor[i] = np.linalg.cholesky(of_setting)
    return factor, np.asarray(np.linalg.inv(factor), np.float64)


def _inverted(matrices: Array) -> tuple[Array, Array]:
    """Return inverses and log determinants of symmetric matrices above zero, shape (n, T, T).

    By halves, down to blocks that LAPACK works on alone: what it does with
    larger ones depends on the number of cores.
    """
    size = matrices.shape[1]
    if size <= ALONE:
        root, back = _roots(matrices)
        determinant = 2 * np.log(np.diagonal(root, axis1=1, axis2=2)).sum(axis=1)
        return back.swapaxes(1, 2) @ back, determinant
    half = size // 2
    first, one = _inverted(matrices[:, :half, :half])
    across = first @ matrices[:, :half, half:]
    last, two = _inverted(matrices[:, half:, half:] - matrices[:, half:, :half] @ across)
    out = np.empty_like(matrices)
    out[:, half:, half:] = last
    out[:, :half, half:] = -(across @ last)
    out[:, half:, :half] = out[:, :half, half:].swapaxes(1, 2)
    out[:, :half, :half] = first - out[:, :half, half:] @ across.swapaxes(1, 2)
    return out, one + two


class Slopes(NamedTuple):
    """Derivatives of the log density."""

    columns: Array  # (n, G, C, T): with respect to X
    own: Array  # (n, T): with respect to the own variances
    common: Array  # (n, T): with respect to the common variances


def differentiate(state: Eliminated, loading: Array) -> Slopes:
    """Return derivatives with respect to columns and variances."""
    n, _, _, periods = shape = state.columns.shape
    inner = state.root[:, :, None] * state.within * state.root[:, None, :]
    heavy = (state.white * (loading**2)[:, None, None]).reshape(n, -1, periods)
    across = (heavy @ inner).reshape(shape)
    twice = (across @ state.white.swapaxes(2, 3)) @ state.white
    back = state.projection.rows(across.reshape(n, -1, periods)).reshape(shape)
    back -= twice
    back -= state.white
    by_columns = state.turn.swapaxes(2, 3) @ back
    by_columns += (state.columns @ state.pull[..., None]) * state.pull[:, :, None]
    # The diagonal of the precision of everything, added up over regions.
    back *= 2
    back += twice
    back += state.white
    known = len(loading) * state.projection.diagonal - (loading**2).sum() * state.projection.around(inner)
    known += np.einsum("ngct,ngct->nt", state.white, back)
    by_own = 0.5 * ((state.pull**2).sum(axis=1) - known)
    mean = state.movement / state.root
    spread = np.diagonal(state.within, axis1=1, axis2=2)
    by_common = 0.5 * (mean**2 - 1 + spread) / state.root**2
    return Slopes(by_columns, by_own, by_common)
