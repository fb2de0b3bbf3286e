"""Moves in whole units of money."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from roas.plan.whole_moves import whole_moves


@st.composite
def splits(draw: st.DrawFn) -> tuple[list[int], list[int]]:
    """Draw a start and a plan of the same total whose moves are large."""
    count = draw(st.integers(1, 12))
    taken = draw(st.lists(st.integers(10_000 * count, 10**8), min_size=1, max_size=6))
    given_ = [10_000] * count
    left = sum(taken) - sum(given_)
    for i in range(count - 1):
        part = draw(st.integers(0, left))
        given_[i] += part
        left -= part
    given_[-1] += left
    start = [x + draw(st.integers(0, 10**6)) for x in taken] + [draw(st.integers(0, 10**6)) for _ in given_]
    moves = [-x for x in taken] + given_
    return start, [a + b for a, b in zip(start, moves, strict=True)]


@given(splits())
def test_moves_are_whole_smaller_and_keep_the_total(case: tuple[list[int], list[int]]) -> None:
    start, plan = case
    found = whole_moves(plan, start, fixed=True)
    assert sum(found) == sum(start)
    for before, wanted, after in zip(start, plan, found, strict=True):
        assert (after - before) % 100 == 0
        assert min(before, wanted) <= after <= max(before, wanted)
        assert abs(wanted - after) < 100 * (len(start) + 1)


def test_small_moves_keep_their_cents() -> None:
    assert whole_moves([90_050, 109_950], [100_000, 100_000], fixed=True) == [90_050, 109_950]
    assert whole_moves([89_950, 110_050], [100_000, 100_000], fixed=True) == [90_000, 110_000]


def test_a_free_total_rounds_each_move_alone() -> None:
    assert whole_moves([120_050, 89_910], [100_000, 100_000], fixed=False) == [120_000, 90_000]


def test_what_is_taken_and_given_is_read_alike() -> None:
    start = [312_347, 280_011, 150_099]
    found = whole_moves([239_331, 222_810, 280_316], start, fixed=True)
    assert [a - b for a, b in zip(found, start, strict=True)] == [-73_000, -57_200, 130_200]
