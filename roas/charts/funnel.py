"""Units at their own spend: which differ from the average by more than luck would do."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from roas.charts import theme
from roas.charts.axis import at_end, nothing, tidy_money, value_axis
from roas.charts.funnel_words import Words, words_for
from roas.charts.layout import arrange, finish, font_of
from roas.charts.places import Spot, boxes_about, free_spot
from roas.charts.rows import each_row
from roas.charts.theme import FONT, GRID, HUES, INK, MUTED, OTHER, PAPER, TEXT, WORDS_OF, is_narrow, literal
from roas.charts.values import claims, finite, named_unit
from roas.format import count as in_full
from roas.format import decimal, percent, ratio, say_many
from roas.language import say

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from roas.charts.places import Boxes

#: What the limits hold between them, as the funnel's own limits do.
INNER: Final = 0.90
OUTER: Final = 0.998

#: A unit this many times above the average is drawn at the chart's upper edge.
_HIGHEST: Final = 4.0

#: Names written beside points: on a page, on a phone.
_NAMED, _NAMED_NARROW = 5, 3

#: Letters of a name: the longest that finds a place is written.
_LENGTHS: Final = (24, 18, 13)

_LIMITS: Final = ("lower", "upper", "outer_lower", "outer_upper")


def funnel_plot(
    units: pd.DataFrame,
    *,
    center: float | None,
    what: str = "campaign",
    currency: str | None = None,
    curve: pd.DataFrame | None = None,
    colours: Mapping[str, str] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw ROAS against spend, with the range that luck alone would fill at each spend.

    Parameters
    ----------
    units : DataFrame
        ``label``, ``channel``, ``spend`` (currency), ``roas``, ``lower``,
        ``upper`` (90 %), ``outer_lower``, ``outer_upper`` (99.8 %),
        ``differs`` (bool; empty where not judged).
    center : float
        The average ROAS that the limits stand about.
    what : str
        What a unit is, in the singular.
    curve : DataFrame, optional
        ``spend`` (currency, increasing) and the four limits there. Without
        it the units' own limits are joined up.
    colours : mapping, optional
        Channel → colour for units that differ. Without it, those above the
        average are blue and those below orange; the shape tells it in either case.
    """
    with theme.style():
        ax = theme.axes(ax)
        table = finite(units, ["spend", "roas", *_LIMITS])
        table = table.assign(differs=claims(table, "differs", missing=False), judged=_judged(table))
        drawn = table[(table["spend"] > 0) & table["roas"].notna()]
        words = words_for(literal(what, most=20))
        if not len(drawn):
            nothing(ax, words.says("needs"))
            return finish(ax, words.says("which"), words.says("by_spend"))
        middle = float(center) if center is not None and math.isfinite(center) else None
        limits = _curve(drawn, curve)
        top = _top(drawn, middle)
        _axes(ax, drawn, limits, top, currency)
        _funnel(ax, limits, top)
        ends = [] if middle is None else [_average(ax, middle)]
        _points(ax, drawn, middle, top, colours)
        subtitle = _subtitle(words, currency, table, drawn, has_limits=bool(len(limits)), coloured=colours is not None)
        finish(ax, _title(drawn, middle, words), subtitle, ends=ends)
        _name_some(ax, drawn, limits, middle, top, colours)
        arrange(ax)
        return ax


def _judged(table: pd.DataFrame) -> pd.Series:
    limits = table["lower"].notna() & table["upper"].notna()
    return limits & (table["differs"].notna() if "differs" in table.columns else False)


def _curve(drawn: pd.DataFrame, curve: pd.DataFrame | None) -> pd.DataFrame:
    """Return the limits by rising spend; those of the units where no curve is given."""
    table = finite(drawn if curve is None else curve, ["spend", *_LIMITS])
    table = table[(table["spend"] > 0) & table["lower"].notna() & table["upper"].notna()]
    table = table.sort_values("spend", kind="stable")
    if table["spend"].nunique() == 1:  # one unit's limits need some width to be seen
        narrow = table.head(1)
        return narrow.iloc[[0, 0]].assign(spend=[narrow["spend"].iloc[0] / 1.1, narrow["spend"].iloc[0] * 1.1])
    return table


def _top(drawn: pd.DataFrame, middle: float | None) -> float:
    """Return where the chart ends above: the highest unit, unless it dwarfs the average."""
    highest = float(drawn["roas"].max())
    if middle is None or middle <= 0:
        return highest
    return max(min(highest * 1.05, _HIGHEST * middle), 1.8 * middle)


def _axes(ax: Axes, drawn: pd.DataFrame, limits: pd.DataFrame, top: float, currency: str | None) -> None:
    low, high = float(drawn["spend"].min()), float(drawn["spend"].max())
    pad = max((high / low) ** 0.05, 1.25)
    ax.set_xscale("log")
    value_axis(ax, top, min(float(drawn["roas"].min()), 0.0), ratios=True)
    ax.set_xlim(low / pad, high * pad)
    log_money_ticks(ax, currency, most=3 if is_narrow(ax) else 5)


def log_money_ticks(ax: Axes, currency: str | None, *, most: int) -> None:
    """Put a few round amounts under a chart whose axis counts by factors."""
    from matplotlib.ticker import NullFormatter, NullLocator

    low, high = ax.get_xlim()
    first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
    ticks: list[float] = []
    for steps in ((1.0, 2.0, 5.0), (1.0, 3.0), (1.0,)):
        ticks = [s * 10.0**e for e in range(first, last + 1) for s in steps if low <= s * 10.0**e <= high]
        if len(ticks) <= most:
            break
    ticks = ticks[:: -(-len(ticks) // most)] if ticks else [math.sqrt(low * high)]
    ax.xaxis.set_minor_locator(NullLocator())
    ax.xaxis.set_minor_formatter(NullFormatter())
    ax.set_xticks(ticks, labels=[tidy_money(t, currency) if t >= 0.01 else f"{t:.0e}" for t in ticks], **font_of())
    ax.tick_params(axis="x", length=4, color=GRID, labelcolor=MUTED, labelsize=TEXT, labelfontfamily=FONT)


def _funnel(ax: Axes, limits: pd.DataFrame, top: float) -> None:
    """Draw the inner limits as a band and the outer ones as dashed lines."""
    if not len(limits):
        return
    x, edge = limits["spend"].to_numpy(float), 3.0 * top
    low, high, outer_low, outer_high = (limits[name].clip(upper=edge).to_numpy(float) for name in _LIMITS)
    ax.fill_between(x, low, high, color=INK, alpha=0.1, linewidth=0, zorder=0)
    for values in (outer_low, outer_high):
        ax.plot(x, values, color=MUTED, linewidth=1.0, linestyle=(0, (4, 3)), zorder=1)


def _average(ax: Axes, middle: float) -> Any:
    ax.axhline(middle, color=MUTED, linewidth=1.2, zorder=1)
    label = at_end(ax, ax.get_xlim()[1], middle, f"{say('Average')}\n{ratio(middle)}", OTHER)
    label.set_fontweight("normal")
    return label


def _points(ax: Axes, drawn: pd.DataFrame, middle: float | None, top: float, colours: Mapping[str, str] | None) -> None:
    """Draw units: grey rings inside, filled triangles where they differ, upwards above the average."""
    plain = drawn[~drawn["differs"]]
    small = 5.5 if len(plain) <= 40 else 4.0
    ax.plot(plain["spend"], plain["roas"].clip(upper=top), "o", markersize=small, color=OTHER,
            markeredgewidth=0, alpha=0.8, linestyle="none", zorder=2)  # fmt: skip
    for row in each_row(drawn[drawn["differs"]]):
        above = middle is None or row.roas > middle
        ax.plot([row.spend], [min(row.roas, top)], "^" if above else "v", markersize=9, zorder=4, clip_on=False,
                markeredgewidth=0, color=_colour(row, middle, colours))  # fmt: skip


def _colour(row: Any, middle: float | None, colours: Mapping[str, str] | None) -> str:
    if colours is not None:
        found = colours.get(str(getattr(row, "channel", "")), INK)
        return INK if found == OTHER else found  # grey is for those that do not differ
    return HUES[0] if middle is None or row.roas > middle else HUES[1]


def _name_some(
    ax: Axes,
    drawn: pd.DataFrame,
    limits: pd.DataFrame,
    middle: float | None,
    top: float,
    colours: Mapping[str, str] | None,
) -> None:
    """Name the largest units that differ, each where it hides the least of points and limits, and no other name."""
    import numpy as np

    found = drawn[drawn["differs"]].sort_values("spend", ascending=False, kind="stable")
    every, marks = _points_taken(ax, drawn, top), _points_taken(ax, found, top)
    curves = _curves_taken(ax, limits)
    left = _NAMED_NARROW if is_narrow(ax) else _NAMED
    for row in each_row(found.head(4 * left)):
        at = (float(row.spend), min(float(row.roas), top))
        place = _place(ax, at, row.label, ([every, curves], [every], [marks]))
        if place is None:
            continue
        text, spot, clear = place
        every, marks = np.concatenate([every, spot.box]), np.concatenate([marks, spot.box])
        ax.annotate(text, at, xytext=spot.shift, textcoords="offset points", ha=spot.ha, va=spot.va, zorder=5,
                    annotation_clip=False, color=WORDS_OF.get(_colour(row, middle, colours), MUTED),
                    bbox=None if clear else {"facecolor": PAPER, "alpha": 0.8, "edgecolor": "none", "pad": 0.5},
                    **font_of())  # fmt: skip
        left -= 1
        if not left:
            return


def _place(
    ax: Axes, at: tuple[float, float], label: object, tries: Sequence[list[Boxes]]
) -> tuple[str, Spot, bool] | None:
    """Return a name, as long as there is room for, its place, and whether it hides nothing."""
    import numpy as np

    for others in tries:
        taken = np.concatenate(others)
        for most in _LENGTHS:
            text = literal(label, most=most)
            spot = free_spot(ax, at, text, taken)
            if spot is not None:
                return text, spot, others is tries[0]
    return None


def _points_taken(ax: Axes, drawn: pd.DataFrame, top: float) -> Boxes:
    return boxes_about(ax, drawn["spend"].tolist(), drawn["roas"].clip(upper=top).tolist(), 4.0)


def _curves_taken(ax: Axes, limits: pd.DataFrame) -> Boxes:
    rows = limits.iloc[:: max(len(limits) // 60, 1)]
    x, low, high = rows["spend"].tolist(), rows["outer_lower"].tolist(), rows["outer_upper"].tolist()
    return boxes_about(ax, [*x, *x], [*low, *high], 2.0)


def _subtitle(
    words: Words, currency: str | None, table: pd.DataFrame, drawn: pd.DataFrame, *, has_limits: bool, coloured: bool
) -> str:  # fmt: skip
    says = [words.says("axes", currency=named_unit(currency))]
    if has_limits:
        inner, outer = percent(INNER), say("{number} %", number=decimal(100 * OUTER, 1))
        says.append(say("Band: where luck alone puts {inner} of them, dashed: {outer}", inner=inner, outer=outer))
    if drawn["differs"].any():
        says.append(
            say("Triangles differ, coloured by channel; grey do not")
            if coloured
            else say("Triangles differ, blue above, orange below; grey do not")
        )
    missing = len(table) - len(drawn)
    if missing:
        says.append(say("{units} without spend or revenue not drawn", units=words.counted(missing)))
    return ". ".join(says)


def _title(drawn: pd.DataFrame, middle: float | None, words: Words) -> str:
    judged = drawn[drawn["judged"]]
    count, differ = len(judged), judged[judged["differs"]]
    if not count:
        return words.says("whether")
    if count == 1 and not len(differ):
        return words.says("only")
    if not len(differ):
        return words.says("none", units=words.many(count))
    said = say_many(
        "{number} of {units} differs from the average beyond luck", "{number} of {units} differ from the average beyond luck",
        len(differ), units=words.many(count),
    )  # fmt: skip
    if middle is None:
        return said
    above = int((differ["roas"] > middle).sum())
    below = len(differ) - above
    sides = [say("{number} above", number=in_full(above))] if above else []
    sides += [say("{number} below", number=in_full(below))] if below else []
    return f"{said}: {', '.join(sides)}"
