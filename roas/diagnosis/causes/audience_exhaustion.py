"""Audience exhaustion: the same people see the ads too often; reach is flat or falls, frequency rises."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from roas.diagnosis.causes.base import Signature

if TYPE_CHECKING:
    import numpy.typing as npt

    from roas.diagnosis.seen import Seen

#: Rise of log spend above which frequency rises because of money: that is saturation's to explain.
SAME_MONEY: Final = 0.5


#: Share of channels in which it must have risen for all to be hit.
MOST: Final = 0.5

#: Rise of log frequency that must be there to see: a tenth. What spend should have done to it is no rise.
RISE: Final = 0.1


def seen_more_often(seen: Seen, channel: int | None) -> npt.NDArray[np.bool_]:
    """Return where frequency rose and spend did not rise much; of all channels, where most of them did."""
    if channel is None:
        rose = (seen.frequency_change >= RISE).mean(axis=0) > MOST
        return np.asarray(rose & (seen.total_spend_change < SAME_MONEY))
    return np.asarray((seen.frequency_change[channel] >= RISE) & (seen.spend_change[channel] < SAME_MONEY))


#: Frequency up at equal spend, and with it fewer clicks and sales per impression (diagnosis signature H6).
CAUSE: Final = Signature(
    name="audience_exhaustion",
    scope="channel",
    hit={"frequency": (1.0, 1.0), "ctr": (-0.95, -0.2), "cvr": (-0.8, 0.0), "cpm": (-0.05, 0.5)},
    shows="frequency",
    requires=seen_more_often,
    gate="seen_more_often",
    by_chance=0.3,
)
