"""Tables as charts of volatility and decomposition get them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from roas.volatility.shares import PARTS

PARTED = [*PARTS]


def weeks(count: int = 52, *, outside: int = 0, unfinished: int = 0, level: float = 3.0) -> pd.DataFrame:
    """ROAS at its level, between 2 and 4; every other week of the last `outside` ones at 5, else at 1."""
    roas = np.full(count, level)
    roas[count - outside :] = np.where(np.arange(outside) % 2, 1.0, 5.0)
    ripe = np.arange(count) < count - unfinished
    return pd.DataFrame(
        {"week": pd.date_range("2025-01-06", periods=count, freq="7D"), "roas": roas, "expected": level,
         "lower": level - 1, "upper": level + 1, "mature": ripe, "complete": True}
    )  # fmt: skip


def breaks(*rows: tuple[str, float | None, float | None, float | None]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["date", "before", "after", "probability"])
    return table.assign(date=pd.to_datetime(table["date"]))


FELL = ("2025-08-04", 3.1, 2.3, 0.97)


def units(names: list[str], *, differ: tuple[int, ...] = (0,)) -> pd.DataFrame:
    """Spend rises from name to name; the n-th that differs is above and below in turns."""
    count = len(names)
    roas = np.full(count, 3.0)
    for n, place in enumerate(differ):
        roas[place] = 1.0 if n % 2 else 6.0
    table = pd.DataFrame({"label": names, "channel": "Meta", "spend": 100.0 * 3.0 ** np.arange(count), "roas": roas})
    table["differs"] = np.isin(np.arange(count), differ)
    return table.assign(lower=2.0, upper=4.0, outer_lower=1.5, outer_upper=4.5)


def effects(**rows: tuple[float, float, float]) -> pd.DataFrame:
    table = pd.DataFrame.from_dict(rows, orient="index", columns=["p5", "p50", "p95"]).rename_axis("factor")
    return table.reset_index()


LOST = effects(Conversion=(-0.5, -0.4, -0.3), Price=(-0.3, -0.2, -0.1), Basket=(-0.2, 0.0, 0.1))

ALL_LOST = {"p5": -0.8, "p50": -0.6, "p95": -0.4}


def split(names: list[str], sampling: Any = 0.6) -> pd.DataFrame:
    table = pd.DataFrame({"name": names, "observed": 0.3, "sampling": sampling})
    rest = 1 - table["sampling"]
    for part, share in zip(PARTED[1:], (0.1, 0.5, 0.2, 0.1, 0.1), strict=True):
        table[part] = share * rest
    return table


def sheets(names: list[str], mean: Any = 0.2, **changes: Any) -> pd.DataFrame:
    table = pd.DataFrame({"channel": names, "mean_p50": mean, "true_sd": 0.1})
    table = table.assign(mean_p5=table["mean_p50"] - 0.1, mean_p95=table["mean_p50"] + 0.1)
    return table.assign(below_observed=0.25, below_by_luck=0.2).assign(**changes)


def losses(*amounts: float) -> pd.DataFrame:
    table = pd.DataFrame({"week": pd.date_range("2025-01-06", periods=len(amounts), freq="7D"), "cumulative": amounts})
    return table.assign(peak=table["cumulative"].cummax())
