"""Words for what luck does: weeks outside its limits beside its share of the variance, so that the two agree."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from roas.format import percent, say_many
from roas.language import say
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

#: Share of the variance that is written as 100 %: luck is all.
ALL: Final = 0.995

#: Share of the variance below which luck is the smaller part.
LITTLE: Final = 0.5


def luck_says(luck: float | None, *, broken: bool) -> str:
    """Say luck's share of the variance; empty where it is not known.

    Parameters
    ----------
    luck : float or None
        Share of the variance of log weekly ROAS.
    broken : bool
        A new level was found: weeks that swing as far as luck alone would
        make them are then no proof against it.

    Examples
    --------
    >>> luck_says(0.71, broken=True)
    'Luck is 71 % of the variance'
    """
    if luck is None:
        return ""
    if broken and luck >= ALL:
        return say("Luck alone would make single weeks swing as far; a level is judged by many of them together")
    return say("Luck is {share} of the variance", share=percent(luck))


def weeks_title(grid: pd.DataFrame, metric: str, luck: float | None = None) -> str:
    """Say whether luck explains the weeks: by how many are outside its limits, and by its share of the variance.

    Parameters
    ----------
    grid : DataFrame
        One row per week: ``roas``, ``expected``, ``lower``, ``upper``;
        ``judged`` (final, with limits), ``above``, ``below``.
    metric : str
        As within a sentence.
    luck : float, optional
        Its share of the variance. "Nothing but luck" is said only where that
        is all of it, or is not given.
    """
    judged, outside = int(grid["judged"].sum()), int((grid["above"] | grid["below"]).sum())
    if not judged:
        return say("how much of {metric} is luck cannot be told", metric=metric)
    if judged == 1 and outside:
        return say("the only week is beyond what luck alone does")
    if judged == 1:
        return say("the only week is within what luck alone does")
    if not outside:
        return _all_inside(judged, luck)
    far = int(_far(grid).sum())
    if far and chance_outside(outside - far, judged) >= UNLIKELY:
        return _far_out(far, judged - outside, judged, luck)
    return _some_outside(judged - outside, judged, luck)


def _all_inside(weeks: int, luck: float | None) -> str:
    if luck is not None and luck < LITTLE:
        return say(
            "each of the {weeks} weeks could be luck, but luck is only {share} of their variance",
            weeks=weeks, share=percent(luck),
        )  # fmt: skip
    if weeks < RECENT_WEEKS or not _is_all(luck):
        return say("all {weeks} weeks are within what luck alone does", weeks=weeks)
    return say("nothing but luck to be seen: all {weeks} weeks are within its range", weeks=weeks)


def _far_out(far: int, inside: int, weeks: int, luck: float | None) -> str:
    if luck is not None and _is_all(luck):
        return say_many(
            "{number} week far beyond luck, though all {weeks} together swing no more than luck alone would make them",
            "{number} weeks far beyond luck, though all {weeks} together swing no more than luck alone would make them",
            far, weeks=weeks,
        )  # fmt: skip
    return say_many(
        "{number} week far beyond luck; {inside} of {weeks} are within its range",
        "{number} weeks far beyond luck; {inside} of {weeks} are within its range",
        far, inside=inside, weeks=weeks,
    )  # fmt: skip


def _some_outside(inside: int, weeks: int, luck: float | None) -> str:
    usual, as_luck = round(INSIDE * weeks), chance_outside(weeks - inside, weeks) >= UNLIKELY
    if as_luck and luck is not None and luck < LITTLE:
        return say(
            "{inside} of {weeks} weeks could each be luck, but luck is only {share} of their variance",
            inside=inside, weeks=weeks, share=percent(luck),
        )  # fmt: skip
    if as_luck and _is_all(luck):
        return say(
            "no more than luck: {inside} of {weeks} weeks are within its range, about {usual} would be",
            inside=inside, weeks=weeks, usual=usual,
        )  # fmt: skip
    if not as_luck and luck is not None and _is_all(luck):
        return say(
            "only {inside} of {weeks} weeks are within luck's range, though all together swing no more than luck alone "
            "would make them",
            inside=inside, weeks=weeks,
        )  # fmt: skip
    return say(
        "{inside} of {weeks} weeks are within what luck alone does; luck alone would keep about {usual}",
        inside=inside, weeks=weeks, usual=usual,
    )  # fmt: skip


def _is_all(luck: float | None) -> bool:
    return luck is None or luck >= ALL


def _far(grid: pd.DataFrame) -> pd.Series:
    """Return the weeks so far out that one is enough to say that luck did not do it."""
    over, under = grid["upper"] - grid["expected"], grid["expected"] - grid["lower"]
    up, down = grid["roas"] - grid["expected"] > FAR * over, grid["expected"] - grid["roas"] > FAR * under
    return (grid["above"] & up) | (grid["below"] & down)


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
