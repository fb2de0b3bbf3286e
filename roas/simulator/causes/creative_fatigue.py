"""Ads wear out: click-through falls with every impression since launch.

Price and site stay as they were. A refresh brings the click-through back,
and it wears out again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from roas.simulator.causes.base import OWN_COURSE, Cause, Placed, always, between
from roas.simulator.draws import Array
from roas.simulator.world import World

# Half of the wear is there after the impressions of two weeks at the campaign's
# reference spend and price, as it is in accounts that buy a steady audience.
HALF_WORN_DAYS = 14.0
# Campaigns get their tired creative one after the other; all but the first are
# refreshed once, so that old and new ads can be compared on the same day.
LARGEST_STAGGER_DAYS = 14
FIRST_REFRESH_DAYS, LAST_REFRESH_DAYS = 35, 63
# Fewer people are shown a dull ad again and again: audience ~ wear ** this.
AUDIENCE_EXPONENT = 0.15


def apply(world: World, placed: Placed) -> None:
    """Let the channel's ads wear out."""
    impressions = world.impressions
    for row, launch, refresh in _schedule(world, placed):
        wear = placed.power(_worn(world, row, impressions[row], (launch, refresh)))
        world.appeal[row] *= wear
        world.audience[row] *= wear**AUDIENCE_EXPONENT


def tell(world: World, placed: Placed) -> Mapping[str, Any]:
    """List when each campaign's creative started and was refreshed."""

    def day(position: int) -> str | None:
        return str(world.days[position]) if position < len(world.days) else None

    return {
        "creatives": [
            {"campaign": world.shop.campaigns[row].name, "launched": day(launch), "refreshed": day(refresh)}
            for row, launch, refresh in _schedule(world, placed)
        ]
    }


def _schedule(world: World, placed: Placed) -> Iterator[tuple[int, int, int]]:
    """Yield campaign, position of its launch and of its refresh (behind the end: none)."""
    onset = world.at(placed.since)
    for number, row in enumerate(placed.rows(world)):
        if number == 0:
            yield row, onset, len(world.days)
            continue
        wait, until = placed.draws.uniform(f"creative_fatigue {world.shop.campaigns[row].name}", 2)
        launch = onset + int(wait * LARGEST_STAGGER_DAYS)
        yield row, launch, launch + FIRST_REFRESH_DAYS + int(until * (LAST_REFRESH_DAYS - FIRST_REFRESH_DAYS))


def _worn(world: World, row: int, impressions: Array, starts: tuple[int, int]) -> Array:
    """Return the progress of wear, 0 fresh to 1 worn out, at the end of each day.

    ``1 - 2 ** (-shown / half)`` with `shown` the impressions since the
    latest start and `half` those of `HALF_WORN_DAYS`.
    """
    campaign = world.shop.campaigns[row]
    half = HALF_WORN_DAYS * 1000 * campaign.daily_spend / campaign.cpm
    worn = np.zeros(len(impressions))
    for start in starts:
        worn[start:] = 1 - 0.5 ** (np.cumsum(impressions[start:]) / half)
    return worn


CAUSE = Cause(
    name="creative_fatigue",
    scope="channel",
    says="click-through rate of a worn-out ad",
    default_factor=always(0.6),
    ramp_days=OWN_COURSE,
    apply=apply,
    allowed=between(0.01, 1.0),
    stage=2,
    tell=tell,
)
