"""When the regions of an account are worth a model of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from roas.format import decimal
from roas.language import say
from roas.limits import REGIONS, REGIONS_SPEND_SHARE
from roas.metrics import exact_sum
from roas.tables import Tables

if TYPE_CHECKING:
    from roas.response import ResponseResults


def by_region(tables: Tables) -> tuple[bool, list[str]]:
    """Tell whether spend and revenue name regions well enough to learn from each, and why not.

    A channel is bought by region or for the whole market. One with a few
    rows without a region is neither: spreading these would blur the others.
    """
    if tables.regions is None:
        return False, []
    spend = tables.spend.assign(named=tables.spend["geo"].notna())
    sold = set(tables.regions["geo"])
    shared = set(spend["geo"].dropna()) & sold
    whole = exact_sum(spend["spend"]) or 0.0
    inside = exact_sum(spend["spend"][spend["geo"].isin(shared)]) or 0.0
    unsold = spend[spend["named"] & ~spend["geo"].isin(sold)]
    if len(unsold):
        share = (exact_sum(unsold["spend"]) or 0.0) / whole if whole else 0.0
        named = ", ".join(sorted(unsold["geo"].unique())[:3])
        return False, [say(
            "Regions with spend but without revenue: {regions} ({share} % of spend). The estimates are made "
            "from sums over all regions; if revenue of a region is missing, they are too low.",
            regions=named, share=decimal(100 * share, 0),
        )]  # fmt: skip
    mixed = sorted(str(c) for c, rows in spend[spend["spend"] > 0].groupby("channel") if rows["named"].nunique() > 1)
    if mixed:
        names = ", ".join(mixed[:3])
        return False, [
            say("Some rows of {channels} name no region: the estimates are made from sums over all.", channels=names)
        ]
    return len(shared) >= REGIONS and inside >= REGIONS_SPEND_SHARE * whole, []


def fit_regions(tables: Tables, controls: tuple[str, ...], margin: float | None) -> ResponseResults:
    """Fit the model that tells regions apart."""
    from roas.response.geo import GeoResponseModel

    assert tables.regions is not None
    names = [name for name in controls if name in tables.regions.columns]
    return GeoResponseModel(tables.spend, tables.regions, controls=names, margin=margin or 1.0).fit(seed=0)
