"""Channels: what each claims, and what was spent on it week by week."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from roas.charts import theme
from roas.charts.axis import at_end, days_of, nothing, value_axis, week_axis
from roas.charts.bars import Bar, ranked
from roas.charts.layout import finish, font_of
from roas.charts.periods import on_grid, span
from roas.charts.rows import each_row, known
from roas.charts.theme import GRID, MUTED, OTHER, TEXT, WORDS_OF, is_narrow, literal
from roas.charts.values import named_unit
from roas.format import count, percent, plural, ratio
from roas.language import say
from roas.limits import CHART_CHANNELS
from roas.metrics import ratio as divide
from roas.tables import has_values

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

#: Lines that one pair of axes can hold with a label each.
_LINES = 4


def claimed_roas_by_channel(
    channels: pd.DataFrame,
    *,
    break_even: float | None = None,
    currency: str | None = None,
    colours: Mapping[str, str] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw each channel's claimed ROAS beside the share of spend it takes.

    Parameters
    ----------
    channels : DataFrame
        ``channel``, ``spend``, ``claimed_revenue`` (currency), ``claimed_roas``.
    break_even : float, optional
        1 / contribution margin, drawn as a thin line.
    colours : mapping, optional
        Channel → colour, to keep those of other charts.
    """
    with theme.style():
        ax = theme.axes(ax)
        unit = f", {currency}" if currency else ""
        if not has_values(channels, "claimed_roas"):
            nothing(ax, say("No channel reports conversion value."))
            subtitle = say("Claimed ROAS, claimed revenue per 1 of spend{currency}; all weeks", currency=unit)
            return finish(ax, say("No platform claims revenue"), subtitle)
        top = channels.sort_values("spend", ascending=False, kind="stable")
        hues = colours or theme.channel_colours(top["channel"])
        total = math.fsum(top["spend"].dropna())
        shown, rest = top.head(CHART_CHANNELS), top.iloc[CHART_CHANNELS:]
        shown = shown.sort_values("claimed_roas", ascending=False, kind="stable", na_position="last")
        bars = [
            Bar(
                literal(row.channel, most=24), known(row.claimed_roas),
                say("no claims") if known(row.claimed_roas) is None else ratio(row.claimed_roas),
                percent(divide(row.spend, total)), hues.get(str(row.channel), OTHER),
            )
            for row in each_row(shown)
        ]  # fmt: skip
        if len(rest):
            both = rest.dropna(subset=["claimed_revenue"])
            value = divide(math.fsum(both["claimed_revenue"]), math.fsum(both["spend"]))
            bars.append(
                Bar(
                    say("{number} others", number=count(len(rest))),
                    value,
                    ratio(value),
                    percent(divide(math.fsum(rest["spend"].dropna()), total)),
                    OTHER,
                    0.15,
                )
            )
        ranked(ax, bars, heading=say("of spend"))
        if break_even:
            _break_even(ax, break_even)
        subtitle = say(
            "Claimed ROAS, claimed revenue per 1 of spend{currency}; all weeks; right: share of spend", currency=unit
        )
        return finish(ax, _claims_title(shown, more=len(rest) > 0), subtitle)


def _break_even(ax: Axes, value: float) -> None:
    left, right = ax.get_xlim()
    ax.set_xlim(left, max(right, value * 1.25))
    ax.axvline(value, color=MUTED, linewidth=1.0, linestyle=(0, (4, 3)))
    ax.annotate(say("break-even {ratio}", ratio=ratio(value)), (value, 0), xycoords=("data", "axes fraction"),
                xytext=(4, 0), textcoords="offset points",
                ha="left", va="top", color=MUTED, annotation_clip=False, **font_of())  # fmt: skip


def _claims_title(shown: pd.DataFrame, *, more: bool) -> str:
    claiming = shown.dropna(subset=["claimed_roas"])
    first, last = claiming.iloc[0], claiming.iloc[-1]
    most, least = ratio(first["claimed_roas"]), ratio(last["claimed_roas"])
    number = len(claiming)
    if number == 1:
        return say("{channel} claims {most} per 1 of spend", channel=literal(first["channel"]), most=most)
    if most == least and more:
        return say("Each of the {number} largest channels claims {most} per 1 of spend", number=number, most=most)
    if most == least:
        return say("Each of the {number} channels claims {most} per 1 of spend", number=number, most=most)
    fields = {
        "best": literal(first["channel"]), "most": most, "worst": literal(last["channel"]), "least": least
    }  # fmt: skip
    if more:
        return say(
            "Of the {number} largest channels, {best} claims most per 1 of spend, {most}; {worst} least, {least}",
            number=number, **fields,
        )  # fmt: skip
    return say("{best} claims most per 1 of spend, {most}; {worst} least, {least}", **fields)


def channel_spend_by_week(
    channel_weeks: pd.DataFrame,
    *,
    currency: str | None = None,
    colours: Mapping[str, str] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw spend by week and channel.

    Parameters
    ----------
    channel_weeks : DataFrame
        ``week``, ``channel``, ``spend`` (currency), ``complete``.

    Returns
    -------
    Axes
        Up to four channels as lines; more as small charts on one scale, the
        largest ones and the sum of the others. A week without a row is a
        gap: nothing says that nothing was spent.
    """
    with theme.style():
        ax = theme.axes(ax)
        unit = named_unit(currency)
        if not has_values(channel_weeks, "spend"):
            nothing(ax, say("No week has spend."))
            return finish(ax, say("No spend by channel"), say("Spend per week, {currency}", currency=unit))
        sums = channel_weeks.groupby("channel")["spend"].sum().sort_values(ascending=False, kind="stable")
        hues = colours or theme.channel_colours(sums.index)
        table, others = _wide(channel_weeks, [str(c) for c in sums.index])
        weeks = table.index.to_series()
        title = _share_title(sums, len(table))
        subtitle = say(
            "Spend per week and channel, {currency}; {period}", currency=unit, period=span(weeks.to_frame("week"))
        )
        if len(table.columns) > _LINES:
            _small_charts(ax, table, hues, others, currency)
            return finish(ax, title, f"{subtitle}; {say('one scale')}")
        x = days_of(weeks)
        ends = []
        for name in table.columns:
            y = table[name]
            _draw(ax, x, y, hues.get(name, OTHER))
            last = float(y.dropna().iloc[-1])
            ends.append(at_end(ax, float(x.max()), last, literal(name, most=16), hues.get(name, OTHER)))
        week_axis(ax, weeks)
        value_axis(ax, table.max().max(), table.min().min(), currency=currency)
        return finish(ax, title, subtitle, ends=ends)


def _wide(channel_weeks: pd.DataFrame, order: list[str]) -> tuple[pd.DataFrame, int]:
    """Return weeks by channel, the largest channels and an ``others`` sum; complete weeks only."""
    rows = channel_weeks[channel_weeks["complete"].eq(True)] if "complete" in channel_weeks.columns else channel_weeks
    rows = rows if has_values(rows, "spend") else channel_weeks
    shown = order if len(order) <= CHART_CHANNELS + 1 else order[:CHART_CHANNELS]
    rows = rows.assign(channel=rows["channel"].astype(str))
    table = rows[rows["channel"].isin(shown)].pivot_table(
        index="week", columns="channel", values="spend", aggfunc="sum"
    )
    table = table.reindex(columns=[c for c in shown if c in table.columns])
    rest = rows[~rows["channel"].isin(shown)]
    if len(rest):
        table[_OTHERS] = rest.groupby("week")["spend"].sum(min_count=1)
    every = rows[["week"]].drop_duplicates().assign(complete=True).sort_values("week")
    return table.reindex(on_grid(every)["week"]), len(order) - len(shown)


#: No channel has this name: names are never empty.
_OTHERS = ""


def _draw(ax: Axes, x: Any, y: pd.Series, colour: str, width: float = 1.8) -> None:
    lone = (y.notna() & y.shift(1).isna() & y.shift(-1).isna()).to_numpy()
    ax.plot(x, y.to_numpy(), color=colour, linewidth=width, solid_joinstyle="round")
    ax.plot(x[lone], y.to_numpy()[lone], "o", color=colour, markersize=3.5)


def _small_charts(ax: Axes, table: pd.DataFrame, hues: Mapping[str, str], others: int, currency: str | None) -> None:
    """Draw one small chart a channel, all on the same scales."""
    ax.set_axis_off()
    columns = 2 if is_narrow(ax) else 3
    rows = -(-len(table.columns) // columns)
    across, down = 0.05, 0.34 / rows
    wide, high = (1 - across * (columns - 1)) / columns, (1 - down * (rows - 1)) / rows
    weeks = table.index.to_series()
    x = days_of(weeks)
    top, low = float(table.max().max()), float(table.min().min())
    size = TEXT if rows < 4 else TEXT - 1.5
    letters = int((ax.get_figure(root=True).get_figwidth() * 72 - 60) / columns / (0.72 * size))  # type: ignore[union-attr]
    for i, name in enumerate(table.columns):
        row, column = divmod(i, columns)
        small = ax.inset_axes((column * (wide + across), 1 - (row + 1) * high - row * down, wide, high * 0.86))
        colour = hues.get(name, OTHER) if name != _OTHERS else OTHER
        _draw(small, x, table[name], colour, 1.5)
        small.fill_between(x, 0, table[name].to_numpy(), color=colour, alpha=0.15, linewidth=0)
        bottom = row == rows - 1 or i + columns >= len(table.columns)
        week_axis(small, weeks, most=3, size=size)
        value_axis(small, top, low, currency=currency, marks=2)
        small.tick_params(axis="y", labelsize=size)
        small.tick_params(axis="x", labelbottom=bottom, labelsize=size)
        small.tick_params(axis="y", labelleft=column == 0)
        small.spines["bottom"].set_color(GRID)
        label = say("{number} others", number=count(others)) if name == _OTHERS else literal(name, most=letters)
        small.annotate(label, (0, 1), xycoords="axes fraction", xytext=(0, 3), textcoords="offset points",
                       va="bottom", ha="left", color=WORDS_OF.get(colour, MUTED), fontweight="bold",
                       annotation_clip=False, **font_of(size))  # fmt: skip


def _share_title(sums: pd.Series, weeks: int) -> str:
    total = math.fsum(sums.dropna())
    first = literal(sums.index[0])
    if len(sums) == 1:
        return say("All spend goes to {channel}", channel=first)
    if total <= 0:
        return say("No money was spent on the {number} channels", number=count(len(sums)))
    return say(
        "{channel} takes {share} of the spend of {weeks}, the most of {number} channels",
        channel=first, share=percent(sums.iloc[0] / total), weeks=plural(weeks, "week"), number=count(len(sums)),
    )  # fmt: skip
