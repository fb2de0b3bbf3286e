"""Breaks of level and variance, offline."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations, pairwise

import numpy as np
import pytest

from roas.volatility.breaks.cleaning import cycle_effects, without_cycle, without_spikes
from roas.volatility.breaks.find import find_breaks, roas_breaks
from roas.volatility.breaks.heavy import tail_gain
from roas.volatility.breaks.local import Around, around
from roas.volatility.breaks.longrun import Memory, Products, forecast_errors, gains
from roas.volatility.breaks.precision import Precision, from_date
from roas.volatility.breaks.segments import best_partitions, level_cost, line_cost, near_best_partitions
from roas.volatility.breaks.squares import kappa_two, tail, variance_shifts
from roas.volatility.series import RoasSeries


def account(revenue, spend=None, grain="day", conversions=None):
    dates = np.datetime64("2024-01-01") + np.arange(len(revenue)) * (1 if grain == "day" else 7)
    spend = np.ones(len(revenue)) if spend is None else spend
    conversions = None if conversions is None else np.asarray(conversions, dtype=float)
    return RoasSeries(
        "search", "mer", grain, dates, np.asarray(spend, dtype=float), np.asarray(revenue, dtype=float), conversions
    )


def stepped(seed, n=200, at=120, size=2.0):
    return 10 + np.random.default_rng(seed).normal(size=n) + size * (np.arange(n) >= at)


def autoregressive(seed, n, phi):
    shocks = np.random.default_rng(seed).normal(size=n + 100)
    for t in range(1, n + 100):
        shocks[t] += phi * shocks[t - 1]
    return shocks[100:]


def indexes(breaks):
    return [each.index for each in breaks.levels]


@pytest.mark.parametrize("make_cost", [level_cost, line_cost])
def test_partitions_are_the_cheapest_of_all(make_cost):
    rng = np.random.default_rng(3)
    values, weights = rng.normal(size=18), rng.uniform(0.5, 2, 18)
    cost = make_cost(values, weights)

    def total(dates):
        edges = [0, *dates, 18]
        return sum(float(cost(np.array(low), np.array(high))) for low, high in pairwise(edges))

    found = best_partitions(cost, 18, most=2, least=3)
    for k, dates in enumerate(found):
        every = [
            c for c in combinations(range(3, 16), k) if all(b - a >= 3 for a, b in zip((0, *c), (*c, 18), strict=True))
        ]
        assert total(dates) == pytest.approx(min(map(total, every)))


def test_costs_equal_plain_regressions():
    rng = np.random.default_rng(5)
    values, weights = rng.normal(size=30), rng.uniform(0.5, 2, 30)
    for degree, make_cost in ((0, level_cost), (1, line_cost)):
        cost = make_cost(values, weights)(np.array(4), np.array(25))
        fit = np.polyval(np.polyfit(np.arange(4, 25), values[4:25], degree, w=np.sqrt(weights[4:25])), np.arange(4, 25))
        assert cost == pytest.approx(float(weights[4:25] @ (values[4:25] - fit) ** 2))


def test_whitening_is_the_exact_likelihood():
    rng = np.random.default_rng(1)
    values, variance = rng.normal(size=12), rng.uniform(0.5, 2, 12)
    seen = np.ones(12, dtype=bool)
    seen[[3, 7]] = False
    memory = Memory(np.array([0.7]), np.array([0.4]))
    gain = gains(memory, variance, seen)
    lag = np.abs(np.subtract.outer(np.arange(12), np.arange(12)))
    covariance = (0.4 * 0.7**lag + np.diag(0.6 * variance))[np.ix_(seen, seen)]
    white = gain.whiten((values * seen)[:, None])[0, :, 0]
    assert white @ white == pytest.approx(values[seen] @ np.linalg.solve(covariance, values[seen]))
    assert 2 * gain.log_sd[0] == pytest.approx(np.linalg.slogdet(covariance)[1])


def test_precision_is_the_whitened_product():
    rng = np.random.default_rng(4)
    variance, seen, time = rng.uniform(0.5, 2, 30), np.ones(30, dtype=bool), np.arange(30)
    seen[[3, 7, 29]] = False
    memory = Memory.grid((0.3, 0.9), (0.2, 0.7))
    gain, precision = gains(memory, variance, seen), Precision.of(memory, variance, seen)
    step, slope = (time >= 11) * 1.0, np.maximum(time - 10.0, 0) / 30
    columns = np.column_stack([rng.normal(size=30), step, slope]) * seen[:, None]
    plain = Products.of(gain.whiten(columns), gain)
    times = precision.times(columns)
    assert np.allclose(np.einsum("kgn,nj->gkj", times, columns[::-1]), plain.gram, rtol=1e-6)
    assert np.allclose(precision.log_sd, plain.log_sd, rtol=1e-6)
    shown = times * seen[::-1]
    assert np.allclose(from_date(shown, slope=False)[:, :, 11].T, plain.gram[:, :, 1], rtol=1e-6)
    assert np.allclose(from_date(shown, slope=True)[:, :, 11].T, plain.gram[:, :, 2], rtol=1e-6)
    own = np.array(precision.own(seen * 1.0, seen * (time + 1) / 30))[:, :, 11]
    assert np.allclose(own, [plain.gram[:, 1, 1], plain.gram[:, 1, 2], plain.gram[:, 2, 2]], rtol=1e-6)


def test_forecast_errors_are_the_whitened_series():
    rng = np.random.default_rng(6)
    values, variance, seen = rng.normal(size=20), rng.uniform(0.5, 2, 20), np.arange(20) % 5 != 2
    gain = gains(Memory(np.array([0.8]), np.array([0.6])), variance, seen)
    plain = gain.whiten((values * seen)[:, None])[0, seen, 0]
    assert forecast_errors(values, 0.8, 0.6, variance, seen) == pytest.approx(plain)


def test_the_coarse_search_of_partitions_ends_at_exact_dates():
    rng = np.random.default_rng(7)
    values = np.repeat([0.0, 3.0, -1.0, 2.0], [151, 203, 97, 249]) + rng.normal(size=700)
    cost = level_cost(values, np.ones(700))
    exact, near = (search(cost, 700, most=4, least=7) for search in (best_partitions, near_best_partitions))
    assert exact[3] == near[3]
    assert [len(each) for each in near] == [0, 1, 2, 3, 4]


def test_explained_share_is_r_squared():
    rng = np.random.default_rng(2)
    y, x = rng.normal(size=40), rng.normal(size=(40, 2))
    gain = gains(Memory(np.zeros(1), np.zeros(1)), np.ones(40), np.ones(40, dtype=bool))
    products = Products.of(gain.whiten(np.column_stack([y, np.ones(40), x])), gain)
    design = np.column_stack([np.ones(40), x])
    rest = y - design @ np.linalg.lstsq(design, y, rcond=None)[0]
    assert products.explained([2, 3])[0] == pytest.approx(1 - rest @ rest / ((y - y.mean()) ** 2).sum())


def test_a_step_is_found_where_it_is():
    found = find_breaks(stepped(0)).levels
    (only,) = found
    assert abs(only.index - 120) <= 5
    assert only.first <= 120 <= only.last
    assert only.probability > 0.9
    assert only.before == pytest.approx(10, abs=0.3)
    assert only.after == pytest.approx(12, abs=0.3)


def test_unit_and_shift_change_no_date():
    values = stepped(1)
    assert indexes(find_breaks(values)) == indexes(find_breaks(values * 1e12)) == indexes(find_breaks(values - 500))


def test_upside_down_gives_the_same_dates():
    assert indexes(find_breaks(stepped(2))) == indexes(find_breaks(-stepped(2)))


@pytest.mark.parametrize("phi", [0.3, 0.8])
def test_memory_is_no_break(phi):
    assert sum(len(find_breaks(autoregressive(seed, 365, phi)).levels) for seed in range(20, 25)) <= 1


def test_a_walk_in_jumps_is_no_staircase():
    walks = [np.random.default_rng(seed).standard_t(2.5, 250).cumsum() for seed in range(6)]
    assert sum(len(find_breaks(walk).levels) for walk in walks) <= 3


def test_heavy_tails_gain_and_normal_ones_do_not():
    rng = np.random.default_rng(8)
    assert tail_gain(rng.normal(size=400)) == 0.0
    heavy = rng.standard_t(2, 400)
    assert tail_gain(heavy) > 20
    assert tail_gain(1e6 * heavy) == pytest.approx(tail_gain(heavy))
    assert tail_gain(np.zeros(100)) == 0.0


def test_a_drift_is_no_staircase():
    drift = np.linspace(0, 8, 365)
    assert sum(len(find_breaks(drift + autoregressive(seed, 365, 0.3)).levels) for seed in range(4)) <= 1


def test_a_cycle_is_no_break_and_hides_none():
    week = np.tile([3.0, 1, 0, 0, -1, -2, -1], 60)[:365]
    assert not find_breaks(week + autoregressive(3, 365, 0.0), season=7).levels
    found = find_breaks(week + stepped(4, 365, 200, 1.5))
    assert found.season == 7
    assert abs(indexes(found)[0] - 200) <= 5


def test_one_odd_period_is_no_break():
    values = autoregressive(5, 200, 0.0)
    values[90] += 60
    assert not find_breaks(values).levels


def test_a_promotion_week_is_no_regime():
    rng = np.random.default_rng(6)
    revenue = 3 + 0.3 * rng.normal(size=365)
    revenue[150:158] *= 1.6
    assert not roas_breaks(account(revenue)).levels


def test_levels_are_ratios_of_sums():
    rng = np.random.default_rng(7)
    spend = rng.uniform(50, 500, 300)
    revenue = spend * np.where(np.arange(300) < 180, 4.0, 2.5) * rng.gamma(40, 1 / 40, 300)
    (only,) = roas_breaks(account(revenue, spend)).levels
    assert abs(only.index - 180) <= 2
    assert only.date == np.datetime64("2024-01-01") + only.index
    before, after = slice(only.index - 56, only.index), slice(only.index, only.index + 56)
    assert only.before == pytest.approx(revenue[before].sum() / spend[before].sum())
    assert only.after == pytest.approx(revenue[after].sum() / spend[after].sum())


def test_levels_stop_at_the_neighbouring_break():
    top, ones = np.repeat([1.0, 2.0, 5.0], [100, 20, 100]), np.ones(220)
    first, second = around(top, ones, [100, 120], reach=56)
    assert (first.before, first.after, second.before, second.after) == (1, 2, 2, 5)
    (kink,) = around(np.arange(220.0), ones, [100], reach=10, kinks=True)
    assert (kink.before, kink.after) == (94.5, 214.5)


def test_a_small_jump_inside_its_noise_is_negligible():
    still = Around(4.0, 4.1, error=0.02)
    assert still.negligible(1.0)
    assert not Around(4.0, 4.1, error=0.01).negligible(1.0)
    assert Around(4.0, 4.1, error=0.01).negligible(9.0)
    assert not Around(4.0, 4.3, error=0.2).negligible(9.0)


def shop(seed, n=365, per_day=20.0, conversion=None, basket=None, spend=None):
    """Draw sales per day and baskets with a coefficient of variation of 0.8; both factors by day."""
    rng = np.random.default_rng(seed)
    spend = np.full(n, 100.0) if spend is None else spend
    counts = rng.poisson(per_day * (np.ones(n) if conversion is None else conversion) * spend / 100)
    mean = 50 * (np.ones(n) if basket is None else basket)
    revenue = np.where(counts > 0, rng.gamma(np.maximum(counts, 1) / 0.64) * 0.64 * mean, 0.0)
    return account(revenue, spend, conversions=counts)


def test_counted_sales_show_what_baskets_hide():
    fall = np.where(np.arange(365) < 200, 1.0, 0.8)
    seen = [roas_breaks(shop(seed, conversion=fall)).levels for seed in range(5)]
    hidden = [roas_breaks(replace(shop(seed, conversion=fall), conversions=None)).levels for seed in range(5)]
    assert sum(map(len, seen)) == 5 > sum(map(len, hidden))
    assert all(abs(each.index - 200) <= 14 and each.moved == "conversions" for (each,) in seen)


def test_a_change_of_baskets_is_found_and_named():
    smaller = np.where(np.arange(365) < 150, 1.0, 0.7)
    (only,) = roas_breaks(shop(1, per_day=60.0, basket=smaller)).levels
    assert abs(only.index - 150) <= 7
    assert only.moved == "basket"
    assert only.after / only.before == pytest.approx(0.7, rel=0.1)


def test_more_but_smaller_sales_are_no_break_of_roas():
    more = np.where(np.arange(365) < 180, 1.0, 2.0)
    assert not roas_breaks(shop(2, per_day=60.0, conversion=more, basket=1 / more)).levels


def test_counts_missing_from_many_days_are_not_used():
    series = shop(3, conversion=np.where(np.arange(365) < 200, 1.0, 0.4))
    assert series.conversions is not None
    holes = np.where(np.arange(365) % 3 == 0, 0.0, series.conversions)
    (only,) = roas_breaks(replace(series, conversions=holes)).levels
    assert only.moved == "roas"
    assert abs(only.index - 200) <= 7


def test_currency_changes_nothing():
    rng = np.random.default_rng(8)
    revenue = np.where(np.arange(250) < 90, 3.0, 2.0) * rng.gamma(30, 1 / 30, 250)
    euros, cents = roas_breaks(account(revenue)), roas_breaks(account(revenue * 100, np.full(250, 100.0)))
    assert indexes(euros) == indexes(cents)


def test_weeks_and_thin_days_are_searched_too():
    rng = np.random.default_rng(9)
    counts = rng.poisson(np.where(np.arange(700) < 350, 2.0, 0.7))
    (thin,) = roas_breaks(account(counts)).levels
    assert abs(thin.index - 350) <= 21
    weekly = roas_breaks(account(counts).weeks).levels
    assert abs(weekly[0].index - 50) <= 3


def test_immature_periods_are_left_out():
    rng = np.random.default_rng(10)
    revenue = 3 + 0.3 * rng.normal(size=200)
    revenue[190:] = 0.5
    whole = account(revenue)
    cut = RoasSeries("", "mer", "day", whole.dates, whole.spend, whole.revenue, mature=188)
    assert not roas_breaks(cut).levels


def test_gaps_stay_gaps():
    values = stepped(11)
    values[40:60] = np.nan
    values[130:140] = np.nan
    assert abs(indexes(find_breaks(values))[0] - 120) <= 2


def test_a_long_series_is_grouped():
    values = stepped(12, 5000, 3100, 1.0)
    found = indexes(find_breaks(values))
    assert len(found) == 1
    assert abs(found[0] - 3100) <= 15


ODD = {
    "nothing": [],
    "one": [1.0],
    "few": [1.0, 2.0, 3.0, 10.0, 11.0],
    "all gaps": [np.nan] * 50,
    "all zero": [0.0] * 50,
    "constant": [3.5] * 100,
    "huge": list(1e12 * (1 + 0.1 * np.random.default_rng(0).normal(size=60))),
    "one value in gaps": [np.nan] * 30 + [1.0] + [np.nan] * 30,
    "infinite": [1.0, np.inf] * 30,
    "line": list(np.arange(60.0)),
    "two levels": [1.0] * 40 + [2.0] * 40,
    "spike on nothing": [0.0] * 40 + [5.0] + [0.0] * 40,
}


@pytest.mark.parametrize("name", ODD)
def test_odd_values_raise_nothing(name):
    found = find_breaks(ODD[name])
    assert indexes(found) == ([40] if name == "two levels" else [])
    roas_breaks(account(ODD[name]))
    roas_breaks(account(ODD[name], np.zeros(len(ODD[name]))))
    roas_breaks(account(ODD[name], grain="week"))
    for counts in (np.zeros(len(ODD[name])), np.ones(len(ODD[name])), np.array(ODD[name]) / 3, -np.array(ODD[name])):
        roas_breaks(account(ODD[name], conversions=counts))


def test_too_short_says_so():
    assert not find_breaks([1.0, 2.0] * 4).judged
    assert find_breaks(np.arange(30.0)).judged


def test_variance_and_level_are_told_apart():
    rng = np.random.default_rng(13)
    calm, wild = rng.normal(size=180), 3 * rng.normal(size=180)
    only_variance = find_breaks(np.concatenate([calm, wild]))
    assert [each.kind for each in only_variance.found] == ["variance"]
    assert abs(only_variance.found[0].index - 180) <= 10
    assert [each.kind for each in find_breaks(stepped(14, 360, 180, 3.0)).found] == ["level"]


def test_variance_statistic_by_hand():
    errors = np.array([1.0, -1.0, 1.0, 3.0, -3.0, 3.0])
    squares = errors**2 - (errors**2).mean()
    lag = 2 * 0.5 * (squares[1:] @ squares[:-1]) / 6
    omega = squares @ squares / 6 + lag
    statistic, at = kappa_two(errors)
    assert int(4 * (6 / 100) ** 0.25) == 1
    assert statistic == pytest.approx(12 / np.sqrt(6 * omega))
    assert at == 3


def test_variance_tail_falls():
    chances = [tail(value, 365) for value in (0.5, 1.0, 1.5, 2.0)]
    assert chances == sorted(chances, reverse=True)
    assert not variance_shifts(np.random.default_rng(1).normal(size=40))


def test_cycle_effects_recover_the_cycle():
    truth = np.array([2.0, 0, 0, 1, -1, -1, -1])
    effects, chance = cycle_effects(np.tile(truth, 30) + np.linspace(0, 5, 210), 7)
    assert np.allclose(effects, truth, atol=1e-6)
    assert chance < 1e-6
    assert without_cycle(np.tile(truth, 30), None)[1] == 7


def test_spikes_go_and_steps_stay():
    values = np.random.default_rng(15).normal(size=100) + 8 * (np.arange(100) >= 50)
    spiked = values.copy()
    spiked[20] = 99
    assert without_spikes(spiked)[20] < 10
    assert np.allclose(without_spikes(values)[45:55], values[45:55], atol=1.5)
