"""Steps from one channel to the next, with the small ones folded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from roas.attribution.suppress import summed, too_small

if TYPE_CHECKING:
    from roas.attribution.paths import Paths
    from roas.attribution.suppress import Floats, Ints

START: Final = "(start)"
CONVERSION: Final = "(conversion)"
NULL: Final = "(null)"
OTHER: Final = "(other)"


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
        folded. A state without any step that may be listed is ``(other)``
        itself. The counts of the rows from a listed state add up to its total.
    """
    source, target, count, journeys = _counts(paths, fewest)
    channels = len(paths.channels)
    small = too_small(journeys, fewest)
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
    return [*found, *([Step(OTHER, OTHER, rest, 1.0)] if rest else [])], int(small.sum())


#: Cells of a table of all steps up to which it is held whole: 2,000 channels, 32 MB.
_WHOLE: Final = 4_100_000


def _numbered(key: Ints, width: int) -> tuple[Ints, Ints]:
    """Return the steps there are and the number of each one's step; small tables need no sorting."""
    if width**2 > _WHOLE:
        found, place = np.unique(key, return_inverse=True)
        return found, place
    return np.arange(width**2), key


def _counts(paths: Paths, fewest: int) -> tuple[Ints, Ints, Floats, Floats]:
    """Return source (0 is the start), target, how often, and by how many journeys, where that could be under `fewest`."""
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
    return found[taken] // width, found[taken] % width, count[taken], journeys[taken]
