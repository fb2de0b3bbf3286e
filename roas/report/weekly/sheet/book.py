"""A workbook in memory: formats, values in their units, tables with totals, texts across a sheet."""

from __future__ import annotations

import datetime as dt
import io
import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from roas.format import width
from roas.language import say
from roas.metrics import ratio as divide
from roas.report.weekly.names import week_words
from roas.report.weekly.sheet.columns import Column, Row, comparable, known, total_of, typed, wide
from roas.report.weekly.sheet.formats import Kind, formats

if TYPE_CHECKING:
    from roas.weekly.record import WeeklyReport

#: Characters that a cell can hold (Excel's specifications and limits).
LONGEST: Final = 32_767

#: Characters across a sheet on paper: texts above a table wrap there.
ACROSS: Final = 110

#: How a heading looks.
HEADING: Final[Mapping[str, Any]] = {"bold": True, "bg_color": "#EEF1F4", "bottom": 1}

#: Points that one line of a cell takes.
_LINE: Final = 15.0


class Book:
    """A workbook in memory, with one format for each unit and look."""

    def __init__(self, report: WeeklyReport) -> None:
        import xlsxwriter

        self.file = io.BytesIO()
        plain = dict.fromkeys(("strings_to_formulas", "strings_to_urls", "strings_to_numbers"), False)
        self.book: Any = xlsxwriter.Workbook(self.file, {"in_memory": True, **plain})
        made = dt.datetime.combine(report.week.sunday, dt.time())
        self.book.set_properties({"title": week_words(report.week), "author": "roas", "created": made})
        self.units = formats(report.analysis.tables.currency)
        self.looks: dict[tuple[Any, ...], Any] = {}

    def finished(self) -> bytes:
        """Return the file."""
        self.book.close()
        return self.file.getvalue()

    def look(self, unit: Kind = "text", **more: Any) -> Any:
        """Return the format of a unit, in bold and the like."""
        key = (unit, *sorted(more.items()))
        if key not in self.looks:
            number = {"num_format": self.units[unit]} if unit in self.units else {"text_wrap": unit == "text"}
            self.looks[key] = self.book.add_format({"valign": "top", **number, **more})
        return self.looks[key]

    def sheet(self, name: str) -> Any:
        """Add a sheet that prints on pages as wide as itself."""
        made = self.book.add_worksheet(name)
        made.set_landscape()
        made.set_paper(9)  # A4
        made.fit_to_pages(1, 0)
        made.hide_gridlines(2)
        return made

    def put(self, sheet: Any, row: int, column: int, value: Any, unit: Kind, **more: Any) -> None:
        """Write one value in its unit; what is not known stays empty."""
        look = self.look(unit, **more)
        if isinstance(value, bool):
            sheet.write_boolean(row, column, value, self.look("truth", **more))
        elif isinstance(value, str):
            text = value if len(value) <= LONGEST else f"{value[: LONGEST - 1]}…"
            sheet.write_string(row, column, text, self.look("text", **more))
        elif isinstance(value, dt.date):
            sheet.write_datetime(row, column, dt.datetime.combine(value, dt.time()), look)
        elif known(value) is not None:
            sheet.write_number(row, column, value, look)
        elif more:
            sheet.write_blank(row, column, None, look)

    def table(
        self, name: str, columns: Sequence[Column], rows: Sequence[Row], *, nothing: str, totals: Row | None = None
    ) -> Any:
        """Write a sheet that is one table: headings that stay, a filter, rows, totals where some are asked for.

        Parameters
        ----------
        nothing : str
            What an empty table says.
        totals : mapping, optional
            Totals that are no sums, by key.
        """
        sheet = self.sheet(name)
        sheet.freeze_panes(1, 1)
        sheet.repeat_rows(0)
        for place, column in enumerate(columns):
            self.put(sheet, 0, place, column.heading, "text", **HEADING)
            sheet.set_column(place, place, wide(column, rows))
        sheet.autofilter(0, 0, max(len(rows), 1), len(columns) - 1)
        if not rows:
            sheet.write_string(1, 0, nothing)
            return sheet
        for line, row in enumerate(rows, start=1):
            self._row(sheet, line, columns, row)
        if totals is not None or any(column.total for column in columns):
            self._totals(sheet, columns, rows, totals or {})
        return sheet

    def _row(self, sheet: Any, line: int, columns: Sequence[Column], row: Row) -> None:
        at = {column.key: _cell(line, place) for place, column in enumerate(columns)}
        for place, column in enumerate(columns):
            value, unit = typed(row.get(column.key), column.unit)
            if column.formula and value is not None:
                sheet.write_formula(line, place, f"={column.formula.format(**at)}", self.look(unit), value)
            else:
                self.put(sheet, line, place, value, unit)

    def _totals(self, sheet: Any, columns: Sequence[Column], rows: Sequence[Row], given: Row) -> None:
        line, bold = len(rows) + 1, {"bold": True, "top": 1}
        at = {column.key: _cell(line, place) for place, column in enumerate(columns)}
        sums = {column.key: total_of(rows, column.key) for column in columns if column.total == "sum"}
        for place, column in enumerate(columns):
            look, value = self.look(column.unit, **bold), sums.get(column.key)
            if value is not None:
                added = f"=SUM({_cell(1, place)}:{_cell(len(rows), place)})"
                sheet.write_formula(line, place, added, look, value)
            elif isinstance(column.total, tuple) and comparable(rows, *column.total):
                over, under = column.total
                share = divide(sums[over], sums[under])
                formula = f'=IF({at[under]}=0,"",{at[over]}/{at[under]})'
                sheet.write_formula(line, place, formula, look, "" if share is None else share)
            else:
                named = say("Total") if place == 0 else None
                self.put(sheet, line, place, given.get(column.key, named), column.unit, **bold)

    def paragraph(self, sheet: Any, line: int, text: str, columns: int, **more: Any) -> int:
        """Write a text across the table, as high as it needs; return the line below."""
        size = more.get("font_size", 11) / 11
        lines = math.ceil(width(text) * size * (1.1 if more.get("bold") else 1.0) / ACROSS)
        sheet.merge_range(line, 0, line, columns - 1, "", self.look("text", **more))
        sheet.set_row(line, (max(lines, 1)) * _LINE * size)
        self.put(sheet, line, 0, text, "text", **more)
        return line + 1


def _cell(row: int, column: int) -> str:
    from xlsxwriter.utility import xl_rowcol_to_cell

    return str(xl_rowcol_to_cell(row, column))
