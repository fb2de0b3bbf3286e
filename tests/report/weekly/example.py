"""One weekly report made by hand: nothing is fitted, every figure and sentence of others is given."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from functools import cache
from types import SimpleNamespace
from typing import Any

import roas
from roas.analysis.asked import Asked
from roas.analysis.record import Run
from roas.analysis.what_if import WhatIf
from roas.plan.evaluate import evaluate
from roas.quantiles import Q
from roas.weekly.record import Alert, Change, Decision, Figure, Ledger, WeeklyReport
from roas.weekly.week import Week
from tests.plan.made import made
from tests.report import conftest as accounts
from tests.report.diagnosis_example import diagnosis

#: The last week of the made-up account: 130 days from 6 January 2025 end on Thursday 15 May.
WEEK = Week.parse("2025-W19")

NAMES = (
    "Search",
    "Meta",
    "=cmd|' /C calc'!A0",
    "<script>alert(1)</script>",
    "\u202eevil\x1b[31m",
    "*a* _b_ `c` [d](e)",
)


@cache
def analysis() -> roas.Analysis:
    """An account of 18 weeks whose channels have names that would like to run."""
    found = roas.analyze(
        accounts.spend(NAMES, days=126), accounts.revenue(126), currency="EUR", margin=0.5, model=False
    )
    channels = [accounts.channel(name) for name in NAMES[:2]]
    unknown = accounts.channel(NAMES[2], state="unknown", probability=0.4, identified="not identified")
    return replace(accounts.believed(found, *channels, unknown), diagnosis=diagnosis())


def what_if(found: roas.Analysis, *, sliders: bool = False) -> WhatIf:
    """A plan that moves 50 a week from Search to Meta; with curves to move money on, where sliders are wanted."""
    model, today = made(NAMES[:3], n=200)
    plan = evaluate(model, today, {"Search": today.spend[0] - 50.0, "Meta": today.spend[1] + 50.0}, margin=0.5)
    if sliders:
        response: Any = SimpleNamespace(curves=model.curves, data=model.data, converged=True)
        found = replace(found, response=response)
    return WhatIf(found, today, (Asked("", optimize=True),), (plan,), plan, Run("1", "2026", 0.1))


def alert(state: Any, cause: str = "creative_fatigue", channel: str | None = "Meta", **changes: Any) -> Alert:
    """An alert since 12 May 2025, with evidence of 81 where 30 was asked for."""
    made_up = Alert(
        cause, channel, None, dt.date(2025, 5, 12), state, Week.parse("2025-W17"), 0.9, Q(400.0, 1200.0, 2100.0), 81.0, 30.0
    )  # fmt: skip
    return replace(made_up, **changes)


def decision(state: Any = "scored", realised: Q | None = None, **changes: Any) -> Decision:
    """A plan of four weeks that was to bring 1,400 a week."""
    made_up = Decision(
        dt.date(2025, 3, 1), "Mai", "Move money", 4, dt.date(2025, 3, 3), Q(200.0, 1400.0, 3100.0), realised, 0.93,
        state, "Measured over four weeks.",
    )  # fmt: skip
    return replace(made_up, **changes)


FIGURES = (
    Figure("spend", "money", 980.0, 890.0, 800.0, 1000.0),
    Figure("revenue", "money", 3500.0, 3600.0, 3200.0, 3900.0),
    Figure("mer", "ratio", 3.57, 4.04, 3.2, 4.4),
    Figure("conversions", "count", 168.0, 168.0),
)

CHANGES = (
    Change("spend", None, 16_000.0, 16_980.0, "new_data", "money"),
    Change("claimed_revenue", NAMES[3], 900.0, 940.0, "restated_data", "money"),
    Change("mer", None, 4.04, 3.57, "real", "ratio"),
    Change("saturation", "Meta", "efficient", "saturated", "model", "word"),
)


def weekly_report(**changes: Any) -> WeeklyReport:
    """The report of week 19: an alert of each state, a change of each reason, decisions, a plan."""
    found = analysis()
    made_up = WeeklyReport(
        week=WEEK,
        language="en",
        analysis=found,
        previous=WEEK.previous,
        figures=FIGURES,
        changes=CHANGES,
        alerts=(
            alert("confirmed", "conversion_rate_drop", None, effect_per_week=Q(-90.0, 610.0, 1300.0)),
            alert("opened"),
            alert("withdrawn", "auction_inflation", NAMES[3], effect_per_week=None, e_value=0.4),
        ),
        decisions=(
            decision("running", name=NAMES[3], followed=None),
            decision(realised=Q(-900.0, 1900.0, 4600.0)),
            decision("not_followed", who=NAMES[4]),
        ),
        ledger=Ledger(0.1, 3, 1, 19),
        plan=what_if(found),
        notes=("Week 17 was made late.",),
        run=Run("0.9.0", "2025-05-12T06:00:00Z", 12.0),
    )
    return replace(made_up, **changes)
