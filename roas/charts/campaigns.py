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
from roas.format import money, percent, ratio
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
        unit = currency or "currency not named"
        if not has_values(campaigns, "spend"):
            nothing(ax, "The export names no campaigns.")
            return finish(ax, "No campaigns", f"Spend per campaign, {unit}")
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
        ranked(ax, bars, heading="ROAS claimed" if claims else "")
        subtitle = f"Spend per campaign, {unit}; all weeks; coloured by channel" + (
            "; right: claimed ROAS" if claims else ""
        )
        return finish(ax, _title(ordered, shown), subtitle)


def _title(ordered: pd.DataFrame, shown: pd.DataFrame) -> str:
    total, part = math.fsum(ordered["spend"].dropna()), math.fsum(shown["spend"].dropna())
    count, largest = len(ordered), literal(ordered["campaign"].iloc[0])
    if count == 1:
        return f"One campaign, {largest}, takes all the spend of campaigns"
    if count > len(shown):
        share = percent(divide(part, total))
        return f"The {len(shown)} largest of {count:,} campaigns take {share} of their spend"
    share = percent(divide(known(ordered["spend"].iloc[0]), total))
    return f"{largest} is the largest of {count} campaigns: {share} of their spend"
