"""What web-analytics tables share: their totals row, and tables without a day."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from roas.io.numbers import to_number
from roas.io.written import exact
from roas.language import say
from roas.limits import TOTALS_TOLERANCE

if TYPE_CHECKING:
    import pandas as pd

    from roas.io.mapped import Mapped


def empty(cells: pd.Series) -> pd.Series:
    """Return a mask of the cells that hold nothing at all.

    ``(not set)`` elsewhere means "no value"; here it names real visits.
    """
    return cells.map(lambda c: c is None or c != c or str(c).strip() == "").astype(bool)


def keep_not_set(table: Mapped, columns: Iterable[str]) -> None:
    """Write ``(not set)`` as a name, so that its rows are not taken for a totals row."""
    table.frame = table.frame.copy()
    for name in columns:
        table.frame[name] = table.frame[name].replace("(not set)", "not set")


def drop_totals(table: Mapped, totals: pd.Series, additive: tuple[str, ...]) -> None:
    """Drop totals rows, and use one as a check that no row is missing.

    Only the columns in `additive` are compared: people are counted once in a
    total and once per row. These tools write plain numbers, so that cells can
    be compared before the file's numbers are read.
    """
    if not totals.any():
        return
    said = table.frame[totals].iloc[0]
    table.drop(totals, say("totals row"))
    for name in additive:
        if not table.has(name):
            continue
        try:
            whole = to_number(said[name], ".")
            kept = sum(to_number(v, ".") or 0.0 for v in table.frame[name])
        except ValueError:
            continue
        if whole is not None and whole - kept > TOTALS_TOLERANCE * abs(whole):
            table.findings.warn(
                say(
                    "the rows add up to {kept}, the totals row says {total}: rows are missing.",
                    kept=exact(kept),
                    total=exact(whole),
                ),
                "Show more rows in the report and export it again.",
                column=table.header_of(name),
            )


def needs_date(table: Mapped, fix: str) -> None:
    """Say what a table without a day lacks."""
    if not table.has("date") and not table.findings.errors:
        table.findings.error("no date column: each row is one total for the whole range.", fix)
