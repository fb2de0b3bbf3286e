"""Paths cut to what a picture of them shows: the first three touches and the last."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from roas.attribution.sums import summed
from roas.attribution.suppress import too_small
from roas.charts.attribution.states import OTHER

if TYPE_CHECKING:
    import numpy.typing as npt

    from roas.attribution.paths import Paths

#: Touches told apart from the start of a journey; then its last one.
FRONT: Final = 3


def flow_paths(paths: Paths, *, fewest: int) -> list[tuple[tuple[str, ...], float, float]]:
    """Return short paths with conversions and nulls, added up.

    Parameters
    ----------
    paths : Paths
    fewest : int
        A channel that fewer journeys have at a place is ``(other)`` there,
        with the next larger one where ``(other)`` would be as few; a place
        that fewer journeys reach is left out. 0 keeps all.

    Examples
    --------
    >>> from roas.attribution.paths import Paths
    >>> flow_paths(Paths.of([("ABCDE", 9, 0, 1), ("ABCFE", 5, 0, 5)]), fewest=10)
    [(('A', 'B', 'C', 'E'), 14.0, 6.0)]
    """
    lengths, last = paths.lengths, paths.starts[1:] - 1
    none = len(paths.channels)
    columns = [np.where(lengths > i, paths.codes[np.minimum(paths.starts[:-1] + i, last)], none) for i in range(FRONT)]
    columns.append(np.where(lengths > FRONT, paths.codes[last], none))
    names = [*paths.channels, "", OTHER]
    cut = np.stack([_folded(column, paths, none, fewest) for column in columns], axis=1)
    found, place = np.unique(cut, axis=0, return_inverse=True)
    conversions, nulls = (summed(place.ravel(), x, len(found)) for x in (paths.conversions, paths.nulls))
    return [
        (tuple(names[code] for code in row if code != none), float(won), float(lost))
        for row, won, lost in zip(found, conversions, nulls, strict=True)
        if (row != none).any()
    ]


def _folded(column: npt.NDArray[np.int64], paths: Paths, none: int, fewest: int) -> npt.NDArray[np.int64]:
    """Replace the channels that few journeys have at this place; `none` marks no touch."""
    counts = summed(column, paths.journeys, none + 1)[:none]
    if too_small(counts.sum(keepdims=True), fewest)[0]:
        return np.full_like(column, none)
    small = too_small(counts, fewest)
    listed = np.flatnonzero(~small & (counts > 0))
    if too_small(counts[small].sum(keepdims=True), fewest)[0]:
        small[listed[counts[listed].argmin()]] = True
    return np.where(np.append(small, False)[column], none + 1, column)
