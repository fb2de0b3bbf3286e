"""Onsets and courses of a change."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from roas.diagnosis.shapes import (
    COURSES,
    DIP_HALF_LIFE,
    FEWEST_AFTER,
    FEWEST_BEFORE,
    LONGEST_BACK,
    PASSING,
    PASSING_BACK,
    build_shapes,
)


@given(weeks=st.integers(2, 131))
def test_a_change_is_nothing_before_and_one_at_the_end(weeks):
    shapes = build_shapes(weeks)
    assert shapes.matrix.shape == (weeks, len(shapes.onset)) and len(shapes.course) == len(shapes.onset)
    for j, onset in enumerate(shapes.onset):
        column = shapes.matrix[:, j]
        assert (column[:onset] == 0).all() and column[onset] > 0
        if shapes.course[j] not in COURSES:
            continue
        assert column[-1] == 1.0 and (np.diff(column) >= 0).all()


@given(weeks=st.integers(2, 131))
def test_enough_lies_before_and_after_every_onset(weeks):
    shapes = build_shapes(weeks)
    for onset, course in zip(shapes.onset, shapes.course, strict=True):
        assert onset >= FEWEST_BEFORE
        if course in COURSES:
            assert FEWEST_AFTER[course] <= weeks - onset <= LONGEST_BACK[course]


@pytest.mark.parametrize("weeks", [2, 5, 7])
def test_short_histories_give_none(weeks):
    shapes = build_shapes(weeks)
    assert len(shapes.onset) == 0 and shapes.matrix.shape == (weeks, 0)


def test_a_step_is_there_at_once_and_a_ramp_by_and_by():
    shapes = build_shapes(60)
    for course, length in COURSES.items():
        j = shapes.at(course)[0]
        rising = shapes.matrix[shapes.onset[j] :, j]
        assert rising[:length] == pytest.approx(
            np.minimum(np.arange(1, length + 1), len(rising)) / min(length, len(rising))
        )
        assert (rising[length:] == 1).all()


def test_an_unfinished_change_is_how_far_it_has_come():
    shapes = build_shapes(60)
    j = shapes.at("slow")[-1]
    assert 60 - shapes.onset[j] < COURSES["slow"] and shapes.matrix[-1, j] == 1.0


@given(end=st.floats(6, 50))
def test_a_dip_is_deepest_where_the_promotion_ends_and_heals(end):
    shapes = build_shapes(60, dips=(end,))
    [j] = shapes.at("dip")
    dip = shapes.matrix[:, j]
    assert shapes.onset[j] == int(end)
    assert (dip >= 0).all() and dip.max() <= 1.0 and (dip[: int(end)] == 0).all()
    whole = np.ceil(end).astype(int)
    assert (np.diff(dip[whole:]) <= 1e-12).all()
    assert dip[whole + 3] / dip[whole] == pytest.approx(0.5 ** (3 / DIP_HALF_LIFE))


def test_what_passes_is_there_for_some_weeks_and_gone_at_the_end():
    shapes = build_shapes(60)
    passing = shapes.matrix[:, shapes.at("passing")]
    assert set(passing.sum(axis=0)) == set(PASSING) and set(passing.ravel()) == {0.0, 1.0}
    assert (passing[-1] == 0).all() and (passing[: 60 - PASSING_BACK] == 0).all()


def test_a_dip_loses_the_same_wherever_in_the_week_it_begins():
    shapes = [build_shapes(60, dips=(end,)) for end in (30.0, 30.3, 30.9)]
    lost = [float(each.matrix[:, each.at("dip")].sum()) for each in shapes]
    assert lost == pytest.approx([DIP_HALF_LIFE / np.log(2)] * 3, rel=1e-3)


def test_every_course_weighs_alike_beforehand_and_late_onsets_more():
    shapes = build_shapes(90, dips=(80.0, 85.5))
    for course in {*shapes.course}:
        at = shapes.at(course)
        assert shapes.prior[at].sum() == pytest.approx(1.0)
        order = np.argsort(shapes.onset[at], kind="stable")
        assert (np.diff(shapes.prior[at][order]) >= 0).all() and shapes.prior[at[order[-1]]] > shapes.prior[
            at[order[0]]
        ]


def test_a_season_repeats_every_year():
    season = build_shapes(131).season
    assert np.diag(season) == pytest.approx(np.ones(131))
    assert season[0, 52] > 0.98 and season[0, 26] < 0.1
    assert np.linalg.eigvalsh(season).min() > -1e-9
