"""What the figures of a week are called, and how each unit is written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from roas.format import DASH, count, day_and_month, money, percent, ratio, short_day, visible
from roas.language import mark, say

if TYPE_CHECKING:
    from roas.quantiles import Q
    from roas.weekly.record import Unit
    from roas.weekly.week import Week

#: Figure → its label, as it heads a card or a row.
LABELS: Final[Mapping[str, str]] = {
    "spend": mark("Spend"),
    "revenue": mark("Revenue of the shop"),
    "mer": mark("MER, revenue over spend"),
    "claimed_revenue": mark("Revenue claimed by platforms"),
    "claimed_roas": mark("Claimed ROAS"),
    "conversions": mark("Conversions claimed by platforms"),
    "orders": mark("Orders"),
    "incremental_revenue": mark("Revenue that ads caused"),
    "incremental_roas": mark("ROAS caused"),
    "marginal_roas": mark("Marginal ROAS"),
    "saturation": mark("Saturation"),
    "volatility": mark("Swings"),
    "baseline_share": mark("Share of revenue that comes without ads"),
}

#: Kind of table that no platform's name says → what it is.
TABLES: Final[Mapping[str, str]] = {
    "generic_long": mark("table with one row per date and channel"),
    "generic_wide": mark("table with one row per date"),
    "orders": mark("list of orders"),
    "shopify_orders": mark("Shopify, list of orders"),
    "journeys": mark("list of touches before each sale"),
    "paths": mark("list of paths to a sale"),
    "experiments": mark("list of experiments"),
    "warehouse": mark("table of a data warehouse"),
}

#: The same → the platform's own name, alike in every language.
PLATFORMS: Final[Mapping[str, str]] = {
    "adobe_analytics": "Adobe Analytics",
    "amazon_ads": "Amazon Ads",
    "apple_ads": "Apple Ads",
    "cm360": "Campaign Manager 360",
    "dv360": "Display & Video 360",
    "ga4": "Google Analytics 4",
    "google_ads": "Google Ads",
    "linkedin_ads": "LinkedIn Ads",
    "meta_ads": "Meta Ads",
    "microsoft_ads": "Microsoft Ads",
    "pinterest_ads": "Pinterest Ads",
    "reddit_ads": "Reddit Ads",
    "shopify_analytics": "Shopify Analytics",
    "snapchat_ads": "Snapchat Ads",
    "stripe": "Stripe",
    "tiktok_ads": "TikTok Ads",
    "woocommerce": "WooCommerce",
    "x_ads": "X Ads",
}

#: Word that a figure may be → how it reads.
WORDS: Final[Mapping[str, str]] = {
    "saturated": mark("saturated"),
    "efficient": mark("efficient"),
    "headroom": mark("has headroom"),
    "calm": mark("as usual"),
    "turbulent": mark("larger than usual"),
    "unknown": mark("cannot be told"),
}


def label(figure: str) -> str:
    """Return what a figure is called; a name that nobody listed is written as it is."""
    return say(LABELS[figure]) if figure in LABELS else visible(figure.replace("_", " "))


def recognised(kind: str | None) -> str:
    """Return what a file was recognised as; a kind that nobody listed is written as it is."""
    if not kind:
        return say("not recognised")
    if kind in TABLES:
        return say(TABLES[kind])
    return PLATFORMS.get(kind) or visible(kind.replace("_", " "))


def amount(value: float | str | None, unit: Unit, currency: str | None) -> str:
    """Write a figure in its unit; a dash where it is not known."""
    if value is None or value != value:
        return DASH
    if isinstance(value, str):
        return say(WORDS[value]) if value in WORDS else visible(value)
    if unit == "money":
        return money(value, currency)
    return {"ratio": ratio, "share": percent}.get(unit, count)(value)


def between(q: Q, currency: str | None) -> str:
    """Write the 90 % range of an amount."""
    low, high = money(q.p5, currency), money(q.p95, currency)
    return low if low == high else say("{low} to {high}", low=low, high=high)


def whose(channel: str | None) -> str:
    """Name a channel, or the account."""
    return visible(channel) if channel else say("All channels")


def week_words(week: Week) -> str:
    """Write a week with its dates."""
    return say(
        "Week {number}, {first} to {last}",
        number=str(week.monday.isocalendar().week),
        first=day_and_month(week.monday),
        last=short_day(week.sunday),
    )


def week_number(week: Week) -> str:
    """Write a week by its number and year, inside a sentence."""
    year, number, _ = week.monday.isocalendar()
    return say("week {number} of {year}", number=str(number), year=str(year))
