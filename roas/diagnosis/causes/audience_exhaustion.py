"""Audience exhaustion: the same people see the ads too often; reach is flat or falls, frequency rises."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from roas.diagnosis.causes.base import Signature

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from roas.diagnosis.seen import Seen

#: Rise of log spend above which frequency rises because of money: that is saturation's to explain.
SAME_MONEY: Final = 0.5


def same_money(seen: Seen, channel: int | None) -> npt.NDArray[np.bool_]:
    """Return where spend did not rise much."""
    moved = seen.total_spend_change if channel is None else seen.spend_change[channel]
    flat: npt.NDArray[np.bool_] = moved < SAME_MONEY
    return flat


#: Frequency up at equal spend, and with it fewer clicks and sales per impression (diagnosis signature H6).
CAUSE: Final = Signature(
    name="audience_exhaustion",
    scope="channel",
    hit={"frequency": (1.0, 1.0), "ctr": (-0.95, -0.2), "cvr": (-0.8, 0.0), "cpm": (-0.05, 0.5)},
    shows="frequency",
    requires=same_money,
    gate="same_money",
    by_chance=0.9,
)
