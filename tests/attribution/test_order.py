"""Automatic order: planted orders are found, and the evidence is plain."""

from __future__ import annotations

import json

import numpy as np
import pytest

from roas.attribution.models.order import _scores, _split, choose_order
from roas.attribution.paths import Paths
from tests.attribution.examples import TINY, planted, reference


@pytest.mark.parametrize("order", [1, 2, 3])
def test_the_planted_order_is_found(order):
    assert choose_order(planted(order, 6000, seed=order)).order == order


@pytest.mark.slow
@pytest.mark.parametrize("order", [1, 2, 3])
def test_the_planted_order_is_found_in_chain_after_chain(order):
    found = [choose_order(planted(order, 20_000, seed)).order for seed in range(10)]
    assert found.count(order) >= 9


def test_few_journeys_do_not_ask_for_memory():
    assert choose_order(planted(1, 60, seed=5)).order == 1


def test_chances_of_what_follows_add_up():
    # One channel, any history: going on, converting and being lost are all there is.
    paths = Paths.of([("A" * n, 3, 0, 4) for n in range(1, 7)])
    parts = _split(np.stack([paths.conversions, paths.nulls]), np.random.default_rng(0))
    longest = Paths.of([("A" * n, 3, 0, 4) for n in range(1, 7)])
    for score in _scores(longest, parts, (1, 2, 3), None):
        chance = np.exp(score).sum(axis=(0, 1))
        # All journeys of up to six touches: less than everything, and most of it.
        assert (chance < 1).all()
        assert (chance > 0.5).all()


def test_same_seed_same_choice():
    paths = planted(2, 500, seed=9)
    assert choose_order(paths, seed=4) == choose_order(paths, seed=4)


def test_evidence_is_plain():
    facts = choose_order(planted(2, 500, seed=9)).facts()
    assert json.loads(json.dumps(facts)) == facts
    assert [row["order"] for row in facts["evidence"]] == [1, 2, 3, 4]
    assert min(row["behind"] for row in facts["evidence"]) == 0


def test_many_journeys_are_sampled(monkeypatch):
    monkeypatch.setattr("roas.attribution.models.order.MOST_JOURNEYS", 3000)
    found = choose_order(planted(2, 8000, seed=2))
    assert found.sampled
    assert found.order == 2
    assert 2500 < found.journeys < 3500


@pytest.mark.parametrize(
    "rows", [TINY, [("A", 1, 0, 0)], [("AB", 0, 0, 0)], [("A", 0.25, 0, 0.5), ("B", 1.5, 0, 0)], []]
)
def test_little_data_gives_order_one(rows):
    assert choose_order(Paths.of(rows)).order == 1


def test_the_reference_table_has_long_memory(shared_data):
    assert choose_order(reference(shared_data)).order > 1
