"""Sales without ads: the baseline of each draw, within the window and after it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from roas.response._arrays import Array
from roas.response.data import DAYS, Dates
from roas.response.design import Design, cosines, from_cosines
from roas.response.posterior import Parameters, Posterior


@dataclass(frozen=True)
class Baselines:
    """Baseline paths of n draws, relative to mean revenue.

    Attributes
    ----------
    fixed : array, shape (n, p)
        Coefficients of the orthonormal fixed columns.
    walk, demand : array, shape (n, T)
        The random walk, and what demand that is seen elsewhere does.
    demand_ahead : array of shape (n,), float
        Sd of the latter, and what remains of it from one period to the next.
    regression : array, shape (n,)
        Value of the autoregressive noise in the last period.
    whitened : array, shape (T,)
        Mean residual, made white; about standard normal when the model holds.
    """

    design: Design
    parameters: Parameters
    fixed: Array
    walk: Array
    demand: Array
    demand_ahead: tuple[Array, float]
    regression: Array
    whitened: Array

    @property
    def path(self) -> Array:
        """Baseline per period, shape (n, T), without the columns of spikes."""
        design = self.design
        raw = self._raw_coefficients()
        spikes = len(design.layout.spikes)
        if spikes:
            raw = raw[:, : raw.shape[1] - spikes]
        return raw @ design.columns[:, : raw.shape[1]].T + self.walk + self.demand

    def _raw_coefficients(self) -> Array:
        """Return coefficients of the columns as they are named."""
        return np.asarray(self.fixed @ self.design.named.T)

    def ahead(self, dates: Dates, controls: Array, rng: np.random.Generator) -> tuple[Array, Array]:
        """Continue the baseline and the noise.

        Parameters
        ----------
        dates : array of datetime64[D], shape (H,)
            Right after the window.
        controls : array, shape (H, k)
        rng : Generator

        Returns
        -------
        baseline, noise : array, shape (n, H)
            Relative to mean revenue.
        """
        p, n, steps = self.parameters, len(self.fixed), len(dates)
        columns = self.design.layout.lay_out(dates, controls)
        step_sd = np.exp(p.log_walk) / np.sqrt(self.design.per_year)
        moves = step_sd[:, None] * rng.standard_normal((n, steps))
        walk = self.walk[:, -1:] + np.cumsum(moves, axis=1)
        share, keep = _logistic(p.share_logit), _logistic(p.keep_logit)
        variance = np.exp(2 * p.log_noise)
        noise = np.sqrt((1 - share) * variance)[:, None] * rng.standard_normal((n, steps))
        state = self.regression
        shocks = np.sqrt(share * variance * (1 - keep**2))[:, None] * rng.standard_normal((n, steps))
        for step in range(steps):
            state = keep * state + shocks[:, step]
            noise[:, step] += state
        swing, last = self.demand_ahead
        state = self.demand[:, -1]
        shocks = (swing * np.sqrt(1 - last**2))[:, None] * rng.standard_normal((n, steps))
        for step in range(steps):
            state = last * state + shocks[:, step]
            noise[:, step] += state
        return self._raw_coefficients() @ columns.T + walk, noise


def draw_baselines(posterior: Posterior, points: Array, total: Array, *, seed: int) -> Baselines:
    """Draw what was integrated out, given the parameters.

    Parameters
    ----------
    posterior : Posterior
    points : array, shape (n, size)
    total : array, shape (n, T)
        Media contribution, relative to mean revenue.
    seed : int
    """
    design, parameters = posterior.design, posterior.split(points)
    rng = np.random.default_rng((seed, 2))
    spectrum = design.spectrum(*parameters[6:])
    precision = 1 / spectrum.variance
    media, explained = posterior.explained(points)
    demand = explained - media.total
    left = cosines(posterior.revenue - total - demand)
    n, p = len(points), design.fixed.shape[1]
    information = (precision @ design.products).reshape(n, p, p) + design.shrink
    root = np.linalg.cholesky(np.linalg.inv(information))
    score = np.linalg.solve(information, ((left * precision) @ design.waves)[..., None])[..., 0]
    fixed = score + (root @ rng.standard_normal((n, p, 1)))[..., 0]
    rest = left - fixed @ design.waves.T
    walking = spectrum.slopes[0] / 2
    kept = walking * precision
    walk = kept * rest + np.sqrt(walking * (1 - kept)) * rng.standard_normal(rest.shape)
    share = _logistic(parameters.share_logit)[:, None]
    keep = _logistic(parameters.keep_logit)[:, None]
    regression = np.exp(2 * parameters.log_noise)[:, None] * share * (1 - keep**2)
    regression = regression / (1 + keep**2 - 2 * keep * design.turn)
    of_rest = np.maximum(spectrum.variance - walking, 1e-300)
    noise = regression / of_rest * (rest - walk)
    noise += np.sqrt(regression * (1 - regression / of_rest)) * rng.standard_normal(rest.shape)
    white = from_cosines((left - score @ design.waves.T) * np.sqrt(precision))
    claims = posterior.claims
    swing = np.zeros(n) if claims is None else np.abs(posterior.moved_by_demand(points)[:, 0]) * claims.demand_sd
    return Baselines(
        design,
        parameters,
        fixed,
        from_cosines(walk),
        demand,
        (swing, 0.0 if claims is None else claims.demand_keep),
        from_cosines(noise)[:, -1],
        white.mean(axis=0),
    )


def later(dates: Dates, grain: str, periods: int) -> Dates:
    """Return the dates of `periods` periods after the window."""
    step = DAYS[grain]
    return np.asarray(dates[-1] + step * np.arange(1, periods + 1))


def _logistic(x: Array) -> Array:
    return np.asarray(1 / (1 + np.exp(-x)))
