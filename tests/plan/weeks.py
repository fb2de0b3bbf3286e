"""The weeks of a plan, made up: what was spent and sold, and a model of the time before it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd

from roas.plan.before import Before
from roas.plan.noted import Noted, spent_of
from roas.plan.observed import Observed
from roas.plan.score import Score
from roas.plan.verdict import verdict
from roas.quantiles import Q
from tests.plan.made import made

BEGINS = dt.date(2026, 3, 2)
NOW = {"Meta": 1000.0, "Search": 500.0}
PLAN = Noted(NOW, {"Meta": 800.0, "Search": 700.0}, 2, BEGINS, Q(50, 100, 150))


def daily(per_week: Mapping[str, float], *, weeks: int, begins: dt.date = BEGINS) -> pd.DataFrame:
    """The same money every day."""
    days = pd.date_range(begins, periods=7 * weeks)
    return pd.concat([pd.DataFrame({"date": days, "channel": n, "spend": x / 7}) for n, x in per_week.items()])


def till(*, weeks: int, begins: dt.date = BEGINS, per_week: float = 7000.0) -> pd.DataFrame:
    return pd.DataFrame({"date": pd.date_range(begins, periods=7 * weeks), "revenue": per_week / 7})


def observed(per_week: Mapping[str, float], *, weeks: int = 2) -> Observed:
    """Ten weeks of today's money, then the given one."""
    start = BEGINS - dt.timedelta(days=70)
    spend = pd.concat([daily(NOW, weeks=10, begins=start), daily(per_week, weeks=weeks)], ignore_index=True)
    return Observed(spend, till(weeks=10 + weeks, begins=start), "day", "day")


def known(*, spend: dict[str, float], sold: list[float]) -> tuple[Before, dict[str, float]]:
    """A model of made-up curves whose forecast is 5000 a week and what money brings, and the weeks after it."""
    model, today = made(("Meta", "Search"), spread=0.05)
    names, weeks = model.data.channels, len(sold)

    def forecast_draws(length: int, held: dict[str, float], *, controls: Any = None) -> Any:
        asked.append((length, dict(held), controls))
        media = sum(model.curves.contribution(c, np.full(length, held[n])) for c, n in enumerate(names))
        return {"revenue": 5000.0 + media}, None

    asked: list[Any] = []
    response: Any = SimpleNamespace(curves=model.curves, data=model.data, forecast_draws=forecast_draws, asked=asked)
    money = {name: np.full(weeks, spend.get(name, today.of(name))) for name in names}
    controls = {"promo": np.ones(weeks), "weather": np.full(weeks, np.nan)}
    return Before(response, money, np.array(sold), controls), {name: today.of(name) for name in names}


def scored(spent: dict[str, float], plan: Noted, *, realised: Q) -> Score:
    """Score with an outcome that is known."""
    found = spent_of(plan, observed(spent).spend, 2)
    return Score(*verdict(plan, found, realised), found, realised=realised)
