"""ISO weeks: which one a report is about."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

from roas.errors import UsageError


@dataclass(frozen=True, order=True)
class Week:
    """An ISO 8601 week, Monday to Sunday.

    Attributes
    ----------
    monday : date

    Examples
    --------
    >>> week = Week.parse("2026-W46")
    >>> str(week), str(week.monday), str(week.sunday), str(week.next)
    ('2026-W46', '2026-11-09', '2026-11-15', '2026-W47')
    """

    monday: dt.date

    @classmethod
    def parse(cls, text: str, option: str = "--week") -> Week:
        """Read ``2026-W46``; `option` is named where it cannot be read.

        Raises
        ------
        UsageError
            Where the text is no ISO week, or the year has no such week.
        """
        found = re.fullmatch(r"(\d{4})-?W(\d{2})", text.strip())
        try:
            if found is None:
                raise ValueError
            return cls(dt.date.fromisocalendar(int(found[1]), int(found[2]), 1))
        except ValueError:
            raise UsageError(
                f'{option} {text}: this is no ISO week. Write the year and the week, as "2026-W46"; '
                "weeks begin on Monday, and a year has 52 or 53."
            ) from None

    @classmethod
    def of(cls, day: dt.date) -> Week:
        """Return the week that a day lies in."""
        return cls(day - dt.timedelta(days=day.weekday()))

    @property
    def sunday(self) -> dt.date:
        """Its last day."""
        return self.monday + dt.timedelta(days=6)

    @property
    def next(self) -> Week:
        """The week after it."""
        return Week(self.monday + dt.timedelta(days=7))

    @property
    def previous(self) -> Week:
        """The week before it."""
        return Week(self.monday - dt.timedelta(days=7))

    def to(self, last: Week) -> Iterator[Week]:
        """Yield this week and those after it, up to and with `last`."""
        week = self
        while week <= last:
            yield week
            week = week.next

    def __str__(self) -> str:
        year, number, _ = self.monday.isocalendar()
        return f"{year}-W{number:02d}"


def last_complete(last_day: dt.date) -> Week:
    """Return the last week that lies wholly in data that ends on a day.

    Examples
    --------
    >>> import datetime as dt
    >>> str(last_complete(dt.date(2026, 11, 15))), str(last_complete(dt.date(2026, 11, 14)))
    ('2026-W46', '2026-W45')
    """
    return Week.of(last_day - dt.timedelta(days=6))
