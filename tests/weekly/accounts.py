"""Accounts for the tests of the weekly report: an `Analysis` without the parts that take time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from roas.analysis.record import Analysis, Run
from roas.diagnosis.results import Diagnosis
from roas.tables import Tables
from roas.tags import suggest_tags

MONDAY = dt.date(2025, 1, 6)


def analysis_of(spend: pd.DataFrame, revenue: pd.DataFrame | None = None, **parts: Any) -> Analysis:
    """Wrap tables."""
    full = spend.reindex(
        columns=[
            "date", "channel", "account", "campaign", "geo", "currency", "spend", "impressions", "clicks", "conversions",
            "conversion_value", "new_conversions", "reach", "platform",
        ]
    )  # fmt: skip
    tables = Tables(full, revenue, parts.pop("grain", "day"), parts.pop("currency", "EUR"))
    run = Run(parts.pop("version", "1.0"), "2025-01-01T00:00:00+00:00", 0.0)
    return Analysis(tables, (), None, suggest_tags(), Diagnosis((), ()), run, **parts)


def steady(weeks: int, *, channels: Sequence[str] = ("Meta",), seed: int = 0, sales: float = 300.0) -> pd.DataFrame:
    """Spend 100 a day in each channel, and sell about `sales` a week at 10 each."""
    rng = np.random.default_rng(seed)
    days = pd.date_range(MONDAY, periods=7 * weeks)
    parts = []
    for channel in channels:
        sold = rng.poisson(sales / 7, len(days)).astype(float)
        parts.append(
            pd.DataFrame(
                {"date": days, "channel": channel, "spend": 100.0, "conversions": sold, "conversion_value": 10.0 * sold}
            )
        )
    return pd.concat(parts, ignore_index=True)


def till(weeks: int, *, amount: float = 1000.0) -> pd.DataFrame:
    """The shop takes the same every day."""
    days = pd.date_range(MONDAY, periods=7 * weeks)
    return pd.DataFrame({"date": days, "revenue": amount, "orders": amount / 50})
