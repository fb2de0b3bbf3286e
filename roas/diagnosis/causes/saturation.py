"""Saturation: spend outgrew what the channel can answer, so that more of it buys less."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from roas.diagnosis.causes.base import Signature

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from roas.diagnosis.seen import Seen

#: Rise of log spend from which more money can be the reason: half as much again. Budgets move by a fifth to a
#: third from month to month with nothing wrong (simulated plans; diagnosis recipe H7 asks for variation in spend).
RISE: Final = 0.4

#: The same for all channels at once: season and demand raise whole budgets by half (log).
RISE_OF_ALL: Final = 0.6

#: How far spend must stand above the upper quarter of its four-week means before (log): a budget that comes back
#: from a cut is on known ground.
BEYOND: Final = 0.2

#: Weeks before the rise that say what was usual, and weeks back beyond which a larger budget is how things are.
FEWEST_BEFORE, LONGEST_BACK = 16, 26

#: How many of its usual moves from quarter to quarter the rise must be: budgets that always swing come back.
UNUSUAL: Final = 3.0

#: How far its rise must be ahead of the other channels' (log): before the holidays all budgets rise, with demand.
AHEAD: Final = 0.3

#: Last weeks in which spend must still be that high: a test that is over is not what is wrong today.
STILL: Final = 3


def grown(seen: Seen, channel: int | None) -> npt.NDArray[np.bool_]:
    """Return where spend rose beyond what was usual before."""
    still = seen.beyond(channel, weeks=STILL) >= BEYOND
    found: npt.NDArray[np.bool_] = (size(seen, channel) >= RISE) & (seen.beyond(channel) >= BEYOND) & still
    found &= (seen.shapes.onset >= FEWEST_BEFORE) & (seen.panel.weeks - seen.shapes.onset <= LONGEST_BACK)
    if channel is None:
        found &= size(seen, channel) >= RISE_OF_ALL
    else:
        found &= size(seen, channel) >= UNUSUAL * seen.usual_spend_moves[channel]
        found &= size(seen, channel) >= seen.other_spend_change(channel) + AHEAD
    return found


def size(seen: Seen, channel: int | None) -> npt.NDArray[np.float64]:
    """Return the rise of log spend."""
    return seen.total_spend_change if channel is None else seen.spend_change[channel]


#: Sales per click fall by a fifth to all of the rise of log spend: by less, returns hardly diminish; by all, more
#: money brings nothing more. Prices and click-through may go with them.
CAUSE: Final = Signature(
    name="saturation",
    scope="channel",
    hit={"cvr": (-0.95, -0.2), "ctr": (-0.35, 0.0), "cpm": (0.0, 0.35)},
    shows="response",
    courses=("step", "ramp", "slow"),
    requires=grown,
    gate="spend_rose",
    by_chance=0.15,
    sets_size=size,
)
