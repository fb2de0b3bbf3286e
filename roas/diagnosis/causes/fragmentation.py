"""Fragmentation: the same money over more, younger, smaller campaigns that never learn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from roas.diagnosis.causes.base import Signature

if TYPE_CHECKING:
    import numpy.typing as npt

    from roas.diagnosis.seen import Seen

#: Rise in live campaigns (log), or in the share of spend on campaigns younger than two weeks, from which there
#: is something to explain: half as many again, or a quarter of the money.
MORE_CAMPAIGNS, MORE_YOUNG = 0.4, 0.25

#: Rise of log spend above which new campaigns came with new money.
SAME_MONEY: Final = 0.4


def splintered(seen: Seen, channel: int | None) -> npt.NDArray[np.bool_]:
    """Return where campaigns multiplied, or are always new, at much the same spend."""
    if channel is None:
        return np.zeros(len(seen.shapes.onset), dtype=bool)
    more = (seen.campaigns_change[channel] >= MORE_CAMPAIGNS) | (seen.young_change[channel] >= MORE_YOUNG)
    return np.asarray(more & (seen.spend_change[channel] < SAME_MONEY))


#: Campaigns in their learning phase sell less per click and pay a little more (diagnosis signature H14).
CAUSE: Final = Signature(
    name="fragmentation",
    scope="channel",
    hit={"cvr": (-1.0, -0.8), "cpm": (-0.05, 0.3), "ctr": (-0.2, 0.1)},
    shows="campaigns",
    requires=splintered,
    gate="campaigns_multiplied",
    by_chance=0.07,
)
