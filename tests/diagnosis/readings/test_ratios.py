"""Ratios of weekly sums: algebra, and coverage under memory."""

from __future__ import annotations

import numpy as np
import pytest

from roas.diagnosis.readings.ratios import exact, exact_change, level, moved

NOW, THEN = slice(52, 60), slice(0, 52)


def test_a_ratio_is_of_sums():
    found = level(np.array([1.0, 2, 3, 30]), np.array([1.0, 1, 1, 9]))
    assert found is not None
    assert found.p50 == 3.0


def test_a_constant_ratio_has_no_interval():
    bottom = np.arange(1.0, 61)
    found = moved(0.4 * bottom, bottom, NOW, THEN)
    assert found is not None
    assert found.now.p5 == pytest.approx(0.4) == found.now.p95
    assert found.change.p5 == pytest.approx(0, abs=1e-9)


def test_scale_changes_nothing_but_the_level():
    rng = np.random.default_rng(3)
    top, bottom = rng.gamma(9, 1, 60), rng.gamma(30, 1, 60)
    one, other = moved(top, bottom, NOW, THEN), moved(1e6 * top, bottom, NOW, THEN)
    assert one is not None
    assert other is not None
    assert one.change.p95 == pytest.approx(other.change.p95, rel=1e-4)


def test_weeks_without_a_bottom_are_left_out():
    top, bottom = np.ones(60), np.ones(60)
    top[3], bottom[7] = np.nan, 0.0
    assert moved(top, bottom, NOW, THEN) is not None


@pytest.mark.parametrize("broken", [np.zeros(60), np.full(60, np.nan), -np.ones(60)])
def test_nothing_above_the_line_is_not_known(broken):
    assert moved(broken, np.ones(60), NOW, THEN) is None
    assert level(broken, np.ones(60)) is None


@pytest.mark.parametrize(("memory", "least"), [(0.0, 0.85), (0.5, 0.8)])
def test_no_change_is_covered(memory, least):
    hits = 0
    for seed in range(300):
        rng = np.random.default_rng((seed, 8))
        shocks = rng.normal(0, 0.1 * np.sqrt(1 - memory**2), 200)
        for t in range(1, 200):
            shocks[t] += memory * shocks[t - 1]
        found = moved(np.exp(shocks[-60:]), np.ones(60), NOW, THEN)
        assert found is not None
        hits += found.change.p5 <= 0 <= found.change.p95
    assert least <= hits / 300 <= 0.97


def test_what_is_counted_has_no_interval():
    assert exact(np.array([2.0, 4]), np.array([4.0, 4]), slice(0, 2)) == 0.75
    assert exact(np.ones(2), np.zeros(2), slice(0, 2)) is None
    assert exact_change(3.0, 2.0) == 0.5
    assert exact_change(3.0, 0.0) is None
    assert exact_change(None, 1.0) is None
