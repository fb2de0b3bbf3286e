"""Response curves: revenue caused against spend, both per week."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from roas.charts import theme
from roas.charts.axis import money_ticks, nothing, value_axis
from roas.charts.causal_words import Range, is_known, next_brings, one, ranged, side_of
from roas.charts.layout import arrange, finish, font_of
from roas.charts.panels import Cell
from roas.charts.rows import each_row, known
from roas.charts.theme import GRID, INK, MUTED, OTHER, TEXT, WORDS_OF, is_narrow, literal
from roas.charts.values import named_unit
from roas.format import money, plural, width
from roas.language import mark, say

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

#: Curves that small charts show; the tables hold all.
MOST_CURVES: Final = 6

#: Small charts that stand beside one another across a page.
PANELS_ACROSS: Final = 4

_WEEK: Final = {"day": 7.0, "week": 1.0}
_MEANS: Final = mark(
    "Revenue caused per week (up) by spend per week (across), {currency}; band: 90 % interval; "
    "dashed: spend never observed"
)
_MEANS_EACH: Final = mark(
    "Revenue caused per week (up) by spend per week (across), {currency}; own scales; band: 90 % interval; "
    "dashed: spend never observed"
)


@dataclass(frozen=True)
class Place:
    """Where a channel stands on its curve: money per week, and what the next unit brings there."""

    recent_spend: float | None
    marginal: Range | None
    break_even: float | None
    currency: str | None
    colour: str
    known: bool = True

    @property
    def said(self) -> Range | None:
        """The range of what the next unit brings, where data speak of it."""
        return self.marginal if self.known else None


def response_curve(
    curve: pd.DataFrame,
    *,
    channel: str,
    recent_spend: float | None = None,
    marginal: Range | None = None,
    break_even: float | None = None,
    currency: str | None = None,
    grain: str = "week",
    identified: str | None = None,
    colour: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw the revenue that a channel causes against what is spent on it.

    Parameters
    ----------
    curve : DataFrame
        ``spend``, ``p5``, ``p50``, ``p95`` (currency per period of `grain`),
        ``marginal_p50`` (ratio), ``observed`` (whether spend ever was there).
    recent_spend : float, optional
        Mean spend per *week* of the last 8 weeks: today's point.
    marginal : (p5, p50, p95), optional
        What one more unit of money brings at recent spend.
    break_even : float, optional
        1 / contribution margin. Marked where the curve's slope falls to it.
    grain : {"day", "week"}
        Period of `curve`; both axes are per week whatever it is.
    identified : {"identified", "partly", "not identified"}, optional
        How far the data decide; of a channel that is not, the title says nothing.
    """
    with theme.style():
        ax = theme.axes(ax)
        subtitle = say(_MEANS, currency=named_unit(currency))
        drawn = _per_week(curve, grain)
        if not len(drawn):
            nothing(ax, say("No curve was estimated."))
            return finish(ax, f"{literal(channel)}: {say('what spend causes cannot be told')}", subtitle)
        hue = colour or theme.channel_colours([channel])[str(channel)]
        place = Place(known(recent_spend), marginal, break_even, currency, hue, is_known(identified))
        _draw(ax, drawn, place, TEXT)
        return finish(ax, f"{literal(channel)}: {next_brings(place.said, break_even, currency)}", subtitle)


def response_curves(
    curves: Mapping[str, pd.DataFrame],
    channels: pd.DataFrame,
    *,
    break_even: float | None = None,
    currency: str | None = None,
    grain: str = "week",
    colours: Mapping[str, str] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw the response curves of the largest channels, each on its own scale.

    Parameters
    ----------
    curves : mapping
        Channel → curve, as for `response_curve`.
    channels : DataFrame
        ``channel``, ``spend`` (currency), ``spend_per_week_recent``,
        ``marginal_roas_p5``, ``_p50``, ``_p95``; ``identified``.
    """
    with theme.style():
        ax = theme.axes(ax)
        subtitle = say(_MEANS_EACH, currency=named_unit(currency))
        top = channels[channels["channel"].astype(str).isin(list(curves))]
        top = top.sort_values("spend", ascending=False, kind="stable")
        shown = top.head(MOST_CURVES)
        if not len(shown):
            nothing(ax, say("No curve was estimated."))
            return finish(ax, say("What spend causes cannot be told"), subtitle)
        hues = colours or theme.channel_colours(top["channel"])
        places = {
            str(row.channel): Place(
                known(row.spend_per_week_recent), range_of(row, "marginal_roas"), break_even, currency,
                hues.get(str(row.channel), OTHER), is_known(getattr(row, "identified", None)),
            )
            for row in each_row(shown)
        }  # fmt: skip
        if len(top) > len(shown):
            smaller = plural(len(top) - len(shown), "smaller channel")
            subtitle += f". {say('{channels} not drawn', channels=smaller)}"
        ax.set_axis_off()
        drawn = {name: _per_week(curves[name], grain) for name in places}
        finish(ax, _title(drawn, places), subtitle)  # what is left is for the small charts
        _panels(ax, drawn, places)
        arrange(ax)
        return ax


def range_of(row: Any, name: str) -> Range | None:
    """Return a figure's p5, p50, p95 from a row; None when not known."""
    found = [known(getattr(row, f"{name}_{level}", None)) for level in ("p5", "p50", "p95")]
    low, middle, high = found
    return None if low is None or middle is None or high is None else (low, middle, high)


def _per_week(curve: pd.DataFrame, grain: str) -> pd.DataFrame:
    money_columns = ["spend", "p5", "p50", "p95"]
    rows = curve.dropna(subset=money_columns)
    return rows.assign(**{name: rows[name] * _WEEK[grain] for name in money_columns})


def _draw(ax: Axes, curve: pd.DataFrame, place: Place, size: float, *, brief: bool = False) -> None:
    """Draw one curve with its band, the observed range, today and break-even."""
    import numpy as np

    x, seen = curve["spend"].to_numpy(float), curve["observed"].to_numpy(bool)
    low, middle, high = (curve[name].to_numpy(float) for name in ("p5", "p50", "p95"))
    inside = np.flatnonzero(seen)
    if len(inside):
        ax.axvspan(x[inside[0]], x[inside[-1]], color=GRID, alpha=0.5, linewidth=0, zorder=0)
    ax.fill_between(x, low, high, color=place.colour, alpha=0.07, linewidth=0)
    ax.fill_between(x, low, high, where=seen.tolist(), color=place.colour, alpha=0.15, linewidth=0)
    ax.plot(x, middle, color=place.colour, linewidth=1.4, alpha=0.65, linestyle=(0, (3, 2.5)))
    ax.plot(x, np.where(seen, middle, np.nan), color=place.colour, linewidth=2.0)
    ax.set_xlim(0, float(x.max()) or 1.0)
    value_axis(ax, float(high.max()), currency=place.currency, marks=3 if brief else 4)
    ax.tick_params(axis="y", labelsize=size)
    money_ticks(ax, float(x.max()), place.currency, marks=2 if brief else 4, size=size)
    _mark_today(ax, x, middle, place, size, brief=brief)
    _mark_break_even(ax, curve, place, size, brief=brief)
    if not brief:
        _name_unobserved(ax, x, inside, size)


def _mark_today(ax: Axes, x: Any, middle: Any, place: Place, size: float, *, brief: bool) -> None:
    """Mark mean spend of the last 8 weeks on the curve."""
    import numpy as np

    today = place.recent_spend
    if today is None or not 0 <= today <= x.max():
        return
    ax.axvline(today, color=INK, linewidth=0.9, zorder=1)
    ax.plot([today], [float(np.interp(today, x, middle))], "o", color=INK, markersize=5 if brief else 7, zorder=4)
    _beside(
        ax,
        today,
        say("today") if brief else say("today {money}", money=money(today, place.currency)),
        INK,
        size,
        line=1,
    )


def _beside(ax: Axes, at: float, says: str, colour: str, size: float, *, line: int) -> None:
    """Label an upright line near its top, on the side that has room."""
    right = at > 0.5 * ax.get_xlim()[1]
    ax.annotate(says, (at, 1), xycoords=("data", "axes fraction"), xytext=(-4 if right else 4, -2 - line * size * 1.25),
                textcoords="offset points", va="top", ha="right" if right else "left", color=colour,
                annotation_clip=False, **font_of(size))  # fmt: skip


def break_even_spend(curve: pd.DataFrame, break_even: float | None) -> float | None:
    """Return the spend beyond which the next unit brings less than break-even; None outside the curve.

    Where the slope rises first and falls later, the last crossing counts.
    """
    if break_even is None or "marginal_p50" not in curve.columns:
        return None
    rows = curve.dropna(subset=["spend", "marginal_p50"])
    x, slope = rows["spend"].to_numpy(float), rows["marginal_p50"].to_numpy(float)
    falls = [i for i in range(1, len(x)) if slope[i - 1] >= break_even > slope[i]]
    if not falls:
        return None
    i = falls[-1]
    part = (slope[i - 1] - break_even) / (slope[i - 1] - slope[i])
    return float(x[i - 1] + part * (x[i] - x[i - 1]))


def _mark_break_even(ax: Axes, curve: pd.DataFrame, place: Place, size: float, *, brief: bool) -> None:
    at = break_even_spend(curve, place.break_even)
    if at is None:
        return
    ax.axvline(at, color=MUTED, linewidth=1.0, linestyle=(0, (4, 3)), zorder=1)
    says = say("break-even") if brief else say("break-even about {money}", money=money(at, place.currency))
    _beside(ax, at, says, MUTED, size, line=0)


def _name_unobserved(ax: Axes, x: Any, inside: Any, size: float) -> None:
    """Write "not observed" into the part to the right, where there is room."""
    first, said = x[inside[-1]] if len(inside) else 0.0, say("not observed")
    wide = ax.get_figure(root=True).get_figwidth() * 72 * 0.8  # type: ignore[union-attr]
    if (x.max() - first) / (x.max() or 1.0) * wide < 0.62 * size * len(said) + 12:
        return
    ax.annotate(said, (1, 0), xycoords="axes fraction", xytext=(-4, 3), textcoords="offset points",
                va="bottom", ha="right", color=MUTED, annotation_clip=False, **font_of(size))  # fmt: skip


def _panels(ax: Axes, curves: Mapping[str, pd.DataFrame], places: Mapping[str, Place]) -> None:
    """Draw one small chart a channel, with its name and what the next unit brings above it."""
    columns = _columns(ax, len(curves))
    rows = -(-len(curves) // columns)
    size = TEXT if is_narrow(ax) or rows == 1 else TEXT - 1
    across = ax.get_window_extent().width * 72 / ax.get_figure(root=True).dpi / columns - 16  # type: ignore[union-attr]
    letters = int(across / (0.56 * size))
    for i, (name, curve) in enumerate(curves.items()):
        row, column = divmod(i, columns)
        small = ax.inset_axes((0, 0, 1, 1))
        small.set_axes_locator(Cell(ax, row, column, rows, columns, 2 * size * 1.3 + 6, 2.2 * size))
        small.spines["bottom"].set_color(GRID)
        for side in ("left", "top", "right"):
            small.spines[side].set_visible(False)
        small.set_facecolor("none")
        place = places[name]
        if len(curve):
            _draw(small, curve, place, size, brief=True)
        _heading(small, literal(name, most=max(letters, 8)), place, size, letters)


def _columns(ax: Axes, count: int) -> int:
    if is_narrow(ax):
        return 1
    most = PANELS_ACROSS if ax.get_figure(root=True).get_figwidth() > 9 else 3  # type: ignore[union-attr]
    if count <= most:
        return count
    return 2 if count == 4 else 3


def _heading(small: Axes, name: str, place: Place, size: float, letters: int) -> None:
    unit, value = one(place.currency), place.marginal
    brings = "–" if value is None else ranged(value[0], value[2], place.currency)
    says = say("next {unit}: {money}", unit=unit, money=brings)
    if width(says) > letters:
        says = brings
    for text, shift, colour, weight in ((name, size * 1.3 + 5, WORDS_OF.get(place.colour, MUTED), "bold"),
                                        (says, 4.0, MUTED, "normal")):  # fmt: skip
        small.annotate(text, (0, 1), xycoords="axes fraction", xytext=(-38, shift), textcoords="offset points",
                       va="bottom", ha="left", color=colour, fontweight=weight, annotation_clip=False,
                       **font_of(size))  # fmt: skip


def _title(curves: Mapping[str, pd.DataFrame], places: Mapping[str, Place]) -> str:
    """Name the largest channel that the curve shows to stand clearly beyond, or before, its break-even."""
    if len(places) == 1:
        ((name, place),) = places.items()
        return f"{literal(name)}: {next_brings(place.said, place.break_even, place.currency)}"
    for name, place in places.items():
        at, today = break_even_spend(curves[name], place.break_even), place.recent_spend
        side, unit = side_of(place.said, place.break_even), one(place.currency)
        if at is None or today is None or not _is_observed(curves[name], at):
            continue
        fields = {
            "channel": literal(name), "spend": money(today, place.currency), "most": money(at, place.currency)
        }  # fmt: skip
        if side == "below" and today > at:
            return say(
                "{channel} spends {spend} a week; beyond about {most} the next {unit} does not pay", unit=unit, **fields
            )
        if side == "above" and today < at:
            return say("{channel} spends {spend} a week; the next {unit} pays up to about {most}", unit=unit, **fields)
    unit = one(next(iter(places.values())).currency)
    return say("No curve shows clearly where the next {unit} stops paying", unit=unit)


def _is_observed(curve: pd.DataFrame, spend: float) -> bool:
    seen = curve.loc[curve["observed"].astype(bool), "spend"]
    return bool(len(seen) and seen.min() <= spend <= seen.max())
