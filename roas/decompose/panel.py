"""The account as an array: days by campaigns by measures, grouped once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from roas._typing import Grain
from roas.decompose._arrays import Array, Days, Flags, Whole
from roas.decompose.chains import LEVELS
from roas.decompose.periods import Period, as_date

if TYPE_CHECKING:
    import pandas as pd

#: Name of a unit, campaign None where the export names none.
Unit = tuple[str, str | None]

#: Share of a channel's spend, in each period, whose days must carry a column
#: before it counts as exported: an export that begins to tell clicks half-way
#: through a period would read as a fall of order rates.
KNOWN_SHARE: Final = 0.9


#: Campaigns that stand alone in a comparison: the largest by spend of the whole
#: table, and as many of its last weeks. No page lists more, and memory grows
#: with campaigns times days (300 x 1,100 days: 13 MB, and 100 MB of draws).
MOST_CAMPAIGNS: Final = 300

#: Days at the end whose largest campaigns stand alone too: both recent periods.
LAST_DAYS: Final = 56

#: Name of the campaigns taken together; no campaign of an account has it,
#: else the name is bracketed once more.
OTHER: Final = "(other)"


@dataclass(frozen=True)
class Panel:
    """Spend and what came of it per period and unit.

    Attributes
    ----------
    units : tuple of (channel, campaign)
        Sorted by both; campaign None last in its channel.
    channels : tuple of str
        Sorted.
    channel : array of int, shape (n_units,)
    dates : array, shape (n_periods,)
        First days, consecutive.
    values : array, shape (n_periods, n_units, 5)
        Sums of `roas.decompose.chains.LEVELS`; 0 where nothing is known.
    told : array of bool, shape (n_periods, n_channels, 5)
        Whether any row of the channel carries the column.
    till : array, shape (n_periods,), or None
        Revenue of the shop; NaN where not known.
    grain : {"day", "week"}
    gathered : int
        Campaigns beyond the largest, taken together as `OTHER` of their channel.
    """

    units: tuple[Unit, ...]
    channels: tuple[str, ...]
    channel: Whole
    dates: Days
    values: Array
    told: Flags
    till: Array | None
    grain: Grain
    gathered: int = 0

    @property
    def step(self) -> int:
        """Days in a period."""
        return 7 if self.grain == "week" else 1

    def rows(self, period: Period) -> slice:
        """Return the rows whose first day lies in `period`."""
        first = as_date(self.dates[0]) if len(self.dates) else period.start
        low, high = (-((first - day).days // self.step) for day in (period.start, period.end))
        return slice(*(int(np.clip(k, 0, len(self.dates))) for k in (low, max(low, high))))

    def exported(self, periods: tuple[slice, slice]) -> Flags:
        """Return which columns each channel tells in both periods, shape (n_channels, 5).

        A period without spend in the channel asks for nothing.
        """
        known = np.ones((len(self.channels), len(LEVELS)), dtype=np.bool_)
        for rows in periods:
            own = self.values[rows, :, 0] @ np.eye(len(self.channels))[self.channel]
            spent = own.sum(axis=0)
            share = (
                np.einsum("tc,tcm->cm", own, self.told[rows].astype(np.float64))
                / np.where(spent > 0, spent, 1)[:, None]
            )
            known &= (share >= KNOWN_SHARE) | (spent <= 0)[:, None]
        return known


def panel(spend: pd.DataFrame, *, revenue: pd.DataFrame | None = None, grain: Grain = "day") -> Panel:
    """Group the canonical table of spend once, for any number of comparisons.

    Parameters
    ----------
    spend : DataFrame
        ``date``, ``channel``, ``spend`` and whichever of ``campaign``,
        ``impressions``, ``clicks``, ``conversions``, ``conversion_value`` it
        has; finer rows are added up, NaN is not exported.
    revenue : DataFrame, optional
        The till: ``date``, ``revenue``.
    grain : {"day", "week"}
    """
    rows, gathered = _largest(spend.dropna(subset=["date"]))
    dates = _axis(rows["date"].to_numpy(), grain)
    step = 7 if grain == "week" else 1
    units, place = _coded(rows)
    channels = tuple(sorted({channel for channel, _ in units}))
    channel = np.array([channels.index(c) for c, _ in units], dtype=np.int64)
    values = np.zeros((len(dates), len(units), len(LEVELS)))
    told = np.zeros((len(dates), len(channels), len(LEVELS)), dtype=np.bool_)
    if len(rows):
        when = (rows["date"].to_numpy().astype("datetime64[D]") - dates[0]).astype(np.int64) // step
        for k, name in enumerate(LEVELS):
            if name in rows:
                column = rows[name].to_numpy(dtype=np.float64, na_value=np.nan)
                known = np.isfinite(column)
                values[:, :, k] = _added(column[known], when[known], place[known], values.shape[:2])
                told[when[known], channel[place[known]], k] = True
    return Panel(units, channels, channel, dates, values, told, _till(revenue, dates, step), grain, gathered)


def _largest(rows: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """Take campaigns beyond the largest together; return the rows, and how many campaigns those were."""
    import pandas as pd

    if "campaign" not in rows or not len(rows):
        return rows, 0
    keys = ["channel", "campaign"]
    named = rows[rows["campaign"].notna()]
    size = named.groupby(keys, sort=True)["spend"].sum()
    if len(size) <= MOST_CAMPAIGNS:
        return rows, 0
    late = named["date"] > named["date"].max() - pd.Timedelta(days=LAST_DAYS)
    recent = named[late].groupby(keys, sort=True)["spend"].sum()
    ranked = (table.sort_values(ascending=False, kind="stable").index[:MOST_CAMPAIGNS] for table in (size, recent))
    kept = next(ranked).union(next(ranked))
    alone = pd.MultiIndex.from_frame(rows[keys]).isin(kept) | rows["campaign"].isna().to_numpy()
    name = free_name(set(kept.get_level_values(1)))
    campaign = rows["campaign"].astype(object).where(alone, name)
    return rows.assign(campaign=campaign), len(size) - len(kept)


def free_name(taken: set[str | None]) -> str:
    """Return the name for campaigns taken together that none of these has."""
    name = OTHER
    while name in taken:
        name = f"({name})"
    return name


def _coded(rows: pd.DataFrame) -> tuple[tuple[Unit, ...], Whole]:
    """Return the units in order, and the unit of each row."""
    import pandas as pd

    keys = pd.DataFrame({"channel": rows["channel"], "campaign": rows.get("campaign")})
    code = keys.groupby(["channel", "campaign"], dropna=False, sort=True).ngroup().to_numpy()
    units = [_unit(*keys.iloc[k]) for k in np.unique(code, return_index=True)[1]]
    order = sorted(range(len(units)), key=lambda k: (units[k][0], units[k][1] is None, units[k][1] or ""))
    return tuple(units[k] for k in order), np.argsort(order).astype(np.int64)[code]


def _added(column: Array, when: Whole, place: Whole, shape: tuple[int, ...]) -> Array:
    """Add values up by period and unit; the sums do not depend on the order of rows."""
    flat = when * shape[1] + place
    order = np.lexsort((column, flat))
    sums = np.bincount(flat[order], column[order], minlength=shape[0] * shape[1])
    return np.asarray(sums, dtype=np.float64).reshape(shape)


def _unit(channel: object, campaign: object) -> Unit:
    import pandas as pd

    named = campaign is not None and not pd.isna(campaign)  # type: ignore[call-overload]
    return str(channel), str(campaign) if named else None


def _axis(found: np.ndarray[tuple[int], np.dtype[np.datetime64]], grain: Grain) -> Days:
    """Return every day, or every seventh, from the first date to the last."""
    if not len(found):
        return np.array([], dtype="datetime64[D]")
    days = found.astype("datetime64[D]")
    return np.arange(days.min(), days.max() + 1, np.timedelta64(7 if grain == "week" else 1, "D"))


def _till(revenue: pd.DataFrame | None, dates: Days, step: int) -> Array | None:
    if revenue is None or "revenue" not in revenue or not len(dates):
        return None
    rows = revenue.dropna(subset=["date", "revenue"])
    when = (rows["date"].to_numpy().astype("datetime64[D]") - dates[0]).astype(np.int64) // step
    inside = (when >= 0) & (when < len(dates))
    out = np.full(len(dates), np.nan)
    count = np.bincount(when[inside], minlength=len(dates))
    taken = np.bincount(when[inside], rows["revenue"].to_numpy(dtype=np.float64)[inside], minlength=len(dates))
    out[count > 0] = taken[count > 0]
    return out if (count > 0).any() else None
