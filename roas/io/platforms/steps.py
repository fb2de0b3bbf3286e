"""Steps that several platforms share, on raw cells before they are read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from roas.io.dates import Order, read_dates
from roas.io.numbers import is_null, to_number
from roas.io.platforms.base import Platform
from roas.io.platforms.generic import CHANNEL
from roas.language import say

if TYPE_CHECKING:
    from roas.io.mapped import Mapped


@dataclass(frozen=True)
class AdPlatform(Platform):
    """A layout of one platform: never a table that names channels itself.

    ``Channel, Impr., Cost, Avg. CPC`` is somebody's own table, although three
    of its headers are Google's.
    """

    def has_signs(self, keys: set[str]) -> bool:
        """Return whether the header carries the signs, and no channel column."""
        own = {k for c in self.columns for k in self.keys(c)}
        return not (keys & set(CHANNEL)) - own and super().has_signs(keys)


def put(table: Mapped, column: str, cells: list[Any]) -> None:
    """Set a column's cells as they are: no type is inferred from them."""
    import pandas as pd

    table.frame[column] = pd.Series(cells, index=table.frame.index, dtype=object)


def plain_number(cell: Any) -> float | None:
    """Read a machine-written cell; None for null and for what is no number."""
    try:
        return to_number(cell, ".")
    except (ValueError, TypeError):
        return None


def add_up(table: Mapped, into: str, part: str) -> None:
    """Add the helper column `part` to `into`, and drop it.

    A cell that is no number stays in `into` as it stands, to be named later.
    """
    if not table.has(part):
        return
    rest = table.frame.pop(part)
    if not table.has(into):
        table.frame[into] = rest
        return
    added: list[Any] = []
    for a, b in zip(table.frame[into].tolist(), rest.tolist(), strict=True):
        x, y = plain_number(a), plain_number(b)
        if x is None or y is None:
            added.append(b if is_null(a) else a)
        else:
            added.append(x + y)
    put(table, into, added)


def rename(table: Mapped, old: str, new: str) -> None:
    """Put a column under another canonical name."""
    table.frame = table.frame.rename(columns={old: new})
    if old in table.headers:
        table.headers[new] = table.headers.pop(old)


def settle_range(table: Mapped) -> None:
    """Tell a first day that has a last day beside it from a day.

    A start without an end is read as the day, and said.
    """
    if table.has("date", "range_end") and not table.has("range_start"):
        rename(table, "date", "range_start")
    elif table.has("range_start") and not {"range_end", "date", "week", "month"} & set(table.frame.columns):
        header = table.header_of("range_start")
        rename(table, "range_start", "date")
        table.findings.warn(
            say('"{header}" has no end beside it; each row is read as one day', header=header),
            "Export with a breakdown by day.",
            column=header,
        )


def range_from_preamble(table: Mapped, pattern: str, habit: Order | None = None) -> None:
    """Give a table without any date column the range that its first lines state."""
    if {"date", "week", "month", "range_start"} & set(table.frame.columns):
        return
    for line in table.raw.preamble:
        found = re.search(pattern, line.strip().strip('"'), re.IGNORECASE)
        if not found:
            continue
        ends = [found["start"].strip(), found["end"].strip()]
        if all(end in read_dates(ends, habit=habit).days for end in ends):
            table.frame["range_start"], table.frame["range_end"] = ends
            table.headers["range_start"] = table.headers["range_end"] = line.strip()
            return


def unbracket_ids(table: Mapped) -> None:
    """Take ids out of square brackets (``[82945799304067]``)."""
    for column in ("campaign_id", "ad_group_id", "creative_id", "account"):
        if table.has(column):
            cells = [
                re.sub(r"^\[(\d+)\]$", r"\1", c.strip()) if isinstance(c, str) else c
                for c in table.frame[column].tolist()
            ]
            put(table, column, cells)
