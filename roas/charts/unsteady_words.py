"""Words for weekly ROAS: its breaks, and the weeks that are not final."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from roas.charts.causal_words import PROBABLE, SURE
from roas.charts.luck_words import weeks_title
from roas.format import day, day_and_month, percent, ratio
from roas.language import mark, say

if TYPE_CHECKING:
    import pandas as pd

#: Final weeks after a break from which its level is said to have stayed.
_STAYED: Final = 4

#: Which way one break went → outright, probably, may have; to be said.
_MOVED: Final = {
    "fell": (
        mark("{metric} fell around {day}"),
        mark("{metric} probably fell around {day}"),
        mark("{metric} may have fallen around {day}"),
    ),
    "rose": (
        mark("{metric} rose around {day}"),
        mark("{metric} probably rose around {day}"),
        mark("{metric} may have risen around {day}"),
    ),
}
#: The same, where the level stayed.
_STAYED_SO: Final = {
    "fell": (
        mark("{metric} fell around {day} and stayed down"),
        mark("{metric} probably fell around {day} and stayed down"),
        mark("{metric} may have fallen around {day} and stayed down"),
    ),
    "rose": (
        mark("{metric} rose around {day} and stayed up"),
        mark("{metric} probably rose around {day} and stayed up"),
        mark("{metric} may have risen around {day} and stayed up"),
    ),
}
#: The last of several breaks.
_LAST: Final = {
    "fell": (
        mark("{metric} changed its level {number} times; last it fell around {day}, from {before} to {after}"),
        mark("{metric} changed its level {number} times; last it probably fell around {day}, from {before} to {after}"),
        mark(
            "{metric} changed its level {number} times; last it may have fallen around {day}, from {before} to {after}"
        ),
    ),
    "rose": (
        mark("{metric} changed its level {number} times; last it rose around {day}, from {before} to {after}"),
        mark("{metric} changed its level {number} times; last it probably rose around {day}, from {before} to {after}"),
        mark(
            "{metric} changed its level {number} times; last it may have risen around {day}, from {before} to {after}"
        ),
    ),
}


@dataclass(frozen=True)
class Break:
    """A date since when the level is another one."""

    date: pd.Timestamp
    before: float | None
    after: float | None
    probability: float | None

    @property
    def size(self) -> float:
        """How far apart the levels are, as a factor's log; 0 where not known."""
        if not self.before or not self.after or self.before <= 0 or self.after <= 0:
            return 0.0
        return abs(math.log(self.after / self.before))


def since(each: Break, *, brief: bool) -> str:
    """Write a break: since when, from what to what, how surely.

    Examples
    --------
    >>> import pandas as pd
    >>> since(Break(pd.Timestamp("2025-03-04"), 3.1, 2.3, 0.99), brief=False)
    'since 4 Mar: 3.10 → 2.30'
    """
    when = day_and_month(each.date)
    if each.before is None or each.after is None:
        return say("since {day}", day=when)
    levels = f"{ratio(each.before)} → {ratio(each.after)}"
    if brief:
        return f"{when}: {levels}"
    sure = each.probability
    if sure is None or sure >= 0.95:
        return say("since {day}: {levels}", day=when, levels=levels)
    return say("since {day}: {levels} ({probability} sure)", day=when, levels=levels, probability=percent(sure))


def unfinished(grid: pd.DataFrame) -> str:
    """Name the weeks that are not judged: the newest, and those that lack days."""
    part = (grid["roas"].notna() & ~grid["ripe"]).to_numpy()
    known_weeks = grid["roas"].notna().to_numpy()
    first = len(part)
    while first and (part[first - 1] or not known_weeks[first - 1]):
        first -= 1
    newest, others = grid["week"][first:][part[first:]], grid["week"][:first][part[:first]]
    says = []
    if len(newest):
        first_day = day(newest.iloc[0])
        says.append(
            say("not final since {day}", day=first_day)
            if len(newest) > 1
            else say("not final in the week of {day}", day=first_day)
        )
    if len(others) > 2:
        says.append(say("{number} earlier incomplete weeks", number=len(others)))
    elif len(others) == 2:
        days = say("{names} and {last}", names=day(others.iloc[0]), last=day(others.iloc[1]))
        says.append(say("incomplete weeks of {days}", days=days))
    elif len(others):
        says.append(say("incomplete week of {day}", day=day(others.iloc[0])))
    return ", ".join(says)


def noise_title(grid: pd.DataFrame, found: Sequence[Break], metric: str, luck: float | None = None) -> str:
    """Say since when the level is another one, else whether luck explains the weeks.

    Parameters
    ----------
    grid : DataFrame
        One row per week: ``roas``, ``expected``, ``lower``, ``upper``;
        ``ripe`` (final), ``judged`` (final, with limits), ``above``, ``below``.
    found : sequence of Break
        By date.
    metric : str
        As within a sentence.
    luck : float, optional
        Its share of the variance.
    """
    return _break_title(grid, found, metric) if found else weeks_title(grid, metric, luck)


def _break_title(grid: pd.DataFrame, found: Sequence[Break], metric: str) -> str:
    last = found[-1]
    when = day(last.date)
    if last.before is None or last.after is None:
        return say("{metric} changed its level around {day}", metric=metric, day=when)
    way, sure = "fell" if last.after < last.before else "rose", _sure(last.probability)
    if len(found) == 1:
        stayed = int((grid["ripe"] & (grid["week"] >= last.date)).sum()) >= _STAYED
        return say((_STAYED_SO if stayed else _MOVED)[way][sure], metric=metric, day=when)
    return say(
        _LAST[way][sure],
        metric=metric, number=len(found), day=when, before=ratio(last.before), after=ratio(last.after),
    )  # fmt: skip


def _sure(probability: float | None) -> int:
    """Return which of three sentences a probability allows: outright, probably, may have."""
    return 0 if probability is None or probability >= SURE else 1 if probability >= PROBABLE else 2
