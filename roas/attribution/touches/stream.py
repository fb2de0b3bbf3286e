"""Sorted touches → distinct paths: one pass, block by block, exact."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from roas.attribution.sums import summed
from roas.attribution.touches.grouping import Collision, Hashing, Sequences, grouped, targets
from roas.attribution.touches.packing import DAY_US, Packing

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]
    Codes = npt.NDArray[np.int32]
    Hashes = npt.NDArray[np.uint64]
    Truths = npt.NDArray[np.bool_]

#: Touches of parts that wait to be merged: some 200 MB.
WAITING: Final = 32_000_000

#: Microseconds after a conversion within which another touch may be one clock running behind another.
SKEW: Final = 60_000_000


class Block(NamedTuple):
    """Touches in order of person, key and mark, (rows,) each; `value` is of the conversions alone, in the same order.

    ``mark`` tells events apart that are equal in all else, where events have numbers; else it is None.
    """

    person: Ints
    key: Ints
    value: Floats
    mark: Ints | None = None

    def take(self, rows: Truths, sold: Truths) -> Block:
        """Return some rows; `sold` says which rows are conversions."""
        mark = None if self.mark is None else self.mark[rows]
        return Block(self.person[rows], self.key[rows], self.value[rows[sold]], mark)


@dataclass
class Part:
    """Distinct paths of some journeys, and all that adds up over parts.

    Attributes
    ----------
    codes, starts, conversions, nulls, value, value_squares, periods : arrays
        As in `roas.attribution.paths.Paths`.
    hashes : array (paths,)
        Of the paths, in rising order.
    decay, decay_value : array (touches,)
        Sums of time-decay shares, and of shares x value.
    squares : array (channels,)
        As in `roas.attribution.paths.Decay`.
    days : array
        Converting journeys by whole days from the first touch.
    sums : dict
        Counts by name.
    """

    codes: Codes
    starts: Ints
    hashes: Hashes
    conversions: Floats
    nulls: Floats
    value: Floats
    value_squares: Floats
    periods: Ints
    decay: Floats
    decay_value: Floats
    squares: Floats
    days: Floats
    sums: dict[str, float] = field(default_factory=dict)

    @property
    def paths(self) -> Sequences:
        """The distinct paths."""
        lengths = np.diff(self.starts)
        return Sequences(self.codes, self.starts, np.repeat(np.arange(len(lengths)), lengths))


def fold(blocks: Iterable[Block], packing: Packing, hashing: Hashing = Hashing()) -> Part:  # noqa: B008 - frozen
    """Turn touches in order into distinct paths.

    Parameters
    ----------
    blocks : iterable of Block
        Sorted by person, then key; a person may go on in the next block.
    packing : Packing
    hashing : Hashing
        The same for all parts that are merged.

    Raises
    ------
    roas.attribution.touches.grouping.Collision
        Once in some billion runs: take another hashing.
    """
    waiting = [_empty(packing)]
    for block in _whole_people(blocks, packing):
        waiting.append(_fold(block, packing, hashing))
        if sum(len(part.codes) for part in waiting[1:]) > max(WAITING, len(waiting[0].codes)):
            waiting = [merge(waiting)]
    return merge(waiting)


def merge(parts: list[Part]) -> Part:
    """Add parts up: equal paths become one.

    Raises
    ------
    roas.attribution.touches.grouping.Collision
        As `fold`.
    """
    if len(parts) == 1:
        return parts[0]
    hashes = np.concatenate([part.hashes for part in parts])
    first, group = grouped(hashes)
    cuts = np.cumsum([0, *(len(part.hashes) for part in parts)])
    periods = np.concatenate([part.periods for part in parts])
    _same(periods, first, group)
    kept = _kept(parts, cuts, first)
    decay = np.zeros((2, len(kept.codes)))
    for part, begin, end in zip(parts, cuts, cuts[1:], strict=False):
        _add_decay(decay, part, targets(part.paths, group[begin:end], kept))
    add = _Adder(group, len(first))
    conversions, nulls, value, squares = (
        add(np.concatenate([getattr(part, name) for part in parts]))
        for name in ("conversions", "nulls", "value", "value_squares")
    )
    return Part(
        kept.codes, kept.starts, hashes[first], conversions, nulls, value, squares, periods[first], decay[0], decay[1],
        np.sum([part.squares for part in parts], axis=0), _days_of(parts), _sums_of(parts),
    )  # fmt: skip


def _same(periods: Ints, first: Ints, group: Ints) -> None:
    if not np.array_equal(periods[first][group], periods):
        raise Collision


def _kept(parts: list[Part], cuts: Ints, first: Ints) -> Sequences:
    """Return the sequences with these numbers, counted over all parts."""
    lengths = np.concatenate([np.diff(part.starts) for part in parts])[first]
    kept = Sequences.of(np.zeros(int(lengths.sum()), dtype=np.int32), lengths)
    for part, begin, end in zip(parts, cuts, cuts[1:], strict=False):
        mine = np.flatnonzero((first >= begin) & (first < end))
        some = part.paths.take(first[mine] - begin)
        kept.codes[kept.starts[mine][some.owner] + some.place] = some.codes
    return kept


def _add_decay(decay: Floats, part: Part, target: Ints) -> None:
    """Add the shares of a part where they belong; most touches are of journeys that did not convert."""
    some = np.flatnonzero(part.decay)
    decay[0, target[some]] += part.decay[some]  # no place comes twice: the paths of a part are distinct
    decay[1, target[some]] += part.decay_value[some]


def _sums_of(parts: list[Part]) -> dict[str, float]:
    names = dict.fromkeys(name for part in parts for name in part.sums)
    return {name: sum(part.sums.get(name, 0.0) for part in parts) for name in names}


def _days_of(parts: list[Part]) -> Floats:
    days = np.zeros(max(len(part.days) for part in parts))
    for part in parts:
        days[: len(part.days)] += part.days
    return days


class _Adder:
    """Adds figures of journeys, or of paths, up by group."""

    def __init__(self, group: Ints, groups: int) -> None:
        self.group, self.groups = group, groups

    def __call__(self, figures: Floats) -> Floats:
        return summed(self.group, figures, self.groups)


def _empty(packing: Packing) -> Part:
    none, whole = np.zeros(0), np.zeros(0, dtype=np.int64)
    return Part(
        np.zeros(0, dtype=np.int32), np.zeros(1, dtype=np.int64), np.zeros(0, dtype=np.uint64), none, none, none, none, whole, none, none,
        np.zeros(packing.channels), np.zeros(1),
    )  # fmt: skip


# ---- blocks that end with a person ------------------------------------------------------------------------


def _whole_people(blocks: Iterable[Block], packing: Packing) -> Iterator[Block]:
    """Cut the stream between people: the last one of a block waits for the next."""
    kept: list[Block] = []
    for block in blocks:
        if not len(block.person):
            continue
        cut = int(np.searchsorted(block.person, block.person[-1], side="left"))
        if cut == 0 and kept and kept[0].person[0] == block.person[0]:
            kept.append(block)
            continue
        sold = ((block.key >> packing.bits) & 1).astype(bool)
        before = np.arange(len(block.key)) < cut
        whole = _joined([*kept, block.take(before, sold)])
        if len(whole.person):
            yield whole
        kept = [block.take(~before, sold)]
    if kept:
        yield _joined(kept)


def _joined(blocks: list[Block]) -> Block:
    if len(blocks) == 1:
        return blocks[0]
    marks = [block.mark for block in blocks if block.mark is not None]
    return Block(
        np.concatenate([block.person for block in blocks]),
        np.concatenate([block.key for block in blocks]),
        np.concatenate([block.value for block in blocks]),
        np.concatenate(marks) if marks else None,
    )


# ---- one block ---------------------------------------------------------------------------------------------


@dataclass
class _Rows:
    """Rows of a block taken apart, and the journeys they make."""

    code: Codes
    at: Ints
    sold: Truths
    journey: Ints
    end: Ints  # of each journey, the row
    begin: Ints


def _fold(block: Block, packing: Packing, hashing: Hashing) -> Part:
    """Turn the touches of whole people into distinct paths."""
    block, repeats, repeated = _once(block, packing)
    rows = _rows(block, packing)
    ended, converted = rows.at[rows.end], rows.sold[rows.end]
    age = ended[rows.journey] - rows.at
    touch = rows.code < packing.channels
    used = touch & (age <= packing.lookback)
    count = np.bincount(rows.journey[used], minlength=len(rows.end))
    value = np.zeros(len(rows.end))
    value[converted] = np.round(block.value / packing.value_grid) * packing.value_grid
    reached = count > 0
    lost = converted & ~reached
    owner = (np.cumsum(reached) - 1)[rows.journey[used]]
    starts = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(count[reached], dtype=np.int64)])
    seen = _Seen(Sequences(rows.code[used], starts, owner), rows.at[used], ended[reached], converted[reached])
    sums = {
        "repeats": float(repeats),
        "repeated_conversions": float(repeated),
        "expired": float(touch.sum() - used.sum()),
        "unattributed": float(lost.sum()),
        "unattributed_value": float(value[lost].sum()),
        "skewed": float(_skewed(block.person, rows)),
        "journeys": float(reached.sum()),
    }
    return _part(seen, value[reached], packing, hashing, sums)


def _once(block: Block, packing: Packing) -> tuple[Block, int, int]:
    """Leave out rows that repeat the one before in everything; return how many, and how many conversions."""
    same = np.zeros(len(block.key), dtype=bool)
    same[1:] = (block.key[1:] == block.key[:-1]) & (block.person[1:] == block.person[:-1])
    if block.mark is not None:
        same[1:] &= block.mark[1:] == block.mark[:-1]
    if not same.any():
        return block, 0, 0
    sold = ((block.key >> packing.bits) & 1).astype(bool)
    valued = np.zeros(len(block.value), dtype=bool)
    if not packing.copies:
        valued[1:] = block.value[1:] == block.value[:-1]
    same[sold] &= valued
    return block.take(~same, sold), int(same.sum()), int(same[sold].sum())


def _rows(block: Block, packing: Packing) -> _Rows:
    """Take keys apart; a journey begins with a person and after a conversion."""
    sold = ((block.key >> packing.bits) & 1).astype(bool)
    begins = np.ones(len(sold), dtype=bool)
    begins[1:] = (block.person[1:] != block.person[:-1]) | sold[:-1]
    begin = np.flatnonzero(begins)
    return _Rows(
        code=(block.key & packing.mask).astype(np.int32),
        at=block.key >> (packing.bits + 1),
        sold=sold,
        journey=np.cumsum(begins) - 1,
        end=np.append(begin[1:], len(sold)) - 1,
        begin=begin,
    )


def _skewed(person: Ints, rows: _Rows) -> int:
    """Count touches that follow the same person's conversion within a minute; a second order is none."""
    later = rows.begin[1:]
    soon = (person[later] == person[later - 1]) & (rows.at[later] - rows.at[later - 1] <= SKEW)
    return int((soon & ~rows.sold[later]).sum())


@dataclass
class _Seen:
    """Touches that count, journey after journey."""

    paths: Sequences
    at: Ints
    ended: Ints
    converted: Truths


def _part(seen: _Seen, value: Floats, packing: Packing, hashing: Hashing, sums: dict[str, float]) -> Part:
    week = _weeks(seen.ended, packing)
    if not len(seen.ended):
        part = _empty(packing)
        part.sums = sums
        return part
    hashes = hashing(seen.paths, week)
    first, group = grouped(hashes)
    kept = seen.paths.take(first)
    _same(week, first, group)
    target = targets(seen.paths, group, kept)
    add = _Adder(group, len(first))
    sold = seen.converted.astype(np.float64)
    squares_grid = packing.value_grid**2 * 2.0**52  # squares add up to no more than the total squared
    decay, decay_value, squares = _decay(seen, value, packing, target, len(kept.codes))
    return Part(
        kept.codes, kept.starts, hashes[first], add(sold), add(1 - sold), add(value * sold),
        add(np.round(value**2 / squares_grid) * squares_grid * sold), week[first],
        decay, decay_value, squares, _days(seen), sums,
    )  # fmt: skip


def _weeks(ended: Ints, packing: Packing) -> Ints:
    """Return the Monday of the week in which each journey ended, days since 1970; 0 where weeks are not kept."""
    if not packing.weekly:
        return np.zeros(len(ended), dtype=np.int64)
    days = (ended + packing.origin) // DAY_US
    return days - (days + 3) % 7  # 1970-01-01 was a Thursday


def _days(seen: _Seen) -> Floats:
    took = (seen.ended - seen.at[seen.paths.starts[:-1]])[seen.converted] // DAY_US
    return np.bincount(took, minlength=1).astype(np.float64)


def _decay(seen: _Seen, value: Floats, packing: Packing, target: Ints, touches: int) -> tuple[Floats, Floats, Floats]:
    """Add up time-decay shares: 2^(-age / half-life), in parts of their sum over the journey."""
    from scipy import sparse

    sold = seen.converted[seen.paths.owner]
    count = seen.paths.lengths[seen.converted]
    if not len(count):
        return np.zeros(touches), np.zeros(touches), np.zeros(packing.channels)
    own = Sequences.of(seen.paths.codes[sold], count)
    at, starts = seen.at[sold], own.starts
    last = at[starts[1:] - 1][own.owner]  # ages count from the last touch: the parts are the same
    weight = np.exp2((at - last) / packing.half_life)
    share = weight / np.add.reduceat(weight, starts[:-1])[own.owner]
    grid = packing.share_grid
    share = np.round(share / grid) * grid
    worth = np.round(share * value[seen.converted][own.owner] / packing.value_grid) * packing.value_grid
    into = target[sold]
    sums = summed(into, share, touches), summed(into, worth, touches)
    by_journey = sparse.csr_array((share, own.codes, starts), shape=(len(count), packing.channels))
    by_journey.sum_duplicates()
    squares = summed(by_journey.indices, np.round(by_journey.data**2 / grid) * grid, packing.channels)
    return *sums, squares
