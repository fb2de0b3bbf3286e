"""Reddit Ads: interface downloads and connector tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from roas.io.platforms.base import Platform
from roas.io.platforms.steps import AdPlatform
from roas.language import say

if TYPE_CHECKING:
    from roas.io.mapped import Mapped


def say_side_table(table: Mapped) -> None:
    """Say why a table of conversion events adds nothing by itself."""
    table.findings.note(
        say(
            "a table of conversion events beside the campaigns, without spend; it is not read. Join its "
            "purchases to the campaigns' own table by campaign and day"
        )
    )


INTERFACE = AdPlatform(
    "reddit_ads", "Reddit", "spend",
    {
        "date": ("Date", "Day"), "range_start": ("Start date",), "range_end": ("End date",),
        "account": ("Account name", "Account ID"),
        "campaign": ("Campaign name", "Campaign"), "campaign_id": ("Campaign ID",),
        "ad_group": ("Ad group name", "Ad group"), "ad_group_id": ("Ad group ID",),
        "creative": ("Ad name", "Post title"), "creative_id": ("Ad ID", "Post ID"),
        "geo": ("Country", "Region"), "currency": ("Currency",),
        "spend": ("Amount spent", "Spend"), "impressions": ("Impressions",), "reach": ("Reach",),
        "clicks": ("Clicks",),
        "conversions": ("Purchase (total)", "Purchases", "Purchase", "Total purchases"),
        "conversion_value": ("Purchase total value", "Purchase (total value)", "Purchase value",
                             "Total purchase value"),
    },
    signs=(
        ("Amount spent", "Spend"),
        ("Upvotes", "Downvotes", "Comment upvotes", "Community", "Subreddit", "Purchase total value",
         "Purchase (total value)", "Purchase (total)",
         "Comments page views", "Post title"),
    ),
)  # fmt: skip

#: The API counts money in millionths under a plain name.
REPORT_TABLE = AdPlatform(
    "warehouse", "Reddit", "spend",
    {
        "date": ("date", "date day"), "account": ("account name", "account id"),
        "campaign": ("campaign name",), "campaign_id": ("campaign id",),
        "ad_group": ("ad group name",), "ad_group_id": ("ad group id",), "creative": ("ad name",),
        "creative_id": ("ad id",), "geo": ("country", "region"),
        "currency": ("currency",), "spend": ("spend",), "impressions": ("impressions",), "reach": ("reach",),
        "clicks": ("clicks",),
    },
    signs=(
        ("spend",), ("fivetran synced", "airbyte extracted at", "airbyte ab id"),
        ("comment upvotes", "comment downvotes", "comments page views", "viewer comments", "conversion roas",
         "legacy click conversions attribution window day"),
    ),
    micros=frozenset({"spend"}),
)  # fmt: skip

CONVERSION_EVENTS = Platform(
    "warehouse", "Reddit", "other",
    {
        "date": ("date",), "campaign_id": ("campaign id",), "conversion_action": ("event name",),
        "conversions": ("total items",),
        "conversion_value": ("total value",),
    },
    signs=(("event name",), ("click through conversion attribution window month",
                             "view through conversion attribution window month")),
    prepare=say_side_table,
)  # fmt: skip

PLATFORMS: tuple[Platform, ...] = (REPORT_TABLE, INTERFACE, CONVERSION_EVENTS)
