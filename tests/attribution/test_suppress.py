"""Groups of fewer than ten journeys: folded, counted, and never by name."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from roas.analysis.attributed import attributed
from roas.attribution.flow_paths import flow_paths
from roas.attribution.path_list import path_list
from roas.attribution.paths import Paths
from roas.attribution.places import place_rows
from roas.attribution.results import Journeys
from roas.attribution.spans import days_to_convert, path_lengths
from roas.attribution.steps import OTHER, steps
from roas.attribution.suppress import join_small, too_small
from roas.charts.attribution import matrix
from roas.limits import FEWEST_JOURNEYS

ROWS = st.lists(
    st.tuples(
        st.lists(st.sampled_from("ABCD"), min_size=1, max_size=4),
        st.integers(0, 20),
        st.integers(0, 500),
        st.integers(0, 20),
    ),
    min_size=1,
    max_size=30,
)

TEN = Paths.of([("AB", 9, 90, 1), ("ABC", 4, 40, 5), ("B", 20, 10, 80), ("CA", 1, 5, 1)])


@given(st.lists(st.integers(0, 30), max_size=40), st.integers(1, 15))
def test_joined_rows_cover_every_row_once_and_are_large_enough(counts, fewest):
    ranges = join_small(counts, fewest)
    assert [row for first, last in ranges for row in range(first, last + 1)] == list(range(len(counts)))
    if sum(counts) >= fewest:
        assert all(sum(counts[first : last + 1]) >= fewest for first, last in ranges)


def test_nine_journeys_are_too_few_and_ten_are_not():
    assert too_small(np.array([0.0, 9.0, 10.0, 9.9999999999]), FEWEST_JOURNEYS).tolist() == [False, True, False, False]


def test_paths_of_nine_journeys_are_not_named():
    listed = path_list(TEN, fewest=10)
    assert [row.path for row in listed.rows] == [("B",), ("A", "B")]
    assert (listed.small, listed.small_journeys) == (2, 11)
    assert (listed.other.paths, listed.other.conversions, listed.other.value) == (2, 5, 45)


@given(ROWS, st.sampled_from([0, 5, 10]), st.sampled_from([None, 1, 3]))
def test_listed_and_other_paths_add_up_to_all(rows, fewest, most):
    paths = Paths.of([("".join(names), *outcome) for names, *outcome in rows])
    listed = path_list(paths, fewest=fewest, most=most)
    for figure, whole in (("conversions", paths.conversions), ("nulls", paths.nulls), ("value", paths.value)):
        found = sum(getattr(row, figure) for row in listed.rows) + getattr(listed.other, figure)
        assert found == pytest.approx(whole.sum())
    assert all(row.journeys >= max(fewest, 1) for row in listed.rows)
    assert [-row.conversions for row in listed.rows] == sorted(-row.conversions for row in listed.rows)


def test_equal_paths_of_different_weeks_are_one_path():
    paths = Paths.of([("A", 6, 6, 0), ("AB", 5, 5, 0)])
    twice = Paths(
        paths.channels, np.tile(paths.codes, 2), np.array([0, 1, 3, 4, 6]), np.tile(paths.conversions, 2),
        np.tile(paths.nulls, 2), np.tile(paths.value, 2), periods=np.array([4, 4, 11, 11]),
    )  # fmt: skip
    assert [(row.path, row.journeys) for row in path_list(twice, fewest=10).rows] == [(("A",), 12), (("A", "B"), 10)]


@given(ROWS, st.sampled_from([0, 10]))
def test_steps_from_a_state_add_up_to_its_touches(rows, fewest):
    paths = Paths.of([("".join(names), *outcome) for names, *outcome in rows])
    found, _ = steps(paths, fewest=fewest)
    touches = np.bincount(paths.codes, weights=np.repeat(paths.journeys, paths.lengths), minlength=len(paths.channels))
    for place, name in enumerate(paths.channels):
        leaving = [step for step in found if step.source == name]
        if leaving:
            assert sum(step.count for step in leaving) == pytest.approx(touches[place])
            assert sum(step.probability for step in leaving) == pytest.approx(1)
    assert sum(step.count for step in found) == pytest.approx(touches.sum() + paths.journeys.sum())


def test_a_step_taken_often_by_few_journeys_is_folded():
    paths = Paths.of([("A" * 20 + "B", 9, 0, 0), ("B", 10, 0, 0)])
    found, folded = steps(paths, fewest=10)
    assert {(step.source, step.target) for step in found} == {
        ("(start)", "B"), ("(start)", OTHER), (OTHER, OTHER), ("B", "(conversion)")
    }  # fmt: skip
    assert folded == 3


def test_states_are_called_as_the_chart_calls_them():
    from roas.attribution import steps as own

    assert (own.START, own.CONVERSION, own.NULL) == (matrix.START, matrix.CONVERSION, matrix.NULL)


@given(ROWS)
def test_lengths_add_up_and_are_large_enough(rows):
    paths = Paths.of([("".join(names), *outcome) for names, *outcome in rows])
    spans, _ = path_lengths(paths, fewest=10)
    assert sum(span.journeys for span in spans) == pytest.approx(paths.journeys.sum())
    if paths.journeys.sum() >= 10:
        assert min(span.journeys for span in spans) >= 10


def test_thin_days_are_joined_with_their_neighbours():
    spans, joined = days_to_convert(np.array([50.0, 0, 4, 7, 2]), fewest=10)
    assert [(span.first, span.last, span.journeys) for span in spans] == [(0, 0, 50), (2, 4, 13)]
    assert joined == 3


def test_a_thin_cell_of_channel_and_place_is_left_out():
    positions = np.array([[12.0, 1.0], [0.0, 11.0]])
    paths = Paths.of([("AB", 11, 0, 0), ("AA", 1, 0, 0)])
    rows, hidden = place_rows(paths, positions, fewest=10)
    assert [row.conversions for row in rows] == [12.0, None, 0.0, 11.0]
    assert hidden == 1


def test_a_flow_keeps_journeys_and_drops_rare_names():
    cut = flow_paths(TEN, fewest=10)
    assert sum(won for _, won, _ in cut) == TEN.conversions.sum()
    assert sum(lost for *_, lost in cut) == TEN.nulls.sum()
    assert not any("C" in names for names, _, _ in cut)
    assert any("C" in names for names, _, _ in flow_paths(TEN, fewest=0))


def test_no_small_path_week_or_step_stands_in_the_document():
    rows = [(("Rare", "Search"), 9, 9, 0), (("Search",), 40, 9, 60), (("Mail", "Search"), 30, 9, 30)]
    hidden, shown = (
        json.dumps(_without_channels(attributed(Journeys(Paths.of(rows)), models=["last"], fewest=few).to_dict()))
        for few in (10, 0)
    )
    assert "Rare" not in hidden
    assert "Rare" in shown


def _without_channels(document):
    """The document without the totals by channel, which name every channel."""
    return {k: v for k, v in document.items() if k not in ("models", "removal_effects", "facts")}
