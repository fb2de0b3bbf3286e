"""Ranges in rows: a bar for the interval, a point for its middle, words beside it."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from roas.charts.axis import ratio_ticks, row_label
from roas.charts.causal_words import Range
from roas.charts.layout import font_of
from roas.charts.theme import GRID, INK, MUTED, OTHER, PAPER, TEXT, is_narrow
from roas.format import ratio
from roas.language import say

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: A row that reaches this many times further than the middle one is cut, with an arrow.
_LONGEST: Final = 4.0


@dataclass(frozen=True)
class Span:
    """One row: its name, its range, and the words at its right.

    ``name`` and ``says`` are literal already. ``claim`` is drawn as a
    hollow point, ``before`` as a second, grey range above the first.
    """

    name: str
    value: Range | None
    says: str
    colour: str = INK
    marker: str = "o"
    claim: float | None = None
    before: Range | None = None


def spans(ax: Axes, rows: Sequence[Span], *, heading: str = "", break_even: float | None = None) -> None:
    """Draw ranges from the top, on one axis of ratios that begins at zero.

    Parameters
    ----------
    heading : str
        What the words at the right mean (left out on a narrow chart).
    break_even : float, optional
        Drawn as a thin, labelled line.
    """
    narrow = is_narrow(ax)
    size = TEXT if len(rows) <= 9 else TEXT - 1.5
    limit = _limit(rows, break_even)
    for y, row in enumerate(rows):
        at = y + (0.24 if narrow else 0.0)
        _row(ax, row, at, limit)
        _words(ax, row, y - 0.22 if narrow else at, size, narrow=narrow)
    if heading and not narrow:
        row_label(ax, (1, -0.72), (8, 0), heading, MUTED, size, "left")
    ax.set_ylim(len(rows) - 0.45, -0.95 if break_even or (heading and not narrow) else -0.6)
    ax.set_xlim(0, limit * 1.02)
    ax.set_yticks([])
    ratio_ticks(ax, limit, size=size)
    if break_even:
        _break_even(ax, break_even, limit, size)


def _limit(rows: Sequence[Span], break_even: float | None) -> float:
    """Return where the axis ends: the longest row, unless it dwarfs the others."""
    tops = [max(v for v in (r.claim, r.value and r.value[2]) if v is not None)
            for r in rows if r.claim is not None or r.value is not None]  # fmt: skip
    tops = [t for t in tops if math.isfinite(t) and t > 0]
    if not tops:
        return max(break_even or 0.0, 1.0)
    return max(min(max(tops), _LONGEST * statistics.median_low(tops)), (break_even or 0.0) * 1.15)


def _row(ax: Axes, row: Span, at: float, limit: float) -> None:
    if row.before is not None:
        _bar(ax, row.before, at - 0.12, limit, OTHER, 3.0, "|")
        at += 0.14
    if row.value is not None:
        _bar(ax, row.value, at, limit, row.colour, 6.0, row.marker)
    if row.claim is not None:
        shown = min(row.claim, limit)
        mark = "D" if row.claim <= limit else ">"
        ax.plot([shown], [at], mark, markersize=7, markerfacecolor=PAPER, markeredgecolor=INK,
                markeredgewidth=1.5, zorder=4, clip_on=False)  # fmt: skip


def _bar(ax: Axes, value: Range, at: float, limit: float, colour: str, thick: float, marker: str) -> None:
    low, middle, high = (min(v, limit) for v in value)
    ax.plot([low, high], [at, at], color=colour, linewidth=thick, alpha=0.4, solid_capstyle="butt", zorder=2)
    if value[2] > limit:
        ax.plot([limit], [at], ">", color=colour, markersize=7, clip_on=False, zorder=3)
    if value[1] <= limit:
        ax.plot([middle], [at], marker, color=colour, markersize=8, zorder=3, clip_on=False)


def _words(ax: Axes, row: Span, y: float, size: float, *, narrow: bool) -> None:
    if narrow:
        row_label(ax, (0, y), (0, 0), row.name, INK, size, "left")
        row_label(ax, (1, y), (0, 0), row.says, MUTED, size, "right")
    else:
        row_label(ax, (0, y), (-8, 0), row.name, INK, size, "right")
        row_label(ax, (1, y), (8, 0), row.says, MUTED, size, "left")


def _break_even(ax: Axes, value: float, limit: float, size: float) -> None:
    ax.axvline(value, color=MUTED, linewidth=1.0, linestyle=(0, (4, 3)), zorder=1)
    right = value > 0.5 * limit
    ax.annotate(say("break-even {ratio}", ratio=ratio(value)), (value, 1), xycoords=("data", "axes fraction"),
                xytext=(-4 if right else 4, -1), textcoords="offset points", ha="right" if right else "left",
                va="top", color=MUTED, annotation_clip=False, **font_of(size))  # fmt: skip


def faint_zero(ax: Axes) -> None:
    """Draw the line that the ranges begin from."""
    ax.axvline(0, color=GRID, linewidth=1.0, zorder=0)
