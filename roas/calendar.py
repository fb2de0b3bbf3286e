"""Days, weeks and grain: the only place that knows what a period is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal

from roas.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

FoundGrain = Literal["day", "week", "month", "unknown", "mixed"]


@dataclass(frozen=True)
class GrainReading:
    """How far apart the dates of one series are.

    ``first_odd`` is the first date that breaks the pattern of a mixed series.
    """

    grain: FoundGrain
    first_odd: date | None = None
    missing: tuple[date, ...] = ()


def grain_of(days: list[date]) -> GrainReading:
    """Tell days from weeks, and refuse to mix them.

    Parameters
    ----------
    days : list of date
        Distinct dates of one series, any order.

    Returns
    -------
    GrainReading
        ``week`` when every step is a multiple of seven days, ``month`` when
        all dates are firsts of months (or ends), ``mixed`` when the step
        changes for good: three or more steps of a week in a row inside a
        series of days, or weeks that drift (6, 8, 7 days). Else ``day``:
        exports write no row for a day without delivery. ``unknown`` with a
        single date.
    """
    ordered = sorted(set(days))
    if len(ordered) < 2:
        return GrainReading("unknown")
    steps = [(b - a).days for a, b in pairwise(ordered)]
    if all(s % 7 == 0 for s in steps):
        return GrainReading("week", missing=tuple(_absent(ordered, 7)))
    if all(d.day == 1 for d in ordered) or (min(steps) >= 28 and max(steps) <= 31):
        return GrainReading("month")
    if min(steps) > 1 and sum(5 <= s <= 9 for s in steps) > 0.6 * len(steps):
        odd = next(i for i, s in enumerate(steps) if s != 7)
        return GrainReading("mixed", first_odd=ordered[odd + 1])
    run = 0
    for i, step in enumerate(steps):
        run = run + 1 if step == 7 else 0
        if run == 3:
            return GrainReading("mixed", first_odd=ordered[i - 2])
    return GrainReading("day", missing=tuple(_absent(ordered, 1)))


def _absent(ordered: list[date], step: int) -> list[date]:
    present = set(ordered)
    expected = range((ordered[-1] - ordered[0]).days // step + 1)
    return [d for d in (ordered[0] + timedelta(i * step) for i in expected) if d not in present]


def periods_between(start: date, end: date, grain: str) -> int:
    """Count the days or weeks from `start` to `end`, both included."""
    return (end - start).days // (7 if grain == "week" else 1) + 1


def end_of(first: date, grain: str | None) -> date:
    """Return the last day of the period that begins on a day."""
    return first + timedelta(days=6 if grain == "week" else 0)


def last_day(window: Mapping[str, Any]) -> date:
    """Return the last day that data cover: the ``end`` of weekly data is the day on which the last week begins.

    Parameters
    ----------
    window : mapping
        ``end``, ISO 8601, and ``grain``, as in ``Analysis.window``.

    Examples
    --------
    >>> last_day({"end": "2025-02-24", "grain": "week"}).isoformat()
    '2025-03-02'
    """
    return end_of(date.fromisoformat(str(window["end"])), window["grain"])


def monday(day: date) -> date:
    """Return the Monday of the day's ISO week."""
    return day - timedelta(day.weekday())


def parse_day(text: str, *, option: str) -> date:
    """Read an ISO date given on the command line."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        message = f'{option} "{text}" is not a date. Write it as YYYY-MM-DD, for example 2026-11-16.'
        raise InputError(message) from None


def to_weeks(dates: pd.Series, *, first: int = 0) -> pd.Series:
    """Replace each date by the first day of its week (dates stay timestamps).

    `first` is the weekday that weeks begin on: 0 is Monday, 6 is Sunday.
    """
    import pandas as pd

    starts: pd.Series = dates - pd.to_timedelta((dates.dt.day_of_week - first) % 7, unit="D")
    return starts
