"""Distinct paths with their outcomes: all that an attribution model needs to know of the journeys."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]
    Codes = npt.NDArray[np.int32]


@dataclass(frozen=True)
class Decay:
    """Time-decay shares of converting journeys, added up over the journeys of each path.

    Attributes
    ----------
    conversions, value : array (touches,)
        Sum of the share of the touch at this place, and of share x value.
    squares : array (channels,)
        Sum over journeys of the squared share of each channel, conversions:
        what a resample needs to know of journeys that share a path.
    """

    conversions: Floats
    value: Floats
    squares: Floats


@dataclass(frozen=True)
class Paths:
    """Distinct sequences of channels, each with how its journeys ended.

    Attributes
    ----------
    channels : tuple of str
        Names, sorted; a code is a place in it.
    codes : array (touches,), int32
        The paths' channels, one path after the other.
    starts : array (paths + 1,), int64
        Path `p` is ``codes[starts[p]:starts[p + 1]]``; no path is empty.
    conversions : array (paths,)
        Journeys that converted; in tables of paths perhaps fractional.
    nulls : array (paths,)
        Journeys that did not.
    value : array (paths,)
        Value of the conversions, currency.
    value_squares : array (paths,) or None
        Sum over conversions of the squared value; None where only sums are known.
    decay : Decay or None
        None where no times are known.
    periods : array (paths,) or None
        ISO week in which the path's journeys ended, as days since 1970-01-01
        of its Monday; equal paths of different weeks are different paths then.
    parents : tuple of str or None
        Where `channels` are campaigns, the channel of each.
    bucket : str or None
        The entry of `channels` that stands for all names not told apart.
    """

    channels: tuple[str, ...]
    codes: Codes
    starts: Ints
    conversions: Floats
    nulls: Floats
    value: Floats
    value_squares: Floats | None = None
    decay: Decay | None = None
    periods: Ints | None = None
    parents: tuple[str, ...] | None = None
    bucket: str | None = None

    @classmethod
    def of(cls, rows: Iterable[tuple[Sequence[str], float, float, float]]) -> Paths:
        """Put (channels of a path, conversions, value, nulls) together; equal paths are added up.

        Examples
        --------
        >>> paths = Paths.of([(["A", "B"], 2, 30, 0), (["A"], 1, 10, 1)])
        >>> paths.channels, paths.codes.tolist(), paths.starts.tolist()
        (('A', 'B'), [0, 0, 1], [0, 1, 3])
        """
        sums: dict[tuple[str, ...], list[float]] = {}
        for names, *outcome in rows:
            if not names:
                raise ValueError("an empty path")
            found = sums.setdefault(tuple(names), [0.0, 0.0, 0.0])
            for i, number in enumerate(outcome):
                found[i] += float(number)
        channels = tuple(sorted({name for names in sums for name in names}))
        code = {name: i for i, name in enumerate(channels)}
        ordered = sorted(sums)
        table = np.array([sums[names] for names in ordered], dtype=np.float64).reshape(-1, 3)
        return cls(
            channels,
            np.array([code[name] for names in ordered for name in names], dtype=np.int32),
            np.concatenate([[0], np.cumsum([len(names) for names in ordered], dtype=np.int64)]).astype(np.int64),
            conversions=table[:, 0],
            value=table[:, 1],
            nulls=table[:, 2],
        )

    @property
    def lengths(self) -> Ints:
        """Touches of each path, (paths,)."""
        return np.diff(self.starts)

    @property
    def owner(self) -> Ints:
        """The path of each touch, (touches,)."""
        return np.repeat(np.arange(len(self.conversions)), self.lengths)

    @property
    def position(self) -> Ints:
        """The place of each touch in its path, from 0, (touches,)."""
        return np.arange(len(self.codes)) - np.repeat(self.starts[:-1], self.lengths)

    @property
    def journeys(self) -> Floats:
        """Journeys of each path, (paths,)."""
        return self.conversions + self.nulls

    def names(self, path: int) -> tuple[str, ...]:
        """Return the channels of one path."""
        return tuple(self.channels[code] for code in self.codes[self.starts[path] : self.starts[path + 1]])
