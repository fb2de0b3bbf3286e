"""A ROAS series: what was spent, what came back, and how many sales it rests on."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from roas._typing import Grain
from roas.volatility._arrays import Array, Days

if TYPE_CHECKING:
    import pandas as pd

#: Whose revenue the ratio takes: what a platform claims, or what the till took.
Of = Literal["claimed_roas", "mer"]


@dataclass(frozen=True)
class RoasSeries:
    """One ratio of revenue to spend over consecutive days or weeks.

    Attributes
    ----------
    name : str
        The channel; empty for the whole account.
    of : {"claimed_roas", "mer"}
        Which revenue stands above the line.
    grain : {"day", "week"}
        Length of a period.
    dates : array, shape (n_periods,)
        First day of each period, consecutive, without gaps.
    spend, revenue : array, shape (n_periods,)
        Account currency. 0 where a channel was off; NaN where the account
        has no data at all.
    conversions : array, shape (n_periods,), or None
        Conversions (of the till: orders) behind `revenue`; None where they
        are not exported.
    impressions, clicks : array, shape (n_periods,), or None
        None where they are not exported.
    mature : int
        Periods, from the first, in which all conversions have arrived.
    """

    name: str
    of: Of
    grain: Grain
    dates: Days
    spend: Array
    revenue: Array
    conversions: Array | None = None
    impressions: Array | None = None
    clicks: Array | None = None
    mature: int = -1

    def __post_init__(self) -> None:
        if self.mature < 0:
            object.__setattr__(self, "mature", len(self.dates))

    @property
    def periods_per_week(self) -> int:
        """7 for days, 1 for weeks."""
        return 7 if self.grain == "day" else 1

    @cached_property
    def usable(self) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """Periods with money spent and revenue known."""
        return (self.spend > 0) & np.isfinite(self.revenue)

    @cached_property
    def weeks(self) -> RoasSeries:
        """The same series by complete weeks from Monday; itself where it is weekly."""
        if self.grain == "week" or not len(self.dates):
            return self
        first = int((4 - self.dates[0].astype("datetime64[D]").astype(int)) % 7)  # 1970-01-05 was a Monday
        count = (len(self.dates) - first) // 7
        if count < 1:
            return self._part(slice(0, 0), "week")

        def add_up(values: Array | None) -> Array | None:
            return None if values is None else values[first : first + 7 * count].reshape(count, 7).sum(axis=1)

        sums: dict[str, Any] = {name: add_up(getattr(self, name)) for name in MEASURES}
        mature = int(np.clip((self.mature - first) // 7, 0, count))
        dates = self.dates[first : first + 7 * count : 7]
        return RoasSeries(self.name, self.of, "week", dates, mature=mature, **sums)

    def until_mature(self) -> RoasSeries:
        """Return the periods in which all conversions have arrived."""
        return self._part(slice(0, self.mature), self.grain)

    def _part(self, rows: slice, grain: Grain) -> RoasSeries:
        parts: dict[str, Any] = {name: None if (v := getattr(self, name)) is None else v[rows] for name in MEASURES}
        return RoasSeries(self.name, self.of, grain, self.dates[rows], **parts)

    def to_frame(self) -> pd.DataFrame:
        """Return one row per period: date, the measures, roas."""
        import pandas as pd

        columns = {name: getattr(self, name) for name in MEASURES if getattr(self, name) is not None}
        frame = pd.DataFrame({"date": self.dates, **columns})
        frame["roas"] = frame["revenue"] / frame["spend"].where(frame["spend"] > 0)
        return frame


MEASURES = ("spend", "revenue", "conversions", "impressions", "clicks")
