"""The account as the readings see it: complete weeks, one row per campaign."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np
import numpy.typing as npt

from roas.limits import RECENT_WEEKS
from roas.tables import Tables, has_values

if TYPE_CHECKING:
    import pandas as pd

    from roas.volatility.maturity.cut import Maturity

Array: TypeAlias = npt.NDArray[np.float64]
Mask: TypeAlias = npt.NDArray[np.bool_]
Places: TypeAlias = npt.NDArray[np.int64]

#: Weeks that "before" looks back from the recent ones: a year, so that each season is in it once.
BEFORE_WEEKS: Final = 52

#: Weeks between the same season of two years.
YEAR: Final = 52

#: Measures of the ad exports that are added up.
MEASURES: Final = ("spend", "conversion_value", "conversions", "impressions", "clicks", "new_conversions")

_WEEK: Final = np.timedelta64(7, "D")


@dataclass(frozen=True)
class View:
    """Weekly sums of an account.

    Attributes
    ----------
    weeks : array of datetime64[D], shape (W,)
        First days of complete weeks, without gaps.
    channels : tuple of str
    channel : array of int, shape (U,)
        Index of each unit's channel; a unit is a campaign, or a channel's rows without one.
    campaigns : tuple of str or None
        Name of each unit.
    sums : mapping of measure to array, shape (U, W)
        Currency or counts; 0 where nothing was reported.
    reports : mapping of measure to array of bool, shape (C,)
        Channels that report the measure anywhere.
    ripe : array of int, shape (C,)
        Weeks, from the first, in which a channel's claims are complete.
    till : mapping of column to array, shape (W,)
        The shop's columns; NaN in weeks that are not wholly known.
    first_day : array of datetime64[D], shape (U,)
        First day with spend; NaT for none.
    named : bool
        Whether campaigns are exported at all.
    grain : {"day", "week"}
    currency : str or None
    """

    weeks: npt.NDArray[np.datetime64]
    channels: tuple[str, ...]
    channel: Places
    campaigns: tuple[str | None, ...]
    sums: Mapping[str, Array]
    reports: Mapping[str, Mask]
    ripe: Places
    till: Mapping[str, Array]
    first_day: npt.NDArray[np.datetime64]
    named: bool
    grain: str
    currency: str | None

    @property
    def spend(self) -> Array:
        """Spend, shape (U, W)."""
        return self.sums["spend"]

    @property
    def claims(self) -> Array:
        """Claimed revenue, shape (U, W)."""
        return self.sums["conversion_value"]

    @cached_property
    def claiming(self) -> Mask:
        """Units of channels that claim any revenue, shape (U,)."""
        return np.asarray(self.reports["conversion_value"][self.channel], dtype=np.bool_)

    @cached_property
    def ripe_weeks(self) -> int:
        """Weeks in which the claims of every claiming channel are complete."""
        claiming = self.reports["conversion_value"]
        return int(self.ripe[claiming].min()) if claiming.any() else len(self.weeks)

    def has(self, measure: str) -> bool:
        """Whether any channel reports it."""
        return bool(self.reports[measure].any())


def recent(end: int) -> slice:
    """Return the last `RECENT_WEEKS` weeks before week `end`."""
    return slice(max(0, end - RECENT_WEEKS), end)


def weeks_in(part: slice) -> int:
    """Return how many weeks a range of them holds: fewer than asked for in a short account."""
    return int(part.stop - part.start)


def before(end: int) -> slice:
    """Return the weeks before the recent ones, a year at most."""
    start = max(0, end - RECENT_WEEKS)
    return slice(max(0, start - BEFORE_WEEKS), start)


def year_ago(end: int) -> slice | None:
    """Return the same weeks a year before the recent ones; None with a shorter history."""
    if end - RECENT_WEEKS - YEAR < 0:
        return None
    return slice(end - RECENT_WEEKS - YEAR, end - YEAR)


def look_at(tables: Tables, maturity: Mapping[str, Maturity]) -> View:
    """Add an account up to complete weeks per campaign.

    Parameters
    ----------
    tables : Tables
    maturity : mapping of channel to Maturity
        Up to which day its claims have arrived; channels that are missing are complete.

    Returns
    -------
    View
        Without weeks where the account does not hold a complete one.
    """
    import pandas as pd

    spend = tables.spend
    days = spend["date"].to_numpy().astype("datetime64[D]")
    weeks = _weeks(days, tables.grain)
    of, channels = pd.factorize(spend["channel"].astype(str), sort=True)
    campaign, names = pd.factorize(spend["campaign"].astype(object), sort=True)  # −1 where there is none
    # Sorted, so that draws do not depend on the order of rows. Two columns of codes as one: factorising pairs of texts takes three times as long.
    unit, pairs = pd.factorize(of * (len(names) + 1) + campaign + 1, sort=True)
    home, title = np.divmod(np.asarray(pairs, dtype=np.int64), len(names) + 1)
    values = {name: _column(spend, name) for name in MEASURES}
    return View(
        weeks=weeks,
        channels=tuple(str(name) for name in channels),
        channel=home,
        campaigns=tuple(str(names[i - 1]) if i else None for i in title),
        sums={name: _by_week(unit, days, values[name], len(pairs), weeks) for name in MEASURES},
        reports={name: np.bincount(home[unit], values[name] > 0, len(channels)) > 0 for name in MEASURES},
        ripe=_ripe([str(name) for name in channels], maturity, weeks),
        till=_till(tables, weeks),
        first_day=_first_days(unit, days, values["spend"], len(pairs)),
        named=bool(len(names)),
        grain=tables.grain,
        currency=tables.currency,
    )


def _column(frame: pd.DataFrame, name: str) -> Array:
    values = frame[name].to_numpy(dtype=float) if name in frame.columns else np.zeros(len(frame))
    return np.nan_to_num(values, posinf=0.0, neginf=0.0)


def _weeks(days: npt.NDArray[np.datetime64], grain: str) -> npt.NDArray[np.datetime64]:
    """Return the first days of complete weeks: Mondays, or a weekly file's own labels."""
    if not len(days):
        return np.zeros(0, dtype="datetime64[D]")
    first, last = days.min(), days.max()
    if grain == "week":
        return np.arange(first, last + _WEEK, _WEEK)
    first = first + np.timedelta64(int((4 - first.astype(int)) % 7), "D")  # 1970-01-05 was a Monday
    return np.arange(first, max(first, last - np.timedelta64(5, "D")), _WEEK)


def _week_of(days: npt.NDArray[np.datetime64], weeks: npt.NDArray[np.datetime64]) -> Places:
    """Return the week of each day; one that is not complete lies outside 0 … W − 1."""
    if not len(weeks):
        return np.full(len(days), -1)
    return np.asarray((days - weeks[0]) // _WEEK, dtype=np.int64)


def _by_week(
    unit: npt.NDArray[np.intp],
    days: npt.NDArray[np.datetime64],
    values: Array,
    units: int,
    weeks: npt.NDArray[np.datetime64],
) -> Array:
    week = _week_of(days, weeks)
    inside = (week >= 0) & (week < len(weeks))
    cells = unit[inside] * len(weeks) + week[inside]
    sums = np.bincount(cells, values[inside], units * len(weeks))
    return np.asarray(sums.reshape(units, len(weeks)), dtype=np.float64)


def _ripe(channels: Sequence[str], maturity: Mapping[str, Maturity], weeks: npt.NDArray[np.datetime64]) -> Places:
    ends = weeks + _WEEK
    return np.array(
        [
            int((ends <= np.datetime64(maturity[name].mature_until)).sum()) if name in maturity else len(weeks)
            for name in channels
        ],
        dtype=np.int64,
    )


def _till(tables: Tables, weeks: npt.NDArray[np.datetime64]) -> dict[str, Array]:
    """Return the shop's columns by week; NaN where a day of the week is missing."""
    frame = tables.revenue
    if frame is None or not len(weeks) or not len(frame):
        return {}
    days = frame["date"].to_numpy().astype("datetime64[D]")
    week = _week_of(days, weeks)
    inside = (week >= 0) & (week < len(weeks))
    whole = 1 if tables.grain == "week" else 7
    out = {}
    for name in ("revenue", "orders", "new_customers"):
        if not has_values(frame, name):
            continue
        values = frame[name].to_numpy(dtype=float)
        good = inside & np.isfinite(values)
        known = np.bincount(week[good], minlength=len(weeks)) >= whole
        out[name] = np.where(known, np.bincount(week[good], values[good], len(weeks)), np.nan)
    return out


def _first_days(
    unit: npt.NDArray[np.intp], days: npt.NDArray[np.datetime64], spend: Array, units: int
) -> npt.NDArray[np.datetime64]:
    late = np.datetime64("9999-12-31", "D")
    out = np.full(units, late, dtype="datetime64[D]")
    paid = spend > 0
    np.minimum.at(out, unit[paid], days[paid])
    out[out == late] = np.datetime64("NaT")
    return out
