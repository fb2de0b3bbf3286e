"""A channel claims sales that would come anyway; the total does not grow."""

from __future__ import annotations

from collections.abc import Sequence

from roas.simulator.causes.base import Cause, Placed, always, between, largest_channels
from roas.simulator.shop import Channel, Shop
from roas.simulator.world import World

# Buyers on their way to the shop click whatever is in their way …
CLICKS_EXPONENT = 0.2
# … and are met more often than strangers: audience ~ factor ** this.
AUDIENCE_EXPONENT = -0.1
# Share of the shop's own orders; below it a channel has hardly anyone to meet.
SMALLEST_HARVEST = 0.05


def apply(world: World, placed: Placed) -> None:
    """Let the channel meet more of those who would have bought anyway."""
    rows, path = placed.rows(world), placed.path(world)
    world.harvest[rows] *= path
    world.diverted[rows] += path**CLICKS_EXPONENT - 1
    world.audience[rows] *= path**AUDIENCE_EXPONENT


def harvest_of(channel: Channel) -> float:
    """Return the share of the shop's own orders that a channel claims."""
    return sum(campaign.harvest for campaign in channel.campaigns)


def candidates(shop: Shop) -> Sequence[Channel]:
    """Return large channels that meet the shop's own buyers: Search and Meta do."""
    return [channel for channel in largest_channels(shop) if harvest_of(channel) >= SMALLEST_HARVEST]


def factor_for(size: float, channel: Channel | None, shop: Shop) -> float:
    """Return the factor at which the channel claims `size` more orders."""
    if channel is None:
        return 1.0
    harvested = harvest_of(channel) * shop.baseline_orders
    caused = channel.claim_rate * channel.roas * channel.daily_spend / shop.order_value
    return 1 + size * (caused + harvested) / harvested


CAUSE = Cause(
    name="harvesting",
    scope="channel",
    says="sales of the shop's own that the channel claims",
    default_factor=always(2.5),
    ramp_days=20,
    apply=apply,
    factor_for=factor_for,
    allowed=between(1.0, 20.0),
    candidates=candidates,
)
