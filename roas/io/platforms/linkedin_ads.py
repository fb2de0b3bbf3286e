"""LinkedIn Campaign Manager: performance and conversion reports, connector tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from roas.io.dates import read_dates
from roas.io.platforms.base import Platform
from roas.io.platforms.steps import AdPlatform, settle_range
from roas.language import say

if TYPE_CHECKING:
    from roas.io.mapped import Mapped

START = ("Start Date (in UTC)", "Start Date (UTC)", "Start Date", "Date (in UTC)", "Date")
END = ("End Date (in UTC)", "End Date (UTC)", "End Date")
SPEND = (
    "Total Spent",
    "Total Spend",
    "Spent",
    "Gesamtausgaben",
    "Total dépensé",
    "Total gastado",
    "Total gasto",
    "Totaal besteed",
    "Totale speso",
)

_TITLES = r"^(account|campaign( group)?|creative|ad|conversion)s? performance report"
_ENDS = r"^report (start|end): *(.+?)(, \d+:\d+ [ap]m)?$"


def prepare(table: Mapped) -> None:
    """Tell a report over the whole range, in one row a campaign, from a day."""
    ends = [
        line.strip().strip('"')
        for line in table.raw.preamble
        if line.strip('" ').casefold().startswith(("report start:", "report end:"))
    ]
    days = read_dates([e.partition(":")[2].strip() for e in ends], habit="mdy").days
    if table.has("date") and not table.has("range_end") and len(days) == 2:
        first, last = sorted(days, key=lambda cell: days[cell])
        starts = read_dates(table.frame["date"].dropna().unique(), habit="mdy").days
        if set(starts.values()) == {days[first]}:
            table.frame["range_end"] = last
    settle_range(table)


def say_side_table(table: Mapped) -> None:
    """Say why a conversion report adds nothing by itself."""
    table.findings.note(
        say(
            "a conversion report: one row per kind of conversion, without spend; it is not read. The performance "
            "report holds the same conversions beside the spend"
        )
    )


_DIMENSIONS = {
    "date": START, "range_end": END, "account": ("Account Name", "Account ID"),
    # LinkedIn calls its campaigns' group what others call a campaign; people mean the campaign, and
    # most groups are called "Default".
    "campaign": ("Campaign Name", "Campaign", "Campaign Group Name", "Campaign Group"),
    "campaign_id": ("Campaign ID", "Campaign Group ID"),
    "creative": ("Creative Name", "Ad Name", "Ad Headline"),
    "creative_id": ("Creative ID", "Ad ID"), "currency": ("Currency",),
}  # fmt: skip

_MEASURES = {
    "spend": SPEND, "impressions": ("Impressions",), "reach": ("Reach",),
    "clicks": ("Clicks", "Clicks to Landing Page", "Landing Page Clicks"), "conversions": ("Conversions",),
    "conversion_value": ("Total Conversion Value", "Conversion Value"),
}  # fmt: skip

PERFORMANCE = AdPlatform(
    "linkedin_ads", "LinkedIn", "spend", {**_DIMENSIONS, **_MEASURES},
    signs=(SPEND, ("Start Date (in UTC)", "Date (in UTC)", "Campaign Group Name", "Campaign Group ID",
                   "Post-Click Conversions", "View-Through Conversions",
                   "Total Engagements", "Clicks to Landing Page", "Total Conversion Value", "Creative Name",
                   "Total Social Actions")),
    titles=_TITLES, habit="mdy", prepare=prepare,
)  # fmt: skip

CONVERSION_REPORT = AdPlatform(
    "linkedin_ads", "LinkedIn", "other",
    {**_DIMENSIONS, "conversion_action": ("Conversion Name",),
     "conversions": ("Conversions", "Total Conversions"),
     "conversion_value": ("Total Conversion Value", "Conversion Value")},
    signs=(("Conversion Name",), ("Start Date (in UTC)", "Campaign Group Name", "Post-Click Conversions",
                                  "View-Through Conversions")),
    habit="mdy", prepare=say_side_table,
)  # fmt: skip

ANALYTICS = AdPlatform(
    "warehouse", "LinkedIn", "spend",
    {
        "date": ("day", "date", "date day", "start at", "daterange start"),
        "account": ("account name", "account id"),
        "campaign": ("campaign group name",), "campaign_id": ("campaign group id",),
        "ad_group": ("campaign name",), "ad_group_id": ("campaign id",),
        "creative": ("creative name",), "creative_id": ("creative id",), "currency": ("currency",),
        "spend": ("cost in local currency", "costinlocalcurrency", "cost in usd", "costinusd"),
        "impressions": ("impressions",),
        "reach": ("approximate unique impressions",), "clicks": ("clicks", "landing page clicks"),
        "conversions": ("external website conversions", "externalwebsiteconversions", "conversions"),
        "conversion_value": ("conversion value in local currency", "conversionvalueinlocalcurrency"),
    },
    signs=(("cost in local currency", "costinlocalcurrency", "cost in usd", "costinusd"),),
)  # fmt: skip

PLATFORMS: tuple[Platform, ...] = (PERFORMANCE, CONVERSION_REPORT, ANALYTICS)
