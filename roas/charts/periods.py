"""Weeks as charts and words need them: gaps kept, recent against before."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from roas.format import day
from roas.language import say
from roas.limits import RECENT_WEEKS
from roas.metrics import ratio

if TYPE_CHECKING:
    import pandas as pd


def on_grid(weeks: pd.DataFrame) -> pd.DataFrame:
    """Return one row per week from first to last; NaN in weeks without data.

    Parameters
    ----------
    weeks : DataFrame
        ``week`` (a Monday), one row each, and figures.
    """
    import pandas as pd

    if not len(weeks):
        return weeks
    every = pd.date_range(weeks["week"].min(), weeks["week"].max(), freq="7D")
    out = weeks.drop_duplicates("week").set_index("week").reindex(every).rename_axis("week").reset_index()
    out["complete"] = out["complete"].eq(True) if "complete" in out.columns else True
    return out


def span(weeks: pd.DataFrame) -> str:
    """Write the period of a table of weeks, first Monday to last Sunday."""
    import pandas as pd

    if not len(weeks):
        return say("no week")
    first, last = weeks["week"].min(), weeks["week"].max() + pd.Timedelta(days=6)
    if len(weeks) > 1:
        return say("{start} to {end}", start=day(first), end=day(last))
    return say("week of {day}", day=day(first))


@dataclass(frozen=True)
class Recent:
    """The last 8 complete weeks and the 8 before, in a row.

    ``recent`` and ``before`` hold one row per week.
    """

    recent: pd.DataFrame
    before: pd.DataFrame

    def sums(self, column: str) -> tuple[float | None, float | None]:
        """Return the sum over the recent weeks and over those before; None where a week is unknown."""
        return _sum(self.recent, column), _sum(self.before, column)

    def ratios(self, top: str, bottom: str) -> tuple[float | None, float | None]:
        """Return sum over sum, for the recent weeks and for those before."""
        (a, b), (c, d) = self.sums(top), self.sums(bottom)
        return ratio(a, c), ratio(b, d)


def _sum(weeks: pd.DataFrame, column: str) -> float | None:
    if column not in weeks.columns or weeks[column].isna().any():
        return None
    return math.fsum(weeks[column])


def recent_and_before(weeks: pd.DataFrame) -> Recent | None:
    """Cut out the last 8 complete weeks and the 8 before them.

    Returns None unless sixteen complete weeks stand in a row, counted back
    from the last complete one: a gap would be compared with a period.
    """
    if not len(weeks):
        return None
    grid = on_grid(weeks)
    complete = grid.index[grid["complete"]]
    if not len(complete) or complete[-1] + 1 < 2 * RECENT_WEEKS:
        return None
    last = int(complete[-1]) + 1
    both = grid.iloc[last - 2 * RECENT_WEEKS : last]
    if not both["complete"].all():
        return None
    return Recent(both.iloc[RECENT_WEEKS:], both.iloc[:RECENT_WEEKS])


def with_claims_spend(weeks: pd.DataFrame) -> pd.DataFrame:
    """Add ``claims_spend``: the spend of channels that report claims, under each week's claimed ROAS.

    Claimed ROAS leaves out channels that claim nothing, so its denominator
    is not all spend; a sum over weeks needs the one it was taken over.
    """
    known = weeks["claimed_roas"].where(weeks["claimed_roas"] != 0)
    return weeks.assign(claims_spend=(weeks["claimed_revenue"] / known).fillna(weeks["spend"]))


def relative(after: float | None, before: float | None) -> float | None:
    """Return the relative change; None where there is nothing to compare with."""
    if after is None or before is None or before <= 0:
        return None
    return after / before - 1
