"""Accounts of made-up curves, with names that would like to run."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from roas.analysis.asked import Asked
from roas.analysis.record import Run
from roas.analysis.what_if import WhatIf
from roas.plan.evaluate import evaluate
from tests.plan.made import made

HOSTILE = "</script><script>alert(1)</script>"
NAMES = ("Meta", "=cmd|' /C calc'!A0", HOSTILE, "\u202eevil\x1b[31m", "Search")


def account(names: tuple[str, ...] = NAMES, *, n: int = 400, margin: float | None = None, **changes: Any) -> Any:
    """An account of made-up curves: `ask(*plans)` puts plans of it together."""
    model, today = made(names, n=n, spread=0.2, seed=3, **changes)
    response = SimpleNamespace(curves=model.curves, data=model.data, converged=True)
    window = {"start": "2025-01-06", "end": "2025-06-01", "grain": "week", "periods": 21, "mature_until": None}
    analysis: Any = SimpleNamespace(
        margin=margin,
        response=response,
        inputs=(),
        notes=(),
        tables=SimpleNamespace(currency="EUR"),
        window=window,
        diagnosis=SimpleNamespace(findings=()),
    )

    def ask(*plans: Any, optimized: bool = True, compared: bool = False) -> WhatIf:
        asked = tuple(Asked(p.name, optimize=optimized) for p in plans)
        keep = evaluate(model, today, {}, name="today", margin=margin)
        return WhatIf(analysis, today, asked, plans, keep, Run("1", "2026", 0.1), compared=compared)

    return SimpleNamespace(model=model, today=today, ask=ask)
