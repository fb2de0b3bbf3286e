"""What platforms claim, all together, beside what the shop took."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

from roas.charts import theme
from roas.charts.axis import nothing
from roas.charts.bars import Bar, ranked
from roas.charts.layout import finish
from roas.charts.theme import INK, OTHER, literal
from roas.charts.values import named_unit
from roas.format import count, money, percent, ratio
from roas.language import say
from roas.limits import CHART_CHANNELS
from roas.metrics import ratio as divide
from roas.tables import has_values

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes


def claims_against_till(
    channels: pd.DataFrame,
    *,
    revenue: float | None,
    currency: str | None = None,
    colours: Mapping[str, str] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw the platforms' claims, end to end, above what the shop took.

    Parameters
    ----------
    channels : DataFrame
        ``channel``, ``spend``, ``claimed_revenue`` (currency).
    revenue : float or None
        What the shop took over the same dates (currency).
    colours : mapping, optional
        Channel → colour, to keep those of other charts.
    """
    with theme.style():
        ax = theme.axes(ax)
        subtitle = say(
            "Claimed revenue by platform and shop revenue, {currency}; all weeks", currency=named_unit(currency)
        )
        if revenue is None or not has_values(channels, "claimed_revenue"):
            nothing(ax, say("Needs conversion value in the ad export and the shop's revenue."))
            return finish(ax, say("Claims cannot be compared with the till"), subtitle)
        ordered = channels.sort_values("spend", ascending=False, kind="stable") if "spend" in channels else channels
        hues = colours or theme.channel_colours(ordered["channel"])
        claims = math.fsum(channels["claimed_revenue"].dropna())
        bars = _cascade(ordered, hues, currency)
        if len(bars) > 1:
            bars.append(Bar(say("All claims"), claims, money(claims, currency), colour=OTHER))
        bars.append(Bar(say("The shop took"), revenue, money(revenue, currency), colour=INK, gap=0.25))
        ranked(ax, bars)
        return finish(ax, _title(claims, revenue, currency), subtitle)


def _cascade(ordered: pd.DataFrame, hues: Mapping[str, str], currency: str | None) -> list[Bar]:
    """Return one bar a platform, each beginning where the one above ends."""
    known = [(str(c), float(v)) for c, v in zip(ordered["channel"], ordered["claimed_revenue"], strict=True) if v == v]
    known.sort(key=lambda piece: -piece[1])
    rows = [(literal(name, most=24), value, hues.get(name, OTHER)) for name, value in known[:CHART_CHANNELS]]
    rest = known[CHART_CHANNELS:]
    if rest:
        rows.append((say("{number} others", number=count(len(rest))), math.fsum(v for _, v in rest), OTHER))
    bars, start = [], 0.0
    for name, value, colour in rows:
        bars.append(Bar(name, value, money(value, currency), colour=colour, start=start))
        start += value
    return bars


def _title(claims: float, revenue: float, currency: str | None) -> str:
    over = divide(claims, revenue)
    if over is None or over < 0:
        return say(
            "Platforms claim {claims}; the shop took {revenue}",
            claims=money(claims, currency), revenue=money(revenue, currency),
        )  # fmt: skip
    if over > 1:
        return say("Platforms claim {times} times what the shop took", times=ratio(over))
    return say("Platforms claim {share} of what the shop took", share=percent(over))
