"""The interval of a change of ROAS."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from roas import decompose
from roas.decompose import comparison
from roas.decompose.longrun import filters, ordinates_of

OLD, NEW = slice(0, 28), slice(28, 56)


def compare(*args: Any, **options: Any) -> Any:
    return decompose.compare(*args, **options)


def estimate(*args: Any, **options: Any) -> Any:
    return comparison.estimate(*args, **options)


def sales(seed: int, days: int = 56, *, per_day: float = 30, fall: float = 0.0, series: int = 1) -> np.ndarray:
    rng = np.random.default_rng(seed)
    rate = per_day * np.where(np.arange(days) < days - 28, 1.0, 1 - fall)
    return rng.poisson(np.broadcast_to(rate, (series, days))) * 50.0


def test_the_change_is_of_ratios_of_sums():
    revenue, spend = sales(1)[0], np.random.default_rng(2).uniform(50, 150, 56)
    found = compare(spend, revenue, before=OLD, after=NEW)
    assert found.roas_before == pytest.approx(revenue[OLD].sum() / spend[OLD].sum())
    assert found.change == pytest.approx(found.roas_after / found.roas_before - 1)
    assert found.interval.p5 < found.change < found.interval.p95
    assert found.interval_95[0] < found.interval.p5


def test_swapped_periods_give_the_inverse():
    revenue = sales(3, fall=0.3)[0]
    there, back = (compare(np.ones(56), revenue, before=a, after=b) for a, b in ((OLD, NEW), (NEW, OLD)))
    assert there.p_value == pytest.approx(back.p_value)
    assert (1 + there.interval.p5) * (1 + back.interval.p95) == pytest.approx(1, rel=1e-5)


def test_currency_changes_nothing():
    revenue, spend = sales(4)[0], np.full(56, 30.0)
    one, other = (compare(spend * k, revenue * m, before=OLD, after=NEW) for k, m in ((1, 1), (100, 1e12)))
    assert one.interval.p95 == pytest.approx(other.interval.p95, rel=1e-5)


def test_a_large_fall_is_found_and_a_small_one_has_its_limit():
    found = compare(np.ones(56), sales(5, fall=0.5)[0], before=OLD, after=NEW)
    assert found.p_value < 0.01
    assert 0.05 < found.detectable < 0.4


def test_history_narrows_the_interval():
    from scipy.special import stdtrit

    revenue = sales(6, 392, series=100)
    widths = []
    for spend in (np.ones(392), np.r_[np.zeros(336), np.ones(56)]):  # in the second, history teaches nothing
        found = estimate(spend, revenue, before=slice(336, 364), after=slice(364, 392))
        widths.append(float(np.median(found.error) * stdtrit(found.freedom, 0.975)))
        assert found.freedom == (28 if spend[0] else 4)
    assert widths[0] < 0.9 * widths[1]


def test_weekday_cycles_are_not_noise():
    cycle = np.tile([3.0, 1, 1, 1, 1, 1, 0.5], 8)
    plain = sales(7, per_day=100)[0]
    found, flat = (compare(np.ones(56), x, before=OLD, after=NEW) for x in (plain * cycle, plain))
    assert found.log_error < 2 * flat.log_error


def test_weeks_are_compared_too():
    revenue = sales(8, 364)[0].reshape(52, 7).sum(axis=1)
    found = compare(np.ones(52), revenue, before=slice(44, 48), after=slice(48, 52), periods_per_week=1)
    assert found.interval.p5 < 0 < found.interval.p95


def test_overlapping_periods_are_refused():
    with pytest.raises(ValueError, match="overlap"):
        compare(np.ones(9), np.ones(9), before=slice(0, 5), after=slice(4, 9))


@pytest.mark.parametrize(
    ("spend", "revenue", "cannot"),
    [
        (np.zeros(56), np.ones(56), "no_spend"),
        (np.ones(56), np.zeros(56), "no_revenue"),
        (np.ones(56), np.r_[np.ones(28), np.zeros(28)], "no_revenue"),
        (np.ones(56), np.r_[9.0, np.zeros(30), 9.0, np.zeros(24)], "too_few"),
        (np.ones(56) * np.nan, np.ones(56), "no_spend"),
    ],
)
def test_what_cannot_be_told_is_said(spend, revenue, cannot):
    found = compare(spend, revenue, before=OLD, after=NEW)
    assert found.cannot == cannot
    assert found.interval is found.p_value is found.detectable is None


def test_two_days_are_too_short():
    found = compare([1.0, 1.0], [3.0, 2.0], before=slice(0, 1), after=slice(1, 2))
    assert (found.cannot, found.change) == ("too_short", pytest.approx(-1 / 3))


@pytest.mark.parametrize("scale", [1.0, 1e12])
def test_constant_series_have_no_error(scale):
    found = compare(np.ones(56), np.full(56, scale), before=OLD, after=NEW)
    assert found.change == 0
    assert found.interval.p95 == pytest.approx(0, abs=1e-6)


def test_filters_take_out_levels_and_weekdays():
    found = filters((28, 28), (0, 28), 7)
    assert found.owner == (0, 0, 1, 1)
    assert np.abs(found.low @ np.tile(np.arange(7.0), 8)).max() < 1e-9
    assert np.abs(found.low[:, :28].sum(axis=1)).max() < 1e-9


def test_ordinates_grow_slowly():
    assert [ordinates_of(n, 7) for n in (3, 7, 28, 84, 364)] == [0, 1, 2, 3, 7]


@pytest.mark.parametrize(("days", "phi", "sd"), [(56, 0.0, 0.0), (56, 0.8, 0.2), (392, 0.0, 0.1), (392, 0.8, 0.2)])
def test_intervals_cover(days, phi, sd):
    from scipy.signal import lfilter
    from scipy.special import stdtrit

    rng = np.random.default_rng(days)
    shocks = rng.standard_normal((1500, days)) * sd * np.sqrt(1 - phi**2)
    shocks[:, 0] /= np.sqrt(1 - phi**2)
    demand = lfilter([1.0], [1.0, -phi], shocks, axis=-1) + 0.2 * (np.arange(days) % 7 == 5)
    revenue = rng.poisson(30 * np.exp(demand)) * 50.0
    found = estimate(np.ones(days), revenue, before=slice(days - 56, days - 28), after=slice(days - 28, days))
    covered = np.mean(np.abs(found.log_ratio) < -stdtrit(found.freedom, 0.025) * found.error)
    assert 0.915 < covered < 0.985  # .93 to .97, and 2.6 standard errors of 1500 draws
