"""Groups of fewer than ten journeys: folded, counted, and never by name."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roas import charts
from roas.analysis.attributed import attributed
from roas.attribution import frames
from roas.attribution.flow_paths import flow_paths
from roas.attribution.models import ModelOptions
from roas.attribution.path_list import path_list
from roas.attribution.paths import Paths
from roas.attribution.places import place_rows
from roas.attribution.results import Journeys
from roas.attribution.spans import days_to_convert, path_lengths
from roas.attribution.steps import steps
from roas.attribution.suppress import join_small, too_small
from roas.charts.attribution.states import CONVERSION, NULL, OTHER, START
from roas.limits import FEWEST_JOURNEYS
from roas.report.attribution_plots import plots

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
    if 0 < paths.journeys.sum() < fewest:
        assert (listed.rows, listed.other.conversions, listed.other.value) == ((), None, None)
        return
    assert listed.other.journeys == 0 or listed.other.journeys >= fewest
    for figure, whole in (("conversions", paths.conversions), ("nulls", paths.nulls), ("value", paths.value)):
        found = sum(getattr(row, figure) for row in listed.rows) + getattr(listed.other, figure)
        assert found == pytest.approx(whole.sum())
    assert all(row.journeys >= max(fewest, 1) for row in listed.rows)
    assert [-(row.conversions or 0) for row in listed.rows] == sorted(-(row.conversions or 0) for row in listed.rows)


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
    listed, every = sum(step.count for step in found), touches.sum() + paths.journeys.sum()
    rest = [step for step in found if step.source == OTHER]
    if rest or not fewest:
        assert listed == pytest.approx(every)


@given(ROWS)
def test_ten_journeys_stand_behind_every_row_of_steps(rows):
    paths = Paths.of([("".join(names), *outcome) for names, *outcome in rows])
    found, _ = steps(paths, fewest=10)
    named = {(step.source, step.target) for step in found}
    sources = {step.source for step in found}
    behind = dict.fromkeys(named, 0.0)
    for names, won, _, lost in [("".join(names), *outcome) for names, *outcome in rows]:
        for end, journeys in ((CONVERSION, won), (NULL, lost)):
            taken = set()
            for source, target in pairwise((START, *names, end)):
                known = source if source in sources else OTHER
                taken.add((known, target if (known, target) in named else OTHER))
            for step in taken & named:
                behind[step] += journeys
    assert all(journeys >= 10 for journeys in behind.values())


def test_a_step_taken_often_by_few_journeys_is_folded():
    paths = Paths.of([("A" * 20 + "B", 9, 0, 0), ("B", 10, 0, 0)])
    found, folded = steps(paths, fewest=10)
    assert {(step.source, step.target) for step in found} == {("B", "(conversion)"), (OTHER, OTHER)}
    assert folded == 4


def test_states_are_spelled_once():
    assert steps.__globals__["START"] is charts.attribution.START
    assert {START, CONVERSION, NULL, OTHER} == {"(start)", "(conversion)", "(null)", "(other)"}


@given(ROWS)
def test_lengths_add_up_and_are_large_enough(rows):
    paths = Paths.of([("".join(names), *outcome) for names, *outcome in rows])
    spans, _ = path_lengths(paths, fewest=10)
    whole = paths.journeys.sum()
    assert sum(span.journeys for span in spans) == pytest.approx(whole if whole >= 10 else 0)
    assert not any(0 < span.journeys < 10 for span in spans)


def test_thin_days_are_joined_with_their_neighbours():
    spans, joined = days_to_convert(np.array([50.0, 0, 4, 7, 2]), fewest=10)
    assert [(span.first, span.last, span.journeys) for span in spans] == [(0, 0, 50), (2, 4, 13)]
    assert joined == 3


def test_a_thin_cell_of_channel_and_place_is_left_out():
    positions = np.array([[12.0, 1.0], [0.0, 11.0]])
    paths = Paths.of([("AB", 11, 0, 0), ("AA", 1, 0, 0)])
    rows, hidden = place_rows(paths, positions, fewest=10)
    assert [row.conversions for row in rows] == [None, None, 0.0, 11.0]
    assert hidden == 2, "the thin cell, and the next one: else the channel's total would give it away"


def test_thin_cells_that_are_enough_together_take_no_other_along():
    paths = Paths.of([("A", 50, 0, 0), ("CA", 6, 0, 0), ("CCA", 6, 0, 0)])
    rows, _ = place_rows(paths, np.array([[50.0, 6.0, 6.0], [12.0, 6.0, 0.0]]), fewest=10)
    assert [row.conversions for row in rows[:3]] == [50.0, None, None]


@settings(max_examples=50)
@given(ROWS)
def test_no_channel_of_a_flow_stands_for_fewer_than_ten_journeys(rows):
    cut = flow_paths(Paths.of([("".join(names), *outcome) for names, *outcome in rows]), fewest=10)
    for place in range(4):
        held: dict[str, float] = {}
        for names, won, lost in cut:
            if len(names) > place:
                held[names[place]] = held.get(names[place], 0.0) + won + lost
        assert not any(0 < journeys < 10 for journeys in held.values())


def test_one_person_alone_is_in_no_row():
    """Seventy common journeys, and one of a person who paid 7,777.77."""
    paths = Paths.of([("A", 40, 400, 0), ("B", 0, 0, 30), ("BA", 1, 7777.77, 0)])
    found = attributed(Journeys(paths), models=["last", "shapley_ordered"], settings=ModelOptions(intervals=False))
    tables = {name: frame(found) for name, frame in FRAMES.items()}
    assert "7777.77" not in str(tables["paths"].query("journeys < 10"))
    assert tables["paths"]["journeys"].tolist() == [40, 31]
    assert tables["steps"]["count"].min() >= 10
    assert (tables["lengths"]["journeys"] >= 10).all()
    assert found.suppressed.paths == 2
    document = found.to_dict()
    assert document["other_paths"] == {"paths": 2, "journeys": 31, "conversions": 1, "value": 7777.77, "nulls": 30}
    assert min(step["count"] for step in document["transitions"]) >= 10


def test_where_all_journeys_are_few_nothing_is_told_of_them():
    paths = Paths.of([("AB", 1, 7777.77, 0), ("B", 0, 0, 3)])
    found = attributed(Journeys(paths), models=["last"], settings=ModelOptions(intervals=False))
    document = found.to_dict()
    assert document["other_paths"] == {"paths": 2, "journeys": 4, "conversions": None, "value": None, "nulls": None}
    assert (document["transitions"], document["path_lengths"]) == ([], [])
    assert FRAMES["paths"](found)[["conversions", "value", "nulls"]].isna().all(axis=None)
    assert {plot.name for plot in plots(found)} == {"credit_by_model", "removal_effects"}


FRAMES = {"paths": frames.path_frame, "steps": frames.transition_frame, "lengths": frames.length_frame}


def test_thin_channels_of_a_week_take_the_next_one_along_where_they_are_too_few():
    """In one week A has 40 journeys, B 12, C 3: C alone would be (other)."""
    one = Paths.of([("A", 40, 0, 0), ("B", 12, 0, 0), ("C", 3, 0, 0)])
    weekly = replace(one, periods=np.full(3, 4))
    found = attributed(Journeys(weekly), models=["last"], settings=ModelOptions(intervals=False))
    assert [(row.channel, row.conversions) for row in found.weekly] == [("A", 40), (OTHER, 15)]
    enough = replace(
        Paths.of([("A", 40, 0, 0), ("B", 12, 0, 0), ("C", 5, 0, 0), ("D", 5, 0, 0)]), periods=np.full(4, 4)
    )
    found = attributed(Journeys(enough), models=["last"], settings=ModelOptions(intervals=False))
    assert [row.channel for row in found.weekly] == ["A", "B", OTHER]


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
