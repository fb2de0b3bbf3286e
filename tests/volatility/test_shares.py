"""What ROAS moves with: parts that add to one, and find what was planted."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from roas.volatility.noise import estimate_noise
from roas.volatility.series import RoasSeries
from roas.volatility.shares import PARTS, Surroundings, variance_shares
from tests.volatility.worlds import channel

WEEKS = 104


def moved(seed: int, *, demand=0.0, spend=0.0, price=0.0, season=0.0, rest=0.0) -> tuple[RoasSeries, Surroundings]:
    """A channel with 60 sales a day whose ROAS moves by these log sds, week by week."""
    rng = np.random.default_rng(seed)
    waves = {name: rng.normal(size=WEEKS) for name in ("demand", "price", "rest")}
    bought = np.repeat(rng.normal(size=WEEKS // 4), 4)
    cycle = np.sqrt(2) * np.sin(2 * np.pi * np.arange(WEEKS) / 52.18)
    log_roas = demand * waves["demand"] - spend * bought - price * waves["price"] + season * cycle
    log_roas = np.repeat(log_roas + rest * waves["rest"], 7)
    cost = 1200 * np.repeat(np.exp(2 * spend * bought), 7)
    sales = rng.poisson(np.exp(log_roas) * cost / 20.0)
    revenue = rng.gamma(np.maximum(sales, 1) / 0.64, 60 * 0.64) * (sales > 0)
    impressions = cost * 100 * np.exp(-price * np.repeat(waves["price"], 7))
    dates = np.datetime64("2023-01-02") + np.arange(7 * WEEKS)
    series = RoasSeries("a", "claimed_roas", "day", dates, cost, revenue, sales.astype(float), impressions)
    unpaid = 9e4 * np.exp(demand * waves["demand"] + season * cycle)
    return series, Surroundings(dates[::7], {"unclaimed revenue": unpaid})


@pytest.mark.parametrize(
    ("planted", "part"),
    [("demand", "demand"), ("spend", "spend"), ("price", "funnel"), ("season", "calendar"), ("rest", "unexplained")],
)
def test_what_was_planted_is_found(planted: str, part: str) -> None:
    found = []
    for seed in range(5):
        series, around = moved(seed, **{planted: 0.2})
        found.append(variance_shares(series, estimate_noise(series), around))
    mean = {name: np.mean([f[name] for f in found if f]) for name in PARTS}
    assert mean[part] > 0.75
    assert all(mean[name] < 0.1 for name in PARTS if name not in (part, "sampling"))


def test_luck_alone_is_called_luck() -> None:
    found = [variance_shares(s, estimate_noise(s), a) for s, a in (moved(seed) for seed in range(8))]
    assert np.mean([f["sampling"] for f in found if f]) > 0.85


@pytest.mark.parametrize("seed", range(6))
def test_shares_add_to_one(seed: int) -> None:
    series, around = moved(seed, demand=0.1, spend=0.1, price=0.1, season=0.05, rest=0.05)
    for about in (around, None):
        found = variance_shares(series, estimate_noise(series), about)
        assert found is not None and tuple(found) == PARTS
        assert sum(found.values()) == pytest.approx(1, abs=1e-12)
        assert min(found.values()) >= 0


def test_columns_that_are_missing_move_into_unexplained() -> None:
    series, around = moved(1, demand=0.2)
    found = variance_shares(series, estimate_noise(series))
    assert found is not None and found["demand"] == 0 and found["unexplained"] > 0.7
    hollow = replace(around, demand={"sessions": np.full(WEEKS, np.nan)})
    assert variance_shares(series, estimate_noise(series), hollow) == found


def test_odd_series_have_shares_or_none() -> None:
    plain, _ = channel(1)
    for series in (
        replace(plain, revenue=np.zeros_like(plain.spend)),
        replace(plain, revenue=3 * plain.spend, conversions=None),
        replace(plain, spend=np.where(np.arange(len(plain.spend)) % 20 < 14, 0.0, plain.spend)),
        plain._part(slice(0, 60), "day"),
        plain._part(slice(0, 3), "day"),
    ):
        found = variance_shares(series, estimate_noise(series))
        assert found is None or sum(found.values()) == pytest.approx(1)
