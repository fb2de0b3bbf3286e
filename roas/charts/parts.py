"""Revenue per week, split into what ads caused and what would have come anyway."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from roas.charts import theme
from roas.charts.axis import at_end, days_of, nothing, value_axis, week_axis
from roas.charts.causal_words import Range, ranged_words
from roas.charts.layout import finish
from roas.charts.periods import span
from roas.charts.theme import GRID, INK, MUTED, OTHER, literal
from roas.charts.values import named_unit
from roas.format import count, money, percent
from roas.language import say

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

#: Width of the interval of the share without ads from which it is no finding.
OPEN: Final = 0.4

#: What the parts call revenue that would have come without ads.
BASELINE: Final = "baseline"

#: Channels with a colour of their own; the others are added up.
_COLOURED: Final = 4


def contributions(
    parts: pd.DataFrame,
    *,
    revenue: pd.DataFrame | None = None,
    baseline_share: Range | None = None,
    currency: str | None = None,
    grain: str = "week",
    colours: Mapping[str, str] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw revenue per week as what would have come anyway and what each channel caused.

    Parameters
    ----------
    parts : DataFrame
        ``date``, ``part`` ("baseline" or a channel), ``mean``, and for the
        baseline ``p5``, ``p95`` (currency per period of `grain`).
    revenue : DataFrame, optional
        ``date``, ``revenue`` (currency): what came in, drawn as a line.
    baseline_share : (p5, p50, p95), optional
        Share of revenue that would have come without ads, for the title.
    colours : mapping, optional
        Channel → colour, to keep those of other charts.

    Notes
    -----
    Days are added up to whole weeks. The band around the baseline then adds
    up daily quantiles, which errs on the wide side.
    """
    with theme.style():
        ax = theme.axes(ax)
        unit = named_unit(currency)
        if not len(parts):
            nothing(ax, say("Nothing was estimated."))
            title = say("What spend causes cannot be told")
            return finish(ax, title, say("Revenue per week, {currency}", currency=unit))
        weekly = _weekly(parts, "mean", grain)
        base, media = weekly[BASELINE], weekly.drop(columns=BASELINE)
        sums = media.sum().sort_values(ascending=False, kind="stable")
        hues = colours or theme.channel_colours(sums.index)
        order = sorted(map(str, sums.index), key=lambda c: hues.get(c, OTHER) == OTHER)  # coloured ones first
        weeks = weekly.index.to_series()
        ends, top = _stack(ax, base, media[order], hues)
        _band(ax, parts, weekly.index, grain)
        if revenue is not None:
            top = max(top, _actual(ax, revenue, weekly.index, grain))
        week_axis(ax, weeks)
        value_axis(ax, top, float(min(base.min(), 0.0)), currency=currency)
        subtitle = say(
            "Revenue per week, {currency}; {period}. Grey: would have come without ads, middle estimate; "
            "hatched: its 90 % interval", currency=unit, period=span(weeks.to_frame("week")),
        )  # fmt: skip
        if revenue is not None:
            subtitle += f"; {say('line: revenue')}"
        return finish(ax, _title(baseline_share, base, currency), subtitle, ends=ends)


def _weekly(rows: pd.DataFrame, column: str, grain: str) -> pd.DataFrame:
    """Return weeks by part; for days, only weeks that have seven of them."""
    from roas.calendar import to_weeks

    table = rows.pivot_table(index="date", columns="part", values=column, aggfunc="sum")
    if grain == "week":
        return table
    weeks = to_weeks(table.index.to_series())
    found = table.groupby(weeks.array).sum()
    whole = found[(table.iloc[:, 0].groupby(weeks.array).size() == 7).to_numpy()]
    return whole if len(whole) else found


def _stack(ax: Axes, base: pd.Series, media: pd.DataFrame, hues: Mapping[str, str]) -> tuple[list[Any], float]:
    """Draw the parts upon one another, the baseline first; return labels and the highest point."""
    x = days_of(base.index.to_series())
    ax.fill_between(x, 0, base.to_numpy(), color=GRID, linewidth=0)
    floor, ends = base.to_numpy(float), [at_end(ax, float(x[-1]), float(base.iloc[-1]) / 2, say("Without ads"), OTHER)]
    pieces = [(name, media[name].to_numpy(float), hues.get(name, OTHER)) for name in media.columns[:_COLOURED]]
    rest = media.columns[_COLOURED:]
    if len(rest) == 1:
        pieces.append((str(rest[0]), media[rest[0]].to_numpy(float), OTHER))
    elif len(rest):
        pieces.append(
            (say("{number} others", number=count(len(rest))), media[list(rest)].sum(axis=1).to_numpy(float), OTHER)
        )
    for name, values, colour in pieces:
        ax.fill_between(x, floor, floor + values, color=colour, alpha=0.75, linewidth=0)
        middle = float(floor[-1] + values[-1] / 2)
        ends.append(at_end(ax, float(x[-1]), middle, literal(name, most=14), colour))
        floor = floor + values
    return ends, float(floor.max())


def _band(ax: Axes, rows: pd.DataFrame, weeks: Any, grain: str) -> None:
    """Hatch the interval of what would have come without ads."""
    base = rows[rows["part"] == BASELINE]
    if not {"p5", "p95"} <= set(base.columns):
        return
    low, high = (_weekly(base, level, grain)[BASELINE].reindex(weeks).to_numpy(float) for level in ("p5", "p95"))
    x = days_of(weeks.to_series())
    ax.fill_between(x, low, high, facecolor="none", edgecolor=MUTED, hatch="////", linewidth=0.0, alpha=0.55)


def _actual(ax: Axes, revenue: pd.DataFrame, weeks: Any, grain: str) -> float:
    """Draw what came in as a line; return its highest point."""
    line = _weekly(revenue.assign(part="revenue"), "revenue", grain)["revenue"].reindex(weeks)
    ax.plot(
        days_of(weeks.to_series()),
        line.to_numpy(float),
        color=INK,
        linewidth=1.4 if len(weeks) < 120 else 1.0,
        solid_joinstyle="round",
    )
    top = float(line.max())
    return top if math.isfinite(top) else 0.0


def _title(share: Range | None, base: pd.Series, currency: str | None) -> str:
    if share is None:
        return say(
            "Without ads, {money} a week would have come in (middle estimate)",
            money=money(float(base.mean()), currency),
        )  # fmt: skip
    low, high = percent(share[0]), percent(share[2])
    if share[2] - share[0] > OPEN:
        return say("How much would have come without ads is open: {low} to {high} of revenue", low=low, high=high)
    between = low if low == high else ranged_words(low, high)
    return say("{share} of revenue would have come without ads", share=between)
