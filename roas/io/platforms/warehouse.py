"""Unified ad tables of warehouses and connectors: every platform in one table.

A column names the platform. None of these layouts claims the plain ``date,
channel, spend`` table: each asks for headers that only its tool writes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from roas.io.numbers import is_null
from roas.io.platforms.base import Platform
from roas.io.platforms.channel_names import channel_name, channel_of_source
from roas.language import say

if TYPE_CHECKING:
    from roas.io.mapped import Mapped


@dataclass(frozen=True)
class ConnectorTable(Platform):
    """A layout of a connector; never a table that names channels itself.

    ``date, channel, source, spend`` is somebody's own table, and its channel
    column is what they want to see.
    """

    def has_signs(self, keys: set[str]) -> bool:
        """Return whether the header carries the signs, and no channel column."""
        return "channel" not in keys and super().has_signs(keys)


def _name_channels(table: Mapped) -> None:
    """Name the channel after the columns that name the platform."""
    frame = table.frame = table.frame.copy()
    medium = frame["medium"] if table.has("medium") else [None] * len(frame)
    pairs = list(zip(frame["platform"], medium, strict=True))
    known: dict[tuple[object, object], str | None] = {}
    for pair in set(pairs):
        source, how = ("" if is_null(v) else str(v) for v in pair)
        known[pair] = channel_of_source(source, how) if source else None
    frame["channel"] = [known[pair] for pair in pairs]
    frame["channel"] = frame["channel"].astype(object)
    renamed = sorted({f"{p} → {c}" for (p, _), c in known.items() if c is not None and c != p})
    if renamed and not table.has("medium"):
        table.findings.note(say(
            'channels are named after "{header}": {names}.',
            header=table.header_of("platform"), names=", ".join(renamed),
        ))  # fmt: skip


def _translate_channels(table: Mapped) -> None:
    """Name channels as the platforms' own exports do."""
    frame = table.frame = table.frame.copy()
    known = {v: None if is_null(v) else channel_name(str(v)) for v in frame["channel"].unique()}
    frame["channel"] = frame["channel"].map(known).astype(object)


def _fivetran(table: Mapped) -> None:
    _name_channels(table)
    if table.has("conversions"):
        table.findings.note(
            say(
                "the platforms count conversions differently here (Amazon: purchases of 30 days, Apple: "
                "installs, Snapchat: purchases): compare a channel with itself, not with another."
            )
        )


_DIMENSIONS = {
    "account": ("account_name", "Account name", "Account", "Ad account name", "Ad account"),
    "campaign": ("campaign_name", "Campaign name", "Campaign", "utm_campaign", "ga:campaign"),
    "campaign_id": ("campaign_id", "Campaign ID", "utm_id"),
    "ad_group": ("ad_group_name", "Ad group name", "Ad group", "Ad set name", "adset_name", "adset"),
    "creative": ("ad_name", "Ad name", "Ad", "Creative name", "utm_content"),
    "geo": ("country", "country_name", "Country", "region", "Region", "geo"),
    "device": ("device", "Device"),
    "currency": ("currency", "Currency", "Currency code", "account_currency", "currency_code"),
}
_MEASURES = {
    "spend": ("spend", "Cost", "Costs", "Amount spent", "Total cost", "Ad spend", "Media cost"),
    "impressions": ("impressions", "Impression", "ga:impressions", "Ad impressions"),
    "clicks": ("clicks", "Click", "Ad clicks"),
    "conversions": ("conversions", "Total conversions"),
    "conversion_value": ("conversions_value", "conversion_value", "Total conversion value", "Revenue"),
}

FIVETRAN = ConnectorTable(
    format="warehouse", channel=None, role="spend",
    columns={"date": ("date_day", "date_month"), "platform": ("platform",), **_DIMENSIONS, **_MEASURES},
    signs=(("date_day", "date_month"), ("platform",), ("spend",)),
    prepare=_fivetran,
)  # fmt: skip

# Supermetrics, Funnel, Adverity: the headers a person chose, and one that names the source.
SOURCES = ConnectorTable(
    format="warehouse", channel=None, role="spend",
    columns={
        "date": ("Date", "Day", "Week", "date_day"),
        "platform": ("Data source name", "Data source type", "Data source", "Datasource type", "Datasource"),
        **_DIMENSIONS, **_MEASURES,
    },
    signs=(("Data source name", "Data source type", "Data source", "Datasource type", "Datasource"),
           _MEASURES["spend"], ("Date", "Day", "Week", "date_day")),
    prepare=_name_channels,
)  # fmt: skip

WINDSOR = ConnectorTable(
    format="warehouse", channel=None, role="spend",
    columns={
        "date": ("date",),
        "platform": ("source", "datasource"),
        **_DIMENSIONS, **_MEASURES,
    },
    signs=(("date",), ("source", "datasource"), ("account_name", "account_id"), ("campaign", "campaign_name"),
           ("spend",)),
    prepare=_name_channels,
)  # fmt: skip

# "adCost" is listed in lower case too: a file's header is folded before its words are told apart.
COST_UPLOAD = ConnectorTable(
    format="warehouse", channel=None, role="spend",
    columns={
        "date": ("date", "ga:date"),
        "platform": ("source", "utm_source", "ga:source", "campaign_source"),
        "medium": ("medium", "utm_medium", "ga:medium", "campaign_medium"),
        "campaign": ("campaign", "utm_campaign", "campaign_name", "ga:campaign"),
        "campaign_id": ("campaign_id", "utm_id", "ga:campaignid", "ga:campaigncode"),
        "ad_group": ("ga:adgroup", "adgroup", "keyword", "ga:keyword"),
        "creative": ("adContent", "adcontent", "utm_content", "ga:adcontent"),
        "currency": ("currency",),
        "spend": ("adCost", "adcost", "ga:adcost", "cost"),
        "impressions": ("impressions", "ga:impressions"),
        "clicks": ("adClicks", "adclicks", "ga:adclicks", "clicks"),
    },
    signs=(("source", "utm_source", "ga:source", "campaign_source"),
           ("medium", "utm_medium", "ga:medium", "campaign_medium"),
           ("adCost", "adcost", "ga:adcost", "cost"), ("date", "ga:date")),
    prepare=_name_channels,
)  # fmt: skip

TRIPLE_WHALE = Platform(
    format="warehouse", channel=None, role="spend",
    columns={"date": ("event_date",), "channel": ("channel",), **_DIMENSIONS, **_MEASURES},
    signs=(("event_date",), ("channel",), ("spend",),
           ("account_id", "account_name", "campaign_name", "campaign_id")),
    prepare=_translate_channels,
)  # fmt: skip

PLATFORMS = (FIVETRAN, TRIPLE_WHALE, SOURCES, WINDSOR, COST_UPLOAD)
