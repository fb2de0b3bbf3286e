"""Intervals of lines: blocks, days left out, and what few days say."""

from __future__ import annotations

import numpy as np
import pytest

from roas.decompose.bootstrap import day_weights, resampled
from roas.decompose.spread import intervals, long_run_half

ROWS = (slice(0, 28), slice(28, 56))


def means(values: np.ndarray):
    """The difference of means of two periods, as a line."""

    def split(low: np.ndarray, high: np.ndarray) -> np.ndarray:
        return np.asarray((high @ values[28:] / 28 - low @ values[:28] / 28)[:, None])

    return split


@pytest.mark.parametrize(("periods", "block"), [(28, 7), (30, 7), (10, 7), (4, 1), (1, 7)])
def test_every_draw_has_as_many_days_as_the_period(periods, block):
    weights = day_weights(np.random.default_rng(1), periods, 50, block)
    assert weights.shape == (50, periods)
    assert (weights.sum(axis=1) == periods).all()


def test_whole_weeks_keep_their_weekdays():
    weights = day_weights(np.random.default_rng(2), 28, 50, 7)
    assert (weights.reshape(50, 4, 7).sum(axis=1) == 4).all()


def test_days_counted_once_give_the_plain_sums():
    values = np.arange(24.0).reshape(4, 3, 2)
    assert np.array_equal(resampled(values, np.ones((1, 4)))[0], values.sum(axis=0))


def test_a_difference_of_means_has_its_long_run_width():
    rng = np.random.default_rng(3)
    halves = [long_run_half(means(rng.standard_normal(56)), ROWS, 7) for _ in range(300)]
    # Mean square of the half width: the quantile of t with 4 degrees, times the error's variance.
    found = float(np.mean([h[0] ** 2 for h in halves if h is not None]))
    assert found == pytest.approx(2.132**2 * 2 / 28 * 1.15, rel=0.15)


def test_the_middle_is_the_estimate_and_the_width_the_long_run_one():
    values = np.random.default_rng(4).gamma(0.5, 2.0, 56)
    rng = np.random.default_rng(5)
    weights = day_weights(rng, 28, 400, 7), day_weights(rng, 28, 400, 7)
    found = intervals(means(values), ROWS, weights, 7)[0]
    half = long_run_half(means(values), ROWS, 7)
    assert found is not None
    assert half is not None
    assert found.p50 == pytest.approx(values[28:].mean() - values[:28].mean(), rel=1e-5)
    assert found.p95 - found.p5 == pytest.approx(2 * half[0], rel=1e-4)


def test_too_short_periods_have_no_interval():
    rows = (slice(0, 2), slice(2, 4))
    weights = np.ones((5, 2)), np.ones((5, 2))
    assert intervals(lambda low, high: low[:, :1] + high[:, :1], rows, weights, 7) == [None]
