"""Cells of a time column → an SQL expression of microseconds since 1970 UTC, never a guess at day or month."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

from roas.attribution.touches.time_sql import FORMS, clock, digits, instant, iso, scaled, short, worded
from roas.errors import UsageError
from roas.format import visible
from roas.io.dated import both_ways
from roas.io.dates import read_dates
from roas.problems import examples

if TYPE_CHECKING:
    from roas.attribution.touches.source import Kind
    from roas.problems import Findings

#: Distinct cells of the head of a column that settle how its times are written.
SAMPLE_CELLS: Final = 5_000

#: Distinct days asked for where the head does not settle day against month: over ten years.
_DAYS: Final = 4_000

#: First instant that can be a touch: online shops and their logs start about then,
#: and the zero of 1970 that stands for "no time" falls out.
EARLIEST: Final = date(2000, 1, 1)

_DAY_US: Final = 86_400_000_000
_1900: Final = 25_569  # days from Excel's zero to 1970-01-01
_START, _END = 946_684_800, 4_102_444_800  # 2000 and 2100 in seconds since 1970

#: Word of ``--date-format`` → microseconds in one, for times that are numbers.
UNITS: Final = {"seconds": 1e6, "milliseconds": 1e3, "microseconds": 1.0, "nanoseconds": 1e-3}


@dataclass(frozen=True)
class TimeReading:
    """How a time column is read.

    Attributes
    ----------
    sql : str
        BIGINT, microseconds since 1970 UTC; NULL where a cell is no time.
    fine : bool
        Whether the order inside a day is known.
    clock : bool
        Whether `sql` is a time of day that needs a date beside it.
    """

    sql: str
    fine: bool = True
    clock: bool = False


@dataclass(frozen=True)
class TimeColumn:
    """A column of times: its expression, kind and name, and how to see more of it.

    ``days()`` gives distinct days of the whole column as written; ``line(cell)``
    where a cell stands, if that is known.
    """

    sql: str
    kind: Kind
    header: str
    cells: Sequence[Any]
    days: Callable[[int], Iterable[str]]
    line: Callable[[Any], int | None]


def bounds_us(today: date) -> tuple[int, int]:
    """Return the half-open range of instants that a touch can have, microseconds since 1970.

    To the end of tomorrow: zones east of ours are ahead of our clock.
    """
    zero = date(1970, 1, 1)
    return (EARLIEST - zero).days * _DAY_US, (today + timedelta(2) - zero).days * _DAY_US


def check_pattern(pattern: str | None) -> None:
    """Refuse a ``--date-format`` that is none; asked before a file is read.

    Raises
    ------
    UsageError
    """
    if pattern is None or pattern in UNITS:
        return
    shown = f'--date-format "{visible(pattern)}"'
    hint = f'Write it as "%d/%m/%Y %H:%M:%S", or as one of {", ".join(UNITS)}.'
    if "%" not in pattern.replace("%%", ""):
        raise UsageError(f"{shown}: no letter with a percent sign says where day, month and year stand.\n  {hint}")
    import duckdb

    with duckdb.connect() as engine:
        try:
            engine.execute("SELECT try_strptime('', '" + pattern.replace("'", "''") + "')")
        except duckdb.Error as error:
            unknown = re.search(r"%-?[^\s:]", str(error))
            which = f' ("{unknown[0]}")' if unknown and unknown[0] != pattern else ""
            raise UsageError(f"{shown}: no pattern of a date and time is written so{which}.\n  {hint}") from None


def read_time(column: TimeColumn, findings: Findings, *, pattern: str | None = None) -> TimeReading | None:
    """Decide how the times of a column are written.

    Parameters
    ----------
    pattern : str, optional
        ``--date-format``: a ``strptime`` pattern, or ``seconds``,
        ``milliseconds``, ``microseconds`` or ``nanoseconds`` since 1970.

    Returns
    -------
    TimeReading or None
        None after an error in `findings`, or where the column is empty.
    """
    c = column.sql
    if column.kind in ("timestamp", "zoned"):
        return TimeReading(f"epoch_us({c})")
    if column.kind == "date":
        return TimeReading(f"epoch_us(CAST({c} AS TIMESTAMP))", fine=False)
    if pattern in UNITS:
        return TimeReading(scaled(c, column.kind, UNITS[pattern], 0, None))
    if pattern is not None:
        return _by_pattern(column, pattern)
    if column.kind in ("whole", "number"):
        return _numbers(column, [float(v) for v in column.cells], findings)
    return _texts(column, findings)


def _by_pattern(column: TimeColumn, pattern: str) -> TimeReading:
    text = f"trim(CAST({column.sql} AS VARCHAR))"
    fine = any(f in pattern for f in ("%H", "%I", "%X", "%c", "%T", "%s"))
    quoted = pattern.replace("'", "''")
    return TimeReading(f"epoch_us(try_strptime({text}, '{quoted}'))", fine=fine)


def _texts(column: TimeColumn, findings: Findings) -> TimeReading | None:
    """Read a column of text by the forms that its cells have."""
    texts = [str(v).strip().strip('"').strip() for v in column.cells]
    forms: dict[str, list[str]] = {}
    for text in texts:
        form = next((name for name, shape in FORMS.items() if shape.fullmatch(text)), None)
        if form:
            forms.setdefault(form, []).append(text)
    if not texts:
        return None
    if not forms:
        _unread(column, texts, findings)
        return None
    if set(forms) == {"number"}:
        return _numbers(column, [float(t) for t in forms["number"]], findings)
    forms.pop("number", None)  # a number is believed only where nothing is written as a date
    if set(forms) == {"clock"}:
        return TimeReading(clock(f"trim({column.sql})"), clock=True)
    forms.pop("clock", None)
    parts = []
    for form, found in forms.items():
        sql = _dated(column, form, found, findings)
        if sql is None:
            return None
        parts.append(sql)
    fine = any(":" in t for found in forms.values() for t in found)
    return TimeReading(parts[0] if len(parts) == 1 else f"COALESCE({', '.join(parts)})", fine=fine)


def _dated(column: TimeColumn, form: str, found: list[str], findings: Findings) -> str | None:
    c = column.sql
    if form == "iso":
        return iso(c, found)
    if form == "year":
        dotted = f"replace(substr(trim({c}), 1, 10), '.', '-') || substr(trim({c}), 11)"
        return instant(dotted if found[0][4] == "." else f"replace(trim({c}), '/', '-')", found)
    if form == "short":
        order = _order(column, found, findings)
        marks = dict.fromkeys(mark for t in found for mark in t if mark in "/.-")
        used = [m for m in marks if any(re.match(rf"\d{{1,2}}\{m}\d{{1,2}}\{m}", t) for t in found)]
        parts = [instant(short(c, m, order, found), found) for m in used] if order else []
        return parts[0] if len(parts) == 1 else f"COALESCE({', '.join(parts)})" if parts else None
    return worded(c, found)


def _order(column: TimeColumn, found: list[str], findings: Findings) -> str | None:
    """Settle day against month: on the head, and where that is open on every day of the column."""
    reading = read_dates(t for t in dict.fromkeys(re.split(r"[\sT,]", t)[0] for t in found))
    if reading.undecided:
        reading = read_dates(d for d in column.days(_DAYS) if d)
    hint = 'Use --date-format "%d/%m/%Y %H:%M:%S" or "%m/%d/%Y %H:%M:%S", written as the cells are.'
    if reading.conflict:
        findings.error(
            f'"{reading.conflict[0]}" has the day first and "{reading.conflict[1]}" the month first.',
            "Correct the cells, or write dates as 2025-12-31.", column=column.header,
        )  # fmt: skip
    elif reading.undecided:
        one, other = both_ways(reading.undecided)
        cell = next((v for v in column.cells if str(v).strip().startswith(reading.undecided)), reading.undecided)
        findings.error(
            f'"{reading.undecided}" could be {one} or {other}, and no row settles it.', hint,
            line=column.line(cell), column=column.header,
        )  # fmt: skip
    return reading.order


def _numbers(column: TimeColumn, cells: list[float], findings: Findings) -> TimeReading | None:
    """Read numbers by their size: seconds to nanoseconds since 1970, days of a spreadsheet, or 20250131."""
    votes = Counter(name for v in cells if (name := _unit(v)))
    if not cells:
        return None
    if not votes:
        low, high = min(cells), max(cells)
        findings.error(
            f"numbers from {low:,.0f} to {high:,.0f}, which are no times since 1970 and no days of a spreadsheet.",
            "If they count from some start of their own, say in what: --date-format seconds (or milliseconds, "
            "microseconds).", column=column.header,
        )  # fmt: skip
        return None
    name = max(votes, key=lambda n: votes[n])
    if name in UNITS:
        return TimeReading(scaled(column.sql, column.kind, UNITS[name], 0, _END * 1e6 / UNITS[name]))
    if name == "serial":
        x = _double(column)
        sql = f"CASE WHEN {x} >= 1 AND {x} < 73050 THEN CAST(round(({x} - {_1900}) * 86400) AS BIGINT) * 1000000 END"
        return TimeReading(sql, fine=any(v % 1 for v in cells))
    return TimeReading(digits(f"trim(CAST({column.sql} AS VARCHAR))", int(name)), fine=name != "8")


def _unit(value: float) -> str | None:
    """Return what a number counts, by its size; a length for digits such as 20250131."""
    for name, micros in UNITS.items():
        if _START <= value * micros / 1e6 < _END:
            return name
    if 36_526 <= value < 73_050:  # 2000 to 2099
        return "serial"
    text = f"{value:.0f}"
    shape = re.fullmatch(r"20\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])((?:[01]\d|2[0-3])[0-5]\d([0-5]\d)?)?", text)
    return str(len(text)) if shape else None


def _double(column: TimeColumn) -> str:
    return f"TRY_CAST({column.sql} AS DOUBLE)" if column.kind == "text" else f"CAST({column.sql} AS DOUBLE)"


def _unread(column: TimeColumn, texts: list[str], findings: Findings) -> None:
    shown = examples([f'"{t[:40]}"' for t in texts])
    findings.error(
        f"no readable time in {shown}.",
        'Write times as 2025-12-31 23:59:59, or say how they are written: --date-format "%d %b %Y %H:%M".',
        line=column.line(column.cells[0]), column=column.header,
    )  # fmt: skip
