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
from roas.format import change, money
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
        subtitle = "Spend per week: today's (mean of the last 8 weeks) → planned"
        if not len(table):
            nothing(ax, "No channel spends anything.")
            return finish(ax, "There is nothing to plan", subtitle)
        order = table.assign(size=table["change"].abs()).sort_values(
            ["size", "now", "channel"], ascending=[False, False, True], kind="stable"
        )
        shown = order.head(CHART_CHANNELS)
        rows = [_row(row, currency) for row in each_row(shown)]
        if len(order) > len(shown):
            rows.append(_others(order.iloc[CHART_CHANNELS:], currency))
        reach = float(table["change"].abs().max()) or 1.0
        signed_rows(ax, rows, reach=2.2 * reach, heading="now → planned")
        return finish(ax, _title(table, currency, held=held), subtitle)


def _row(row: Any, currency: str | None) -> Signed:
    moved = float(row.change)
    colour = OTHER if abs(moved) < _MOVES else HUES[0] if moved > 0 else HUES[1]
    return Signed(literal(row.channel, most=26), moved, None, None, _says(row.now, row.planned, currency), colour)


def _others(rest: pd.DataFrame, currency: str | None) -> Signed:
    now, planned = float(rest["now"].sum()), float(rest["planned"].sum())
    says = _says(now, planned, currency)
    return Signed(f"{len(rest):,} others", planned - now, None, None, says, OTHER, gap=0.2)


def _says(now: float, planned: float, currency: str | None) -> str:
    if abs(planned - now) < _MOVES:
        return f"{money(now, currency)}, as today"
    share = f" ({change(planned / now - 1)})" if now > 0 else ""
    return f"{money(now, currency)} → {money(planned, currency)}{share}"


def _title(table: pd.DataFrame, currency: str | None, *, held: bool) -> str:
    """Name the largest cut and the largest gain."""
    if held or float(table["change"].abs().max()) < _MOVES:
        return "Today's split stays as it is"
    order = table.sort_values(["change", "channel"], kind="stable")
    down, up = (next(each_row(part)) for part in (order.head(1), order.tail(1)))
    parts = []
    if down.change <= -_MOVES:
        parts.append(f"{money(-float(down.change), currency)} a week less for {literal(down.channel)}")
    if up.change >= _MOVES:
        parts.append(f"{money(float(up.change), currency)} more for {literal(up.channel)}")
    said = ", ".join(parts)
    return said if down.change <= -_MOVES else said.replace(" more for", " a week more for", 1)
