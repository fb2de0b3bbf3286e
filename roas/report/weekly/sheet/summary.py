"""The first sheet: the verdict, the figures of the week with their usual range, what to know of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from roas.language import say
from roas.report.weekly import alerted, changed, headline, numbers, trust
from roas.report.weekly.names import label, week_words
from roas.report.weekly.sheet.book import HEADING, Book

if TYPE_CHECKING:
    from roas.report.weekly.sheet.formats import Kind
    from roas.weekly.record import Figure, WeeklyReport


def summary(made: Book, report: WeeklyReport) -> None:
    """Write the verdict, the figures of the week with their usual range, and what to know of them."""
    sheet = made.sheet(say("Summary"))
    headings = (
        say("Figure"), say("This week"), say("Week before"), say("Change"), say("Usual: from"), say("Usual: to"),
        say("Beside the usual"),
    )  # fmt: skip
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, len(headings) - 1, 14)
    line = 0
    for text, size in ((week_words(report.week), 11), (headline.verdict(report), 14), (headline.lead(report), 11)):
        line = made.paragraph(sheet, line, text, len(headings), font_size=size, bold=size > 11)
    line += 1
    for place, heading in enumerate(headings):
        made.put(sheet, line, place, heading, "text", **HEADING)
    for each in report.figures:
        line += 1
        _figure(made, sheet, line, each, report)
    line += 2
    data = trust.data(report)
    for text in (
        say("Usual: nine weeks in ten lie between the two when nothing happens."),
        changed.since(report), *alerted.told(report), alerted.promise(report), alerted.used(report), data["covers"], data["settled"],
        *data["notes"], say("Made by roas {version}.", version=report.run.version),
    ):  # fmt: skip
        line = made.paragraph(sheet, line, text, len(headings)) if text else line


def _figure(made: Book, sheet: Any, line: int, figure: Figure, report: WeeklyReport) -> None:
    """Write a figure's row."""
    unit: Kind = "text" if figure.unit == "word" else figure.unit
    made.put(sheet, line, 0, label(figure.name), "text", bold=True)
    for place, value in ((1, figure.value), (2, figure.before), (4, figure.low), (5, figure.high)):
        made.put(sheet, line, place, value, unit)
    made.put(sheet, line, 3, figure.change, "share")
    made.put(sheet, line, 6, say(numbers.STATES[numbers.state_of(figure, report)]), "text", bold=figure.unusual)
