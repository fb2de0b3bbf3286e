"""Harvesting: the channel claims sales that would come anyway; its claims grow, the total does not."""

from __future__ import annotations

from typing import Final

from roas.diagnosis.causes.base import Signature

#: Claims per click rise, perhaps clicks too, and the till stays (diagnosis signature H11).
CAUSE: Final = Signature(
    name="harvesting",
    scope="channel",
    hit={"cvr": (0.1, 1.2), "ctr": (-0.05, 0.9), "cpm": (-0.1, 0.1)},
    till={"new_share": (-0.2, 0.0)},
    shows="claims_over_till",
    sells=(0.0, 0.1),
)
