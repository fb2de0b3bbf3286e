"""The fold of sorted touches against a plain reading of the same rules."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roas.attribution.touches import stream
from roas.attribution.touches.grouping import Collision, Hashing, Sequences, grouped, targets
from roas.attribution.touches.packing import DAY_US, Packing, bits_for, grid
from roas.attribution.touches.stream import Block, Part, fold, merge

CHANNELS = 3
HOUR = DAY_US // 24


class Touch(NamedTuple):
    person: int
    hour: int
    code: int  # CHANNELS: a conversion without a touch
    sold: bool
    value: float


touches = st.lists(
    st.builds(
        lambda person, hour, code, sold, value: Touch(person, hour, code, sold or code == CHANNELS, value if sold or code == CHANNELS else 0.0),
        st.integers(0, 4), st.integers(0, 60), st.integers(0, CHANNELS), st.booleans(), st.sampled_from([0.0, 1.0, 2.5, 10.0]),
    ),
    max_size=40,
)  # fmt: skip


def packing_of(rows: list[Touch], days: int = 1, *, weekly: bool = False) -> Packing:
    sold = [row for row in rows if row.sold]
    bits = bits_for(CHANNELS, 100 * HOUR)
    assert bits is not None
    return Packing(
        0, CHANNELS, bits, days * DAY_US, DAY_US, weekly, grid(len(sold)), grid(sum(abs(row.value) for row in sold))
    )


def packed(rows: list[Touch], packing: Packing) -> Block:
    keys = sorted(
        (row.person, ((row.hour * HOUR) << (packing.bits + 1)) | (int(row.sold) << packing.bits) | row.code, row.value)
        for row in rows
    )
    person = np.array([key[0] for key in keys], dtype=np.int64)
    key = np.array([key[1] for key in keys], dtype=np.int64)
    value = np.array([key[2] for key in keys], dtype=np.float64)
    return Block(person, key, value[((key >> packing.bits) & 1).astype(bool)])


def cut(block: Block, packing: Packing, at: list[int]) -> list[Block]:
    edges = [0, *sorted(min(each, len(block.key)) for each in at), len(block.key)]
    found, used = [], 0
    for a, b in pairwise(edges):
        count = int(((block.key[a:b] >> packing.bits) & 1).sum())
        found.append(Block(block.person[a:b], block.key[a:b], block.value[used : used + count]))
        used += count
    return found


def by_hand(rows: list[Touch], days: int, half_life_days: float = 1.0):
    """Journeys one after the other, in plain Python: {path: [conversions, nulls, value]}, decay shares and counts."""
    paths: dict[tuple[int, ...], list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0])
    decay: dict[tuple[tuple[int, ...], int], float] = defaultdict(float)
    squares = [0.0] * CHANNELS
    counts: dict[str, float] = defaultdict(float)
    for person in sorted({row.person for row in rows}):
        own = sorted({row for row in rows if row.person == person}, key=lambda r: (r.hour, r.sold, r.code, r.value))
        counts["repeats"] += sum(row.person == person for row in rows) - len(own)
        journey: list[Touch] = []
        journeys = []
        for row in own:
            journey.append(row)
            if row.sold:
                journeys.append(journey)
                journey = []
        journeys += [journey] if journey else []
        for each in journeys:
            end = each[-1]
            seen = [row for row in each if row.code < CHANNELS and end.hour - row.hour <= 24 * days]
            counts["expired"] += sum(row.code < CHANNELS for row in each) - len(seen)
            if not seen:
                counts["unattributed"] += end.sold
                counts["unattributed_value"] += end.value
                continue
            path = tuple(row.code for row in seen)
            sums = paths[path]
            sums[0] += end.sold
            sums[1] += not end.sold
            sums[2] += end.value
            if end.sold:
                weights = [2.0 ** (-(end.hour - row.hour) / 24 / half_life_days) for row in seen]
                shares = [weight / sum(weights) for weight in weights]
                for place, share in enumerate(shares):
                    decay[path, place] += share
                for code in range(CHANNELS):
                    squares[code] += sum(s for s, row in zip(shares, seen, strict=True) if row.code == code) ** 2
    return dict(paths), dict(decay), squares, counts


def as_dict(part: Part) -> dict[tuple[int, ...], list[float]]:
    return {
        tuple(part.codes[a:b].tolist()): [part.conversions[i], part.nulls[i], part.value[i]]
        for i, (a, b) in enumerate(zip(part.starts, part.starts[1:], strict=False))
    }


@settings(deadline=None, max_examples=150)
@given(rows=touches, edges=st.lists(st.integers(0, 40), max_size=4), days=st.integers(0, 3))
def test_paths_counts_and_decay_are_those_of_a_plain_reading(rows, edges, days):
    packing = packing_of(rows, days)
    part = fold(cut(packed(rows, packing), packing, edges), packing)
    paths, decay, squares, counts = by_hand(rows, days)
    assert as_dict(part) == paths
    found = {
        (path, place): part.decay[start + place]
        for path, start in zip(as_dict(part), part.starts, strict=False)
        for place in range(len(path))
        if part.decay[start + place]
    }
    assert found == pytest.approx({k: v for k, v in decay.items() if v > 1e-12}, abs=1e-12)
    assert part.squares == pytest.approx(squares, abs=1e-12)
    assert {name: part.sums.get(name, 0) for name in counts} == pytest.approx(dict(counts))


@settings(deadline=None, max_examples=60)
@given(rows=touches, edges=st.lists(st.integers(0, 40), max_size=4), few=st.integers(1, 6))
def test_how_the_stream_is_cut_and_merged_changes_no_bit(rows, edges, few):
    """Parts are merged early, late, or by person: the same bits."""
    packing = packing_of(rows)
    block = packed(rows, packing)
    whole = fold([block], packing)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(stream, "WAITING", few)
        pieces = fold(cut(block, packing, edges), packing)
    people = [
        fold([packed([row for row in rows if row.person == person], packing)], packing) for person in (4, 2, 0, 1, 3)
    ]
    for other in (pieces, merge(people)):
        for name in (
            "codes",
            "starts",
            "hashes",
            "conversions",
            "nulls",
            "value",
            "value_squares",
            "decay",
            "decay_value",
        ):
            assert np.array_equal(getattr(whole, name), getattr(other, name)), name
        assert np.array_equal(whole.squares, other.squares)


def test_weeks_are_those_of_the_journeys_end():
    rows = [Touch(0, 0, 0, False, 0), Touch(0, 24 * 3, 1, True, 1.0), Touch(1, 24 * 4, 1, True, 1.0)]
    packing = packing_of(rows, 90, weekly=True)
    part = fold([packed(rows, packing)], packing)
    assert sorted(part.periods.tolist()) == [-3, 4]  # 1970-01-04 was a Sunday, 1970-01-05 a Monday


def test_equal_paths_of_two_weeks_are_kept_apart():
    rows = [Touch(0, 0, 0, True, 1.0), Touch(1, 24 * 8, 0, True, 1.0), Touch(2, 24 * 8, 0, True, 1.0)]
    packing = packing_of(rows, 90, weekly=True)
    part = fold([packed(rows, packing)], packing)
    assert sorted(part.conversions.tolist()) == [1.0, 2.0]


def test_marks_tell_equal_rows_apart():
    rows = [Touch(0, 5, 0, True, 50.0)] * 3
    packing = packing_of(rows)
    block = packed(rows, packing)
    assert fold([block], packing).conversions.tolist() == [1.0]
    marked = fold([block._replace(mark=np.array([7, 7, 8]))], packing)
    assert (marked.conversions.tolist(), marked.value.tolist()) == ([2.0], [100.0])
    assert fold(cut(block, packing, [1]), packing).conversions.tolist() == [1.0]


def test_where_only_days_are_known_equal_conversions_are_kept_and_equal_touches_are_not():
    rows = [*[Touch(0, 5, 0, True, 50.0)] * 3, *[Touch(0, 3, 1, False, 0.0)] * 2]
    packing = replace(packing_of(rows), copies=True)
    part = fold([packed(rows, packing)], packing)
    assert sorted(zip(part.conversions.tolist(), part.value.tolist(), strict=True)) == [(1.0, 50.0), (2.0, 100.0)]
    assert (part.sums["repeats"], part.sums["repeated_conversions"]) == (1, 0)


def test_one_person_with_very_many_touches():
    packing = Packing(0, 2, 2, 90 * DAY_US, DAY_US, share_grid=grid(1), value_grid=grid(5.0))
    count = 300_000
    key = (np.arange(count, dtype=np.int64) * 1_000_000) << 3
    key[-1] |= 1 << 2
    pieces = [Block(np.zeros(50_000, dtype=np.int64), each, np.zeros(0)) for each in np.split(key, 6)]
    pieces[-1] = pieces[-1]._replace(value=np.array([5.0]))
    part = fold(pieces, packing)
    assert (len(part.codes), part.conversions.tolist(), part.value.tolist()) == (count, [1.0], [5.0])
    assert part.decay.sum() == pytest.approx(1.0)


def test_a_touch_right_after_a_conversion_is_counted_as_a_doubt():
    rows = [Touch(0, 0, 0, True, 1.0), Touch(0, 0, 1, True, 1.0)]  # two orders at one moment are no doubt
    packing = packing_of(rows)
    assert fold([packed(rows, packing)], packing).sums["skewed"] == 0
    block = packed(rows, packing)
    late = Block(
        block.person,
        np.append(block.key[:1], block.key[1] + (1 << (packing.bits + 1)) - (1 << packing.bits)),
        block.value[:1],
    )
    assert fold([late], packing).sums["skewed"] == 1


def test_two_paths_with_one_hash_are_noticed():
    of = Sequences.of(np.array([0, 1], dtype=np.int32), np.array([1, 1]))
    first, group = grouped(np.array([7, 7], dtype=np.uint64))
    with pytest.raises(Collision):
        targets(of, group, of.take(first))


@given(
    codes=st.lists(st.lists(st.integers(0, 3), min_size=1, max_size=5), min_size=1, max_size=20), seed=st.integers(0, 3)
)
def test_hashes_are_equal_for_equal_paths_alone(codes, seed):
    of = Sequences.of(
        np.array([c for path in codes for c in path], dtype=np.int32), np.array([len(path) for path in codes])
    )
    hashes = Hashing(seed)(of, np.zeros(len(codes), dtype=np.int64))
    for i, one in enumerate(codes):
        for j, other in enumerate(codes):
            assert (hashes[i] == hashes[j]) == (one == other)


@given(total=st.floats(1e-3, 1e12), parts=st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_sums_on_the_grid_do_not_depend_on_their_order(total, parts):
    g = grid(total)
    shares = np.array(parts) / max(sum(parts), 1) * total
    rounded = np.round(shares / g) * g
    assert sum(rounded.tolist()) == sum(rounded[::-1].tolist()) == sum(sorted(rounded.tolist()))
    assert np.abs(rounded - shares).max() <= total * 2**-52


def test_keys_that_do_not_fit_are_refused():
    assert bits_for(2_000, 50 * 366 * DAY_US) == 11
    assert bits_for(2**20, 2**50) is None
