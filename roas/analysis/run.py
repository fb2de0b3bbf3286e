"""Run the layers: read, merge, add up, diagnose."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from roas import __version__
from roas.analysis import credited
from roas.analysis.account import Account, read_account
from roas.analysis.causal import estimate
from roas.analysis.record import Analysis, Run
from roas.analysis.unsteady import immature_notes, maturity_of, measure, odd_notes
from roas.diagnosis.results import Diagnosis
from roas.diagnosis.runner import diagnose
from roas.format import say_many
from roas.language import say
from roas.metrics import common_days
from roas.tables import Tables, has_values

if TYPE_CHECKING:
    from roas.io.load import Progress
    from roas.response import ResponseResults


def analyze(
    spend: Any,
    revenue: Any = None,
    *,
    journeys: Any = None,
    experiments: Any = None,
    margin: float | None = None,
    as_of: str | date | None = None,
    tags: str | None = None,
    model: bool = True,
    progress: Progress | None = None,
    **options: Any,
) -> Analysis:
    """Analyse an advertising account.

    Parameters
    ----------
    spend : path, DataFrame, or a sequence of them
        Exports of ad platforms, tables with date, channel and spend, folders,
        globs, ``-``, or database URLs. Shop exports among them are found.
    revenue : path, DataFrame, or a sequence of them, optional
        The shop's revenue.
    journeys : path, DataFrame, or a sequence of them, optional
        Touchpoints or paths, as `roas.attribute` takes them: what they credit
        is put beside what platforms claim and what spend causes.
    experiments : path or DataFrame, optional
        Lift tests: channel, start, end, incremental_revenue, standard_error,
        perhaps spend_change and geo. They anchor the response model.
    margin : float, optional
        Contribution margin in (0, 1].
    as_of : date or str, optional
        Leave out everything after this date.
    tags : path, optional
        Labels for campaigns, see `roas.tags.read_tags`.
    model : bool
        Estimate what spend causes, where there is revenue.
    **options
        ``map``, ``platform``, ``channel``, ``currency``, ``fx``,
        ``date_format``, ``decimal``, ``credits``, ``micros``, ``grain``,
        ``overlap``: as on the command line.

    Returns
    -------
    Analysis

    Raises
    ------
    InputError
        A file that cannot be used: where, what, and the next step.
    UsageError
        An option that cannot be honoured.
    """
    began, started = time.perf_counter(), datetime.now(UTC)
    account = read_account(
        spend,
        revenue,
        journeys=journeys,
        experiments=experiments,
        margin=margin,
        tags=tags,
        options={"as_of": as_of, **options},
        progress=progress,
    )
    return analyze_account(account, model=model, began=began, started=started, progress=progress)


def analyze_account(
    account: Account,
    *,
    model: bool = True,
    explain: bool = True,
    began: float | None = None,
    started: datetime | None = None,
    progress: Progress | None = None,
) -> Analysis:
    """Analyse what was read: estimate, measure, diagnose.

    Parameters
    ----------
    model : bool
        Estimate what spend causes, where there is revenue.
    explain : bool
        Say what went wrong; without it the diagnosis is empty.
    began, started
        When the run began: `time.perf_counter`, and the clock in UTC; now by default.
    """
    tell = progress or (lambda _: None)
    began, started = began or time.perf_counter(), started or datetime.now(UTC)
    tables, margin = account.tables, account.margin
    tell("adding up")
    response, doubts = estimate(tables, account.tests, margin=margin, progress=progress) if model else (None, ())
    maturity = maturity_of(tables, account.exported)
    tell("measuring what is luck")
    volatility, changes = measure(tables, maturity, margin=margin, response=response)
    if account.journeys is not None:
        tell("sharing out credit")
    result = Analysis(
        tables=tables,
        inputs=account.inputs,
        margin=margin,
        tags=account.tags,
        diagnosis=diagnose(
            tables,
            tags=account.tags,
            margin=margin,
            response=response,
            volatility=volatility,
            maturity=maturity,
        )
        if explain
        else Diagnosis((), ()),
        run=Run(__version__, started.isoformat(timespec="seconds"), 0.0),
        notes=(
            *tables.notes, *_revenue_notes(tables), *immature_notes(maturity), *doubts, *odd_notes(volatility)
        ),
        response=response,
        volatility=volatility,
        changes=changes,
        maturity=maturity,
        credited=_credited(account, response),
    )  # fmt: skip
    seconds = round(time.perf_counter() - began, 3)
    return replace(result, run=Run(__version__, result.run.started, seconds))


def _credited(account: Account, response: ResponseResults | None) -> credited.Credited | None:
    if account.journeys is None:
        return None
    return credited.credited(account.tables, account.journeys, account.traced, response)


def _revenue_notes(tables: Tables) -> list[str]:
    """Say where revenue and spend do not cover the same dates."""
    revenue = tables.revenue
    if revenue is None or not has_values(revenue, "revenue"):
        return [say("No shop revenue: ROAS here is what platforms claim; what money really causes cannot be told.")]
    known = revenue.dropna(subset=["revenue"])["date"]
    spend = tables.spend["date"]
    notes = []
    outside = int(((known < spend.min()) | (known > spend.max())).sum())
    if outside:
        notes.append(say_many(
            "{number} date of revenue lies outside the dates of spend and is not counted.",
            "{number} dates of revenue lie outside the dates of spend and are not counted.", outside,
        ))  # fmt: skip
    if known.min() > spend.min() or known.max() < spend.max():
        start, end = common_days(tables.spend, revenue)
        if start > end:
            notes.append(say("Revenue and spend share no date: MER cannot be told."))
        else:
            notes.append(say(
                "Revenue covers {start} to {end} only: MER and the over-claim ratio are over those dates.",
                start=start.date(), end=end.date(),
            ))  # fmt: skip
    return notes
