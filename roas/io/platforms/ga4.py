"""Google Analytics 4: report downloads and Explore tables.

Its sessions are the shop's traffic; its revenue is what the tag saw, which is
not the till. A table with ``Ads cost`` also says what was spent.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING

from roas.io.headers import header, words
from roas.io.numbers import is_null
from roas.io.platforms.base import Platform
from roas.io.platforms.channel_names import channel_of_source
from roas.io.platforms.order_lines import amounts
from roas.io.platforms.web_totals import drop_totals, empty, keep_not_set, needs_date
from roas.language import say

if TYPE_CHECKING:
    from roas.io.mapped import Mapped

_DATE_FIX = ('Add the dimension "Date" to the report (Explore: rows; reports: Customise report) '
             "and export it again.")  # fmt: skip
_START = re.compile(r"^\W*[^:]+:\s*(20\d{6})\s*$")
_RANGE = re.compile(r"^\W*(20\d{6})\s*-\s*(20\d{6})\s*$")
_DIMENSIONS = ("date", "channel", "campaign", "segment")


def _day(text: str) -> date:
    return date(int(text[:4]), int(text[4:6]), int(text[6:]))


def date_range(preamble: list[str]) -> tuple[date, date] | None:
    """Return first and last day of the range that comment lines state.

    A file of several sections repeats the range; the last one is the
    section's own.
    """
    days = []
    for line in preamble:
        if both := _RANGE.match(line):
            days += [both[1], both[2]]
        elif one := _START.match(line):
            days.append(one[1])
    try:
        return (_day(days[-2]), _day(days[-1])) if len(days) >= 2 else None
    except ValueError:
        return None


def _prepare(table: Mapped) -> None:
    """Turn day indices into days, drop the totals row, keep one segment."""
    _index_to_date(table)
    shown = [c for c in _DIMENSIONS if table.has(c)]
    # The label stands in one cell more than the header has; some copies have lost it.
    totals = table.frame.index.to_series().isin(list(table.raw.wide)) | bool(shown)
    for name in shown:
        totals &= empty(table.frame[name])
    drop_totals(table, totals, ("sessions", "revenue", "conversions"))
    keep_not_set(table, shown)
    _one_segment(table)
    span = date_range(table.raw.preamble)
    if not table.has("date") and span and span[0] == span[1]:
        table.frame = table.frame.assign(date=span[0].isoformat())
        table.findings.note(say("no date column; the report covers one day, {day}.", day=span[0].isoformat()))
    needs_date(table, _DATE_FIX)
    if table.has("spend"):
        _costs(table)


def _index_to_date(table: Mapped) -> None:
    """Replace ``Nth day`` and ``Nth week`` by the day they stand for."""
    if not table.has("date"):
        return
    unit = words(header(table.header_of("date")).key)
    if unit not in ("nth day", "nth week"):
        return
    span = date_range(table.raw.preamble)
    if span is None:
        table.findings.error(
            "days are counted from a start date that the file does not state.",
            'Keep the comment line "# Start date: …", or export the report with the dimension "Date".',
            column=table.header_of("date"),
        )
        return
    step = 7 if unit == "nth week" else 1
    days: dict[object, object] = {}
    for cell in table.frame["date"].unique():
        number = str(cell).strip()
        counted = number.isdecimal() and len(number) < 6
        days[cell] = (span[0] + timedelta(step * int(number))).isoformat() if counted else cell
    table.frame = table.frame.assign(date=table.frame["date"].map(days).astype(object))
    table.findings.note(
        say(
            '"{header}" was counted from {day}, the start date in the file.',
            header=table.header_of("date"),
            day=span[0].isoformat(),
        )
    )


def _one_segment(table: Mapped) -> None:
    """Keep one segment: segments overlap, so their sum counts visits twice."""
    if not table.has("segment"):
        return
    names = sorted({str(v) for v in table.frame["segment"] if not is_null(v)})
    if len(names) < 2:
        return
    everyone = next((n for n in names if words(n) in ("all users", "all sessions")), None)
    if everyone is None:
        table.findings.error(
            f"{len(names)} segments overlap and cannot be added ({', '.join(names[:3])}).",
            "Export one segment, or none.",
            column=table.header_of("segment"),
        )
        return
    table.drop(table.frame["segment"].astype(str) != everyone, say('segment other than "{segment}"', segment=everyone))


def _costs(table: Mapped) -> None:
    """Read a table with costs as spend, under the channels' usual names."""
    table.role = "spend"
    frame = table.frame = table.frame.rename(columns={"revenue": "conversion_value"})
    if "revenue" in table.headers:
        table.headers["conversion_value"] = table.headers.pop("revenue")
    if not table.has("channel"):
        # Costs come from the linked Google Ads account, unless somebody imports others.
        frame["channel"] = "Google Ads"
        return
    known = {}
    for cell in frame["channel"].unique():
        source, _, medium = ("" if is_null(cell) else str(cell)).partition(" / ")
        known[cell] = channel_of_source(source, medium) if medium else cell
    frame["channel"] = frame["channel"].map(known).astype(object)


def _finish(table: Mapped) -> None:
    """Leave out channels that never cost anything, and say where costs come from."""
    if table.role != "spend":
        return
    per_channel = amounts(table, "spend").groupby(table.frame["channel"], dropna=False).transform("sum")
    table.drop(per_channel == 0, say("channel without advertising cost"))
    table.findings.warn(
        say("costs in Google Analytics are those of linked accounts and imported tables."),
        "Do not read this file beside the same platforms' own exports: their spend would count twice.",
    )


_GROUPS = (
    "Session primary channel group (Default Channel Group)", "Session primary channel group",
    "Session default channel group", "Session default channel grouping", "Default channel group",
    "Session custom channel group", "First user primary channel group (Default Channel Group)",
    "First user primary channel group", "First user default channel group",
    "Session source / medium", "Session source/medium", "First user source / medium", "Source / medium",
    "Session source", "Session source platform", "First user source", "Session manual source / medium",
)  # fmt: skip
_CAMPAIGNS = ("Session campaign", "Session Google Ads campaign", "First user campaign", "Google Ads campaign",
              "Session manual campaign name", "Campaign")  # fmt: skip
_DATES = ("Date", "Date + hour (YYYYMMDDHH)", "Nth day", "Day", "Nth week", "Date hour")
_VALUE = ("Total revenue", "Purchase revenue", "E-commerce revenue", "Ecommerce revenue")
_METRICS = (
    "Sessions", "Users", "Total users", "Active users", "New users", "Returning users", "Engaged sessions",
    "Key events", "Event count", "Views", *_VALUE, "Ecommerce purchases", "Transactions", "Ads cost",
)  # fmt: skip
#: Comment lines of both kinds of file: ``# Start date: 20250324``, ``# 20250324-20250406``.
_TITLES = r"^\W*free form|^#[^:]*:\s*20\d{6}\s*$|^#\s*20\d{6}\s*-\s*20\d{6}\s*$|^#\s*property: "

PLATFORMS = (
    Platform(
        format="ga4",
        channel=None,
        role="sessions",
        columns={
            "date": _DATES,
            "channel": _GROUPS,
            "campaign": _CAMPAIGNS,
            "segment": ("Segment", "Comparison"),
            "sessions": ("Sessions",),
            "conversions": ("Key events", "Conversions"),
            "revenue": _VALUE,
            "orders": ("Ecommerce purchases", "E-commerce purchases", "Transactions", "Purchases"),
            "new_customers": ("First time purchasers", "First-time purchasers"),
            "spend": ("Ads cost", "Google Ads cost"),
            "clicks": ("Ads clicks", "Google Ads clicks"),
            "impressions": ("Ads impressions", "Google Ads impressions"),
            "currency": ("Currency", "Currency code"),
        },
        signs=((*_GROUPS, *_CAMPAIGNS[:-1], "Nth day", "Nth week", "Ads cost"), _METRICS),
        titles=_TITLES,
        prepare=_prepare,
        finish=_finish,
    ),
)
