"""The sheets of the data: the account week by week, and the files that it comes from."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

from roas.calendar import end_of
from roas.language import say
from roas.report.weekly import trust
from roas.report.weekly.names import label
from roas.report.weekly.sheet.columns import RATIOS, Column
from roas.tables import has_values

if TYPE_CHECKING:
    from roas.report.weekly.sheet.book import Book
    from roas.report.weekly.sheet.formats import Kind
    from roas.weekly.record import WeeklyReport

#: Figures of a week's row, in the order of the sheet.
_OF_WEEK: Final = ("spend", "revenue", "mer", "claimed_revenue", "claimed_roas", "conversions", "orders")


def weeks(made: Book, report: WeeklyReport) -> None:
    """Write one row a week of the account, and whether the week and its claims are complete."""
    import pandas as pd

    every, settled = report.analysis.weeks, report.analysis.window["mature_until"]
    every = every[every["week"] <= pd.Timestamp(report.week.monday)]
    shown = [name for name in _OF_WEEK if name in every.columns and has_values(every, name)]
    claimed = not {"claimed_revenue", "conversions"}.isdisjoint(shown)
    units: dict[str, Kind] = {"mer": "ratio", "claimed_roas": "ratio", "conversions": "count", "orders": "count"}
    columns = [
        Column("week", say("Week from"), "date"),
        Column("whole", say("Whole week"), "truth"),
        *([Column("settled", say("All claims have arrived"), "truth")] if claimed else []),
        *(Column(name, label(name), units.get(name, "money"), RATIOS.get(name, "sum")) for name in shown),
    ]
    until = None if settled is None else dt.date.fromisoformat(settled)
    rows = []
    for row in every.to_dict("records"):
        monday = row["week"].date()
        arrived = None if until is None else monday + dt.timedelta(6) <= until
        known_ones = {name: row[name] for name in shown}
        rows.append({**known_ones, "week": monday, "whole": bool(row["complete"]), "settled": arrived})
    made.table(say("Weeks"), columns, rows, nothing=say("The files say nothing of this week."))


def files(made: Book, report: WeeklyReport) -> None:
    """Write every file: what was read, used and left out, and why."""
    columns = [
        Column("file", say("File")), Column("format", say("Format")), Column("start", say("First day"), "date"),
        Column("end", say("Last day"), "date"), Column("read", say("Rows read"), "count", "sum"),
        Column("used", say("Rows used"), "count", "sum"),
        Column("left", say("Rows left out"), "count", "sum", formula="{read}-{used}"),
        Column("said", say("Remarks")), Column("sha256", say("SHA-256 of the file")),
    ]  # fmt: skip
    rows = []
    for each in report.analysis.inputs:
        words = trust.file(each)
        days = {"start": each.start, "end": each.end and end_of(each.end, each.grain)}
        read = {"read": each.rows_read, "used": each.rows_used, "left": each.rows_read - each.rows_used}
        said = {"said": "; ".join(words["said"]), "sha256": words["sha256"]}
        rows.append({"file": words["file"], "format": words["format"], **days, **read, **said})
    made.table(say("Files"), columns, rows, nothing=say("No file was read."))
