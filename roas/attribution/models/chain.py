"""The chain of a table of paths: states of order k, steps between them, how they end."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from roas.attribution.models.contexts import Level, holds, levels
from roas.attribution.sums import summed

if TYPE_CHECKING:
    import numpy.typing as npt

    from roas.attribution.paths import Floats, Ints, Paths


@dataclass(frozen=True)
class Counts:
    """Journeys through a chain; a leading axis of replicates is allowed everywhere.

    Attributes
    ----------
    steps : array (..., steps)
        Journeys over each step of the layout, beginnings included.
    converted, lost : array (..., states)
        Journeys that ended from each state.
    value : array (..., states)
        Value of those that converted, currency.
    """

    steps: Floats
    converted: Floats
    lost: Floats
    value: Floats


@dataclass(frozen=True)
class Layout:
    """Which states and steps a chain of order k has, before anything is counted.

    A state is the last k touches (fewer at the beginning of a journey); a
    step of order k is a context of k + 1 touches. Repeats of a channel are
    steps like any other.

    Attributes
    ----------
    order : int
    state, step : Level
        Contexts of `order` and of `order` + 1 touches.
    holds : array (states, channels), bool
        Whether the state holds the channel: these states go when it goes.
    starts : array (paths + 1,)
    """

    order: int
    state: Level
    step: Level
    holds: npt.NDArray[np.bool_]
    starts: Ints

    @classmethod
    def of(cls, paths: Paths, order: int, known: list[Level] | None = None) -> Layout:
        """Lay states and steps out; `known` levels are used where they reach far enough."""
        if known is None or len(known) <= order:
            known = levels(paths, order + 1)
        state, step = known[order - 1], known[order]
        return cls(order, state, step, holds(known[:order], len(paths.channels)), paths.starts)

    @property
    def size(self) -> int:
        """States."""
        return self.state.size

    @cached_property
    def inner(self) -> Ints:
        """Steps from one state to another: neither a beginning nor a repeat of the same state."""
        return np.flatnonzero((self.step.before >= 0) & (self.step.before != self.step.suffix))

    @cached_property
    def beginnings(self) -> Ints:
        """Steps from the start."""
        return np.flatnonzero(self.step.before < 0)

    @cached_property
    def ends(self) -> Ints:
        """State in which each path ends, (paths,)."""
        return self.state.of_touch[self.starts[1:] - 1]

    def steps_matrix(self) -> Any:
        """Return how often each path takes each step: sparse, (paths, steps)."""
        from scipy.sparse import csr_matrix

        ones = np.ones(len(self.step.of_touch))
        found = csr_matrix(
            (ones, self.step.of_touch, self.starts), shape=(len(self.starts) - 1, self.step.size), copy=True
        )
        found.sum_duplicates()
        return found

    def ends_matrix(self) -> Any:
        """Return in which state each path ends: sparse, (states, paths)."""
        from scipy.sparse import csr_matrix

        paths = len(self.ends)
        return csr_matrix((np.ones(paths), (self.ends, np.arange(paths))), shape=(self.size, paths))

    def count(self, paths: Paths) -> Counts:
        """Count the journeys of all paths."""
        per_touch = np.repeat(paths.journeys, paths.lengths)
        return Counts(
            summed(self.step.of_touch, per_touch, self.step.size),
            *(summed(self.ends, amounts, self.size) for amounts in (paths.conversions, paths.nulls, paths.value)),
        )

    def leaving(self, counts: Counts) -> Floats:
        """Return journeys that leave each state for another or end there, (states,); 1 where none does.

        Repeats of a state change no probability of what comes after it, so
        they are left out: a state repeated a million times stays exact.
        """
        out = summed(self.step.before[self.inner], counts.steps[self.inner], self.size)
        out += counts.converted + counts.lost
        return np.where(out > 0, out, 1.0)

    def first(self, counts: Counts) -> Floats:
        """Return the share of journeys that begin in each state, (..., states)."""
        found = np.zeros((*counts.steps.shape[:-1], self.size))
        begun = counts.steps[..., self.beginnings]
        total = begun.sum(axis=-1, keepdims=True)
        found[..., self.step.suffix[self.beginnings]] = begun / np.where(total > 0, total, 1.0)
        return found
