"""Rows of gains and losses about zero: a bar or a point, its interval, words beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from roas.charts.axis import row_label
from roas.charts.layout import font_of
from roas.charts.theme import INK, MUTED, PAPER, TEXT, is_narrow

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Rows beyond which letters are smaller.
_ROOMY: Final = 9


@dataclass(frozen=True)
class Signed:
    """One row: a value about zero with its interval.

    ``name`` and ``says`` are literal already. ``value`` None draws nothing.
    ``bar`` draws from zero to the value, else a point. ``swing`` is a thin
    line either side of the value. ``gap`` is free room above, in rows.
    """

    name: str
    value: float | None
    low: float | None
    high: float | None
    says: str
    colour: str = INK
    bar: bool = True
    marker: str = "o"
    swing: float | None = None
    gap: float = 0.0
    strong: bool = False


def signed_rows(ax: Axes, rows: Sequence[Signed], *, reach: float, heading: str = "", zero: str = "") -> None:
    """Draw rows from the top, names left (above them on a narrow chart), words right.

    Parameters
    ----------
    reach : float
        Furthest from zero that anything is drawn; what goes on is cut with an arrow.
    heading : str
        What the words at the right mean (left out on a narrow chart).
    zero : str
        What zero means, written above its line.
    """
    narrow = is_narrow(ax)
    size = TEXT if len(rows) <= _ROOMY else TEXT - 1.5
    low, high = _limits(rows, reach)
    place = 0.0
    for row in rows:
        place += row.gap
        _row(ax, row, place + (0.22 if narrow else 0.0), (low, high), thickness(0.34 if narrow else 0.56, len(rows)))
        _words(ax, row, place - 0.24 if narrow else place, size, narrow=narrow)
        place += 1.0
    head = (heading and not narrow) or zero
    ax.set_ylim(place - 0.42, -1.05 if head else -0.6)
    pad = 0.03 * (high - low)
    ax.set_xlim(low - pad, high + pad)
    ax.set_xticks([])
    ax.set_yticks([])
    ax.spines["bottom"].set_visible(False)
    ax.axvline(0, ymax=0.995, color=MUTED, linewidth=1.0, zorder=1)
    if heading and not narrow:
        _above(ax, (1, 1), "axes fraction", 8, heading, size, "left")
    if zero:
        right = -low > high
        _above(ax, (0, 1), ("data", "axes fraction"), -4 if right else 4, zero, size, "right" if right else "left")


def thickness(most: float, rows: int) -> float:
    """Return how thick a bar is, in rows: thinner where a few rows have all the room."""
    return most * min(1.0, (rows + 1) / 6)


def signed_ticks(ax: Axes, write: Any, *, marks: int = 4) -> None:
    """Put a few round values under the rows, zero among them."""
    from matplotlib.ticker import MaxNLocator

    low, high = ax.get_xlim()
    found = [float(t) for t in MaxNLocator(marks, steps=[1, 2, 2.5, 5, 10]).tick_values(low, high)]
    ticks = [t for t in found if low <= t <= high]
    ax.spines["bottom"].set_visible(True)
    ax.set_xticks(ticks, labels=[write(t) for t in ticks], **font_of())
    ax.tick_params(axis="x", length=4, labelcolor=MUTED)


def _limits(rows: Sequence[Signed], reach: float) -> tuple[float, float]:
    ends = [0.0]
    for row in rows:
        ends += [v for v in (row.value, row.low, row.high) if v is not None]
        if row.swing is not None and row.value is not None:
            ends += [row.value - row.swing, row.value + row.swing]
    low, high = max(min(ends), -reach), min(max(ends), reach)
    return (low, high) if high > low else (0.0, 1.0)


def _row(ax: Axes, row: Signed, at: float, limits: tuple[float, float], thick: float) -> None:
    low, high = limits
    if row.value is None:
        return
    shown = min(max(row.value, low), high)
    if row.swing is not None:
        _line(ax, row.value - row.swing, row.value + row.swing, at, limits, INK, 1.0)
    if row.bar:
        ax.barh(at, shown, height=thick, color=row.colour, linewidth=0, zorder=2)
    if row.low is not None and row.high is not None:
        if row.bar:
            _whisker(ax, row.low, row.high, at, limits, thick)
        else:
            _line(ax, row.low, row.high, at, limits, row.colour, 6.0, alpha=0.4)
    if not row.bar and low <= row.value <= high:
        ax.plot([shown], [at], row.marker, color=row.colour, markersize=8, zorder=4, clip_on=False)
    for outside, edge, mark in ((row.value < low, low, "<"), (row.value > high, high, ">")):
        if outside:
            ax.plot([edge], [at], mark, color=row.colour, markersize=8, zorder=4, clip_on=False)


def _line(
    ax: Axes, first: float, last: float, at: float, limits: tuple[float, float], colour: str, thick: float,
    *, alpha: float = 1.0,
) -> None:  # fmt: skip
    """Draw a line as far as the limits reach, with an arrow where it goes on."""
    ends = [min(max(v, limits[0]), limits[1]) for v in (first, last)]
    ax.plot(ends, [at, at], color=colour, linewidth=thick, alpha=alpha, solid_capstyle="butt", zorder=3)
    for outside, edge, mark in ((first < limits[0], limits[0], "<"), (last > limits[1], limits[1], ">")):
        if outside:
            ax.plot([edge], [at], mark, color=colour, markersize=5, zorder=3, clip_on=False)


def _whisker(ax: Axes, first: float, last: float, at: float, limits: tuple[float, float], thick: float) -> None:
    _line(ax, first, last, at, limits, INK, 1.3)
    for end in (first, last):
        if limits[0] <= end <= limits[1]:
            ax.plot([end, end], [at - 0.22 * thick, at + 0.22 * thick], color=INK, linewidth=1.3, zorder=3)


def _words(ax: Axes, row: Signed, y: float, size: float, *, narrow: bool) -> None:
    weight = "bold" if row.strong else "normal"
    if narrow:
        for drawn in (row_label(ax, (0, y), (0, 0), row.name, INK, size, "left", weight),
                      row_label(ax, (1, y), (0, 0), row.says, MUTED, size, "right")):  # fmt: skip
            drawn.set_bbox({"facecolor": PAPER, "edgecolor": "none", "pad": 0.5})  # zero's line runs behind
    else:
        row_label(ax, (0, y), (-8, 0), row.name, INK, size, "right", weight)
        row_label(ax, (1, y), (8, 0), row.says, MUTED, size, "left")


def _above(ax: Axes, at: tuple[float, float], coords: Any, shift: float, text: str, size: float, ha: Any) -> None:
    ax.annotate(text, at, xycoords=coords, xytext=(shift, -1), textcoords="offset points", ha=ha, va="top",
                color=MUTED, annotation_clip=False, **font_of(size))  # fmt: skip
