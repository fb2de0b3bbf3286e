"""What a reader must know of a week's files before any figure."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from roas.format import day, visible
from roas.language import say
from roas.weekly.week import Week

if TYPE_CHECKING:
    from roas.analysis.account import Account


def silent_channels(account: Account, week: Week) -> list[str]:
    """Name channels whose rows end inside the week or the one before it, while others go on.

    An export that was cut short and a paused campaign look the same: without
    this note a forgotten file would read as money saved.
    """
    step = dt.timedelta(0 if account.tables.grain == "day" else 6)
    ends = account.tables.spend.groupby("channel")["date"].max()
    said: list[str] = []
    if ends.max().date() + step < week.sunday:
        return said
    for channel, last in ends.items():
        end = last.date() + step
        if week.previous.monday - dt.timedelta(days=1) <= end < week.sunday:
            said.append(
                say(
                    "{channel} has no rows after {day}: an export that ends early, or a pause. "
                    "The days without rows count as no spend.",
                    channel=visible(channel),
                    day=day(end),
                )
            )
    return said


def short_files(account: Account) -> list[str]:
    """Say so where the files no longer hold what the last report rested on."""
    return [
        say(
            "The files begin on {day}, later than those of the last report, so figures over the whole time are not "
            "compared with it. Give all exports, old ones too: estimates need their history.",
            day=day(account.first_day),
        )
    ]


def late_files(account: Account, week: Week, *, late: bool) -> list[str]:
    """Say so where a week is reported from files that already know what came after it."""
    if not late:
        return []
    return [
        say(
            "This week is reported after the fact, from files that reach to {day}: late sales are already in it.",
            day=day(account.last_day),
        )
    ]
