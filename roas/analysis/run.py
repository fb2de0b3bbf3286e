"""Run the layers: read, merge, add up, diagnose."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from roas import __version__
from roas.analysis import credited
from roas.analysis.causal import estimate
from roas.analysis.options import Options
from roas.analysis.record import Analysis, Run
from roas.analysis.unsteady import immature_notes, maturity_of, measure, odd_notes
from roas.diagnosis.runner import diagnose
from roas.errors import InputError, UsageError
from roas.io.load import FileReport, Loaded, LoadOptions, Progress, merge_files, read_files
from roas.metrics import common_days
from roas.tables import Tables, has_values
from roas.tags import read_tags, suggest_tags


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
    import pandas as pd

    began, started = time.perf_counter(), datetime.now(UTC)
    if margin is not None and not 0 < margin <= 1:
        raise UsageError(
            f"--margin {margin} is no contribution margin: give a share above 0 and up to 1, for example 0.6."
        )
    try:
        chosen = Options(as_of=as_of, **options).load_options()
    except TypeError as error:
        raise UsageError(str(error).replace("Options.__init__()", "analyze()")) from None
    labels = read_tags(tags) if tags else suggest_tags()
    loaded = read_files(spend, revenue, options=_of_spend(chosen, journeys), progress=progress)
    tables = merge_files(loaded, chosen)
    touched, traced = (None, []) if journeys is None else credited.read(journeys, chosen, progress)
    beside = _experiments(experiments, chosen)
    tests = pd.concat(beside.experiments, ignore_index=True) if beside.experiments else None
    if progress:
        progress("adding up")
    run = Run(__version__, started.isoformat(timespec="seconds"), 0.0)
    response, doubts = estimate(tables, tests, margin=margin, progress=progress) if model else (None, ())
    maturity = maturity_of(tables)
    notes = (*tables.notes, *_revenue_notes(tables), *immature_notes(maturity), *doubts)
    if progress:
        progress("measuring what is luck")
    volatility, changes = measure(tables, maturity, margin=margin, response=response)
    if touched is not None and progress:
        progress("sharing out credit")
    result = Analysis(
        tables=tables,
        inputs=_in_order(loaded, [*traced, *beside.reports]),
        margin=margin,
        tags=labels,
        diagnosis=diagnose(
            tables,
            tags=labels,
            margin=margin,
            response=response,
            volatility=volatility,
            maturity=maturity,
        ),
        run=run,
        notes=(*notes, *odd_notes(volatility)),
        response=response,
        volatility=volatility,
        changes=changes,
        maturity=maturity,
        credited=None if touched is None else credited.credited(tables, touched, traced, response),
    )
    seconds = round(time.perf_counter() - began, 3)
    object.__setattr__(result, "run", Run(__version__, run.started, seconds))
    return result


def _in_order(loaded: Loaded, beside: list[FileReport]) -> tuple[FileReport, ...]:
    return tuple(r for r in [*loaded.reports, *beside] if not r.passed_over)


def _of_spend(options: LoadOptions, journeys: Any) -> LoadOptions:
    """Leave out what ``--map`` says of columns that journeys alone have: no other file need have them."""
    if journeys is None:
        return options
    from roas.io.platforms.generic import DAILY_REVENUE, JOURNEYS, LONG, ORDER_ROWS, PATHS

    others = {name for layout in (LONG, DAILY_REVENUE, ORDER_ROWS) for name in layout.columns}
    theirs = {name for layout in (JOURNEYS, PATHS) for name in layout.columns} - others
    kept = {name: heads for name, heads in options.columns.mapping.items() if name not in theirs}
    return replace(options, columns=replace(options.columns, mapping=kept))


def _experiments(given: Any, options: LoadOptions) -> Loaded:
    """Read lift tests."""
    found = Loaded()
    if given is None:
        return found
    read = read_files(given, options=options)
    for report in read.reports:
        if report.findings.errors and report.format in (None, "experiments"):
            raise InputError(report.findings.errors[0].sentence(report.file))
        if report.role != "experiments":
            raise UsageError(
                f"{report.file}: --experiments expects lift tests (channel, start, end, incremental_revenue, "
                f"standard_error); this reads as {report.format}."
            )
        if report.findings.errors:
            raise InputError(report.findings.errors[0].sentence(report.file))
    found.reports += read.reports
    found.experiments += read.experiments
    return found


def _revenue_notes(tables: Tables) -> list[str]:
    """Say where revenue and spend do not cover the same dates."""
    revenue = tables.revenue
    if revenue is None or not has_values(revenue, "revenue"):
        return ["No shop revenue: ROAS here is what platforms claim; what money really causes cannot be told."]
    known = revenue.dropna(subset=["revenue"])["date"]
    spend = tables.spend["date"]
    notes = []
    outside = int(((known < spend.min()) | (known > spend.max())).sum())
    if outside:
        notes.append(f"{outside} dates of revenue lie outside the dates of spend and are not counted.")
    if known.min() > spend.min() or known.max() < spend.max():
        start, end = common_days(tables.spend, revenue)
        if start > end:
            notes.append("Revenue and spend share no date: MER cannot be told.")
        else:
            dates = f"{start.date()} to {end.date()}"
            notes.append(f"Revenue covers {dates} only: MER and the over-claim ratio are over those dates.")
    return notes
