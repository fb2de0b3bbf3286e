"""Spend outgrew the channel's response: the budget is scaled past its curve."""

from __future__ import annotations

from roas.simulator.causes.base import Cause, Placed, solve
from roas.simulator.shop import Channel, Shop, hill_at
from roas.simulator.world import World

# The last unit of money brings back this much: clearly under break-even.
TARGET_MARGINAL_ROAS = 0.5
SMALLEST_FACTOR = 2.0
STEP = 1.1
LARGEST_FACTOR = 50.0


def apply(world: World, placed: Placed) -> None:
    """Scale the channel's budgets."""
    world.budget[placed.rows(world)] *= placed.path(world)


def factor_past_the_curve(channel: Channel | None, _shop: Shop) -> float:
    """Return the smallest step that takes marginal ROAS under the target."""
    factor = SMALLEST_FACTOR
    while channel is not None and channel.marginal_roas_at(factor) > TARGET_MARGINAL_ROAS:
        factor *= STEP
    return round(factor, 2)


def factor_for(size: float, channel: Channel | None, _shop: Shop) -> float:
    """Return the factor at which average ROAS is `size` lower."""
    if channel is None:
        return 1.0

    def kept(factor: float) -> float:
        return hill_at(factor * channel.daily_spend, channel) / factor / hill_at(channel.daily_spend, channel)

    # The curve of a channel with a slope above 1 first bends upwards: search behind its best point.
    best = max(
        1.0, (max(channel.slope - 1, 0.0)) ** (1 / channel.slope) * channel.half_saturation / channel.daily_spend
    )
    return solve(kept, 1 - size, low=best, high=LARGEST_FACTOR)


CAUSE = Cause(
    name="saturation",
    scope="channel",
    says="budget of the channel",
    default_factor=factor_past_the_curve,
    ramp_days=21,
    apply=apply,
    factor_for=factor_for,
)
