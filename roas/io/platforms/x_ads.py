"""X (Twitter) Ads: interface downloads and connector tables."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from roas.io.dates import read_dates
from roas.io.platforms.base import Platform
from roas.io.platforms.steps import AdPlatform, put, settle_range
from roas.language import say

if TYPE_CHECKING:
    from roas.io.mapped import Mapped

#: From this hour on, midnight of the account in UTC belongs to the next day:
#: the account is east of Greenwich. 11 and 12 are New Zealand, where people
#: are, rather than the Pacific just east of the date line, where few are.
_EAST = 11

_MIDNIGHT = re.compile(r"[ T](\d{2}):(?:00|30|45)(?::00(?:\.0+)?)?Z?$")


def to_account_day(table: Mapped) -> None:
    """Turn the account's midnight, written in UTC, into its day.

    One or two distinct hours (summer time) show that the time is midnight;
    more are hours of the day and are left alone.
    """
    hours = {_hour(c) for c in table.raw.cells[_position(table)].tolist()} - {None} if table.has("date") else set()
    if not 1 <= len(hours) <= 2 or not all(h is not None and h >= _EAST for h in hours):
        return
    days = read_dates(table.frame["date"].unique()).days
    put(table, "date", [days[c] + timedelta(1) if c in days else c for c in table.frame["date"].tolist()])
    table.findings.note(say("dates are the account's midnight in UTC, on the day before; read as the account's day"))


def _position(table: Mapped) -> int:
    return [h.strip() for h in table.raw.header].index(table.header_of("date"))


def _hour(cell: Any) -> int | None:
    found = _MIDNIGHT.search(str(cell).strip())
    return int(found[1]) if found else None


INTERFACE = AdPlatform(
    "x_ads", "X", "spend",
    {
        "date": ("Time period", "Date", "Day"), "range_end": ("Time period end", "End date"),
        "account": ("Account name", "Account ID", "Funding source name"),
        "campaign": ("Campaign name", "Campaign"), "campaign_id": ("Campaign ID",),
        "ad_group": ("Ad Group name", "Ad group", "Line item name"),
        "ad_group_id": ("Ad Group ID",), "creative": ("Ad name", "Tweet text", "Post text"),
        "creative_id": ("Ad ID", "Tweet ID", "Post ID"),
        "placement": ("Placement",), "currency": ("Currency",), "spend": ("Spend", "Billed charge"),
        "impressions": ("Impressions",), "reach": ("Reach",),
        "clicks": ("Link clicks", "URL clicks", "Clicks"), "conversions": ("Purchases", "Site purchases"),
        "conversion_value": ("Purchases - sale amount", "Purchases sale amount", "Purchases value"),
    },
    signs=(
        ("Spend", "Billed charge"),
        ("Time period", "Tweet engagements", "Post engagements", "Tweet ID", "Post ID", "Tweet text"),
        ("Ad Group name", "Link clicks", "Tweet engagements", "Post engagements", "Results", "Engagements",
         "Tweet ID", "Post ID"),
    ),
    prepare=settle_range,
)  # fmt: skip

REPORT_TABLE = AdPlatform(
    "warehouse", "X", "spend",
    {
        "date": ("date", "date day"), "account": ("account name", "account id"),
        "campaign": ("campaign name",), "campaign_id": ("campaign id",),
        "ad_group": ("line item name",), "ad_group_id": ("line item id",),
        "creative_id": ("promoted tweet id",), "placement": ("placement",), "geo": ("country",),
        "currency": ("currency",), "spend": ("billed charge local micro",), "impressions": ("impressions",),
        "clicks": ("url clicks", "clicks"),
        "conversions": ("conversion purchases metric", "conversion purchases",
                        "conversion purchases order quantity"),
        "conversion_value": ("conversion purchases sale amount local micro",
                             "conversion purchases sale amount"),
    },
    signs=(("billed charge local micro",),), prepare=to_account_day,
)  # fmt: skip

PLATFORMS: tuple[Platform, ...] = (INTERFACE, REPORT_TABLE)
