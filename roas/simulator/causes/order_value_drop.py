"""Baskets shrank; their number stays."""

from __future__ import annotations

from roas.simulator.causes.base import Cause, Placed, always
from roas.simulator.world import World


def apply(world: World, placed: Placed) -> None:
    """Shrink every basket."""
    world.order_value *= placed.path(world)


CAUSE = Cause(
    name="order_value_drop",
    scope="account",
    says="value of a basket",
    default_factor=always(0.75),
    ramp_days=0,
    apply=apply,
)
