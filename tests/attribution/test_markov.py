"""Removal effects: by hand, against chains with states struck out, and the reference table."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roas.attribution.models import absorption
from roas.attribution.models.chain import Layout
from roas.attribution.models.markov import losses, markov, removal_effects, solve, transition_counts
from roas.attribution.paths import Paths
from roas.errors import UsageError
from tests.attribution.examples import TABLES, TINY, planted, reference


def brute(paths, order):
    """Strike out states and solve ``x = Q x + r`` in plain dictionaries; credit of conversions and value."""
    steps: dict[Any, float] = defaultdict(float)
    ends: dict[Any, Any] = defaultdict(lambda: np.zeros(3))
    for p in range(len(paths.conversions)):
        names, journeys = paths.names(p), paths.journeys[p]
        states = ["start", *(names[max(0, i + 1 - order) : i + 1] for i in range(len(names)))]
        for source, target in pairwise(states):
            steps[source, target] += journeys
        ends[states[-1]] += (paths.conversions[p], paths.nulls[p], paths.value[p])
    states = sorted({state for pair in steps for state in pair}, key=str)
    place = {state: i for i, state in enumerate(states)}
    whole = _from_start(states, place, steps, ends, None)
    lost = [whole - _from_start(states, place, steps, ends, channel) for channel in paths.channels]
    totals = np.array([paths.conversions.sum(), paths.value.sum()])
    sums = np.sum(lost, axis=0)
    return np.array(lost) / np.where(sums > 0, sums, 1) * totals, np.array(lost)[:, 0] / whole[0]


def _from_start(states, place, steps, ends, removed):
    matrix, rewards = np.zeros((len(states), len(states))), np.zeros((len(states), 2))
    visits: dict[Any, float] = defaultdict(float)
    for (source, _), count in steps.items():
        visits[source] += count
    for state, end in ends.items():
        visits[state] += end[0] + end[1]
    gone = {state for state in states if state != "start" and removed in state}
    for (source, target), count in steps.items():
        if visits[source] and not {source, target} & gone:
            matrix[place[source], place[target]] = count / visits[source]
    for state, end in ends.items():
        if visits[state] and state not in gone:
            rewards[place[state]] = end[[0, 2]] / visits[state]
    return np.linalg.solve(np.eye(len(states)) - matrix, rewards)[place["start"]]


@pytest.mark.slow
@given(TABLES, st.integers(1, 4))
def test_credit_equals_chains_with_states_struck_out(table, order):
    paths = Paths.of([(names, k, value if k else 0, nulls) for names, k, value, nulls in table])
    wanted, effects = brute(paths, order)
    found = solve(paths, order)
    assert np.allclose(found.conversions, wanted[:, 0], atol=1e-9)
    assert np.allclose(found.losses.effects, effects, atol=1e-9)
    if found.own_value:
        assert np.allclose(found.value, wanted[:, 1], atol=1e-9)


@settings(max_examples=40)
@given(TABLES, st.integers(1, 4))
def test_series_equals_inverse(table, order):
    layout = Layout.of(Paths.of(table), order)
    counts = layout.count(Paths.of(table))
    channels = np.arange(-1, layout.holds.shape[1])
    ways: tuple[Any, Any] = (absorption._Series, absorption._Dense)
    series, dense = (way(layout, counts)(channels, True) for way in ways)
    assert np.allclose(series.reached, dense.reached, atol=1e-12)
    assert np.allclose(series.visits, dense.visits, atol=1e-12)


def removal_of(paths, order):
    return solve(paths, order).losses.effects.tolist()


def test_tiny_by_hand():
    # Start to A 4/5, to B 1/5; A to B 1/2, converts 1/4; B converts 2/3: P = 3/5, without A 2/15, without B 1/5.
    paths = Paths.of(TINY)
    assert removal_effects(paths).effect.tolist() == pytest.approx([7 / 9, 2 / 3], abs=1e-12)
    assert markov(paths)[0].tolist() == pytest.approx([21 / 13, 18 / 13], abs=1e-12)


def test_value_by_hand():
    # Value per visit: A 10/4, B 30/3. V = 4/5 (5/2 + 5) + 1/5 10 = 8; without A 2; without B 2: half each.
    assert markov(Paths.of(TINY))[1].tolist() == pytest.approx([20, 20], abs=1e-12)


ALPHA_TO_ZETA = {
    1: "5344.9 2527.4 4.6 599.6 3340.8 3884.6 274.4 1282.8 1.7 1971.9 381.1",
    2: "5617.5 2439.6 5.2 614.4 3391.9 3810.5 266.0 1189.5 2.1 1902.5 374.0",
    3: "5748.1 2405.5 5.1 623.4 3396.1 3791.0 264.2 1150.7 2.1 1849.8 370.4",
}


@pytest.mark.parametrize("order", ALPHA_TO_ZETA)
def test_reference_table(shared_data, order):
    paths = reference(shared_data)
    conversions, value = markov(paths, order)
    shown = [f"{each:.1f}" for name, each in zip(paths.channels, conversions, strict=True) if name != "gamma"]
    assert shown == ALPHA_TO_ZETA[order].split()
    assert conversions.sum() == pytest.approx(19785, abs=1e-8)
    assert value.sum() == pytest.approx(paths.value.sum(), rel=1e-12)


def test_repeats_do_not_matter_at_order_one():
    repeated = Paths.of([("AABBB", 2, 30, 0), ("AAA", 1, 10, 1), ("BB", 0, 0, 1)])
    assert np.allclose(markov(repeated)[0], markov(Paths.of(TINY))[0], atol=1e-12)


def test_repeats_are_kept_at_higher_orders():
    # Kept, CA and BA meet again in AA and convert alike, 1/2; dropped, CA converts always and BA never.
    kept = Paths.of([("CAA", 2, 0, 0), ("BAA", 0, 0, 2), ("B", 1, 0, 1)])
    dropped = Paths.of([("CA", 2, 0, 0), ("BA", 0, 0, 2), ("B", 1, 0, 1)])
    assert removal_of(kept, 2) == pytest.approx([2 / 3, 2 / 3, 1 / 3])
    assert removal_of(dropped, 2) == pytest.approx([2 / 3, 1 / 3, 2 / 3])


@pytest.mark.parametrize("order", [1, 2, 3])
def test_one_journey_of_a_hundred_thousand_touches_stays_exact(order):
    long = [*("AB" * 50_000)]
    paths = Paths.of([*TINY, (long, 0, 0, 1)])
    conversions, _ = markov(paths, order)
    assert conversions.sum() == pytest.approx(3, abs=1e-9)
    assert (conversions > 0).all()


def test_a_channel_repeated_a_hundred_thousand_times_changes_nothing_at_order_one():
    plain, long = Paths.of([*TINY, ("A", 0, 0, 1)]), Paths.of([*TINY, ("A" * 100_000, 0, 0, 1)])
    assert np.allclose(markov(plain)[0], markov(long)[0], atol=1e-12)


def small_limits(monkeypatch, **limits):
    """Send even small chains through the series."""
    monkeypatch.setattr(absorption, "DENSE_STATES", 0)
    monkeypatch.setattr("roas.attribution.models.markov.DENSE_STATES", 0)
    for name, limit in limits.items():
        monkeypatch.setattr(absorption, name, limit)


def test_series_gives_the_same_credit(monkeypatch):
    paths = planted(2, 300, 1)
    dense = markov(paths, 3)
    small_limits(monkeypatch, BLOCK=1)
    assert np.allclose(markov(paths, 3), dense, rtol=1e-12)


def test_circles_without_end_fall_back_to_the_inverse(monkeypatch):
    small_limits(monkeypatch, MOST_TERMS=3)
    paths = planted(2, 300, 1)
    fallen_back = markov(paths, 2)[0]
    monkeypatch.undo()
    assert np.allclose(fallen_back, markov(paths, 2)[0], atol=1e-12)


def test_circles_in_too_many_states_are_refused(monkeypatch):
    small_limits(monkeypatch, MOST_TERMS=3, MOST_DENSE_STATES=0)
    with pytest.raises(UsageError, match="Use --model markov,"):
        markov(planted(2, 300, 1), 2)


def test_too_large_a_chain_is_refused_with_the_order_that_works(monkeypatch):
    monkeypatch.setattr(absorption, "MOST_WORK", 100)
    with pytest.raises(UsageError, match=r"markov_3: .* Use --model markov_2, or group the channels"):
        markov(planted(2, 300, 1), 3)


def test_nothing_converts():
    found = solve(Paths.of([("AB", 0, 0, 3), ("A", 0, 0, 1)]))
    assert found.conversions.tolist() == found.value.tolist() == found.losses.effects.tolist() == [0, 0]


def test_everything_converts():
    # Nulls unknown: without A nothing of AB and A is left.
    paths = Paths.of([("AB", 2, 0, 0), ("A", 1, 0, 0), ("B", 1, 0, 0)])
    assert removal_effects(paths).effect.tolist() == pytest.approx([3 / 4, 2 / 3 * 3 / 4 + 1 / 4])


def test_a_channel_that_never_converts_gets_nothing():
    conversions, _ = markov(Paths.of([("A", 1, 5, 1), ("B", 0, 0, 4)]), 2)
    assert conversions.tolist() == [1, 0]


def test_one_channel_gets_all():
    conversions, value = markov(Paths.of([("A", 1, 5, 1), ("AAA", 2, 5, 0)]), 3)
    assert (conversions.tolist(), value.tolist()) == ([3], [10])


def test_unused_channels_get_nothing():
    paths = Paths.of(TINY)
    wider = Paths(("A", "AA", "B"), paths.codes * 2, paths.starts, paths.conversions, paths.nulls, paths.value)
    assert markov(wider, 2)[0].tolist() == pytest.approx([*markov(paths, 2)[0].tolist()[:1], 0, markov(paths, 2)[0][1]])


@pytest.mark.parametrize("value", [-5.0, 0.0])
def test_value_that_is_not_positive_goes_like_conversions(value):
    found = solve(Paths.of([("AB", 2, value, 0), ("A", 1, 0, 1)]))
    assert np.allclose(found.value, found.conversions / 3 * value)
    assert found.own_value == (value == 0)


def test_value_gained_without_a_channel_goes_like_conversions():
    found = solve(Paths.of([("A", 2, 100, 2), ("B", 2, -40, 2)]))
    assert not found.own_value
    assert found.value.sum() == pytest.approx(60)


def test_value_without_conversions_still_adds_up():
    assert markov(Paths.of([("AB", 0, -6, 2)]))[1].tolist() == [-3, -3]


def test_no_paths_have_no_credit():
    assert markov(Paths.of([]), 2)[0].shape == (0,)


def test_transitions_by_hand():
    found = transition_counts(Paths.of(TINY))
    assert found.sources == ("A", "B", "(start)")
    assert found.targets == ("A", "B", "(conversion)", "(null)")
    assert found.counts.tolist() == [[0, 2, 1, 1], [0, 0, 2, 1], [4, 1, 0, 0]]
    assert found.shares.sum(axis=1).tolist() == [1, 1, 1]


@settings(max_examples=40)
@given(TABLES)
def test_transitions_count_every_touch_and_end(table):
    paths = Paths.of(table)
    counts = transition_counts(paths).counts
    assert counts.sum() == pytest.approx((paths.journeys * (paths.lengths + 1)).sum())


@settings(max_examples=40)
@given(TABLES)
def test_losses_do_not_depend_on_the_unit_of_value(table):
    paths = Paths.of(table)
    cents = Paths.of([(names, k, 100 * value, nulls) for names, k, value, nulls in table])
    first, second = (losses(layout, layout.count(each)) for each in (paths, cents) for layout in [Layout.of(each, 1)])
    assert np.allclose(first.lost * [1, 100], second.lost)
