"""Weekly ROAS beside the band that luck alone would fill."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from roas.volatility._arrays import Array
from roas.volatility.funnel import limits
from roas.volatility.noise import Noise
from roas.volatility.series import RoasSeries

if TYPE_CHECKING:
    import pandas as pd


def weekly_band(series: RoasSeries, noise: Noise, breaks: Sequence[int]) -> pd.DataFrame:
    """Return weekly ROAS with the band of luck about the level of its time.

    Parameters
    ----------
    series : RoasSeries
        By day or week.
    noise : Noise
        Its noise floor.
    breaks : sequence of int
        Periods of `series` in which a new level begins. A week that holds
        one belongs to the level that more of its days have.

    Returns
    -------
    DataFrame
        ``week``, ``spend``, ``roas``, ``expected`` (sum of revenue over sum
        of spend of its level's mature weeks), ``lower``, ``upper``,
        ``mature``, ``complete``.
    """
    import pandas as pd

    weeks = series.weeks
    expected = _levels(weeks, _weeks_of(series, weeks, breaks))
    used = weeks.usable
    lower, upper = np.full(len(weeks.dates), np.nan), np.full(len(weeks.dates), np.nan)
    law = noise.law
    known = used & (expected > 0)
    if law is not None and known.any():
        lower[known], upper[known] = limits(weeks.spend[known], expected[known], **law)
    roas = np.full(len(weeks.dates), np.nan)
    roas[used] = weeks.revenue[used] / weeks.spend[used]
    return pd.DataFrame(
        {
            "week": weeks.dates.astype("datetime64[ns]"),
            "spend": weeks.spend,
            "roas": roas,
            "expected": expected,
            "lower": lower,
            "upper": upper,
            "mature": np.arange(len(weeks.dates)) < weeks.mature,
            "complete": True,
        }
    )


def _weeks_of(series: RoasSeries, weeks: RoasSeries, breaks: Sequence[int]) -> list[int]:
    """Return the first week of each new level."""
    if series.grain == "week":
        return sorted({int(b) for b in breaks})
    if not len(weeks.dates):
        return []
    days = [(series.dates[b] - weeks.dates[0]).astype(int) for b in breaks if 0 <= b < len(series.dates)]
    return sorted({round(day / 7) for day in days})


def _levels(weeks: RoasSeries, starts: Sequence[int]) -> Array:
    """Pool ROAS between the starts, over mature weeks where there are any."""
    out = np.full(len(weeks.dates), np.nan)
    used, mature = weeks.usable, np.arange(len(weeks.dates)) < weeks.mature
    edges = [0, *(s for s in starts if 0 < s < len(out)), len(out)]
    for i in range(len(edges) - 1):
        inside = np.zeros(len(out), dtype=bool)
        inside[edges[i] : edges[i + 1]] = True
        ripe = inside & used & mature if (inside & used & mature).any() else inside & used
        if ripe.any():
            out[inside] = weeks.revenue[ripe].sum() / weeks.spend[ripe].sum()
    return out
