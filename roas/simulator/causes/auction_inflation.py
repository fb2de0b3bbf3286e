"""The price of impressions rose: the same money buys fewer of them."""

from __future__ import annotations

from roas.simulator.causes.base import Cause, Placed, always
from roas.simulator.shop import Channel, Shop
from roas.simulator.world import World


def apply(world: World, placed: Placed) -> None:
    """Raise the price of the channel's impressions."""
    world.cpm[placed.rows(world)] *= placed.path(world)


def factor_for(size: float, _channel: Channel | None, _shop: Shop) -> float:
    """Return the price at which the money buys `size` fewer impressions."""
    return 1 / (1 - size)


CAUSE = Cause(
    name="auction_inflation",
    scope="channel",
    says="price of 1000 impressions",
    default_factor=always(1.6),
    ramp_days=13,
    apply=apply,
    factor_for=factor_for,
)
