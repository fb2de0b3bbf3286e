"""Typical channels of a web shop, before an account draws its own.

The values are this project's choice, not measurements: prices and rates
of the size that such channels show, and effects that make search answer
demand, video work slowly, and retargeting claim more than it causes.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class CampaignKind:
    """A campaign by its parts of the channel: ratios."""

    label: str
    spend_share: float
    quality: float
    harvest_share: float


@dataclass(frozen=True)
class ChannelKind:
    """A channel by its typical values; units as in `shop.Channel`."""

    spend_share: float  # of the account's spend
    roas: float
    half_life: float
    half_saturation: float  # multiples of reference spend
    slope: float
    cpm: float
    ctr: float
    demand_response: float
    demand_chase: float
    claim_rate: float
    harvest: float  # share of baseline orders claimed at reference spend
    campaigns: tuple[CampaignKind, ...]


KINDS = {
    "Search": ChannelKind(
        spend_share=0.28,
        roas=2.9,
        half_life=2.0,
        half_saturation=1.6,
        slope=1.1,
        cpm=22.0,
        ctr=0.045,
        demand_response=0.7,
        demand_chase=0.4,
        claim_rate=1.10,
        harvest=0.14,
        campaigns=(
            CampaignKind("Brand", 0.2, quality=0.4, harvest_share=0.6),
            CampaignKind("Generic", 0.4, quality=1.2, harvest_share=0.2),
            CampaignKind("Competitor", 0.2, quality=1.0, harvest_share=0.1),
            CampaignKind("Dynamic", 0.2, quality=0.9, harvest_share=0.1),
        ),
    ),
    "Meta": ChannelKind(
        spend_share=0.26,
        roas=2.3,
        half_life=5.0,
        half_saturation=1.4,
        slope=1.2,
        cpm=9.0,
        ctr=0.012,
        demand_response=0.2,
        demand_chase=0.0,
        claim_rate=1.15,
        harvest=0.12,
        campaigns=(
            CampaignKind("Prospecting", 0.4, quality=1.1, harvest_share=0.2),
            CampaignKind("Lookalike", 0.2, quality=1.2, harvest_share=0.1),
            CampaignKind("Retargeting", 0.2, quality=0.6, harvest_share=0.6),
            CampaignKind("Catalogue", 0.2, quality=0.9, harvest_share=0.1),
        ),
    ),
    "Shopping": ChannelKind(
        spend_share=0.20,
        roas=2.6,
        half_life=2.0,
        half_saturation=1.5,
        slope=1.0,
        cpm=9.0,
        ctr=0.016,
        demand_response=0.6,
        demand_chase=0.3,
        claim_rate=1.05,
        harvest=0.08,
        campaigns=(
            CampaignKind("Best Sellers", 0.4, quality=1.1, harvest_share=0.4),
            CampaignKind("All Products", 0.4, quality=0.9, harvest_share=0.4),
            CampaignKind("New In", 0.2, quality=1.0, harvest_share=0.2),
        ),
    ),
    "TikTok": ChannelKind(
        spend_share=0.10,
        roas=1.8,
        half_life=4.0,
        half_saturation=1.5,
        slope=1.3,
        cpm=5.0,
        ctr=0.008,
        demand_response=0.2,
        demand_chase=0.0,
        claim_rate=0.90,
        harvest=0.02,
        campaigns=(
            CampaignKind("Creators", 0.5, quality=1.1, harvest_share=0.3),
            CampaignKind("In Feed", 0.3, quality=0.9, harvest_share=0.3),
            CampaignKind("Retargeting", 0.2, quality=0.7, harvest_share=0.4),
        ),
    ),
    "YouTube": ChannelKind(
        spend_share=0.10,
        roas=1.8,
        half_life=11.0,
        half_saturation=1.3,
        slope=1.3,
        cpm=7.0,
        ctr=0.004,
        demand_response=0.1,
        demand_chase=0.0,
        claim_rate=0.60,
        harvest=0.015,
        campaigns=(
            CampaignKind("Awareness", 0.5, quality=1.0, harvest_share=0.2),
            CampaignKind("Action", 0.3, quality=1.1, harvest_share=0.4),
            CampaignKind("Shorts", 0.2, quality=0.9, harvest_share=0.4),
        ),
    ),
    "Display": ChannelKind(
        spend_share=0.06,
        roas=1.6,
        half_life=7.0,
        half_saturation=1.6,
        slope=1.0,
        cpm=3.0,
        ctr=0.003,
        demand_response=0.1,
        demand_chase=0.0,
        claim_rate=1.30,
        harvest=0.06,
        campaigns=(
            CampaignKind("Remarketing", 0.5, quality=0.8, harvest_share=0.7),
            CampaignKind("Prospecting", 0.3, quality=1.1, harvest_share=0.2),
            CampaignKind("Affinity", 0.2, quality=1.0, harvest_share=0.1),
        ),
    ),
}
ALWAYS = ("Search", "Meta")
