"""One weekly report → one HTML page that needs nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from roas.format import plural
from roas.language import say, speaking
from roas.report import credited_words, unsteady_words, verdict
from roas.report.credited_table import credited_table
from roas.report.findings import findings
from roas.report.page import _environment
from roas.report.pictures import Picture
from roas.report.plan_page import plan_context
from roas.report.weekly import alerted, changed, channels, decided, headline, numbers, planned, trust
from roas.report.weekly.names import week_words

if TYPE_CHECKING:
    from jinja2 import Environment

    from roas.analysis.record import Analysis
    from roas.weekly.record import WeeklyReport


def weekly_page(report: WeeklyReport, pictures: Sequence[Picture]) -> str:
    """Return the page of a week, in the report's language.

    Parameters
    ----------
    pictures : sequence of Picture
        The charts, drawn (see `roas.report.weekly.pictures.weekly_pictures`);
        shown where the page has a place for their name.
    """
    with speaking(report.language):
        return _weekly_environment().get_template("weekly.html.j2").render(**context(report, pictures))


@cache
def _weekly_environment() -> Environment:
    """Return the environment of all pages; templates of this one also `say`."""
    made = _environment().overlay()
    made.globals = {**made.globals, "say": say}
    return made


def context(report: WeeklyReport, pictures: Sequence[Picture]) -> dict[str, Any]:
    """Return everything the template shows, as words."""
    analysis = report.analysis
    rows = channels.channels(report)
    decisions = decided.decisions(report)
    sliders = {"sliders": None} if report.plan is None else plan_context(report.plan)
    return sliders | {
        "language": report.language,
        "title": week_words(report.week),
        "scope": [
            plural(len(analysis.channels), "channel"),
            analysis.tables.currency or say("currency not named"),
        ],
        "verdict": headline.verdict(report),
        "lead": headline.lead(report),
        "numbers": numbers.numbers(report),
        "since": changed.since(report),
        "groups": changed.groups(report),
        "alerts": alerted.alerts(report),
        "standing": [*alerted.standing(report), *alerted.told(report)],
        "promise": alerted.promise(report),
        "used": alerted.used(report),
        "findings": findings(analysis),
        "plan": planned.plan(report),
        "decisions": decisions[: decided.IN_SIGHT],
        "earlier": decisions[decided.IN_SIGHT :],
        "channels": rows[: channels.IN_SIGHT],
        "more_channels": rows[channels.IN_SIGHT :],
        "channels_left": channels.left_out(report),
        "caused_heading": channels.heading(report),
        "pictured": channels.pictured(report),
        "over_all": channels.over_all(report),
        "returned": verdict.returned(analysis),
        "over_claim": verdict.over_claim(analysis),
        "unsteady": unsteady_words.sentence(analysis),
        "credited": _credited(analysis),
        "data": trust.data(report),
        "method": trust.method(report),
        "origin": trust.origin(report),
        "charts": {p.name: p for p in pictures if p.wide},
    }


def _credited(analysis: Analysis) -> dict[str, Any] | None:
    """Return the section on who gets credit; None without journeys."""
    found = analysis.credited
    if found is None:
        return None
    return {
        "sentence": credited_words.sentence(analysis),
        "dates": credited_words.dates(analysis),
        "coverage": credited_words.coverage(analysis),
        "table": credited_table(analysis),
        "said": [*credited_words.unmatched(found), *credited_words.doubts(found)],
        "method": credited_words.method(found),
    }
