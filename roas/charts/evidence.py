"""One series by week, beside what it would have been without the cause that is found."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final

from roas.charts import layout, theme
from roas.charts.axis import at_end, days_of, nothing, tidy_money, value_axis, week_axis
from roas.charts.evidence_weeks import Shown, by_week, limits
from roas.charts.evidence_words import Named, evidence_title, headed, inside, percents, size_says, subtitle, written
from roas.charts.layout import finish, font_of
from roas.charts.places import points_of
from roas.charts.theme import INK, MUTED, OTHER, PAPER
from roas.format import day_and_month, say_many
from roas.language import say

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.text import Annotation

#: Points that the words of the onset take above the drawing.
_LINE: Final = 18.5

#: Points that words take beside the drawing, or above and below it; and below it alone, with the margins.
_AROUND: Final = 115.0
_BELOW: Final = 56.0

#: Weeks up to which each is a point of its own.
_POINTS: Final = 80


def evidence_chart(
    exhibit: Shown,
    *,
    metric: Named,
    currency: str | None = None,
    title: str | None = None,
    colour: str = INK,
    alone: float | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw a series by week beside what it would have been without the cause.

    Parameters
    ----------
    exhibit : Exhibit
        ``weeks`` (Mondays), ``observed`` in the unit of `metric`,
        ``expected``, ``low``, ``high`` (without the cause, with a 90 % band;
        NaN where nothing is expected) and ``since`` (date of the onset).
    metric : Metric
        ``label``, ``unit`` (money, ratio, share or count) and ``says``.
    title : str, optional
        The finding; made from the data where it is not given.
    colour : str
        Of the observed line: the channel's own.
    alone : float, optional
        Change of this series judged on its own, where it is told beside the
        chart: the subtitle then says why the title's size is another one.

    Returns
    -------
    Axes
        A week without a value is a gap. The expectation is dashed and begins
        a little before the onset, which is marked and dated.
    """
    with theme.style():
        ax = theme.axes(ax)
        grid = by_week(exhibit)
        says = subtitle(grid, metric, currency)
        if not grid["observed"].notna().any():
            nothing(ax, say("{metric}: no week has a value.", metric=say(metric.label)))
            return finish(ax, title or headed(exhibit, say("{metric} cannot be told", metric=inside(metric))), says)
        top, bottom = limits(grid)
        _frame(ax, grid, (top, bottom), metric, currency)
        ends = _draw(ax, grid, top, colour, metric, currency)
        _mark_onset(ax, grid, exhibit.since)
        says += _above(grid, top, metric, currency)
        if title is None and (size := size_says(exhibit, alone)):
            says += f". {size}"
        return finish(ax, title or evidence_title(exhibit, metric=metric, currency=currency), says, ends=ends)


def _above(grid: pd.DataFrame, top: float, metric: Named, currency: str | None) -> str:
    """Count the weeks that are cut at the upper edge; empty where none is."""
    over = grid.loc[grid["observed"] > top * 1.0001, "observed"] if top > 0 else grid["observed"][:0]
    if not len(over):
        return ""
    highest = written(over.max(), metric, currency)
    return ". " + say_many(
        "{number} week above the chart, up to {highest}",
        "{number} weeks above the chart, up to {highest}",
        len(over), highest=highest,
    )  # fmt: skip


def _frame(
    ax: Axes, grid: pd.DataFrame, ends: tuple[float, float], metric: Named, currency: str | None
) -> None:  # fmt: skip
    """Set both axes, zero among the values, with room above for the words of the onset."""
    week_axis(ax, grid["week"])
    value_axis(ax, *ends, currency=currency if metric.unit == "money" else None, ratios=metric.unit == "ratio")
    ticks = [float(t) for t in ax.get_yticks()]
    if metric.unit == "share":
        ax.set_yticks(ticks, labels=percents(ticks), **font_of())
    elif metric.unit == "count":
        ax.set_yticks(ticks, labels=[tidy_money(t, None) for t in ticks], **font_of())
    if grid["since"].any():
        low, high = ax.get_ylim()
        ax.set_ylim(low, low + (high - low) / max(1 - _LINE / _inner(ax)[1], 0.4))


def _inner(ax: Axes) -> tuple[float, float]:
    """Return about how wide and high the drawing will be, in points: higher where the page writes title and subtitle."""
    figure: Any = ax.get_figure(root=True)
    below = _BELOW if layout._APART.get() else _AROUND
    return figure.get_figwidth() * 72 - _AROUND, figure.get_figheight() * 72 - below


def _draw(
    ax: Axes, grid: pd.DataFrame, top: float, colour: str, metric: Named, currency: str | None
) -> list[Annotation]:  # fmt: skip
    """Draw the band, the expectation and the weeks; return the labels at the right."""
    x, seen = days_of(grid["week"]), grid["observed"].clip(upper=top) if top > 0 else grid["observed"]
    low, high, level = (grid[name].to_numpy(float) for name in ("low", "high", "expected"))
    edge = ax.get_ylim()[1]
    ax.fill_between(x, low, high.clip(max=2 * edge) if edge > 0 else high, color=INK, alpha=0.13, linewidth=0, zorder=0)
    ax.plot(x, level, color=MUTED, linewidth=1.8, linestyle=(0, (4, 2.5)), zorder=2, gid="expected")
    ax.plot(x, seen.to_numpy(float), color=colour, linewidth=1.6, solid_joinstyle="round", zorder=3, gid="observed")
    alone = seen.notna() & seen.shift().isna() & seen.shift(-1).isna()
    spots = seen.notna() if len(x) <= _POINTS else alone
    size = 3.6 if len(x) <= _POINTS else 5.0
    ax.plot(x[spots], seen[spots].to_numpy(float), "o", color=colour, markersize=size, markeredgewidth=0, zorder=4)
    return _labels(ax, grid, seen, colour, metric, currency)


def _labels(
    ax: Axes, grid: pd.DataFrame, seen: pd.Series, colour: str, metric: Named, currency: str | None
) -> list[Annotation]:  # fmt: skip
    """Name both lines at their right end, with their last value."""
    right = ax.get_xlim()[1]
    found = [
        ("expected", say("Expected"), grid["expected"].dropna(), OTHER),
        ("observed", say("Observed"), seen.dropna(), colour),
    ]
    ends = []
    for column, name, values, hue in found:
        if len(values):
            last = grid[column].dropna().iloc[-1]
            label = at_end(ax, right, float(values.iloc[-1]), f"{name}\n{written(float(last), metric, currency)}", hue)
            label.set_fontweight("bold" if column == "observed" else "normal")
            ends.append(label)
    return ends


def _mark_onset(ax: Axes, grid: pd.DataFrame, since: dt.date | None) -> None:
    """Draw an upright line where the cause begins, with its date."""
    import pandas as pd

    if since is None or not grid["since"].any() or grid["since"].all():
        return
    at = float(days_of(pd.Series([pd.Timestamp(since)]))[0]) - 3.5  # a week is drawn about its Monday
    left, right = ax.get_xlim()
    wide, _ = _inner(ax)
    says = say("since {date}", date=day_and_month(since))
    ax.axvline(at, color=INK, linewidth=1.1, linestyle=(0, (1, 1.5)), zorder=2)
    # At the right the lines are named: the date must end before that.
    on_left = points_of(ax, says) + 6 > (right - at) / (right - left) * wide
    ax.annotate(says, (at, 1), xycoords=("data", "axes fraction"), textcoords="offset points",
                xytext=(-4 if on_left else 4, -1), ha="right" if on_left else "left", va="top", color=INK,
                annotation_clip=False, zorder=5, bbox={"facecolor": PAPER, "edgecolor": "none", "pad": 0.8},
                **font_of())  # fmt: skip
