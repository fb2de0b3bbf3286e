"""What the same week of last year did."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import pytest

from roas.weekly.anniversary import comes_again, departures
from roas.weekly.usual import usual

Array = npt.NDArray[np.float64]
WEEKS = np.arange(70.0)


def noise(seed: int = 0) -> Array:
    return 0.05 * np.random.default_rng(seed).normal(size=70)


def christmas(seed: int = 0, fall: float = -0.5) -> Array:
    """Week 18 stood out, and so week 70 may."""
    y = noise(seed)
    y[18] = fall
    return y


def test_a_week_is_held_against_those_around_it_and_not_its_neighbours() -> None:
    y = np.zeros(20)
    y[9:12] = (9.0, 3.0, 9.0)
    found = departures(y, np.arange(20.0))
    assert found[10] == 3.0
    assert found[5] == 0.0  # one of ten around it is 9: the median is not moved
    assert np.isnan(found[[0, 2, 17, 19]]).all() and np.isfinite(found[3:17]).all()


def test_a_season_and_a_trend_are_no_departure() -> None:
    assert np.nanmax(np.abs(departures(0.3 * WEEKS, WEEKS)[6:-6])) < 1e-9


def test_a_week_that_stood_out_may_come_again_or_not() -> None:
    moves, error, belief = comes_again(christmas(), WEEKS, 70)
    assert moves[0] == 0.0 and moves[1] == pytest.approx(-0.5, abs=0.1)
    assert error[0] == 0.0 and 0.02 < error[1] < 0.1
    assert belief.sum() == pytest.approx(1.0) and 0 < belief[0] <= belief[1]
    moves, _, beside = comes_again(christmas(), WEEKS, 71)
    assert moves[-1] == pytest.approx(-0.5, abs=0.1) and beside[-1] < belief[1]


def test_last_year_says_nothing_where_it_is_not_known() -> None:
    for y, ahead in ((noise()[:40], 40.0), (np.zeros(1), 53.0), (np.zeros(70), 70.0)):
        moves, error, belief = comes_again(y, WEEKS[: len(y)], ahead)
        assert (moves.tolist(), error.tolist(), belief.tolist()) == ([0.0], [0.0], [1.0])


def test_the_range_reaches_to_what_last_year_did_and_stays_where_it_was() -> None:
    values = 1000 * np.exp(christmas())
    known = usual(values, WEEKS, 70)
    assert known is not None
    low, high = known.low, known.high
    assert low < 1000 * math.exp(-0.5) and 1050 < high < 1200
    before = usual(values[:66], WEEKS[:66], 66)
    assert before is not None
    plain = before.low
    assert plain > 850
