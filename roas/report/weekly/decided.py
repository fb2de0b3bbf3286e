"""Plans that were noted, and how they turned out: predicted against realised."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from roas.format import day, percent, say_many, visible
from roas.language import mark, say
from roas.report.plan_moves import about
from roas.report.weekly.sparkline import reach, span

if TYPE_CHECKING:
    from markupsafe import Markup

    from roas.quantiles import Q
    from roas.weekly.record import Decision, WeeklyReport

State = Literal["waiting", "running", "scored", "not_followed", "cannot_tell"]

#: State → its badge.
STATES: Final[Mapping[State, str]] = {
    "waiting": mark("No data yet"),
    "running": mark("Under way"),
    "scored": mark("Measured"),
    "not_followed": mark("Not followed"),
    "cannot_tell": mark("Cannot be told"),
}

#: Decisions in sight, the newest first; the others are folded.
IN_SIGHT: Final = 4


@dataclass(frozen=True)
class Row:
    """One decision as words, with its intervals as pictures."""

    state: str
    badge: str
    title: str
    made: str
    because: str
    predicted: str
    realised: str
    pictures: tuple[Markup, ...]


def decisions(report: WeeklyReport) -> list[Row]:
    """Return the decisions, the newest first, all on one scale."""
    known = [q for each in report.decisions for q in (each.predicted, each.realised) if q is not None]
    ends = reach(known)
    return [_row(each, report, ends) for each in report.decisions]


def _row(each: Decision, report: WeeklyReport, ends: tuple[float, float]) -> Row:
    currency = report.analysis.tables.currency
    predicted = _change(each.predicted, currency)
    realised = _change(each.realised, currency) if each.realised is not None else ""
    pictures = [span(each.predicted, ends, says=say("Predicted: {change}", change=predicted), kind="predicted")]
    if each.realised is not None:
        pictures.append(span(each.realised, ends, says=say("Realised: {change}", change=realised), kind="realised"))
    return Row(
        state=each.state,
        badge=say(STATES[each.state]),
        title=title(each),
        made=_made(each),
        because=visible(each.because),
        predicted=predicted,
        realised=realised,
        pictures=tuple(pictures),
    )


def title(each: Decision) -> str:
    """Name a plan."""
    return visible(each.name) or say("Plan without a name")


def _made(each: Decision) -> str:
    """Say who noted the plan, when, for how long, and how far it was followed."""
    said = [
        say_many(
            "Noted by {who} on {date}, for {number} week from {begins}.",
            "Noted by {who} on {date}, for {number} weeks from {begins}.",
            each.weeks,
            who=visible(each.who),
            date=day(each.made),
            begins=day(each.begins),
        )
    ]
    if each.followed is not None and each.state != "not_followed":  # of those, `because` says how far
        said.append(say("The plan was followed to {share}.", share=percent(each.followed)))
    return " ".join(said)


def _change(q: Q, currency: str | None) -> str:
    """Write a change of revenue per week with its range, in the digits of the plan that it came from."""
    low, high = (_signed(each, currency) for each in (q.p5, q.p95))
    said = low if low == high else say("{low} to {high}", low=low, high=high)
    return say("{amount} a week ({range})", amount=("+" if q.p50 > 0 else "") + _signed(q.p50, currency), range=said)


def _signed(value: float, currency: str | None) -> str:
    return f"{'−' if value < 0 else ''}{about(value, currency)}"
