"""Ranked bars with their names and values beside them: no axis to read off."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from roas.charts.layout import font_of
from roas.charts.theme import INK, MUTED, TEXT, is_narrow
from roas.format import width

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@dataclass(frozen=True)
class Bar:
    """One bar: its name and value, as numbers and as words.

    ``name`` and ``beside`` are literal already (`theme.literal`); ``value``
    None draws no bar. ``gap`` is free room above it, in rows; a bar begins
    at ``start``.
    """

    name: str
    value: float | None
    says: str
    beside: str = ""
    colour: str = INK
    gap: float = 0.0
    start: float = 0.0


def ranked(ax: Axes, bars: Sequence[Bar], *, heading: str = "") -> None:
    """Draw bars from the top, names left (above them on a narrow chart), `beside` right.

    Parameters
    ----------
    heading : str
        What the column at the right means.
    """
    narrow = is_narrow(ax)
    place, places = 0.0, []
    for bar in bars:
        place += bar.gap
        places.append(place)
        place += 1.0
    values = [b.start + b.value for b in bars if b.value is not None and math.isfinite(b.value)]
    low, high = min([0.0, *values]), max([0.0, *values]) or (1.0 if not values or min(values) >= 0 else 0.0)
    thick = 0.34 if narrow else 0.58
    size = TEXT if len(bars) <= 9 else TEXT - 1.5
    for y, bar in zip(places, bars, strict=True):
        value = bar.value if bar.value is not None and math.isfinite(bar.value) else None
        at = y + (0.2 if narrow else 0.0)
        if value is not None:
            ax.barh(at, value, left=bar.start, height=thick, color=bar.colour, linewidth=0)
        _label(
            ax,
            (max(bar.start + (value or 0.0), bar.start), at),
            "data",
            (6, 0),
            bar.says,
            INK,
            size,
            ha="left",
        )
        if narrow:
            _label(ax, (0, y - 0.22), ("axes fraction", "data"), (0, 0), bar.name, INK, size, ha="left")
        else:
            _label(ax, (0, at), ("axes fraction", "data"), (-8, 0), bar.name, INK, size, ha="right")
        if bar.beside:
            across = y - 0.22 if narrow else at
            _label(ax, (1, across), ("axes fraction", "data"), (0, 0), bar.beside, MUTED, size, ha="right")
    above = 0.98 if narrow else 0.78
    if heading:
        _label(ax, (1, -above), ("axes fraction", "data"), (0, 0), heading, MUTED, size, ha="right")
    ax.set_ylim((places[-1] if places else 0) + 0.62, -above - 0.3 if heading else -0.62)
    span = high - low
    ax.set_xlim(low, low + span * _room(ax, bars, size, names_left=not narrow))
    if low < 0:
        ax.axvline(0, color=MUTED, linewidth=1.0)
    ax.set_xticks([])
    ax.set_yticks([])
    ax.spines["bottom"].set_visible(False)


def _room(ax: Axes, bars: Sequence[Bar], size: float, *, names_left: bool) -> float:
    """Return how much longer the axes must be than the longest bar, for the words after it."""
    letter = 0.66 * size
    wide = ax.get_figure(root=True).get_figwidth() * 72 - 24  # type: ignore[union-attr]
    if names_left:
        wide -= letter * max((width(b.name) for b in bars), default=0) + 8
    says = letter * (max((width(b.says) for b in bars), default=0)) + 8
    beside = letter * max((width(b.beside) for b in bars), default=0) + 8 if names_left else 0.0
    return min(max(wide / max(wide - says - beside, 1.0), 1.1), 2.5)


def _label(
    ax: Axes,
    at: tuple[float, float],
    coords: Any,
    shift: tuple[float, float],
    text: str,
    colour: str,
    size: float,
    *,
    ha: Any,
) -> None:
    ax.annotate(text, at, xycoords=coords, xytext=shift, textcoords="offset points",
                ha=ha, va="center", color=colour,
                annotation_clip=False, **font_of(size))  # fmt: skip
