"""Rows of channels: names left, words right, and what the charts of attribution draw between."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from unicodedata import bidirectional

from roas.charts import theme
from roas.charts.axis import row_label
from roas.charts.layout import MARGIN, font_of
from roas.charts.places import points_of
from roas.charts.theme import FONT, GRID, INK, MUTED, TEXT, is_narrow
from roas.format import compact, money, percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Channels that one chart of rows shows; the others are added up.
MOST_ROWS: Final = 12

#: Rows beyond which letters are smaller.
_ROOMY: Final = 9

#: Share of a figure's width that names beside rows may take.
_NAME: Final = 0.28

#: Share of a phone's width that the axes keep at least.
_ACROSS: Final = 0.88

#: Letters of a name that any chart writes.
_LONGEST_NAME: Final = 40

#: Points between lines of a key, between its entries, and from a mark to its words.
_KEY_LINE, _KEY_GAP, _KEY_MARK = 15.0, 14.0, 11.0


@dataclass(frozen=True)
class Lane:
    """One row: its name and the words at its right, literal already; ``gap`` is free room above it, in rows."""

    name: str
    says: str = ""
    gap: float = 0.0


@dataclass(frozen=True)
class Sign:
    """An entry of a key: a mark, as keywords of a line of one point, and what it means."""

    text: str
    mark: dict[str, Any]


def name_of(ax: Axes, channel: object, says: str = "") -> str:
    """Return a channel's name as long as its row has room for it beside (on a phone, before) its words."""
    figure: Any = ax.get_figure(root=True)
    wide = figure.get_figwidth() * 72
    across = _ACROSS * (wide - 2 * MARGIN)  # marks and ticks reach beyond the axes that words stand in
    room = across - reach(ax, says) - 10 if is_narrow(ax) else _NAME * wide
    return fitting(ax, channel, room)


def fitting(ax: Axes, name: object, room: float, size: float = TEXT) -> str:
    """Return a name, its middle cut out until it is no wider than `room` points."""
    low, high = 5, _LONGEST_NAME
    while low < high:  # the longest of those that fit, by halves
        most = (low + high + 1) // 2
        low, high = (most, high) if reach(ax, literal(name, most=most), size) <= room else (low, most - 1)
    return literal(name, most=low)


def reach(ax: Axes, text: str, size: float = TEXT) -> float:
    """Return how wide a text is drawn, in points; remembered, since names come again and again."""
    figure: Any = ax.get_figure(root=True)
    asked = text, size, float(figure.dpi)
    if asked not in _WIDTHS:
        if len(_WIDTHS) > _REMEMBERED:
            _WIDTHS.clear()
        _WIDTHS[asked] = points_of(ax, text, size)
    return _WIDTHS[asked]


#: Widths met, by text, size and dots per inch; how many are kept.
_WIDTHS: dict[tuple[str, float, float], float] = {}
_REMEMBERED: Final = 5000


def literal(text: object, *, most: int = 28) -> str:
    """Return a name as it may stand in a chart, in a line that runs from left to right.

    A name in Hebrew or Arabic would turn the figures and words about it
    around; marks at both its ends keep them in their places.
    """
    name = theme.literal(text, most=most)
    return f"{_LEFT_TO_RIGHT}{name}{_LEFT_TO_RIGHT}" if any(bidirectional(c) in ("R", "AL") for c in name) else name


#: A mark without width that reads from left to right.
_LEFT_TO_RIGHT: Final = "\u200e"


def letters(rows: int) -> float:
    """Return how large the words beside rows are, in points."""
    return TEXT if rows <= _ROOMY else TEXT - 1.5


def lanes(ax: Axes, rows: Sequence[Lane], *, heading: str = "") -> list[float]:
    """Write the names and words of rows, from the top; return where the middle of each is drawn.

    Parameters
    ----------
    heading : str
        What the words at the right mean (left out on a narrow chart, where
        names stand above their rows).
    """
    narrow, size = is_narrow(ax), letters(len(rows))
    place, middles = 0.0, []
    for row in rows:
        place += row.gap
        at = place - 0.3 if narrow else place
        row_label(ax, (0, at), (0, 0) if narrow else (-8, 0), row.name, INK, size, "left" if narrow else "right")
        if row.says:
            row_label(ax, (1, at), (0, 0) if narrow else (8, 0), row.says, MUTED, size, "right" if narrow else "left")
        middles.append(place + (0.24 if narrow else 0.0))
        place += 1.0
    headed = bool(heading) and not narrow
    if headed:
        row_label(ax, (1, -0.8), (8, 0), heading, MUTED, size, "left")
    ax.set_ylim(place - 0.42, -1.1 if headed else -0.62)
    ax.set_yticks([])
    return middles


def left_of(ax: Axes, names: Sequence[str]) -> float:
    """Return how far the names of rows reach to the left of the axes, in points."""
    if is_narrow(ax):
        return 0.0
    return 8.0 + max((reach(ax, name, letters(len(names))) for name in names), default=0.0)


def key(ax: Axes, signs: Sequence[Sign], *, left: float = 0.0, size: float = TEXT - 1.5) -> None:
    """Write above the axes what each mark means, in as many lines as it takes.

    Parameters
    ----------
    left : float
        Where lines begin, in points to the left of the axes.
    """
    from matplotlib.lines import Line2D
    from matplotlib.transforms import ScaledTranslation

    figure: Any = ax.get_figure(root=True)
    room = figure.get_figwidth() * 72 - 2 * MARGIN
    places, x, line = [], 0.0, 0
    for sign in signs:
        wide = _KEY_MARK + reach(ax, sign.text, size)
        if x and x + wide > room:
            x, line = 0.0, line + 1
        places.append((x, line))
        x += wide + _KEY_GAP
    for sign, (x, at) in zip(signs, places, strict=True):
        up = 8.0 + (line - at) * _KEY_LINE
        shift = ScaledTranslation((x - left + 4) / 72, up / 72, figure.dpi_scale_trans)
        style = {"linestyle": "none", "clip_on": False, "markersize": 6.5, **sign.mark}
        ax.add_line(Line2D([0], [1], transform=ax.transAxes + shift, **style))
        ax.annotate(sign.text, (0, 1), xycoords="axes fraction", xytext=(x - left + _KEY_MARK, up),
                    textcoords="offset points", ha="left", va="center", color=MUTED, annotation_clip=False,
                    **font_of(size))  # fmt: skip


def share_ticks(ax: Axes, top: float, *, marks: int = 4, size: float = TEXT) -> None:
    """Put a few round shares under a chart, zero among them."""
    _ticks(ax, top, marks, size, lambda t: percent(t).replace(".0 %", " %"))


def amount_ticks(ax: Axes, top: float, currency: str | None, *, marks: int = 4, size: float = TEXT) -> None:
    """Put a few round counts (amounts, where a currency is given) under a chart, zero among them."""
    _ticks(ax, top, marks, size, lambda t: _tidy(amount(t, currency)))


def amount(value: float | None, currency: str | None) -> str:
    """Write conversions, or money where a currency is given.

    Examples
    --------
    >>> amount(1234.5, None), amount(1234.5, "EUR"), amount(10.0, None), amount(None, None)
    ('1.23K', '€1.23K', '10', '–')
    """
    if currency is None and value is not None and value >= 0:
        return f"{value:.0f}" if value < 1000 and float(value).is_integer() else compact(value)
    return money(value, currency)


def _tidy(text: str) -> str:
    head, unit = (text[:-1], text[-1]) if text[-1].isalpha() else (text, "")
    return (head.rstrip("0").rstrip(".") if "." in head else head) + unit


def _ticks(ax: Axes, top: float, marks: int, size: float, write: Callable[[float], str]) -> None:
    from matplotlib.ticker import MaxNLocator

    found = MaxNLocator(marks, steps=[1, 2, 2.5, 5, 10]).tick_values(0.0, top or 1.0)
    ticks = [float(t) for t in found if -1e-9 <= t <= (top or 1.0) * (1 + 1e-9)]
    ax.set_xticks(ticks, labels=[write(t) for t in ticks], **font_of(size))
    ax.tick_params(axis="x", length=4, color=GRID, labelcolor=MUTED, labelsize=size, labelfontfamily=FONT)
