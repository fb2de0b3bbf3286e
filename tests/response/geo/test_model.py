"""Fits with regions: what they find, what must not matter, what they refuse."""

from __future__ import annotations

import subprocess
import sys
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from roas.errors import UsageError
from roas.response import ResponseResults
from roas.response.geo import GeoResponseModel, GeoResponseResults
from roas.response.geo.model import settle
from roas.response.geo.prepare import prepare
from roas.response.geo.results import remarks

ROAS = {"c0": 3.0, "c1": 1.5}


def tables(geos=6, weeks=60, channels=2, seed=1):
    """Make regions whose curves saturate and whose demand moves together."""
    rng = np.random.default_rng(seed)
    dates = pd.date_range("2023-01-02", periods=weeks, freq="7D")
    names = [f"G{g}" for g in range(geos)]
    index = pd.MultiIndex.from_product([names, dates], names=["geo", "date"])
    size = np.exp(rng.normal(0, 0.7, (geos, 1)))
    sales = 1000 * size * (1 + 0.03 * rng.standard_normal(weeks) + 0.04 * rng.standard_normal((geos, weeks)))
    spend = []
    for c in range(channels):
        paid = size * 60 * rng.gamma(1.5, 1 / 1.5, (geos, weeks)) * (rng.uniform(size=(geos, weeks)) > 0.2)
        reached = paid / size / (paid / size + 90)
        caused = size * reached * (1 + 0.2 * rng.standard_normal((geos, 1)))
        sales = sales + caused * ROAS[f"c{c}"] * paid.sum() / caused.sum()
        spend.append(pd.DataFrame({"spend": paid.ravel()}, index=index).reset_index().assign(channel=f"c{c}"))
    return pd.concat(spend, ignore_index=True), pd.DataFrame({"revenue": sales.ravel()}, index=index).reset_index()


def small():
    return tables(geos=3, weeks=26, channels=1)


@cache
def fitted():
    return GeoResponseModel(*tables()).fit(seed=0)


# -- what it finds -----------------------------------------------------------


@pytest.mark.slow
def test_truth_lies_in_the_intervals():
    results = fitted()
    assert results.converged
    for each in results.channels:
        assert each.roas.p5 < ROAS[each.channel] < each.roas.p95
        assert each.roas.p50 == pytest.approx(ROAS[each.channel], rel=0.3)
        assert each.roas.p5 < each.roas.p95 < 4 * each.roas.p5


@pytest.mark.slow
def test_the_parts_add_up_to_the_total():
    results = fitted()
    draws, spend = results.roas_draws(), results.data.spend.sum(axis=0)
    caused = (draws.to_numpy() * spend).sum(axis=1)
    assert np.median(caused) == pytest.approx(results.incremental_revenue.p50, rel=1e-5)
    for c in results.curves.each():
        regions = results.curves.by_geo(c).sum(axis=0)
        np.testing.assert_allclose(regions / spend[c], draws.iloc[:, c])
    parts = results.contributions()
    whole = parts.groupby("date")["mean"].sum()
    assert np.abs(whole / results.data.revenue - 1).mean() < 0.1


@pytest.mark.slow
def test_regions_have_their_own_figures():
    frame = fitted().by_geo()
    assert list(frame.columns) == ["geo", "channel", "spend", "revenue", "p5", "p50", "p95", "response_p50"]
    assert len(frame) == 12 and frame[["p5", "p50", "p95"]].notna().all(axis=None)
    assert (frame["p5"] < frame["p50"]).all() and (frame["p50"] < frame["p95"]).all()
    spend = frame.groupby("channel")["spend"].sum()
    assert all(spend[e.channel] == pytest.approx(e.spend) for e in fitted().channels)


@pytest.mark.slow
def test_results_are_those_of_the_national_model_and_more():
    results = fitted()
    assert issubclass(GeoResponseResults, ResponseResults)
    assert results.geos == ("G0", "G1", "G2", "G3", "G4", "G5")
    assert results.to_dict()["geos"] == list(results.geos)
    assert list(results.to_frame()["channel"]) == [e.channel for e in results.channels]
    assert "Converged   yes" in results.summary() and repr(results) == results.summary()
    assert 0.5 < results.baseline_share.p50 < 1
    assert all(e.prior_roas.p5 < e.prior_roas.p95 and e.half_life_days.p50 > 0 for e in results.channels)


@pytest.mark.slow
def test_curves_rise_from_zero_and_meet_the_data():
    results = fitted()
    curve = results.curve("c0")
    assert curve.loc[0, ["p5", "p50", "p95"]].eq(0).all()
    assert (np.diff(curve["p50"]) >= 0).all()
    assert curve["observed"].any() and not curve["observed"].iloc[-1]
    now = results.predict({}).p50
    assert now == pytest.approx(results.incremental_revenue.p50 / results.data.periods, rel=0.3)
    assert results.predict({"c0": 500.0}, against={"c0": 500.0}).p95 == 0.0


def test_marginal_roas_is_the_slope_of_the_contribution():
    curves = fitted().curves
    for c in curves.each():
        low, here, high = (curves.steady(c, curves.typical[c : c + 1] * f) for f in (0.999, 1.0, 1.001))
        one = np.ones((curves.draws, 1))
        np.testing.assert_allclose(curves.revenue(c, one), here, rtol=1e-9)
        # Where the lowest observed level is crossed a curve has a kink.
        assert np.median(np.abs((high - low) / here / 0.002 / curves.elasticity(c, one) - 1)) < 1e-4


def test_forecasts_go_on_after_the_window():
    results = fitted()
    ahead = results.forecast(4)
    assert len(ahead) == 4 and (ahead["p5"] < ahead["p95"]).all()
    off = results.forecast(4, {"c0": 0.0, "c1": 0.0})
    assert off["media_mean"].iloc[-1] < ahead["media_mean"].iloc[-1]
    assert ahead["mean"].iloc[0] == pytest.approx(results.data.revenue.mean(), rel=0.2)


# -- what must not matter ----------------------------------------------------


def cents(spend, revenue):
    return spend.assign(spend=100 * spend["spend"]), revenue.assign(revenue=100 * revenue["revenue"])


def mixed(spend, revenue):
    return spend.sample(frac=1, random_state=3), revenue.sample(frac=1, random_state=4)


@pytest.mark.parametrize("change", [cents, mixed])
def test_currency_and_order_leave_the_model_as_it_is(change):
    one, other = (prepare(GeoResponseModel(*each).data).posterior for each in (small(), change(*small())))
    for name in ("revenue", "weights", "loading"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))
    np.testing.assert_array_equal(one.table.coefficients, other.table.coefficients)
    np.testing.assert_array_equal(one.national.shares, other.national.shares)


@pytest.mark.slow
@pytest.mark.parametrize("change", [cents, mixed])
def test_currency_and_order_leave_the_figures_as_they_are(change):
    one, other = (GeoResponseModel(*each).fit(seed=0) for each in (small(), change(*small())))
    for first, second in zip(one.channels, other.channels, strict=True):
        assert (first.roas, first.marginal_roas) == (second.roas, second.marginal_roas)
        assert second.revenue.p50 / second.spend == pytest.approx(first.revenue.p50 / first.spend, rel=1e-5)


SCRIPT = """
import sys
sys.path.insert(0, {folder!r})
from test_model import GeoResponseModel, tables
results = GeoResponseModel(*tables(geos=4, weeks=90, channels=1)).fit(seed=0)
print([(each.roas, each.marginal_roas) for each in results.channels])
"""


@pytest.mark.slow
def test_number_of_threads_does_not_matter():
    code = SCRIPT.format(folder=str(Path(__file__).parent))
    root = str(Path(__file__).parents[3])
    runs = [
        subprocess.run(
            [sys.executable, "-c", code],
            env={"OMP_NUM_THREADS": n, "OPENBLAS_NUM_THREADS": n, "PYTHONPATH": root, "PATH": ""},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for n in ("1", "2")
    ]
    assert runs[0] == runs[1]


# -- what is odd -------------------------------------------------------------


def odd():
    spend, revenue = small()
    revenue.loc[5, "revenue"] = np.nan
    revenue.loc[40, "revenue"] *= 30
    spend.loc[spend["geo"] == "G2", "spend"] = 0.0
    return spend, revenue


def test_gaps_and_outliers_are_replaced_by_what_is_expected():
    fitting, mode = settle(prepare(GeoResponseModel(*odd()).data), seed=0)
    assert np.argwhere(fitting.filled).tolist() == [[0, 5], [1, 14]]
    assert (np.abs(fitting.posterior.revenue[fitting.filled] - 1) < 0.3).all()
    assert np.isfinite(mode.point).all()
    assert [note.split(": ")[-1] for note in remarks(fitting)] == [
        "G1 2023-04-10",
        "1 period(s) of regions without revenue are left open",
    ]


def test_a_week_that_is_far_off_everywhere_is_taken_out():
    spend, revenue = tables(geos=4, weeks=40, channels=1)
    week = revenue["date"] == "2023-05-01"
    revenue.loc[week, "revenue"] *= 2.5
    fitting, _ = settle(prepare(GeoResponseModel(spend, revenue).data), seed=0)
    assert fitting.spikes == (17,) and not fitting.filled.any()
    assert remarks(fitting) == ["1 period(s) with revenue far off in all regions are taken out: 2023-05-01"]


def test_noisy_regions_count_less():
    spend, revenue = tables(geos=5, weeks=52, channels=1)
    rng = np.random.default_rng(0)
    loud = revenue["geo"] == "G3"
    revenue.loc[loud, "revenue"] *= np.exp(0.3 * rng.standard_normal(loud.sum()))
    fitting, _ = settle(prepare(GeoResponseModel(spend, revenue).data), seed=0)
    loading = fitting.posterior.loading
    assert loading.argmin() == 3 and loading[3] < 0.5 * np.delete(loading, 3).min()


@pytest.mark.slow
def test_gaps_outliers_and_silence_are_lived_with():
    results = GeoResponseModel(*odd()).fit(seed=0)
    assert np.isfinite(results.data.revenue).all()
    frame = results.by_geo().set_index("geo")
    assert frame["p50"].isna().tolist() == [False, False, True] and frame["revenue"].iloc[2] == 0
    assert results.channels[0].roas.p50 < 12


def test_a_silent_channel_is_left_out():
    spend, revenue = small()
    silent = spend.assign(channel="none", spend=0.0)
    model = GeoResponseModel(pd.concat([spend, silent]), revenue)
    assert model.excluded == {"none": "no spend in the window"}
    assert model.data.spend.shape[2] == 1


def test_nothing_to_fit_says_so():
    spend, revenue = small()
    results = GeoResponseModel(spend.assign(spend=0.0), revenue).fit()
    assert results.channels == () and not results.converged and results.geos == ()
    with pytest.raises(UsageError, match="nothing was fitted"):
        results.by_geo()


@pytest.mark.slow
def test_one_giant_region_and_a_short_window():
    spend, revenue = tables(geos=4, weeks=10)
    giant = revenue["geo"] == "G0"
    revenue.loc[giant, "revenue"] *= 1000
    spend.loc[spend["geo"] == "G0", "spend"] *= 1000
    results = GeoResponseModel(spend, revenue).fit(seed=0)
    assert all(np.isfinite(e.roas.p95) and e.verdict.identified != "identified" for e in results.channels)
    assert "only 10 weeks of data; 26 are needed" in results.channels[0].verdict.reasons


def test_a_margin_out_of_range_is_refused():
    with pytest.raises(UsageError, match="margin 60"):
        GeoResponseModel(*small(), margin=60)
