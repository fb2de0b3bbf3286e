"""Date cells → days: one order of day and month a column, never a guess."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, Literal

from roas.io.headers import fold

Order = Literal["dmy", "mdy"]
Unit = Literal["day", "week", "month"]

#: Languages whose month names are read: those of the header tables.
LANGUAGES = ("en", "de", "fr", "es", "pt", "nl", "it", "vi", "sv", "da", "pl")

_TIME = (
    r"(?:[T\s]+\d{1,2}[:.h]\d{2}(?:[:.]\d{2})?(?:[.,]\d+)?\s*(?:[AaPp]\.?[Mm]\.?)?\s*(?:Z|UTC|GMT|[+-]\d{2}:?\d{2})?)?"
)
_ISO = re.compile(rf"^(\d{{4}})[-/.](\d{{1,2}})[-/.](\d{{1,2}}){_TIME}$")
_COMPACT = re.compile(r"^(\d{4})(\d{2})(\d{2})(?:\d{2})?$")
_SHORT = re.compile(rf"^(\d{{1,2}})([/.\-])(\d{{1,2}})\2(\d{{4}}|\d{{2}}),?{_TIME}$")
_ISO_WEEK = re.compile(r"^(\d{4})[- ]?W(?:eek)?[- ]?(\d{1,2})$", re.I)
_WEEK_YEAR = re.compile(r"^(?:KW|W|Week|Wk|Semaine|Semana|Settimana|Tuan)\s*(\d{1,2})[\s,/.-]+(\d{4})$", re.I)
_YEAR_MONTH = re.compile(r"^(\d{4})[-/.](\d{1,2})$")
_SERIAL = re.compile(r"^(\d{5})(?:\.\d+)?$")
_WORD = re.compile(r"[^\W\d_]+\.?")


@dataclass(frozen=True)
class DateReading:
    """How a column of dates was read.

    Attributes
    ----------
    days : dict of str to date
        Each distinct cell that could be read, with its first day.
    unit : {"day", "week", "month"}
        What one cell stands for.
    unread : list of str
        Cells that are no date.
    undecided : str or None
        A cell whose day and month cannot be told apart, when no cell settles it.
    order : {"dmy", "mdy"} or None
        The order found or assumed.
    assumed : bool
        True when the order came from the platform's habit, not from a cell.
    """

    days: dict[Any, date]
    unit: Unit
    unread: list[Any]
    undecided: str | None = None
    order: Order | None = None
    assumed: bool = False
    conflict: tuple[str, str] | None = None


@cache
def _months() -> dict[str, int]:
    from babel.dates import get_month_names

    names: dict[str, int] = {}
    for language in LANGUAGES:
        for width in ("wide", "abbreviated"):
            for context in ("format", "stand-alone"):
                for number, name in get_month_names(width, context, language).items():
                    names.setdefault(fold(str(name)).strip("."), number)
    names.update({"sept": 9, "mrz": 3, "maerz": 3, "janv": 1, "fevr": 2, "avr": 4, "juil": 7})
    return {k: v for k, v in names.items() if not k.isdigit()}


def _year(text: str) -> int:
    number = int(text)
    return number if len(text) == 4 else number + (2000 if number < 70 else 1900)


def _week_start(year: int, week: int) -> date | None:
    try:
        return date.fromisocalendar(year, week, 1)
    except ValueError:
        return None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _worded(text: str) -> tuple[date, Unit] | None:
    """Read dates with a month's name: ``ter., 5 de mai. de 2026``, ``2002 Jan``."""
    plain = fold(re.sub(r"\d{1,2}:\d{2}.*$", "", text))
    numbers = re.findall(r"\d+", plain)
    found = _months()
    vietnamese = re.search(r"th(?:ang|g)\s+(\d{1,2})", plain)
    if vietnamese:
        month: int | None = int(vietnamese[1])
        numbers.remove(vietnamese[1])
    else:
        month = next((found[w.strip(".")] for w in reversed(_WORD.findall(plain)) if w.strip(".") in found), None)
    if month is None or not 1 <= len(numbers) <= 2:
        return None
    year = next((n for n in numbers if len(n) == 4), numbers[-1] if len(numbers) == 2 else None)
    if year is None or len(year) not in (2, 4):
        return None
    rest = list(numbers)
    rest.remove(year)
    day = _day(_year(year), month, int(rest[0]) if rest else 1)
    return (day, "day" if rest else "month") if day else None


def _fixed(text: str) -> tuple[date, Unit] | None:
    """Read the forms that leave no doubt about day and month."""
    if m := _ISO.match(text):
        day = _day(int(m[1]), int(m[2]), int(m[3]))
        return (day, "day") if day else None
    if m := _COMPACT.match(text):
        day = _day(int(m[1]), int(m[2]), int(m[3]))
        return (day, "day") if day else None
    if m := _ISO_WEEK.match(text):
        day = _week_start(int(m[1]), int(m[2]))
        return (day, "week") if day else None
    if m := _WEEK_YEAR.match(text):
        day = _week_start(int(m[2]), int(m[1]))
        return (day, "week") if day else None
    if m := _YEAR_MONTH.match(text):
        day = _day(int(m[1]), int(m[2]), 1)
        return (day, "month") if day else None
    if re.search(r"[^\W\d_]{3}", text) or "thg" in text:
        return _worded(text)
    return None


def read_dates(cells: Iterable[Any], *, habit: Order | None = None, pattern: str | None = None) -> DateReading:
    """Read the distinct cells of one date column.

    Parameters
    ----------
    cells : iterable
        Distinct cells: text, ``date``/``datetime``/``Timestamp``, or numbers
        (Excel serial days).
    habit : {"dmy", "mdy"}, optional
        The order a platform always writes; used only when no cell settles it.
    pattern : str, optional
        ``--date-format``: a ``strptime`` pattern that overrides everything.
    """
    days: dict[Any, date] = {}
    units: dict[Unit, int] = {}
    short: dict[str, tuple[int, int, int, str]] = {}
    unread: list[Any] = []
    serials: dict[Any, date] = {}
    for cell in cells:
        found = _typed(cell, pattern)
        if found is not None:
            days[cell], unit = found
            units[unit] = units.get(unit, 0) + 1
            continue
        text = str(cell).strip().strip('"').strip()
        if pattern is None and (m := _SHORT.match(text)):
            short[cell] = (int(m[1]), int(m[3]), _year(m[4]), m[2])
        elif pattern is None and (m := _SERIAL.match(text)) and 25000 <= int(m[1]) <= 73000:
            serials[cell] = date(1899, 12, 30) + timedelta(int(m[1]))
        else:
            unread.append(cell)
    if serials:
        # A serial day is believed only where nothing in the column is written as a date.
        if days or short:
            unread.extend(serials)
        else:
            days, units = dict(serials), {"day": len(serials)}
    order, assumed, undecided, conflict = _order(short, habit)
    for cell, (first, second, year, _) in short.items():
        pair = (second, first) if order == "dmy" else (first, second)
        day = _day(year, *pair) if order else None
        if day is None:
            unread.append(cell)
        else:
            days[cell] = day
    if short:
        units["day"] = units.get("day", 0) + len(short)
    unit = max(units, key=lambda u: units[u]) if units else "day"
    if undecided:
        unread = [c for c in unread if c not in short]
    return DateReading(days, unit, unread, undecided, order, assumed, conflict)


def _typed(cell: Any, pattern: str | None) -> tuple[date, Unit] | None:
    if isinstance(cell, datetime):
        return cell.date(), "day"
    if isinstance(cell, date):
        return cell, "day"
    text = str(cell).strip().strip('"').strip()
    if pattern is not None:
        try:
            return datetime.strptime(text, pattern).date(), "day"
        except ValueError:
            return None
    return _fixed(text)


def _order(
    short: dict[str, tuple[int, int, int, str]], habit: Order | None
) -> tuple[Order | None, bool, str | None, tuple[str, str] | None]:
    """Settle day against month on all cells of the column together."""
    day_first = next((c for c, (a, b, _, _) in short.items() if a > 12 >= b), None)
    month_first = next((c for c, (a, b, _, _) in short.items() if b > 12 >= a), None)
    dotted = next((c for c, (_, _, _, mark) in short.items() if mark == "."), None)
    if day_first and month_first:
        return None, False, None, (day_first, month_first)
    if day_first:
        return "dmy", False, None, None
    if month_first:
        return "mdy", False, None, None
    if dotted:  # 03.04.2025 is day first wherever dots are written (CLDR)
        return "dmy", False, None, None
    if not short or all(a == b for a, b, _, _ in short.values()):
        return "dmy", False, None, None
    if habit:
        return habit, True, None, None
    return None, False, next(c for c, (a, b, _, _) in short.items() if a != b), None
