"""A table of lift tests → dates and floats, or a refusal with its line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from roas.io.cells import read_numbers
from roas.io.dated import both_ways
from roas.io.dates import read_dates
from roas.io.distinct import each
from roas.io.headers import SYMBOLS, fold, iso_currencies, quoted
from roas.io.mapped import Mapped
from roas.io.numbers import is_null
from roas.io.reading import ReadOptions
from roas.language import say
from roas.problems import aside, counted, several

if TYPE_CHECKING:
    import pandas as pd

NEEDED: Final = ("channel", "start", "end", "incremental_revenue", "standard_error")
_AMOUNTS: Final = ("incremental_revenue", "standard_error", "spend_change")


def normalise_tests(table: Mapped, options: ReadOptions) -> None:
    """Read the cells of a table of lift tests, in place; every problem at once."""
    missing = [c for c in NEEDED if not table.has(c)]
    if missing:
        named = ", ".join(f'"{c}"' for c in missing)
        table.findings.error(
            f"no column {named}. Found: {quoted(table.raw.header)}.",
            "A table of lift tests has channel, start, end, incremental_revenue and standard_error; "
            "spend_change and geo where they are known.",
            line=table.raw.header_line,
        )
        return
    _put_days(table, options)
    _put_amounts(table, options)
    if table.findings.errors:
        return
    frame = table.frame
    _refuse(table, frame["channel"].map(is_null), "without a channel", "Name the channel as the spend table does.")
    _refuse(table, frame["end"] < frame["start"], "with an end before the start", "Correct the dates.")
    _refuse(table, frame["incremental_revenue"].isna(), "without incremental_revenue", "Fill it in, or remove the row.")
    _refuse(
        table, ~(frame["standard_error"] > 0), "without a standard_error above zero",
        "Give it: without its error a measurement has no weight. A 90 % interval is 3.29 standard errors wide.",
    )  # fmt: skip
    known = [c for c in (*NEEDED, "spend_change", "geo") if table.has(c)]
    table.drop(frame.duplicated(known), say("the same lift test again, counted once"))


def _put_amounts(table: Mapped, options: ReadOptions) -> None:
    """Read the amounts; what is no amount of money is an error, since nothing may stand in for it."""
    amounts = [c for c in _AMOUNTS if table.has(c)]
    cells = {c: table.frame[c] for c in amounts}
    _settle_currency(table, amounts)
    read_numbers(table, amounts, decimal=options.decimal, micros=options.micros, currency=options.currency)
    import numpy as np

    for column in amounts:
        share = cells[column].map(lambda v: isinstance(v, str) and "%" in v)
        unread = ~np.isfinite(table.frame[column]) & ~cells[column].map(is_null)
        _refuse(
            table, share | unread, f"with no amount of money as {column}",
            "Write it as money of those days, for example 1250.00.", column,
        )  # fmt: skip


def _settle_currency(table: Mapped, amounts: list[str]) -> None:
    """Find the currency in the header, a column "currency" or a symbol; two are an error."""
    codes = {table.currency}
    for place, head in enumerate(table.raw.header):
        if fold(head) == "currency":
            cells = [str(v).strip().upper() for v in table.raw.cells[place].loc[table.frame.index] if not is_null(v)]
            codes |= {code for code in cells if code in iso_currencies()}
    for cell in (v for c in amounts for v in table.frame[c] if isinstance(v, str)):
        codes.add(next((SYMBOLS[s] for s in sorted(SYMBOLS, key=len, reverse=True) if s in cell), None))
    codes.discard(None)
    if len(codes) > 1:
        table.findings.error(
            f"amounts in {' and '.join(sorted(map(str, codes)))} stand in one table of lift tests.",
            "Give all of them in the currency of the account.",
        )
    table.currency = next(iter(sorted(map(str, codes))), None)


def _put_days(table: Mapped, options: ReadOptions) -> None:
    """Read start and end with one order of day and month for both."""
    import pandas as pd

    cells = [v for c in ("start", "end") for v in table.frame[c].tolist() if not is_null(v)]
    reading = read_dates(dict.fromkeys(cells), habit=None, pattern=options.date_format)
    if reading.conflict:
        table.findings.error(
            f'"{reading.conflict[0]}" has the day first and "{reading.conflict[1]}" the month first.',
            'Use --date-format "%d/%m/%Y" or "%m/%d/%Y", or correct the cells.',
        )
        return
    if reading.undecided:
        ways = " or ".join(both_ways(reading.undecided))
        column = next(c for c in ("start", "end") if reading.undecided in table.frame[c].tolist())
        line = next(iter(table.lines(table.frame[column] == reading.undecided)), None)
        table.findings.error(
            f'"{reading.undecided}" could be {ways}, and no row settles it.',
            'Use --date-format "%d/%m/%Y" or "%m/%d/%Y".', line=line, column=table.header_of(column),
        )  # fmt: skip
        return
    for column in ("start", "end"):
        days = pd.to_datetime(pd.Series(each(table.frame[column], reading.days.get), index=table.frame.index))
        _refuse(table, days.isna(), f"without a readable {column}", "Write dates as 2026-03-31.", column)
        table.frame[column] = days.astype("datetime64[s]")


def _refuse(table: Mapped, mask: pd.Series, what: str, fix: str, column: str | None = None) -> None:
    if not mask.any():
        return
    lines = sorted(table.lines(mask))
    table.findings.error(
        f"{counted(len(lines), 'lift test')} {what}{aside(lines=several(lines))}.",
        fix,
        line=lines[0],
        column=None if column is None else table.header_of(column),
    )


def test_rows(table: Mapped) -> pd.DataFrame:
    """Return the tests: `NEEDED`, ``spend_change``, ``geo`` and ``currency`` (NaN, None where not given)."""
    import pandas as pd

    frame = table.frame
    out = pd.DataFrame({c: frame[c].to_numpy() for c in NEEDED})
    out["channel"] = [str(v).strip() for v in frame["channel"]]
    out["spend_change"] = frame["spend_change"].to_numpy(float) if table.has("spend_change") else float("nan")
    places = frame["geo"].tolist() if table.has("geo") else [None] * len(frame)
    out["geo"] = pd.Series([None if is_null(v) else str(v).strip() for v in places], dtype=object)
    out["currency"] = pd.Series([table.currency] * len(frame), dtype=object)
    return out.sort_values(["start", "end", "channel", "incremental_revenue"], kind="stable").reset_index(drop=True)
