"""Odd periods: judged by their past, robust to what was odd before."""

from __future__ import annotations

import numpy as np
import pytest

from roas.volatility.noise import Noise
from roas.volatility.online.oddities import WARM_UP, judge, odd_days, odd_periods
from roas.volatility.online.outlook import START
from roas.volatility.series import RoasSeries


def usual(seed, n=300, cycle=0):
    rng = np.random.default_rng(seed)
    wave = 10 * rng.normal(size=cycle)[np.arange(n) % cycle] if cycle else 0.0
    return 100 + wave + 5 * rng.normal(size=n)


def days(sales, *, spend=None, mature=-1, basket=50.0):
    sales = np.asarray(sales, dtype=float)
    spend = np.full(len(sales), 100.0) if spend is None else spend
    dates = np.datetime64("2024-01-01") + np.arange(len(sales))
    return RoasSeries("a", "mer", "day", dates, spend, basket * sales, sales, mature=mature)


@pytest.mark.parametrize("size", [-60.0, 60.0])
def test_a_spike_and_a_collapse_are_found(size):
    values = usual(1)
    values[200] += size
    found = odd_periods(values)
    assert found.index.tolist() == [200]
    assert found.score[200] > 0.999
    assert not found.lower[200] <= values[200] <= found.upper[200]


def test_a_cycle_is_not_odd():
    found = odd_periods(usual(2, n=400, cycle=7), season=7)
    assert not found.odd.any()
    assert np.nanmean(found.upper - found.lower) < 90


def test_later_values_change_no_earlier_verdict():
    values = usual(3, cycle=7)
    values[150] += 80
    values[[40, 90]] = np.nan
    whole = odd_periods(values, season=(7, 14))
    for n in (60, 151, 222):
        part = odd_periods(values[:n], season=(7, 14))
        for name in ("score", "expected", "lower", "upper", "odd"):
            assert np.array_equal(getattr(whole, name)[:n], getattr(part, name), equal_nan=name != "odd")


def test_unit_and_origin_change_nothing():
    values = usual(4)
    values[200] += 60
    one, other = odd_periods(values), odd_periods(1e6 * (values - 300))
    assert one.index.tolist() == other.index.tolist()
    assert np.allclose(one.score, other.score, equal_nan=True, atol=1e-8)


def test_an_odd_period_does_not_poison_what_follows():
    values = usual(5)
    values[150] += 1000
    found, calm = odd_periods(values), odd_periods(usual(5))
    assert found.index.tolist() == [150]
    assert np.nanmax(np.abs(found.expected[151:] - calm.expected[151:])) < 15


def test_a_lasting_level_is_accepted():
    values = usual(6, n=400)
    values[200:] += 80
    found = odd_periods(values)
    assert found.index.tolist() == [200]
    assert not found.odd[215:].any()
    assert abs(np.nanmean(found.expected[230:]) - 180) < 5


def test_short_stretch_counts_once():
    values = usual(7)
    values[200:204] -= 60
    assert odd_periods(values).index.tolist() == [200]


def test_too_little_past_is_not_judged():
    few = odd_periods(usual(8, n=START + WARM_UP))
    assert not few.judged
    assert not few.odd.any()
    assert odd_periods(usual(8)).judged
    assert not odd_periods([]).judged


@pytest.mark.parametrize("value", [0.0, 5.0, 1e12, np.nan, np.inf])
def test_odd_data_raise_nothing(value):
    for n in (1, 12, 120):
        assert not odd_periods(np.full(n, value), season=7).odd.any()


def test_gaps_are_not_judged():
    values = usual(9)
    values[100:130] = np.nan
    found = odd_periods(values)
    assert np.isnan(found.score[100:130]).all()
    assert np.isfinite(found.score[131:]).all()


def test_many_series_equal_one_by_one():
    values = np.column_stack([usual(seed, cycle=7) for seed in range(3)])
    together = judge(values, cycles=(7,))
    for column in range(3):
        alone = judge(values[:, [column]], cycles=(7,))
        assert np.allclose(together.chance[:, column], alone.chance[:, 0], equal_nan=True)


def test_false_alarms_are_as_rare_as_said():
    rng = np.random.default_rng(10)
    chance = judge(rng.standard_t(5, (600, 40))).chance
    assert np.mean(chance[np.isfinite(chance)] < 0.001) < 0.002


def test_few_sales_never_look_odd():
    sales = np.full(200, 2.0) + np.arange(200) % 2 * 0.1
    sales[150] = 6.0
    noise = Noise("counts", 50.0, 0.8, 1.0, 50.0 * 1.64)
    assert odd_days(days(sales)).odd[150]
    assert not odd_days(days(sales), noise).odd.any()
    assert odd_days(days(100 * sales), noise).odd[150]


def test_immature_and_unspent_days_are_not_judged():
    sales = np.random.default_rng(11).poisson(100, 200).astype(float)
    sales[-3:] = 5
    spend = np.full(200, 100.0)
    spend[120] = 0.0
    found = odd_days(days(sales, spend=spend, mature=197))
    assert not found.odd.any()
    assert np.isnan(found.score[[120, 197, 198, 199]]).all()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [({"season": 1}, "at least 2"), ({"false_alarms": 0.5}, "between 0 and 0.1")],
)
def test_misuse_is_refused(arguments, words):
    with pytest.raises(ValueError, match=words):
        odd_periods(usual(12), **arguments)
