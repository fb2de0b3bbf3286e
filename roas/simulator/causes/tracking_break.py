"""The platform's count broke: claims fall, the till does not."""

from __future__ import annotations

from roas.simulator.causes.base import Cause, Placed, always
from roas.simulator.world import World


def apply(world: World, placed: Placed) -> None:
    """Lose a share of the channel's claims."""
    world.tracking[placed.rows(world)] *= placed.path(world)


CAUSE = Cause(
    name="tracking_break",
    scope="channel",
    says="share of orders the platform counts",
    default_factor=always(0.5),
    ramp_days=0,
    apply=apply,
)
