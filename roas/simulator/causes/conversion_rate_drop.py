"""The site converts less from every source; visits stay."""

from __future__ import annotations

from roas.simulator.causes.base import Cause, Placed, always
from roas.simulator.world import World


def apply(world: World, placed: Placed) -> None:
    """Turn fewer visits into orders."""
    world.site_conversion *= placed.path(world)


CAUSE = Cause(
    name="conversion_rate_drop",
    scope="account",
    says="orders per visit, from every source",
    default_factor=always(0.7),
    ramp_days=0,
    apply=apply,
)
