"""Verdicts that say what is known."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roas.plan.verdict import holds, told
from roas.quantiles import Q
from tests.plan.weeks import NOW, PLAN, scored

levels = st.floats(-1e6, 1e6)


@pytest.mark.parametrize(
    ("realised", "predicted", "judged"),
    [
        (Q(-400, 50, 500), Q(20, 100, 180), ("cannot_tell", "too_noisy")),
        (Q(-400, -50, 300), Q(20, 100, 180), ("cannot_tell", "too_noisy")),
        (Q(40, 120, 200), Q(20, 100, 180), ("scored", "as_predicted")),
        (Q(300, 400, 500), Q(20, 100, 180), ("scored", "more")),
        (Q(20, 50, 80), Q(200, 300, 400), ("scored", "less")),
        (Q(-40, 10, 60), Q(200, 300, 400), ("scored", "nothing")),
        (Q(-90, -50, -10), Q(20, 100, 180), ("scored", "opposite")),
        (Q(-500, -400, -300), Q(-180, -100, -20), ("scored", "more")),  # a plan that saves money lost more
        (Q(-80, -50, -20), Q(-400, -300, -200), ("scored", "less")),
        (Q(300, 400, 500), Q(0, 0, 0), ("scored", "more")),  # beside a prediction of nothing
        (Q(-500, -400, -300), Q(-10, 5, 20), ("scored", "more")),
        (Q(-100, 10, 120), Q(0, 0, 0), ("cannot_tell", "too_noisy")),
        (Q(40, 120, 200), Q(-300, -10, 300), ("scored", "as_predicted")),  # it fits, whatever the signs
    ],
)
def test_verdicts_by_hand(realised: Q, predicted: Q, judged: tuple[str, str]) -> None:
    assert told(realised, predicted) == judged


@given(st.lists(levels, min_size=3, max_size=3), st.lists(levels, min_size=3, max_size=3))
def test_a_plan_and_its_mirror_get_the_same_verdict(first: list[float], second: list[float]) -> None:
    realised, predicted = Q(*sorted(first)), Q(*sorted(second))
    mirrored = [Q(-q.p95, -q.p50, -q.p5) for q in (realised, predicted)]
    state, why = told(realised, predicted)
    assert told(*mirrored) == (state, why) or predicted.p50 == 0
    assert (why in ("too_noisy", "nothing")) == holds(realised, 0.0)
    assert (state == "cannot_tell") == (why == "too_noisy")


def test_a_plan_that_was_not_followed_is_no_test_of_it() -> None:
    clear = Q(300, 400, 500)
    assert scored({"Meta": 950, "Search": 550}, PLAN, realised=clear).why == "moved_little"
    assert scored({"Meta": 800, "Search": 700, "Radio": 900}, PLAN, realised=clear).why == "moved_otherwise"
    assert scored({"Meta": 600, "Search": 900}, PLAN, realised=clear).why == "moved_otherwise"
    assert scored({"Meta": 800, "Search": 700, "Radio": 100}, PLAN, realised=clear).why == "more"


def test_a_held_plan_is_scored_by_the_forecast() -> None:
    held = replace(PLAN, planned=NOW, predicted=Q(0, 0, 0))
    assert scored(NOW, held, realised=Q(-5, 1, 9)).why == "kept_as_expected"
    assert scored(NOW, held, realised=Q(5, 7, 9)).why == "kept_otherwise"
    assert scored({"Meta": 100, "Search": 100}, held, realised=Q(5, 7, 9)).why == "moved_little"
    assert scored({"Meta": 625, "Search": 875}, held, realised=Q(-5, 1, 9)).why == "moved_little"  # half of it moved
