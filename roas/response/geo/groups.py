"""Very many regions: the smallest are added up to groups."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from roas.format import decimal
from roas.language import say
from roas.response._arrays import Array
from roas.response.geo.data import GeoData
from roas.response.geo.limits import GROUPS, MOST_GEOS


def grouped(data: GeoData) -> GeoData:
    """Add the smallest regions up to `GROUPS` groups when there are more than `MOST_GEOS`.

    Sums stay what they were. Groups are of regions of like size, and each
    counts as one region in the model.
    """
    if len(data.geos) <= MOST_GEOS:
        return data
    level = np.nanmean(np.abs(data.revenue), axis=1)
    ordered = np.argsort(-level, kind="stable")
    alone = sorted(ordered[: MOST_GEOS - GROUPS])
    parts = [[int(i)] for i in alone]
    parts += [[int(i) for i in part] for part in np.array_split(ordered[MOST_GEOS - GROUPS :], GROUPS)]
    note = say(
        "{number} regions: the {smallest} smallest are added up to {groups} groups ({share} % of revenue)",
        number=len(data.geos), smallest=len(data.geos) - len(alone), groups=GROUPS,
        share=decimal(100 * level[ordered[len(alone) :]].sum() / level.sum(), 1),
    )  # fmt: skip
    return replace(
        data,
        national=replace(data.national, notes=(*data.national.notes, note)),
        geos=tuple(_name(data, part) for part in parts),
        spend=np.stack([data.spend[part].sum(axis=0) for part in parts]),
        revenue=np.stack([_sum(data.revenue[part], level[part]) for part in parts]),
        controls=np.stack([np.average(data.controls[part], axis=0, weights=level[part]) for part in parts]),
    )


def _name(data: GeoData, part: list[int]) -> str:
    first = data.geos[part[0]]
    return first if len(part) == 1 else say("{names} and {number} more", names=first, number=len(part) - 1)


def _sum(revenue: Array, level: Array) -> Array:
    """Add revenue up, shape (members, T); members not known in a period stand at their level."""
    known = np.isfinite(revenue)
    share = known.T @ level / level.sum()
    total = np.where(known, revenue, 0.0).sum(axis=0)
    return np.asarray(np.where(share > 0.5, total / np.maximum(share, 0.5), np.nan))
