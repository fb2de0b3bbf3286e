"""Labels of campaigns: brand against non-brand, automated against the rest."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from roas.charts import theme
from roas.charts.axis import nothing
from roas.charts.bars import Bar, ranked
from roas.charts.layout import finish
from roas.charts.rows import each_row, known
from roas.charts.theme import HUES, OTHER, literal
from roas.charts.values import named_unit
from roas.format import money, percent, plural, ratio
from roas.language import say
from roas.metrics import ratio as divide
from roas.tables import has_values

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

#: Rows that one chart can hold.
_MOST = 10


def labels_bars(labels: pd.DataFrame, *, currency: str | None = None, ax: Axes | None = None) -> Axes:
    """Draw each label's claimed ROAS (its spend where nothing is claimed) beside its share of spend.

    Parameters
    ----------
    labels : DataFrame
        ``group``, ``label`` (NaN for spend without one), ``spend`` (currency),
        ``claimed_roas``, ``suggested``.
    """
    with theme.style():
        ax = theme.axes(ax)
        if not len(labels) or not labels["label"].notna().any():
            nothing(ax, say("No campaign has a label."))
            return finish(ax, say("No labels"), say("Claimed ROAS per label"))
        claims = has_values(labels, "claimed_roas")
        rows = labels.assign(_label=labels["label"].isna()).sort_values(
            ["group", "_label", "spend"], ascending=[True, True, False], kind="stable"
        )
        bars, previous = [], None
        for row in each_row(rows.head(_MOST)):
            total = math.fsum(labels.loc[labels["group"] == row.group, "spend"].dropna())
            named = row.label == row.label and row.label is not None
            value = known(row.claimed_roas if claims else row.spend)
            words = f"{row.group}: {row.label if named else say('no label')}"
            says = (ratio(value) if claims else money(value, currency)) if value == value else say("no claims")
            bars.append(
                Bar(literal(words, most=26), value, says, percent(divide(known(row.spend), total)),
                    HUES[0] if named else OTHER, 0.35 if previous not in (None, row.group) else 0.0)
            )  # fmt: skip
            previous = row.group
        ranked(ax, bars, heading=say("of spend"))
        unit = (
            say("Claimed ROAS per label, claimed revenue per 1 of spend")
            if claims
            else say("Spend per label, {currency}", currency=named_unit(currency))
        )
        suggested = bool(labels["suggested"].any())
        sure = say("labels SUGGESTED from names, not confirmed") if suggested else say("labels from the tags file")
        return finish(ax, _title(labels, claims), f"{unit}; {sure}")


def _title(labels: pd.DataFrame, claims: bool) -> str:
    named = labels[labels["label"].notna()]
    if claims and named["claimed_roas"].notna().sum() > 1:
        known = named.dropna(subset=["claimed_roas"]).sort_values("claimed_roas", ascending=False, kind="stable")
        first, last = known.iloc[0], known.iloc[-1]
        return say(
            "“{best}” claims {most} per 1 of spend, “{worst}” {least}",
            best=literal(first["label"]), most=ratio(first["claimed_roas"]),
            worst=literal(last["label"]), least=ratio(last["claimed_roas"]),
        )  # fmt: skip
    return say("{labels} found on campaigns", labels=plural(len(named), "label"))
