"""Tables as charts of attribution get them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from roas.charts.attribution import CONVERSION, NULL, START


def credit(names: list[str], models: tuple[str, ...] = ("first", "last", "markov_1")) -> pd.DataFrame:
    """Credit falls from name to name; each model moves a tenth of the first channel's to the second."""
    rows = []
    for i, model in enumerate(models):
        for j, name in enumerate(names):
            value = 1000.0 / (j + 1) + (-100.0 * i if j == 0 else 100.0 * i if j == 1 else 0.0)
            rows.append((model, name, value, 0.9 * value, 1.1 * value))
    return pd.DataFrame(rows, columns=["model", "channel", "conversions", "conversions_p5", "conversions_p95"])


def journeys(names: list[str]) -> list[tuple[tuple[str, ...], float, float]]:
    """Paths of one to six touches that begin with each name in turn."""
    around = [*names, *names, *names, *names, *names, *names, *names][: len(names) + 6]
    return [
        (tuple(around[i : i + long]), 40.0 / (i + 1), 60.0 + i) for i in range(len(names)) for long in (1, 2, 3, 4, 6)
    ]


def moves(names: list[str]) -> pd.DataFrame:
    rows = [(START, name, 100.0) for name in names]
    rows += [(a, b, 50.0) for a in names for b in names]
    rows += [(name, end, 25.0 * k) for name in names for k, end in ((1, CONVERSION), (3, NULL))]
    return pd.DataFrame(rows, columns=["from", "to", "count"])


def paths(names: list[str]) -> pd.DataFrame:
    rows = [(path, won + lost, won, 10 * won) for path, won, lost in journeys(names)]
    return pd.DataFrame(rows, columns=["path", "journeys", "conversions", "value"])


def effects(names: list[str]) -> pd.DataFrame:
    value = np.linspace(0.6, 0.05, len(names))
    return pd.DataFrame({"channel": names, "effect": value, "effect_p5": value * 0.99, "effect_p95": value * 1.01})


def worth(names: list[str]) -> pd.DataFrame:
    value = 1000.0 * np.arange(len(names), 0, -1)
    return pd.DataFrame({"channel": names, "claimed": 3 * value, "attributed": value, "caused_p5": 0.5 * value,
                         "caused_p50": 0.9 * value, "caused_p95": 1.2 * value})  # fmt: skip


def places(names: list[str]) -> pd.DataFrame:
    rows = [
        (n, place, 10.0 * (i + k))
        for i, n in enumerate(names)
        for k, place in enumerate(("first", "middle", "last"), 1)
    ]
    return pd.DataFrame(rows, columns=["channel", "place", "conversions"])


def weekly(names: list[str], count: int = 10) -> pd.DataFrame:
    days = pd.date_range("2025-01-06", periods=count, freq="7D")
    rows = [(day, name, 10.0 * (len(names) - i)) for day in days for i, name in enumerate(names)]
    return pd.DataFrame(rows, columns=["week", "channel", "conversions"])
