"""Credit by the place of a touch in its journey, with thin cells left out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from roas.attribution.models.shapley import PLACES
from roas.attribution.suppress import summed, too_small

if TYPE_CHECKING:
    from roas.attribution.paths import Paths
    from roas.attribution.suppress import Floats


@dataclass(frozen=True)
class PlaceRow:
    """Conversions of one channel at one place, 1 for the first touch.

    ``later`` tells that the row holds this place and all after it.
    ``conversions`` is None where too few journeys stand behind it.
    """

    channel: str
    place: int
    later: bool
    conversions: float | None


def place_rows(paths: Paths, positions: Floats, *, fewest: int) -> tuple[list[PlaceRow], int]:
    """Return the credit of each channel by place, and how many cells are left out.

    Parameters
    ----------
    positions : array (channels, places)
        Conversions; rows add up to the channel's credit. The last of
        `PLACES` columns holds that place and all later ones.
    fewest : int
        Converting journeys that have the channel at the place.
    """
    channels, places = positions.shape
    # a journey may hold a channel at several late places: it counts once there
    place = np.minimum(paths.position, places - 1)
    key = np.unique((paths.owner * channels + paths.codes) * places + place)
    path, cell = key // (channels * places), key % (channels * places)
    behind = summed(cell, paths.conversions[path], channels * places)
    small = too_small(behind.reshape(channels, places), fewest)
    rows = [
        PlaceRow(paths.channels[c], p + 1, p == PLACES - 1, None if small[c, p] else float(positions[c, p]))
        for c in range(channels)
        for p in range(places)
    ]
    return rows, int(small.sum())
