"""The week's figures beside the week before and what weeks usually bring.

Sums of the week, and ratios of such sums; never means of ratios. The range of
each comes from the weeks before it alone (`roas.weekly.usual`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from roas.quantiles import DIGITS
from roas.tables import has_values
from roas.volatility.noise import USUAL_BASKET_CV
from roas.weekly.control import any_false
from roas.weekly.record import Figure, Unit
from roas.weekly.usual import Usual, usual
from roas.weekly.week import Week

if TYPE_CHECKING:
    import pandas as pd

    from roas.analysis.record import Analysis

Array = npt.NDArray[np.float64]

#: Every figure of a week, in the order of the page, and how it is written.
UNITS: Final[dict[str, Unit]] = {
    "spend": "money",
    "revenue": "money",
    "mer": "ratio",
    "claimed_revenue": "money",
    "claimed_roas": "ratio",
    "conversions": "count",
    "orders": "count",
}

#: Figures that are sums over rows: their changes add up exactly.
SUMS: Final = ("spend", "revenue", "claimed_revenue", "conversions", "orders")

#: What counts the sales behind a figure.
COUNTED_BY: Final = {
    "revenue": "orders",
    "mer": "orders",
    "orders": "orders",
    "claimed_revenue": "conversions",
    "claimed_roas": "conversions",
    "conversions": "conversions",
}

#: Figures that platforms claim: the last days of theirs may still be arriving.
CLAIMED: Final = frozenset({"claimed_revenue", "claimed_roas", "conversions"})

#: Figures that are judged at once: the three numbers at the top of the page, of which the verdict speaks, and the others.
TOGETHER: Final = 3


@dataclass(frozen=True)
class Weekly:
    """Sums by ISO week of an account or a channel, week after week without gaps.

    Attributes
    ----------
    weeks : tuple of Week
        Weeks that lie wholly in the data.
    values : mapping of figure to array, shape (weeks,)
        Account currency, counts or ratios; NaN where not known, as of a
        week in which no channel of the account has a row.
    """

    weeks: tuple[Week, ...]
    values: Mapping[str, Array]

    def at(self, name: str, week: Week) -> float | None:
        """Return one figure of a week; None where it is not known."""
        if week not in self.weeks or name not in self.values:
            return None
        value = float(self.values[name][self.weeks.index(week)])
        return value if np.isfinite(value) else None

    def band(self, name: str, week: Week) -> tuple[float, float] | None:
        """Return the range that holds the figure of a week nine times in ten, told from the weeks before it."""
        found = self.usual(name, week)
        return None if found is None else range_of(found)

    def usual(self, name: str, week: Week) -> Usual | None:
        """Say what a week brings of a figure when nothing special happens, told from the weeks before it."""
        before = [k for k, each in enumerate(self.weeks) if each < week]
        if name not in self.values or not before:
            return None
        numbers = np.array([_number(self.weeks[k]) for k in before], dtype=np.float64)
        counted = self.values.get(COUNTED_BY.get(name, ""))
        noise, ahead = self._noise(name, counted, before, week)
        counts = None if counted is None else counted[before]
        return usual(
            self.values[name][before], numbers, _number(week), relative_noise=noise, noise_ahead=ahead, counts=counts
        )

    def _noise(
        self, name: str, counted: Array | None, before: list[int], week: Week
    ) -> tuple[Array | None, float | None]:
        """Return the relative variance of luck in counting: ``(1 + c²) / N``, and 1 / N of a count itself.

        N is the sales expected at a week's own spend: sales over spend of all weeks before, times its spend. Of the week
        that is asked about only what came before may count, or a crash of spend would widen its own range: the mean.
        """
        if counted is None:
            return None, None
        spend = self.values["spend"]
        both = [k for k in before if np.isfinite(spend[k]) and np.isfinite(counted[k])]
        paid, sold = float(spend[both].sum()), float(counted[both].sum())
        if not (paid > 0 and sold > 0):
            return None, None
        expected = np.maximum(spend * sold / paid, 1.0)
        unit = 1.0 if name in ("conversions", "orders") else 1.0 + USUAL_BASKET_CV**2
        return unit / expected[before], unit / max(sold / len(both), 1.0)


def weekly_sums(analysis: Analysis, channel: str | None = None) -> Weekly:
    """Add an account, or one channel of it, up to complete ISO weeks.

    Parameters
    ----------
    analysis : Analysis
    channel : str, optional
        Without the shop's figures, which belong to no channel.
    """
    import pandas as pd

    grain = analysis.tables.grain
    frame = analysis.weeks if channel is None else analysis.channel_weeks
    complete = frame[frame["complete"]]
    rows = complete if channel is None else complete[complete["channel"] == channel]
    step = pd.Timedelta(days=7)
    if not len(rows):
        return Weekly((), {})
    # From the first week of its own: a channel that is yet to come has no usual week.
    every = pd.date_range(rows["week"].min(), complete["week"].max(), freq=step)
    table = rows.set_index("week").reindex(every)
    values = {name: table[name].to_numpy(dtype=np.float64) for name in UNITS if name in table.columns}
    # A week in which only this channel has no row: nothing was spent. One without any row at all is in no file.
    seen = np.asarray(every.isin(analysis.weeks["week"]))
    values["spend"] = np.where(seen, np.nan_to_num(values["spend"]), np.nan)
    if channel is None:
        values = _within_till(values, analysis.revenue_in_window, every, grain)
    known = {name: each for name, each in values.items() if name == "spend" or np.isfinite(each).any()}
    return Weekly(tuple(Week.of(each.date()) for each in every), known)


def _within_till(
    values: dict[str, Array], revenue: pd.DataFrame | None, every: pd.DatetimeIndex, grain: str
) -> dict[str, Array]:
    """Blank the shop's figures in weeks that its export covers in part, and take MER of what is left."""
    if revenue is None or not has_values(revenue, "revenue"):
        return {name: each for name, each in values.items() if name not in ("revenue", "orders", "mer")}
    known = revenue.dropna(subset=["revenue"])["date"]
    last_day = every if grain == "week" else every + dt.timedelta(days=6)
    covered = np.asarray((every >= known.min()) & (last_day <= known.max()))
    out = dict(values)
    for name in ("revenue", "orders"):
        if name in out:
            out[name] = np.where(covered, out[name], np.nan)
    spend = out["spend"]
    out["mer"] = np.where(spend > 0, out["revenue"] / np.where(spend > 0, spend, 1.0), np.nan)
    return out


def figures(analysis: Analysis, week: Week | None = None) -> tuple[Figure, ...]:
    """Return the figures of a week with the week before and their usual range.

    Parameters
    ----------
    analysis : Analysis
    week : Week, optional
        The last complete week of the data if not given.

    Returns
    -------
    tuple of Figure
        Spend; revenue and MER of the shop, where its revenue is known; what
        platforms claim, claimed ROAS and conversions, as far as exported.
        Empty where no week is complete.

    Notes
    -----
    A figure that platforms claim has no range in a week whose claims are
    still arriving: older weeks are complete, and beside them it would look
    low whatever happened.

    Nine weeks in ten lie in each range, so of three ranges more than one week
    in ten is outside of some. `Figure.unlikely` looks at `TOGETHER` figures at
    once: luck makes any of them ``unusual`` in at most one week in ten.
    """
    sums = weekly_sums(analysis)
    if week is None:
        if not sums.weeks:
            return ()
        week = sums.weeks[-1]
    arriving = still_arriving(analysis, week)
    shown = [name for name in UNITS if name in sums.values and name != "orders"]
    found = [_figure(sums, name, week, banded=not (arriving and name in CLAIMED)) for name in shown]
    return tuple(each for k in range(0, len(found), TOGETHER) for each in _judged(found[k : k + TOGETHER]))


def _figure(sums: Weekly, name: str, week: Week, *, banded: bool) -> Figure:
    """Return a figure, with its own p-value."""
    value, before = sums.at(name, week), sums.at(name, week.previous)
    found = sums.usual(name, week) if banded and value is not None else None
    if found is None or value is None:
        return Figure(name, UNITS[name], value, before)
    return Figure(name, UNITS[name], value, before, *range_of(found), found.unlikely(value))


def _judged(together: list[Figure]) -> list[Figure]:
    """Put in place of each figure's own p-value how seldom luck makes any of them so odd."""
    told = [each for each in together if each.unlikely is not None]
    judged = any_false([each.unlikely or 0.0 for each in told])
    known = {each.name: rounded(value) for each, value in zip(told, judged, strict=True)}
    return [replace(each, unlikely=known.get(each.name)) for each in together]


def still_arriving(analysis: Analysis, week: Week, channel: str | None = None) -> bool:
    """Return whether claims of a week may still grow.

    Either several exports of the same days show it, or there is one export
    only and the week lies in the last days that such a one cannot judge
    (`roas.volatility.maturity.cut.conservative_cut`).
    """
    found = analysis.maturity or {}
    known = [each for name, each in found.items() if each.why != "till" and channel in (None, name)]
    return any(each.mature_until <= week.sunday for each in known)


def range_of(found: Usual) -> tuple[float, float]:
    """Return the ends of a range, rounded as they are kept."""
    return rounded(found.low), rounded(found.high)


def _number(week: Week) -> int:
    """Count weeks from a fixed one, so that neighbours differ by 1."""
    return week.monday.toordinal() // 7


def rounded(value: float) -> float:
    """Round to the digits that do not depend on how many cores multiplied."""
    return float(f"{value:.{DIGITS}g}")
