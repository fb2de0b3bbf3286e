"""One what-if → one HTML page on which money can be moved; it needs nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from roas.calendar import last_day
from roas.charts.causal_words import one
from roas.format import day, plural, say_many, visible
from roas.language import say, spoken
from roas.report import plan_words as words
from roas.report.page import _environment, _input
from roas.report.plan_moves import exact, sure
from roas.report.plan_sliders import fingerprint, plan_context, script
from roas.report.plan_summary import SCENARIOS, _cells, _signed, _sums, between, others
from roas.report.plan_waits import other_waits
from roas.report.tables_page import Column, Table

if TYPE_CHECKING:
    from roas.analysis.what_if import WhatIf

__all__ = ["context", "fingerprint", "page", "plan_context", "script"]


def page(result: WhatIf) -> str:
    """Return ``index.html``, in the language in force.

    The answer stands on it as text and tables; where the estimates may
    decide something, its one script adds the sliders. Nothing is loaded, and
    no other script may run: the page allows this one by its fingerprint.
    """
    return _environment().get_template("plan.html.j2").render(**context(result))


def context(result: WhatIf) -> dict[str, Any]:
    """Return everything the template shows, as words."""
    plan, window, run = result.plan, result.analysis.window, result.run
    start, end = day(window["start"]), day(last_day(window))
    gains = words.gains(result, plan)
    inputs = [_input(report) for report in result.analysis.inputs]
    channels, weeks = plural(len(plan.moves), "channel"), plural(plan.weeks, "week")
    return plan_context(result) | {
        "language": spoken(),
        "title": say("What if: {channels}, {start} to {end}", channels=channels, start=start, end=end),
        "period": f"{start} – {end}",
        "scope": [
            channels,
            result.analysis.tables.currency or say("currency not named"),
            say("a plan for {weeks}, money per week", weeks=weeks),
        ],
        "verdict": words.verdict(result, plan),
        "comparison": words.comparison(result) if result.compared else "",
        "lead": gains[0] if gains else "",
        "gains": gains[1:],
        "cautions": [*other_waits(result, plan), *words.cautions(result, plan)],
        "caution": words.caution(result),
        "plan": _plan(result),
        "scenarios": _scenarios(result) if result.compared else None,
        "notes": words.notes(result),
        "inputs": inputs,
        "sources": say_many(
            "Where this comes from: {number} file, with their fingerprints",
            "Where this comes from: {number} files, with their fingerprints",
            len(inputs),
        ),
        "run": say(
            "Made by roas {version}, started {started}, {seconds} s.",
            version=run.version,
            started=run.started,
            seconds=f"{run.seconds:.3f}",
        ),
    }


def _plan(result: WhatIf) -> Table:
    """Return every channel: now, planned, change, the next unit of money."""
    currency = result.analysis.tables.currency
    columns = [
        Column("channel", say("Channel"), text=True),
        Column("now", say("Now")),
        Column("planned", say("Planned")),
        Column("change", say("Change")),
        Column("share", say("Change, %")),
        Column("next", say("Next {unit} brings", unit=one(currency)), say("at the planned spend; 90 % interval")),
    ]
    rows = [[visible(move.channel), *_cells(result, move, currency)] for move in result.plan.moves]
    total = [say("Total"), *_sums(result.plan.moves, currency), ""]
    return Table(say("The plan, channel by channel, per week"), columns, rows, rest=total)


def _scenarios(result: WhatIf) -> Table:
    """Return every scenario, best first."""
    currency, profit = result.analysis.tables.currency, result.analysis.margin is not None
    columns = [
        Column("scenario", say("Scenario"), text=True),
        Column("spend", say("Spend")),
        Column("change", say("Change")),
        Column("brings", say("Profit") if profit else say("Revenue"), say("change per week")),
        Column("range", say("90 % interval")),
        Column("better", say("Beats today")),
    ]
    rows = []
    for plan in result.order[:SCENARIOS]:
        q = plan.profit_change if profit and plan.profit_change is not None else plan.revenue_change
        rows.append([
            visible(plan.name), exact(plan.total, currency), _signed(plan.total - result.today.total, currency),
            _signed(q.p50, currency), between(q, currency),
            say("held") if plan.held else sure(plan.probability_better),
        ])  # fmt: skip
    more = len(result.order) - SCENARIOS
    rest = [others(more), *[""] * 5] if more > 0 else ()
    return Table(say("Scenarios, best first, per week"), columns, rows, rest=rest)
