"""Words for weekly ROAS and luck: breaks, weeks outside the limits, weeks that are not final."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from roas.charts.causal_words import PROBABLE, SURE
from roas.format import day, day_and_month, percent, ratio, say_many
from roas.language import mark, say
from roas.limits import RECENT_WEEKS

if TYPE_CHECKING:
    import pandas as pd

#: Share of weeks that luck alone puts between the limits.
INSIDE: Final = 0.90

#: Probability of as many weeks outside by luck below which it is said that
#: luck is not all (weeks taken as independent, the level as known).
UNLIKELY: Final = 0.05

#: Times the distance from level to limit beyond which a single week is no
#: luck: five standard deviations, one week in a million where sales are many;
#: with one sale a week (about exponential) exp(−7), one year in twenty.
FAR: Final = 3.0

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


def noise_title(grid: pd.DataFrame, found: Sequence[Break], metric: str) -> str:
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
    """
    if found:
        return _break_title(grid, found, metric)
    judged = int(grid["judged"].sum())
    outside = int((grid["above"] | grid["below"]).sum())
    if not judged:
        return say("how much of {metric} is luck cannot be told", metric=metric)
    if judged == 1 and outside:
        return say("the only week is beyond what luck alone does")
    if judged == 1:
        return say("the only week is within what luck alone does")
    inside, usual = judged - outside, round(INSIDE * judged)
    if not outside and judged < RECENT_WEEKS:
        return say("all {weeks} weeks are within what luck alone does", weeks=judged)
    if not outside:
        return say("nothing but luck to be seen: all {weeks} weeks are within its range", weeks=judged)
    far = int(_far(grid).sum())
    if far and chance_outside(outside - far, judged) >= UNLIKELY:
        return say_many(
            "{number} week far beyond luck; {inside} of {weeks} are within its range",
            "{number} weeks far beyond luck; {inside} of {weeks} are within its range",
            far, inside=inside, weeks=judged,
        )  # fmt: skip
    if chance_outside(outside, judged) >= UNLIKELY:
        return say(
            "no more than luck: {inside} of {weeks} weeks are within its range, about {usual} would be",
            inside=inside, weeks=judged, usual=usual,
        )  # fmt: skip
    return say(
        "{inside} of {weeks} weeks are within what luck alone does; luck alone would keep about {usual}",
        inside=inside, weeks=judged, usual=usual,
    )  # fmt: skip


def _far(grid: pd.DataFrame) -> pd.Series:
    """Return the weeks so far out that one is enough to say that luck did not do it."""
    over, under = grid["upper"] - grid["expected"], grid["expected"] - grid["lower"]
    up, down = grid["roas"] - grid["expected"] > FAR * over, grid["expected"] - grid["roas"] > FAR * under
    return (grid["above"] & up) | (grid["below"] & down)


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


def chance_outside(outside: int, weeks: int) -> float:
    """Return the probability that luck puts at least so many weeks outside the limits.

    Examples
    --------
    >>> round(chance_outside(5, 52), 2), round(chance_outside(11, 52), 3)
    (0.6, 0.013)
    """
    term, total = (1 - (1 - INSIDE)) ** weeks, 0.0
    odds = (1 - INSIDE) / INSIDE
    for k in range(outside):
        total += term
        term *= (weeks - k) / (k + 1) * odds
    return max(0.0, 1 - total)
