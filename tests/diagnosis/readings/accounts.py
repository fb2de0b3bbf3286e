"""Accounts for tests of the readings, as tables."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pandas as pd

from roas.diagnosis.readings.base import Reading
from roas.diagnosis.readings.run import read_one
from roas.simulator import simulate
from roas.tables import REACH, SPEND_KEYS, SPEND_MEASURES, Tables
from roas.tags import Tags, suggest_tags
from roas.volatility.maturity.cut import Maturity

START = dt.date(2024, 1, 1)


def tables_of(spend: pd.DataFrame, revenue: pd.DataFrame | None = None, *, grain: str = "day") -> Tables:
    """Complete a table of spend to the canonical columns."""
    out = spend.copy()
    out["date"] = pd.to_datetime(out["date"])
    for name in SPEND_KEYS[1:]:
        if name not in out:
            out[name] = None
    for name in (*SPEND_MEASURES, REACH):
        if name not in out:
            out[name] = np.nan
    till = None
    if revenue is not None:
        till = revenue.copy()
        till["date"] = pd.to_datetime(till["date"])
    return Tables(out, till, grain, "EUR")


def simulated(**options: Any) -> tuple[Tables, dict[str, Any]]:
    """Simulate an account, as tables with its truth."""
    found, truth = simulate(**options)
    return tables_of(found["spend"], found["revenue"], grain=options.get("grain", "day")), truth


def campaigns(
    weeks: int,
    rates: dict[tuple[str, str], tuple[float, float]],
    *,
    spend: float = 700.0,
    recent: int = 8,
    basket: float = 50.0,
    seed: int | None = None,
    counted: bool = True,
) -> pd.DataFrame:
    """Weekly rows per campaign: ROAS before and in the last `recent` weeks; without a seed there is no luck."""
    rng = np.random.default_rng(seed)
    rows = []
    for (channel, campaign), (before, lately) in rates.items():
        for week in range(weeks):
            sales = spend * (lately if week >= weeks - recent else before) / basket
            drawn = float(rng.poisson(sales)) if seed is not None else sales
            value = basket * drawn if seed is None or not drawn else float(rng.gamma(drawn / 0.64, 0.64 * basket))
            rows.append((START + dt.timedelta(7 * week), channel, campaign, spend, drawn, value))
    frame = pd.DataFrame(rows, columns=["date", "channel", "campaign", "spend", "conversions", "conversion_value"])
    return frame if counted else frame.drop(columns="conversions")


def till(weeks: int, revenue: Any = 10_000.0, **columns: Any) -> pd.DataFrame:
    """Weekly revenue of a shop; further columns as numbers or arrays."""
    dates = [START + dt.timedelta(7 * week) for week in range(weeks)]
    return pd.DataFrame({"date": dates, "revenue": revenue, **columns})


def late(days: int, last: dt.date, *channels: str) -> dict[str, Maturity]:
    """Claims of the channels arrive for `days` days."""
    until = last + dt.timedelta(1 - days)
    return {channel: Maturity(until, days, "window", "") for channel in channels}


def named(tables: Tables, name: str, *, tags: Tags | None = None, **options: Any) -> Reading:
    """Return one reading of an account."""
    return read_one(name, tables, tags=tags or suggest_tags(), **options)
