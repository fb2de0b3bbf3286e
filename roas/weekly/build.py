"""One week's report, from the account as it is read today and the history of earlier reports."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from roas.analysis.planning import optimize
from roas.analysis.run import analyze_account
from roas.errors import InputError, UsageError
from roas.language import say, spoken
from roas.weekly import currencies, fingerprint
from roas.weekly.alerts import alerts_of, open_alerts, verdicts_of
from roas.weekly.compared import compare
from roas.weekly.decisions import decisions
from roas.weekly.figures import figures
from roas.weekly.late import with_earlier_exports
from roas.weekly.notes import late_files, silent_channels
from roas.weekly.record import Alert, WeeklyReport
from roas.weekly.scores import ENDED, scores_of
from roas.weekly.stored import figures_document
from roas.weekly.told import told_since
from roas.weekly.week import Week, last_complete

if TYPE_CHECKING:
    import pandas as pd

    from roas.analysis.account import Account
    from roas.analysis.record import Analysis
    from roas.analysis.what_if import WhatIf
    from roas.history import History
    from roas.history.book import Week as Transaction
    from roas.io.load import Progress
    from roas.plan.score import Score


@dataclass(frozen=True)
class Known:
    """What the files say of a week in the days after it, and how far they reach.

    None for a week that is caught up with: its files already know what came later. `currency` is that of their money.
    """

    spend: pd.DataFrame | None
    shop: pd.DataFrame | None
    exported: dt.date
    currency: str | None


@dataclass(frozen=True)
class Made:
    """A report, and what the history is told of it.

    Attributes
    ----------
    report : WeeklyReport
    account : Account
        Up to the week's Sunday, as today's files have it.
    document : mapping
        The figures that the next report compares with.
    verdicts : list of mapping
        What the diagnosis said.
    known : Known
        What the files said of the week when it was reported first: on time, or not.
    """

    report: WeeklyReport
    account: Account
    document: Mapping[str, Any]
    verdicts: list[dict[str, Any]]
    scores: Mapping[int, Score]
    known: Known

    def note(self, into: Transaction, *, options: Mapping[str, Any]) -> None:
        """Tell the history of the report, inside one transaction of it."""
        report = self.report
        into.run(
            made=report.run.started,
            version=report.run.version,
            language=report.language,
            options=options,
            document=self.document,
            backfilled=not self.document["live"],
        )
        into.inputs(
            {
                "file": each.file, "sha256": each.sha256, "format": each.format, "rows_read": each.rows_read,
                "rows_used": each.rows_used, "start": each.start, "end": each.end,
            }
            for each in report.analysis.inputs
        )  # fmt: skip
        if self.known.spend is not None:
            into.snapshot(self.known.spend, self.known.shop)
        into.verdicts(self.verdicts)
        into.alerts(
            {
                "cause": each.cause, "channel": each.channel, "campaign": each.campaign, "since": each.since,
                "state": each.state, "level": each.level, "e_value": each.e_value,
            }
            for each in report.alerts
        )  # fmt: skip
        for number, each in self.scores.items():
            into.score(
                number,
                realised=each.realised.to_dict() if each.realised and each.state != "not_followed" else None,
                followed=each.spent.followed,
                document=each.to_dict(),
            )


def build(
    account: Account, week: Week, history: History, *, max_change: str = "30%", progress: Progress | None = None
) -> Made:
    """Make the report of one week, in the language in force.

    Parameters
    ----------
    account : Account
        Everything the files say, later weeks too.
    week : Week
    history : History
        Reports of earlier weeks; those of `week` and later ones are not looked at.
    max_change : str
        How far the plan may move a channel.
    """
    tell = progress or (lambda _: None)
    cut, late = account.until(week.sunday), week != last_complete(account.last_day)
    known = _known(account, cut, week, history)
    tell(f"{week}: analysing")
    analysis = analyze_account(with_earlier_exports(cut, history, str(week)), progress=progress)
    document = {
        **figures_document(analysis),
        "data": fingerprint.of_data(cut),
        "settings": fingerprint.of_settings(cut),
        "live": known.spend is not None,
        "exported_until": known.exported.isoformat(),
        "exported_in": known.currency,
    }
    tell(f"{week}: comparing with the last report")
    reports, currency = currencies.of_reports(history, str(week)), analysis.tables.currency
    compared = compare(account, week, history, document, reports=reports, progress=progress)
    said, earlier = verdicts_of(analysis.diagnosis), history.verdicts.through(str(week.previous))
    seen = [*currencies.in_own(earlier, reports, currency), *_dated(said, week)]
    alerts, ledger = alerts_of(seen, week)
    plans, elsewhere = currencies.plans_in(
        (each for each in history.plans.all() if each["data_end"] <= week.sunday), currency
    )
    scores = scores_of(analysis, plans, week)
    plan, doubts = _plan(analysis, max_change)
    return Made(
        report=WeeklyReport(
            week=week,
            language=spoken(),
            analysis=analysis,
            previous=compared.previous,
            figures=figures(analysis, week),
            changes=compared.changes,
            alerts=alerts,
            decisions=decisions(analysis, plans, week, scores=scores),
            ledger=ledger,
            plan=plan,
            notes=(
                *history.notes,
                *late_files(account, week, late=late),
                *silent_channels(cut, week),
                *compared.notes,
                *elsewhere,
                *doubts,
            ),
            run=analysis.run,
            corrections=compared.corrections,
            standing=_silent(open_alerts(seen, week), alerts),
            told=told_since(analysis.diagnosis, earlier, week),
            earlier_currency=compared.currency,
        ),
        account=cut,
        document=document,
        verdicts=said,
        scores={number: each for number, each in scores.items() if each.state in ENDED},
        known=known,
    )


def _known(account: Account, cut: Account, week: Week, history: History) -> Known:
    """Return what the files say of a week that is reported on time; of one made again later, what they said then."""
    exported = account.newest_day
    if week == last_complete(account.last_day):
        return Known(cut.tables.spend, cut.tables.revenue, exported, cut.tables.currency)
    before = history.runs.get(str(week))
    if before is None or str(week) not in history.snapshots.weeks():
        return Known(None, None, exported, None)
    spend, shop = history.snapshots.as_of(str(week)), history.snapshots.as_of(str(week), shop=True)
    then = before["document"]
    return Known(spend, shop, dt.date.fromisoformat(then["exported_until"]), currencies.of_snapshot(before))


def _dated(verdicts: list[dict[str, Any]], week: Week) -> list[dict[str, Any]]:
    return [{**each, "week": str(week)} for each in verdicts]


def _plan(analysis: Analysis, max_change: str) -> tuple[WhatIf | None, tuple[str, ...]]:
    """Look for the best split; the reason where there is none to look for."""
    try:
        return optimize(analysis, max_change=max_change), ()
    except (InputError, UsageError) as error:
        return None, (say("No plan: {reason}", reason=str(error).splitlines()[0]),)


def _silent(standing: tuple[Alert, ...], said: tuple[Alert, ...]) -> tuple[Alert, ...]:
    known = {(each.cause, each.channel, each.campaign) for each in said}
    return tuple(each for each in standing if (each.cause, each.channel, each.campaign) not in known)
