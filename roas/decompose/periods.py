"""Which two periods to compare: a degree of freedom, so there are three answers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from roas._typing import Grain

#: Weeks of the recent comparison: 28 days hold every weekday four times and
#: every day of a pay month once.
RECENT_WEEKS: Final = 4

#: Weeks to the same days last year: 52, so that weekdays match.
YEAR_WEEKS: Final = 52

#: Longest segment beside a break, in weeks. Beyond a quarter the season has
#: moved, and what is said no longer belongs to the break.
LONGEST_SEGMENT: Final = 12

#: Shortest segment beside a break, in weeks: one gives a single value of
#: every weekday, whose spread nothing tells.
SHORTEST_SEGMENT: Final = 2


@dataclass(frozen=True, order=True)
class Period:
    """A half-open range of days: `end` is the first day after it."""

    start: dt.date
    end: dt.date

    @property
    def days(self) -> int:
        """Length in days."""
        return (self.end - self.start).days

    def to_dict(self) -> dict[str, str]:
        """Return ISO dates; ``end`` is not included."""
        return {"start": self.start.isoformat(), "end": self.end.isoformat()}

    def __str__(self) -> str:
        return f"{self.start} to {self.end - dt.timedelta(1)}"


@dataclass(frozen=True)
class Pair:
    """Two periods, and why these."""

    name: str
    before: Period
    after: Period

    def to_dict(self) -> dict[str, Any]:
        """Return plain values."""
        return {"name": self.name, "before": self.before.to_dict(), "after": self.after.to_dict()}


def as_date(value: Any) -> dt.date:
    """Return a date of a date, a timestamp or a numpy day."""
    day: dt.date = np.datetime64(value, "D").astype(object)
    return day


def default_periods(
    dates: npt.ArrayLike, *, grain: Grain, mature_until: dt.date | None = None, breaks: Iterable[dt.date] = ()
) -> tuple[Pair, ...]:
    """Choose the periods to compare.

    Parameters
    ----------
    dates : array of dates
        Days, or first days of weeks, that hold data; any order.
    grain : {"day", "week"}
    mature_until : date, optional
        First day not all conversions of which have arrived; by default the
        day after the data end.
    breaks : iterable of date
        First days of new regimes.

    Returns
    -------
    tuple of Pair
        ``around_break``: the segments either side of the last break, up to
        `LONGEST_SEGMENT` weeks nearest to it. ``recent``: the last four
        weeks against the four before, fewer where history is shorter.
        ``year_ago``: the last four weeks against the same weekdays 364 days
        earlier. Each only where history reaches; all are whole weeks.
    """
    stamps = np.asarray(dates, dtype="datetime64[D]")
    stamps = stamps[~np.isnat(stamps)]
    if not len(stamps):
        return ()
    start = as_date(stamps.min())
    end = as_date(stamps.max()) + dt.timedelta(7 if grain == "week" else 1)
    if mature_until is not None:
        end = min(end, _on_grid(as_date(mature_until), start, grain))
    pairs = [_around_break(start, end, breaks, grain)]
    weeks = min(RECENT_WEEKS, (end - start).days // 14)
    if weeks > 0:
        after = Period(end - dt.timedelta(7 * weeks), end)
        pairs.append(Pair("recent", Period(after.start - dt.timedelta(7 * weeks), after.start), after))
        year = dt.timedelta(7 * YEAR_WEEKS)
        if after.start - year >= start:
            pairs.append(Pair("year_ago", Period(after.start - year, after.end - year), after))
    return tuple(pair for pair in pairs if pair is not None)


def _on_grid(day: dt.date, start: dt.date, grain: Grain) -> dt.date:
    """Return the last start of a period not after `day`."""
    return start + dt.timedelta((day - start).days // 7 * 7) if grain == "week" else day


def _around_break(start: dt.date, end: dt.date, breaks: Iterable[dt.date], grain: Grain) -> Pair | None:
    inside = sorted({day for b in breaks if start < (day := _on_grid(as_date(b), start, grain)) < end})
    if not inside:
        return None
    last, previous = inside[-1], inside[-2] if len(inside) > 1 else start
    before, after = ((b - a).days // 7 for a, b in ((previous, last), (last, end)))
    if min(before, after) < SHORTEST_SEGMENT:
        return None
    before, after = min(before, LONGEST_SEGMENT), min(after, LONGEST_SEGMENT)
    day, week = last, dt.timedelta(7)
    return Pair("around_break", Period(day - before * week, day), Period(day, day + after * week))
