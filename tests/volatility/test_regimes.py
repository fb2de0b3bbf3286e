"""Tests of changing variance, and the call of calm or turbulent."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from roas.volatility.regimes.clustering import arch_lm, clustering, kappa2
from roas.volatility.regimes.shocks import standardise
from roas.volatility.regimes.states import FEWEST, regime, visibility
from roas.volatility.regimes.switching import fit, gain
from roas.volatility.series import RoasSeries

UNIT = 60 * 1.64


def daily(seed, *, days=365, per_day=300.0, sd=0.1, times=1.0, thin=1.0):
    """Sales about independent true swings; over the last third the true sd and the spend are multiplied."""
    rng = np.random.default_rng(seed)
    late = np.arange(days) >= days * 2 // 3
    spend = per_day * 20 * np.where(late, thin, 1.0)
    rho = 3 * np.exp(rng.standard_normal(days) * sd * np.where(late, times, 1.0))
    count = rng.poisson(rho * spend / 60)
    revenue = np.where(count > 0, rng.gamma(np.maximum(count, 1) / 0.64, 60 * 0.64), 0.0)
    dates = np.datetime64("2024-01-01") + np.arange(days)
    return RoasSeries("a", "claimed_roas", "day", dates, spend, revenue, count.astype(float))


def states(seeds, **world):
    return [regime(standardise(daily(seed, **world), UNIT), seed=seed) for seed in seeds]


def test_arch_statistic_equals_the_regression():
    from statsmodels.stats.diagnostic import het_arch

    z = np.random.default_rng(0).standard_normal(3000)
    assert abs(float(arch_lm(z**2, 7)) - het_arch(z, nlags=7, result_object=True).lm) < 0.2


def test_kappa2_peaks_where_the_variance_changed():
    rng = np.random.default_rng(1)
    z = np.concatenate([rng.standard_normal(200), 2 * rng.standard_normal(200)])
    statistic, place = kappa2(z**2)
    assert statistic > 1.358
    assert abs(int(place) - 200) < 30


def test_tests_hold_their_size_on_skewed_shocks():
    rng = np.random.default_rng(2)
    p = [clustering(rng.gamma(2.0, 1.0, 200) - 2, "day", seed=k).p_value for k in range(150)]
    assert np.mean(np.array(p) <= 0.1) < 0.17


def test_constant_variance_is_not_called_turbulent():
    found = states(range(30))
    assert sum(each.state == "turbulent" for each in found) <= 2
    assert sum(each.state == "calm" for each in found) >= 25


def test_doubled_true_sd_is_called_turbulent_with_its_date():
    found = states(range(10), times=2.0)
    named = [each for each in found if each.state == "turbulent"]
    assert len(named) >= 8
    first = np.datetime64("2024-01-01") + 365 * 2 // 3
    late = [abs((np.datetime64(each.since) - first) / np.timedelta64(1, "D")) for each in named]
    assert np.median(late) < 15
    assert abs(np.median([each.calm_sd for each in named]) - 0.1) < 0.03
    assert abs(np.median([each.turbulent_sd for each in named]) - 0.2) < 0.05


def test_few_sales_are_not_turbulence():
    found = states(range(20), thin=0.03)
    assert not any(each.state == "turbulent" for each in found)


def test_less_than_a_sale_a_day_is_not_turbulence():
    assert not any(each.state == "turbulent" for each in states(range(20), per_day=30.0, thin=0.03))


def test_unknown_counting_noise_is_unknown():
    found = regime(standardise(daily(0, times=3.0), None))
    assert found.state == "unknown"
    assert "not known" in found.why


def test_noise_that_hides_everything_is_unknown_not_calm():
    found = states(range(5), per_day=5.0)
    assert all(each.state == "unknown" for each in found)
    assert "luck of few sales" in found[0].why


@pytest.mark.parametrize("days", [0, 1, 20, 119])
def test_short_series_are_unknown(days):
    found = regime(standardise(daily(0, days=days), UNIT))
    assert found.state == "unknown"
    assert str(FEWEST["day"]) in found.why


def test_one_wild_day_is_not_a_regime():
    series = daily(4)
    revenue = series.revenue.copy()
    revenue[-2] *= 5
    assert regime(standardise(replace(series, revenue=revenue), UNIT)).state != "turbulent"


def test_switching_finds_both_states():
    rng = np.random.default_rng(5)
    z = rng.standard_normal(600) * np.where((np.arange(600) // 150) % 2, 2.0, 1.0)
    model = fit(z / z.std(), 7)
    assert 2.3 < model.turbulent / model.calm < 6
    assert model.probability[150:300].mean() > 0.85 > 0.2 > model.probability[300:450].mean()
    # The fit starts from the best fixed setting, so it gains at least as much.
    assert model.gain >= float(gain((z / z.std())[None], 7)[0]) - 0.5


def test_visibility_grows_with_length_and_signal():
    assert visibility(365, 0.3) > visibility(120, 0.3) > 0
    assert visibility(365, 0.6) > visibility(365, 0.3)


def test_result_is_plain_json_and_repeats():
    shocks = standardise(daily(7, times=2.0), UNIT)
    found = regime(shocks, seed=1)
    assert found == regime(shocks, seed=1)
    assert json.loads(json.dumps(found.to_dict(), allow_nan=False))["state"] == found.state


@pytest.mark.slow
def test_healthy_accounts_are_called_turbulent_in_at_most_one_of_twenty():
    for per_day in (10.0, 30.0, 100.0):
        assert np.mean([each.state == "turbulent" for each in states(range(300), per_day=per_day)]) <= 0.05
