"""Figures of a fitted model as tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from roas.quantiles import LEVELS, Q
from roas.response._arrays import Array
from roas.response.curves import Curves
from roas.response.data import Dates, MediaData
from roas.response.figures import ChannelResponse

if TYPE_CHECKING:
    import pandas as pd


def channels_frame(channels: Sequence[ChannelResponse]) -> pd.DataFrame:
    """Return one row per channel."""
    import pandas as pd

    rows = []
    for each in channels:
        row: dict[str, Any] = {"channel": each.channel, "spend": each.spend}
        for name in ("revenue", "roas", "roas_recent", "marginal_roas", "half_life_days", "prior_roas"):
            q: Q | None = getattr(each, name)
            for level in ("p5", "p50", "p95"):
                row[f"{name}_{level}"] = np.nan if q is None else getattr(q, level)
        row |= {"state": each.state, "probability": each.probability}
        row |= {"identified": each.verdict.identified, "contraction": each.verdict.contraction}
        row["reasons"] = "; ".join(each.verdict.reasons)
        rows.append(row)
    return pd.DataFrame(rows)


def contributions_frame(data: MediaData, curves: Curves, baseline: Array) -> pd.DataFrame:
    """Return revenue due to the baseline (draws, currency per period) and to each channel over time."""
    import pandas as pd

    names = [f"{n} (channel)" if n == "baseline" else n for n in data.channels]
    parts = [("baseline", baseline), *((names[c], curves.contribution(c)) for c in curves.each())]
    frames = [
        pd.DataFrame({"date": data.dates.astype("datetime64[ns]"), "part": name, **_bands(draws)})
        for name, draws in parts
    ]
    return pd.concat(frames, ignore_index=True)


def forecast_frame(draws: Mapping[str, Array], dates: Dates) -> pd.DataFrame:
    """Return revenue after the window, and its ``baseline_`` and ``media_``."""
    import pandas as pd

    out: dict[str, Any] = {"date": dates.astype("datetime64[ns]")}
    for prefix, name in (("", "revenue"), ("baseline_", "baseline"), ("media_", "media")):
        out |= {prefix + column: values for column, values in _bands(draws[name]).items()}
    return pd.DataFrame(out)


def _bands(draws: Array) -> dict[str, Array]:
    low, middle, high = np.quantile(draws, LEVELS, axis=0)
    return {"p5": low, "p50": middle, "p95": high, "mean": draws.mean(axis=0)}


def curve_frame(data: MediaData, curves: Curves, c: int, *, points: int, reach: float) -> pd.DataFrame:
    """Return revenue per period at steady spend, with its band."""
    import pandas as pd

    carried = curves.carried(c).mean(axis=0) * curves.typical[c]
    grid = np.linspace(0, reach * max(data.spend[:, c].max(), carried.max()), points)
    revenue = curves.steady(c, grid)
    more = curves.steady(c, grid * 1.001 + 1e-6 * curves.typical[c])
    slope = (more - revenue) / (grid * 0.001 + 1e-6 * curves.typical[c])
    bands = np.quantile(revenue, LEVELS, axis=0)
    return pd.DataFrame(
        {
            "spend": grid,
            "p5": bands[0],
            "p50": bands[1],
            "p95": bands[2],
            "marginal_p50": np.median(slope, axis=0),
            "observed": (grid >= carried.min()) & (grid <= carried.max()),
        }
    )
