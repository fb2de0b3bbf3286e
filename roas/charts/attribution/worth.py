"""Channels: what the platform claims, what attribution credits, and what spend caused."""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from roas.charts import theme
from roas.charts.attribution.lanes import Lane, Sign, amount_ticks, key, lanes, left_of, letters, literal, name_of
from roas.charts.axis import nothing
from roas.charts.causal_words import Range, listed, ranged
from roas.charts.intervals import faint_zero
from roas.charts.layout import finish
from roas.charts.rows import each_row, known
from roas.charts.theme import INK, MUTED, OTHER, PAPER, is_narrow
from roas.charts.values import finite
from roas.format import plural
from roas.limits import CHART_CHANNELS

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

#: A row that reaches this many times further than the middle one is cut, with an arrow.
_LONGEST: Final = 4.0

_CAUSED: Final = ("caused_p5", "caused_p50", "caused_p95")
_CREDITED: Final = ("attributed_p5", "attributed_p95")


@dataclass(frozen=True)
class _Row:
    """One channel, in currency; None for what is not known."""

    channel: str
    claimed: float | None
    attributed: float | None
    credited: tuple[float, float] | None
    caused: Range | None
    colour: str

    @property
    def furthest(self) -> float:
        ends = (self.claimed, self.attributed, self.credited and self.credited[1], self.caused and self.caused[2])
        return max((e for e in ends if e is not None), default=0.0)


def attributed_against_caused(
    channels: pd.DataFrame,
    *,
    currency: str | None = None,
    model: str = "",
    colours: Mapping[str, str] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw each channel's attributed revenue beside what is claimed for it and what it caused.

    Parameters
    ----------
    channels : DataFrame
        ``channel``, ``attributed`` (currency) and, where known,
        ``attributed_p5``, ``attributed_p95``, ``claimed``, and ``caused_p5``,
        ``caused_p50``, ``caused_p95``: revenue of one and the same period.
    model : str
        What attributed, as the subtitle names it: "Markov, order 1".
    colours : mapping, optional
        Channel → colour, to keep those of other charts.
    """
    with theme.style():
        ax = theme.axes(ax)
        table = finite(channels, ["claimed", "attributed", *_CREDITED, *_CAUSED])
        table = table[table[["claimed", "attributed", "caused_p50"]].notna().any(axis=1)]
        table = table.sort_values("attributed", ascending=False, kind="stable", na_position="last")
        what = f"Revenue, {currency or 'currency not named'}"
        if not len(table):
            nothing(ax, "No channel has credit or an estimate.")
            return finish(ax, "Credit and effect cannot be compared", what)
        shown = table.head(CHART_CHANNELS)
        hues = colours or theme.channel_colours(table["channel"].astype(str))
        rows = [_row(each, hues) for each in each_row(shown)]
        _draw(ax, rows, currency)
        if model:
            what += f"; attributed by {literal(model, most=32)}"
        if any(row.caused for row in rows):
            what += "; bar: 90 % interval of what spend caused, right: the same in figures"
        what += ". Attribution shares out sales that came; it does not tell which would have come anyway"
        if len(shown) < len(table):
            what += f". {plural(len(table) - len(shown), 'smaller channel')} not drawn"
        return finish(ax, _title(rows), what)


def _row(row: Any, hues: Mapping[str, str]) -> _Row:
    caused, credited = ([known(getattr(row, name)) for name in names] for names in (_CAUSED, _CREDITED))
    return _Row(
        str(row.channel), known(row.claimed), known(row.attributed),
        None if None in credited else (credited[0], credited[1]),  # type: ignore[arg-type]
        None if None in caused else (caused[0], caused[1], caused[2]),  # type: ignore[arg-type]
        hues.get(str(row.channel), OTHER),
    )  # fmt: skip


def _draw(ax: Axes, rows: list[_Row], currency: str | None) -> None:
    says = [ranged(row.caused[0], row.caused[2], currency) if row.caused else "not known" for row in rows]
    words = [Lane(name_of(ax, row.channel, beside), beside) for row, beside in zip(rows, says, strict=True)]
    middles = lanes(ax, words, heading="caused")
    tops = [row.furthest for row in rows if row.furthest > 0]
    limit = min(max(tops), _LONGEST * statistics.median_low(tops)) if tops else 1.0
    low = min([0.0, *(row.caused[0] for row in rows if row.caused)])
    for at, row in zip(middles, rows, strict=True):
        _marks(ax, row, at, limit)
    ax.set_xlim(low, limit * 1.02)
    amount_ticks(ax, limit, currency or None, marks=3 if is_narrow(ax) else 5, size=letters(len(rows)))
    faint_zero(ax)
    signs: list[tuple[bool, Sign]] = [
        (any(r.claimed is not None for r in rows), Sign("claimed by the platform", _HOLLOW)),
        (any(r.attributed is not None for r in rows), Sign("attributed", _CREDIT)),
        (any(r.caused for r in rows), Sign("caused", {"marker": "o", "color": MUTED, "markersize": 8})),
    ]
    key(ax, [sign for drawn, sign in signs if drawn], left=left_of(ax, [lane.name for lane in words]))


_HOLLOW: Final[dict[str, Any]] = {"marker": "D", "markerfacecolor": PAPER, "markeredgecolor": INK, "markersize": 6.5,
                  "markeredgewidth": 1.5}  # fmt: skip
_CREDIT: Final[dict[str, Any]] = {"marker": "|", "color": INK, "markersize": 13, "markeredgewidth": 2.4}


def _marks(ax: Axes, row: _Row, at: float, limit: float) -> None:
    if row.caused is not None:
        low, middle, high = (min(value, limit) for value in row.caused)
        ax.plot([low, high], [at, at], color=row.colour, linewidth=7, alpha=0.4, solid_capstyle="butt", zorder=2)
        if row.caused[2] > limit:
            ax.plot([limit], [at], ">", color=row.colour, markersize=7, clip_on=False, zorder=3)
        if row.caused[1] <= limit:
            ax.plot([middle], [at], "o", color=row.colour, markersize=8, clip_on=False, zorder=3)
    if row.credited is not None:
        low, high = (min(value, limit) for value in row.credited)
        ax.plot([low, high], [at, at], color=INK, linewidth=1.4, solid_capstyle="butt", zorder=4)
    for value, style in ((row.attributed, _CREDIT), (row.claimed, _HOLLOW)):
        if value is not None:
            cut = {"marker": ">"} if value > limit and style is _HOLLOW else {}
            ax.plot([min(value, limit)], [at], linestyle="none", zorder=5, clip_on=False, **{**style, **cut})


def _title(rows: list[_Row]) -> str:
    """Name channels whose credit lies outside the range of what they caused."""
    both = [row for row in rows if row.caused is not None and row.attributed is not None]
    if not both:
        credited = [row for row in rows if row.attributed is not None]
        if not credited:
            return "No channel is credited with revenue"
        share = math.fsum(row.attributed or 0.0 for row in credited)
        top = credited[0]
        part = 100 * (top.attributed or 0.0) / share if share else 0.0
        return f"{literal(top.channel)} gets most credit, {part:.0f} %; what it caused is not known"
    for outside, word in (
        ([r for r in both if (r.attributed or 0.0) > (r.caused or (0, 0, math.inf))[2]], "more"),
        ([r for r in both if (r.attributed or 0.0) < (r.caused or (-math.inf, 0, 0))[0]], "less"),
    ):
        if outside:
            names = listed([literal(row.channel, most=20) for row in outside])
            gets, whose = ("gets", "its") if len(outside) == 1 else ("get", "their")
            return f"{names} {gets} {word} credit than {whose} spend caused"
    return "Credit lies within the ranges of what spend caused"
