"""Tables of the page: columns that hold something, cells as words."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from roas.format import count, money, percent, ratio, visible
from roas.language import mark, say
from roas.metrics import ratio as divide

if TYPE_CHECKING:
    import pandas as pd

#: Rows that a page lists one by one; CSV and JSON hold all.
ROWS: Final = 50
#: Rows in sight; the others are folded away.
IN_SIGHT: Final = 12


@dataclass(frozen=True)
class Column:
    """One column: its figure, its heading, what the heading stands for."""

    key: str
    heading: str
    means: str = ""
    text: bool = False


@dataclass(frozen=True)
class Table:
    """A table as words.

    ``more`` are rows folded away; ``rest`` is the sum of rows that are not
    listed; ``missing`` names figures that no row has.
    """

    caption: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[str]]
    more: Sequence[Sequence[str]] = ()
    rest: Sequence[str] = ()
    missing: Sequence[str] = ()


@dataclass(frozen=True)
class Writer:
    """How each figure is written in one currency."""

    currency: str | None
    special: dict[str, Callable[[Any], str]] = field(default_factory=dict)

    def cell(self, key: str, value: Any) -> str:
        """Write one value."""
        if isinstance(value, str):
            return visible(value)
        if value is None or value != value:
            return "–"
        if key in ("claimed_roas", "mer"):
            return ratio(value)
        if key in ("ctr", "cvr", "spend_share"):
            return percent(value)
        if key in ("conversions", "clicks", "impressions", "orders"):
            return count(value)
        if key in ("cpa", "cpm", "cpc"):
            return money(value, self.currency, full=abs(value) < 1000)
        return money(value, self.currency)


#: Figures of a table, with headings to be said.
FIGURES: Final = (
    Column("spend", mark("Spend")),
    Column("spend_share", mark("Share"), mark("share of all spend")),
    Column("spend_per_week_recent", mark("A week, recent"), mark("spend per week over the last 8 weeks")),
    Column("claimed_revenue", mark("Claimed revenue"), mark("revenue that the platform claims")),
    Column("claimed_roas", mark("Claimed ROAS"), mark("claimed revenue over spend")),
    Column("cpa", "CPA", mark("spend per claimed conversion")),
    Column("cpm", "CPM", mark("spend per thousand impressions")),
    Column("ctr", "CTR", mark("clicks over impressions")),
    Column("cvr", "CVR", mark("claimed conversions over clicks")),
)
#: What a row of each table is → how many more there are, to be said.
_MORE: Final = {
    "channels": mark("{number} more channels"),
    "campaigns": mark("{number} more campaigns"),
    "labels": mark("{number} more labels"),
}


def page_table(frame: pd.DataFrame, names: Sequence[Column], *, caption: str, currency: str | None, what: str) -> Table:
    """Choose columns and rows of a table of figures.

    Parameters
    ----------
    frame : DataFrame
        Sorted as it shall stand.
    names : sequence of Column
        The leading columns, in text; their headings are said here.
    what : {"channels", "campaigns", "labels"}
        What a row is.
    """
    known = [c for c in FIGURES if c.key in frame.columns]
    shown = [c for c in known if frame[c.key].notna().any()]
    columns = [*names, *shown]
    writer = Writer(currency)
    listed = frame.head(ROWS)[[c.key for c in columns]]
    rows = [
        [writer.cell(c.key, v) for c, v in zip(columns, row, strict=True)]
        for row in listed.itertuples(index=False, name=None)
    ]
    missing = [say(c.heading) for c in known if c not in shown]
    rest = _rest(frame.iloc[ROWS:], columns, writer, what) if len(frame) > ROWS else []
    said = [replace(c, heading=say(c.heading), means=say(c.means)) for c in columns]
    return Table(caption, said, rows[:IN_SIGHT], rows[IN_SIGHT:], rest, missing)


def _rest(frame: pd.DataFrame, columns: Sequence[Column], writer: Writer, what: str) -> list[str]:
    """Add up the rows that are not listed."""
    both = frame.dropna(subset=["spend", "claimed_revenue"])
    sums: dict[str, float | None] = {
        c.key: math.fsum(frame[c.key].dropna())
        for c in columns
        if c.key in ("spend", "spend_share", "spend_per_week_recent", "claimed_revenue") and frame[c.key].notna().any()
    }
    sums["claimed_roas"] = divide(math.fsum(both["claimed_revenue"]), math.fsum(both["spend"])) if len(both) else None
    cells = [writer.cell(c.key, sums.get(c.key)) for c in columns if not c.text]
    names = len(columns) - len(cells)
    return [say(_MORE[what], number=count(len(frame))), *[""] * (names - 1), *cells]
