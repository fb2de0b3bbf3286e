"""The market moved: visits and searches fall together."""

from __future__ import annotations

from roas.simulator.causes.base import Cause, Placed, always
from roas.simulator.world import World


def apply(world: World, placed: Placed) -> None:
    """Shrink demand: visits, and the effect and volume of ads that answer it."""
    world.demand *= placed.path(world)


CAUSE = Cause(
    name="demand_shift",
    scope="account",
    says="people who want to buy",
    default_factor=always(0.7),
    ramp_days=20,
    apply=apply,
)
