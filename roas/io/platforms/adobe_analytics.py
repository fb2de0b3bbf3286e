"""Adobe Analytics: Workspace tables as CSV.

The first header cells are empty and the totals row carries the dimension's
name; `name_dimensions` names the columns after it. Visits are the shop's
traffic; revenue is what the tag saw, which is not the till.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from roas.io.headers import header, words
from roas.io.platforms.base import Platform
from roas.io.platforms.order_lines import plain
from roas.io.platforms.web_totals import drop_totals, empty, keep_not_set, needs_date
from roas.language import say

if TYPE_CHECKING:
    from roas.io.mapped import Mapped
    from roas.io.raw import RawTable

_DIMENSIONS = ("date", "channel", "campaign")


def _prepare(table: Mapped) -> None:
    """Drop totals rows and the parents of a breakdown."""
    shown = [c for c in _DIMENSIONS if table.has(c)]
    labels = {c: words(header(table.header_of(c)).key) for c in shown}
    totals = table.frame["_rows"] < 0  # none yet
    for name, label in labels.items():
        totals |= plain(table.frame[name]).map(words) == label
    drop_totals(table, totals, ("orders", "revenue"))
    _drop_parents(table, shown)
    keep_not_set(table, shown)
    needs_date(table, 'Use "Day" as the dimension of the freeform table and download it again.')


def _drop_parents(table: Mapped, shown: list[str]) -> None:
    """Drop the rows that a breakdown splits: their numbers come again below."""
    inner = [c for c in shown if empty(table.frame[c]).any() and not empty(table.frame[c]).all()]
    for name in inner:
        table.drop(empty(table.frame[name]), say("sum of a breakdown's rows"))


_CHANNELS = (
    "Marketing Channel", "Marketing Channels", "Last Touch Channel", "Last Touch Marketing Channel",
    "First Touch Channel", "First Touch Marketing Channel",
)  # fmt: skip
_CAMPAIGNS = ("Tracking Code", "Marketing Channel Detail", "Last Touch Channel Detail", "Campaign Name")

PLATFORMS = (
    Platform(
        format="adobe_analytics",
        channel=None,
        role="sessions",
        columns={
            "date": ("Day", "Date", "Week", "Week of"),
            "channel": _CHANNELS,
            "campaign": _CAMPAIGNS,
            "sessions": ("Visits", "Sessions"),
            "orders": ("Orders",),
            "revenue": ("Revenue", "Online Revenue", "Total Revenue"),
        },
        # A bare "Day, Visits, Revenue" may be anybody's sheet; the title tells.
        signs=((*_CHANNELS, *_CAMPAIGNS), ("Visits", "Unique Visitors", "Page Views", "Occurrences")),
        titles=r"^\W*freeform\b|^#\s*report suite:",
        prepare=_prepare,
    ),
)


def name_dimensions(raw: RawTable) -> None:
    """Name header cells that Adobe leaves empty after the totals row's label.

    A second header row (empty first cell again) names segments: a column of
    one segment is part of the column for all visits and gets a name of its
    own, so that it is not read in its place.
    """
    if not raw.header or raw.header[0].strip() or raw.cells.empty:
        return
    leading = next((i for i, h in enumerate(raw.header) if h.strip()), len(raw.header))
    top = [str(c).strip() for c in raw.cells.iloc[0]]
    if not any(top[:leading]) and any(top[leading:]):
        for i in range(leading, len(raw.header)):
            if top[i] and top[i] != raw.header[i].strip():
                raw.header[i] = f"{raw.header[i]} | {top[i]}"
        raw.cells = raw.cells.iloc[1:]
        raw.header_line = int(raw.cells.index[0]) - 1 if len(raw.cells) else raw.header_line
    known = {k for c in _DIMENSIONS for k in PLATFORMS[0].keys(c)}
    for i in range(leading):
        labels = [str(c).strip() for c in raw.cells[i] if str(c).strip()]
        # The outermost label always names the dimension; further in it may be missing.
        if labels and (i == 0 or words(header(labels[0]).key) in known):
            raw.header[i] = labels[0]
