"""ISO weeks as text: ``2026-W46``, which sorts as it should."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Final

_FORM: Final = re.compile(r"(\d{4})-W(\d{2})")


def week_of(day: date) -> str:
    """Return the ISO week of a day.

    Examples
    --------
    >>> week_of(date(2027, 1, 3)), week_of(date(2027, 1, 4))
    ('2026-W53', '2027-W01')
    """
    year, number, _ = day.isocalendar()
    return f"{year:04d}-W{number:02d}"


def monday_of(week: str) -> date:
    """Return the Monday of an ISO week.

    Raises
    ------
    ValueError
        Where the text is not a week, or the year has no such week.
    """
    found = _FORM.fullmatch(week)
    if found is None:
        raise ValueError(f'"{week}" is not a week; it is written like 2026-W46')
    return date.fromisocalendar(int(found[1]), int(found[2]), 1)


def later(week: str, by: int) -> str:
    """Return the week a number of weeks later, or earlier where `by` is negative.

    Examples
    --------
    >>> later("2026-W53", 1), later("2027-W01", -1)
    ('2027-W01', '2026-W53')
    """
    return week_of(monday_of(week) + timedelta(weeks=by))


def gaps(weeks: list[str]) -> list[str]:
    """Return the weeks between the first and the last that are not there.

    Examples
    --------
    >>> gaps(["2026-W52", "2027-W02"])
    ['2026-W53', '2027-W01']
    """
    if not weeks:
        return []
    held, last, week = set(weeks), max(weeks), min(weeks)
    missing = []
    while week < last:
        week = later(week, 1)
        if week not in held:
            missing.append(week)
    return missing
