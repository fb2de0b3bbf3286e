"""Contexts: the last n touches up to each touch, numbered.

A context that begins with its path is shorter than n and is its own: what
comes first in a journey may go on differently from the same channel later.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from roas.attribution.paths import Ints, Paths

#: Keys up to which numbering goes by a table instead of a sort: 16 million
#: small integers are 80 MB, and a table costs a tenth of the time.
MOST_KEYS: Final = 2**24


@dataclass(frozen=True)
class Level:
    """Contexts of one length.

    Attributes
    ----------
    of_touch : array (touches,)
        The context that ends at each touch.
    before : array (contexts,)
        Its beginning: the context one touch shorter that ends one touch
        earlier; -1 where the path begins.
    last : array (contexts,)
        Channel of its last touch.
    suffix : array (contexts,)
        Its end: the context one touch shorter that ends at the same touch;
        -1 for contexts of one touch.
    """

    of_touch: Ints
    before: Ints
    last: Ints
    suffix: Ints

    @property
    def size(self) -> int:
        """How many contexts there are."""
        return len(self.last)


def levels(paths: Paths, longest: int) -> list[Level]:
    """List the contexts of 1, 2 … `longest` touches, numbered.

    A context of n is the context of n - 1 that ends one touch earlier, and
    one channel more: so numbers stay small at any length.

    Examples
    --------
    >>> from roas.attribution.paths import Paths
    >>> one, two = levels(Paths.of([("ABAB", 1, 0, 0), ("B", 1, 0, 0)]), 2)
    >>> one.of_touch, two.of_touch
    (array([0, 1, 0, 1, 1]), array([0, 2, 3, 2, 1]))
    """
    found, of_touch = numbered(paths.codes, len(paths.channels))
    none = np.full(len(found), -1)
    out = [Level(of_touch, none, found, none)]
    width = len(paths.channels)
    while len(out) < longest:
        shorter = out[-1]
        previous = np.zeros(len(paths.codes), dtype=np.int64)
        previous[1:] = shorter.of_touch[:-1] + 1
        previous[paths.starts[:-1]] = 0
        previous *= width
        previous += paths.codes
        found, of_touch = numbered(previous, (shorter.size + 1) * width)
        suffix = np.empty(len(found), dtype=np.int64)
        suffix[of_touch] = shorter.of_touch
        out.append(Level(of_touch, found // max(width, 1) - 1, found % max(width, 1), suffix))
    return out


def holds(known: list[Level], channels: int) -> npt.NDArray[np.bool_]:
    """Say which channels each context of the longest level holds; (contexts, channels).

    `known` are all levels from one touch up to that one.
    """
    places = rows = np.arange(known[-1].size)
    found = np.zeros((len(rows), channels), dtype=bool)
    for level in reversed(known):
        found[rows, level.last[places]] = True
        going_on = level.before[places] >= 0
        places, rows = level.before[places[going_on]], rows[going_on]
    return found


def numbered(keys: npt.NDArray[np.integer], size: int) -> tuple[Ints, Ints]:
    """Return the distinct keys in order, and the place of each key among them; keys are in [0, size)."""
    if size > MOST_KEYS:
        found, of = np.unique(keys, return_inverse=True)
        return found.astype(np.int64), of
    seen = np.zeros(size, dtype=bool)
    seen[keys] = True
    found = np.flatnonzero(seen)
    place = np.zeros(size, dtype=np.int32)
    place[found] = np.arange(len(found), dtype=np.int32)
    return found, place[keys].astype(np.int64)
