"""Shapley values: closed forms against all coalitions, and places that add up."""

from __future__ import annotations

from itertools import combinations
from math import factorial

import numpy as np
from hypothesis import given

from roas.attribution.models.rules import credit
from roas.attribution.models.shapley import PLACES, by_place, place_names, set_shapley, shapley_weights
from roas.attribution.paths import Paths
from tests.attribution.examples import TABLES, reference


def all_coalitions(paths, outcome):
    """The definition: mean gain of a channel over all orders of joining."""
    sets = [set(paths.names(p)) for p in range(len(outcome))]

    def worth(members):
        return sum(amount for held, amount in zip(sets, outcome, strict=True) if held <= set(members))

    n, out = len(paths.channels), []
    for channel in paths.channels:
        others = [name for name in paths.channels if name != channel]
        out.append(
            sum(
                factorial(size) * factorial(n - size - 1) / factorial(n) * (worth((*held, channel)) - worth(held))
                for size in range(n)
                for held in combinations(others, size)
            )
        )
    return out


@given(TABLES)
def test_closed_form_equals_all_coalitions(table):
    paths = Paths.of(table)
    conversions, value = set_shapley(paths)
    assert np.allclose(conversions, all_coalitions(paths, paths.conversions), atol=1e-9)
    assert np.allclose(value, all_coalitions(paths, paths.value), atol=1e-9)


@given(TABLES)
def test_ordered_adds_up_to_the_set(table):
    paths = Paths.of(table)
    places = by_place(paths, shapley_weights(paths) * np.repeat(paths.conversions, paths.lengths))
    assert np.allclose(places.sum(axis=1), set_shapley(paths)[0], atol=1e-12)


def test_ordered_by_hand():
    # {A, B}: half each; A's half over places 1 and 3.
    paths = Paths.of([("ABA", 2, 0, 0)])
    places = by_place(paths, shapley_weights(paths) * 2)
    assert places[:, :3].tolist() == [[0.5, 0, 0.5], [0, 1, 0]]


def test_late_places_share_the_last_column():
    paths = Paths.of([("A" * (PLACES + 2), 1, 0, 0)])
    places = by_place(paths, shapley_weights(paths))[0]
    assert np.isclose(places[-1], 3 / (PLACES + 2))
    assert len(place_names()) == len(places)


def test_more_channels_than_bits():
    rng = np.random.default_rng(3)
    names = [f"c{i:03}" for i in range(150)]
    paths = Paths.of(
        [(rng.choice(names, rng.integers(1, 9)).tolist(), int(rng.integers(0, 5)), 1, 0) for _ in range(200)]
    )
    assert np.allclose(set_shapley(paths)[0], credit(paths, shapley_weights(paths), paths.conversions), atol=1e-12)


def test_reference_table(shared_data):
    paths = reference(shared_data)
    conversions, value = set_shapley(paths)
    shown = [f"{each:.1f}" for name, each in zip(paths.channels, conversions, strict=True) if name != "gamma"]
    assert " ".join(shown) == "7627.9 1982.7 2.3 374.7 3613.7 3505.0 159.1 987.8 2.7 1191.0 200.0"
    assert np.isclose(value.sum(), paths.value.sum())


def test_linear_of_the_reference_table(shared_data):
    from roas.attribution.models.rules import linear

    paths = reference(shared_data)
    conversions = credit(paths, linear(paths), paths.conversions)
    shown = [f"{each:.1f}" for name, each in zip(paths.channels, conversions, strict=True) if name != "gamma"]
    assert " ".join(shown) == "7574.7 2083.5 1.7 272.2 3540.0 3857.1 138.0 1035.3 2.2 1022.8 136.6"
