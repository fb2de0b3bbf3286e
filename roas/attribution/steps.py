"""Steps from one channel to the next, with the small ones folded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from roas.attribution.sums import summed
from roas.attribution.suppress import too_small
from roas.charts.attribution.states import CONVERSION, NULL, OTHER, START

if TYPE_CHECKING:
    import numpy.typing as npt

    from roas.attribution.paths import Paths
    from roas.attribution.suppress import Floats, Ints


@dataclass(frozen=True)
class Step:
    """How often journeys went from one state to the next.

    ``probability`` is the count over all steps that leave the same state.
    """

    source: str
    target: str
    count: float
    probability: float


def steps(paths: Paths, *, fewest: int) -> tuple[list[Step], int]:
    """Count steps, self-transitions included; those of few journeys go to ``(other)``.

    Parameters
    ----------
    paths : Paths
    fewest : int
        Journeys that take a step before it is listed; 0 lists all.

    Returns
    -------
    list of Step, int
        Sorted: ``(start)`` first, then by name; and how many steps were
        folded. Where the folded steps of a state stand for too few journeys,
        its next larger step joins them. A state without any step that may be
        listed is ``(other)`` itself, and left out where all such states
        together stand for too few. The counts of the rows from a listed state
        add up to its total.
    """
    taken = _counts(paths, fewest)
    source, target, count, journeys = taken.source, taken.target, taken.count, taken.journeys
    channels = len(paths.channels)
    small = too_small(journeys, fewest)
    for state in np.flatnonzero(too_small(taken.behind(small, by_source=True), fewest)):
        own = np.flatnonzero((source == state) & ~small)
        if len(own):
            small[own[journeys[own].argmin()]] = True
    total = summed(source, count, channels + 1)
    folded = summed(source[small], count[small], channels + 1)
    listed = np.isin(np.arange(channels + 1), source[~small])
    rows = [(int(s), int(t), float(c)) for s, t, c in zip(source[~small], target[~small], count[~small], strict=True)]
    rows += [(int(s), channels + 2, float(folded[s])) for s in np.flatnonzero((folded > 0) & listed)]
    names = (*paths.channels, CONVERSION, NULL, OTHER)
    found = [
        Step(START if s == 0 else paths.channels[s - 1], names[t], c, float(c / total[s])) for s, t, c in sorted(rows)
    ]
    rest = float(folded[~listed].sum())
    alone = too_small(taken.behind(~listed[source], by_source=False), fewest)[0]
    return [*found, *([Step(OTHER, OTHER, rest, 1.0)] if rest and not alone else [])], int(small.sum())


@dataclass(frozen=True)
class _Taken:
    """Steps that are taken: where from (0 is the start), where to, how often, and by how many journeys.

    ``entries`` has the number of the step of each entry (one more than there
    are where nothing takes it): moves between touches, then beginnings,
    conversions and ends without one. ``moved`` are the paths of the moves.
    """

    paths: Paths
    source: Ints
    target: Ints
    count: Floats
    journeys: Floats
    entries: Ints
    moved: Ints

    def behind(self, folded: npt.NDArray[np.bool_], *, by_source: bool) -> Floats:
        """Count the journeys that take any of the `folded` steps, once each; by where these begin, or all together."""
        some = np.flatnonzero(np.append(folded, False)[self.entries])
        many, inner = len(self.paths.conversions), len(self.moved)
        path = np.where(some < inner, self.moved[np.minimum(some, inner - 1)] if inner else 0, (some - inner) % many)
        state = self.source[self.entries[some]] if by_source else np.zeros(len(some), dtype=np.int64)
        states = len(self.paths.channels) + 1 if by_source else 1
        ends = np.where(some < inner, 0, (some - inner) // many)  # 1: those that convert, 2: those that do not
        sums = np.zeros(states)
        for end, journeys in ((1, self.paths.conversions), (2, self.paths.nulls)):
            held = np.unique(path[(ends == 0) | (ends == end)] * states + state[(ends == 0) | (ends == end)])
            sums += summed(held % states, journeys[held // states], states)
        return sums


#: Cells of a table of all steps up to which it is held whole: 2,000 channels, 32 MB.
_WHOLE: Final = 4_100_000


def _numbered(key: Ints, width: int) -> tuple[Ints, Ints]:
    """Return the steps there are and the number of each one's step; small tables need no sorting."""
    if width**2 > _WHOLE:
        found, place = np.unique(key, return_inverse=True)
        return found, place
    return np.arange(width**2), key


def _counts(paths: Paths, fewest: int) -> _Taken:
    """Count steps, and the journeys that take them where these could be fewer than `fewest`."""
    channels = len(paths.channels)
    width = channels + 2
    inside = np.ones(len(paths.codes), dtype=bool)
    last = paths.starts[1:] - 1
    inside[last] = False
    codes = paths.codes.astype(np.int64)
    owner = paths.owner
    moved = np.flatnonzero(inside)
    key = np.concatenate([
        (codes[moved] + 1) * width + codes[moved + 1],
        codes[paths.starts[:-1]],
        (codes[last] + 1) * width + channels,
        (codes[last] + 1) * width + channels + 1,
    ])  # fmt: skip
    weight = np.concatenate([paths.journeys[owner[moved]], paths.journeys, paths.conversions, paths.nulls])
    found, place = _numbered(key, width)
    count = summed(place, weight, len(found))
    journeys = count.copy()
    # A journey counts once for a step, however often it takes it. Steps taken far
    # more often than one journey can take them need no look at each.
    doubtful = np.flatnonzero(
        np.isin(place[: len(moved)], np.flatnonzero(count < fewest * paths.lengths.max(initial=1)))
    )
    again = summed(place[doubtful], weight[doubtful], len(found))
    once = np.unique(owner[moved[doubtful]] * len(found) + place[doubtful])
    journeys += summed(once % len(found), paths.journeys[once // len(found)], len(found)) - again
    taken = count > 0
    number = np.where(taken, np.cumsum(taken) - 1, taken.sum())
    kept = found[taken]
    return _Taken(
        paths, kept // width, kept % width, count[taken], journeys[taken], entries=number[place], moved=owner[moved]
    )
