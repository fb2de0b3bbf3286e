"""How long journeys are, in touches and in days, with thin rows joined."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from roas.attribution.sums import summed
from roas.attribution.suppress import join_small, too_small

if TYPE_CHECKING:
    from roas.attribution.paths import Paths
    from roas.attribution.suppress import Floats, Ints


@dataclass(frozen=True)
class Span:
    """Journeys whose length is `first` to `last`, both included.

    ``conversions`` and ``value`` are None where only converting journeys are counted.
    """

    first: int
    last: int
    journeys: float
    conversions: float | None = None
    value: float | None = None


def path_lengths(paths: Paths, *, fewest: int) -> tuple[list[Span], int]:
    """Return journeys, conversions and value by the number of touches.

    Returns
    -------
    list of Span, int
        Shortest first, none where all journeys are too few; and how many
        lengths of fewer than `fewest` journeys were joined with their neighbours.
    """
    lengths, place = np.unique(paths.lengths, return_inverse=True)
    journeys, conversions, value = (
        summed(place, x, len(lengths)) for x in (paths.journeys, paths.conversions, paths.value)
    )
    spans = [
        Span(int(lengths[a]), int(lengths[b]), *(float(x[a : b + 1].sum()) for x in (journeys, conversions, value)))
        for a, b in _ranges(journeys, fewest)
    ]
    return spans, int(too_small(journeys, fewest).sum())


def days_to_convert(days: Floats, *, fewest: int) -> tuple[list[Span], int]:
    """Return converting journeys by whole days from the first touch to the conversion."""
    present: Ints = np.flatnonzero(days > 0)
    counts = days[present]
    spans = [Span(int(present[a]), int(present[b]), float(counts[a : b + 1].sum())) for a, b in _ranges(counts, fewest)]
    return spans, int(too_small(counts, fewest).sum())


def _ranges(counts: Floats, fewest: int) -> Sequence[tuple[int, int]]:
    """Join rows where any is too small; else leave each by itself. No row where all together are too few."""
    if too_small(counts.sum(keepdims=True), fewest)[0]:
        return []
    return join_small(counts, max(fewest, 0) - 1e-9)
