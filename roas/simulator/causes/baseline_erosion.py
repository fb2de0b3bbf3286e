"""Sales without ads decay, month by month, after brand money was cut."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import numpy as np

from roas.simulator.catalogue import KINDS
from roas.simulator.causes.base import OWN_COURSE, Cause, Placed, always, between, recent_onset
from roas.simulator.draws import Array
from roas.simulator.shop import Shop
from roas.simulator.world import World

# Sales without ads ~ brand stock ** this; so the default decay to 0.7 goes with
# a cut of brand spend to a sixth.
STOCK_EXPONENT = 0.2
# Brand stock is said to halve in 3 to 12 months; this is four.
HALF_LIFE_DAYS = 120.0
# A shop less well known has duller ads, dearer impressions, smaller baskets.
CTR_EXPONENT, CPM_EXPONENT, ORDER_VALUE_EXPONENT = 0.1, -0.1, 0.1
# It takes a year to show, so it starts a year before the end, or half-way.
WEEKS, PART = 52, 2


def apply(world: World, placed: Placed) -> None:
    """Cut brand spend and let the shop's own sales decay."""
    decay = _decay(world, placed)
    cut = placed.factor ** (1 / STOCK_EXPONENT)
    onset = world.at(placed.since)
    for row in world.rows(brand_channel(world.shop)):
        world.budget[row, onset:] *= cut
    world.baseline *= decay
    # Those who still come meet the same ads: platforms claim no fewer of them.
    world.harvest /= decay
    world.appeal *= decay**CTR_EXPONENT
    world.cpm *= decay**CPM_EXPONENT
    world.order_value *= decay**ORDER_VALUE_EXPONENT


def brand_channel(shop: Shop) -> str:
    """Return the channel that builds the brand: the one whose effect lasts longest.

    YouTube, else Display, else TikTok: every account has one of them.
    """
    slow = [channel.name for channel in shop.channels if channel.name in ("YouTube", "Display", "TikTok")]
    return max(slow, key=lambda name: KINDS[name].half_life)


def _decay(world: World, placed: Placed) -> Array:
    """Return what is left of sales without ads, 1 before the onset.

    ``(cut + (1 - cut) * 2 ** (-age / half_life)) ** exponent``: the stock
    of a brand whose spend was cut to `cut`, by the usual geometric decay.
    """
    cut = placed.factor ** (1 / STOCK_EXPONENT)
    left = 0.5 ** (np.maximum(placed.age(world) + 1, 0) / HALF_LIFE_DAYS)
    stock: Array = (cut + (1 - cut) * left) ** STOCK_EXPONENT
    return stock


def onset(world: World) -> dt.date:
    """Return a Monday a year before the end, or in the middle."""
    return recent_onset(world, weeks=WEEKS, part=PART)


def tell(world: World, placed: Placed) -> Mapping[str, Any]:
    """Name the channel that was cut, and how much is left of what."""
    return {
        "from_channel": brand_channel(world.shop),
        "brand_spend_factor": round(placed.factor ** (1 / STOCK_EXPONENT), 6),
        "baseline_factor_at_end": round(float(_decay(world, placed)[-1]), 6),
    }


CAUSE = Cause(
    name="baseline_erosion",
    scope="account",
    says="sales without ads, in the long run",
    default_factor=always(0.7),
    ramp_days=OWN_COURSE,
    apply=apply,
    allowed=between(0.3, 1.0),
    onset=onset,
    tell=tell,
)
