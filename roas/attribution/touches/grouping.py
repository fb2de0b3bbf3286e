"""Equal sequences found at once: hashed, grouped, and compared element by element."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Ints = npt.NDArray[np.int64]
    Codes = npt.NDArray[np.int32]
    Hashes = npt.NDArray[np.uint64]


@dataclass(frozen=True)
class Sequences:
    """Sequences one after the other.

    Attributes
    ----------
    codes : array (elements,)
    starts : array (sequences + 1,)
    owner : array (elements,)
        The sequence of each element.
    """

    codes: Codes
    starts: Ints
    owner: Ints

    @classmethod
    def of(cls, codes: Codes, lengths: Ints) -> Sequences:
        """Cut elements into sequences of these lengths."""
        starts = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(lengths, dtype=np.int64)])
        return cls(codes, starts, np.repeat(np.arange(len(lengths)), lengths))

    @cached_property
    def place(self) -> Ints:
        """Each element's place in its sequence, from 0."""
        return np.arange(len(self.codes)) - self.starts[self.owner]

    @cached_property
    def lengths(self) -> Ints:
        """Elements of each sequence."""
        return np.diff(self.starts)

    def take(self, chosen: Ints) -> Sequences:
        """Return some of the sequences, in the order given."""
        shape = Sequences.of(self.codes[:0], self.lengths[chosen])
        shift = self.starts[chosen] - shape.starts[:-1]
        elements = np.arange(shape.starts[-1]) + shift[shape.owner]
        return Sequences(self.codes[elements], shape.starts, shape.owner)


#: Times that other random numbers are tried for two different sequences with one hash.
TRIES: Final = 4


class Collision(Exception):
    """Two different sequences have one hash."""


@dataclass(frozen=True)
class Hashing:
    """A random linear form of a sequence modulo 2^64, the same wherever it is taken.

    Attributes
    ----------
    seed : int
        Any number does: it decides in which order equal data are kept, always the same one.
    """

    seed: int = 0

    def __call__(self, of: Sequences, apart: Ints) -> Hashes:
        """Return the hash of each sequence; those that differ in `apart`, (sequences,), differ."""
        if not len(of.codes):
            return np.zeros(len(of.lengths), dtype=np.uint64)
        by_code = self._random(0, int(of.codes.max()) + 1)
        by_place = self._random(1, int(of.lengths.max()) + 1)
        hashed: Hashes = np.add.reduceat(by_code[of.codes] * by_place[of.place], of.starts[:-1])
        ends, parts = self._random(2, 2)
        whole: Hashes = (hashed + by_place[of.lengths] * ends) ^ (apart.astype(np.uint64) * parts)
        return whole

    def _random(self, kind: int, size: int) -> Hashes:
        """Return odd numbers; the first are the same whatever the size."""
        random = np.random.default_rng([self.seed, kind])
        return random.integers(0, 2**64, size, dtype=np.uint64) | np.uint64(1)


def grouped(hashes: Hashes) -> tuple[Ints, Ints]:
    """Return the first member of each group of equal hashes, and the group of each; groups in order of hash."""
    _, first, group = np.unique(hashes, return_index=True, return_inverse=True)
    return first, group


def targets(of: Sequences, group: Ints, kept: Sequences) -> Ints:
    """Return where each element belongs in the sequence kept for its group.

    Raises
    ------
    Collision
        If a sequence is not equal to the one kept for it.
    """
    if not np.array_equal(of.lengths, kept.lengths[group]):
        raise Collision
    target = kept.starts[group][of.owner] + of.place
    if not np.array_equal(kept.codes[target], of.codes):
        raise Collision
    return target


class Alike(NamedTuple):
    """Equal sequences: one of each group, the group of each, those kept, and where each element belongs in them."""

    first: Ints
    group: Ints
    kept: Sequences
    target: Ints


def alike(of: Sequences) -> Alike:
    """Group equal sequences, in an order that the sequences alone decide."""
    for attempt in range(TRIES):
        first, group = grouped(Hashing(attempt)(of, np.zeros(len(of.lengths), dtype=np.int64)))
        kept = of.take(first)
        try:
            return Alike(first, group, kept, targets(of, group, kept))
        except Collision:
            continue
    raise AssertionError("different sequences keep the same hash")
