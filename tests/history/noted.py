"""Small weeks to note, and the history of a few of them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pandas as pd

from roas.history import History
from roas.history.exporting import document

MADE = datetime(2026, 11, 16, 6, 0, tzinfo=UTC)


def spend(*rows: tuple[str, str, float, float]) -> pd.DataFrame:
    """Channel, day, spend, conversions."""
    frame = pd.DataFrame(rows, columns=["channel", "date", "spend", "conversions"])
    return frame.assign(date=pd.to_datetime(frame["date"]))


def shop(*rows: tuple[str, float]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["date", "revenue"])
    return frame.assign(date=pd.to_datetime(frame["date"]))


def note(history: History, week: str, frame: pd.DataFrame, till: pd.DataFrame | None = None, **run: Any) -> None:
    """Note a week with one row of everything."""
    given = {"made": MADE, "version": "0.1.0", "language": "en", "options": {"margin": 0.6}, "document": {"roas": 3.5}}
    with history.week(week) as now:
        now.run(**{**given, **run})
        now.inputs([{"file": "/home/ann/meta.csv", "sha256": "ab" * 32, "format": "meta_ads", "rows_read": 3}])
        now.snapshot(frame, till)
        now.verdicts(
            [
                {
                    "cause": "saturation",
                    "channel": "Meta",
                    "verdict": "possible",
                    "probability": 0.61,
                    "since": date(2026, 10, 5),
                    "log_evidence": 0.4,
                    "effect": {"p5": 10.0, "p50": 50.5, "p95": 90.0},
                }
            ]
        )
        now.alerts([{"cause": "saturation", "channel": "Meta", "state": "opened", "level": 0.01, "e_value": 21.0}])


def plan(history: History, **changed: Any) -> int:
    given: dict[str, Any] = {
        "made": MADE,
        "who": "Ann",
        "data_end": date(2026, 11, 15),
        "weeks": 4,
        "plan": {"Meta": {"now": 1000.0, "planned": 1200.0}},
        "predicted": {"p5": -20.0, "p50": 120.0, "p95": 300.0},
        "probability_better": 0.87,
        "options": {"max_change": 0.3},
    }
    return history.plans.note(**{**given, **changed})


def three_weeks(history: History) -> None:
    """Meta's conversions of 2 November arrive over three weeks; a plan is made and scored."""
    note(history, "2026-W45", spend(("Meta", "2026-11-02", 100, 4), ("Search", "2026-11-02", 50, 2)))
    number = plan(history)
    week_46 = spend(("Meta", "2026-11-02", 100, 6), ("Search", "2026-11-02", 50, 2), ("Meta", "2026-11-09", 110, 5))
    note(history, "2026-W46", week_46, shop(("2026-11-02", 900.0)))
    week_47 = spend(("Meta", "2026-11-02", 100, 7), ("Search", "2026-11-02", 50.5, 2), ("Meta", "2026-11-09", 110, 6))
    note(history, "2026-W47", week_47, shop(("2026-11-02", 880.0), ("2026-11-09", 950.0)))
    history.plans.score(
        number, "2026-W47", realised={"p5": 0.0, "p50": 80.0, "p95": 160.0}, followed=0.9, document={"weeks": 1}
    )


def everything(path: Path) -> dict[str, Any]:
    """All that the history holds, read by a reader of its own."""
    from roas.history import open_history

    with open_history(path, read_only=True) as history:
        return document(history)
