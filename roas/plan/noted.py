"""A plan as it was noted, and how far what was spent afterwards follows it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from roas.plan._arrays import Array
from roas.quantiles import Q

if TYPE_CHECKING:
    import pandas as pd

#: Money per week below which nothing moves: half a cent, the least that is written.
CENT: Final = 0.005


@dataclass(frozen=True)
class Noted:
    """A plan that somebody decided on. Money is currency per week.

    Attributes
    ----------
    now, planned : mapping
        Channel → money before the plan, and under it.
    weeks : int
        Its length.
    begins : date
        First day that it is about: the day after the data it was made from.
    predicted : Q
        Change in revenue per week.
    """

    now: Mapping[str, float]
    planned: Mapping[str, float]
    weeks: int
    begins: dt.date
    predicted: Q

    @property
    def ends(self) -> dt.date:
        """Its last day."""
        return self.begins + dt.timedelta(days=7 * self.weeks - 1)

    @property
    def held(self) -> bool:
        """Whether it keeps today's split."""
        names = {*self.now, *self.planned}
        return all(abs(self.planned.get(name, 0.0) - self.now.get(name, 0.0)) < CENT for name in names)


@dataclass(frozen=True)
class Spent:
    """What was spent in the weeks of a plan that are over, beside what was planned.

    Attributes
    ----------
    weeks : int
        Whole weeks that both spend and revenue cover.
    per_week : mapping
        Channel → money per week over them, currency.
    followed : float or None
        Share of the planned moves that was made; None before a week is over.
    beside : float or None
        Money per week that moved otherwise, currency.
    """

    weeks: int
    per_week: Mapping[str, float]
    followed: float | None
    beside: float | None


def spent_of(plan: Noted, spend: pd.DataFrame, weeks: int) -> Spent:
    """Compare what was spent with a plan.

    Parameters
    ----------
    plan : Noted
    spend : DataFrame
        Canonical: ``date``, ``channel``, ``spend`` (currency).
    weeks : int
        Weeks of the plan that are over.

    Returns
    -------
    Spent

    Notes
    -----
    With m the planned moves by channel and a the moves that were made (mean
    money per week of the weeks that are over, less money before the plan),
    ``followed = a·m / m·m``: the projection of a on m, cut to 0 … 1. Large
    moves weigh most. ``beside`` is the sum of ``|a - followed * m|``: what
    moved in channels, or by amounts, that the plan does not name; where more
    was moved than planned, the part beyond the plan. A plan that holds
    today's split has no moves; then ``followed = 1 - sum|a| / sum(now)``, cut
    likewise.

    Examples
    --------
    >>> import pandas as pd
    >>> plan = Noted({"A": 100.0, "B": 50.0}, {"A": 60.0, "B": 90.0}, 1, dt.date(2026, 3, 2), Q(0, 1, 2))
    >>> table = pd.DataFrame({"date": pd.Timestamp("2026-03-04"), "channel": ["A", "B"], "spend": [80.0, 70.0]})
    >>> spent_of(plan, table, 1).followed
    0.5
    """
    if weeks < 1:
        return Spent(0, {}, None, None)
    found = weekly_means(spend, plan.begins, weeks)
    names = sorted({*plan.now, *plan.planned, *found})
    now = np.array([plan.now.get(name, 0.0) for name in names])
    moves = np.array([plan.planned.get(name, 0.0) for name in names]) - now
    made = np.array([found.get(name, 0.0) for name in names]) - now
    followed = _kept(now, made) if plan.held else _projected(moves, made)
    beside = float(np.abs(made - (0.0 if plan.held else followed) * moves).sum())
    return Spent(weeks, {name: found.get(name, 0.0) for name in names}, round(followed, 4), round(beside, 2))


def _projected(moves: Array, made: Array) -> float:
    size = np.abs(moves).max()  # products of very small or large amounts would leave the range of numbers
    share = float((made / size) @ (moves / size)) / float((moves / size) @ (moves / size))
    return min(max(share, 0.0), 1.0)


def _kept(now: Array, made: Array) -> float:
    total = float(now.sum())
    if total <= 0:
        return 1.0 if not made.any() else 0.0
    return min(max(1.0 - float(np.abs(made).sum()) / total, 0.0), 1.0)


def weekly_means(spend: pd.DataFrame, begins: dt.date, weeks: int) -> dict[str, float]:
    """Return channel → money per week over `weeks` weeks from a day on."""
    import pandas as pd

    first = pd.Timestamp(begins)
    dates = pd.to_datetime(spend["date"])
    inside = spend[(dates >= first) & (dates < first + pd.Timedelta(days=7 * weeks))]
    ordered = inside.sort_values(["date", "channel", "spend"], kind="stable")
    sums = ordered.groupby(ordered["channel"].astype(str), sort=True)["spend"].sum()
    return {str(name): round(float(value) / weeks, 6) for name, value in sums.items()}


def weeks_over(spend: pd.DataFrame, revenue: pd.DataFrame | None, begins: dt.date, *, days: int) -> int:
    """Return how many whole weeks from a day on both tables cover.

    Parameters
    ----------
    spend, revenue : DataFrame
        ``date``; revenue counts where it is known.
    begins : date
    days : int
        Length of a row: 1 for days, 7 for weeks.
    """
    if revenue is None:
        return 0
    known = revenue.loc[revenue["revenue"].notna(), "date"]
    if not len(known) or not len(spend):
        return 0
    last: dt.date = min(spend["date"].max(), known.max()).date() + dt.timedelta(days=days - 1)
    return max(((last - begins).days + 1) // 7, 0)
