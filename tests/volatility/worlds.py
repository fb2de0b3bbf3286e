"""Channels with a planted true ROAS: counted sales, gamma baskets."""

from __future__ import annotations

import numpy as np

from roas.volatility.series import RoasSeries


def channel(
    seed: int,
    *,
    days: int = 364,
    per_day: float = 30.0,
    true_sd: float = 0.0,
    step: float = 0.0,
    at: int | None = None,
    counted: bool = True,
    spend_sd: float = 0.2,
) -> tuple[RoasSeries, np.ndarray]:
    """A series, and its true log ROAS by day; `true_sd` moves by whole weeks."""
    rng = np.random.default_rng(seed)
    spend = per_day * 20.0 * np.exp(np.repeat(rng.normal(0, spend_sd, days // 7 + 1), 7)[:days])
    log_roas = np.log(3.0) + np.repeat(rng.normal(0, true_sd, days // 7 + 1), 7)[:days]
    if at is not None:
        log_roas = log_roas + step * (np.arange(days) >= at)
    sales = rng.poisson(np.exp(log_roas) * spend / 60.0)
    revenue = rng.gamma(np.maximum(sales, 1) / 0.64, 60.0 * 0.64) * (sales > 0)
    dates = np.datetime64("2024-01-01") + np.arange(days)
    return (
        RoasSeries("Meta", "claimed_roas", "day", dates, spend, revenue, sales.astype(float) if counted else None),
        log_roas,
    )
