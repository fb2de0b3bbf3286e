"""Campaigns (or channels) judged at their own spend: which differ beyond luck."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    import pandas as pd

    from roas.analysis.record import Analysis

#: Units below which a funnel has nothing to compare.
FEWEST_UNITS: Final = 3

#: Units judged, the largest by spend: with more, those at the end have no sales.
MOST_UNITS: Final = 2000

#: Ratio of mean baskets between channels up to which one pair of curves holds
#: for all: limits widen with the root of the basket, so by a tenth at most.
ALIKE: Final = 1.5

#: Points of the limits' curve.
POINTS: Final = 60

_LIMITS: Final = ("lower", "upper", "outer_lower", "outer_upper")


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
        The limits along spend; empty where channels' baskets differ too much
        for one.
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
    import pandas as pd

    if analysis.volatility is None:
        return None
    units, what = _units(analysis)
    units = units[units["basket"].notna() & (units["spend"] > 0) & units["revenue"].notna()]
    if len(units) < FEWEST_UNITS or not float(units["revenue"].sum()) > 0:
        return None
    center = float(units["revenue"].sum() / units["spend"].sum())
    units = units.assign(roas=units["revenue"] / units["spend"]).drop(columns="revenue").head(MOST_UNITS)
    table = _judge(units, center)
    alike = units["basket"].max() < ALIKE * units["basket"].min()
    curve = _curve(units, center) if alike else pd.DataFrame(columns=["spend", *_LIMITS])
    return Judged(what, table.drop(columns=["basket", "basket_cv"]), center, curve)


def _units(analysis: Analysis) -> tuple[pd.DataFrame, Literal["campaign", "channel"]]:
    """Return spend and claims up to the day on which claims are complete, with each channel's baskets."""
    assert analysis.volatility is not None
    spend = analysis.tables.spend
    late = {name: each.mature_until for name, each in (analysis.maturity or {}).items()}
    ends = spend["channel"].map(late).astype("datetime64[ns]")
    ripe = spend[ends.isna() | (spend["date"] < ends)]
    what: Literal["campaign", "channel"] = "campaign" if len(analysis.campaigns) >= FEWEST_UNITS else "channel"
    keys = ["channel", "campaign"] if what == "campaign" else ["channel"]
    sums = ripe.groupby(keys)[["spend", "conversion_value"]].sum(min_count=1).round(6).reset_index()
    sums = sums.rename(columns={"conversion_value": "revenue"}).assign(label=sums[what].astype(str))
    sums = sums.sort_values(["spend", *keys], ascending=[False, *[True] * len(keys)], kind="stable")
    laws = {name: each.noise.law for name, each in analysis.volatility.channels.items() if each.noise.basis == "counts"}
    for name in ("basket", "basket_cv"):
        known = {channel: law[name] for channel, law in laws.items() if law is not None}
        sums[name] = sums["channel"].astype(str).map(known)
    return sums[["label", "channel", "spend", "revenue", "basket", "basket_cv"]].reset_index(drop=True), what


def _judge(units: pd.DataFrame, center: float) -> pd.DataFrame:
    """Judge each unit by its own channel's baskets, and all of them together."""
    import pandas as pd

    from roas.volatility.funnel import funnel_table, which_differ

    parts = [
        funnel_table(
            part, center=center, basket=float(part["basket"].iloc[0]), basket_cv=float(part["basket_cv"].iloc[0])
        )
        for _, part in units.reset_index().groupby(["basket", "basket_cv"], sort=True)
    ]
    table = pd.concat(parts, ignore_index=True).sort_values("index", ignore_index=True).drop(columns="index")
    return table.assign(differs=which_differ(table["chance"]))


def _curve(units: pd.DataFrame, center: float) -> pd.DataFrame:
    """Return the limits along spend for the usual basket."""
    import numpy as np
    import pandas as pd

    from roas.volatility.funnel import OUTER, limits

    law = {name: float(units[name].median()) for name in ("basket", "basket_cv")}
    spend = np.geomspace(units["spend"].min(), units["spend"].max(), POINTS)
    inner, outer = limits(spend, center, **law), limits(spend, center, share=OUTER, **law)
    return pd.DataFrame(dict(zip(("spend", *_LIMITS), (spend, *inner, *outer), strict=True)))
