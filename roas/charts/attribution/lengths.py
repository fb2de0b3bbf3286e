"""Journeys by how many touches they have, and how often each kind converts."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

from roas.charts import theme
from roas.charts.attribution.lanes import amount, letters
from roas.charts.attribution.rates import wilson
from roas.charts.axis import nothing, row_label
from roas.charts.layout import finish, font_of
from roas.charts.rows import each_row
from roas.charts.theme import FONT, GRID, HUES, INK, MUTED
from roas.charts.values import finite
from roas.format import percent
from roas.limits import FEWEST_JOURNEYS

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

#: Lengths with a row of their own; longer journeys are one row.
_MOST: Final = 10

#: The two halves of the chart, in shares of its width: journeys, rates.
_BARS, _RATES = (0.0, 0.40), (0.62, 1.0)


@dataclass(frozen=True)
class _Row:
    name: str
    journeys: float
    conversions: float

    @property
    def rate(self) -> tuple[float, float, float]:
        """Conversion rate with Wilson's 90 % interval: low, middle, high."""
        return wilson(self.conversions, self.journeys)


def path_length(
    lengths: pd.DataFrame, *, nulls_known: bool = True, fewest: float = FEWEST_JOURNEYS, ax: Axes | None = None
) -> Axes:
    """Draw how many journeys have how many touches, and what share of them converts.

    Parameters
    ----------
    lengths : DataFrame
        ``touches`` (whole number from 1), ``journeys``, ``conversions``.
    nulls_known : bool
        False where only converting journeys were exported: no rate is drawn.
    fewest : float
        Journeys below which a length is joined with the next longer ones.
    """
    with theme.style():
        ax = theme.axes(ax)
        what = "Journeys by number of touches"
        rows = _rows(lengths, fewest)
        if not rows:
            nothing(ax, "No journey is known, or too few to draw.")
            return finish(ax, "How long journeys are cannot be told", what)
        _bars(ax, rows, told=nulls_known)
        if nulls_known:
            _rates(ax, rows)
            what += " (left) and the share of them that converts (right; line: 90 % interval)"
            what += ". Whether more touches would help cannot be told from this"
        else:
            what = f"Converting j{what[1:]}; how often a length converts cannot be told without the other journeys"
        return finish(ax, _title(rows, told=nulls_known), what)


def _rows(lengths: pd.DataFrame, fewest: float) -> list[_Row]:
    """Return a row a length; thin ones with their neighbours, the longest together. None where all are too few."""
    table = finite(lengths, ["touches", "journeys", "conversions"])
    table = table[(table["touches"] >= 1) & (table["journeys"] > 0)].groupby("touches", as_index=False).sum()
    every = _joined(
        [(int(r.touches), int(r.touches), float(r.journeys), float(r.conversions)) for r in each_row(table)], fewest
    )
    if len(every) > _MOST + 1:
        every = [*every[:_MOST], _sum(every[_MOST:])]
    last = len(every) - 1
    return [_Row(_name(a, b, last=i == last), journeys, won) for i, (a, b, journeys, won) in enumerate(every)]


#: Shortest and longest, journeys, conversions.
_Span: TypeAlias = tuple[int, int, float, float]


def _joined(every: list[_Span], fewest: float) -> list[_Span]:
    """Join lengths until each row stands for enough journeys; a thin rest goes with the row before it."""
    found: list[_Span] = []
    for each in every:
        if found and found[-1][2] < fewest:
            found[-1] = _sum([found[-1], each])
        else:
            found.append(each)
    if found and found[-1][2] < fewest:
        found[-2:] = [_sum(found[-2:])] if len(found) > 1 else []
    return found


def _sum(spans: list[_Span]) -> _Span:
    return spans[0][0], spans[-1][1], math.fsum(s[2] for s in spans), math.fsum(s[3] for s in spans)


def _name(first: int, last_one: int, *, last: bool) -> str:
    if first == last_one:
        return _touches(first)
    return f"{first:,} or more" if last else f"{first:,} to {last_one:,}"


def _touches(number: int) -> str:
    return "1 touch" if number == 1 else f"{number:,}"


def _bars(ax: Axes, rows: list[_Row], *, told: bool) -> None:
    from matplotlib.patches import Rectangle

    size, total = letters(len(rows)), math.fsum(row.journeys for row in rows)
    right = _BARS[1] if told else 0.75
    longest = max(row.journeys for row in rows)
    for y, row in enumerate(rows):
        row_label(ax, (0, y), (-8, 0), row.name, INK, size, "right")
        wide = row.journeys / longest * right
        ax.add_patch(Rectangle((0, y - 0.3), wide, 0.6, facecolor=HUES[0], linewidth=0))
        says = (
            percent(row.journeys / total) if told else f"{amount(row.journeys, None)} ({percent(row.journeys / total)})"
        )
        ax.annotate(says, (wide, y), xytext=(5, 0), textcoords="offset points", ha="left", va="center",
                    color=INK, annotation_clip=False, **font_of(size))  # fmt: skip
    row_label(ax, (0, -0.85), (0, 0), "of journeys" if told else "journeys", MUTED, size, "left")
    ax.set(xlim=(0, 1), ylim=(len(rows) - 0.5, -1.25))
    ax.set_xticks([])
    ax.set_yticks([])
    ax.spines["bottom"].set_visible(False)


def _rates(ax: Axes, rows: list[_Row]) -> None:
    from matplotlib.ticker import MaxNLocator

    size, (left, right) = letters(len(rows)), _RATES
    top = max(row.rate[2] for row in rows)
    ticks = [float(t) for t in MaxNLocator(2, steps=[1, 2, 2.5, 5, 10]).tick_values(0, top) if 0 <= t <= top * 1.001]

    def at(rate: float) -> float:
        return left + (right - left) * rate / (top or 1.0)

    for y, row in enumerate(rows):
        low, middle, high = map(at, row.rate)
        ax.plot([low, high], [y, y], color=INK, linewidth=2.2, alpha=0.45, solid_capstyle="butt", clip_on=False)
        ax.plot([middle], [y], "o", color=INK, markersize=6, clip_on=False)
        row_label(ax, (1, y), (8, 0), percent(row.rate[1]), INK, size, "left")
    ax.plot([left, left], [-0.5, len(rows) - 0.5], color=GRID, linewidth=1.0, zorder=0)
    ax.plot([left, right], [len(rows) - 0.5] * 2, color=GRID, linewidth=1.0, zorder=0, clip_on=False)
    ax.set_xticks([at(t) for t in ticks], labels=[percent(t).replace(".0 %", " %") for t in ticks], **font_of(size))
    ax.tick_params(axis="x", length=4, color=GRID, labelcolor=MUTED, labelsize=size, labelfontfamily=FONT)
    row_label(ax, (left, -0.85), (0, 0), "convert", MUTED, size, "left")


def _title(rows: list[_Row], *, told: bool) -> str:
    total = math.fsum(row.journeys for row in rows)
    single = rows[0].name == "1 touch"
    alone = (
        f"{percent(rows[0].journeys / total)} of {'' if told else 'converting '}journeys have one touch"
        if single
        else ""
    )
    if not told or len(rows) == 1:
        return alone or f"All journeys have {rows[0].name} touches"
    best, worst = max(rows, key=lambda r: r.rate[0]), min(rows, key=lambda r: r.rate[2])
    if best.rate[0] <= worst.rate[2]:
        return f"{alone + '; h' if alone else 'H'}ow often a length converts does not clearly differ"
    less, more = (_of(row) for row in (worst, best))
    said = f"{percent(worst.rate[1])} of those with {less} convert, {percent(best.rate[1])} of those with {more}"
    return f"{alone}; {said}" if alone else f"Of journeys, {said}"


def _of(row: _Row) -> str:
    return row.name if row.name.endswith("touch") else f"{row.name} touches"
