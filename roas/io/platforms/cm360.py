"""Campaign Manager 360 reports: the table starts after "Report Fields"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from roas.io.platforms.base import Platform
from roas.io.platforms.google_steps import count_cost_once
from roas.io.platforms.steps import range_from_preamble

if TYPE_CHECKING:
    from roas.io.mapped import Mapped

_RANGE = r"^date range,(?P<start>[\d/-]+) - (?P<end>[\d/-]+),*$"


def prepare(table: Mapped) -> None:
    """Take the range of a report without dates from the preamble; count media cost once per activity."""
    range_from_preamble(table, _RANGE, "mdy")
    count_cost_once(table)


REPORT = Platform(
    "cm360", "CM360", "spend",
    {
        "date": ("Date", "Day"), "week": ("Week",), "month": ("Month",),
        "account": ("Advertiser", "Advertiser ID"), "campaign": ("Campaign",),
        "campaign_id": ("Campaign ID",), "ad_group": ("Placement", "Site (CM360)", "Site (DCM)", "Site"),
        "ad_group_id": ("Placement ID", "Site ID (CM360)"),
        "creative": ("Creative", "Ad"), "creative_id": ("Creative ID", "Ad ID"),
        "geo": ("Country", "State/Region", "City"),
        "device": ("Platform Type", "Device Type"), "spend": ("Media Cost",), "impressions": ("Impressions",),
        "clicks": ("Clicks",),
        "conversions": ("Total Conversions",), "conversion_value": ("Total Revenue",),
        "conversion_action": ("Activity",),
    },
    signs=(("Site (CM360)", "Site (DCM)", "Site ID (CM360)"),
           ("Media Cost", "Impressions", "Total Conversions")),
    titles=r"^report fields,*$", habit="mdy", prepare=prepare,
)  # fmt: skip

PLATFORMS: tuple[Platform, ...] = (REPORT,)
