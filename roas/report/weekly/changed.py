"""What changed since the last report, figure by figure, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from roas.format import change as moved
from roas.format import say_many
from roas.language import mark, say
from roas.report.weekly import numbers
from roas.report.weekly.names import amount, label, week_number, whose
from roas.weekly.currencies import not_compared

if TYPE_CHECKING:
    from roas.weekly.record import Because, Change, WeeklyReport

#: Reason → heading, and what it means; news first.
REASONS: Final[Mapping[Because, tuple[str, str]]] = {
    "real": (
        mark("Really different"),
        mark("Luck seldom brings this, judged over all figures at once."),
    ),
    "restated_data": (
        mark("Corrected data"),
        mark("Exports now say something else of weeks that were reported before."),
    ),
    "model": (
        mark("Worked out another way"),
        mark("The same data with another version of roas, another margin or other labels."),
    ),
    "new_data": (
        mark("New data"),
        mark("What has happened since; luck alone can do this."),
    ),
}

#: Rows of a reason that are in sight; the others are folded.
IN_SIGHT: Final = 5


@dataclass(frozen=True)
class Row:
    """One figure: whose, what, before, after, the change where it is a number, and whether it is usual, where asked."""

    whose: str
    figure: str
    before: str
    after: str
    moved: str
    usual: str = ""


@dataclass(frozen=True)
class Group:
    """The changes with one reason; ``more`` are folded away behind ``fold``, ``said`` tells of them in sentences."""

    reason: str
    heading: str
    means: str
    said: list[str]
    rows: list[Row]
    more: list[Row]
    fold: str


def groups(report: WeeklyReport) -> list[Group]:
    """Return the changes by reason, news first; reasons without a change are left out."""
    found = []
    for reason, (heading, means) in REASONS.items():
        rows = [_row(each, report) for each in report.changes if each.because == reason]
        said = corrected(report)[:IN_SIGHT] if reason == "restated_data" else []
        if rows or said:
            more = rows[IN_SIGHT:]
            fold = say_many("{number} more", "{number} more", len(more))
            found.append(Group(reason, say(heading), say(means), said, rows[:IN_SIGHT], more, fold))
    return found


def corrected(report: WeeklyReport) -> list[str]:
    """Say which files corrected which days, the largest first."""
    currency = report.analysis.tables.currency
    return [text for each in report.corrections for text in (each.says(currency), each.says_late()) if text]


def _row(each: Change, report: WeeklyReport) -> Row:
    currency = report.analysis.tables.currency
    before, after = (amount(value, each.unit, currency) for value in (each.before, each.after))
    share = ""
    if isinstance(each.before, float | int) and isinstance(each.after, float | int) and each.before > 0:
        share = moved(each.after / each.before - 1)
    return Row(whose(each.channel), called(each.figure), before, after, share)


def called(figure: str) -> str:
    """Return what a figure that changed is called: what is compared of ROAS caused is that of the whole period."""
    return say("ROAS caused, whole period") if figure == "incremental_roas" else label(figure)


def of_account(report: WeeklyReport) -> list[Row]:
    """Return how the week's three numbers moved since the last report where luck can do that, and whether they are usual."""
    news = {each.figure: each for each in report.changes if each.channel is None and each.because == "new_data"}
    return [
        replace(_row(news[each.name], report), usual=say(numbers.STATES[numbers.state_of(each, report)]))
        for each in report.figures[: numbers.SHOWN]
        if each.name in news
    ]


def since(report: WeeklyReport) -> str:
    """Say what this report is compared with."""
    if report.earlier_currency is not None:
        return not_compared(report.earlier_currency, report.analysis.tables.currency)
    if report.previous is None:
        return say("This is the first report here: there is none before to compare with.")
    week = week_number(report.previous)
    if not report.changes:
        return say("Nothing moved since the report of {week}.", week=week)
    return say("Compared with the report of {week}.", week=week)
