"""Pinterest Ads: interface downloads and connector tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from roas.io.platforms.base import Platform
from roas.io.platforms.steps import AdPlatform, add_up
from roas.language import say

if TYPE_CHECKING:
    from roas.io.mapped import Mapped

SPEND = ("Spend in account currency", "Total spend in account currency")


def prepare(table: Mapped) -> None:
    """Add earned to paid impressions and clicks, as the platform's totals do."""
    add_up(table, "impressions", "earned_impressions")
    add_up(table, "clicks", "earned_clicks")
    head = table.header_of("conversions")
    if table.has("conversions") and "total" in head.casefold() and "checkout" not in head.casefold():
        table.findings.note(
            say('"{header}" counts page visits and sign-ups beside checkouts', header=head), column=head
        )


INTERFACE = AdPlatform(
    "pinterest_ads", "Pinterest", "spend",
    {
        "date": ("Date", "Day"), "week": ("Week",), "month": ("Month",), "range_start": ("Start date",),
        "range_end": ("End date",),
        "account": ("Account name", "Advertiser name", "Ad account name", "Advertiser ID", "Ad account ID"),
        "campaign": ("Campaign name", "Campaign"),
        "campaign_id": ("Campaign ID",), "ad_group": ("Ad group name", "Ad group"),
        "ad_group_id": ("Ad group ID",),
        "creative": ("Ad name", "Pin promotion name"), "creative_id": ("Ad ID", "Pin promotion ID"),
        "currency": ("Currency", "Currency code"),
        "spend": (*SPEND, "Spend"), "impressions": ("Impressions", "Paid impressions"), "reach": ("Reach",),
        "clicks": ("Outbound clicks", "Total outbound clicks", "Pin clicks", "Clicks"),
        "conversions": ("Checkouts", "Total checkouts", "Total conversions (checkout)"),
        "conversion_value": ("Checkout value in account currency", "Total checkout value in account currency",
                             "Total order value in account currency",
                             "Checkout value", "Total conversion value",
                             "Total conversion value in account currency", "Order value"),
    },
    signs=((*SPEND, "Spend"), (*SPEND, "Pin clicks", "Checkout value in account currency", "Pin promotion ID",
                               "Pin promotion name", "eCPC in account currency")),
)  # fmt: skip

REPORT_TABLE = AdPlatform(
    "warehouse", "Pinterest", "spend",
    {
        "date": ("date", "date day"), "account": ("advertiser name", "advertiser id", "ad account id"),
        "campaign": ("campaign name",),
        "campaign_id": ("campaign id",), "ad_group": ("ad group name",), "ad_group_id": ("ad group id",),
        "creative": ("ad name", "pin promotion name"),
        "creative_id": ("ad id", "pin promotion id"), "geo": ("targeting value country",),
        "spend": ("spend in micro dollar", "spend in microdollar"),
        "impressions": ("impression 1", "impressions"), "earned_impressions": ("impression 2",),
        "clicks": ("outbound click 1", "clickthrough 1"),
        "earned_clicks": ("outbound click 2", "clickthrough 2"),
        "conversions": ("total checkout", "total conversions"),
        "conversion_value": ("total checkout value in micro dollar",
                             "total conversions value in micro dollar"),
    },
    signs=(("spend in micro dollar", "spend in microdollar"),),
    micros=frozenset({"spend", "conversion_value"}),
    numbers=frozenset({"earned_impressions", "earned_clicks"}), prepare=prepare,
)  # fmt: skip

PLATFORMS: tuple[Platform, ...] = (INTERFACE, REPORT_TABLE)
