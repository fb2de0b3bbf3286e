"""The week as a workbook: real numbers with their units, one table a sheet, totals that a spreadsheet adds up itself."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from roas.language import speaking
from roas.report.weekly.sheet.book import Book
from roas.report.weekly.sheet.channels import channels, channels_by_week
from roas.report.weekly.sheet.data import files, weeks
from roas.report.weekly.sheet.news import alerts, changes
from roas.report.weekly.sheet.plans import decisions, plan
from roas.report.weekly.sheet.summary import summary

if TYPE_CHECKING:
    from roas.weekly.record import WeeklyReport

#: What writes each sheet, in the order of the book.
SHEETS: Final = (summary, channels, weeks, channels_by_week, changes, alerts, plan, decisions, files)


def write_workbook(report: WeeklyReport, path: str | Path) -> None:
    """Write the week as an XLSX file.

    Parameters
    ----------
    path : path
        Of the file; what stands there is replaced.

    Raises
    ------
    OSError
        When it cannot be written.

    Notes
    -----
    Texts are written as texts, whatever they begin with; totals are formulas
    that also carry their value. The same record gives the same bytes: the
    file says that it was made on the week's Sunday.
    """
    with speaking(report.language):
        made = Book(report)
        for write in SHEETS:
            write(made, report)
        Path(path).write_bytes(made.finished())
