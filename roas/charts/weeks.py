"""The account by week: money, and what stands beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from roas.charts import theme
from roas.charts.axis import at_end, days_of, nothing, value_axis, week_axis
from roas.charts.layout import finish
from roas.charts.periods import on_grid, recent_and_before, span, with_claims_spend
from roas.charts.theme import GRID, INK, MUTED, OTHER, PAPER
from roas.format import day, money, plural, ratio
from roas.limits import RECENT_WEEKS
from roas.tables import has_values

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.text import Annotation


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
            nothing(ax, "No week has spend.")
            return finish(ax, "No spend by week", f"Spend per week, {_unit(currency)}")
        grid = on_grid(weeks)
        ends = [
            _line(ax, grid, c, colour, f"{c.capitalize()}\n{{}}", lambda v: money(v, currency)) for c, colour in shown
        ]
        week_axis(ax, grid["week"])
        values = grid[[c for c, _ in shown]]
        value_axis(ax, values.max().max(), values.min().min(), currency=currency)
        _mark_incomplete(ax, grid)
        names = " and ".join(c for c, _ in shown).capitalize()
        return finish(
            ax,
            _money_title(weeks, currency),
            _with_incomplete(f"{names} per week, {_unit(currency)}; {span(grid)}", grid),
            ends=ends,
        )


def mer_by_week(weeks: pd.DataFrame, *, break_even: float | None = None, ax: Axes | None = None) -> Axes:
    """Draw MER, the shop's revenue over all spend, by week.

    Parameters
    ----------
    weeks : DataFrame
        ``week``, ``spend``, ``revenue`` (currency), ``mer`` (ratio), ``complete``.
    break_even : float, optional
        1 / contribution margin, drawn as a thin line.
    """
    return _ratio_by_week(weeks, "mer", "revenue", "MER", "shop revenue per 1 of spend", break_even, ax)


def claimed_roas_by_week(weeks: pd.DataFrame, *, break_even: float | None = None, ax: Axes | None = None) -> Axes:
    """Draw claimed ROAS by week: what platforms claim per unit of spend.

    Parameters
    ----------
    weeks : DataFrame
        As for `mer_by_week`, with ``claimed_revenue`` and ``claimed_roas``.
    """
    return _ratio_by_week(
        weeks,
        "claimed_roas",
        "claimed_revenue",
        "claimed ROAS",
        "claimed revenue per 1 of spend",
        break_even,
        ax,
    )


def _ratio_by_week(
    weeks: pd.DataFrame,
    column: str,
    top: str,
    name: str,
    means: str,
    break_even: float | None,
    ax: Axes | None,
) -> Axes:
    with theme.style():
        ax = theme.axes(ax)
        if not has_values(weeks, column):
            nothing(ax, f"{_begin(name)} needs {top.replace('_', ' ')} and spend in the same weeks.")
            return finish(ax, f"{_begin(name)} cannot be told", f"Weekly {name}, {means}")
        grid = on_grid(weeks)
        end = _line(ax, grid, column, INK, f"{_begin(name)}\n{{}}", ratio)
        week_axis(ax, grid["week"])
        value_axis(ax, max(grid[column].max(), (break_even or 0) * 1.05), grid[column].min(), ratios=True)
        _mark_incomplete(ax, grid)
        after, before = _levels(ax, weeks, column, top)
        ends = [end, *([_break_even(ax, grid, break_even)] if break_even else [])]
        subtitle = _with_incomplete(f"Weekly {name}, {means}; {span(grid)}", grid)
        if after is not None:
            subtitle += f". Grey bars: last {RECENT_WEEKS} complete weeks and the {RECENT_WEEKS} before"
        return finish(ax, _ratio_title(grid, column, name, after, before), subtitle, ends=ends)


def _line(ax: Axes, grid: pd.DataFrame, column: str, colour: str, label: str, write: object) -> Annotation:
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
    return at_end(ax, float(x.max()), float(y[last]), label.format(write(float(y[last]))), colour)  # type: ignore[operator]


def _mark_incomplete(ax: Axes, grid: pd.DataFrame) -> None:
    x = days_of(grid["week"])
    for at in x[~grid["complete"].to_numpy() & grid["spend"].notna().to_numpy()]:
        ax.axvspan(at - 3.5, at + 3.5, facecolor="none", edgecolor=GRID, hatch="////", linewidth=0, zorder=0)


def _with_incomplete(subtitle: str, grid: pd.DataFrame) -> str:
    part = grid[~grid["complete"] & grid["spend"].notna()]["week"]
    if not len(part):
        return subtitle
    if len(part) > 3:
        return f"{subtitle}. Hatched, hollow: {len(part)} incomplete weeks"
    many = "s" if len(part) > 1 else ""
    return f"{subtitle}. Hatched, hollow: incomplete week{many} of {' and '.join(day(w) for w in part)}"


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
    label = at_end(ax, float(days_of(grid["week"]).max()), value, f"Break-even\n{ratio(value)}", OTHER)
    label.set_fontweight("normal")
    return label


def _begin(name: str) -> str:
    return name[:1].upper() + name[1:]


def _money_title(weeks: pd.DataFrame, currency: str | None) -> str:
    pair = recent_and_before(weeks)
    if pair is None:
        complete = weeks[weeks["complete"]] if "complete" in weeks.columns else weeks
        total = money(complete["spend"].sum() if len(complete) else None, currency)
        return f"Spend in {plural(len(complete), 'complete week')}: {total}"
    (spend, spend_before), (till, _) = pair.sums("spend"), pair.sums("revenue")
    a_week, period = money(_per_week(spend), currency), f"last {RECENT_WEEKS} complete weeks"
    if till is not None:
        return f"The shop took {money(_per_week(till), currency)} a week beside {a_week} of spend, {period}"
    earlier = money(_per_week(spend_before), currency)
    return f"Spend ran at {a_week} a week over the {period}, {earlier} in the {RECENT_WEEKS} before"


def _per_week(total: float | None) -> float | None:
    return None if total is None else total / RECENT_WEEKS


def _ratio_title(grid: pd.DataFrame, column: str, name: str, after: float | None, before: float | None) -> str:
    if after is not None and before is not None:
        earlier = f"{ratio(before)} in the {RECENT_WEEKS} before"
        return f"{_begin(name)} was {ratio(after)} over the last {RECENT_WEEKS} complete weeks, {earlier}"
    known = grid[column].dropna()
    if len(known) == 1:
        return f"{_begin(name)} was {ratio(known.iloc[0])} in the only week there is"
    return f"Weekly {name} ran between {ratio(known.min())} and {ratio(known.max())}"


def _unit(currency: str | None) -> str:
    return currency or "currency not named"
