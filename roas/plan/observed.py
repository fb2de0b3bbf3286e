"""Tables that go on after a plan began, and the part of them that its score may see."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from roas._typing import Grain
from roas.response.data import DAYS, year_ends

if TYPE_CHECKING:
    import pandas as pd

    from roas.response.lift import LiftTest


@dataclass(frozen=True)
class Observed:
    """Tables that end somewhere after a plan began.

    Attributes
    ----------
    spend, revenue : DataFrame
        Canonical.
    grain : {"day", "week"}
        That of the tables.
    model_grain : {"day", "week"}
        That of the model.
    tests : sequence of LiftTest
        Experiments; those that were over when the plan began anchor the model.
    """

    spend: pd.DataFrame
    revenue: pd.DataFrame
    grain: Grain
    model_grain: Grain
    tests: Sequence[LiftTest] = ()


@dataclass(frozen=True)
class Cut:
    """Tables of whole weeks up to the end of a plan, with dates moved on so that a week of the model begins with it.

    Attributes
    ----------
    spend, revenue : DataFrame
        As in `Observed`.
    first : Timestamp
        First day of the plan, moved on.
    moved : timedelta
        By how much, up to six days.
    """

    spend: pd.DataFrame
    revenue: pd.DataFrame
    first: pd.Timestamp
    moved: dt.timedelta

    @classmethod
    def of(cls, seen: Observed, begins: dt.date, weeks: int) -> Cut:
        """Cut tables to whole weeks before a plan, and `weeks` weeks from its first day on."""
        import pandas as pd

        by_day = seen.grain == "day" and seen.model_grain == "week"
        moved = dt.timedelta(days=-begins.weekday() % 7 if by_day else 0)
        first = pd.Timestamp(begins + moved)
        spend, revenue = (_whole_weeks(table, first, moved, weeks) for table in (seen.spend, seen.revenue))
        return cls(_silence(spend, revenue, DAYS[seen.grain]), revenue, first, moved)

    @property
    def start(self) -> np.datetime64:
        """First day of the plan, moved on, as calendars write it."""
        return np.datetime64(self.first.date(), "D")

    @property
    def weeks_before(self) -> float:
        """Weeks before the plan that both tables cover."""
        known = self.revenue.loc[self.revenue["revenue"].notna(), "date"]
        if not len(self.spend) or not len(known):
            return 0.0
        return float((self.first - max(self.spend["date"].min(), known.min())).days) / 7

    @property
    def holidays(self) -> list[dt.date]:
        """Holidays of all its days, moved on like them."""
        real = [(each - self.moved).date() for each in (self.spend["date"].min(), self.spend["date"].max())]
        return [day + self.moved for day in year_ends(np.array(real, "datetime64[D]"))]


def _whole_weeks(table: pd.DataFrame, first: pd.Timestamp, moved: dt.timedelta, weeks: int) -> pd.DataFrame:
    import pandas as pd

    dates = pd.to_datetime(table["date"]) + moved
    whole = max((first - dates.min()).days // 7, 0) if len(dates) else 0
    inside = (dates >= first - pd.Timedelta(days=7 * whole)) & (dates < first + pd.Timedelta(days=7 * weeks))
    return table.assign(date=dates)[inside]


def _silence(spend: pd.DataFrame, revenue: pd.DataFrame, days: int) -> pd.DataFrame:
    """Add rows of no spend where revenue goes on after the last row of spend: `weeks_over` has taken it for that."""
    import pandas as pd

    if not len(spend) or not len(revenue) or revenue["date"].max() <= spend["date"].max():
        return spend
    step = pd.Timedelta(days=days)
    dates = pd.date_range(spend["date"].max() + step, revenue["date"].max(), freq=step)
    # One channel is enough: the others are nothing where they have no row.
    rows = pd.DataFrame({"date": dates, "channel": spend["channel"].iloc[0], "spend": 0.0})
    return pd.concat([spend, rows.astype({"channel": spend["channel"].dtype})], ignore_index=True)
