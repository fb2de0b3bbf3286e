"""Draws from the posterior: modes, a Laplace metric, and chains in one batch."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from roas.response._arrays import Array
from roas.response.chains import bulk_ess, split_rhat

#: Log densities (n,) and gradients (n, size) of points (n, size).
Density: TypeAlias = Callable[[Array], tuple[Array, Array]]

#: Points (n, size) and amounts (n,) → moved points and log change of volume (n,).
Move: TypeAlias = Callable[[Array, Array], tuple[Array, Array]]

#: What a sampled answer must reach, else it says that it has not converged.
LARGEST_RHAT: Final = 1.01
SMALLEST_ESS: Final = 400.0

CHAINS: Final = 16
STARTS: Final = 4
WARM_UP: Final = (40, 60, 80)  # iterations between two renewals of the metric
ROUND: Final = 160  # iterations per chain, then convergence is looked at
ROUNDS: Final = 8
TARGET_ACCEPTANCE: Final = 0.8
PATH: Final = 1.8  # length of a trajectory, in posterior standard deviations
MOVE: Final = 0.5  # sd of the amount of a `Move`
FAR: Final = 25.0  # prior standard deviations from the mode; beyond, a trajectory has run away
LARGEST_JUMP: Final = 1000.0  # a change of energy beyond this diverges


@dataclass(frozen=True)
class Sample:
    """Draws and how far they can be trusted.

    Attributes
    ----------
    draws : array, shape (n, size)
        Pooled over chains.
    rhat, ess : array, shape (size,)
    acceptance : float
        Mean acceptance probability.
    divergences : int
        Trajectories whose energy ran away.
    evaluations : int
        Points at which the density was evaluated.
    """

    draws: Array
    rhat: Array
    ess: Array
    acceptance: float
    divergences: int
    evaluations: int

    @property
    def converged(self) -> bool:
        """Every R-hat is below 1.01 and every effective sample size above 400."""
        return bool(self.rhat.max() < LARGEST_RHAT and self.ess.min() > SMALLEST_ESS)


@dataclass(frozen=True)
class Mode:
    """A maximum of the density and the metric around it."""

    point: Array
    log_density: float
    covariance: Array


def find_mode(
    density: Density, center: Array, spread: Array, rng: np.random.Generator, *, starts: int = STARTS
) -> Mode:
    """Climb from several starts; return the highest mode and its Laplace covariance.

    Parameters
    ----------
    density : callable
    center, spread : array, shape (size,)
        Where to start and how far starts lie apart.
    rng : Generator
    """
    from scipy.optimize import minimize

    def down(z: Array) -> tuple[float, Array]:
        value, gradient = density((center + spread * z)[None])
        if not np.isfinite(value[0]):
            return 1e10, np.zeros_like(z)
        return -float(value[0]), -gradient[0] * spread

    best: tuple[float, Array] | None = None
    for start in range(starts):
        z = np.zeros_like(center) if start == 0 else 0.8 * rng.standard_normal(len(center))
        found = minimize(down, z, jac=True, method="L-BFGS-B", bounds=[(-6, 6)] * len(z), options={"maxiter": 400})
        if best is None or found.fun < best[0] - 1e-6:
            best = (float(found.fun), found.x)
    assert best is not None
    # Rounding keeps the last digits of the search out of every later draw.
    point = center + spread * np.round(best[1], 3)
    return Mode(point, -best[0], laplace_covariance(density, point, spread))


def laplace_covariance(density: Density, point: Array, spread: Array) -> Array:
    """Invert minus the Hessian, from differences of the gradient.

    Curvature is kept at half of the prior's at least: beyond that a mode
    says little about how far its neighbourhood reaches.
    """
    step = 1e-4 * spread
    size = len(point)
    moved = np.concatenate([point + np.diag(step), point - np.diag(step)])
    gradient = density(moved)[1]
    curvature = -(gradient[:size] - gradient[size:]) / (2 * step[:, None]) * np.outer(spread, spread)
    curvature = np.where(np.isfinite(curvature), (curvature + curvature.T) / 2, 0.0)
    values, vectors = np.linalg.eigh(curvature)
    covariance = (vectors / np.maximum(values, 0.5)) @ vectors.T
    return np.asarray(covariance * np.outer(spread, spread))


def sample(
    density: Density,
    center: Array,
    spread: Array,
    *,
    seed: int,
    chains: int = CHAINS,
    move: Move | None = None,
) -> Sample:
    """Draw from a density by Hamiltonian Monte Carlo.

    All chains move together, as one batch of points. They start around the
    mode, learn a common step and metric, and are lengthened until R-hat and
    effective sample size are good enough or `ROUNDS` are used up.

    Parameters
    ----------
    density : callable
        Log density and gradient of points, shape (n, size).
    center, spread : array, shape (size,)
        Rough location and scale, for the search of the mode.
    seed : int
    chains : int
        Number of chains.
    move : callable, optional
        A one-parameter move, proposed after every trajectory with normal
        amounts: it crosses ridges that trajectories follow slowly.

    References
    ----------
    Neal (2011), MCMC using Hamiltonian dynamics; Hoffman and Gelman (2014)
    for the step size.
    """
    rng = np.random.default_rng(seed)
    mode = find_mode(density, center, spread, rng)
    sampler = _Sampler(density, rng, mode, chains, reach=FAR * spread)
    sampler.move = move
    metric = mode.covariance
    for number, length in enumerate(WARM_UP):
        sampler.use(metric)
        draws = sampler.run(length, adapt=True)[length // 3 :]
        metric = _pooled_covariance(draws, mode.covariance, weight=number + 1)
    sampler.use(metric)
    sampler.run(20, adapt=True)
    kept: list[Array] = []
    for number in range(ROUNDS):
        kept.append(sampler.run(ROUND, adapt=False))
        draws = np.concatenate(kept)
        rhat, ess = split_rhat(draws), bulk_ess(draws)
        if rhat.max() < LARGEST_RHAT and ess.min() > SMALLEST_ESS:
            break
        if number in (0, 1):  # warm-up was too short: start again from here
            sampler.use(_pooled_covariance(draws, mode.covariance, weight=8))
            sampler.run(30, adapt=True)
            if rhat.max() > 1.05:
                kept.clear()
    return Sample(
        draws.reshape(-1, draws.shape[2]),
        rhat,
        ess,
        sampler.accepted / max(sampler.iterations, 1),
        sampler.divergences,
        sampler.evaluations,
    )


def _pooled_covariance(draws: Array, prior: Array, *, weight: float) -> Array:
    """Mix the covariance of all chains' draws with the Laplace one."""
    flat = draws.reshape(-1, draws.shape[2])
    worth = weight * draws.shape[1]  # a guess at how many draws are independent
    return np.asarray((worth * np.cov(flat.T) + 8 * prior) / (worth + 8))


class _Sampler:
    """The state of all chains, advanced together."""

    def __init__(self, density: Density, rng: np.random.Generator, mode: Mode, chains: int, *, reach: Array) -> None:
        self.density, self.rng = density, rng
        self.middle, self.reach = mode.point, reach
        self.evaluations = self.divergences = self.iterations = 0
        self.accepted = 0.0
        self.step = 0.4
        self.move: Move | None = None
        self.points, self.values, self.gradients = self._starts(mode, chains)

    def _starts(self, mode: Mode, chains: int) -> tuple[Array, Array, Array]:
        """Draw around the mode; pull back what lands where density is too low."""
        size = len(mode.point)
        away = self.rng.standard_normal((chains, size)) @ np.linalg.cholesky(mode.covariance).T
        lowest = mode.log_density - size / 2 - 4 * np.sqrt(size / 2)
        points = mode.point + away
        for _ in range(12):
            values, gradients = self._evaluate(points)
            low = ~(values > lowest)
            if not low.any():
                break
            away[low] *= 0.7
            points = mode.point + away
        return points, values, gradients

    def _evaluate(self, points: Array) -> tuple[Array, Array]:
        self.evaluations += len(points)
        near: npt.NDArray[np.bool_] = np.asarray((np.abs(points - self.middle) < self.reach).all(axis=1))
        lost = ~near
        if lost.any():
            points = np.where(lost[:, None], self.middle, points)
        values, gradients = self.density(points)
        bad = lost | ~(np.isfinite(values) & np.isfinite(gradients).all(axis=1))
        if bad.any():
            values, gradients = np.where(bad, -np.inf, values), np.where(bad[:, None], 0.0, gradients)
        return values, gradients

    def use(self, covariance: Array) -> None:
        """Take a new metric and start to adapt the step anew."""
        self.root = np.linalg.cholesky(covariance)
        self.count, self.error, self.log_step_mean = 0, 0.0, np.log(self.step)
        self.anchor = np.log(1.5 * self.step)

    def run(self, iterations: int, *, adapt: bool) -> Array:
        """Advance; return draws of shape (iterations, chains, size)."""
        out = np.empty((iterations, *self.points.shape))
        if not adapt:
            self.step = float(np.exp(self.log_step_mean)) if self.count else self.step
        for i in range(iterations):
            probability = self._advance()
            if adapt:
                self._adapt(float(probability.mean()))
            else:
                self.iterations += 1
                self.accepted += float(probability.mean())
            if self.move is not None:
                self._interweave(self.move)
            out[i] = self.points
        if adapt:
            self.step = float(np.exp(self.log_step_mean))
        return out

    def _interweave(self, move: Move) -> None:
        """Propose the move to every chain (Metropolis)."""
        amount = MOVE * self.rng.standard_normal(len(self.points))
        luck = np.log(self.rng.uniform(size=len(self.points)))
        points, volume = move(self.points, amount)
        values, gradients = self._evaluate(points)
        self._take(luck < values - self.values + volume, points, values, gradients)

    def _take(self, taken: npt.NDArray[np.bool_], points: Array, values: Array, gradients: Array) -> None:
        self.points = np.where(taken[:, None], points, self.points)
        self.values = np.where(taken, values, self.values)
        self.gradients = np.where(taken[:, None], gradients, self.gradients)

    def _adapt(self, acceptance: float) -> None:
        """Dual averaging of the log step towards the target acceptance."""
        self.count += 1
        rate = 1 / (self.count + 5)
        self.error = (1 - rate) * self.error + rate * (TARGET_ACCEPTANCE - acceptance)
        log_step = self.anchor - np.sqrt(self.count) / 0.1 * self.error
        weight = self.count**-0.75
        self.log_step_mean = weight * log_step + (1 - weight) * self.log_step_mean
        self.step = float(np.exp(np.clip(log_step, -7, 0.7)))

    def _advance(self) -> Array:
        """Make one trajectory with every chain; return acceptance probabilities."""
        rng, root = self.rng, self.root
        momentum = rng.standard_normal(self.points.shape)
        steps = max(1, min(24, round(PATH * rng.uniform(0.6, 1.4) / self.step)))
        luck = np.log(rng.uniform(size=len(self.points)))
        start = self.values - 0.5 * (momentum**2).sum(axis=1)
        points, gradients = self.points, self.gradients
        momentum = momentum + 0.5 * self.step * (gradients @ root)
        for i in range(steps):
            points = points + self.step * (momentum @ root.T)
            values, gradients = self._evaluate(points)
            momentum = momentum + (1.0 if i < steps - 1 else 0.5) * self.step * (gradients @ root)
        with np.errstate(invalid="ignore"):
            gain = values - 0.5 * (momentum**2).sum(axis=1) - start
        gain = np.where(np.isfinite(gain), gain, -np.inf)
        self.divergences += int((gain < -LARGEST_JUMP).sum())
        self._take(luck < gain, points, values, gradients)
        return np.exp(np.minimum(gain, 0.0))
