"""The first sentence of the week, and the one after it: what is happening, where money should go."""

from __future__ import annotations

import datetime as dt
from collections.abc import Container, Sequence
from typing import TYPE_CHECKING, Final

from roas.format import day, money
from roas.language import say
from roas.report import finding_words, plan_total, plan_words
from roas.report.plan_moves import moved
from roas.report.weekly import advice
from roas.report.weekly.headline_sentences import (
    ANY_ORDINARY,
    ANY_UNUSUAL,
    COSTLESS,
    ORDINARY,
    PROFIT,
    REVENUE,
    UNUSUAL,
)
from roas.report.weekly.names import amount, label
from roas.report.weekly.numbers import SHOWN, incomplete, state_of

if TYPE_CHECKING:
    from roas.analysis.what_if import WhatIf
    from roas.diagnosis.results import Diagnosis, Finding
    from roas.plan.results import Plan
    from roas.weekly.record import Alert, Change, Figure, WeeklyReport


#: Probability from which a finding that is not proven is said beside the verdict: it is likelier true than not.
LIKELY: Final = 0.5

#: A new alert whose loss began earlier than the week before is not "new this week": evidence takes weeks to add up.
LONG_AGO: Final = dt.timedelta(days=7)


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
    """Say what this week brought: an alert, an unusual figure, what is wrong, different or likely, or nothing."""
    return _news(report) or _ordinary(report)


def _news(report: WeeklyReport) -> str:
    """Say what makes this week other than ordinary; nothing where nothing does."""
    alert = speaking_alert(report)
    if alert is not None:
        return _alerted(alert, report)
    odd = next((each for each in report.figures[:3] if each.unusual), None)
    if odd is not None:
        return _unusual(odd, report)
    proven = finding_words.headline(report.analysis)
    if proven is not None:
        return proven
    finding = likely(report.analysis.diagnosis)
    return " ".join(filter(None, (_different(report), "" if finding is None else _likely(finding, report))))


def speaking_alert(report: WeeklyReport) -> Alert | None:
    """Return the alert that has the first word: the costliest new one, else the costliest that holds."""
    for state in ("opened", "confirmed"):
        alert = _costliest([each for each in report.alerts if each.state == state])
        if alert is not None:
            return alert
    return None


def _costliest(alerts: Sequence[Alert]) -> Alert | None:
    return max(alerts, key=lambda a: a.effect_per_week.p50 if a.effect_per_week else 0.0, default=None)


def likely(diagnosis: Diagnosis) -> Finding | None:
    """Return the costliest finding that is not proven, but likelier true than not, and costs money; None without one."""
    found = [
        each
        for each in diagnosis.findings
        if each.verdict == "possible" and each.probability >= LIKELY and finding_words.costs(each.effect_per_week)
    ]
    return max(found, key=lambda each: each.effect_per_week.p50, default=None)


# ---- an alert --------------------------------------------------------------------------------


def _alerted(alert: Alert, report: WeeklyReport) -> str:
    """Say what an alert is about and what it costs; of a new one that began long ago, since when."""
    effect, currency = alert.effect_per_week, report.analysis.tables.currency
    said = {"finding": alert_title(alert, report)}
    old = alert.state == "opened" and alert.since < report.week.monday - LONG_AGO
    if old:
        said["date"] = day(alert.since)
    kind = "old" if old else alert.state
    if effect is None or not finding_words.costs(effect):
        return say(COSTLESS[kind], **said)
    said |= {
        "amount": money(effect.p50, currency),
        "low": money(effect.p5, currency),
        "high": money(effect.p95, currency),
    }
    return say((REVENUE if report.analysis.margin is None else PROFIT)[kind], **said)


# ---- no alert --------------------------------------------------------------------------------


def _unusual(figure: Figure, report: WeeklyReport) -> str:
    return say(UNUSUAL.get(figure.name, ANY_UNUSUAL), **_words(figure, report, UNUSUAL))


def really_different(report: WeeklyReport) -> list[Change]:
    """Return the account's figures that luck seldom moves so far from the last report."""
    return [each for each in report.changes if each.because == "real" and each.channel is None]


def _different(report: WeeklyReport) -> str:
    """Name the account's figures that are really different from the last report; nothing where none is."""
    currency = report.analysis.tables.currency
    said = [
        say(
            "{figure} {before} → {after}",
            figure=label(each.figure),
            before=amount(each.before, each.unit, currency),
            after=amount(each.after, each.unit, currency),
        )
        for each in really_different(report)
    ]
    if not said:
        return ""
    return say("Really different from the last report, beyond luck: {figures}.", figures="; ".join(said))


def _likely(finding: Finding, report: WeeklyReport) -> str:
    """Say what is likely, not proven, and that the figures of the week show nothing, where they can."""
    said = {
        "finding": finding_words.title(finding),
        "amount": money(finding.effect_per_week.p50, report.analysis.tables.currency),
    }
    profit, ordinary = report.analysis.margin is not None, _is_ordinary(report) and _edge(report) is None
    if ordinary and profit:
        return say(
            "By its figures an ordinary week, but something is likely wrong, though not proven. "
            "{finding}, which would cost {amount} of profit a week.",
            **said,
        )
    if ordinary:
        return say(
            "By its figures an ordinary week, but something is likely wrong, though not proven. "
            "{finding}, which would cost {amount} of revenue a week.",
            **said,
        )
    if profit:
        return say("{finding}. That is likely, not proven, and would cost {amount} of profit a week.", **said)
    return say("{finding}. That is likely, not proven, and would cost {amount} of revenue a week.", **said)


def _is_ordinary(report: WeeklyReport) -> bool:
    main = main_figure(report)
    ranged = main is not None and main.low is not None and main.high is not None
    return ranged and not really_different(report)


def _edge(report: WeeklyReport) -> Figure | None:
    """Return the figure in sight that is said to lie just outside the usual, the main one first; None without one."""
    shown = filter(None, (main_figure(report), *report.figures[:SHOWN]))
    return next((each for each in shown if state_of(each, report) == "edge"), None)


def _ordinary(report: WeeklyReport) -> str:
    """Say that nothing stands out, and no more than is known."""
    main = main_figure(report)
    if main is None or main.value is None:
        return say("The files say nothing of this week.")
    edge = _edge(report)
    if _is_ordinary(report) and edge is not None:
        return say(
            "No figure stands out: luck brings such a week. {figure}: {value}, just outside the {low} to {high} that "
            "nine weeks in ten bring.",
            **_words(edge, report),
        )
    if _is_ordinary(report):
        return say(ORDINARY.get(main.name, ANY_ORDINARY), **_words(main, report, ORDINARY))
    words = _words(main, report)
    if incomplete(main, report):
        return say("{figure}: {value} so far. Sales of this week are still arriving: too early to judge.", **words)
    if main.before is not None:
        return say("{figure}: {value}, after {before} the week before. Too few weeks to say what is usual.", **words)
    return say("{figure}: {value}. Too few weeks to say what is usual.", **words)


def main_figure(report: WeeklyReport) -> Figure | None:
    """Return the return on spend, where it is known, else the first figure that is."""
    known = [each for each in report.figures if each.value is not None]
    ratios = [each for each in known[:3] if each.unit == "ratio"]
    return next(iter([*ratios, *known]), None)


def _words(figure: Figure, report: WeeklyReport, named: Container[str] = ()) -> dict[str, str]:
    """Return the fields of a sentence on a figure; its name too, where the sentence does not hold it."""
    currency = report.analysis.tables.currency
    found = {name: amount(getattr(figure, name), figure.unit, currency) for name in ("value", "before", "low", "high")}
    return found if figure.name in named else {"figure": label(figure.name), **found}


# ---- where money should go -------------------------------------------------------------------


def lead(report: WeeklyReport) -> str:
    """Say where money should go; why that cannot be said, where it cannot."""
    plan = report.plan
    if plan is not None:
        still = plan.plan.held and not moved(plan.plan) and not advice.only_channel(plan.plan)
        if still and _tells_of_a_loss(report):
            return _held(plan.plan)
        return " ".join(filter(None, (advice.verdict(report, plan), _unpaid(report, plan))))
    if report.analysis.totals["revenue"] is None:
        return say("Where money should go cannot be told without the shop's revenue.")
    return say("Where money should go cannot be told: what spend causes is not estimated here.")


def _unpaid(report: WeeklyReport, plan: WhatIf) -> str:
    """Say that no channel's next unit of money earns itself back, where all else sounds like "all is well"."""
    if _news(report) or plan_total.total_state(plan, plan.plan) != "none_pays":
        return ""
    return plan_total.total_words(plan, plan.plan)


def _tells_of_a_loss(report: WeeklyReport) -> bool:
    """Return whether something lost has the first word, beside which "keep today's split" would sound like "all is well"."""
    if speaking_alert(report) is not None:
        return True
    if any(each.unusual for each in report.figures[:3]):
        return False
    diagnosis = report.analysis.diagnosis
    return finding_words.costliest(diagnosis) is not None or likely(diagnosis) is not None


def _held(plan: Plan) -> str:
    """Say that money stays where it is in spite of what is lost, and why; nothing where that is not known."""
    reasons = plan_words.why_held(plan)
    if not reasons:
        return ""
    said = say("Where the money would do better is not known well enough to move any of it.")
    return " ".join((said, *reasons))
