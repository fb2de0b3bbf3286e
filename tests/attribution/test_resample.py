"""Intervals: drawn and worked out agree, hold the point, and cover at their rate."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from roas.attribution.models.chain import Layout
from roas.attribution.models.markov import solve, table, transition_counts
from roas.attribution.models.markov_spread import Redrawn, variances
from roas.attribution.models.pairs import Pairs
from roas.attribution.models.redraw import redraw
from roas.attribution.models.resample import interval, resampled, value_variance
from roas.attribution.models.rules import linear
from roas.attribution.models.spread import interval_from
from roas.attribution.models.transition_spread import transition_variances
from roas.attribution.models.weighted import by_time, by_weights, worked_intervals
from roas.attribution.paths import Decay, Paths
from tests.attribution.examples import TABLES, TINY, planted

MANY = 4000


def draws_of(paths, **options):
    return list(resampled(paths, **options))


def test_every_replicate_has_as_many_journeys():
    paths = planted(1, 300, 1)
    for draws in draws_of(paths, replicates=30):
        assert np.allclose(draws.journeys.sum(axis=0), 300)


def test_fractional_counts_keep_their_total():
    paths = Paths.of([("A", 1.5, 3, 0.2), ("AB", 0.7, 1, 2.3)])
    for draws in draws_of(paths, replicates=30):
        assert np.allclose(draws.journeys.sum(axis=0), 4.7)


def test_means_are_the_observed_counts():
    paths = planted(1, 300, 1)
    (draws,) = draws_of(paths, replicates=MANY)
    error = np.sqrt(paths.conversions / MANY)
    assert (np.abs(draws.conversions.mean(axis=1) - paths.conversions) <= 5 * error).all()


def test_blocks_change_no_number_of_replicates(monkeypatch):
    monkeypatch.setattr("roas.attribution.models.resample.BLOCK", 50)
    assert sum(draws.value.shape[1] for draws in draws_of(planted(1, 100, 1), replicates=33)) == 33


def test_same_seed_same_draws():
    paths = planted(1, 100, 1)
    first, second, other = (draws_of(paths, replicates=20, seed=seed)[0].value for seed in (5, 5, 6))
    assert np.array_equal(first, second)
    assert not np.array_equal(first, other)


def test_values_spread_within_a_path():
    # One path, 400 conversions of 0 or 10 by halves: the sum varies by sqrt(400) x 5.
    paths = replace(Paths.of([("A", 400, 2000, 0)]), value_squares=np.array([20_000.0]))
    assert value_variance(paths).tolist() == [25]
    (draws,) = draws_of(paths, replicates=MANY)
    assert draws.value.std() == pytest.approx(100, rel=0.05)


def test_no_journeys_have_no_draws():
    assert draws_of(Paths.of([("A", 0, 0, 0)])) == []


@settings(max_examples=25)
@given(TABLES)
def test_intervals_hold_the_point(rows):
    paths = Paths.of(rows)
    found = solve(paths, 2)
    drawn = redraw(paths, Pairs.of(paths), {}, {"markov_2": found}, replicates=20, seed=0)
    for band in (
        interval(found.conversions, np.concatenate(drawn.conversions["markov_2"])),
        interval_from(found.conversions, variances(paths, found.layout, found.counts).conversions),
    ):
        assert (band[:, 0] <= found.conversions).all()
        assert (found.conversions <= band[:, 1]).all()


@pytest.mark.parametrize("order", [1, 2])
def test_influence_equals_redrawing_for_chains(order):
    paths = replace(planted(order, 4000, 3), value_squares=None)
    paths = replace(paths, value_squares=150 * paths.conversions)
    found = solve(paths, order)
    drawn = redraw(paths, Pairs.of(paths), {}, {"markov": found}, replicates=1500, seed=1)
    worked = variances(paths, found.layout, found.counts)
    for name, variance in (("conversions", worked.conversions), ("value", worked.value)):
        spread = np.concatenate(getattr(drawn, name)["markov"]).std(axis=0)
        assert np.sqrt(variance) == pytest.approx(spread, rel=0.1)
    if order == 1:
        assert np.sqrt(worked.effects) == pytest.approx(np.concatenate(drawn.effects).std(axis=0), rel=0.1)


def test_influence_equals_the_slope_of_the_chain():
    # One journey more of each kind, in small: the variance is the sum of squared slopes, less the mean.
    paths = Paths.of([("AB", 20, 300, 5), ("A", 10, 100, 10), ("B", 4, 8, 10), ("ABA", 3, 9, 2)])
    step, squares, sums = 1e-5, 0.0, 0.0
    for field in ("conversions", "nulls"):
        for p, count in enumerate(getattr(paths, field)):
            moved = np.array(getattr(paths, field))
            moved[p] += step
            changed: Any = {field: moved}
            slope = (solve(replace(paths, **changed), 2).conversions - solve(paths, 2).conversions) / step
            squares, sums = squares + count * slope**2, sums + count * slope
    found = solve(paths, 2)
    assert sums == pytest.approx(found.conversions, rel=1e-3)
    wanted = squares - sums**2 / paths.journeys.sum()
    assert variances(paths, found.layout, found.counts).conversions == pytest.approx(wanted, rel=1e-3)


def test_worked_intervals_equal_redrawn_ones_for_rules():
    paths = replace(planted(1, 3000, 2), value_squares=None)
    pairs = Pairs.of(paths)
    model = by_weights(paths, pairs, linear(paths))
    drawn = redraw(paths, pairs, {"linear": model}, {}, replicates=MANY, seed=0)
    worked = worked_intervals(paths, pairs, model)
    for point, rows, band in zip(
        (model.conversions, model.value), (drawn.conversions, drawn.value), worked, strict=True
    ):
        redrawn = interval(point, np.concatenate(rows["linear"]))
        assert np.ptp(band, axis=1) == pytest.approx(np.ptp(redrawn, axis=1), rel=0.1)


def test_shares_that_differ_within_a_path_widen_time_decay():
    # 100 journeys A, B; A's share is 0 or 1 by halves: credit of A varies by sqrt(100 x 1/2), total fixed.
    decay = Decay(np.array([50.0, 50.0]), np.array([500.0, 500.0]), np.array([50.0, 50.0]))
    paths = replace(Paths.of([("AB", 100, 1000, 0)]), decay=decay)
    pairs = Pairs.of(paths)
    model = by_time(paths, pairs)
    drawn = redraw(paths, pairs, {"time_decay": model}, {}, replicates=MANY, seed=0)
    assert np.concatenate(drawn.conversions["time_decay"]).std(axis=0) == pytest.approx([5, 5], rel=0.05)
    low, high = worked_intervals(paths, pairs, model)[0][0]
    assert (high - low) / 2 / 1.645 == pytest.approx(5, rel=0.02)


def test_transition_shares_spread_as_when_redrawn():
    paths = planted(1, 3000, 4)
    layout = Layout.of(paths, 1)
    chain = Redrawn.of(layout)
    tables = np.concatenate([chain.tables(chain.count(draws)) for draws in draws_of(paths, replicates=2000)])
    worked = transition_variances(paths, layout, table(layout, layout.count(paths)))
    assert np.sqrt(worked) == pytest.approx(tables.std(axis=0), rel=0.12, abs=1e-12)
    assert transition_counts(paths).shares == pytest.approx(tables.mean(axis=0), abs=5e-3)


def test_gamma_points_stay_positive_and_become_normal():
    few = interval_from(np.array([3.0]), np.array([3.0]))[0]
    assert few == pytest.approx([0.8177, 6.2958], abs=1e-3)
    many = interval_from(np.array([1e6]), np.array([1e6]))[0]
    assert many == pytest.approx([1e6 - 1645, 1e6 + 1645], abs=2)


@pytest.mark.parametrize(("point", "variance"), [(0.0, 0.0), (2.0, 0.0), (1e-9, 50.0), (0.0, 3.0), (1.0, 800.0)])
def test_odd_spreads_still_hold_the_point(point, variance):
    low, high = interval_from(np.array([point]), np.array([variance]))[0]
    assert 0 <= low <= point <= high


@pytest.mark.slow
def test_intervals_cover_at_their_rate():
    truth = planted(1, 200_000, 1)
    share = solve(truth).conversions / truth.journeys.sum()
    inside = []
    rng = np.random.default_rng(0)
    cells = np.concatenate([truth.conversions, truth.nulls])
    for _ in range(150):
        drawn = rng.multinomial(1500, cells / cells.sum()).astype(float).reshape(2, -1)
        sample = replace(truth, conversions=drawn[0], nulls=drawn[1], value=drawn[0])
        found = solve(sample)
        replicates = redraw(sample, Pairs.of(sample), {}, {"markov": found}, replicates=100, seed=0)
        low, high = interval(found.conversions, np.concatenate(replicates.conversions["markov"])).T
        inside.append((low <= share * 1500) & (share * 1500 <= high))
    assert 0.85 <= np.mean(inside) <= 0.95


def test_tiny_has_wide_intervals():
    paths = Paths.of(TINY)
    found = solve(paths)
    drawn = redraw(paths, Pairs.of(paths), {}, {"markov": found}, replicates=200, seed=0)
    band = interval(found.conversions, np.concatenate(drawn.conversions["markov"]))
    assert (np.ptp(band, axis=1) > 1).all()
