"""Canonical tables → ROAS series, and what is known of the weeks around them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from roas._typing import Grain
from roas.tables import Tables, has_values
from roas.volatility._arrays import Array, Days
from roas.volatility.around import Surroundings
from roas.volatility.series import RoasSeries

if TYPE_CHECKING:
    import pandas as pd

#: Share of the till that must be left after claims before the rest is taken as
#: demand that nobody bought: below it, over-claiming drives it, not demand.
FREE_SHARE: Final = 0.2

#: Share of weeks in which a weekday must have rows, or its absence is no
#: delivery (a shop that does not advertise on Sundays) and no gap.
DELIVERED: Final = 0.5

_SUMS: Final = ("spend", "conversion_value", "conversions", "impressions", "clicks")


def calendar_of(spend: pd.DataFrame, grain: str) -> Days:
    """Return every day (or week) from the first to the last of the table."""
    step = np.timedelta64(7 if grain == "week" else 1, "D")
    first, last = (np.datetime64(day, "D") for day in (spend["date"].min(), spend["date"].max()))
    return np.arange(first, last + np.timedelta64(1, "D"), step)


def channel_series(tables: Tables, *, immature_days: Mapping[str, int] | None = None) -> dict[str, RoasSeries]:
    """Return the claimed ROAS series of every channel that reports claims.

    Parameters
    ----------
    tables : Tables
    immature_days : mapping of channel to int, optional
        Days at the end in which its claims are still arriving.

    Returns
    -------
    dict
        Channel → series over the whole window, in order of spend.
    """
    spend = tables.spend
    dates = calendar_of(spend, tables.grain)
    order = spend.groupby("channel")["spend"].sum().sort_values(ascending=False, kind="stable").index
    claims = spend.groupby("channel")["conversion_value"].sum()
    late = immature_days or {}
    rows = dict(iter(spend.groupby("channel")))
    return {
        str(channel): _claimed(str(channel), rows[channel], spend["date"], dates, tables, late.get(str(channel), 0))
        for channel in order
        if claims[channel] > 0
    }


def account_series(tables: Tables, *, immature_days: Mapping[str, int] | None = None) -> RoasSeries | None:
    """Return the account's ROAS: the till's revenue over all spend (MER), or without a till what is claimed.

    Parameters
    ----------
    tables, immature_days
        As in `channel_series`; orders are dated when they are placed, so the
        till is mature to its end.

    Returns
    -------
    RoasSeries or None
        None where neither the till nor any platform reports revenue.
    """
    spend, revenue = tables.spend, tables.revenue
    dates = calendar_of(spend, tables.grain)
    if revenue is not None and has_values(revenue, "revenue"):
        till = _by_date(revenue, [c for c in ("revenue", "orders") if has_values(revenue, c)], dates)
        if np.isfinite(till["revenue"]).any():
            sums = _sums(spend, spend["date"], dates)
            return RoasSeries(
                "",
                "mer",
                _grain(tables),
                dates,
                sums["spend"],
                till["revenue"],
                till.get("orders"),
                *_complete(spend, sums),
            )
    reporting = spend.groupby("channel")["conversion_value"].transform("sum") > 0
    if not reporting.any():
        return None
    latest = max((immature_days or {}).values(), default=0)
    return _claimed("", spend[reporting], spend["date"], dates, tables, latest)


def surroundings(tables: Tables, account: RoasSeries | None, series: RoasSeries) -> Surroundings:
    """Return what the till and the calendar tell about the weeks of one series.

    Demand is read from visits nobody paid for (sessions less clicks), and
    from the part of the till that the series does not claim itself.
    """
    weeks = series.weeks.dates
    revenue = tables.revenue
    if account is None or revenue is None or not len(weeks):
        return Surroundings(weeks)
    grain = _grain(tables)
    columns = [c for c in ("revenue", "sessions", "promo") if has_values(revenue, c)]
    till = _by_date(revenue, columns, account.dates)

    def by_week(values: Array) -> Array:
        return RoasSeries("", "mer", grain, account.dates, values, values).weeks.spend

    demand: dict[str, Array] = {}
    if "sessions" in till:
        paid = 0.0 if account.clicks is None else account.clicks
        _keep(demand, "sessions", by_week(till["sessions"] - paid), by_week(till["sessions"]))
    if "revenue" in till:
        claimed = series.revenue if series.of == "claimed_roas" else _all_claims(tables, account.dates)
        if claimed is not None:
            _keep(demand, "unclaimed revenue", by_week(till["revenue"] - claimed), by_week(till["revenue"]))
    calendar = {"promotion": by_week(np.nan_to_num(till["promo"]))} if "promo" in till else {}
    return Surroundings(weeks, demand, calendar)


def _keep(demand: dict[str, Array], name: str, rest: Array, whole: Array) -> None:
    """Keep a level of demand where enough of it is left in every week."""
    with np.errstate(invalid="ignore"):
        if bool((rest > FREE_SHARE * whole)[np.isfinite(whole)].all()):
            demand[name] = rest


def _all_claims(tables: Tables, dates: Days) -> Array | None:
    """Return claims of all channels by date; None where none are exported."""
    if not has_values(tables.spend, "conversion_value"):
        return None
    return _sums(tables.spend, tables.spend["date"], dates)["conversion_value"]


def _claimed(
    name: str, rows: pd.DataFrame, present: pd.Series, dates: Days, tables: Tables, immature: int
) -> RoasSeries:
    sums = _sums(rows, present, dates)
    cut = -(-immature // 7) if tables.grain == "week" else immature
    return RoasSeries(
        name,
        "claimed_roas",
        _grain(tables),
        dates,
        sums["spend"],
        sums["conversion_value"],
        _exported(rows, sums, "conversions"),
        *_complete(rows, sums),
        mature=max(0, len(dates) - cut),
    )


def _exported(rows: pd.DataFrame, sums: dict[str, Array], name: str) -> Array | None:
    return sums[name] if float(rows[name].sum()) > 0 else None


def _complete(rows: pd.DataFrame, sums: dict[str, Array]) -> tuple[Array | None, Array | None]:
    """Impressions and clicks where every channel with spend reports them."""
    known = rows.groupby("channel")[["impressions", "clicks"]].sum()
    paid = rows.groupby("channel")["spend"].sum() > 0
    impressions, clicks = (sums[c] if bool((known[c] > 0)[paid].all()) else None for c in ("impressions", "clicks"))
    return impressions, clicks


def _sums(rows: pd.DataFrame, present: pd.Series, dates: Days) -> dict[str, Array]:
    """Add up by date: 0 where these rows were off, NaN in a gap of the whole account."""
    import pandas as pd

    index = pd.DatetimeIndex(dates)
    added = rows.groupby("date")[list(_SUMS)].sum().reindex(index, fill_value=0.0)
    weekly = len(dates) > 1 and dates[1] - dates[0] > np.timedelta64(1, "D")
    there = ~_gaps(index.isin(present.unique()), cycle=1 if weekly else 7)
    return {name: np.where(there, added[name].to_numpy(np.float64), np.nan) for name in _SUMS}


def _gaps(present: npt.NDArray[np.bool_], *, cycle: int) -> npt.NDArray[np.bool_]:
    """Mark dates without any row, unless that weekday usually has none: then nothing was delivered."""
    out = ~present
    if cycle == 1:
        return out
    for place in range(cycle):
        if len(present) > place and present[place::cycle].mean() < DELIVERED:
            out[place::cycle] = False
    # A stretch as long as a week is a gap whatever its weekdays.
    edges = np.flatnonzero(np.diff(np.concatenate([[True], present, [True]]).astype(int)))
    for first, last in zip(edges[::2], edges[1::2], strict=True):
        out[first:last] |= last - first >= cycle
    return out


def _by_date(revenue: pd.DataFrame, columns: list[str], dates: Days) -> dict[str, Array]:
    import pandas as pd

    added = revenue.groupby("date")[columns].sum(min_count=1).reindex(pd.DatetimeIndex(dates))
    return {name: added[name].to_numpy(np.float64, na_value=np.nan) for name in columns}


def _grain(tables: Tables) -> Grain:
    return "week" if tables.grain == "week" else "day"
