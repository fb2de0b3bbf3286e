"""Credit by the place of a touch in its journey, with thin cells left out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from roas.attribution.models.shapley import PLACES
from roas.attribution.sums import summed
from roas.attribution.suppress import too_small

if TYPE_CHECKING:
    import numpy.typing as npt

    from roas.attribution.paths import Paths
    from roas.attribution.suppress import Floats, Ints


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
        Converting journeys that have the channel at the place. A channel's
        thin cells together stand for as many too, or the next larger one is
        left out with them: else its total would give them away.
    """
    channels, places = positions.shape
    # a journey may hold a channel at several late places: it counts once there
    place = np.minimum(paths.position, places - 1)
    sold = paths.conversions[paths.owner] > 0  # the others have no credit to place
    key = np.unique(((paths.owner * channels + paths.codes) * places + place)[sold])
    path, cell = key // (channels * places), key % (channels * places)
    behind = summed(cell, paths.conversions[path], channels * places)
    small = too_small(behind, fewest)
    _hide_more(small, behind, np.unique(path[small[cell]] * channels + cell[small[cell]] // places), paths, fewest)
    small = small.reshape(channels, places)
    rows = [
        PlaceRow(paths.channels[c], p + 1, p == PLACES - 1, None if small[c, p] else float(positions[c, p]))
        for c in range(channels)
        for p in range(places)
    ]
    return rows, int(small.sum())


def _hide_more(small: npt.NDArray[np.bool_], behind: Floats, hidden: Ints, paths: Paths, fewest: int) -> None:
    """Mark one more cell of each channel whose thin cells stand for too few; `hidden` are (path, channel) of those."""
    channels = len(paths.channels)
    few = too_small(summed(hidden % channels, paths.conversions[hidden // channels], channels), fewest)
    cells = np.where(small | (behind <= 0), np.inf, behind).reshape(channels, -1)
    for channel in np.flatnonzero(few):
        next_one = int(cells[channel].argmin())
        if np.isfinite(cells[channel, next_one]):
            small[channel * cells.shape[1] + next_one] = True
