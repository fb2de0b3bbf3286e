"""The commonest paths by name, and the small ones as "other"."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from roas.attribution.sums import summed
from roas.attribution.suppress import too_small
from roas.attribution.touches.grouping import Sequences, alike

if TYPE_CHECKING:
    from roas.attribution.paths import Paths
    from roas.attribution.suppress import Floats
    from roas.attribution.touches.grouping import Ints


@dataclass(frozen=True)
class PathRow:
    """One path, or several together: `path` is None for "other".

    ``paths`` counts the distinct paths in it. ``conversions``, ``value`` and
    ``nulls`` are None where all journeys there are would be too few.
    """

    path: tuple[str, ...] | None
    paths: int
    journeys: float
    conversions: float | None
    value: float | None
    nulls: float | None


@dataclass(frozen=True)
class PathList:
    """Paths by conversions, and what is not listed.

    Attributes
    ----------
    rows : tuple of PathRow
        Most conversions first, then most journeys, then by name.
    other : PathRow
        Everything that is not in `rows`: with it, columns add up to the totals.
    small, small_journeys : int, float
        Distinct paths that may not be listed, and their journeys: those of
        too few, and one more where these would be too few together.
    """

    rows: tuple[PathRow, ...]
    other: PathRow
    small: int
    small_journeys: float


def path_list(paths: Paths, *, fewest: int, most: int | None = None) -> PathList:
    """List paths that stand for at least `fewest` journeys.

    Parameters
    ----------
    paths : Paths
        Equal paths of different weeks are added up.
    fewest : int
        Journeys that a listed path stands for; 0 lists all.
    most : int or None
        Rows at most; None lists every path that may be listed.
    """
    first, sums = _distinct(paths)
    conversions, nulls, value = sums
    journeys = conversions + nulls
    small = too_small(journeys, fewest)
    listed = np.flatnonzero(~small & (journeys > 0))
    if most is not None and len(listed) > most:
        least = np.partition(conversions[listed], -most)[-most]
        listed = listed[conversions[listed] >= least]
    named = [(-conversions[i], -journeys[i], paths.names(int(first[i])), int(i)) for i in listed]
    chosen = [(names, i) for *_, names, i in sorted(named)[:most]]
    unlisted = float(journeys.sum() - journeys[[i for _, i in chosen]].sum())
    if chosen and _stands_alone(unlisted, fewest):
        joined = min(reversed(chosen), key=lambda each: journeys[each[1]])
        chosen.remove(joined)
        small[joined[1]] = True
    rows = tuple(
        PathRow(names, 1, float(journeys[i]), float(conversions[i]), float(value[i]), float(nulls[i]))
        for names, i in chosen
    )
    left = np.ones(len(journeys), dtype=bool)
    left[[i for _, i in chosen]] = False
    other = PathRow(None, int(left.sum()), *(float(x[left].sum()) for x in (journeys, conversions, value, nulls)))
    if _stands_alone(other.journeys, fewest):
        other = replace(other, conversions=None, value=None, nulls=None)
    return PathList(rows, other, int(small.sum()), float(journeys[small].sum()))


def _stands_alone(journeys: float, fewest: int) -> bool:
    return bool(too_small(np.array([journeys]), fewest)[0])


def _distinct(paths: Paths) -> tuple[Ints, tuple[Floats, Floats, Floats]]:
    """Return one path of each distinct sequence, and conversions, nulls and value of each."""
    outcome = (paths.conversions, paths.nulls, paths.value)
    if paths.periods is None:
        return np.arange(len(paths.conversions)), outcome
    first, group, *_ = alike(Sequences(paths.codes, paths.starts, paths.owner))
    conversions, nulls, value = (summed(group, x, len(first)) for x in outcome)
    return first, (conversions, nulls, value)
