"""The three numbers of the week, each beside what weeks usually bring."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from roas.format import change
from roas.language import mark, say
from roas.report.weekly.names import amount, label
from roas.report.weekly.sparkline import Values, band
from roas.weekly.figures import CLAIMED, still_arriving, weekly_sums

if TYPE_CHECKING:
    from markupsafe import Markup

    from roas.weekly.record import Figure, WeeklyReport

#: Numbers of the page's head.
SHOWN: Final = 3

#: Earlier weeks that the picture marks: half a year, as in the channels' sparklines.
PAST: Final = 26

#: What a week is beside the range that nine in ten lie in; why there is no range.
STATES: Final = {
    "usual": mark("usual"),
    "above": mark("above the usual"),
    "below": mark("below the usual"),
    "edge": mark("just outside the usual"),
    "arriving": mark("no range: sales are still arriving"),
    "unknown": mark("no range yet"),
}


@dataclass(frozen=True)
class Number:
    """One number as words, with its picture (None where no range is known)."""

    label: str
    value: str
    moved: str
    state: str
    badge: str
    says: str
    picture: Markup | None


def numbers(report: WeeklyReport) -> list[Number]:
    """Return the first three figures of the week."""
    return [_number(each, report) for each in report.figures[:SHOWN]]


def _number(figure: Figure, report: WeeklyReport) -> Number:
    state = state_of(figure, report)
    return Number(
        label=label(figure.name),
        value=amount(figure.value, figure.unit, report.analysis.tables.currency),
        moved=moved(figure, report),
        state=state,
        badge=say(STATES[state]),
        says=usual(figure, report),
        picture=_picture(figure, report),
    )


def state_of(figure: Figure, report: WeeklyReport) -> str:
    """Return where a week lies: usual, above, below, or outside by luck (edge); arriving or unknown where there is no range."""
    if figure.value is None or figure.low is None or figure.high is None:
        return "arriving" if incomplete(figure, report) else "unknown"
    if not figure.unusual:
        return "usual" if figure.inside else "edge"
    return "above" if figure.value > figure.high else "below"


def incomplete(figure: Figure, report: WeeklyReport) -> bool:
    """Return whether a figure is of claims that are still arriving, so that it has no range yet."""
    return figure.name in CLAIMED and still_arriving(report.analysis, report.week)


def moved(figure: Figure, report: WeeklyReport) -> str:
    """Say how a figure moved since the week before; empty where that is not known."""
    if figure.before is None or figure.value is None:
        return ""
    before = amount(figure.before, figure.unit, report.analysis.tables.currency)
    if figure.change is None:
        return say("{before} the week before", before=before)
    return say("{change} on the week before ({before})", change=change(figure.change), before=before)


def usual(figure: Figure, report: WeeklyReport) -> str:
    """Say which range nine weeks in ten lie in."""
    if figure.low is None or figure.high is None:
        if incomplete(figure, report):
            return say("Sales of this week are still arriving, so it is too early to say whether it is usual.")
        return say("Too few weeks to say what is usual.")
    currency = report.analysis.tables.currency
    low, high = (amount(end, figure.unit, currency) for end in (figure.low, figure.high))
    return say("Nine weeks in ten: {low} to {high}", low=low, high=high)


def _picture(figure: Figure, report: WeeklyReport) -> Markup | None:
    if figure.value is None or figure.low is None or figure.high is None:
        return None
    value = amount(figure.value, figure.unit, report.analysis.tables.currency)
    says = say(
        "{figure}: {value}, {state}. {range}.",
        figure=label(figure.name), value=value, state=say(STATES[state_of(figure, report)]), range=usual(figure, report),
    )  # fmt: skip
    past = _past(figure.name, report)
    return band(figure.value, figure.low, figure.high, past, says=says, unusual=figure.unusual)


def _past(name: str, report: WeeklyReport) -> Values:
    """Return the figure in the weeks before the report's own."""
    sums = weekly_sums(report.analysis)
    before = [each for each in sums.weeks if each < report.week]
    return [sums.at(name, each) for each in before[-PAST:]]
