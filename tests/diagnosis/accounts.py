"""Small accounts and what is seen of them, for tests of the diagnosis."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from roas.diagnosis.causes.base import Signature
from roas.diagnosis.loads import loads_of
from roas.diagnosis.panel import Array, Panel, build_panel
from roas.diagnosis.seen import Seen
from roas.diagnosis.series import Series
from roas.diagnosis.usual import Contrasts
from roas.io.load import LoadOptions, merge_files, read_files
from roas.simulator import simulate
from roas.tables import Tables
from tests.diagnosis.readings.accounts import tables_of

START = "2025-01-06"
COUNTED = ("spend", "impressions", "reach", "clicks", "conversions", "conversion_value")


def even_spend(
    days: int = 140,
    channels: tuple[str, ...] = ("Meta", "Search"),
    *,
    campaigns: int = 1,
    grain: str = "day",
    seed: int = 1,
) -> pd.DataFrame:
    """Rows of campaigns that only luck moves."""
    rng = np.random.default_rng(seed)
    each = 7 if grain == "week" else 1
    dates = pd.date_range(START, periods=days // each, freq=f"{each}D")
    rows = []
    for channel in channels:
        for nth in range(campaigns):
            spend = np.round(rng.normal(100, 8, len(dates)) * each, 2)
            shown = np.round(spend * 100 * rng.lognormal(0, 0.1, len(dates)))
            clicks = rng.poisson(shown * 0.02)
            sold = rng.poisson(clicks * 0.04).astype(np.float64)
            columns = {
                "date": dates, "channel": channel, "campaign": f"{channel} {nth}", "spend": spend,
                "impressions": shown, "reach": np.round(shown * rng.uniform(0.55, 0.65, len(dates))), "clicks": clicks * 1.0,
                "conversions": sold, "conversion_value": sold * 50,
            }  # fmt: skip
            rows.append(pd.DataFrame(columns))
    return pd.concat(rows, ignore_index=True)


def even_till(days: int = 140, *, grain: str = "day", seed: int = 2) -> pd.DataFrame:
    """A till that only luck moves."""
    rng = np.random.default_rng(seed)
    each = 7 if grain == "week" else 1
    dates = pd.date_range(START, periods=days // each, freq=f"{each}D")
    orders = rng.poisson(60 * each, len(dates)) * 1.0
    visits, new = rng.poisson(3000 * each, len(dates)) * 1.0, rng.poisson(25 * each, len(dates)) * 1.0
    columns = {"date": dates, "revenue": orders * 55, "orders": orders, "sessions": visits, "new_customers": new, "promo": 0.0}  # fmt: skip
    return pd.DataFrame(columns)


def even_account(days: int = 140, *, grain: str = "day", **options: Any) -> Tables:
    """Spend and till of an account in which nothing happens."""
    return tables_of(even_spend(days, grain=grain, **options), even_till(days, grain=grain), grain=grain)


def panel_of(tables: Tables, **options: Any) -> Panel:
    """Return the panel of an account that has one."""
    panel = build_panel(tables, **options)
    assert panel is not None
    return panel


def simulated_account(**options: Any) -> tuple[Tables, dict[str, Any]]:
    """Simulate an account and read it as files are read, with its truth."""
    found, truth = simulate(**options)
    reading = LoadOptions()
    return merge_files(read_files([found["spend"]], found["revenue"], options=reading), reading), truth


def replaced(seen: Seen, changes: Mapping[tuple[str, int | None], Array | float], *, error: float = 0.02) -> Seen:
    """Put other changes in the place of what was measured, with one small error everywhere; 0 where none is given."""
    rng = np.random.default_rng(9)
    size = len(seen.shapes.onset)

    def contrast(series: Series) -> Contrasts:
        change = np.zeros(size) + changes.get((series.metric, series.channel), 0.0)
        small, luck = np.full(size, error), rng.normal(size=seen.panel.weeks)
        return Contrasts(change, small, np.zeros(size), small, luck)

    return replace(seen, contrasts=tuple(contrast(each) for each in seen.series))


def as_expected(seen: Seen, signature: Signature, channel: int | None, size: float) -> Seen:
    """Return what would be seen if a cause did to every series exactly what is expected of it on average."""
    loads = loads_of(seen, signature, channel)
    hit: Array | float = size if signature.sets_size is None else signature.sets_size(seen, channel)
    changes: dict[tuple[str, int | None], Array | float] = {}
    for each in seen.series:
        if each.channel is None:
            part, (middle, _) = loads.weight(seen, each.metric, channel), loads.of_common(each.metric)
        elif channel is not None and each.metric in loads.rates:
            weight = float(seen.shared.weights[each.metric][channel])
            part, middle = (1 - weight if each.channel == channel else -weight), loads.rates[each.metric][0]
        else:
            continue
        changes[each.metric, each.channel] = part * middle * hit
    return replaced(seen, changes)
