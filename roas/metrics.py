"""ROAS, MER, CPA and their kin: ratios of sums, never means of ratios.

A ratio is taken over the channels that report both of its sides: a channel
without impressions has no part in CPM, neither with its impressions nor with
its spend.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from roas.calendar import to_weeks

if TYPE_CHECKING:
    import pandas as pd

#: Name → (numerator, denominator, factor).
RATIOS: Final = {
    "claimed_roas": ("claimed_revenue", "spend", 1.0),
    "cpa": ("spend", "conversions", 1.0),
    "cpm": ("spend", "impressions", 1000.0),
    "cpc": ("spend", "clicks", 1.0),
    "ctr": ("clicks", "impressions", 1.0),
    "cvr": ("conversions", "clicks", 1.0),
    "aov": ("claimed_revenue", "conversions", 1.0),
}

SUMS: Final = ("spend", "impressions", "clicks", "conversions", "claimed_revenue")


def ratio(numerator: float | None, denominator: float | None, factor: float = 1.0) -> float | None:
    """Divide two sums; None when either is unknown or nothing was spent or counted.

    Examples
    --------
    >>> ratio(300.0, 100.0), ratio(1.0, 0.0), ratio(None, 5.0)
    (3.0, None, None)
    """
    if numerator is None or denominator is None or not denominator:
        return None
    value = factor * numerator / denominator
    return value if math.isfinite(value) else None


def exact_sum(values: pd.Series) -> float | None:
    """Add a column without rounding error; None where nothing is known."""
    known = values.dropna()
    return round(math.fsum(known), 6) if len(known) else None


def named(spend: pd.DataFrame) -> pd.DataFrame:
    """Return canonical spend under the names of the figures (``claimed_revenue``)."""
    return spend.rename(columns={"conversion_value": "claimed_revenue"})


def metrics_by(spend: pd.DataFrame, keys: Sequence[str]) -> pd.DataFrame:
    """Add up spend rows per key and take every ratio.

    Parameters
    ----------
    spend : DataFrame
        Canonical spend, as in `roas.tables.Tables`.
    keys : sequence of str
        Columns to group by, for example ``["channel", "campaign"]``.

    Returns
    -------
    DataFrame
        `keys`, ``SUMS`` (currency, counts) and ``RATIOS``; NaN for not
        known. Sorted by spend, largest first, then by key.
    """
    rows = named(spend)
    out = rows.groupby(list(keys), dropna=False, sort=True)[list(SUMS)].sum(min_count=1).round(6).reset_index()
    for name, (top, bottom, factor) in RATIOS.items():
        both = _reporting(rows, top, bottom)
        part = rows[both].groupby(list(keys), dropna=False, sort=True)[[top, bottom]].sum(min_count=1)
        value = factor * part[top] / part[bottom].where(part[bottom] != 0)
        out = out.merge(value.rename(name).reset_index(), on=list(keys), how="left")
    return out.sort_values(["spend", *keys], ascending=[False, *[True] * len(keys)], kind="stable", ignore_index=True)


def _reporting(rows: pd.DataFrame, *columns: str) -> pd.Series:
    """Mark the rows of channels that report all of the columns somewhere."""
    known = rows.groupby("channel", dropna=False)[list(columns)].transform("count") > 0
    return known.all(axis=1)


def total_metrics(spend: pd.DataFrame) -> dict[str, float | None]:
    """Return the sums and ratios of all rows together (floats, None for not known)."""
    rows = named(spend)
    sums = {name: exact_sum(rows[name]) for name in SUMS}
    for name, (top, bottom, factor) in RATIOS.items():
        both = rows[_reporting(rows, top, bottom)]
        sums[name] = ratio(exact_sum(both[top]), exact_sum(both[bottom]), factor)
    return sums


def weekly(
    spend: pd.DataFrame, revenue: pd.DataFrame | None, *, grain: str = "day", keys: Sequence[str] = ()
) -> pd.DataFrame:
    """Add spend (and the shop's revenue) up to weeks.

    Returns
    -------
    DataFrame
        ``week`` (its Monday; the file's own label where `grain` is weeks
        already), `keys`, the figures of `metrics_by`, ``complete`` (all
        seven days lie in the data), and without `keys` also ``revenue``,
        ``orders``, ``mer``.
    """
    import pandas as pd

    week = (lambda dates: dates) if grain == "week" else to_weeks
    rows = spend.assign(week=week(spend["date"]))
    out = metrics_by(rows, ["week", *keys]).sort_values(["week", *keys], kind="stable", ignore_index=True)
    first, last = spend["date"].min(), spend["date"].max()
    out["complete"] = (grain == "week") | ((out["week"] >= first) & (out["week"] + pd.Timedelta(days=6) <= last))
    if keys or revenue is None:
        return out
    columns = [c for c in ("revenue", "orders") if c in revenue.columns]
    till = revenue.assign(week=week(revenue["date"])).groupby("week")[columns].sum(min_count=1).round(6).reset_index()
    out = out.merge(till, on="week", how="left")
    out["mer"] = out["revenue"] / out["spend"].where(out["spend"] != 0)
    return out


def common_days(spend: pd.DataFrame, revenue: pd.DataFrame) -> pd.Series:
    """Return the dates between the first and last of both tables.

    MER and the over-claim ratio are taken over these: revenue of a month
    without exports would flatter, a month without revenue would punish.
    """
    import pandas as pd

    known = revenue.dropna(subset=["revenue"])["date"]
    start = max(spend["date"].min(), known.min())
    end = min(spend["date"].max(), known.max())
    return pd.Series([start, end])
