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

#: Share of a channel's money, where the plan leaves it alone, that may come or
#: go without counting against the plan. In `roas.simulator`, where nobody acts
#: on a plan, a channel's money of four weeks differs from that of the eight
#: before by 12 % in the middle (10 accounts, 30 dates).
WOBBLE: Final = 0.1

#: Most of what the plan moves that may pass as such wobble, as a share of it:
#: a small plan in a large account must not drown in what is forgiven.
FORGIVEN: Final = 0.25

#: Days of revenue without a row of spend after which silence is no spend: by
#: then an export that is only late has come.
SILENT: Final = 28


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
    def moved(self) -> float:
        """Money per week that it moves, up and down added, currency."""
        names = {*self.now, *self.planned}
        return sum(abs(self.planned.get(name, 0.0) - self.now.get(name, 0.0)) for name in sorted(names))

    @property
    def stops(self) -> bool:
        """Whether it ends all spending: no row of spend need come any more."""
        return all(money < CENT for money in self.planned.values())

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
        How far the plan was done, 0 … 1: what is missing of its moves, what
        goes beyond them and what moved beside them count against it alike.
        None before a week is over.
    beside : float or None
        Money per week that moved otherwise: beyond the plan's moves, against
        them, or in channels that it leaves alone, currency.
    made : float or None
        Share of the planned moves that was made, whatever else moved; of a
        plan that holds today's split as `followed`.
    """

    weeks: int
    per_week: Mapping[str, float]
    followed: float | None
    beside: float | None
    made: float | None = None


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
    in units of ``M = sum|m|``::

        missing = sum over m_c of |m_c| less what of it was made, in its direction
        beside  = sum|a - m| - missing
        forgiven = min(sum over m_c = 0 of min(|a_c|, WOBBLE * now_c), FORGIVEN * M)
        followed = 1 - (missing + beside - forgiven) / M, cut to 0 … 1
        made     = 1 - missing / M

    Half of the moves, or half as much again, is 0.5; twice the moves, or as
    much moved beside them, is 0. A plan that holds today's split has no
    moves; then ``followed = made = 1 - sum|a| / sum(now)``, cut likewise.

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
    done = np.array([found.get(name, 0.0) for name in names]) - now
    per_week = {name: found.get(name, 0.0) for name in names}
    if plan.held:
        kept = round(_kept(now, done), 4)
        return Spent(weeks, per_week, kept, round(float(np.abs(done).sum()), 2), kept)
    moves = np.array([plan.planned.get(name, 0.0) for name in names]) - now
    followed, made, beside = _compared(moves, done, now)
    return Spent(weeks, per_week, round(followed, 4), round(beside, 2), round(made, 4))


def _compared(moves: Array, done: Array, now: Array) -> tuple[float, float, float]:
    """Return how far moves were followed, the share of them that was made, and money that moved otherwise."""
    size = np.abs(moves)
    total = float(size.sum())
    along = np.clip(done * np.sign(moves), 0.0, size)  # what was made of each move, in its direction
    missing = float((size - along).sum())
    beside = max(float(np.abs(done - moves).sum()) - missing, 0.0)
    wobble = np.where(size < CENT, np.minimum(np.abs(done), WOBBLE * now), 0.0)
    forgiven = min(float(wobble.sum()), FORGIVEN * total, beside)
    followed = 1.0 - (missing + beside - forgiven) / total
    return min(max(followed, 0.0), 1.0), min(max(1.0 - missing / total, 0.0), 1.0), beside


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


def weeks_over(
    spend: pd.DataFrame, revenue: pd.DataFrame | None, begins: dt.date, *, days: int, silent: int = SILENT
) -> int:
    """Return how many whole weeks from a day on both tables cover.

    Parameters
    ----------
    spend, revenue : DataFrame
        ``date``; revenue counts where it is known.
    begins : date
    days : int
        Length of a row: 1 for days, 7 for weeks.
    silent : int
        Days that revenue goes on for without a row of spend, after which
        silence is no spend; 0 for a plan that stops all ads.

    Notes
    -----
    ``min(revenue, max(spend, revenue - silent))`` of the last days that they
    know: an export of spend that is late is waited for, but not for ever.
    """
    if revenue is None:
        return 0
    known = revenue.loc[revenue["revenue"].notna(), "date"]
    if not len(known) or not len(spend):
        return 0
    till = known.max().date()
    last: dt.date = min(till, max(spend["date"].max().date(), till - dt.timedelta(days=silent)))
    return max(((last + dt.timedelta(days=days - 1) - begins).days + 1) // 7, 0)
