"""Spend outgrew the channel's response: the budget is scaled past its curve."""

from __future__ import annotations

from roas.simulator.causes.base import Cause, Placed
from roas.simulator.shop import Channel
from roas.simulator.world import World

# The last unit of money brings back this much: clearly under break-even.
TARGET_MARGINAL_ROAS = 0.5
SMALLEST_FACTOR = 2.0
STEP = 1.1


def apply(world: World, placed: Placed) -> None:
    """Scale the channel's budgets."""
    world.budget[placed.rows(world)] *= placed.path(world)


def factor_past_the_curve(channel: Channel | None) -> float:
    """Return the smallest step that takes marginal ROAS under the target."""
    factor = SMALLEST_FACTOR
    while channel is not None and channel.marginal_roas_at(factor) > TARGET_MARGINAL_ROAS:
        factor *= STEP
    return round(factor, 2)


CAUSE = Cause(
    name="saturation",
    scope="channel",
    says="budget of the channel",
    default_factor=factor_past_the_curve,
    ramp_days=21,
    apply=apply,
)
