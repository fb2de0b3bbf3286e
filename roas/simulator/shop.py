"""The shop and its ad channels: what stays fixed while the account runs."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from roas.simulator.catalogue import ALWAYS, KINDS
from roas.simulator.draws import Draws

# Chosen so that an account of scale 1 has some 10 000 of revenue a day, of which
# two thirds come without ads: a shop large enough to diagnose (about 80 claimed
# conversions a day) and small enough for counting noise to matter.
DAILY_SPEND = 1500.0
BASELINE_ORDERS = 110.0
ORDER_VALUE = 60.0
MINIMUM_CHANNELS, MAXIMUM_CHANNELS = 4, 6


@dataclass(frozen=True)
class Campaign:
    """One campaign at its reference level."""

    name: str
    channel: str
    daily_spend: float  # currency per day
    quality: float  # effect of its money relative to the channel's average, ratio
    harvest: float  # share of baseline orders it claims at reference spend
    cpm: float  # currency per 1000 impressions
    ctr: float  # clicks / impressions
    audience: float  # people


@dataclass(frozen=True)
class Channel:
    """One channel: its response curve and how its platform counts."""

    name: str
    daily_spend: float  # reference spend, currency per day
    roas: float  # average incremental ROAS at reference spend
    half_life: float  # days after which half of the effect is left
    half_saturation: float  # effective spend per day at half of the ceiling, currency
    slope: float  # Hill exponent
    demand_response: float  # effect ~ demand ** this
    demand_chase: float  # spend ~ demand ** this
    claim_rate: float  # claimed / truly caused orders, before harvest
    campaigns: tuple[Campaign, ...]

    @property
    def alpha(self) -> float:
        """Share of the effect retained from one day to the next."""
        return float(0.5 ** (1 / self.half_life))

    @cached_property
    def ceiling(self) -> float:
        """Revenue per day at unlimited spend, in currency."""
        return self.roas * self.daily_spend / hill_at(self.daily_spend, self)

    def marginal_roas_at(self, multiple: float) -> float:
        """Return the steady marginal ROAS at `multiple` x reference spend."""
        spend = multiple * self.daily_spend
        reached = hill_at(spend, self)
        return self.ceiling * reached * self.slope * (1 - reached) / spend


@dataclass(frozen=True)
class Shop:
    """A web shop that advertises."""

    channels: tuple[Channel, ...]
    baseline_orders: float  # per day, without ads
    site_conversion: float  # orders / sessions without ads
    order_value: float  # currency per order
    order_value_variation: float  # coefficient of variation of one basket
    growth: float  # log growth of the baseline per year

    @cached_property
    def campaigns(self) -> tuple[Campaign, ...]:
        """Every campaign, channel by channel."""
        return tuple(campaign for channel in self.channels for campaign in channel.campaigns)


def hill_at(spend: float, channel: Channel) -> float:
    """Return the share of the channel's ceiling reached at steady `spend`."""
    power = math.pow(spend / channel.half_saturation, channel.slope)
    return power / (1 + power)


def draw_shop(draws: Draws, *, scale: float, channels: int | None) -> Shop:
    """Draw a shop with `channels` channels, or a drawn number of them.

    `scale` multiplies spend and orders alike, so ROAS does not depend
    on it.
    """
    names = _pick_channels(draws, channels)
    weights = {name: KINDS[name].spend_share * draws.around_one(f"{name} share", 0.2) for name in names}
    total = sum(weights.values())
    return Shop(
        channels=tuple(_draw_channel(name, DAILY_SPEND * scale * weights[name] / total, draws) for name in names),
        baseline_orders=BASELINE_ORDERS * scale * draws.around_one("baseline orders", 0.1),
        site_conversion=0.02 * draws.around_one("site conversion", 0.15),
        order_value=round(ORDER_VALUE * draws.around_one("order value", 0.15), 2),
        order_value_variation=0.8,
        growth=0.02 + 0.03 * float(draws.normal("growth", 1)[0]),
    )


def _pick_channels(draws: Draws, count: int | None) -> list[str]:
    """Choose the channels, in the catalogue's order."""
    if count is None:
        spread = MAXIMUM_CHANNELS - MINIMUM_CHANNELS + 1
        count = MINIMUM_CHANNELS + int(draws.uniform("channel count", 1)[0] * spread)
    others = [name for name in KINDS if name not in ALWAYS]
    luck = draws.uniform("channel choice", len(others))
    chosen = [others[i] for i in np.argsort(luck, kind="stable")[: count - len(ALWAYS)]]
    return [name for name in KINDS if name in ALWAYS or name in chosen]


def _draw_channel(name: str, daily_spend: float, draws: Draws) -> Channel:
    """Draw one channel around the typical values of its kind."""
    kind = KINDS[name]
    return Channel(
        name=name,
        daily_spend=daily_spend,
        roas=kind.roas * draws.around_one(f"{name} roas", 0.2),
        half_life=kind.half_life * draws.around_one(f"{name} half life", 0.25),
        half_saturation=kind.half_saturation * daily_spend * draws.around_one(f"{name} knee", 0.15),
        slope=kind.slope * draws.around_one(f"{name} slope", 0.08),
        demand_response=kind.demand_response,
        demand_chase=kind.demand_chase,
        claim_rate=kind.claim_rate * draws.around_one(f"{name} claim rate", 0.1),
        campaigns=tuple(_draw_campaigns(name, daily_spend, draws)),
    )


def _draw_campaigns(channel: str, daily_spend: float, draws: Draws) -> list[Campaign]:
    """Draw the campaigns of a channel; their money-weighted quality is 1."""
    kind = KINDS[channel]
    average = sum(part.spend_share * part.quality for part in kind.campaigns)
    found = []
    for part in kind.campaigns:
        name = f"{channel} {part.label}"
        cpm = kind.cpm * draws.around_one(f"{name} cpm", 0.15)
        impressions = 1000 * daily_spend * part.spend_share / cpm
        frequency = 1.3 + 0.6 * float(draws.uniform(f"{name} frequency", 1)[0])
        found.append(
            Campaign(
                name=name,
                channel=channel,
                daily_spend=daily_spend * part.spend_share,
                quality=part.quality / average,
                harvest=kind.harvest * part.harvest_share,
                cpm=cpm,
                ctr=kind.ctr * draws.around_one(f"{name} ctr", 0.15),
                audience=impressions / (frequency - 1),
            )
        )
    return found
