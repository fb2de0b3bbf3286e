"""Campaigns: where the money goes, and what is claimed for it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

from roas.charts import theme
from roas.charts.axis import nothing
from roas.charts.bars import Bar, ranked
from roas.charts.layout import finish
from roas.charts.rows import each_row, known
from roas.charts.theme import OTHER, is_narrow, literal
from roas.charts.values import named_unit
from roas.format import count, money, percent, ratio
from roas.language import say
from roas.metrics import ratio as divide
from roas.tables import has_values

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes


def campaigns_by_spend(
    campaigns: pd.DataFrame,
    *,
    most: int = 8,
    currency: str | None = None,
    colours: Mapping[str, str] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw the largest campaigns by spend, with the ROAS claimed for each.

    Parameters
    ----------
    campaigns : DataFrame
        ``channel``, ``campaign``, ``spend`` (currency), ``claimed_roas``.
    most : int
        Campaigns shown one by one; the others are counted, not drawn.
    colours : mapping, optional
        Channel → colour, to keep those of other charts.
    """
    with theme.style():
        ax = theme.axes(ax)
        unit = named_unit(currency)
        if not has_values(campaigns, "spend"):
            nothing(ax, say("The export names no campaigns."))
            return finish(ax, say("No campaigns"), say("Spend per campaign, {currency}", currency=unit))
        ordered = campaigns.sort_values("spend", ascending=False, kind="stable")
        sums = ordered.groupby("channel", sort=False)["spend"].sum().sort_values(ascending=False, kind="stable")
        hues = colours or theme.channel_colours(sums.index)
        claims = has_values(campaigns, "claimed_roas")
        shown = ordered.head(most)
        length = 30 if is_narrow(ax) else 26
        bars = [
            Bar(literal(row.campaign, most=length), known(row.spend), money(row.spend, currency),
                ratio(row.claimed_roas) if claims else "", hues.get(str(row.channel), OTHER))
            for row in each_row(shown)
        ]  # fmt: skip
        ranked(ax, bars, heading=say("ROAS claimed") if claims else "")
        if claims:
            subtitle = say(
                "Spend per campaign, {currency}; all weeks; coloured by channel; right: claimed ROAS", currency=unit
            )
        else:
            subtitle = say("Spend per campaign, {currency}; all weeks; coloured by channel", currency=unit)
        return finish(ax, _title(ordered, shown), subtitle)


def _title(ordered: pd.DataFrame, shown: pd.DataFrame) -> str:
    total, part = math.fsum(ordered["spend"].dropna()), math.fsum(shown["spend"].dropna())
    every, largest = len(ordered), literal(ordered["campaign"].iloc[0])
    if every == 1:
        return say("One campaign, {campaign}, takes all the spend of campaigns", campaign=largest)
    if every > len(shown):
        return say(
            "The {shown} largest of {number} campaigns take {share} of their spend",
            shown=len(shown), number=count(every), share=percent(divide(part, total)),
        )  # fmt: skip
    return say(
        "{campaign} is the largest of {number} campaigns: {share} of their spend",
        campaign=largest, number=every, share=percent(divide(known(ordered["spend"].iloc[0]), total)),
    )  # fmt: skip
