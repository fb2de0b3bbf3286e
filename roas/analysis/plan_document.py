"""A what-if → the contract's ``plan.json`` and its tables, in plain types."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from roas.analysis.document import input_document, plain
from roas.analysis.waits import wait_sentences
from roas.plan.sentences import told
from roas.quantiles import DIGITS, Q

if TYPE_CHECKING:
    import pandas as pd

    from roas.analysis.what_if import WhatIf
    from roas.plan.results import ChannelMove, Plan

SCHEMA = "roas.plan/1"


def plan_document(result: WhatIf) -> dict[str, Any]:
    """Return ``plan.json``: the contract's fields of the best plan, what stands beside them, and every scenario."""
    analysis = result.analysis
    run = {"version": result.run.version, "started": result.run.started, "seconds": result.run.seconds}
    own = _plan(result, result.plan)
    return {
        "schema": SCHEMA,
        "run": run,
        "inputs": [input_document(report) for report in analysis.inputs],
        "window": dict(analysis.window),
        "currency": analysis.tables.currency,
        "margin": plain(analysis.margin),
        **own,
        "scenarios": [_plan(result, each) for each in result.plans] if result.compared else [],
        "lead": None if result.lead is None else round(result.lead, 4),
        "notes": [told(note) for note in result.notes],
    }


def _plan(result: WhatIf, plan: Plan) -> dict[str, Any]:
    """Return one plan with the contract's fields first."""
    asked = result.question(plan)
    return {
        "name": plan.name,
        "weeks": plan.weeks,
        "current": [{"channel": move.channel, "spend_per_week": cents(move.now)} for move in plan.moves],
        "plan": [planned_row(move) for move in plan.moves],
        "current_total": total(plan, "now"),
        "plan_total": total(plan, "planned"),
        "revenue_change_per_week": plan.revenue_change.to_dict(),
        "profit_change_per_week": None if plan.profit_change is None else plan.profit_change.to_dict(),
        "probability_better": round(float(plan.probability_better), 4),
        "warnings": [
            *({"channel": None, "reason": each, "kind": "other"} for each in wait_sentences(result, plan)),
            *({"channel": w.channel, "reason": told(w.reason), "kind": w.kind} for w in plan.warnings),
        ],
        "objective": plan.facts.get("objective", asked.objective) if asked.optimizes else None,
        "held": plan.held,
        "regret": plan.regret.to_dict(),
        "moves": [_move(move, modelled=move.channel not in result.today.excluded) for move in plan.moves],
        "by_week": _by_week(plan),
        "facts": {str(name): free(value) for name, value in sorted(plan.facts.items())},
    }


def cents(value: float) -> float:
    """Return money to the cent; no negative zero."""
    return round(float(value), 2) + 0.0


def total(plan: Plan, of: str) -> float:
    """Add up money to the cent, in whole cents."""
    cents_of = [round(float(getattr(move, of)) * 100) for move in plan.moves]
    return sum(cents_of) / 100


def planned_row(move: ChannelMove) -> dict[str, Any]:
    """Return one row of ``plan``; the change in percent is null where nothing is spent today."""
    now, planned = cents(move.now), cents(move.planned)
    change = cents(planned - now)
    return {
        "channel": move.channel,
        "spend_per_week": planned,
        "change": change,
        "change_pct": None if now == 0 else round(100 * change / now, 4) + 0.0,
    }


def _move(move: ChannelMove, *, modelled: bool) -> dict[str, Any]:
    return {
        "channel": move.channel,
        "low": cents(move.limit.low),
        "high": cents(move.limit.high),
        "fixed": move.limit.fixed,
        "modelled": modelled,
        "revenue_change": finite(move.revenue_change) if modelled else None,
        "marginal_roas": finite(move.marginal_roas) if modelled else None,
        "known": move.known,
    }


def finite(q: Q | None) -> dict[str, float] | None:
    """Return quantiles; None where they are not known."""
    return None if q is None or not all(math.isfinite(v) for v in (q.p5, q.p50, q.p95)) else q.to_dict()


def _by_week(plan: Plan) -> list[dict[str, Any]] | None:
    if plan.by_week is None and "flighting" not in plan.facts:  # nobody asked for weeks
        return None
    even = [[move.planned for move in plan.moves]] * plan.weeks
    weeks: Iterable[Iterable[float]] = even if plan.by_week is None else plan.by_week
    return [
        {
            "week": week + 1,
            "spend": [
                {"channel": move.channel, "spend": cents(float(value))}
                for move, value in zip(plan.moves, row, strict=True)
            ],
        }
        for week, row in enumerate(weeks)
    ]


def free(value: Any) -> Any:
    """Return a fact in plain types: numbers finite, mappings and lists through and through."""
    if isinstance(value, Q):
        return finite(value)
    if isinstance(value, str):
        return told(value)
    if isinstance(value, Mapping):
        return {str(key): free(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [free(each) for each in value]
    if hasattr(value, "tolist"):
        return free(value.tolist())
    if isinstance(value, float) and math.isfinite(value):
        return float(f"{value:.{DIGITS}g}")
    return plain(value) if value is None or isinstance(value, str | bool | int | float) else str(value)


# ---- tables ----------------------------------------------------------------------------------


def plan_frame(plan: Plan) -> pd.DataFrame:
    """Return one row per channel: now, planned, change, and what its own move and its next unit bring."""
    import pandas as pd

    rows = []
    for move in plan.moves:
        row = planned_row(move)
        rows.append(
            {
                "channel": move.channel,
                "now": cents(move.now),
                "planned": row["spend_per_week"],
                "change": row["change"],
                "change_pct": row["change_pct"],
                "low": cents(move.limit.low),
                "high": cents(move.limit.high),
                **_levels("revenue_change", move.revenue_change),
                **_levels("marginal_roas", move.marginal_roas),
                "known": move.known,
            }
        )
    return pd.DataFrame(rows)


def scenario_frame(result: WhatIf) -> pd.DataFrame:
    """Return one row per scenario: its money, what it changes, how sure that is."""
    import pandas as pd

    rows = [
        {
            "scenario": plan.name,
            "total": total(plan, "planned"),
            "change": cents(total(plan, "planned") - total(plan, "now")),
            "weeks": plan.weeks,
            **_levels("revenue_change", plan.revenue_change),
            **_levels("profit_change", plan.profit_change),
            "probability_better": round(float(plan.probability_better), 4),
            "held": plan.held,
            "best": plan is result.plan,
            **{f"spend: {move.channel}": cents(move.planned) for move in plan.moves},
        }
        for plan in result.plans
    ]
    return pd.DataFrame(rows)


def week_frame(plan: Plan) -> pd.DataFrame | None:
    """Return money by week and channel, where it was asked for."""
    import pandas as pd

    weeks = _by_week(plan)
    if weeks is None:
        return None
    return pd.DataFrame([{"week": each["week"], **row} for each in weeks for row in each["spend"]])


def _levels(name: str, q: Q | None) -> dict[str, float | None]:
    found = finite(q) or {}
    return {f"{name}_{level}": found.get(level) for level in ("p5", "p50", "p95")}
