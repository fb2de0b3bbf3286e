"""Rules: worked by hand, and shares that add up in every path."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from roas.attribution.models.rules import RULES, credit, last_non_direct, position, time_decay, w_shaped
from roas.attribution.paths import Decay, Paths
from roas.errors import UsageError

TABLES = st.lists(
    st.tuples(st.lists(st.sampled_from("ABCDE"), min_size=1, max_size=9), *[st.integers(0, 5)] * 3),
    min_size=1,
    max_size=12,
)


def one(names) -> Paths:
    return Paths.of([(names, 1, 10, 0)])


@pytest.mark.parametrize(
    ("rule", "path", "weights"),
    [
        ("first", "ABC", [1, 0, 0]),
        ("last", "ABC", [0, 0, 1]),
        ("linear", "ABAB", [0.25] * 4),
        ("position", "A", [1]),
        ("position", "AB", [0.5, 0.5]),
        ("position", "ABC", [0.4, 0.2, 0.4]),
        ("position", "ABCD", [0.4, 0.1, 0.1, 0.4]),
        ("w_shaped", "A", [1]),
        ("w_shaped", "AB", [0.5, 0.5]),
        ("w_shaped", "ABC", [1 / 3] * 3),
        ("w_shaped", "ABCD", [0.3, 0.3, 0.1, 0.3]),
        ("w_shaped", "ABCDE", [0.3, 0.05, 0.3, 0.05, 0.3]),
    ],
)
def test_weights_by_hand(rule, path, weights):
    assert np.allclose(RULES[rule].weights(one(path)), weights, atol=1e-15)


@given(TABLES)
def test_weights_add_up_in_each_path(table):
    paths = Paths.of(table)
    for name, rule in RULES.items():
        sums = np.bincount(paths.owner, weights=rule.weights(paths))
        assert np.allclose(sums, 1, atol=1e-12), name


@given(TABLES)
def test_credits_add_up_to_the_total(table):
    paths = Paths.of(table)
    for rule in RULES.values():
        assert np.isclose(credit(paths, rule.weights(paths), paths.value).sum(), paths.value.sum())


@given(TABLES)
def test_reversing_journeys_swaps_first_and_last(table):
    forwards, backwards = Paths.of(table), Paths.of([(names[::-1], *rest) for names, *rest in table])
    first, last = RULES["first"].weights, RULES["last"].weights
    assert np.array_equal(
        credit(forwards, first(forwards), forwards.conversions),
        credit(backwards, last(backwards), backwards.conversions),
    )


@pytest.mark.parametrize("name", ["direct", "(Direct)", "(none)", "direct / none", "Typed/Bookmarked", " DIRECT "])
def test_direct_is_passed_over_in_any_spelling(name):
    assert last_non_direct(one(["Mail", "Search", name, name])).tolist() == [0, 1, 0, 0]


def test_only_direct_credits_the_last():
    assert last_non_direct(one(["direct", "direct"])).tolist() == [0, 1]


def test_names_that_count_as_direct_can_be_set():
    path = one(["Mail", "direct", "Brand"])
    assert last_non_direct(path, direct=["brand"]).tolist() == [0, 1, 0]


def test_a_name_that_holds_direct_is_a_channel():
    assert last_non_direct(one(["Mail", "Direct mail"])).tolist() == [0, 1]


def test_position_of_two_touches_is_in_proportion():
    assert position(one("AB"), shares=(0.6, 0.2, 0.2)).tolist() == pytest.approx([0.75, 0.25])
    assert position(one("AB"), shares=(0.0, 1.0, 0.0)).tolist() == [0.5, 0.5]


@pytest.mark.parametrize("shares", [(0.5, 0.5, 0.5), (-0.1, 0.6, 0.5), (float("nan"), 0.5, 0.5), (0.5, 0.5)])
def test_shares_that_cannot_be_are_refused(shares):
    with pytest.raises(UsageError, match="position shares: found"):
        position(one("ABC"), shares=shares)


def test_middle_touch_of_an_even_path_is_the_earlier():
    assert int(np.argmax(w_shaped(one("ABCDEF"))[1:-1])) + 1 == 2


def test_time_decay_without_times_is_refused():
    with pytest.raises(UsageError, match="paths carry none"):
        time_decay(one("AB"))


def test_time_decay_returns_its_sums():
    decay = Decay(np.array([0.2, 0.8]), np.array([2.0, 8.0]), np.array([0.04, 0.64]))
    conversions, value = time_decay(replace(one("AB"), decay=decay))
    assert conversions.tolist() == [0.2, 0.8]
    assert value.tolist() == [2.0, 8.0]


def test_no_paths_have_no_weights():
    for rule in RULES.values():
        assert rule.weights(Paths.of([])).shape == (0,)
