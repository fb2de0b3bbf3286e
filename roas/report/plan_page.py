"""One what-if → one HTML page on which money can be moved; it needs nothing else."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from roas.charts.causal_words import one
from roas.format import day, plural, visible
from roas.report import plan_words as words
from roas.report.page import _environment, _input
from roas.report.plan_data import as_json, plan_data
from roas.report.plan_moves import exact, sure
from roas.report.plan_summary import SCENARIOS, _cells, _signed, _sums
from roas.report.tables_page import Column, Table

if TYPE_CHECKING:
    from roas.analysis.what_if import WhatIf


def page(result: WhatIf) -> str:
    """Return ``index.html``.

    The answer stands on it as text and tables; where the estimates may
    decide something, its one script adds the sliders. Nothing is loaded, and
    no other script may run: the page allows this one by its fingerprint.
    """
    return _environment().get_template("plan.html.j2").render(**context(result))


def context(result: WhatIf) -> dict[str, Any]:
    """Return everything the template shows, as words."""
    from markupsafe import Markup

    plan, window, run = result.plan, result.analysis.window, result.run
    data = plan_data(result)
    code = "" if data is None else script()
    gains = words.gains(result, plan)
    return {
        "title": f"What if: {plural(len(plan.moves), 'channel')}, {day(window['start'])} to {day(window['end'])}",
        "period": f"{day(window['start'])} – {day(window['end'])}",
        "scope": [
            plural(len(plan.moves), "channel"),
            result.analysis.tables.currency or "currency not named",
            f"a plan for {plural(plan.weeks, 'week')}, money per week",
        ],
        "verdict": words.verdict(result, plan),
        "comparison": words.comparison(result) if result.compared else "",
        "lead": gains[0] if gains else "",
        "gains": gains[1:],
        "cautions": words.cautions(result, plan),
        "caution": words.CAUTION if words.converged(result) else "",
        "one": one(result.analysis.tables.currency),
        "plan": _plan(result),
        "scenarios": _scenarios(result) if result.compared else None,
        "by_week": plan.by_week is not None,
        "profit": result.analysis.margin is not None,
        "data": None if data is None else Markup(as_json(data)),
        "script": Markup(code),
        "fingerprint": fingerprint(code),
        "notes": [visible(note) for note in result.notes],
        "inputs": [_input(report) for report in result.analysis.inputs],
        "run": f"Made by roas {run.version}, started {run.started}, {run.seconds:.3f} s.",
    }


@cache
def script() -> str:
    """Return the page's script, as it stands between its tags."""
    return files("roas.report").joinpath("templates/plan.js").read_text(encoding="utf-8").replace("\r\n", "\n")


def fingerprint(code: str) -> str:
    """Return what a page's security policy knows a script by."""
    return "sha256-" + base64.b64encode(hashlib.sha256(code.encode()).digest()).decode("ascii")


def _plan(result: WhatIf) -> Table:
    """Return every channel: now, planned, change, the next unit of money."""
    currency = result.analysis.tables.currency
    columns = [
        Column("channel", "Channel", text=True), Column("now", "Now"), Column("planned", "Planned"),
        Column("change", "Change"), Column("share", "Change, %"),
        Column("next", f"Next {one(currency)} brings", "at the planned spend; 90 % interval"),
    ]  # fmt: skip
    rows = [[visible(move.channel), *_cells(result, move, currency)] for move in result.plan.moves]
    total = ["Total", *_sums(result.plan.moves, currency), ""]
    return Table("The plan, channel by channel, per week", columns, rows, rest=total)


def _scenarios(result: WhatIf) -> Table:
    """Return every scenario, best first."""
    currency, profit = result.analysis.tables.currency, result.analysis.margin is not None
    columns = [
        Column("scenario", "Scenario", text=True), Column("spend", "Spend"), Column("change", "Change"),
        Column("brings", "Profit" if profit else "Revenue", "change per week"), Column("range", "90 % interval"),
        Column("better", "Beats today"),
    ]  # fmt: skip
    rows = []
    for plan in result.order[:SCENARIOS]:
        q = plan.profit_change if profit and plan.profit_change is not None else plan.revenue_change
        rows.append([
            visible(plan.name), exact(plan.total, currency), _signed(plan.total - result.today.total, currency),
            _signed(q.p50, currency), f"{_signed(q.p5, currency)} to {_signed(q.p95, currency)}",
            "held" if plan.held else sure(plan.probability_better),
        ])  # fmt: skip
    more = len(result.order) - SCENARIOS
    rest = [plural(more, "other"), *[""] * 5] if more > 0 else ()
    return Table("Scenarios, best first, per week", columns, rows, rest=rest)
