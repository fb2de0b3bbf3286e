"""A series beside what it would have been: one row a week, and where its chart ends."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, Protocol

from roas.charts.periods import on_grid
from roas.charts.values import finite

if TYPE_CHECKING:
    import pandas as pd

#: Weeks before the onset from which the expectation is drawn, so that it is seen to fit there.
_BEFORE: Final = 8

#: A week this many times above the 9th decile is drawn at the upper edge, as in `roas.charts.unsteady`.
_HIGHEST: Final = 3.0


class Shown(Protocol):
    """A weekly series, what it would have been, and since when it differs (`roas.diagnosis.results.Exhibit`)."""

    @property
    def channel(self) -> str | None:
        """Return whose it is; None for the account."""
        ...

    @property
    def weeks(self) -> Sequence[dt.date]:
        """Return the Mondays."""
        ...

    @property
    def observed(self) -> Sequence[float]:
        """Return what was seen, in the unit of its metric."""
        ...

    @property
    def expected(self) -> Sequence[float]:
        """Return what it would have been without the cause; NaN where nothing is expected."""
        ...

    @property
    def low(self) -> Sequence[float]:
        """Return the 5 % end of that."""
        ...

    @property
    def high(self) -> Sequence[float]:
        """Return the 95 % end of that."""
        ...

    @property
    def since(self) -> dt.date | None:
        """Return the onset; None where there is none."""
        ...


def by_week(exhibit: Shown) -> pd.DataFrame:
    """Return one row per week from first to last, and which are since the onset."""
    import pandas as pd

    columns = ("observed", "expected", "low", "high")
    table = pd.DataFrame({name: list(getattr(exhibit, name)) for name in columns}, dtype=object)
    table = finite(table, columns).assign(week=pd.to_datetime(pd.Series(list(exhibit.weeks), dtype=object)))
    grid = on_grid(table[table["week"].notna()].sort_values("week", kind="stable"))
    if exhibit.since is None:
        return grid.assign(since=False)
    onset = pd.Timestamp(exhibit.since)
    grid = grid.assign(since=grid["week"] + pd.Timedelta(days=6) >= onset)
    grid.loc[grid["week"] < onset - pd.Timedelta(weeks=_BEFORE), ["expected", "low", "high"]] = float("nan")
    return grid


def limits(grid: pd.DataFrame) -> tuple[float, float]:
    """Return where the chart ends: at the extreme week, unless it dwarfs nearly all others."""
    seen = grid["observed"].dropna()
    highest, usual = float(seen.max()), float(seen.quantile(0.9))
    highest = min(highest, _HIGHEST * usual) if usual > 0 else highest
    for column, share in (("expected", 1.0), ("high", 0.9)):
        there = grid[column].dropna()
        if len(there):
            highest = max(highest, min(float(there.quantile(share)), 1.5 * max(highest, 0.0) or float("inf")))
    lows = [float(v) for v in (seen.min(), grid["low"].min(), grid["expected"].min()) if v == v]
    return highest, min(*lows, 0.0) if seen.min() < 0 else 0.0
