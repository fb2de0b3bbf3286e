"""The sheets of news: what changed since the last report and why, and the alerts."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from roas.language import say
from roas.report import finding_words
from roas.report.weekly import alerted, changed, headline
from roas.report.weekly.names import amount, week_number, whose
from roas.report.weekly.sheet.columns import Column, Row, Typed, ends, known, ranged

if TYPE_CHECKING:
    from roas.report.weekly.sheet.book import Book
    from roas.report.weekly.sheet.formats import Kind
    from roas.weekly.record import Change, WeeklyReport


def changes(made: Book, report: WeeklyReport) -> None:
    """Write every figure that differs from the last report, with the reason, news first."""
    columns = [
        Column("why", say("Why")), Column("whose", say("Channel")), Column("figure", say("Figure")),
        Column("before", say("Before")), Column("after", say("After")), Column("share", say("Change"), "share"),
    ]  # fmt: skip
    rows = [
        {"why": say(heading), **_change(each, report.analysis.tables.currency)}
        for reason, (heading, _) in changed.REASONS.items()
        for each in report.changes
        if each.because == reason
    ]
    sheet, line = made.table(say("Changes"), columns, rows, nothing=changed.since(report)), max(len(rows), 1) + 2
    for text in changed.corrected(report):
        line = made.paragraph(sheet, line, text, len(columns))


def _change(each: Change, currency: str | None) -> Row:
    """Return one figure's cells: a number in its unit, a word as it reads."""
    unit: Kind = "text" if each.unit == "word" else each.unit
    before, after = (amount(v, each.unit, currency) if isinstance(v, str) else v for v in (each.before, each.after))
    a, b = known(before), known(after)
    share = b / a - 1 if a is not None and b is not None and a > 0 else None
    moved = {"before": Typed(before, unit), "after": Typed(after, unit), "share": share}
    return {"whose": whose(each.channel), "figure": changed.called(each.figure), **moved}


def alerts(made: Book, report: WeeklyReport) -> None:
    """Write every alert with its loss and its evidence."""
    columns = [
        Column("state", say("State")), Column("title", say("Alert")), Column("since", say("Since"), "date"),
        Column("said", say("First said in")), *ranged("loss", finding_words.lost_a_week(report.analysis), "money"),
        Column("sure", say("Probability"), "share"), Column("seen", say("Evidence (e-value)"), "ratio"),
        Column("asked", say("Evidence that an alert asks for"), "ratio"),
    ]  # fmt: skip
    listed = [
        (say(badge), each) for state, badge in alerted.BADGES.items() for each in report.alerts if each.state == state
    ]
    listed += [(say("Still open, nothing new"), each) for each in report.standing]
    rows = [
        {
            "state": state, "title": headline.alert_title(each, report),
            "since": each.since, "said": week_number(each.said), **ends("loss", each.effect_per_week),
            "sure": each.probability, "seen": _evidence(each.e_value), "asked": _evidence(each.level),
        }
        for state, each in listed
    ]  # fmt: skip
    made.table(say("Alerts"), columns, rows, nothing=say("There is no alert."))


def _evidence(value: float) -> float | str:
    """Return evidence as a cell holds it: a spreadsheet has no number without end."""
    return "∞" if value == math.inf else value
