"""Words for weekly ROAS and luck: breaks, weeks outside the limits, weeks that are not final."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from roas.charts.causal_words import PROBABLE, SURE
from roas.format import MONTHS, day, percent, plural, ratio
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
    when = f"{each.date.day} {MONTHS[each.date.month - 1][:3]}"
    if each.before is None or each.after is None:
        return f"since {when}"
    says = f"{when}: {ratio(each.before)} → {ratio(each.after)}"
    if brief:
        return says
    sure = each.probability
    return f"since {says}" + ("" if sure is None or sure >= 0.95 else f" ({percent(sure)} sure)")


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
        says.append(f"not final {'since' if len(newest) > 1 else 'in the week of'} {day(newest.iloc[0])}")
    if len(others) > 2:
        says.append(f"{len(others)} earlier incomplete weeks")
    elif len(others):
        says.append(f"incomplete week{'s' if len(others) > 1 else ''} of {' and '.join(day(w) for w in others)}")
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
        return f"how much of {metric} is luck cannot be told"
    if judged == 1:
        return f"the only week is {'beyond' if outside else 'within'} what luck alone does"
    inside, usual = judged - outside, round(INSIDE * judged)
    if not outside and judged < RECENT_WEEKS:
        return f"all {judged} weeks are within what luck alone does"
    if not outside:
        return f"nothing but luck to be seen: all {judged} weeks are within its range"
    far = int(_far(grid).sum())
    if far and chance_outside(outside - far, judged) >= UNLIKELY:
        return f"{plural(far, 'week')} far beyond luck; {inside} of {judged} are within its range"
    if chance_outside(outside, judged) >= UNLIKELY:
        return f"no more than luck: {inside} of {judged} weeks are within its range, about {usual} would be"
    return f"{inside} of {judged} weeks are within what luck alone does; luck alone would keep about {usual}"


def _far(grid: pd.DataFrame) -> pd.Series:
    """Return the weeks so far out that one is enough to say that luck did not do it."""
    over, under = grid["upper"] - grid["expected"], grid["expected"] - grid["lower"]
    up, down = grid["roas"] - grid["expected"] > FAR * over, grid["expected"] - grid["roas"] > FAR * under
    return (grid["above"] & up) | (grid["below"] & down)


def _break_title(grid: pd.DataFrame, found: Sequence[Break], metric: str) -> str:
    last = found[-1]
    when = day(last.date)
    if last.before is None or last.after is None:
        return f"{metric} changed its level around {when}"
    down = last.after < last.before
    sure = last.probability
    verb = ("fell" if down else "rose") if sure is None or sure >= SURE else \
        ("probably fell" if down else "probably rose") if sure >= PROBABLE else \
        ("may have fallen" if down else "may have risen")  # fmt: skip
    if len(found) == 1:
        stayed = int((grid["ripe"] & (grid["week"] >= last.date)).sum()) >= _STAYED
        return f"{metric} {verb} around {when}" + (f" and stayed {'down' if down else 'up'}" if stayed else "")
    levels = f"from {ratio(last.before)} to {ratio(last.after)}"
    return f"{metric} changed its level {len(found)} times; last it {verb} around {when}, {levels}"


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
