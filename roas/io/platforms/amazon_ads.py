"""Amazon Ads: console and report downloads, API results, connector tables.

Sales and orders come in attribution windows of 1 to 30 days, which contain
one another. Both are taken from one window, the shortest of 7, 14 and 30 days
that has both: each window is a layout of its own, in that order.
"""

from __future__ import annotations

from roas.io.platforms.base import Platform
from roas.io.platforms.steps import AdPlatform, settle_range

SPEND = ("Spend", "Total spend", "Total cost", "Cost")

_DIMENSIONS = {
    "date": ("Date", "Start Date", "Day"), "range_end": ("End Date",),
    "account": ("Account name", "Advertiser name", "Profile name", "profile id"),
    "campaign": ("Campaign Name", "campaignname", "Campaign", "Campaigns"),
    "campaign_id": ("Campaign ID", "campaignid"),
    "ad_group": ("Ad Group Name", "adgroupname", "Ad group"), "ad_group_id": ("Ad group ID", "adgroupid"),
    "creative": ("Creative name", "Advertised ASIN", "Advertised SKU"),
    "geo": ("Country", "Marketplace", "Retailer"),
    "currency": ("Currency", "Budget currency", "campaign budget currency code", "campaignbudgetcurrencycode",
                 "currency code"),
    "spend": SPEND, "impressions": ("Impressions", "Viewable impressions"), "clicks": ("Clicks",),
}  # fmt: skip

#: Its words for advertising cost of sales, beside spend. They are rates.
ACOS = (
    "Total Advertising Cost of Sales (ACOS)", "Total Advertising Cost of Sales (ACoS)",
    "Total Advertising Cost of Sales", "Advertising Cost of Sales (ACOS)",
    "ACOS", "Total ACOS", "Total Return on Advertising Spend (ROAS)", "acosclicks7d", "acosclicks14d",
)  # fmt: skip


def _report(days: int) -> Platform:
    """Describe a report download with sales within a number of days."""
    orders = (f"{days} Day Total Orders (#)", f"{days} Day Total Orders", f"Orders {days} Day Total")
    sales = (f"{days} Day Total Sales", f"Sales {days} Day Total")
    new = (
        f"{days} Day New-to-brand Orders (#)",
        "New-to-brand orders (#)",
        "New-to-brand orders",
        "Orders new-to-brand",
    )
    return AdPlatform(
        "amazon_ads", "Amazon Ads", "spend",
        {**_DIMENSIONS, "conversions": orders, "conversion_value": sales, "new_conversions": new},
        signs=(SPEND, (*orders, *sales)), prepare=settle_range,
    )  # fmt: skip


def _api(days: int) -> Platform:
    """Describe an API report with sales within a number of days."""
    return AdPlatform(
        "amazon_ads", "Amazon Ads", "spend",
        {**_DIMENSIONS, "conversions": (f"purchases{days}d",), "conversion_value": (f"sales{days}d",)},
        signs=(SPEND, (f"purchases{days}d", f"sales{days}d")), prepare=settle_range,
    )  # fmt: skip


def _table(days: int) -> Platform:
    """Describe a connector table with sales within a number of days."""
    return AdPlatform(
        "warehouse", "Amazon Ads", "spend",
        {**_DIMENSIONS, "conversions": (f"purchases {days} d",), "conversion_value": (f"sales {days} d",)},
        signs=(("cost",), (f"purchases {days} d", f"sales {days} d")),
    )  # fmt: skip


CONSOLE = AdPlatform(
    "amazon_ads", "Amazon Ads", "spend",
    {**_DIMENSIONS, "conversions": ("Purchases", "Orders", "Total orders"),
     "conversion_value": ("Sales", "Total sales"),
     "new_conversions": ("NTB orders", "New-to-brand orders", "Purchases new-to-brand")},
    signs=(SPEND, ACOS), prepare=settle_range,
)  # fmt: skip

WINDOWS = (7, 14, 30)

PLATFORMS: tuple[Platform, ...] = (
    *(_table(days) for days in WINDOWS), *(_report(days) for days in WINDOWS),
    *(_api(days) for days in WINDOWS), CONSOLE,
)  # fmt: skip
