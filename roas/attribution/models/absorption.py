"""What a chain loses without a channel: exact, by one inverse or by its own series.

With ``out`` the journeys that leave each state, ``F`` the steps between
states and ``r`` the conversions (or the value) from each state, the chance
``x`` of converting from a state solves ``(diag(out) - F) x = r``. Without a
channel, states that hold it are struck out, rows and columns.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from roas.attribution.models.chain import Counts, Layout
from roas.errors import UsageError

if TYPE_CHECKING:
    from roas.attribution.paths import Floats, Ints

#: States up to which the inverse is taken at once; above it the series is
#: quicker (measured: 1,000 states cost 0.15 s by inverse, 0.05 s by series).
DENSE_STATES: Final = 400

#: States up to which the inverse stands in for a series that does not settle:
#: 3,000 states are 72 MB a matrix and some seconds.
MOST_DENSE_STATES: Final = 3_000

#: Terms of the series. Journeys of ten touches on average settle within 500.
MOST_TERMS: Final = 5_000

#: Share of journeys still on their way, relative to the chance of converting,
#: at which the series has said all that a float can hold.
SETTLED: Final = 1e-15

#: Steps times channels above which an order is refused: a minute of work.
MOST_WORK: Final = 50_000_000

#: Numbers in one block of solutions: 32 MB.
BLOCK: Final = 4_000_000


@dataclass(frozen=True)
class Without:
    """The chain without some channels, one at a time.

    Attributes
    ----------
    channels : array (n,)
        Which channel is gone; -1 for none.
    reached : array (states, n, 2)
        Chance of converting, and expected value in currency, from each state.
    visits : array (states, n) or None
        Expected visits per journey, over the journeys that leave the state.
    """

    channels: Ints
    reached: Floats
    visits: Floats | None


def check_work(layout: Layout) -> None:
    """Refuse a chain too large to be exact in reasonable time.

    Raises
    ------
    UsageError
        Saying which order still works.
    """
    work = layout.step.size * (layout.holds.shape[1] + 1)
    if layout.order > 1 and work > MOST_WORK:
        raise UsageError(
            f"markov_{layout.order}: {layout.size:,} states and {layout.step.size:,} steps over "
            f"{layout.holds.shape[1]:,} channels are too many to be exact. "
            f"Use --model {name_of(layout.order - 1)}, or group the channels."
        )


def name_of(order: int) -> str:
    """Return the model's name, such as ``markov`` or ``markov_2``."""
    return "markov" if order == 1 else f"markov_{order}"


def inverse(layout: Layout, counts: Counts) -> Floats:
    """Invert ``diag(out) - F``; (..., states, states)."""
    size, step = layout.size, layout.step
    inner, diagonal = layout.inner, np.arange(size)
    matrix = np.zeros((*counts.steps.shape[:-1], size, size))
    matrix[..., step.before[inner], step.suffix[inner]] = -counts.steps[..., inner]
    out = counts.converted + counts.lost - matrix.sum(axis=-1)
    matrix[..., diagonal, diagonal] = np.where(out > 0, out, 1.0)
    found: Floats = np.linalg.inv(matrix)
    return found


def dense_losses(layout: Layout, counts: Counts) -> tuple[Floats, Floats]:
    """Lose each channel in turn, by one inverse; replicates may lead.

    Returns
    -------
    total : array (..., 2)
        Chance that a journey converts; its expected value, currency.
    lost : array (..., channels, 2)
        What of it goes with each channel.

    Notes
    -----
    With ``G`` the inverse, ``b = G r``, ``n`` the row of first touches times
    `G`, and ``A`` the states that hold the channel:
    ``lost = n[A] inv(G[A, A]) b[A]``; one state: ``n[c] b[c] / G[c, c]``.
    """
    found = inverse(layout, counts)
    reached = found @ np.stack([counts.converted, counts.value], axis=-1)
    first = layout.first(counts)
    visits = (first[..., None, :] @ found)[..., 0, :]
    total = (first[..., None, :] @ reached)[..., 0, :]
    channels = layout.holds.shape[1]
    lost = np.zeros((*total.shape[:-1], channels, 2))
    if layout.order == 1:
        own = np.diagonal(found, axis1=-2, axis2=-1)
        lost[..., layout.state.last, :] = (visits / own)[..., None] * reached
        return total, lost
    for channel in range(channels):
        gone = np.flatnonzero(layout.holds[:, channel])
        if len(gone):
            back = np.linalg.solve(found[..., gone[:, None], gone], reached[..., gone, :])
            lost[..., channel, :] = (visits[..., None, gone] @ back)[..., 0, :]
    return total, lost


def without(layout: Layout, counts: Counts, *, visits: bool) -> Iterator[Without]:
    """Solve the whole chain, then the chain without each channel, block by block."""
    channels = layout.holds.shape[1]
    wide = max(1, BLOCK // max(1, layout.size) - 1)
    whole = _solver(layout, counts)
    for begin in range(-1, channels, wide):
        yield whole(np.arange(begin, min(begin + wide, channels)), visits)


def _solver(layout: Layout, counts: Counts) -> Any:
    if layout.size <= DENSE_STATES:
        return _Dense(layout, counts)
    return _Series(layout, counts)


class _Dense:
    """Solutions from one inverse."""

    def __init__(self, layout: Layout, counts: Counts) -> None:
        self.layout, self.inverse = layout, inverse(layout, counts)
        self.reached = self.inverse @ np.stack([counts.converted, counts.value], axis=-1)
        self.visits = layout.first(counts) @ self.inverse

    def __call__(self, channels: Ints, visits: bool) -> Without:
        reached = np.repeat(self.reached[:, None, :], len(channels), axis=1)
        visited = np.repeat(self.visits[:, None], len(channels), axis=1)
        for i, channel in enumerate(channels):
            gone: Ints = np.flatnonzero(self.layout.holds[:, max(channel, 0)] & (channel >= 0))
            if len(gone):
                block = self.inverse[np.ix_(gone, gone)]
                reached[:, i] -= self.inverse[:, gone] @ np.linalg.solve(block, self.reached[gone])
                visited[:, i] -= np.linalg.solve(block.T, self.visits[gone]) @ self.inverse[gone]
                reached[gone, i], visited[gone, i] = 0.0, 0.0
        return Without(channels, reached, visited if visits else None)


class _Series:
    """Solutions as the sum over the number of steps still to go.

    ``x = sum_t Q^t r / out``: what is missing after t terms is at most the
    share of journeys that take more than t steps, and that is tracked.
    """

    def __init__(self, layout: Layout, counts: Counts) -> None:
        from scipy.sparse import csr_matrix

        inner, size = layout.inner, layout.size
        self.layout, self.counts, self.out = layout, counts, layout.leaving(counts)
        rows, columns = layout.step.before[inner], layout.step.suffix[inner]
        self.next = csr_matrix((counts.steps[inner] / self.out[rows], (rows, columns)), shape=(size, size))
        self.first = layout.first(counts)
        self.rewards = np.stack([counts.converted, counts.value], axis=-1) / self.out[:, None]
        self.dense: _Dense | None = None

    def __call__(self, channels: Ints, visits: bool) -> Without:
        if self.dense is not None:
            return self.dense(channels, visits)
        kept = np.ones((self.layout.size, len(channels)))
        real = channels >= 0
        kept[:, real] = ~self.layout.holds[:, channels[real]]
        reached = self._reached(kept)
        visited = self._visited(kept) if visits and reached is not None else None
        if reached is None or (visits and visited is None):
            self.dense = self._fall_back()
            return self.dense(channels, visits)
        return Without(channels, reached, visited)

    def _reached(self, kept: Floats) -> Floats | None:
        wide = kept.shape[1]
        term = (self.rewards[:, None, :] * kept[:, :, None]).reshape(len(kept), -1)
        term = np.hstack([term, np.ones((len(kept), 1))])  # the last column: still on the way
        mask = np.hstack([np.repeat(kept, 2, axis=1), np.ones((len(kept), 1))])
        sums = term.copy()
        for _ in range(MOST_TERMS):
            term = self.next @ term
            term *= mask
            sums += term
            least = np.abs(self.first @ sums[:, :2]).max(initial=0.0) if wide else 1.0
            if self.first @ term[:, -1] <= SETTLED * min(1.0, least):
                return sums[:, :-1].reshape(len(kept), wide, 2)
        return None

    def _visited(self, kept: Floats) -> Floats | None:
        back = self.next.T.tocsr()
        term = self.first[:, None] * kept
        sums = term.copy()
        for _ in range(MOST_TERMS):
            term = back @ term
            term *= kept
            sums += term
            if term.sum(axis=0).max() <= SETTLED:
                return np.asarray(sums / self.out[:, None])
        return None

    def _fall_back(self) -> _Dense:
        if self.layout.size > MOST_DENSE_STATES:
            raise UsageError(
                f"{name_of(self.layout.order)}: journeys go round in circles for more than {MOST_TERMS:,} touches, "
                f"and {self.layout.size:,} states are too many to solve at once. "
                f"Use --model {name_of(self.layout.order - 1)}, or remove the longest journeys."
            )
        return _Dense(self.layout, self.counts)
