"""Shocks, conditional volatility and the control chart."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from roas.volatility.regimes.ewma import drift_chart, ewma_chart, ewma_volatility, limit_width
from roas.volatility.regimes.shocks import standardise
from roas.volatility.series import RoasSeries

UNIT = 60 * 1.64


def daily(seed=0, *, days=365, per_day=100.0, sd=0.1, phi=0.6, spend_sd=0.3, change=0.0, at=None):
    """Compound-Poisson sales about an autoregressive log ROAS with a weekday cycle."""
    rng = np.random.default_rng(seed)
    t = np.arange(days)
    demand, state = np.empty(days), 0.0
    for k, shock in enumerate(rng.standard_normal(days) * sd * np.sqrt(1 - phi**2)):
        state = phi * state + shock
        demand[k] = state
    log_rho = np.log(3) + demand + 0.2 * np.sin(2 * np.pi * t / 7) + change * (t >= (days if at is None else at))
    spend = per_day * 20 * np.exp(spend_sd * rng.standard_normal(days))
    count = rng.poisson(np.exp(log_rho) * spend / 60)
    revenue = np.where(count > 0, rng.gamma(np.maximum(count, 1) / 0.64, 60 * 0.64), 0.0)
    dates = np.datetime64("2024-01-01") + t
    return RoasSeries("a", "claimed_roas", "day", dates, spend, revenue, count.astype(float))


def test_shocks_have_unit_variance_and_no_memory():
    shocks = standardise(daily(), UNIT)
    white = shocks.white[shocks.usable]
    assert np.isclose(shocks.z[shocks.usable].std(), 1)
    assert np.isclose(white.std(), 1)
    assert abs(np.corrcoef(white[1:], white[:-1])[0, 1]) < 0.12


def test_true_sd_is_told_from_counting_noise():
    fits = [standardise(daily(seed, per_day=100), UNIT) for seed in range(8)]
    assert abs(np.mean([fit.true_sd for fit in fits]) - 0.1) < 0.02
    assert abs(np.mean([fit.phi for fit in fits]) - 0.6) < 0.2
    assert np.mean([standardise(daily(seed, sd=0.0), UNIT).true_sd for seed in range(8)]) < 0.03


def test_shocks_do_not_depend_on_the_currency():
    series = daily()
    cents = replace(series, spend=series.spend * 100, revenue=series.revenue * 100)
    assert np.allclose(standardise(series, UNIT).z, standardise(cents, UNIT * 100).z, atol=1e-6)


def test_a_given_break_leaves_no_trace_in_the_shocks():
    series = daily(per_day=300, change=-0.5, at=200)
    known, hidden = standardise(series, UNIT, breaks=[200]), standardise(series, UNIT)
    near = slice(190, 210)
    assert np.abs(known.residual[near]).mean() < np.abs(hidden.residual[near]).mean()
    assert known.expected[199] / known.weekday[199] > 1.4 * known.expected[200] / known.weekday[200]


@pytest.mark.parametrize("unit", [UNIT, None, 0.0, float("nan")])
@pytest.mark.parametrize("value", [0.0, 5.0, 1e12, float("nan")])
def test_odd_series_give_no_shocks_and_no_error(unit, value):
    for length in (0, 1, 40):
        flat = np.full(length, value)
        dates = np.datetime64("2024-01-01") + np.arange(length)
        shocks = standardise(RoasSeries("a", "mer", "day", dates, flat, flat), unit)
        assert not shocks.usable.any()
        assert len(shocks.to_frame()) == length


def test_days_without_spend_have_no_shock():
    series = daily()
    spend, revenue = series.spend.copy(), series.revenue.copy()
    spend[50:70], revenue[90] = 0.0, np.nan
    shocks = standardise(replace(series, spend=spend, revenue=revenue), UNIT)
    assert not shocks.usable[50:70].any()
    assert not shocks.usable[90]
    assert shocks.usable[70:90].all()


def test_volatility_follows_the_recursion_and_never_sees_its_own_day():
    z = np.array([1.0, 2.0, np.nan, 0.5])
    path = ewma_volatility(z, memory=0.9, start=1.0)
    assert np.allclose(path**2, [1.0, 1.0, 1.3, 1.3])


def test_memory_outside_its_range_is_refused():
    with pytest.raises(ValueError, match="memory"):
        ewma_volatility(np.ones(3), memory=1.0)
    with pytest.raises(ValueError, match="smoothing"):
        ewma_chart(np.ones(3), smoothing=0.0, width=3.0)


def test_chart_equals_its_formula():
    z = np.array([1.0, -1.0, 2.0])
    chart = ewma_chart(z, smoothing=0.2, width=3.0, autocorrelation=0.5)
    assert np.allclose(chart.value, [0.2, -0.04, 0.368])
    steps = np.arange(1, 4)
    assert np.allclose(chart.limit, 3 * np.sqrt(2 * 0.2 / 1.8 * (1 - 0.8 ** (2 * steps))))
    assert chart.first is None


def test_limits_hold_their_false_alarms_in_simulated_runs():
    rng = np.random.default_rng(3)
    width = limit_width(365, 0.1)
    z = rng.standard_normal((4000, 365))
    average, hit = np.zeros(4000), np.zeros(4000, dtype=bool)
    for t in range(365):
        average = 0.1 * z[:, t] + 0.9 * average
        hit |= np.abs(average) > width * np.sqrt(0.1 / 1.9 * (1 - 0.9 ** (2 * (t + 1))))
    # Narrow limits of the first days, which the width does not know of, add a little.
    assert 0.085 < hit.mean() < 0.13


def test_limits_of_a_textbook_chart_have_their_run_length():
    # Lucas and Saccucci (1990), table 3: l = 0.1, L = 2.814 gives an in-control run of 500.
    chance = 1 - np.exp(-200 / 500)
    assert abs(limit_width(200, float(chance)) - 2.814) < 0.04


def test_drift_is_found_and_a_steady_series_is_quiet():
    assert drift_chart(standardise(daily(1, change=-0.3, at=250), UNIT), reference=200).first is not None
    quiet = [drift_chart(standardise(daily(seed), UNIT), reference=200).first for seed in range(10)]
    assert sum(place is not None for place in quiet) <= 1


def test_no_reference_gives_an_empty_chart():
    assert len(drift_chart(standardise(daily(), UNIT), reference=3).value) == 0
