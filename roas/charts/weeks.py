"""The account by week: money, and what stands beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from roas.charts import theme
from roas.charts.axis import at_end, days_of, nothing, value_axis, week_axis
from roas.charts.causal_words import chained
from roas.charts.layout import finish
from roas.charts.periods import on_grid, recent_and_before, span, with_claims_spend
from roas.charts.theme import GRID, INK, MUTED, OTHER, PAPER
from roas.charts.values import named_unit
from roas.format import day, money, plural, ratio
from roas.language import mark, say
from roas.limits import RECENT_WEEKS
from roas.tables import has_values

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.text import Annotation

#: Series → its name at the end of the line, to be said.
_NAMES: Final = {"revenue": mark("Revenue"), "spend": mark("Spend")}


@dataclass(frozen=True)
class _Ratio:
    """The sentences on one ratio, to be said."""

    name: str
    subtitle: str
    moved: str
    once: str
    ran: str
    needs: str
    cannot: str


_MER: Final = _Ratio(
    "MER",
    mark("Weekly MER, shop revenue per 1 of spend; {period}"),
    mark("MER was {after} over the last {weeks} complete weeks, {before} in the {weeks} before"),
    mark("MER was {value} in the only week there is"),
    mark("Weekly MER ran between {low} and {high}"),
    mark("MER needs revenue and spend in the same weeks."),
    mark("MER cannot be told"),
)
_CLAIMED: Final = _Ratio(
    mark("Claimed ROAS"),
    mark("Weekly claimed ROAS, claimed revenue per 1 of spend; {period}"),
    mark("Claimed ROAS was {after} over the last {weeks} complete weeks, {before} in the {weeks} before"),
    mark("Claimed ROAS was {value} in the only week there is"),
    mark("Weekly claimed ROAS ran between {low} and {high}"),
    mark("Claimed ROAS needs claimed revenue and spend in the same weeks."),
    mark("Claimed ROAS cannot be told"),
)
#: What a chart without a period says below its title, to be said.
_UNDATED: Final = {
    "mer": mark("Weekly MER, shop revenue per 1 of spend"),
    "claimed_roas": mark("Weekly claimed ROAS, claimed revenue per 1 of spend"),
}


def spend_and_revenue(weeks: pd.DataFrame, *, currency: str | None = None, ax: Axes | None = None) -> Axes:
    """Draw spend and the shop's revenue by week.

    Parameters
    ----------
    weeks : DataFrame
        ``week``, ``spend`` (currency) and, where known, ``revenue``, ``complete``.

    Returns
    -------
    Axes
        Weeks without data are gaps; incomplete ones are hatched and hollow.
    """
    with theme.style():
        ax = theme.axes(ax)
        shown = [(c, colour) for c, colour in (("revenue", INK), ("spend", OTHER)) if has_values(weeks, c)]
        if not shown:
            nothing(ax, say("No week has spend."))
            return finish(ax, say("No spend by week"), say("Spend per week, {currency}", currency=named_unit(currency)))
        grid = on_grid(weeks)
        ends = [_line(ax, grid, c, colour, say(_NAMES[c]), lambda v: money(v, currency)) for c, colour in shown]
        week_axis(ax, grid["week"])
        values = grid[[c for c, _ in shown]]
        value_axis(ax, values.max().max(), values.min().min(), currency=currency)
        _mark_incomplete(ax, grid)
        subtitle = _money_subtitle([c for c, _ in shown], currency, span(grid))
        return finish(ax, _money_title(weeks, currency), _with_incomplete(subtitle, grid), ends=ends)


def mer_by_week(weeks: pd.DataFrame, *, break_even: float | None = None, ax: Axes | None = None) -> Axes:
    """Draw MER, the shop's revenue over all spend, by week.

    Parameters
    ----------
    weeks : DataFrame
        ``week``, ``spend``, ``revenue`` (currency), ``mer`` (ratio), ``complete``.
    break_even : float, optional
        1 / contribution margin, drawn as a thin line.
    """
    return _ratio_by_week(weeks, "mer", "revenue", _MER, break_even, ax)


def claimed_roas_by_week(weeks: pd.DataFrame, *, break_even: float | None = None, ax: Axes | None = None) -> Axes:
    """Draw claimed ROAS by week: what platforms claim per unit of spend.

    Parameters
    ----------
    weeks : DataFrame
        As for `mer_by_week`, with ``claimed_revenue`` and ``claimed_roas``.
    """
    return _ratio_by_week(weeks, "claimed_roas", "claimed_revenue", _CLAIMED, break_even, ax)


def _ratio_by_week(
    weeks: pd.DataFrame, column: str, top: str, words: _Ratio, break_even: float | None, ax: Axes | None
) -> Axes:
    with theme.style():
        ax = theme.axes(ax)
        if not has_values(weeks, column):
            nothing(ax, say(words.needs))
            return finish(ax, say(words.cannot), say(_UNDATED[column]))
        grid = on_grid(weeks)
        end = _line(ax, grid, column, INK, say(words.name), ratio)
        week_axis(ax, grid["week"])
        value_axis(ax, max(grid[column].max(), (break_even or 0) * 1.05), grid[column].min(), ratios=True)
        _mark_incomplete(ax, grid)
        after, before = _levels(ax, weeks, column, top)
        ends = [end, *([_break_even(ax, grid, break_even)] if break_even else [])]
        subtitle = _with_incomplete(say(words.subtitle, period=span(grid)), grid)
        if after is not None:
            bars = say("Grey bars: last {weeks} complete weeks and the {weeks} before", weeks=RECENT_WEEKS)
            subtitle += f". {bars}"
        return finish(ax, _ratio_title(grid, column, words, after, before), subtitle, ends=ends)


def _line(
    ax: Axes, grid: pd.DataFrame, column: str, colour: str, label: str, write: Callable[[float], str]
) -> Annotation:  # fmt: skip
    """Draw one series: a line with gaps, hollow points where a week is incomplete."""
    x = days_of(grid["week"])
    y = grid[column].astype(float)
    whole = y.where(grid["complete"])
    lone = whole.notna() & whole.shift(1).isna() & whole.shift(-1).isna()
    part = y.notna() & ~grid["complete"]
    ax.plot(x, whole.to_numpy(), color=colour, linewidth=1.8, solid_joinstyle="round")
    ax.plot(x[lone], y[lone].to_numpy(), "o", color=colour, markersize=5)
    ax.plot(
        x[part],
        y[part].to_numpy(),
        "o",
        markerfacecolor=PAPER,
        markeredgecolor=colour,
        markersize=6,
        markeredgewidth=1.5,
    )
    known = whole.dropna() if whole.notna().any() else y.dropna()
    last = known.index[-1]
    return at_end(ax, float(x.max()), float(y[last]), f"{label}\n{write(float(y[last]))}", colour)


def _mark_incomplete(ax: Axes, grid: pd.DataFrame) -> None:
    x = days_of(grid["week"])
    for at in x[~grid["complete"].to_numpy() & grid["spend"].notna().to_numpy()]:
        ax.axvspan(at - 3.5, at + 3.5, facecolor="none", edgecolor=GRID, hatch="////", linewidth=0, zorder=0)


def _with_incomplete(subtitle: str, grid: pd.DataFrame) -> str:
    part = grid[~grid["complete"] & grid["spend"].notna()]["week"]
    if not len(part):
        return subtitle
    if len(part) > 3:
        return f"{subtitle}. {say('Hatched, hollow: {number} incomplete weeks', number=len(part))}"
    days = chained([day(w) for w in part])
    if len(part) == 1:
        return f"{subtitle}. {say('Hatched, hollow: incomplete week of {day}', day=days)}"
    return f"{subtitle}. {say('Hatched, hollow: incomplete weeks of {days}', days=days)}"


def _levels(ax: Axes, weeks: pd.DataFrame, column: str, top: str) -> tuple[float | None, float | None]:
    """Draw the level of the last 8 complete weeks and of the 8 before."""
    claims = column == "claimed_roas"
    pair = recent_and_before(with_claims_spend(weeks) if claims else weeks)
    if pair is None:
        return None, None
    after, before = pair.ratios(top, "claims_spend" if claims else "spend")
    if after is None or before is None:
        return None, None
    for part, level in ((pair.before, before), (pair.recent, after)):
        x = days_of(part["week"])
        ax.plot(
            [x[0] - 3, x[-1] + 3],
            [level, level],
            color=INK,
            linewidth=7,
            alpha=0.2,
            solid_capstyle="butt",
            zorder=1,
        )
    return after, before


def _break_even(ax: Axes, grid: pd.DataFrame, value: float) -> Annotation:
    ax.axhline(value, color=MUTED, linewidth=1.0, linestyle=(0, (4, 3)), zorder=1)
    label = at_end(ax, float(days_of(grid["week"]).max()), value, f"{say('Break-even')}\n{ratio(value)}", OTHER)
    label.set_fontweight("normal")
    return label


def _money_subtitle(shown: list[str], currency: str | None, period: str) -> str:
    unit = named_unit(currency)
    if len(shown) > 1:
        return say("Revenue and spend per week, {currency}; {period}", currency=unit, period=period)
    if shown == ["revenue"]:
        return say("Revenue per week, {currency}; {period}", currency=unit, period=period)
    return say("Spend per week, {currency}; {period}", currency=unit, period=period)


def _money_title(weeks: pd.DataFrame, currency: str | None) -> str:
    pair = recent_and_before(weeks)
    if pair is None:
        complete = weeks[weeks["complete"]] if "complete" in weeks.columns else weeks
        total = money(complete["spend"].sum() if len(complete) else None, currency)
        return say("Spend in {weeks}: {money}", weeks=plural(len(complete), "complete week"), money=total)
    (spend, spend_before), (till, _) = pair.sums("spend"), pair.sums("revenue")
    a_week = money(_per_week(spend), currency)
    if till is not None:
        return say(
            "The shop took {revenue} a week beside {spend} of spend, last {weeks} complete weeks",
            revenue=money(_per_week(till), currency), spend=a_week, weeks=RECENT_WEEKS,
        )  # fmt: skip
    return say(
        "Spend ran at {spend} a week over the last {weeks} complete weeks, {before} in the {weeks} before",
        spend=a_week, weeks=RECENT_WEEKS, before=money(_per_week(spend_before), currency),
    )  # fmt: skip


def _per_week(total: float | None) -> float | None:
    return None if total is None else total / RECENT_WEEKS


def _ratio_title(grid: pd.DataFrame, column: str, words: _Ratio, after: float | None, before: float | None) -> str:
    if after is not None and before is not None:
        return say(words.moved, after=ratio(after), before=ratio(before), weeks=RECENT_WEEKS)
    known = grid[column].dropna()
    if len(known) == 1:
        return say(words.once, value=ratio(known.iloc[0]))
    return say(words.ran, low=ratio(known.min()), high=ratio(known.max()))
