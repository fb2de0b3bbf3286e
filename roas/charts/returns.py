"""What channels earn after margin: mean return with its risk, and the worst stretch of losses."""

from __future__ import annotations

import statistics
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from roas.charts import theme
from roas.charts.axis import at_end, days_of, nothing, value_axis, week_axis
from roas.charts.causal_words import and_open, listed
from roas.charts.layout import finish, font_of
from roas.charts.periods import on_grid, span
from roas.charts.places import boxes_about, free_spot, points_of
from roas.charts.rows import each_row, known
from roas.charts.signed import Signed, signed_rows, signed_ticks
from roas.charts.theme import HUES, INK, MUTED, OTHER, WORDS_OF, is_narrow, literal
from roas.charts.values import finite, named_unit, sentence
from roas.format import change, count, money, percent, plural, say_many
from roas.language import say
from roas.limits import CHART_CHANNELS

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

#: A row that reaches this many times further than the middle one is cut, with an arrow.
_LONGEST: Final = 4.0

#: Points kept free under the deepest point, for its words.
_FLOOR: Final = 26.0

_RETURNS: Final = ("mean_p5", "mean_p50", "mean_p95")


def return_and_risk(
    sheets: pd.DataFrame,
    *,
    margin: float | None = None,
    colours: Mapping[str, str] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw each channel's mean weekly return, how far it truly swings, and its weeks at a loss.

    Parameters
    ----------
    sheets : DataFrame
        ``channel``; ``mean_p5``, ``mean_p50``, ``mean_p95``: contribution per
        unit of spend in a week, ``margin · ROAS − 1``; ``true_sd`` in the same
        unit, luck removed (NaN: not known); ``below_observed`` and
        ``below_by_luck``: shares of weeks below break-even; optionally
        ``weeks``, to write counts instead of shares.
    margin : float, optional
        Contribution margin behind the returns, for the subtitle.
    colours : mapping, optional
        Channel → colour, to keep those of other charts.
    """
    with theme.style():
        ax = theme.axes(ax)
        table = finite(sheets, [*_RETURNS, "true_sd", "below_observed", "below_by_luck", "weeks"])
        table = table[table["mean_p50"].notna()]
        shown, more = table.head(CHART_CHANNELS), max(len(table) - CHART_CHANNELS, 0)
        subtitle = _return_subtitle(shown, margin, more, narrow=is_narrow(ax))
        if not len(shown):
            nothing(ax, say("Needs a contribution margin, and some weeks of spend and revenue."))
            return finish(ax, say("What channels earn cannot be told"), subtitle)
        hues = colours or theme.channel_colours(sheets["channel"])
        rows = [_return_row(ax, row, hues) for row in each_row(shown)]
        signed_rows(ax, rows, reach=_reach(rows), heading=_heading(shown), zero=say("break-even"))
        signed_ticks(ax, change, marks=3 if is_narrow(ax) else 4)
        return finish(ax, _return_title(table), subtitle)


def _return_subtitle(shown: pd.DataFrame, margin: float | None, more: int, *, narrow: bool) -> str:
    how = (
        say("margin of {margin} × ROAS − 1", margin=percent(margin))
        if margin
        else say("contribution margin × ROAS − 1")
    )
    says = [say("Mean weekly contribution per 1 of spend by claims, {how}; bar: 90 % interval", how=how)]
    if shown["true_sd"].notna().any():
        says.append(say("thin line: how far weeks truly swing, luck removed (one sd)"))
    if shown["below_observed"].notna().any():
        right = say("right: weeks below break-even, and how many luck alone would bring")
        says.append(right if narrow else say("weeks below break-even, and how many luck alone would bring"))
    said = "; ".join(says)
    return f"{said}. {say('{channels} not drawn', channels=plural(more, 'other channel'))}" if more else said


def _heading(shown: pd.DataFrame) -> str:
    return say("weeks at a loss") if shown["below_observed"].notna().any() else ""


def _return_row(ax: Axes, row: Any, hues: Mapping[str, str]) -> Signed:
    value = float(row.mean_p50)
    colour = hues.get(str(row.channel), OTHER)
    name = literal(row.channel, most=16 if is_narrow(ax) else 22)
    return Signed(name, value, known(row.mean_p5), known(row.mean_p95), _below(row, brief=_is_brief(ax)), colour, bar=False,
                  swing=known(row.true_sd))  # fmt: skip


def _is_brief(ax: Axes) -> bool:
    return bool(ax.get_figure(root=True).get_figwidth() < 6)  # type: ignore[union-attr]


def _below(row: Any, *, brief: bool) -> str:
    """Say in how many weeks a channel lost money, and in how many luck alone would have."""
    seen, luck, weeks = known(row.below_observed), known(row.below_by_luck), known(row.weeks)
    if seen is None:
        return ""
    if weeks is None:
        says, by_luck = percent(seen), percent(luck)
    else:
        says = say("{part} of {whole}", part=count(round(seen * weeks)), whole=count(round(weeks)))
        by_luck = "" if luck is None else count(round(luck * weeks))
    if luck is None:
        return says
    return f"{says} ({say('luck: {weeks}', weeks=by_luck) if brief else say('luck alone: {weeks}', weeks=by_luck)})"


def _reach(rows: list[Signed]) -> float:
    """Return how far from zero the rows are drawn: the longest, unless it dwarfs the others."""
    ends = [max(abs(v) for v in (r.value, r.low, r.high) if v is not None) for r in rows]
    swings = [abs(r.value or 0.0) + (r.swing or 0.0) for r in rows]
    most = max([*ends, *swings])
    return min(most, max(_LONGEST * statistics.median_low(ends), 0.0) or most)


def _return_title(table: pd.DataFrame) -> str:
    """Name the channels that surely lose and surely pay, where the interval of the mean says so."""
    lose = [literal(c, most=20) for c in table.loc[table["mean_p95"] < 0, "channel"]]
    pay = [literal(c, most=20) for c in table.loc[table["mean_p5"] > 0, "channel"]]
    rest = len(table) - len(lose) - len(pay)
    if len(table) == 1 and rest:
        return say("Whether {channel} pays by claims cannot be told", channel=literal(table["channel"].iloc[0]))
    if not lose and not pay:
        return say("Whether any channel pays by claims cannot be told")
    if not rest and not (lose and pay) and len(table) > 1:
        if pay:
            return say("All {number} channels pay by claims", number=len(table))
        return say("All {number} channels lose money by claims", number=len(table))
    return and_open(_losers_and_payers(lose, pay), rest)


def _losers_and_payers(lose: list[str], pay: list[str]) -> str:
    if not pay:
        return say_many(
            "{channels} loses money by claims", "{channels} lose money by claims", len(lose), channels=listed(lose)
        )
    if not lose:
        return say_many("{channels} pays by claims", "{channels} pay by claims", len(pay), channels=listed(pay))
    paying = say_many("{channels} pays", "{channels} pay", len(pay), channels=listed(pay))
    return say_many(
        "{losing} loses money by claims, {paying}", "{losing} lose money by claims, {paying}",
        len(lose), losing=listed(lose), paying=paying,
    )  # fmt: skip


@dataclass(frozen=True)
class Drawdown:
    """The deepest fall below the best so far: rows of the week it begins after, its bottom and its end."""

    depth: float
    start: int
    bottom: int
    end: int
    recovered: bool

    @property
    def weeks(self) -> int:
        """How long it lasted."""
        return self.end - self.start


def loss_curve(
    weeks: pd.DataFrame, *, name: str = "", currency: str | None = None, ax: Axes | None = None
) -> Axes:  # fmt: skip
    """Draw cumulative contribution, and how deep and how long it stood below its best.

    Parameters
    ----------
    weeks : DataFrame
        ``week``, ``cumulative`` (contribution since the start, currency),
        ``peak`` (its running maximum).
    name : str
        Channel; empty for the account.
    """
    with theme.style():
        ax = theme.axes(ax)
        about = literal(name) if name else ""
        table = finite(weeks, ["cumulative", "peak"])
        if not table["cumulative"].notna().any():
            nothing(ax, say("Needs a contribution margin, and weeks of spend and revenue."))
            return finish(ax, sentence(say("what was earned cannot be told"), about), say("Cumulative contribution"))
        grid = on_grid(table)
        grid["peak"] = grid["peak"].where(grid["peak"].notna(), grid["cumulative"].cummax())
        fall = _deepest(grid)
        _draw_losses(ax, grid, fall, currency)
        subtitle = say(
            "Contribution added up (margin × revenue − spend), {currency}; {period}. Dashed: best so far; shaded: below it",
            currency=named_unit(currency), period=span(grid),
        )  # fmt: skip
        last = float(grid["cumulative"].dropna().iloc[-1])
        end = at_end(ax, float(days_of(grid["week"]).max()), last, f"{say('Earned')}\n{money(last, currency)}", INK)
        finish(ax, sentence(_loss_title(fall, len(grid), currency), about), subtitle, ends=[end])
        if fall is not None:
            _name_depth(ax, grid, fall, currency)
        return ax


def _deepest(grid: pd.DataFrame) -> Drawdown | None:
    """Find the deepest fall; None where there was none."""
    import numpy as np

    gap = (grid["peak"] - grid["cumulative"]).to_numpy(float)
    if not (gap > 0).any():
        return None
    bottom = int(np.nanargmax(gap))
    level = float(grid["peak"].iloc[bottom])
    above = np.flatnonzero(grid["cumulative"].to_numpy(float) >= level)
    before, after = above[above < bottom], above[above > bottom]
    start = int(before[-1]) if len(before) else -1
    end = int(after[0]) if len(after) else len(grid) - 1
    return Drawdown(float(gap[bottom]), start, bottom, end, bool(len(after)))


def _draw_losses(ax: Axes, grid: pd.DataFrame, fall: Drawdown | None, currency: str | None) -> None:
    x = days_of(grid["week"])
    y, peak = grid["cumulative"].to_numpy(float), grid["peak"].to_numpy(float)
    week_axis(ax, grid["week"])
    both = grid[["cumulative", "peak"]]
    value_axis(ax, float(both.max().max()), float(both.min().min()), currency=currency)
    low, high = ax.get_ylim()
    floor = _FLOOR / (ax.get_figure(root=True).get_figheight() * 72 - 130)  # type: ignore[union-attr]
    if fall is not None and (y[fall.bottom] - low) / (high - low) < floor:
        ax.set_ylim(low - floor * (high - low), high)  # room for words under the deepest point
    if float(both.min().min()) < 0:
        ax.axhline(0, color=MUTED, linewidth=1.0, zorder=1)
    ax.fill_between(x, y, peak, color=HUES[1], alpha=0.15, linewidth=0)
    ax.plot(x, peak, color=MUTED, linewidth=1.0, linestyle=(0, (4, 3)))
    ax.plot(x, y, color=INK, linewidth=1.8, solid_joinstyle="round", marker="o" if len(x) == 1 else None)
    if fall is not None:
        _mark_fall(ax, x, y, peak, fall)


def _mark_fall(ax: Axes, x: Any, y: Any, peak: Any, fall: Drawdown) -> None:
    """Draw depth as an upright line and length as a level one, each with its words."""
    at, level = float(x[fall.bottom]), float(peak[fall.bottom])
    low = float(y[fall.bottom])
    first, last = float(x[max(fall.start, 0)]), float(x[fall.end])
    ax.plot([at, at], [low, level], color=HUES[1], linewidth=1.6, zorder=3)
    ax.plot([first, last], [level, level], color=HUES[1], linewidth=1.6, zorder=3)
    ax.plot([at], [low], "v", color=HUES[1], markersize=7, zorder=4)
    left, right = ax.get_xlim()
    weeks = plural(fall.weeks, "week")
    long = say("{weeks}, recovered", weeks=weeks) if fall.recovered else say("{weeks}, not recovered", weeks=weeks)
    room = (last - left) / (right - left) * (ax.get_figure(root=True).get_figwidth() * 72 - 115)  # type: ignore[union-attr]
    ends_there = points_of(ax, long) < room  # before the level is reached again nothing is above it
    ax.annotate(long, (last if ends_there else first, level), xytext=(-5 if ends_there else 0, 4), va="bottom",
                textcoords="offset points", ha="right" if ends_there else "left", color=WORDS_OF[HUES[1]], zorder=5,
                annotation_clip=False, **font_of())  # fmt: skip


def _name_depth(ax: Axes, grid: pd.DataFrame, fall: Drawdown, currency: str | None) -> None:
    """Write how deep the fall went, where it hides no line."""
    import numpy as np

    x, y = days_of(grid["week"]), grid["cumulative"].to_numpy(float)
    fine = np.linspace(x[0], x[-1], 200)
    known_weeks = np.isfinite(y)
    taken = boxes_about(ax, fine.tolist(), np.interp(fine, x[known_weeks], y[known_weeks]).tolist(), 2.0)
    at = (float(x[fall.bottom]), float(y[fall.bottom]))
    upright = boxes_about(ax, [at[0]] * 20, np.linspace(at[1], at[1] + fall.depth, 20).tolist(), 2.0)
    taken = np.concatenate([taken, upright])
    depth = money(-fall.depth, currency)
    for text in (say("{depth} in {weeks}", depth=depth, weeks=plural(fall.bottom - fall.start, "week")), depth):
        spot = free_spot(ax, at, text, taken, away=8.0, bold=True)
        if spot is not None:
            break
    else:
        return
    ax.annotate(text, at, xytext=spot.shift, textcoords="offset points", ha=spot.ha, va=spot.va, zorder=5,
                color=WORDS_OF[HUES[1]], fontweight="bold", annotation_clip=False, **font_of())  # fmt: skip


def _loss_title(fall: Drawdown | None, weeks: int, currency: str | None) -> str:
    if fall is None:
        if weeks > 1:
            return say("no week ended below an earlier one")
        return say("one week alone shows no losses in a row")
    depth, long = money(fall.depth, currency), plural(fall.weeks, "week")
    if fall.recovered:
        return say("the worst stretch cost {depth} and took {weeks} to earn back", depth=depth, weeks=long)
    return say("the worst stretch cost up to {depth} and is not earned back after {weeks}", depth=depth, weeks=long)
