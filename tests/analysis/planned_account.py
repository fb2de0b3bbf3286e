"""An account with chosen response curves: no model is run."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd

import roas
from roas.response.curves import Curves
from roas.response.data import MediaData
from roas.response.verdicts import EXPERIMENT

WEEKS, DRAWS = 40, 60
NOW = {"Meta": 1000.0, "Search": 400.0, "TikTok": 100.0}

#: Currency per week at the ceiling: Search has room, Meta has none.
CEILING = {"Meta": 1200.0, "Search": 4000.0, "TikTok": 300.0}


def curves(names: tuple[str, ...], *, spread: float = 0.1) -> Curves:
    """Hill curves without carryover, half saturated at today's money."""
    size = (len(names), DRAWS)
    scale = np.array([[CEILING[n]] for n in names]) * np.exp(
        spread * np.random.default_rng(4).standard_normal(size)
    )  # fmt: skip
    return Curves(
        alpha=np.full(size, 1e-9), room=np.zeros(size), slope=np.ones(size), factor=np.ones(size), bend=np.ones(size),
        scale=scale, floor=np.zeros(size), typical=np.array([NOW[n] for n in names]),
        before=np.array([NOW[n] for n in names]), spend=np.tile([NOW[n] for n in names], (WEEKS, 1)) * wobble()[:, None],
        max_lag=1, largest=0.9,
    )  # fmt: skip


def wobble() -> np.ndarray:
    """Spend was at half and at twice today's once, so neither lies beyond what was seen."""
    out = np.ones(WEEKS)
    out[3], out[5] = 0.5, 2.0
    return out


def response(*, converged: bool = True, excluded: tuple[str, ...] = (), spread: float = 0.1) -> Any:
    names = tuple(n for n in NOW if n not in excluded)
    dates = pd.date_range("2025-01-06", periods=WEEKS, freq="7D").to_numpy().astype("datetime64[D]")
    data = MediaData(dates, "week", names, np.ones((WEEKS, len(names))), np.full(WEEKS, 9000.0), np.zeros((WEEKS, 0)))
    verdicts = {"Meta": "identified", "Search": "partly", "TikTok": "not identified"}
    channels = tuple(
        SimpleNamespace(
            channel=n,
            verdict=SimpleNamespace(
                identified=verdicts[n], experiment=None if n == "Meta" else EXPERIMENT.format(channel=n), reasons=()
            ),
        )
        for n in names
    )
    return SimpleNamespace(
        data=data, curves=curves(names, spread=spread), fitting=object(), channels=channels, converged=converged,
        excluded=dict.fromkeys(excluded, "it spent in two weeks only"),
    )  # fmt: skip


def spend(*, campaigns: bool = False) -> pd.DataFrame:
    rows: list[dict[str, Any]] = []
    for w, day in enumerate(pd.date_range("2025-01-06", periods=WEEKS, freq="7D")):
        for name, money in NOW.items():
            row: dict[str, Any] = {"date": day, "channel": name, "spend": money * wobble()[w]}
            rows.append(row | ({"campaign": f"{name} brand" if name != "Meta" else "Meta cold"} if campaigns else {}))
    return pd.DataFrame(rows)


def bare() -> roas.Analysis:
    """The account without estimates."""
    money = pd.DataFrame({"date": pd.date_range("2025-01-06", periods=WEEKS, freq="7D"), "revenue": 9000.0})
    return roas.analyze(spend(campaigns=True), money, currency="EUR", model=False, margin=0.5)
