"""The noise floor, and the swing that is left without it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roas.volatility.noise import Noise, estimate_noise, local_mean, smoothed
from roas.volatility.series import RoasSeries
from roas.volatility.truth import FEWEST_WEEKS, observed_log_sd, sd_without_noise, swing
from tests.volatility.worlds import channel


def scaled(series: RoasSeries, factor: float) -> RoasSeries:
    return replace(series, spend=series.spend * factor, revenue=series.revenue * factor)


def test_baskets_of_a_known_variation_are_found() -> None:
    found = [estimate_noise(channel(seed, days=728)[0]) for seed in range(12)]
    assert np.mean([n.basket_cv for n in found if n.basket_cv]) == pytest.approx(0.8, abs=0.03)
    assert np.mean([n.basket for n in found if n.basket]) == pytest.approx(60, rel=0.02)
    assert {n.dispersion for n in found} == {1.0}
    assert {n.basis for n in found} == {"counts"}


def test_noise_of_a_week_is_what_its_sales_say() -> None:
    series, _ = channel(1, per_day=10, spend_sd=0.0)
    noise = estimate_noise(series)
    assert noise.basket_cv is not None
    weekly = noise.log_variance(series.weeks)
    assert weekly.mean() == pytest.approx((1 + noise.basket_cv**2) / 70, rel=0.05)


def test_split_sales_scatter_less() -> None:
    rng = np.random.default_rng(3)
    spend = np.full(364, 800.0)
    sales = np.asarray(rng.poisson(spend / 20.0) * 0.25, dtype=np.float64)
    dates = np.datetime64("2024-01-01") + np.arange(364)
    noise = estimate_noise(RoasSeries("a", "claimed_roas", "day", dates, spend, 240 * sales, sales))
    assert noise.dispersion == pytest.approx(0.25, rel=0.15)


def test_without_counts_the_scatter_is_an_upper_bound() -> None:
    bare, _ = channel(4, counted=False)
    noise = estimate_noise(bare)
    assert noise.basis == "dispersion"
    assert noise.unit == pytest.approx(60 * 1.64, rel=0.25)
    assert estimate_noise(bare.weeks).basis == "unknown"


@pytest.mark.parametrize("per_day", [10, 100])
def test_true_sd_is_found_without_the_luck(per_day: float) -> None:
    misses, inside = [], 0
    for seed in range(40):
        series, log_roas = channel(seed, days=728, per_day=per_day, true_sd=0.1)
        found = swing(series, estimate_noise(series))
        assert found is not None
        truth = log_roas[::7].std(ddof=1)
        misses.append(found.true_log_sd.p50 - truth)
        inside += found.true_log_sd.p5 <= truth <= found.true_log_sd.p95
        assert found.true_log_sd.p5 <= found.observed_log_sd
    assert abs(np.mean(misses)) < 0.01
    assert inside >= 32  # 36 of 40 expected; fewer than 32 has a chance of 2 %


def test_nothing_but_luck_has_no_true_sd() -> None:
    found = [swing(s, estimate_noise(s)) for s, _ in (channel(seed, per_day=10) for seed in range(20))]
    assert np.mean([f.true_log_sd.p5 == 0 for f in found if f]) >= 0.85
    assert (
        np.median([f.true_log_sd.p50 for f in found if f]) < 0.06 < np.median([f.observed_log_sd for f in found if f])
    )


def test_few_sales_are_weighed_not_logged() -> None:
    series, _ = channel(2, per_day=0.5)
    assert (series.weeks.revenue == 0).any()
    found = swing(series, estimate_noise(series))
    assert found is not None and np.isfinite(found.observed_log_sd)
    assert found.true_log_sd.p5 == 0


def test_without_counts_the_true_sd_is_still_found() -> None:
    misses = []
    for seed in range(12):
        series, log_roas = channel(seed, days=728, true_sd=0.1, counted=False)
        found = swing(series, estimate_noise(series))
        assert found is not None
        misses.append(found.true_log_sd.p50 - log_roas[::7].std(ddof=1))
    assert abs(np.mean(misses)) < 0.02


def test_weeks_without_counts_leave_open_what_is_luck() -> None:
    series, _ = channel(5, true_sd=0.1, counted=False)
    found = swing(series.weeks, estimate_noise(series.weeks))
    assert found is not None
    assert found.true_log_sd.p5 < 0.5 * found.observed_log_sd < 0.95 * found.observed_log_sd < found.true_log_sd.p95


def test_observed_is_the_sd_of_log_weekly_roas() -> None:
    series, _ = channel(6)
    weeks = series.weeks
    assert observed_log_sd(weeks) == pytest.approx(np.log(weeks.revenue / weeks.spend).std(ddof=1), rel=1e-12)


@pytest.mark.parametrize("factor", [100.0, 1e-3])
def test_currency_does_not_matter(factor: float) -> None:
    series, _ = channel(7, true_sd=0.1)
    a, b = (swing(s, estimate_noise(s)) for s in (series, scaled(series, factor)))
    assert a is not None and b is not None
    assert a.true_log_sd.p50 == pytest.approx(b.true_log_sd.p50, rel=1e-4)
    assert a.observed_log_sd == pytest.approx(b.observed_log_sd, rel=1e-9)


def test_too_few_weeks_say_nothing() -> None:
    series, _ = channel(8, days=7 * FEWEST_WEEKS - 1)
    assert swing(series, estimate_noise(series)) is None


@pytest.mark.parametrize(
    "change",
    [
        lambda s: replace(s, revenue=np.zeros_like(s.revenue)),
        lambda s: replace(s, spend=np.zeros_like(s.spend)),
        lambda s: replace(s, revenue=np.full_like(s.revenue, np.nan)),
        lambda s: replace(s, conversions=np.zeros_like(s.spend)),
        lambda s: replace(s, revenue=s.revenue * 1e12, spend=s.spend * 1e12),
        lambda s: replace(s, spend=np.where(np.arange(len(s.spend)) % 9 < 4, 0.0, s.spend)),
        lambda s: replace(s, revenue=np.full_like(s.revenue, 90.0), spend=np.full_like(s.spend, 30.0)),
        lambda s: s._part(slice(0, 1), "day"),
        lambda s: s._part(slice(0, 0), "day"),
    ],
)
def test_odd_series_give_an_answer_or_none(change) -> None:
    series = change(channel(9)[0])
    found = swing(series, estimate_noise(series))
    assert found is None or 0 <= found.true_log_sd.p5 <= found.true_log_sd.p50 <= found.true_log_sd.p95


def test_smoothing_keeps_a_constant_rate() -> None:
    spend = np.array([1.0, 2.0, 0.0, 4.0, 5.0])
    assert smoothed(3 * spend, spend)[[0, 1, 3, 4]] == pytest.approx(3 * spend[[0, 1, 3, 4]])
    cycle = np.tile([1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0], 10)
    assert local_mean(cycle, np.ones(70), 7) == pytest.approx(cycle)


@settings(max_examples=30, deadline=None)
@given(st.floats(0.01, 0.5), st.floats(1e-5, 0.2), st.integers(8, 120))
def test_points_are_ordered(sd: float, variance: float, weeks: int) -> None:
    deviations = np.random.default_rng(weeks).normal(0, sd, weeks)
    noise = Noise("counts", 60.0, 0.8, 1.0, 98.0, 0.03)
    points = sd_without_noise(deviations, np.full(weeks, variance), np.ones(weeks), noise)
    assert (np.diff(points) >= 0).all() and points[0] >= 0
