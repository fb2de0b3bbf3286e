"""Weekly ROAS with the range that luck alone fills, and the dates since when its level is another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from roas.charts import theme
from roas.charts.axis import at_end, days_of, nothing, value_axis, week_axis
from roas.charts.layout import finish, font_of
from roas.charts.luck_words import INSIDE, luck_says
from roas.charts.periods import on_grid, span
from roas.charts.places import points_of
from roas.charts.rows import each_row, known
from roas.charts.theme import GRID, HUES, INK, MUTED, OTHER, PAPER, is_narrow, literal
from roas.charts.unsteady_words import Break, noise_title, since, unfinished
from roas.charts.values import claims, finite, sentence
from roas.format import percent, ratio, say_many
from roas.language import mark, say

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.text import Annotation

#: Breaks that are labelled; the others are only drawn.
_LABELLED: Final = 3

#: A week this many times above the 9th decile is drawn at the upper edge.
_HIGHEST: Final = 3.0

#: Points from one break's words to the next one's.
_LINE: Final = 14.5

_OF: Final[Mapping[str, tuple[str, str]]] = {
    "mer": ("MER", mark("Weekly MER, shop revenue per 1 of spend")),
    "claimed_roas": (mark("claimed ROAS"), mark("Weekly claimed ROAS, claimed revenue per 1 of spend")),
}
_OTHER: Final = ("ROAS", mark("Weekly ROAS, revenue per 1 of spend"))


def roas_with_noise(
    weeks: pd.DataFrame,
    *,
    breaks: pd.DataFrame | None = None,
    name: str = "",
    of: str = "mer",
    break_even: float | None = None,
    shares: Mapping[str, float] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw weekly ROAS, what luck alone would do to it, and where its level changes.

    Parameters
    ----------
    weeks : DataFrame
        ``week`` (a Monday), ``roas``, ``expected`` (level of its segment),
        ``lower``, ``upper`` (90 % limits of luck about the level, at the
        week's own spend), ``mature`` and ``complete`` (bool).
    breaks : DataFrame, optional
        ``date`` (first day of the new level), ``before``, ``after`` (ROAS),
        ``probability``.
    name : str
        Channel; empty for the account.
    of : {"mer", "claimed_roas"}
        Whose revenue the ratio takes.
    break_even : float, optional
        1 / contribution margin, drawn as a thin line.
    shares : mapping, optional
        Shares of the variance of log weekly ROAS; ``sampling`` is said.

    Returns
    -------
    Axes
        Weeks beyond the limits are triangles. Weeks whose sales are not all
        in are hollow and hatched, and judged by nothing.
    """
    with theme.style():
        ax = theme.axes(ax)
        metric, means = (say(each) for each in _OF.get(of, _OTHER))
        about, break_even = literal(name) if name else "", known(break_even)
        table = finite(weeks, ["roas", "expected", "lower", "upper"])
        table = table[table["week"].notna()]
        if not table["roas"].notna().any():
            nothing(ax, say("Needs spend and revenue in the same weeks."))
            return finish(ax, sentence(say("weekly {metric} cannot be told", metric=metric), about), means)
        grid = _settled(table)
        found = _breaks(breaks, grid)
        labelled = sorted(sorted(found, key=lambda b: -b.size)[:_LABELLED], key=lambda b: b.date)
        top = _top(grid, break_even)
        _frame(ax, grid, top, rows=len(labelled))
        ends = _draw(ax, grid, top, metric, break_even)
        _mark_breaks(ax, grid, found, labelled)
        luck = known((shares or {}).get("sampling"))
        subtitle = _subtitle(grid, means, top, luck_says(luck, broken=bool(found)))
        return finish(ax, sentence(noise_title(grid, found, metric, luck), about), subtitle, ends=ends)


def _settled(table: pd.DataFrame) -> pd.DataFrame:
    """Return one row per week, with what is ripe to be judged and which weeks luck does not explain."""
    table = table.assign(complete=claims(table, "complete", missing=True), mature=claims(table, "mature", missing=True))
    grid = on_grid(table)
    grid["mature"] = grid["mature"].eq(True)
    grid["ripe"] = grid["complete"] & grid["mature"] & grid["roas"].notna()
    grid["judged"] = grid["ripe"] & grid["lower"].notna() & grid["upper"].notna()
    grid["above"] = grid["judged"] & (grid["roas"] > grid["upper"])
    grid["below"] = grid["judged"] & (grid["roas"] < grid["lower"])
    return grid


def _breaks(breaks: pd.DataFrame | None, grid: pd.DataFrame) -> list[Break]:
    """Return the breaks within the weeks drawn, by date."""
    if breaks is None or not len(breaks):
        return []
    import pandas as pd

    table = finite(breaks, ["before", "after", "probability"])
    table = table.assign(date=pd.to_datetime(table["date"], errors="coerce")).dropna(subset="date")
    inside = table["date"].between(grid["week"].min(), grid["week"].max() + pd.Timedelta(days=6))
    rows = table[inside].sort_values("date", kind="stable")
    return [Break(row.date, known(row.before), known(row.after), known(row.probability)) for row in each_row(rows)]


def _top(grid: pd.DataFrame, break_even: float | None) -> float:
    """Return where the chart ends above: the highest week, unless it dwarfs nearly all others."""
    values = grid["roas"].dropna()
    highest, usual = float(values.max()), float(values.quantile(0.9))
    highest = min(highest, _HIGHEST * usual) if usual > 0 else highest
    limits = grid["upper"].dropna()
    if len(limits):
        highest = max(highest, min(float(limits.quantile(0.9)), 1.5 * highest))
    return max(highest, (break_even or 0.0) * 1.05)


def _frame(ax: Axes, grid: pd.DataFrame, top: float, *, rows: int) -> None:
    """Set both axes, with room above for the words of breaks."""
    week_axis(ax, grid["week"])
    value_axis(ax, top, min(float(grid["roas"].min()), 0.0), ratios=True)
    if rows:
        low, high = ax.get_ylim()
        tall = ax.get_figure(root=True).get_figheight() * 72 - 115  # type: ignore[union-attr]
        ax.set_ylim(low, low + (high - low) / max(1 - (rows * _LINE + 4) / tall, 0.4))


def _draw(ax: Axes, grid: pd.DataFrame, top: float, metric: str, break_even: float | None) -> list[Annotation]:
    """Draw the band, the level and the weeks; return the labels at the right."""
    x, y = days_of(grid["week"]), grid["roas"]
    _band(ax, x, grid, 2.0 * top)
    ripe = y.where(grid["ripe"]).clip(upper=top)
    ax.plot(x, ripe.to_numpy(float), color=INK, linewidth=1.1, alpha=0.75, solid_joinstyle="round", zorder=2)
    usual = (grid["ripe"] & ~grid["above"] & ~grid["below"]).to_numpy()
    ax.plot(x[usual], ripe[usual].to_numpy(float), "o", color=INK, markersize=3.2 if len(x) < 80 else 2.2, zorder=3)
    for column, marker, hue in (("above", "^", HUES[0]), ("below", "v", HUES[1])):
        out = grid[column].to_numpy()
        if not out.any():
            continue  # an empty line that may leave the axes would be given room
        ax.plot(x[out], ripe[out].to_numpy(float), marker, color=hue, markersize=8 if len(x) < 80 else 6.5,
                markeredgewidth=0, zorder=4, clip_on=False)  # fmt: skip
    _unripe(ax, x, y.clip(upper=top), grid)
    return _ends(ax, grid, metric, break_even)


def _band(ax: Axes, x: Any, grid: pd.DataFrame, edge: float) -> None:
    """Draw limits and level as steps, since each week has its own spend."""
    import numpy as np

    steps = np.column_stack([x - 3.5, x + 3.5]).ravel()
    low, high, level = (grid[c].clip(upper=edge).to_numpy(float).repeat(2) for c in ("lower", "upper", "expected"))
    ax.fill_between(steps, low, high, color=INK, alpha=0.12, linewidth=0, zorder=0)
    ax.plot(steps, level, color=MUTED, linewidth=1.6, solid_capstyle="butt", zorder=1)


def _unripe(ax: Axes, x: Any, y: pd.Series, grid: pd.DataFrame) -> None:
    part = (grid["roas"].notna() & ~grid["ripe"]).to_numpy()
    for at in x[part]:
        ax.axvspan(at - 3.5, at + 3.5, facecolor="none", edgecolor=GRID, hatch="////", linewidth=0, zorder=0)
    ax.plot(x[part], y[part].to_numpy(float), "o", markerfacecolor=PAPER, markeredgecolor=INK, markersize=5.5,
            markeredgewidth=1.3, zorder=3)  # fmt: skip


def _ends(ax: Axes, grid: pd.DataFrame, metric: str, break_even: float | None) -> list[Annotation]:
    right, ends = ax.get_xlim()[1], []
    levels, ripe = grid["expected"].dropna(), grid.loc[grid["ripe"], "roas"]
    if len(levels):
        ends.append(at_end(ax, right, float(levels.iloc[-1]), f"{say('Level')}\n{ratio(levels.iloc[-1])}", OTHER))
    elif len(ripe):
        ends.append(at_end(ax, right, float(ripe.iloc[-1]), f"{sentence(metric)}\n{ratio(ripe.iloc[-1])}", INK))
    if break_even:
        ax.axhline(break_even, color=MUTED, linewidth=1.0, linestyle=(0, (4, 3)), zorder=1)
        label = at_end(ax, right, break_even, f"{say('Break-even')}\n{ratio(break_even)}", OTHER)
        label.set_fontweight("normal")
        ends.append(label)
    return ends


def _mark_breaks(ax: Axes, grid: pd.DataFrame, found: Sequence[Break], labelled: Sequence[Break]) -> None:
    """Draw an upright line where each new level begins, and say since when and from what to what."""
    import pandas as pd

    left, right = ax.get_xlim()
    tall = ax.get_figure(root=True).get_figheight() * 72 - 115  # type: ignore[union-attr]
    wide = ax.get_figure(root=True).get_figwidth() * 72 - 115  # type: ignore[union-attr]
    for each in found:
        at = float(days_of(pd.Series([each.date]))[0]) - 3.5  # a week is drawn about its Monday
        row = labelled.index(each) if each in labelled else len(labelled)
        ax.axvline(at, ymax=1 - row * _LINE / tall, color=INK, linewidth=1.1, linestyle=(0, (1, 1.5)), zorder=2)
        if each not in labelled:
            continue
        says = since(each, brief=is_narrow(ax))
        part, need = (at - left) / (right - left) * wide, points_of(ax, says) + 6
        on_left = need > wide - part + 70 and part >= need
        ax.annotate(says, (at, 1), xycoords=("data", "axes fraction"), textcoords="offset points",
                    xytext=(-4 if on_left else 4 if part + need <= wide + 70 else wide + 70 - part - need, -1 - row * _LINE),
                    ha="right" if on_left else "left", va="top", color=INK, annotation_clip=False, zorder=5,
                    bbox={"facecolor": PAPER, "edgecolor": "none", "pad": 0.8}, **font_of())  # fmt: skip


def _subtitle(grid: pd.DataFrame, means: str, top: float, luck: str) -> str:
    says = [f"{means}; {span(grid)}"]
    if grid["judged"].any():
        share = percent(INSIDE)
        says.append(say("Band: where luck alone puts {share} of weeks; triangles: weeks outside it", share=share))
        says += [luck] if luck else []  # no week is judged where luck is not known: then it has no share either
    open_weeks = unfinished(grid)
    if open_weeks:
        says.append(say("Hatched, hollow: {weeks}", weeks=open_weeks))
    over = grid.loc[grid["roas"] > top * 1.0001, "roas"]
    if len(over):
        says.append(say_many(
            "{number} week above the chart, up to {highest}", "{number} weeks above the chart, up to {highest}",
            len(over), highest=ratio(over.max()),
        ))  # fmt: skip
    return ". ".join(says)
