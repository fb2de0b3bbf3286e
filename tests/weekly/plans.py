"""Plans as the history gives them, and as much of an analysis as is read for them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from roas.tables import Tables
from roas.weekly.week import Week
from tests.analysis import planned_account

LAST = Week.parse("2025-W41")

NOW = {name: {"now": money, "planned": money} for name, money in planned_account.NOW.items()}

MOVED = {**NOW, "Meta": {"now": 1000.0, "planned": 900.0}, "Search": {"now": 400.0, "planned": 500.0}}


@dataclass(frozen=True)
class Light:
    """What is read of an analysis."""

    tables: Tables
    response: Any = None


def row(number: int, ended: str, *, plan: Any = None, weeks: int = 2, **more: Any) -> dict[str, Any]:
    """A plan as the history gives it."""
    return {
        "id": number, "made": f"{ended}T08:00:00Z", "who": "Jo", "data_end": dt.date.fromisoformat(ended),
        "weeks": weeks, "name": f"plan {number}", "plan": plan or MOVED, "probability_better": 0.9, "options": {},
        "predicted": {"p5": 50.0, "p50": 100.0, "p95": 150.0}, "scores": [], **more,
    }  # fmt: skip
