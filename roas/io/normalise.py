"""A mapped table → dates, floats and honest rows; every problem at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from roas.format import plural
from roas.io.cells import numeric_columns, read_numbers
from roas.io.dated import find_dates, put_dates, settle_grain
from roas.io.distinct import which
from roas.io.experiments import normalise_tests
from roas.io.mapped import Mapped
from roas.io.money import check_money, settle_currency
from roas.io.reading import ReadOptions as ReadOptions
from roas.io.recognise import MEASURES
from roas.io.repeats import drop_repeated_days
from roas.io.revenue_column import split_revenue
from roas.io.summary_rows import check_totals, is_total_label, split_summary_rows
from roas.language import say
from roas.problems import aside, aside_said, counted, several

if TYPE_CHECKING:
    import pandas as pd


def normalise(table: Mapped, options: ReadOptions) -> list[Mapped]:
    """Read a mapped table's cells, in place.

    Returns
    -------
    list of Mapped
        The table itself, and the shop's revenue where a spend table repeats
        it on every row of a day.
    """
    if table.role == "journeys":
        return [table]
    if table.role == "experiments":
        normalise_tests(table, options)
        return [table]
    _structure(table)
    table.platform.prepare(table)
    if table.findings.errors:
        return [table]
    reading = find_dates(table, options)
    measures = numeric_columns(table, MEASURES)
    dated = which(table.frame["date"], reading.days.__contains__) if reading else _none(table)
    totals = split_summary_rows(table, dated, measures)
    _refuse_broken_rows(table, dated)
    _say_narrow_rows(table)
    settle_currency(table)
    mark = read_numbers(table, measures, decimal=options.decimal, micros=options.micros, currency=options.currency)
    if reading:
        put_dates(table, reading, options)
    if table.findings.errors:
        return [table]
    table.platform.finish(table)
    drop_repeated_days(table)
    if len(totals):
        check_totals(table, totals, measures, mark)
    settle_grain(table, options)
    check_money(table, options)
    return split_revenue(table)


def _none(table: Mapped) -> pd.Series:
    import pandas as pd

    return pd.Series(False, index=table.frame.index)


def _structure(table: Mapped) -> None:
    """Refuse files that were cut off or whose cells slipped sideways."""
    raw = table.raw
    if raw.cut_off is not None:
        table.findings.error(
            "the file ends in the middle of a row: it was cut off.",
            "Download or copy it again.",
            line=raw.cut_off,
        )
    slipped = sorted(line for line, text in raw.wide.items() if not is_total_label(text))
    if slipped:
        table.findings.error(
            f"{counted(len(slipped), 'row')} with more cells than the header{aside(lines=several(slipped))}: "
            "an unquoted separator inside a name shifts the money into the wrong column.",
            "Export the file again, or put the names in quotes.", line=slipped[0],
        )  # fmt: skip


def _refuse_broken_rows(table: Mapped, dated: pd.Series) -> None:
    """Refuse a row that a line break inside a name, without quotes, made into two."""
    width, narrow = len(table.raw.header), table.raw.narrow
    days = {int(i) for i in dated.index[dated.to_numpy()]}
    broken = [
        line for line in sorted(narrow)
        if line in days and line + 1 in narrow and line + 1 not in days and narrow[line] + narrow[line + 1] == width + 1
    ]  # fmt: skip
    if broken:
        table.findings.error(
            f"{counted(len(broken), 'row')} broken in two{aside(lines=several(broken))}: a line break inside a name, "
            "without quotes around it.",
            "Export the file again, or put the names in quotes.", line=broken[0],
        )  # fmt: skip


def _say_narrow_rows(table: Mapped) -> None:
    """Name rows that end before a column that is read: what is missing is not known."""
    last = max((i for i, h in enumerate(table.raw.header) if h.strip() in table.headers.values()), default=0)
    short = {line for line, cells in table.raw.narrow.items() if cells <= last}
    lines = sorted(short & set(table.frame.index))
    if lines:
        table.findings.warn(
            say(
                "{rows} with fewer cells than the header{where}: what is missing is read as not known.",
                rows=plural(len(lines), "row"), where=aside_said(lines=lines),
            ),
            "Complete the rows, or export the file again.", line=lines[0],
        )  # fmt: skip
