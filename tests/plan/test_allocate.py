"""The best split of a total: global, exact to the cent, with a bound that holds."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roas.plan.allocate import best_alone, best_split, best_units, worth


def hill(ceiling, half, slope):
    """Worth of cents: an S where the slope is above one."""
    return lambda cents: ceiling * cents**slope / (half**slope + cents**slope)


def by_force(values, low, high, total, step):
    """The best split on a grid, by looking at all of them."""
    grids = [range(a, b + 1, step) for a, b in zip(low[:-1], high[:-1], strict=True)]
    splits = ((*each, total - sum(each)) for each in itertools.product(*grids))
    allowed = [each for each in splits if low[-1] <= each[-1] <= high[-1]]
    return max(worth(values, each) for each in allowed)


CONCAVE = [hill(900.0, 400.0, 1.0), hill(500.0, 150.0, 0.9), hill(700.0, 900.0, 1.0)]
S_SHAPED = [hill(900.0, 500.0, 4.0), hill(880.0, 480.0, 5.0), hill(300.0, 200.0, 3.0)]


@pytest.mark.parametrize("values", [CONCAVE, S_SHAPED])
@pytest.mark.parametrize("total", [300, 600, 1000])
def test_best_of_all_splits_is_found(values, total):
    low, high = [0, 0, 0], [700, 800, 600]
    found = best_split(values, low, high, total)
    force = by_force(values, low, high, total, 20)
    assert found.value >= force - 1e-9
    assert found.bound >= by_force(values, low, high, total, 10) - 1e-9
    assert found.value == pytest.approx(worth(values, found.cents))


def test_concave_curves_leave_no_gap():
    found = best_split(CONCAVE, [0, 0, 0], [90_000] * 3, 120_000)
    assert found.gap < 1e-3


def test_price_is_the_worth_of_one_more_unit():
    low, high = [0, 0, 0], [700, 800, 600]
    one, more = (best_split(CONCAVE, low, high, total).value for total in (900, 901))
    assert best_split(CONCAVE, low, high, 900).price == pytest.approx(100 * (more - one), rel=0.01)


def test_all_in_one_beats_the_split_that_small_steps_find():
    """Two S-shaped curves and money for one: from the equal split every small step loses."""
    values = [hill(1000.0, 600.0, 6.0), hill(1000.0, 600.0, 6.0)]
    equal = worth(values, [300, 300])
    assert all(worth(values, [300 + step, 300 - step]) < equal + 20 for step in (-50, 50))
    found = best_split(values, [0, 0], [600, 600], 600)
    assert sorted(found.cents) == [0, 600]
    assert found.value > 5 * equal


def test_free_total_stops_where_the_next_unit_no_longer_pays():
    """100 * sqrt(x) less x / 2 is best at x = 10,000."""
    assert best_alone(lambda cents: 100 * np.sqrt(cents) - cents / 2, 0, 1_000_000) == 10_000


def test_units_are_all_given_out():
    assert best_units([np.array([0.0, 5.0, 6.0]), np.array([0.0, 4.0])], 2) == [1, 1]
    assert best_units([np.array([0.0, -5.0, -6.0]), np.array([0.0, -4.0])], 3) == [2, 1]


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_limits_and_totals_are_never_violated(data):
    count = data.draw(st.integers(1, 5))
    limits = [sorted(data.draw(st.tuples(st.integers(0, 10**7), st.integers(0, 10**7)))) for _ in range(count)]
    low, high = [a for a, _ in limits], [b for _, b in limits]
    total = data.draw(st.integers(sum(low), sum(high)))
    slopes = data.draw(st.lists(st.floats(0.5, 5), min_size=count, max_size=count))
    values = [hill(1e4, 5e6, slope) for slope in slopes]
    found = best_split(values, low, high, total)
    assert sum(found.cents) == total
    assert all(a <= x <= b for a, x, b in zip(low, found.cents, high, strict=True))
    assert found.gap >= 0
