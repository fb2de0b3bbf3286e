"""Display & Video 360 reports, where revenue is what the advertiser paid."""

from __future__ import annotations

from typing import TYPE_CHECKING

from roas.io.platforms.base import Platform
from roas.language import say

if TYPE_CHECKING:
    from roas.io.mapped import Mapped

#: Billed to the advertiser; then with and without data and platform fees.
BILLED = ("Revenue (Adv Currency)", "Revenue (Advertiser Currency)")
MEDIA = (
    "Total Media Cost (Advertiser Currency)", "Total Media Cost (Adv Currency)",
    "Media Cost (Advertiser Currency)", "Media Cost (Adv Currency)",
)  # fmt: skip

_DIMENSIONS = {
    "date": ("Date", "Day"), "week": ("Week",), "month": ("Month",),
    "account": ("Advertiser", "Advertiser ID"),
    # The insertion order is what others call a campaign, the line item an ad group.
    "campaign": ("Insertion Order", "Insertion Order Name", "Campaign"),
    "campaign_id": ("Insertion Order ID", "Campaign ID"),
    "ad_group": ("Line Item", "Line Item Name"), "ad_group_id": ("Line Item ID",),
    "creative": ("Creative", "Creative Name"), "creative_id": ("Creative ID",),
    "geo": ("Country", "Region", "City"), "device": ("Device Type",), "impressions": ("Impressions",),
    "clicks": ("Clicks",),
    "conversions": ("Total Conversions",),
}  # fmt: skip


def say_fees(table: Mapped) -> None:
    """Say when only the media cost is there."""
    head = table.header_of("spend")
    if table.has("spend") and "media cost" in head.casefold():
        table.findings.note(
            say(
                '"{header}" is read as spend; what the advertiser is billed is in "{billed}", which the file lacks',
                header=head,
                billed=BILLED[0],
            ),
            column=head,
        )


def say_revenue(table: Mapped) -> None:
    """Say which of its words for money is read as spend."""
    head = table.header_of("spend")
    table.findings.note(
        say('"{header}" is what the advertiser paid, in the currency of the header; it is read as spend', header=head),
        column=head,
    )


REPORT = Platform(
    "dv360", "DV360", "spend",
    {**_DIMENSIONS, "currency": ("Advertiser Currency",), "spend": (*BILLED, *MEDIA)},
    signs=((*BILLED, *MEDIA),), prepare=say_fees,
)  # fmt: skip

#: ``Revenue (USD)``: the column of the advertiser's currency is then not used.
IN_ONE_CURRENCY = Platform(
    "dv360", "DV360", "spend", {**_DIMENSIONS, "spend": ("Revenue",)},
    signs=(("Revenue",), ("Insertion Order", "Insertion Order ID"),
           ("Impressions", "Line Item", "Advertiser", "Advertiser Currency")),
    prepare=say_revenue,
)  # fmt: skip

PLATFORMS: tuple[Platform, ...] = (REPORT, IN_ONE_CURRENCY)
