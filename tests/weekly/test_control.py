"""Many figures judged at once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roas.weekly.control import FALSE_SHARE, any_false, shares_false

p_values = st.lists(st.floats(0, 1), min_size=1, max_size=12)


def test_by_hand() -> None:
    # 1 + 1/2 + 1/3 = 11/6; 0.01 · 3 · 11/6 = 0.055; 0.02 · 3/2 · 11/6 = 0.055; 0.5 · 11/6 = 0.917
    assert shares_false([0.5, 0.01, 0.02]) == pytest.approx((11 / 12, 0.055, 0.055))
    assert any_false([0.5, 0.01, 0.02]) == pytest.approx((0.5, 0.03, 0.04))
    assert shares_false([0.04]) == any_false([0.04]) == (0.04,)
    assert shares_false([]) == any_false([]) == ()


@settings(max_examples=50)
@given(p_values)
def test_judging_many_never_makes_one_odder_and_keeps_their_order(found: list[float]) -> None:
    for judged in (shares_false(found), any_false(found)):
        assert all(own <= each <= 1 for own, each in zip(found, judged, strict=True))
        assert np.all(np.diff(np.array(judged)[np.argsort(found, kind="stable")]) >= 0)


@settings(max_examples=30)
@given(p_values)
def test_the_order_of_figures_is_irrelevant(found: list[float]) -> None:
    order = np.random.default_rng(len(found)).permutation(len(found))
    for judge in (shares_false, any_false):
        assert judge([found[k] for k in order]) == pytest.approx([judge(found)[k] for k in order])


@pytest.mark.parametrize("shared", [0.0, 0.9, -0.9])
def test_where_nothing_happened_one_week_in_ten_at_most_has_a_false_row(shared: float) -> None:
    """Twelve figures, in pairs that depend on each other as spend and ROAS do."""
    from scipy.special import ndtr

    rng = np.random.default_rng(1)
    first, own = rng.normal(size=(2, 2000, 6))
    drawn = np.hstack([first, shared * first + np.sqrt(1 - shared**2) * own])
    found: Sequence[Sequence[float]] = (2 * ndtr(-np.abs(drawn))).tolist()
    for judge in (shares_false, any_false):
        assert np.mean([min(judge(each)) <= FALSE_SHARE for each in found]) <= FALSE_SHARE
    assert np.mean([min(each) <= FALSE_SHARE for each in found]) > 0.5
