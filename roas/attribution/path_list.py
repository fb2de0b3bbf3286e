"""The commonest paths by name, and the small ones as "other"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from roas.attribution.suppress import summed, too_small

if TYPE_CHECKING:
    from roas.attribution.paths import Paths
    from roas.attribution.suppress import Floats


@dataclass(frozen=True)
class PathRow:
    """One path, or several together: `path` is None for "other".

    ``paths`` counts the distinct paths in it.
    """

    path: tuple[str, ...] | None
    paths: int
    journeys: float
    conversions: float
    value: float
    nulls: float


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
        Distinct paths of fewer than the smallest number of journeys, and their journeys.
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
    named = [(-conversions[i], -journeys[i], paths.names(first[int(i)]), int(i)) for i in listed]
    chosen = [(names, i) for *_, names, i in sorted(named)[:most]]
    rows = tuple(
        PathRow(names, 1, float(journeys[i]), float(conversions[i]), float(value[i]), float(nulls[i]))
        for names, i in chosen
    )
    left = np.ones(len(journeys), dtype=bool)
    left[[i for _, i in chosen]] = False
    other = PathRow(None, int(left.sum()), *(float(x[left].sum()) for x in (journeys, conversions, value, nulls)))
    return PathList(rows, other, int(small.sum()), float(journeys[small].sum()))


def _distinct(paths: Paths) -> tuple[Sequence[int], tuple[Floats, Floats, Floats]]:
    """Return one path of each distinct sequence, and conversions, nulls and value of each."""
    outcome = (paths.conversions, paths.nulls, paths.value)
    if paths.periods is None:
        return range(len(paths.conversions)), outcome
    groups: dict[bytes, int] = {}
    first: list[int] = []
    group = np.empty(len(paths.conversions), dtype=np.int64)
    for path, (start, end) in enumerate(zip(paths.starts[:-1], paths.starts[1:], strict=True)):
        group[path] = groups.setdefault(paths.codes[start:end].tobytes(), len(groups))
        if group[path] == len(first):
            first.append(path)
    conversions, nulls, value = (summed(group, x, len(first)) for x in outcome)
    return first, (conversions, nulls, value)
