"""The first sentence of the week, and the one after it: what is happening, where money should go."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from roas.format import money
from roas.language import say
from roas.report import finding_words, plan_words
from roas.report.weekly.names import amount, label, noun

if TYPE_CHECKING:
    from roas.diagnosis.results import Finding
    from roas.weekly.record import Alert, Figure, WeeklyReport


def finding_of(alert: Alert, report: WeeklyReport) -> Finding | None:
    """Return the finding of this week's analysis that an alert is about; None where there is none any more."""
    where = (alert.cause, alert.channel, alert.campaign)
    found = report.analysis.diagnosis.findings
    return next((each for each in found if (each.cause, each.channel, each.campaign) == where), None)


def alert_title(alert: Alert, report: WeeklyReport) -> str:
    """Name what an alert is about: by its finding, else by cause and place."""
    found = finding_of(alert, report)
    if found is not None:
        return finding_words.title(found)
    where = finding_words.place(alert.channel, alert.campaign)
    cause = finding_words.cause_name(alert.cause)
    return say("{cause} ({place})", cause=cause, place=where) if where else cause


def verdict(report: WeeklyReport) -> str:
    """Say in one sentence what this week brought: an alert, an unusual figure, what is still wrong, or nothing."""
    for state in ("opened", "confirmed"):
        alert = _costliest([each for each in report.alerts if each.state == state])
        if alert is not None:
            return _alerted(alert, report)
    odd = next((each for each in report.figures[:3] if each.unusual), None)
    if odd is not None:
        return _unusual(odd, report)
    return finding_words.headline(report.analysis) or _ordinary(report)


def _costliest(alerts: Sequence[Alert]) -> Alert | None:
    return max(alerts, key=lambda a: a.effect_per_week.p50 if a.effect_per_week else 0.0, default=None)


def _alerted(alert: Alert, report: WeeklyReport) -> str:
    """Say what an alert is about and what it costs."""
    title, effect = alert_title(alert, report), alert.effect_per_week
    new = alert.state == "opened"
    if effect is None or not finding_words.costs(effect):
        return (
            say("{finding}. This is new.", finding=title) if new else say("{finding}. That still holds.", finding=title)
        )
    currency = report.analysis.tables.currency
    said = {
        "finding": title,
        "amount": money(effect.p50, currency),
        "low": money(effect.p5, currency),
        "high": money(effect.p95, currency),
    }
    if report.analysis.margin is not None:
        if new:
            return say(
                "{finding}. New this week, it costs {amount} of profit a week (90 % range {low} to {high}).", **said
            )
        return say(
            "{finding}. That still holds and costs {amount} of profit a week (90 % range {low} to {high}).", **said
        )
    if new:
        return say(
            "{finding}. New this week, it costs {amount} of revenue a week (90 % range {low} to {high}).", **said
        )
    return say("{finding}. That still holds and costs {amount} of revenue a week (90 % range {low} to {high}).", **said)


def _unusual(figure: Figure, report: WeeklyReport) -> str:
    return say(
        "An unusual week: {figure} at {value}, while nine weeks in ten lie between {low} and {high}.",
        **_words(figure, report),
    )


def _ordinary(report: WeeklyReport) -> str:
    """Say that nothing stands out, and no more than is known."""
    main = main_figure(report)
    if main is None or main.value is None:
        return say("The files say nothing of this week.")
    if main.low is not None and main.high is not None:
        return say(
            "An ordinary week: {figure} at {value}, inside the {low} to {high} that nine weeks in ten bring.",
            **_words(main, report),
        )
    if main.before is not None:
        return say(
            "{figure}: {value}, after {before} the week before. Too few weeks to say what is usual.",
            **(_words(main, report) | {"figure": label(main.name)}),
        )
    words = _words(main, report) | {"figure": label(main.name)}
    return say("{figure}: {value}. Too few weeks to say what is usual.", **words)


def main_figure(report: WeeklyReport) -> Figure | None:
    """Return the return on spend, where it is known, else the first figure that is."""
    known = [each for each in report.figures if each.value is not None]
    ratios = [each for each in known[:3] if each.unit == "ratio"]
    return next(iter([*ratios, *known]), None)


def _words(figure: Figure, report: WeeklyReport) -> dict[str, str]:
    currency = report.analysis.tables.currency
    found = {name: amount(getattr(figure, name), figure.unit, currency) for name in ("value", "before", "low", "high")}
    return {"figure": noun(figure.name), **found}


def lead(report: WeeklyReport) -> str:
    """Say where money should go; why that cannot be said, where it cannot."""
    plan = report.plan
    if plan is not None:
        return plan_words.verdict(plan, plan.plan)
    if report.analysis.totals["revenue"] is None:
        return say("Where money should go cannot be told without the shop's revenue.")
    return say("Where money should go cannot be told: what spend causes is not estimated here.")
