"""Apple Search Ads: connector tables and interface downloads.

It sells installs: there is no value, and conversions are tap-through installs.
"""

from __future__ import annotations

from roas.io.platforms.base import Platform
from roas.io.platforms.steps import AdPlatform

REPORT = AdPlatform(
    "warehouse", "Apple Search Ads", "spend",
    {
        "date": ("date", "date day", "Day"),
        "account": ("organization name", "organization id", "Account name", "Account"),
        "campaign": ("campaign name", "Campaign"), "campaign_id": ("campaign id", "id"),
        "ad_group": ("ad group name", "Ad group"), "ad_group_id": ("ad group id",),
        "creative": ("ad name",), "creative_id": ("ad id",),
        "geo": ("Country or Region", "country or region"),
        "currency": ("local spend currency", "localspend currency", "Currency", "currency"),
        "spend": ("local spend amount", "localspend amount", "Spend"),
        "impressions": ("impressions",), "clicks": ("taps",),
        "conversions": ("tap installs", "Installs (Tap-Through)", "Tap-Through Installs", "Installs",
                        "conversions"),
    },
    signs=(("taps",), ("local spend amount", "localspend amount", "Spend")),
)  # fmt: skip

PLATFORMS: tuple[Platform, ...] = (REPORT,)
