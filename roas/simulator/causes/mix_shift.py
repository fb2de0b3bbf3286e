"""Money moves to a weaker channel; each channel earns what it did.

The scope is the channel that gains. The moved money opens as much market as
it brings, and leaves as much behind: a curve would otherwise make the loser
better and the gainer worse, which is saturation and not mix.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from roas.errors import UsageError
from roas.simulator.causes.base import Cause, Placed
from roas.simulator.draws import Array
from roas.simulator.shop import Channel, Shop
from roas.simulator.world import World

# Share of the stronger channel's spend that leaves it: at reference, and on any day.
MOVED, MOST_MOVED = 0.4, 0.9


def apply(world: World, placed: Placed) -> None:
    """Move a part of the stronger channel's spend to the weaker one."""
    gainer = next(channel for channel in world.shop.channels if channel.name == placed.channel)
    donor = donor_for(gainer, world.shop)
    gains, loses = world.rows(gainer.name), world.rows(donor.name)
    # In money spent, not planned: the two may follow demand unequally.
    has, gives = (world.spend[rows].sum(axis=0) for rows in (gains, loses))
    added = np.minimum((placed.path(world) - 1) * has, MOST_MOVED * gives)
    for rows, ratio in ((gains, _ratio(added, has)), (loses, _ratio(-added, gives))):
        for driver in (world.budget, world.audience, world.room):
            driver[rows] *= ratio


def _ratio(added: Array, money: Array) -> Array:
    """Return what `added` multiplies `money` by: 1 where there is none."""
    ratio: Array = 1 + np.where(money > 0, added / np.where(money > 0, money, 1.0), 0.0)
    return ratio


def claimed_roas(channel: Channel, shop: Shop) -> float:
    """Return the ROAS that a platform claims at reference spend."""
    harvested = sum(campaign.harvest for campaign in channel.campaigns) * shop.baseline_orders * shop.order_value
    return channel.claim_rate * channel.roas + harvested / channel.daily_spend


def donors(gainer: Channel, shop: Shop) -> list[Channel]:
    """Return the channels that earn more than `gainer`, truly and as claimed.

    In an account whose claims run against the truth throughout: truly.
    """
    better = [channel for channel in shop.channels if channel.roas > gainer.roas]
    if not any(_stronger(one, other, shop) for one in shop.channels for other in shop.channels):
        return better
    return [channel for channel in better if _stronger(channel, gainer, shop)]


def _stronger(one: Channel, other: Channel, shop: Shop) -> bool:
    return one.roas > other.roas and claimed_roas(one, shop) > claimed_roas(other, shop)


def donor_for(gainer: Channel, shop: Shop) -> Channel:
    """Return the strongest of the channels that earn more than `gainer`.

    Raises
    ------
    UsageError
        If there is none.
    """
    stronger = donors(gainer, shop)
    if not stronger:
        raise UsageError(
            f'cause "mix_shift": no channel is stronger than {gainer.name} both in truth and in claims.'
            " Name another channel, or none."
        )
    return max(stronger, key=lambda channel: (channel.roas * channel.daily_spend, channel.name))


def candidates(shop: Shop) -> Sequence[Channel]:
    """Return the channel with the lowest claims among those that have a donor."""
    weaker = [channel for channel in shop.channels if donors(channel, shop)]
    return [min(weaker, key=lambda channel: claimed_roas(channel, shop))]


def factor_moving(share: float, gainer: Channel | None, shop: Shop) -> float:
    """Return what the gainer's spend is multiplied by when `share` of the donor's moves."""
    if gainer is None:
        return 1.0
    return round(1 + share * donor_for(gainer, shop).daily_spend / gainer.daily_spend, 4)


def default_factor(gainer: Channel | None, shop: Shop) -> float:
    """Move `MOVED` of the donor's spend."""
    return factor_moving(MOVED, gainer, shop)


def allowed(gainer: Channel | None, shop: Shop) -> tuple[float, float]:
    """Leave the donor some of its money."""
    return 1.0, factor_moving(MOST_MOVED, gainer, shop)


def tell(world: World, placed: Placed) -> Mapping[str, Any]:
    """Name the channel that lost the money."""
    gainer = next(channel for channel in world.shop.channels if channel.name == placed.channel)
    return {"from_channel": donor_for(gainer, world.shop).name}


CAUSE = Cause(
    name="mix_shift",
    scope="channel",
    says="spend of the channel that gains",
    default_factor=default_factor,
    ramp_days=20,
    apply=apply,
    factor_for=factor_moving,
    allowed=allowed,
    candidates=candidates,
    stage=1,
    keeps_budget=True,
    tell=tell,
)
