"""Whole fits: what is said, what is refused, and what must not matter."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import pytest

from roas.errors import InputError, UsageError
from roas.response import ResponseModel
from roas.response.data import assemble
from roas.simulator import simulate

#: Whole analyses: too dear for the fast suite.
pytestmark = pytest.mark.slow


def tables(periods=80, channels=2, seed=0, *, noise=0.03, freq="W-MON"):
    """An account whose channels act at once and saturate; revenue is never negative."""
    rng = np.random.default_rng(seed)
    dates = pd.date_range("2024-01-01", periods=periods, freq=freq)
    names = [f"c{i}" for i in range(channels)]
    spend = np.exp(0.6 * rng.standard_normal((periods, channels))) * 900
    caused = 5000 * spend / (1500 + spend)
    season = 1 + 0.1 * np.sin(2 * np.pi * np.arange(periods) / 52)
    revenue = 9000 * season + caused.sum(axis=1) + 9000 * noise * rng.standard_normal(periods)
    return dates, pd.DataFrame(spend, index=dates, columns=names), pd.Series(revenue, index=dates), caused


def long(wide):
    return wide.rename_axis("date").reset_index().melt("date", var_name="channel", value_name="spend")


def fit(wide, revenue, *, seed=0, **options):
    till = revenue.rename("revenue").rename_axis("date").reset_index()
    return ResponseModel(long(wide), till, **options).fit(seed=seed)


@cache
def fitted():
    _, spend, revenue, _ = tables()
    return fit(spend, revenue)


def figures(results):
    return json.dumps(results.to_dict(), sort_keys=True)


# -- truth -------------------------------------------------------------------


@pytest.mark.slow
def test_intervals_hold_the_truth():
    _, spend, _, caused = tables()
    results = fitted()
    assert results.converged
    for c, name in enumerate(spend.columns):
        truth = caused[:, c].sum() / spend[name].sum()
        assert results.channel(name).roas.p5 < truth < results.channel(name).roas.p95


def test_marginal_roas_is_found():
    _, spend, _, _ = tables()
    for name in spend.columns:
        x = spend[name].to_numpy()[-8:]
        slope = 5000 * 1500 / (1500 + x) ** 2
        q = fitted().channel(name).marginal_roas
        assert q.p5 < (slope * x).sum() / x.sum() < q.p95
        assert q.p95 / q.p5 < 5


@pytest.mark.slow
def test_an_account_of_the_simulator_is_covered():
    account, truth = simulate(seed=3, weeks=78)
    results = ResponseModel(account["spend"], account["revenue"], grain="week").fit()
    roas = {each["channel"]: each["roas"] for each in truth["channels"]}
    held = [each.roas.p5 < roas[each.channel] < each.roas.p95 for each in results.channels]
    assert results.converged
    assert sum(held) >= len(held) - 1
    share = results.baseline_share
    assert share is not None
    assert share.p5 < truth["totals"]["baseline_share"] < share.p95


# -- algebra -----------------------------------------------------------------


def test_figures_fit_together():
    _, spend, revenue, _ = tables()
    results = fitted()
    for each in results.channels:
        assert each.revenue.p50 == pytest.approx(each.roas.p50 * each.spend, rel=1e-5)
        assert each.roas.p5 < each.roas.p50 < each.roas.p95
    contributions = results.contributions().groupby("part")["mean"].sum()
    assert contributions.sum() == pytest.approx(revenue.sum(), rel=0.01)
    caused = contributions.drop("baseline").sum()
    assert 1 - caused / revenue.sum() == pytest.approx(results.baseline_share.p50, abs=0.05)
    assert spend["c0"].sum() == pytest.approx(results.channel("c0").spend)


def test_curves_rise_from_zero():
    curve = fitted().curve("c0")
    assert curve.loc[0, ["p5", "p50", "p95"]].eq(0).all()
    assert (np.diff(curve["p50"]) >= 0).all()
    assert curve["observed"].any() and not curve["observed"].iloc[-1]


def test_the_same_plan_changes_nothing():
    results = fitted()
    same = results.predict({"c0": 500.0}, against={"c0": 500.0})
    more = results.predict({"c0": 900.0}, against={"c0": 500.0})
    assert (same.p5, same.p95) == (0.0, 0.0)
    assert more.p5 > 0


def test_forecast_continues_the_calendar():
    results = fitted()
    ahead = results.forecast(6)
    dates = results.data.dates
    assert ahead["date"].iloc[0] == pd.Timestamp(dates[-1]) + pd.Timedelta(days=7)
    assert len(ahead) == 6
    assert (ahead["p5"] < ahead["p50"]).all() and (ahead["p50"] < ahead["p95"]).all()
    off = results.forecast(6, {"c0": 0.0, "c1": 0.0})
    assert off["media_mean"].iloc[-1] < 0.2 * ahead["media_mean"].iloc[-1]
    assert off["p50"].mean() < ahead["p50"].mean()


@pytest.mark.slow
def test_forecast_covers_weeks_kept_back():
    _, spend, revenue, _ = tables(periods=92, seed=5)
    results = fit(spend.iloc[:80], revenue.iloc[:80])
    ahead = results.forecast(12, spend.iloc[80:].reset_index(drop=True))
    truth = revenue.iloc[80:].to_numpy()
    held = (ahead["p5"] <= truth) & (truth <= ahead["p95"])
    assert held.sum() >= 9


# -- what must not matter ----------------------------------------------------


@pytest.mark.slow
def test_order_of_rows_and_channels_does_not_matter():
    _, spend, revenue, _ = tables(periods=40)
    till = revenue.rename("revenue").rename_axis("date").reset_index()
    rows = long(spend)
    one = ResponseModel(rows, till).fit(seed=1)
    mixed = ResponseModel(rows.sample(frac=1, random_state=3), till.sample(frac=1, random_state=4)).fit(seed=1)
    assert figures(one) == figures(mixed)


@pytest.mark.slow
def test_cents_give_the_same_ratios():
    _, spend, revenue, _ = tables(periods=40)
    euros, cents = fit(spend, revenue), fit(spend * 100, revenue * 100)
    for each in euros.channels:
        other = cents.channel(each.channel)
        assert (each.roas, each.marginal_roas) == (other.roas, other.marginal_roas)
        assert other.revenue.p50 == pytest.approx(100 * each.revenue.p50, rel=1e-5)


@pytest.mark.slow
def test_another_seed_says_nearly_the_same():
    _, spend, revenue, _ = tables()
    other = fit(spend, revenue, seed=9)
    for each in fitted().channels:
        assert other.channel(each.channel).roas.p50 == pytest.approx(each.roas.p50, rel=0.12)


SCRIPT = """
import json, sys
sys.path.insert(0, {folder!r})
from test_model import fit, figures, tables
_, spend, revenue, _ = tables(periods=40)
print(figures(fit(spend, revenue)))
"""


@pytest.mark.slow
def test_number_of_threads_does_not_matter():
    from pathlib import Path

    code = SCRIPT.format(folder=str(Path(__file__).parent))
    root = str(Path(__file__).parents[2])
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


# -- what cannot be known ----------------------------------------------------


def test_one_more_unit_of_break_even_is_saturation():
    costly = replace(fitted(), margin=0.01)
    assert all(each.state == "saturated" and each.probability > 0.9 for each in costly.channels)
    cheap = fitted().channel("c0")
    assert cheap.state in ("headroom", "efficient", "saturated", "unknown")
    assert 0 < cheap.probability <= 1


def verdict(results, name):
    return results.channel(name).verdict


def width(q):
    return q.p95 / q.p5


def test_a_constant_channel_is_not_identified():
    _, spend, revenue, _ = tables(periods=40)
    results = fit(spend.assign(c1=500.0), revenue)
    assert verdict(results, "c1").identified == "not identified"
    assert "its spend never varied" in verdict(results, "c1").reasons
    assert width(results.channel("c1").roas) > 5
    assert verdict(results, "c1").experiment.startswith("Change c1 alone")


def test_twins_are_named():
    _, spend, revenue, _ = tables(periods=40)
    results = fit(spend.assign(c1=spend["c0"]), revenue)
    for name, other in (("c0", "c1"), ("c1", "c0")):
        assert verdict(results, name).identified != "identified"
        assert f"its spend moves with {other} (correlation 1.00)" in verdict(results, name).reasons
    assert width(results.channel("c0").roas) > 4


def test_fewer_than_26_weeks_are_said():
    _, spend, revenue, _ = tables(periods=15)
    results = fit(spend, revenue)
    assert all(each.verdict.identified != "identified" for each in results.channels)
    assert "only 15 weeks of data; 26 are needed" in verdict(results, "c0").reasons


def test_a_channel_of_one_week_is_said():
    _, spend, revenue, _ = tables()
    spend.iloc[:-1, 1] = 0.0
    results = fit(spend, revenue)
    assert "it has run for one week only" in verdict(results, "c1").reasons
    assert verdict(results, "c1").identified == "not identified"


def test_a_silent_channel_is_left_out():
    _, spend, revenue, _ = tables(periods=40)
    results = fit(spend.assign(c1=0.0), revenue)
    assert results.excluded == {"c1": "no spend in the window"}
    with pytest.raises(UsageError, match=r"left out: no spend in the window"):
        results.channel("c1")


@pytest.mark.slow
def test_a_channel_that_is_off_has_no_marginal_roas():
    _, spend, revenue, _ = tables(periods=40)
    spend.iloc[-10:, 1] = 0.0
    each = fit(spend, revenue).channel("c1")
    assert each.marginal_roas is None and each.roas_recent is None
    assert each.state == "unknown"
    assert each.to_dict()["incremental"]["marginal_roas"] is None


def test_zero_revenue_fits_nothing():
    _, spend, revenue, _ = tables(periods=30)
    results = fit(spend, revenue * 0)
    assert set(results.excluded.values()) == {"revenue is zero in every period"}
    assert results.baseline_share is None and results.channels == ()
    assert not results.converged
    assert "revenue is zero" in results.summary()
    with pytest.raises(UsageError, match="nothing was fitted"):
        results.forecast(4)


@pytest.mark.slow
def test_constant_revenue_identifies_nothing():
    _, spend, revenue, _ = tables(periods=52)
    results = fit(spend, revenue * 0 + 5000.0)
    assert all(each.verdict.identified != "identified" for each in results.channels)
    assert all(width(each.roas) > 5 for each in results.channels)


@pytest.mark.slow
def test_a_giant_outlier_is_taken_out_and_said():
    _, spend, revenue, _ = tables()
    broken = revenue.copy()
    broken.iloc[40] *= 1000
    results = fit(spend, broken)
    assert any("far off the rest" in note and "2024-10-07" in note for note in results.notes)
    for each in fitted().channels:
        assert results.channel(each.channel).marginal_roas.p50 == pytest.approx(each.marginal_roas.p50, rel=0.3)


@pytest.mark.slow
def test_missing_revenue_is_left_open():
    _, spend, revenue, _ = tables(periods=40)
    revenue.iloc[7] = np.nan
    assert "1 period(s) without revenue are left open" in fit(spend, revenue).notes


@pytest.mark.slow
def test_two_periods_do_not_crash():
    _, spend, revenue, _ = tables(periods=2)
    results = fit(spend, revenue)
    assert all(each.verdict.identified == "not identified" for each in results.channels)


def test_days_are_native():
    _, spend, revenue, _ = tables(periods=40, channels=1, freq="D")
    results = fit(spend, revenue)
    assert results.data.grain == "day"
    assert len(results.forecast(1)) == 7


# -- input -------------------------------------------------------------------


def test_days_become_whole_weeks():
    _, spend, revenue, _ = tables(periods=40, freq="D")
    till = revenue.rename("revenue").rename_axis("date").reset_index().iloc[2:]
    data = assemble(long(spend), till, grain="week")
    assert data.periods == 4  # 3 January to 9 February 2024: 8 January to 4 February
    assert data.spend.sum() == pytest.approx(spend.iloc[7:35].to_numpy().sum())


def test_broken_weeks_at_the_ends_keep_their_spend_and_leave_revenue_open():
    _, spend, revenue, _ = tables(periods=400, freq="D")
    till = revenue.rename("revenue").rename_axis("date").reset_index().iloc[2:]
    data = assemble(long(spend), till, grain="week")
    assert np.isnan(data.revenue[[0, -1]]).all()
    assert np.isfinite(data.revenue[1:-1]).all()
    assert data.spend.sum() == pytest.approx(spend.to_numpy().sum())


def test_weeks_cannot_become_days():
    _, spend, revenue, _ = tables(periods=10)
    with pytest.raises(InputError, match="cannot be made"):
        fit(spend, revenue, grain="day")


def test_missing_columns_are_named():
    _, spend, revenue, _ = tables(periods=10)
    with pytest.raises(InputError, match='spend: no column "channel"'):
        ResponseModel(long(spend).drop(columns="channel"), revenue.rename("revenue").reset_index())


def test_a_margin_sets_break_even():
    _, spend, revenue, _ = tables(periods=30)
    till = revenue.rename("revenue").rename_axis("date").reset_index()
    assert ResponseModel(long(spend), till, margin=0.5).margin == 0.5
    assert replace(fitted(), margin=0.5).break_even_roas == 2.0
    with pytest.raises(UsageError, match="margin 60"):
        fit(spend, revenue, margin=60)


# -- renderings --------------------------------------------------------------


def test_summary_names_every_channel_and_its_doubts():
    text = fitted().summary()
    assert text == repr(fitted())
    assert "Converged   yes" in text
    assert all(name in text for name in ("c0", "c1"))
    assert max(len(line) for line in text.splitlines()) <= 110


def test_frame_and_document_agree():
    frame, document = fitted().to_frame(), fitted().to_dict()
    assert list(frame["channel"]) == [each["channel"] for each in document["channels"]]
    assert frame["roas_p50"].tolist() == [each["incremental"]["roas"]["p50"] for each in document["channels"]]
    assert set(document["channels"][0]["incremental"]) == {"revenue", "roas", "roas_recent", "marginal_roas"}


def test_residuals_are_checked():
    checks = fitted().residual_checks()
    assert set(checks) == {"lag_1", "ljung_box", "jarque_bera", "kurtosis"}
    assert checks["ljung_box"] > 1e-4
