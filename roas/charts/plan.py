"""Money now against planned, by channel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from roas.charts import theme
from roas.charts.axis import nothing
from roas.charts.layout import finish
from roas.charts.rows import each_row
from roas.charts.signed import Signed, signed_rows
from roas.charts.theme import HUES, OTHER, literal
from roas.charts.values import finite
from roas.format import change, money, say_many
from roas.language import say
from roas.limits import CHART_CHANNELS

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

#: Below half a cent nothing moves.
_MOVES: Final = 0.005


def planned_spend(
    moves: pd.DataFrame, *, currency: str | None = None, held: bool = False, ax: Axes | None = None
) -> Axes:
    """Draw by how much each channel's money changes, with the amounts now and planned beside it.

    Parameters
    ----------
    moves : DataFrame
        ``channel``, ``now``, ``planned`` (currency per week).
    held : bool
        Whether today's split is kept because nothing better can be defended.
    """
    with theme.style():
        ax = theme.axes(ax)
        table = finite(moves, ("now", "planned"))
        table = table.assign(change=table["planned"] - table["now"])
        subtitle = say("Spend per week: today's (mean of the last 8 weeks) → planned")
        if not len(table):
            nothing(ax, say("No channel spends anything."))
            return finish(ax, say("There is nothing to plan"), subtitle)
        order = table.assign(size=table["change"].abs()).sort_values(
            ["size", "now", "channel"], ascending=[False, False, True], kind="stable"
        )
        shown = order.head(CHART_CHANNELS)
        rows = [_row(row, currency) for row in each_row(shown)]
        if len(order) > len(shown):
            rows.append(_others(order.iloc[CHART_CHANNELS:], currency))
        reach = float(table["change"].abs().max()) or 1.0
        signed_rows(ax, rows, reach=2.2 * reach, heading=say("now → planned"))
        return finish(ax, _title(table, currency, held=held), subtitle)


def _row(row: Any, currency: str | None) -> Signed:
    moved = float(row.change)
    colour = OTHER if abs(moved) < _MOVES else HUES[0] if moved > 0 else HUES[1]
    return Signed(literal(row.channel, most=26), moved, None, None, _says(row.now, row.planned, currency), colour)


def _others(rest: pd.DataFrame, currency: str | None) -> Signed:
    now, planned = float(rest["now"].sum()), float(rest["planned"].sum())
    says = _says(now, planned, currency)
    return Signed(
        say_many("{number} other", "{number} others", len(rest)), planned - now, None, None, says, OTHER, gap=0.2
    )


def _says(now: float, planned: float, currency: str | None) -> str:
    if abs(planned - now) < _MOVES:
        return say("{amount}, as today", amount=money(now, currency))
    share = f" ({change(planned / now - 1)})" if now > 0 else ""
    return f"{money(now, currency)} → {money(planned, currency)}{share}"


def _title(table: pd.DataFrame, currency: str | None, *, held: bool) -> str:
    """Name the largest cut and the largest gain."""
    if held or float(table["change"].abs().max()) < _MOVES:
        return say("Today's split stays as it is")
    order = table.sort_values(["change", "channel"], kind="stable")
    down, up = (next(each_row(part)) for part in (order.head(1), order.tail(1)))
    less = {"less": money(-float(down.change), currency), "loser": literal(down.channel)}
    more = {"more": money(float(up.change), currency), "winner": literal(up.channel)}
    if up.change < _MOVES:
        return say("{less} a week less for {loser}", **less)
    if down.change > -_MOVES:
        return say("{more} a week more for {winner}", **more)
    return say("{less} a week less for {loser}, {more} more for {winner}", **less, **more)
