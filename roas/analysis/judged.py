"""Campaigns (or channels) judged at their own spend: which differ beyond luck."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    import pandas as pd

    from roas.analysis.record import Analysis

#: Units below which a funnel has nothing to compare.
FEWEST_UNITS: Final = 3

#: Points of the limits' curve.
POINTS: Final = 60


@dataclass(frozen=True)
class Judged:
    """Units beside the limits of luck at their own spend.

    Attributes
    ----------
    what : {"campaign", "channel"}
    units : DataFrame
        ``label``, ``channel``, ``spend``, ``roas`` (claimed) and what
        `roas.volatility.funnel.funnel_table` adds.
    center : float
        Claimed ROAS of all units together.
    curve : DataFrame
        The limits along spend.
    """

    what: Literal["campaign", "channel"]
    units: pd.DataFrame
    center: float
    curve: pd.DataFrame


def judged_units(analysis: Analysis) -> Judged | None:
    """Judge every campaign, or where none is exported every channel.

    Returns
    -------
    Judged or None
        None without claims and conversions, or with fewer than
        `FEWEST_UNITS` units.
    """
    import numpy as np
    import pandas as pd

    from roas.volatility.funnel import OUTER, funnel_table, limits

    law = None if analysis.volatility is None else analysis.volatility.law
    if law is None:
        return None
    what: Literal["campaign", "channel"] = "campaign" if len(analysis.campaigns) >= FEWEST_UNITS else "channel"
    table = analysis.campaigns if what == "campaign" else analysis.channels
    table = table[(table["spend"] > 0) & table["claimed_revenue"].notna()]
    if len(table) < FEWEST_UNITS or not float(table["claimed_revenue"].sum()) > 0:
        return None
    units = pd.DataFrame(
        {
            "label": table[what].astype(str),
            "channel": table["channel"].astype(str),
            "spend": table["spend"].astype(float),
            "roas": (table["claimed_revenue"] / table["spend"]).astype(float),
        }
    )
    center = float(table["claimed_revenue"].sum() / table["spend"].sum())
    spend = np.geomspace(units["spend"].min(), units["spend"].max(), POINTS)
    lower, upper = limits(spend, center, **law)
    outer_lower, outer_upper = limits(spend, center, share=OUTER, **law)
    curve = pd.DataFrame(
        {"spend": spend, "lower": lower, "upper": upper, "outer_lower": outer_lower, "outer_upper": outer_upper}
    )
    return Judged(what, funnel_table(units, center=center, **law), center, curve)
