"""Noise that remembers: evidence for a regression whose errors are autocorrelated.

A series is a regression (levels, slopes) plus two noises: one that forgets at
once (counting noise, known up to scale through the spend of each period) and
one that is remembered from period to period (demand). How long and how much is
unknown, so every answer is an average over a grid of memories, weighted by how
well each predicts the series one step ahead.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt

from roas.volatility._arrays import Array

#: Correlation of the remembered noise from one period to the next. From none
#: to nearly a random walk; finer grids changed no decision in `benchmarks/volatility/breaks.py`.
MEMORIES: Final = (0.3, 0.6, 0.8, 0.9, 0.97)
#: Its share of the variance of one period.
PARTS: Final = (0.1, 0.25, 0.5, 0.75, 1.0)
#: Correlation of one more model, all of whose noise is remembered: a random walk for all that hundreds of
#: periods can tell. With the tails of `heavy.py` it cuts false breaks of jumping walks from 2.0 to 0.7 a
#: series (`generic` in `benchmarks/volatility/breaks.py`); at smaller shares it only makes more of plain walks.
WALK: Final = 0.99
#: Ridge on the whitened regressors, relative to their squares: rounding only.
RIDGE: Final = 1e-9


@dataclass(frozen=True)
class Memory:
    """The grid of noise models; the first has no memory.

    Attributes
    ----------
    phi : array, shape (n_models,)
        Correlation of the remembered part from one period to the next.
    part : array, shape (n_models,)
        Its share of the variance of one period.
    """

    phi: Array
    part: Array

    @classmethod
    def grid(
        cls, memories: tuple[float, ...] = MEMORIES, parts: tuple[float, ...] = PARTS, walk: float = 1.0
    ) -> Memory:
        """Return no memory, each memory at each share, and a `walk` of less than 1 by itself."""
        pairs = [(0.0, 0.0)] + [(phi, part) for phi in memories for part in parts] + [(walk, 1.0)] * (walk < 1)
        phi, part = np.array(pairs).T
        return cls(phi, part)

    def take(self, chosen: Array) -> Memory:
        """Return some of the models."""
        return Memory(self.phi[chosen], self.part[chosen])

    def long_run_variance(self) -> Array:
        """Return n·Var(mean of n periods), n large, per variance of one period: shape (n_models,)."""
        return 1 - self.part + self.part * (1 + self.phi) / (1 - self.phi)


@dataclass(frozen=True)
class Gains:
    """How each noise model weighs the past, whatever the values are.

    Attributes
    ----------
    sd : array, shape (n, n_models)
        Standard deviation of the one-step forecast; NaN-free, unused in gaps.
    gain : array, shape (n, n_models)
        Share of a forecast error that the memory takes over; 0 in gaps.
    phi : array, shape (n_models,)
    seen : array of bool, shape (n,)
    """

    sd: Array
    gain: Array
    phi: Array
    seen: np.ndarray[tuple[int], np.dtype[np.bool_]]

    @cached_property
    def log_sd(self) -> Array:
        """Sum of log sd of the forecasts, shape (n_models,)."""
        return np.asarray(np.log(self.sd[self.seen]).sum(axis=0))

    def whiten(self, columns: Array) -> Array:
        """Return one-step forecast errors in units of their sd.

        Parameters
        ----------
        columns : array, shape (n, n_columns)
            Values and regressors alike: whitening is linear.

        Returns
        -------
        array, shape (n_models, n, n_columns)
            0 in gaps.

        Notes
        -----
        Kalman filter of ``y = remembered + forgotten``, the remembered part
        first-order autoregressive, from its stationary state.
        """
        n, models = self.gain.shape
        out = np.zeros((n, models, columns.shape[1]))
        state = np.zeros((models, columns.shape[1]))
        phi, gain, scale = self.phi[:, None], self.gain[:, :, None], (1 / self.sd)[:, :, None]
        for t in range(n):
            if self.seen[t]:
                error = columns[t] - state
                np.multiply(error, scale[t], out=out[t])
                state += gain[t] * error
            state *= phi
        return np.swapaxes(out, 0, 1)


def gains(memory: Memory, variance: Array, seen: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> Gains:
    """Run the variances of the filter.

    Parameters
    ----------
    memory : Memory
    variance : array, shape (n,)
        Variance of the forgotten noise of each period, relative: mean about 1.
    seen : array of bool, shape (n,)
        False in gaps.
    """
    n, models = len(variance), len(memory.phi)
    spread = np.empty((n, models))
    gain = np.zeros((n, models))
    state = memory.part.copy()
    fresh = memory.part * (1 - memory.phi**2)
    for t in range(n):
        spread[t] = state + (1 - memory.part) * variance[t]
        if seen[t]:
            gain[t] = state / spread[t]
            state = state * (1 - gain[t])
        state = memory.phi**2 * state + fresh
    return Gains(np.sqrt(spread), gain, memory.phi, seen)


def forecast_errors(
    values: Array, phi: float, part: float, variance: Array, seen: np.ndarray[tuple[int], np.dtype[np.bool_]]
) -> Array:
    """Return the one-step forecast errors of the seen periods, in units of their sd.

    As :meth:`Gains.whiten`, for one noise model and one column.
    """
    out, mean, state = [], 0.0, part
    fresh, forgotten = part * (1 - phi**2), ((1 - part) * variance).tolist()
    for value, there, noise in zip(values.tolist(), seen.tolist(), forgotten, strict=True):
        if there:
            spread = state + noise
            gain = state / spread
            error = value - mean
            out.append(error / spread**0.5)
            mean += gain * error
            state *= 1 - gain
        mean *= phi
        state = phi * phi * state + fresh
    return np.array(out)


@dataclass(frozen=True)
class Products:
    """Sums of products of whitened columns, per noise model.

    Attributes
    ----------
    gram : array, shape (n_models, n_columns, n_columns)
        Column 0 holds the values, column 1 the constant.
    log_sd : array, shape (n_models,)
    n : int
        Periods seen.
    """

    gram: Array
    log_sd: Array
    n: int

    @classmethod
    def of(cls, filtered: Array, gain: Gains) -> Products:
        """Multiply whitened columns, shape (n_models, n, n_columns)."""
        gram = np.swapaxes(filtered, 1, 2) @ filtered
        return cls(gram, gain.log_sd, int(gain.seen.sum()))

    @cached_property
    def constant(self) -> tuple[Array, Array]:
        """Squares about the best constant and the log evidence of it, each (n_models,)."""
        return about_constant(self.gram[:, 0, 0], self.gram[:, 0, 1], self.gram[:, 1, 1], self.log_sd, self.n)

    def explained(self, chosen: list[int]) -> Array:
        """Return the share of squares about the constant that columns `chosen` explain, (n_models,)."""
        return np.asarray(self.explained_by(np.array([chosen], dtype=np.int64))[0])

    def explained_by(self, choices: npt.NDArray[np.int64]) -> Array:
        """Return the same for several choices of equally many columns.

        Parameters
        ----------
        choices : array, shape (n_choices, n_chosen)

        Returns
        -------
        array, shape (n_choices, n_models)
        """
        total, _ = self.constant
        count, size = choices.shape
        if not size:
            return np.zeros((count, len(total)))
        base = self.gram[:, 1, 1]
        across = self.gram[:, :, 1].T[choices]
        inner = np.moveaxis(self.gram[:, choices[:, :, None], choices[:, None, :]], 0, -1)
        inner = inner - across[:, :, None] * across[:, None] / base
        with_y = self.gram[:, :, 0].T[choices] - across * (self.gram[:, 0, 1] / base)
        own = np.einsum("ciig->cig", inner)
        # A regressor that the constant explains, such as a step before the first known period, adds nothing.
        dead = own <= RIDGE * np.einsum("gii->ig", self.gram)[choices]
        scale = np.where(dead, np.inf, np.sqrt(np.where(dead, 1.0, own)))
        inner = np.moveaxis(inner / scale[:, :, None] / scale[:, None], -1, 1) + RIDGE * np.eye(size)
        inner = inner + np.moveaxis(dead, -1, 1)[..., None] * np.eye(size)
        with_y = np.moveaxis(with_y / scale, -1, 1)
        fit = (with_y * np.linalg.solve(inner, with_y[..., None])[..., 0]).sum(axis=-1)
        return np.asarray(np.clip(fit / np.maximum(total, 1e-300), 0.0, 1.0))

    def coefficients(self, model: int) -> Array:
        """Return the fitted constant and regressors under one noise model, shape (n_columns - 1,)."""
        size = np.sqrt(np.maximum(np.diagonal(self.gram[model])[1:], 1e-300))
        inner = self.gram[model, 1:, 1:] / size / size[:, None]
        return np.asarray(np.linalg.lstsq(inner, self.gram[model, 1:, 0] / size, rcond=None)[0] / size)

    def evidence(self, chosen: list[int], prior_periods: float | None = None) -> Array:
        """Return the log evidence of constant plus columns `chosen`, shape (n_models,)."""
        _, constant = self.constant
        gain = self.n if prior_periods is None else prior_periods
        return np.asarray(constant + log_bayes_factor(self.explained(chosen), self.n, len(chosen), gain))


def about_constant(yy: Array, y1: Array, one: Array, log_sd: Array, n: float) -> tuple[Array, Array]:
    """Return squares about a constant and its log evidence, level and scale unknown.

    Notes
    -----
    ``log m = - sum log sd - log(1'1)/2 - (n - 1)/2 · log(squares)``: flat prior on the
    level, 1/sd on the scale; constants common to all models are left out.
    """
    total = np.maximum(yy - y1**2 / one, 1e-12 * np.maximum(yy, 1e-300))
    return total, -log_sd - np.log(one) / 2 - (n - 1) / 2 * np.log(total)


def log_bayes_factor(explained: Array, n: float, columns: int, prior: float) -> Array:
    """Return the log Bayes factor of `columns` regressors against the constant alone.

    Notes
    -----
    Zellner's prior with g = `prior` (n: the information of one period):
    ``(n - 1 - k)/2 · log(1 + g) - (n - 1)/2 · log(1 + g (1 - R²))``. It is bounded
    in short series, where a likelihood ratio is not.

    References
    ----------
    Liang, Paulo, Molina, Clyde and Berger (2008), Mixtures of g priors for
    Bayesian variable selection, equation 6.
    """
    if columns == 0:
        return np.zeros_like(explained)
    if n - 1 - columns <= 0:
        return np.full_like(explained, -np.inf)
    return np.asarray((n - 1 - columns) / 2 * np.log1p(prior) - (n - 1) / 2 * np.log1p(prior * (1 - explained)))


def log_mean_exp(values: Array, axis: int = -1) -> Array:
    """Return the log of the mean of exponentials."""
    top = np.max(values, axis=axis, keepdims=True)
    top = np.where(np.isfinite(top), top, 0.0)
    with np.errstate(divide="ignore"):
        return np.asarray(np.log(np.mean(np.exp(values - top), axis=axis)) + np.squeeze(top, axis=axis))
