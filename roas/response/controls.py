"""Which columns beside revenue drive sales by themselves, and which only follow from them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from roas.response._arrays import Array

if TYPE_CHECKING:
    import pandas as pd

#: Columns that canonical tables mark as numbers beside revenue.
PREFIX: Final = "control: "

#: Words of columns that are made of sales or of visits. Holding them fixed
#: would hide what ads do: ads work through them (Pearl 2009, *Causality*,
#: on conditioning on a mediator).
OUTCOME: Final = re.compile(
    r"(?<![a-z])(orders?|conversions?|converted|transactions?|units?|purchases?|checkouts?|carts?|baskets?|profits?|"
    r"cogs|margins?|revenues?|turnover|sales|sold|aov|customers?|leads?|sign ?ups?|sessions?|visits?|visitors?|"
    r"page ?views?|clicks?|installs?|tax|shipping|refunds?|returns?|discounts? total)(?![a-z])"
)

#: Words that make such a column another firm's, the market's, or the shop's own offer.
OTHERS: Final = re.compile(
    r"competit|market|industry|category|weather|google trends|econom|inflation|cpi|unit price|price per unit|"
    r"free shipping"
)

#: Squared correlation with revenue beyond which a column is revenue told again.
SAME: Final = 0.9


@dataclass(frozen=True)
class Controls:
    """Columns for the model, and those left out with the reason."""

    names: tuple[str, ...]
    left_out: tuple[tuple[str, str], ...]


def choose_controls(revenue: pd.DataFrame) -> Controls:
    """Choose control columns of a revenue table.

    Parameters
    ----------
    revenue : DataFrame
        ``date``, ``revenue``, perhaps ``promo`` and columns that begin with
        "control: ".

    Returns
    -------
    Controls
        Constant and empty columns are left out without a word.
    """
    names, left = [], []
    for name in revenue.columns:
        if name != "promo" and not name.startswith(PREFIX):
            continue
        values = revenue[name].to_numpy(np.float64)
        known = values[np.isfinite(values)]
        if len(known) < 2 or known.min() == known.max():
            continue
        reason = _why_not(name.removeprefix(PREFIX), values, revenue["revenue"].to_numpy(np.float64))
        if reason:
            left.append((name.removeprefix(PREFIX), reason))
        else:
            names.append(name)
    return Controls(tuple(names), tuple(left))


def _why_not(name: str, values: Array, revenue: Array) -> str:
    words = re.sub(r"[_\W]+", " ", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).casefold())
    if OUTCOME.search(words) and not OTHERS.search(words):
        return "it follows from sales or visits, which ads move"
    both = np.isfinite(values) & np.isfinite(revenue)
    x, y = values[both], revenue[both]
    if len(x) > 2 and x.std() > 0 and y.std() > 0 and np.corrcoef(x, y)[0, 1] ** 2 > SAME:
        return "it moves exactly as revenue does"
    return ""
