"""Axes of weeks and of money, and the words at their ends."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

from roas.charts.layout import font_of
from roas.charts.places import points_of
from roas.charts.theme import FONT, GRID, MUTED, TEXT, WORDS_OF, is_narrow, literal
from roas.format import day_and_month, decimal, ratio, round_money
from roas.language import ENGLISH, spoken

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.text import Annotation

_STEPS = (1, 2, 3, 6, 12, 24, 60, 120)

#: Points that words beside the drawing take of a figure's width, and that two marks stay apart.
_BESIDE: Final = 115.0
_GAP: Final = 8.0


def days_of(weeks: pd.Series) -> np.ndarray[Any, Any]:
    """Return dates as matplotlib counts them: days."""
    from matplotlib.dates import date2num

    return date2num(weeks.dt.to_pydatetime())  # type: ignore[no-untyped-call, no-any-return]


def week_axis(ax: Axes, weeks: pd.Series, *, most: int | None = None, size: float = TEXT) -> None:
    """Put months (or single weeks of a short series) under a chart."""
    first, last = weeks.min().date(), weeks.max().date()
    pad = max((last - first).days * 0.015, 3.5)
    most = most or (4 if is_narrow(ax) else 7)
    marks = _fitting(ax, (first, last), most, pad, size)
    start = weeks.min().to_pydatetime().toordinal()
    base = float(days_of(weeks).min())
    ax.set_xlim(base - pad, base + (last - first).days + pad)
    ax.set_xticks([base + d.toordinal() - start for d, _ in marks], labels=[text for _, text in marks], **font_of(size))
    ax.tick_params(axis="x", length=4, color=GRID, labelcolor=MUTED, labelsize=size, labelfontfamily=FONT)


def _fitting(ax: Axes, ends: tuple[date, date], most: int, pad: float, size: float) -> list[tuple[date, str]]:
    """Return as many marks as stand apart, two of them at least."""
    first, last = ends
    figure: Any = ax.get_figure(root=True)
    here = ax.get_position().width * figure.get_figwidth() * 72
    wide = min(here, max(figure.get_figwidth() * 72 - _BESIDE, 72.0))
    scale = wide / ((last - first).days + 2 * pad)
    make = _weeks if (last - first).days < 7 * 9 else _months
    for count in range(max(most, 2), 1, -1):
        marks = make(first, last, count)
        half = [max(points_of(ax, line, size) for line in text.split("\n")) / 2 for _, text in marks]
        at = [scale * (d - first).days for d, _ in marks]
        if all(b - a >= x + y + _GAP for a, b, x, y in zip(at, at[1:], half, half[1:], strict=False)):
            break
    return marks


def _weeks(first: date, last: date, most: int) -> list[tuple[date, str]]:
    count = (last - first).days // 7 + 1
    step = -(-count // most)
    days = [first + timedelta(7 * i) for i in range(0, count, step)]
    return [
        (
            d,
            day_and_month(d) + (f"\n{d.year}" if i == 0 or d.year != days[i - 1].year else ""),
        )
        for i, d in enumerate(days)
    ]


def _months(first: date, last: date, most: int) -> list[tuple[date, str]]:
    """Return firsts of months, evenly spaced, the year where it begins."""
    begin, end = first.year * 12 + first.month - 1, last.year * 12 + last.month - 1
    step = next((s for s in _STEPS if (end - begin) / s <= most), 240)
    found = [date(m // 12, m % 12 + 1, 1) for m in range(-(-begin // step) * step, end + 1, step)]
    found = [d for d in found if first - timedelta(3) <= d <= last]
    if step >= 12:
        return [(d, str(d.year)) for d in found]
    return [(d, _month(d) + (f"\n{d.year}" if i == 0 or d.month == 1 else "")) for i, d in enumerate(found)]


def _month(when: date) -> str:
    """Write a month as short as it stands in a date: "thg 1" in Vietnamese, where alone it is "Tháng 1"."""
    return day_and_month(when).removeprefix(f"{when.day} ")


def value_axis(
    ax: Axes,
    top: float,
    bottom: float = 0.0,
    *,
    currency: str | None = None,
    ratios: bool = False,
    marks: int = 4,
) -> None:
    """Put a few round values beside a chart, zero among them, with a thin grid."""
    from matplotlib.ticker import MaxNLocator

    high, low = max(top, 0.0), min(bottom, 0.0)
    if high == low:
        high = 1.0
    ticks = [float(t) for t in MaxNLocator(marks, steps=[1, 2, 2.5, 5, 10]).tick_values(low, high)]
    ticks = [t for t in ticks if low - 1e-9 <= t <= high * 1.06 + 1e-9]
    digits = 0 if all(t.is_integer() for t in ticks) else 1 if all((10 * t).is_integer() for t in ticks) else 2
    ax.set_ylim(low * 1.06 if low < 0 else 0.0, max(high * 1.06, ticks[-1] if ticks else 0))
    labels = (
        [decimal(t, digits) if abs(t) < 1000 else ratio(t) for t in ticks]
        if ratios
        else [tidy_money(t, currency) for t in ticks]
    )
    ax.set_yticks(ticks, labels=labels, **font_of())
    ax.tick_params(axis="y", length=0, pad=6, labelcolor=MUTED, labelsize=TEXT, labelfontfamily=FONT)
    ax.grid(axis="y", color=GRID, linewidth=1.0)


def tidy_money(value: float, currency: str | None) -> str:
    """Write a round tick without the digits that money carries for precision."""
    return round_money(value, currency)


def at_end(ax: Axes, x: float, y: float, text: str, colour: str) -> Annotation:
    """Label a line at its right end."""
    label = ax.annotate(
        text, (x, y), xytext=(8, 0), textcoords="offset points",
        va="center", ha="left", annotation_clip=False,
        color=WORDS_OF.get(colour, MUTED), linespacing=1.15, **font_of(),
    )  # fmt: skip
    label.set_fontweight("bold")
    return label


def nothing(ax: Axes, why: str) -> None:
    """Say on an empty chart what it would need."""
    ax.set_axis_off()
    ax.text(
        0.5,
        0.5,
        literal(why, most=90),
        transform=ax.transAxes,
        ha="center",
        va="center",
        color=MUTED,
        wrap=True,
        **font_of(),
    )


def money_ticks(ax: Axes, top: float, currency: str | None, *, marks: int = 4, size: float = TEXT) -> None:
    """Put a few round amounts under a chart, zero among them."""
    ax.set_xticks(*_round_marks(top, marks, lambda t: tidy_money(t, currency)), **font_of(size))
    ax.tick_params(axis="x", length=4, color=GRID, labelcolor=MUTED, labelsize=size, labelfontfamily=FONT)


def ratio_ticks(ax: Axes, top: float, *, marks: int = 4, size: float = TEXT) -> None:
    """Put a few round ratios under a chart, zero among them."""
    ax.set_xticks(*_round_marks(top, marks, _plain), **font_of(size))
    ax.tick_params(axis="x", length=4, color=GRID, labelcolor=MUTED, labelsize=size, labelfontfamily=FONT)


def _plain(value: float) -> str:
    """Write a round number with the decimals that it needs."""
    text = f"{value:g}"
    return text if spoken() == ENGLISH else decimal(value, len(text.partition(".")[2]))


def _round_marks(top: float, marks: int, write: Callable[[float], str]) -> tuple[list[float], list[str]]:
    from matplotlib.ticker import MaxNLocator

    found = [float(t) for t in MaxNLocator(marks, steps=[1, 2, 2.5, 5, 10]).tick_values(0.0, top or 1.0)]
    ticks = [t for t in found if -1e-9 <= t <= (top or 1.0) * (1 + 1e-9)]
    return ticks, [write(t) for t in ticks]


def row_label(
    ax: Axes, at: tuple[float, float], shift: tuple[float, float], text: str, colour: str, size: float,
    ha: Any, weight: str = "normal",
) -> Annotation:  # fmt: skip
    """Write beside a row: `at` is a share of the width and a place on the y axis, `shift` in points."""
    drawn = ax.annotate(text, at, xycoords=("axes fraction", "data"), xytext=shift, textcoords="offset points",
                        ha=ha, va="center", color=colour, annotation_clip=False, **font_of(size))  # fmt: skip
    drawn.set_fontweight(weight)
    return drawn
