"""What ROAS moves with: parts that add to one, and find what was planted."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roas.volatility.around import Surroundings
from roas.volatility.noise import Noise, estimate_noise
from roas.volatility.series import RoasSeries
from roas.volatility.shares import PARTS, variance_shares
from roas.volatility.truth import deviation, swing
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


def few_weeks(seed: int, *, weeks: int, luck: float, moved_by: float) -> tuple[RoasSeries, Noise, Surroundings]:
    """Weeks whose demand follows ROAS to the cent, and a noise floor of a given log sd."""
    rng = np.random.default_rng(seed)
    dates = np.datetime64("2025-01-06") + 7 * np.arange(weeks)
    spend = 1000.0 * np.exp(0.2 * rng.normal(size=weeks))
    revenue = 3.0 * spend * np.exp(moved_by * rng.normal(size=weeks))
    series = RoasSeries("", "mer", "week", dates, spend, revenue, np.full(weeks, 2000.0))
    noise = Noise("counts", 60.0, float(np.sqrt(max(2000 * luck**2 - 1, 0.0))), 1.0, 60.0 * 2000 * luck**2, 0.1)
    return series, noise, Surroundings(dates, {"unclaimed revenue": revenue / spend})


def seen_variance(series: RoasSeries, noise: Noise) -> float:
    """Variance of the weeks, as the swing without luck is judged against."""
    found, weight, _ = deviation(series.weeks, noise)
    return float((weight * found**2).sum() / weight.sum()) * len(found) / (len(found) - 1)


def test_luck_larger_than_what_was_seen_is_all_of_it() -> None:
    """16 weeks that swing by 2.5 % where counting alone makes 4.7 %: other columns explain nothing."""
    series, noise, around = few_weeks(0, weeks=16, luck=0.047, moved_by=0.025)
    found = variance_shares(series, noise, around)
    assert found == dict.fromkeys(PARTS, 0.0) | {"sampling": 1.0}


CASES = {
    "seed": st.integers(0, 10_000), "weeks": st.integers(8, 120), "luck": st.floats(0.023, 0.3),
    "moved_by": st.floats(0.0, 0.4),
}  # fmt: skip


@given(**CASES)
@settings(max_examples=60, deadline=None)
def test_luck_has_the_share_that_the_noise_floor_has(seed: int, weeks: int, luck: float, moved_by: float) -> None:
    series, noise, around = few_weeks(seed, weeks=weeks, luck=luck, moved_by=moved_by)
    moves, seen = swing(series, noise), seen_variance(series, noise)
    assert moves is not None
    for about in (around, None):
        found = variance_shares(series, noise, about)
        assert found is not None and tuple(found) == PARTS
        assert sum(found.values()) == pytest.approx(1, abs=1e-12)
        assert min(found.values()) >= 0 and max(found.values()) <= 1
        assert found["sampling"] * seen == pytest.approx(min(moves.sampling_variance, seen), rel=1e-9, abs=1e-18)


@given(**CASES)
@settings(max_examples=40, deadline=None)
def test_where_luck_is_all_no_movement_is_certain(seed: int, weeks: int, luck: float, moved_by: float) -> None:
    """A share of 1 and a swing without luck that is surely above 0 never stand side by side."""
    series, noise, around = few_weeks(seed, weeks=weeks, luck=luck, moved_by=moved_by)
    found, moves = variance_shares(series, noise, around), swing(series, noise)
    assert found is not None and moves is not None
    if found["sampling"] == 1:
        assert moves.true_log_sd.p5 == 0
    if moves.true_log_sd.p5 > 0:
        assert found["sampling"] < 1
        assert moves.true_log_sd.p5**2 < (1 - found["sampling"]) * seen_variance(series, noise)


def test_more_luck_never_has_a_smaller_share() -> None:
    found = []
    for luck in (0.025, 0.03, 0.04, 0.05, 0.06, 0.08):
        shares = variance_shares(*few_weeks(3, weeks=40, luck=luck, moved_by=0.05))
        assert shares is not None
        found.append(shares["sampling"])
    assert found == sorted(found) and found[0] < 0.5 and found[-1] == 1


def test_parts_that_fit_beside_luck_keep_their_size() -> None:
    series, around = moved(1, demand=0.2)
    noise = estimate_noise(series)
    found = variance_shares(series, noise, around)
    louder = variance_shares(series, replace(noise, basket_cv=3 * (noise.basket_cv or 0)), around)
    assert found is not None and louder is not None
    assert louder["sampling"] > found["sampling"]
    assert louder["demand"] <= found["demand"]
