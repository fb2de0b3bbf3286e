"""Groups of fewer than ten journeys are not listed by themselves, so that no person stands alone in a table.

What is hidden is the name of the group: the sequence of a path, the step, the
week. Its counts go on with "other", so that tables still add up; where "other"
itself would stand for fewer than ten journeys, the next larger group joins it,
or it is left out where there is none. Totals of channels are never hidden,
since credit must add up. Someone who subtracts published totals may find a
small count again; this is a rule on small cells, no proof against that.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Suppressed:
    """How much is not listed by itself, by kind.

    Attributes
    ----------
    fewest : int
        Journeys that a group must stand for; 0 hides nothing.
    paths, path_journeys : int, float
        Distinct paths that are folded into "other", and their journeys.
    transitions : int
        Steps from one channel to the next that are folded.
    weeks, week_channels : int
        Weeks without any figure; channels folded inside the other weeks.
    places : int
        Cells of channel and place that are left out.
    ranges : int
        Rows of the tables of lengths and days that were joined with their neighbours.
    """

    fewest: int
    paths: int = 0
    path_journeys: float = 0.0
    transitions: int = 0
    weeks: int = 0
    week_channels: int = 0
    places: int = 0
    ranges: int = 0

    @property
    def anything(self) -> bool:
        """Whether any group was hidden or joined."""
        return any((self.paths, self.transitions, self.weeks, self.week_channels, self.places, self.ranges))


def join_small(counts: Sequence[float] | Floats, fewest: float) -> list[tuple[int, int]]:
    """Join neighbouring rows until each stands for at least `fewest`.

    Parameters
    ----------
    counts : array (rows,)
        Journeys of each row, in the order of the rows.
    fewest : float
        What a joined row must reach.

    Returns
    -------
    list of (first, last)
        Rows `first` to `last`, both included, that stand together. A
        remainder at the end goes with the range before it; if all rows
        together are too few there is one range.

    Examples
    --------
    >>> join_small([50, 20, 4, 3, 9, 2], 10)
    [(0, 0), (1, 1), (2, 5)]
    >>> join_small([3, 4], 10)
    [(0, 1)]
    """
    joined: list[tuple[int, int]] = []
    first, held = 0, 0.0
    for row, count in enumerate(counts):
        held += float(count)
        if held >= fewest:
            joined.append((first, row))
            first, held = row + 1, 0.0
    if first < len(counts):
        start = joined.pop()[0] if joined else first
        joined.append((start, len(counts) - 1))
    return joined


def too_small(journeys: Floats, fewest: float) -> npt.NDArray[np.bool_]:
    """Tell which groups may not be listed: some journeys, but fewer than `fewest`.

    Examples
    --------
    >>> too_small(np.array([0.0, 9.0, 10.0]), 10).tolist()
    [False, True, False]
    """
    # a billionth: sums of fractional journeys in tables of paths may end at 9.9999999999
    return (journeys > 0) & (journeys < fewest - 1e-9)
