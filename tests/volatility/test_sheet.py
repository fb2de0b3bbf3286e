"""The tear sheet: identities, known answers, and intervals that hold the truth."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from roas.quantiles import Q
from roas.volatility.regimes.shocks import standardise
from roas.volatility.series import RoasSeries
from roas.volatility.sheet.comovement import correlations, demand_beta
from roas.volatility.sheet.drawdown import drawdown
from roas.volatility.sheet.returns import concentration, long_run, return_per_risk
from roas.volatility.sheet.tear import FIGURES, tear_sheet, tear_table

UNIT = 60 * 1.64


def weekly(seed=0, *, weeks=104, per_week=700.0, sd=0.1, roas=1.8, shared=None, name="a"):
    rng = np.random.default_rng(seed)
    spend = np.full(weeks, per_week * 60 / roas)
    swing = rng.standard_normal(weeks) if shared is None else shared
    count = rng.poisson(roas * np.exp(sd * swing - sd**2 / 2) * spend / 60)
    revenue = np.where(count > 0, rng.gamma(np.maximum(count, 1) / 0.64, 60 * 0.64), 0.0)
    return RoasSeries(name, "claimed_roas", "week", mondays(weeks), spend, revenue, count.astype(float))


def sheet_of(*args, **options):
    """As tear_sheet; figures that may be None are asserted by use."""
    return tear_sheet(*args, **options)


def ratio_of(returns, hurdle):
    return return_per_risk(returns, hurdle=hurdle)


def fall_of(path):
    return drawdown(path, mondays(len(path)))


def mondays(weeks):
    return np.datetime64("2023-01-02") + 7 * np.arange(weeks)


def test_mean_return_is_pooled():
    series = weekly()
    sheet = sheet_of(series, noise_unit=UNIT, margin=0.6)
    assert np.isclose(sheet.mean_return.p50, 0.6 * series.revenue.sum() / series.spend.sum() - 1, rtol=1e-5)
    held = [sheet_of(weekly(seed), margin=0.6).mean_return for seed in range(60)]
    assert 0.78 < np.mean([each.p5 < 0.08 < each.p95 for each in held]) < 0.99


def test_sheet_does_not_depend_on_the_currency():
    series = weekly()
    cents = replace(series, spend=series.spend * 100, revenue=series.revenue * 100)
    euro = sheet_of(series, noise_unit=UNIT, margin=0.6)
    cent = sheet_of(cents, noise_unit=100 * UNIT, margin=0.6)
    assert np.isclose(euro.mean_return.p5, cent.mean_return.p5)
    assert np.isclose(100 * euro.budget_at_risk.at_risk.p50, cent.budget_at_risk.at_risk.p50, rtol=1e-3)
    assert euro.below_break_even.below == cent.below_break_even.below


def test_margin_not_given_is_said():
    sheet = sheet_of(weekly(), noise_unit=UNIT)
    assert (sheet.margin, sheet.margin_given) == (1.0, False)
    assert not sheet_of(weekly(), noise_unit=UNIT, margin=7.0).margin_given


def test_long_run_variance_of_independent_values_is_their_variance():
    draws = np.random.default_rng(0).standard_normal((400, 104))
    assert abs(np.mean([long_run(x - x.mean()).variance for x in draws]) - 1) < 0.05


def test_sharpe_error_is_los_for_independent_normal_returns():
    returns = 0.3 + np.random.default_rng(1).standard_normal((300, 200))
    found: Any = [return_per_risk(x) for x in returns]
    assert abs(np.mean([f.ratio.p5 <= 0.3 <= f.ratio.p95 for f in found]) - 0.9) < 0.05
    spread = np.std([f.ratio.p50 for f in found])
    assert np.isclose(spread, np.sqrt((1 + 0.3**2 / 2) / 200), rtol=0.15)


def test_probability_falls_with_the_hurdle():
    returns = 0.2 + np.random.default_rng(2).standard_normal(100)
    low, high = (ratio_of(returns, hurdle) for hurdle in (0.0, 0.4))
    assert low.probability > 0.5 > high.probability


def test_drawdown_of_a_known_path():
    path = np.array([10.0, -4.0, -3.0, 2.0, 9.0, -1.0])
    found = fall_of(path)
    assert (found.depth, found.weeks, found.recovered) == (7.0, 4, True)
    assert (found.peak, found.trough) == (dt.date(2023, 1, 2), dt.date(2023, 1, 16))
    assert np.isclose(found.under_water, 4 / 6)


def test_drawdown_of_a_path_that_only_rises_is_zero():
    found = fall_of(np.full(50, 0.1))
    assert (found.depth, found.weeks, found.under_water) == (0.0, 0, 0.0)
    assert fall_of(np.empty(0)) is None


def test_drawdown_from_the_start_has_no_peak_week():
    found = fall_of(np.array([-5.0, 1.0]))
    assert (found.depth, found.weeks, found.peak, found.recovered) == (5.0, 2, None, False)


def test_concentration_of_equal_weeks_is_their_share():
    assert concentration(np.ones(50)) == pytest.approx(0.1)
    assert concentration(-np.ones(50)) is None


def test_steady_roas_is_below_break_even_by_luck_only():
    sheets = [sheet_of(weekly(seed, per_week=30, sd=0.0), noise_unit=UNIT, margin=0.6, seed=seed) for seed in range(12)]
    under = [sheet.below_break_even for sheet in sheets]
    assert sum(each.more_than_luck for each in under) <= 2
    assert np.mean([each.by_luck.p5 <= each.below / each.weeks <= each.by_luck.p95 for each in under]) > 0.7


def test_real_swings_put_more_weeks_below_than_luck():
    under = sheet_of(weekly(3, per_week=5000, sd=0.15), noise_unit=UNIT, margin=0.6).below_break_even
    assert under.more_than_luck
    assert under.by_luck.p95 < under.below / under.weeks


def test_budget_at_risk_without_noise_or_swings_is_the_contribution():
    series = weekly()
    steady = replace(series, revenue=series.spend * 1.8 + np.where(np.arange(104) % 2, 1e-3, -1e-3))
    sheet = sheet_of(steady, noise_unit=1e-9, margin=0.6)
    risk = sheet.budget_at_risk
    assert risk.spend == pytest.approx(4 * series.spend[0])
    assert risk.at_risk.p50 == pytest.approx(0.08 * risk.spend, rel=1e-3)
    assert risk.loss_probability.p95 == 0


def test_expected_shortfall_is_worse_than_budget_at_risk():
    risk = sheet_of(weekly(), noise_unit=UNIT, margin=0.6).budget_at_risk
    assert risk.shortfall.p50 < risk.at_risk.p50


def test_beta_is_the_elasticity_to_demand():
    rng = np.random.default_rng(4)
    store = 0.2 * rng.standard_normal(104)
    series = weekly(5, per_week=20_000, sd=1.0, shared=0.7 * store)
    beta: Any = demand_beta(standardise(series, UNIT), 1e6 * np.exp(store))
    assert beta.p5 < 0.7 < beta.p95
    assert beta.p95 - beta.p5 < 0.4
    assert demand_beta(standardise(series, UNIT), np.full(104, 1e6)) is None


def test_three_channels_with_one_swing_are_one_risk():
    swing = np.random.default_rng(6).standard_normal(104)
    same = [standardise(weekly(k, per_week=20_000, shared=swing, name=f"s{k}"), UNIT) for k in range(3)]
    alone = standardise(weekly(9, per_week=20_000, name="own"), UNIT)
    found: Any = correlations([*same, alone])
    assert found.clusters == (("s0", "s1", "s2"),)
    assert found.independent_risks < 2.5
    assert len(found.pairs()) == len(found.to_frame()) == 6
    assert json.dumps(found.to_dict(), allow_nan=False)


def test_channels_of_their_own_are_as_many_risks():
    own = [standardise(weekly(k, per_week=5000, name=f"c{k}"), UNIT) for k in range(4)]
    found: Any = correlations(own)
    assert found.clusters == ()
    assert found.independent_risks > 3.4


def test_correlations_of_nothing_are_nothing():
    short = standardise(weekly(weeks=10), UNIT)
    assert correlations([]).pairs() == []
    assert correlations([short]).independent_risks is None
    assert correlations([short, short]).pairs() == []
    json.dumps(correlations([short, short]).to_dict(), allow_nan=False)


@pytest.mark.parametrize("unit", [UNIT, None, 0.0])
@pytest.mark.parametrize(("spend", "revenue"), [(0.0, 0.0), (5.0, 0.0), (1e12, 1e12), (0.0, 5.0), (5.0, float("nan"))])
def test_odd_series_give_a_sheet_of_reasons(spend, revenue, unit):
    for weeks in (0, 1, 60):
        series = RoasSeries("a", "mer", "week", mondays(weeks), np.full(weeks, spend), np.full(weeks, revenue))
        sheet = sheet_of(series, noise_unit=unit, margin=0.5, demand=np.full(weeks, revenue))
        plain = json.loads(json.dumps(sheet.to_dict(), allow_nan=False))
        assert set(plain["missing"]) == {name for name in FIGURES if plain[name] is None}


def test_days_become_weeks():
    days = 7 * 60
    rng = np.random.default_rng(7)
    spend = np.full(days, 1000.0)
    revenue = 1800 * np.exp(0.1 * rng.standard_normal(days))
    dates = np.datetime64("2024-01-01") + np.arange(days)
    series = RoasSeries("a", "claimed_roas", "day", dates, spend, revenue, mature=days - 10)
    sheet = sheet_of(series, noise_unit=1.0, margin=0.6, breaks=[200], demand=revenue)
    assert sheet.weeks == 58
    assert sheet.demand_beta.p5 < 1 < sheet.demand_beta.p95 + 1e-6


def test_a_given_true_sd_is_used():
    given = Q.at(0.19, 0.2, 0.21)
    calm, wild = (
        sheet_of(weekly(), noise_unit=UNIT, margin=0.6),
        sheet_of(weekly(), noise_unit=UNIT, margin=0.6, true_log_sd=given),
    )
    assert wild.true_log_sd == given
    assert wild.budget_at_risk.at_risk.p50 < calm.budget_at_risk.at_risk.p50


def test_table_has_one_row_per_channel():
    table = tear_table([sheet_of(weekly(), noise_unit=UNIT), sheet_of(weekly(weeks=5))])
    assert len(table) == 2
    assert np.isfinite(table["mean_return.p50"][0])
    assert np.isnan(table["mean_return.p50"][1])


def test_marginal_return_stands_beside_the_mean():
    sheet = sheet_of(weekly(), noise_unit=UNIT, margin=0.5, marginal_roas=Q.at(1.0, 2.0, 3.0))
    assert (sheet.marginal_return.p5, sheet.marginal_return.p50) == (-0.5, 0.0)
