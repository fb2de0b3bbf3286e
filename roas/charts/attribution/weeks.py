"""Credit of the largest channels week by week."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from roas.charts import theme
from roas.charts.attribution.lanes import amount, literal
from roas.charts.attribution.states import OTHER as SMALL
from roas.charts.axis import at_end, days_of, nothing, value_axis, week_axis
from roas.charts.layout import arrange, finish, font_of
from roas.charts.panels import Cell
from roas.charts.periods import on_grid, span
from roas.charts.theme import GRID, MUTED, OTHER, TEXT, WORDS_OF, is_narrow
from roas.charts.values import claims, finite
from roas.format import percent

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

#: Lines that one pair of axes can hold with a label each; small charts where there are more.
_LINES: Final = 4

#: Letters of a name that a phone has room for at the end of a line.
_SHORT: Final = 12

#: Small charts on a page and on a phone, the others together included.
_MOST: Final = 6

#: No channel has this name: names are never empty.
_OTHERS: Final = ""


def credit_by_week(
    credit: pd.DataFrame,
    *,
    model: str = "",
    colours: Mapping[str, str] | None = None,
    bucket: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw the conversions credited to each channel, week by week.

    Parameters
    ----------
    credit : DataFrame
        ``week`` (Mondays), ``channel``, ``conversions`` and, where weeks may
        be cut off, ``complete`` (bool): incomplete weeks are not drawn.
    model : str
        What credited, as the subtitle names it.
    colours : mapping, optional
        Channel → colour, to keep those of other charts.
    bucket : str, optional
        A name that stands for many: among the others, and in no title.

    Returns
    -------
    Axes
        Up to four channels as lines, more as small charts on one scale: the
        largest, and the sum of the others. A week without a row of a channel
        counts as zero where others have credit.
    """
    with theme.style():
        ax = theme.axes(ax)
        what = f"Credited conversions per week{f', {literal(model, most=32)}' if model else ''}"
        table, others = _wide(credit, bucket)
        if not len(table):
            nothing(ax, "No complete week has credit.")
            return finish(ax, "Credit by week cannot be told", what)
        what = f"{what}; {span(table.index.to_series().to_frame('week'))}"
        if not claims(credit, "complete", missing=True).all():
            what += "; weeks that the data do not cover wholly are not drawn"
        sums = table.sum().sort_values(ascending=False, kind="stable")
        hues = colours or theme.channel_colours(name for name in sums.index if name != _OTHERS)
        title = _title(table, bucket)
        if len(table.columns) > _LINES or (is_narrow(ax) and max(map(len, table.columns)) > _SHORT):
            ax.set_axis_off()
            finish(ax, title, f"{what}; one scale")  # what is left is for the small charts
            _panels(ax, table, hues, others)
            arrange(ax)
            return ax
        x, ends = days_of(table.index.to_series()), []
        for name in table.columns:
            values = table[name].to_numpy(float)
            colour = hues.get(name, OTHER)
            _line(ax, x, values, colour, 1.8)
            ends.append(at_end(ax, float(x[-1]), _last(values), literal(name, most=16), colour))
        week_axis(ax, table.index.to_series())
        value_axis(ax, float(table.max().max()))
        return finish(ax, title, what, ends=ends)


def _wide(credit: pd.DataFrame, bucket: str | None) -> tuple[pd.DataFrame, int]:
    """Return weeks by channel, the largest channels first and then the sum of the others, and how many those are."""
    import pandas as pd

    rows = finite(credit, ["conversions"])
    rows = rows[claims(rows, "complete", missing=True) & rows["conversions"].notna()]
    if not len(rows):
        return pd.DataFrame(), 0
    rows = rows.assign(channel=rows["channel"].astype(str), week=pd.to_datetime(rows["week"]))
    sums = rows.groupby("channel")["conversions"].sum().sort_values(ascending=False, kind="stable")
    order = sorted((str(name) for name in sums.index), key=lambda name: name in (bucket, SMALL))
    shown = order if len(order) <= _MOST else order[: _MOST - 1]
    table = rows.pivot_table(index="week", columns="channel", values="conversions", aggfunc="sum", fill_value=0.0)
    out = table[shown].astype(float)
    if len(shown) < len(order):
        out[_OTHERS] = table[[name for name in order if name not in shown]].sum(axis=1)
    grid = on_grid(pd.DataFrame({"week": out.index, "complete": True}))
    return out.reindex(grid["week"]), len(order) - len(shown)


def _line(ax: Axes, x: Any, values: Any, colour: str, width: float) -> None:
    import numpy as np

    gaps = np.isnan(values)
    alone = ~gaps & np.concatenate([[True], gaps[:-1]]) & np.concatenate([gaps[1:], [True]])
    ax.plot(x, values, color=colour, linewidth=width, solid_joinstyle="round")
    ax.plot(x[alone], values[alone], "o", color=colour, markersize=3.5)


def _last(values: Any) -> float:
    return float(values[values == values][-1])


def _panels(ax: Axes, table: pd.DataFrame, hues: Mapping[str, str], others: int) -> None:
    """Draw a small chart a channel, on one scale."""
    figure: Any = ax.get_figure(root=True)
    columns = 2 if is_narrow(ax) else 3
    rows, size = -(-len(table.columns) // columns), TEXT - 1.0
    side = 30.0
    room = (figure.get_figwidth() * 72 - 22) / columns - side
    x, top = days_of(table.index.to_series()), float(table.max().max())
    for i, name in enumerate(table.columns):
        small = ax.inset_axes((0, 0, 1, 1))
        small.set_axes_locator(Cell(ax, i // columns, i % columns, rows, columns, size * 1.7, size * 3.4, side))
        theme.axes(small)
        colour = OTHER if name == _OTHERS else hues.get(name, OTHER)
        values = table[name].to_numpy(float)
        _line(small, x, values, colour, 1.6)
        small.fill_between(x, 0, values, color=colour, alpha=0.15, linewidth=0)
        week_axis(small, table.index.to_series(), most=2 if is_narrow(ax) else 3, size=size)
        value_axis(small, top, marks=2)
        small.tick_params(axis="y", labelsize=size, pad=3)
        label = f"{others:,} others" if name == _OTHERS else literal(name, most=int(room / (0.64 * size)))
        small.annotate(label, (0, 1), xycoords="axes fraction", xytext=(0, 4), textcoords="offset points", va="bottom",
                       ha="left", color=WORDS_OF.get(colour, MUTED), fontweight="bold", annotation_clip=False,
                       **font_of(size))  # fmt: skip
        small.spines["bottom"].set_color(GRID)


def _title(table: pd.DataFrame, bucket: str | None) -> str:
    """Say what the most credited channel gets, and where it got most and least."""
    named = table.drop(columns=[name for name in (_OTHERS, SMALL, bucket) if name in table.columns])
    if not len(named.columns):
        return "Credited conversions, week by week"
    sums = named.sum()
    first, total = str(sums.index[0]), math.fsum(table.sum())
    share = percent(float(sums.iloc[0]) / total) if total else "0 %"
    weekly = named[first].dropna()
    if len(weekly) < 2:
        return f"{literal(first)} gets {share} of conversions"
    low, high = amount(float(weekly.min()), None), amount(float(weekly.max()), None)
    return f"{literal(first)} gets {share} of conversions, {low} to {high} a week"
