"""Snapchat Ads: interface downloads and connector tables."""

from __future__ import annotations

from roas.io.platforms.base import Platform
from roas.io.platforms.steps import AdPlatform, settle_range

INTERFACE = AdPlatform(
    "snapchat_ads", "Snapchat", "spend",
    {
        "date": ("Start Time", "Start Date", "Date", "Day"), "range_end": ("End Time", "End Date"),
        "account": ("Ad Account Name", "Account Name", "Ad Account ID"),
        "campaign": ("Campaign Name", "Campaign"), "campaign_id": ("Campaign ID",),
        "ad_group": ("Ad Set Name", "Ad Squad Name"), "ad_group_id": ("Ad Set ID", "Ad Squad ID"),
        "creative": ("Ad Name", "Creative Name"),
        "creative_id": ("Ad ID", "Creative ID"), "geo": ("Country", "Region", "DMA"),
        "currency": ("Currency", "Account Currency", "Ad Account Currency"),
        "spend": ("Amount Spent", "Spend", "Spent"),
        "impressions": ("Paid Impressions", "Impressions", "Total Impressions"),
        "reach": ("Paid Reach", "Reach"), "clicks": ("Swipe Ups", "Swipe-Ups", "Swipes", "Clicks"),
        "conversions": ("Purchases", "Conversion Purchases"),
        "conversion_value": ("Purchases Value", "Purchase Value", "Conversion Purchases Value"),
    },
    signs=(("Amount Spent", "Spend", "Spent"), ("Swipe Ups", "Swipe-Ups", "Swipes", "Swipe Up Rate",
                                                "Paid Impressions", "eCPSU", "Paid eCPM", "Ad Squad Name")),
    prepare=settle_range,
)  # fmt: skip

#: The API counts money in millionths under plain names.
HOURLY_REPORT = AdPlatform(
    "warehouse", "Snapchat", "spend",
    {
        "date": ("date", "date hour", "date day", "start time", "finalized data end time"),
        "account": ("ad account name", "ad account id"),
        "campaign": ("campaign name",), "campaign_id": ("campaign id",), "ad_group": ("ad squad name",),
        "ad_group_id": ("ad squad id",),
        "creative": ("ad name",), "creative_id": ("ad id",), "geo": ("country", "region"),
        "currency": ("currency",),
        "spend": ("spend",), "impressions": ("impressions",), "clicks": ("swipes",),
        "conversions": ("conversion purchases",),
        "conversion_value": ("conversion purchases value",),
    },
    signs=(("swipes",), ("spend",), ("fivetran synced", "airbyte extracted at", "airbyte ab id",
                                     "attachment total view time millis")),
    micros=frozenset({"spend", "conversion_value"}),
)  # fmt: skip

PLATFORMS: tuple[Platform, ...] = (HOURLY_REPORT, INTERFACE)
