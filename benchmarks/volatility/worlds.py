"""Channels whose volatility is known: compound-Poisson sales about a true ROAS that is planted.

``rho[t] = level · exp(demand[t] + weekday[t] + season[t] + step[t])`` with first-order autoregressive demand;
conversions are Poisson with mean ``rho · spend / basket``, baskets gamma with a coefficient of variation of 0.8.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

WEEKDAYS = np.array([0.2, 0.1, 0.0, -0.05, -0.05, -0.15, -0.05])


@dataclass(frozen=True)
class World:
    """One channel by day; ``log_rho`` is the planted truth."""

    spend: np.ndarray
    revenue: np.ndarray
    conversions: np.ndarray
    log_rho: np.ndarray
    dates: np.ndarray


def ar1(rng: np.random.Generator, size: tuple[int, ...], sd: float, phi: float) -> np.ndarray:
    """Stationary first-order autoregression along the last axis."""
    from scipy.signal import lfilter

    shocks = rng.standard_normal(size) * sd * np.sqrt(1 - phi**2)
    shocks[..., 0] /= np.sqrt(1 - phi**2)
    return lfilter([1.0], [1.0, -phi], shocks, axis=-1)


def draw(
    seed: int,
    *,
    days: int = 365,
    per_day: float = 30.0,
    demand_sd: float = 0.1,
    phi: float = 0.6,
    weekday: float = 0.0,
    season: float = 0.0,
    spend_sd: float = 0.0,
    step: float = 0.0,
    at: int | None = None,
    basket_cv: float = 0.8,
    basket: float = 60.0,
    roas: float = 3.0,
) -> World:
    """Draw one channel; `step` is the log change of ROAS from day `at` on, `weekday` scales a 20 % cycle."""
    rng = np.random.default_rng(seed)
    t = np.arange(days)
    spend = per_day * basket / roas * np.exp(ar1(rng, (days,), spend_sd, 0.8) - spend_sd**2 / 2)
    log_rho = np.log(roas) + ar1(rng, (days,), demand_sd, phi) - demand_sd**2 / 2
    log_rho += weekday * WEEKDAYS[t % 7] + season * np.sin(2 * np.pi * t / 365.25)
    if at is not None:
        log_rho = log_rho + step * (t >= at)
    count = rng.poisson(np.exp(log_rho) * spend / basket)
    shape = 1 / basket_cv**2
    revenue = np.where(count > 0, rng.gamma(np.maximum(count, 1) * shape, basket / shape), 0.0)
    dates = np.datetime64("2024-01-01") + t
    return World(spend, revenue, count.astype(float), log_rho, dates)
