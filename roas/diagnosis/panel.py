"""The account week by week: sums per channel and of the till, in blocks of seven days that end on the last day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from roas.diagnosis.makeup import makeup_of
from roas.tables import Tables, has_values

if TYPE_CHECKING:
    import pandas as pd

Array = npt.NDArray[np.float64]

#: Channels looked at one by one; smaller ones count in the account's sums only. A channel under 1 % of spend
#: cannot move the account, and tests cost time per channel.
MOST_CHANNELS: Final = 12
SMALLEST_SHARE: Final = 0.01

#: Weeks looked back: two and a half years hold every season twice, older weeks say little of today.
LONGEST_WEEKS: Final = 131

#: Share of a block's spend that must have a measure for the rest to be filled in.
HALF: Final = 0.5

#: Days of a block that must be there, or it is a gap.
FEWEST_DAYS: Final = 5

#: Days for which a new campaign counts as young: platforms' learning phases (diagnosis recipe H14).
YOUNG_DAYS: Final = 14

#: Days that a promotion lasts at least to pull sales forward, and that must follow it; weeks for which it is felt.
SHORTEST_PROMOTION, LEAST_AFTER, HANGOVER_WEEKS = 3, 10, 16

#: Share of days in promotion from which it is the normal price; weeks that must lie before its end.
ALWAYS, FEWEST_BEFORE = 0.5, 6

_SUMS: Final = ("spend", "impressions", "clicks", "conversions", "conversion_value", "reach")
_TILL: Final = ("revenue", "orders", "sessions", "new_customers", "promo")


@dataclass(frozen=True)
class Panel:
    """Sums per block of seven days.

    Attributes
    ----------
    starts : tuple of date, length n
        First day of each block.
    channels : tuple of str
        Largest first.
    sums : mapping of measure to array (channels, n)
        NaN where the measure is not exported or, for claims, still arriving.
    makeup : mapping of (top, bottom) measure to array (channels, n)
        What a ratio would be if every campaign had its own usual one, over the channel's usual one: the part of
        its movement that is only which campaigns ran. 1 without campaigns.
    campaigns, young : array (channels, n)
        Live campaigns; share of spend in campaigns younger than 14 days. NaN without campaigns.
    till : mapping of measure to array (n,)
        Revenue, orders, sessions, new_customers, promo; only what is exported.
    total : mapping of measure to array (n,)
        Spend and claims of all channels together.
    grain : str
    after_promotions : tuple of float
        Where promotions ended that can still be felt, in blocks from the first: 99.5 is the middle of block 99.
    """

    starts: tuple[dt.date, ...]
    channels: tuple[str, ...]
    sums: Mapping[str, Array]
    makeup: Mapping[tuple[str, str], Array]
    campaigns: Array
    young: Array
    till: Mapping[str, Array]
    total: Mapping[str, Array]
    grain: str
    after_promotions: tuple[float, ...] = ()

    @property
    def weeks(self) -> int:
        """Number of blocks."""
        return len(self.starts)

    def has(self, measure: str, channel: int | None = None) -> bool:
        """Whether a measure is known, of one channel or of any."""
        if measure in _TILL:
            return measure in self.till
        values = self.sums[measure] if channel is None else self.sums[measure][channel]
        return bool(np.isfinite(values).any())


def build_panel(tables: Tables, *, immature_days: Mapping[str, int] | None = None) -> Panel | None:
    """Add an account up to blocks.

    Parameters
    ----------
    tables : Tables
    immature_days : mapping of channel to int, optional
        Days at the end whose claims are still arriving; a block that holds any is left out for claims.

    Returns
    -------
    Panel or None
        None with less than two blocks of spend.
    """
    spend = tables.spend.reset_index(drop=True)  # rows may carry labels twice where tables were put together
    last = spend["date"].max()
    if tables.grain == "week":
        last += np.timedelta64(6, "D")
    n = min(LONGEST_WEEKS, int((last - spend["date"].min()).days + 1) // 7)
    if n < 2:
        return None
    block = _blocks(spend["date"], last, n, tables.grain)
    inside = block >= 0
    rows = spend[inside].assign(block=block[inside])
    channels = _channels(rows)
    sums = {name: _matrix(rows, name, channels, n) for name in _SUMS}
    gaps = _gaps(rows, n, tables.grain)
    for values in sums.values():
        values[:, gaps] = np.nan
    _cut(sums, channels, immature_days or {})
    campaigns, young = _campaigns(rows, spend, channels, n)
    total = {name: _vector(rows, name, n) for name in ("spend", "conversion_value", "conversions", "clicks")}
    for values in total.values():
        values[gaps] = np.nan
    late = -(-max((immature_days or {"": 0}).values(), default=0) // 7)
    if late:
        total["conversions"][-late:] = total["conversion_value"][-late:] = np.nan
    till = _till(tables, last, n)
    starts = tuple((last - np.timedelta64(7 * (n - k) - 1, "D")).date() for k in range(n))
    return Panel(
        starts,
        channels,
        sums,
        makeup_of(rows, channels, n),
        campaigns,
        young,
        till,
        total,
        tables.grain,
        _promotion_ends(tables, last, n),
    )


def _blocks(dates: pd.Series, last: Any, n: int, grain: str) -> npt.NDArray[np.int64]:
    """Return the block of each date, -1 before the first."""
    ends = dates + np.timedelta64(6, "D") if grain == "week" else dates
    back = ((last - ends).dt.days // 7).to_numpy()
    place: npt.NDArray[np.int64] = np.where((back >= 0) & (back < n), n - 1 - back, -1)
    return place


def _channels(rows: pd.DataFrame) -> tuple[str, ...]:
    spent = rows.groupby("channel")["spend"].sum()
    large = spent[spent >= SMALLEST_SHARE * max(float(spent.sum()), 1e-12)]
    # Equal amounts stand in order of name, so that the order of rows decides nothing.
    ordered = sorted(large.index, key=lambda name: (-round(float(large[name]), 6), str(name)))
    return tuple(ordered[:MOST_CHANNELS])


def _matrix(rows: pd.DataFrame, name: str, channels: tuple[str, ...], n: int) -> Array:
    found = np.full((len(channels), n), np.nan)
    if not has_values(rows, name):
        return found
    sums = rows.groupby(["channel", "block"])[name].sum(min_count=1)
    if name != "spend" and rows[name].isna().any():
        sums = sums / _known_part(rows, name)
    for k, channel in enumerate(channels):
        if channel not in sums.index.get_level_values(0):
            continue
        of = sums.loc[channel]
        if of.notna().any():
            found[k] = 0.0  # a block without rows delivered nothing
            found[k, of.index.to_numpy()] = of.to_numpy(dtype=np.float64)
    return found


def _known_part(rows: pd.DataFrame, name: str) -> pd.Series:
    """Return the share of spend whose rows hold a measure, by channel and block; NaN under half: that is no week."""
    keys = [rows["channel"], rows["block"]]
    known = rows["spend"].where(rows[name].notna(), 0.0).groupby(keys).sum()
    part = known / rows["spend"].groupby(keys).sum()
    # Without spend nothing can be weighed: what is there counts as it is.
    return part.where(part >= HALF).where(known.index.isin(part.dropna().index), 1.0)


def _vector(rows: pd.DataFrame, name: str, n: int) -> Array:
    found = np.zeros(n)
    if not has_values(rows, name):
        return np.full(n, np.nan)
    sums = rows.groupby("block")[name].sum()
    found[sums.index.to_numpy()] = sums.to_numpy(dtype=np.float64)
    return found


def _gaps(rows: pd.DataFrame, n: int, grain: str) -> npt.NDArray[np.bool_]:
    """Mark blocks in which the whole account has too few days."""
    days = rows.groupby("block")["date"].nunique().reindex(range(n), fill_value=0).to_numpy()
    usual = 1 if grain == "week" else min(FEWEST_DAYS, int(np.median(days)))
    short: npt.NDArray[np.bool_] = days < usual
    return short


def _cut(sums: Mapping[str, Array], channels: tuple[str, ...], immature: Mapping[str, int]) -> None:
    """Leave out claims that are still arriving."""
    for k, channel in enumerate(channels):
        late = -(-int(immature.get(channel, 0)) // 7)
        if late:
            for name in ("conversions", "conversion_value"):
                sums[name][k, -late:] = np.nan


def _campaigns(rows: pd.DataFrame, spend: pd.DataFrame, channels: tuple[str, ...], n: int) -> tuple[Array, Array]:
    """Count live campaigns, and the share of spend in young ones."""
    count, young = np.full((len(channels), n), np.nan), np.full((len(channels), n), np.nan)
    if not has_values(rows, "campaign"):
        return count, young
    live = rows[rows["spend"] > 0]
    first = spend[spend["spend"] > 0].groupby(["channel", "campaign"])["date"].transform("min")
    age = (live["date"] - first.reindex(live.index)).dt.days
    # Nothing is known of launches before the first day.
    is_young = (age < YOUNG_DAYS) & (first.reindex(live.index) > spend["date"].min())
    counted = live.groupby(["channel", "block"])["campaign"].nunique().unstack()
    part = (live["spend"] * is_young).groupby([live["channel"], live["block"]]).sum().unstack()
    whole = live.groupby(["channel", "block"])["spend"].sum().unstack()
    known = set(live.loc[live["campaign"].notna(), "channel"])
    for k, channel in enumerate(channels):
        if channel in known:
            at = counted.columns.to_numpy()
            count[k, at] = counted.loc[channel].to_numpy()
            young[k, at] = (part.loc[channel] / whole.loc[channel]).to_numpy()
    return count, young


def _promotion_ends(tables: Tables, last: Any, n: int) -> tuple[float, ...]:
    """Return where promotions of some days ended in the last weeks; none where the shop is always in promotion."""
    revenue = tables.revenue
    if revenue is None or not has_values(revenue, "promo"):
        return ()
    known = revenue.dropna(subset=["promo"]).sort_values("date")
    on = (known["promo"] > 0.5).to_numpy()
    if not on.any() or on.mean() > ALWAYS:
        return ()
    step = 7 if tables.grain == "week" else 1
    back = (last - known["date"]).dt.days.to_numpy() + 1 - step  # days from the end of each row to the last day
    ends, run = [], 0
    for k in range(len(on)):
        run = run + 1 if on[k] else 0
        over = on[k] and (k + 1 == len(on) or not on[k + 1])
        if over and run * step >= SHORTEST_PROMOTION and LEAST_AFTER <= back[k] <= 7 * HANGOVER_WEEKS:
            ends.append(n - float(back[k]) / 7)
    return tuple(end for end in ends if end >= FEWEST_BEFORE)


def _till(tables: Tables, last: Any, n: int) -> dict[str, Array]:
    """Add the till up; a block with too few days of revenue is a gap."""
    revenue = tables.revenue
    if revenue is None or not has_values(revenue, "revenue"):
        return {}
    block = _blocks(revenue["date"], last, n, tables.grain)
    rows = revenue[block >= 0].assign(block=block[block >= 0])
    found = {}
    for name in _TILL:
        if has_values(rows, name):
            known = rows.dropna(subset=[name])
            each = known.groupby("block")
            how = each[name].mean() if name == "promo" else each[name].sum()
            values = how.reindex(range(n)).to_numpy(dtype=np.float64).copy()
            there = each["date"].nunique().reindex(range(n), fill_value=0).to_numpy()
            usual = 1 if tables.grain == "week" else int(np.median(there[there > 0]))
            values[there < usual] = np.nan  # five days are no week of seven
            found[name] = values
    return found if "revenue" in found else {}
