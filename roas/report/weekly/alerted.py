"""Alerts of the week: what began, holds or is taken back, and how far alerts can be trusted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from roas.format import count, day, money, percent
from roas.language import mark, say
from roas.report import finding_words
from roas.report.weekly.headline import alert_title, finding_of
from roas.report.weekly.names import between, week_number

if TYPE_CHECKING:
    from roas.diagnosis.results import Finding
    from roas.weekly.record import Alert, State, WeeklyReport

#: State → its badge, in the order of the page.
BADGES: Final[Mapping[State, str]] = {
    "opened": mark("New"),
    "confirmed": mark("Holds"),
    "withdrawn": mark("Taken back"),
}

#: Evidence from which more is not worth a digit.
_MUCH: Final = 10_000.0


@dataclass(frozen=True)
class Row:
    """One alert as words; ``link`` is the id of its finding on the page, empty where there is none."""

    state: str
    badge: str
    title: str
    since: str
    cost: str
    evidence: str
    link: str


def alerts(report: WeeklyReport) -> list[Row]:
    """Return the alerts, new ones first, then by money."""
    order = list(BADGES)
    found = sorted(report.alerts, key=lambda a: (order.index(a.state), -_size(a)))
    return [_row(each, report) for each in found]


def _size(alert: Alert) -> float:
    return alert.effect_per_week.p50 if alert.effect_per_week else 0.0


def _row(alert: Alert, report: WeeklyReport) -> Row:
    finding = finding_of(alert, report)
    place = report.analysis.diagnosis.findings.index(finding) + 1 if finding is not None else 0
    return Row(
        state=alert.state,
        badge=say(BADGES[alert.state]),
        title=alert_title(alert, report),
        since=_since(alert),
        cost=_cost(alert, report),
        evidence=_evidence(alert),
        link=f"finding-{place}" if place and alert.state != "withdrawn" else "",
    )


def _since(alert: Alert) -> str:
    if alert.state == "withdrawn":
        return say("Said in {week}; the data no longer support it.", week=week_number(alert.said))
    if alert.state == "confirmed":
        return say("Since about {date}; first said in {week}.", date=day(alert.since), week=week_number(alert.said))
    return say("Since about {date}.", date=day(alert.since))


def _cost(alert: Alert, report: WeeklyReport) -> str:
    """Write what an alert costs; empty once it is taken back, or where nothing is lost."""
    effect, currency = alert.effect_per_week, report.analysis.tables.currency
    if alert.state == "withdrawn" or effect is None or not finding_words.costs(effect):
        return ""
    said = {"amount": money(effect.p50, currency), "range": between(effect, currency)}
    if report.analysis.margin is not None:
        return say("{amount} of profit a week ({range})", **said)
    return say("{amount} of revenue a week ({range})", **said)


def _evidence(alert: Alert) -> str:
    """Say how rare such evidence is where nothing happened, and how rare an alert asks it to be."""
    if alert.state == "withdrawn" or not alert.e_value > 1:
        return ""
    asked = count(round(alert.level)) if 1 < alert.level < float("inf") else ""
    seen = count(round(alert.e_value)) if alert.e_value < _MUCH else count(_MUCH)
    if not asked:
        return say("If nothing had happened, evidence like this would come once in {seen} times at most.", seen=seen)
    return say(
        "If nothing had happened, evidence like this would come once in {seen} times at most; "
        "an alert asks for once in {asked}.",
        seen=seen,
        asked=asked,
    )


def standing(report: WeeklyReport) -> list[str]:
    """Name the alerts that are still open and of which this week says nothing new."""
    return [
        say(
            "Still open, nothing new this week: {title} ({week}).",
            title=alert_title(each, report),
            week=week_number(each.said),
        )
        for each in report.standing
    ]


def told(report: WeeklyReport) -> list[str]:
    """Say of each proven finding whether this report is the first to name it; without those that an alert names."""
    named = {_key(each) for each in (*report.alerts, *report.standing) if each.state != "withdrawn"}
    found = [(each, report.told_of(each)) for each in report.analysis.diagnosis.findings if _key(each) not in named]
    said = []
    for finding, known in found:
        title = finding_words.title(finding)
        if known is not None and known.state == "new":
            said.append(say("New in this report: {finding}.", finding=title))
        elif known is not None and known.state == "still":
            week = week_number(known.since)
            said.append(say("Still there, named since the report of {week}: {finding}.", week=week, finding=title))
    return said


def _key(each: Alert | Finding) -> tuple[str, str | None, str | None]:
    return each.cause, each.channel, each.campaign


def promise(report: WeeklyReport) -> str:
    """Say how many false alarms the alerts of a year may hold."""
    return say(
        "Of all alerts of a year, at most {share} may be false on average: each new one has to show more evidence "
        "when many were raised.",
        share=percent(report.ledger.promised),
    )


def used(report: WeeklyReport) -> str:
    """Count the alerts of the year so far."""
    ledger = report.ledger
    return say(
        "This year so far: {opened} opened, {withdrawn} taken back; weekly reports: {weeks}.",
        opened=count(ledger.opened),
        withdrawn=count(ledger.withdrawn),
        weeks=count(ledger.weeks),
    )
