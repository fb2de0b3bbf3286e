"""The same money over more, younger, smaller campaigns that never learn."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from roas.simulator.causes.base import OWN_COURSE, Cause, Placed, always, between
from roas.simulator.draws import Array
from roas.simulator.shop import Campaign, Channel, Shop
from roas.simulator.world import World

# New campaigns start one after the other within four weeks, and each is replaced
# by the next after four: about when platforms call a campaign learned.
LAUNCH_DAYS, LIFE_DAYS = 28, 28
# In a long account each lives longer, so that no more than this many follow.
MOST_GENERATIONS = 26
# A young campaign turns this share less of its clicks into orders, half of it
# after three weeks; so none is done before it is replaced.
UNLEARNED, HALF_LEARNED_DAYS = 0.6, 21.0
# Siblings bid against each other.
SIBLING_CPM = 1.08
MOST_PER_CAMPAIGN = 8.0


@dataclass(frozen=True)
class Launch:
    """One new campaign: whose money it takes, how much, and when."""

    campaign: Campaign
    parent: int
    share: float
    first: int  # positions in the world's days, half-open
    end: int


def apply(world: World, placed: Placed) -> None:
    """Move a part of each campaign's money into new ones."""
    launches = list(_launches(world, placed))
    if not launches or placed.channel is None:
        return
    kept = np.ones_like(world.budget)
    for launch in launches:
        kept[launch.parent, launch.first : launch.end] -= launch.share
    world.add_campaigns(placed.channel, [(launch.campaign, launch.parent) for launch in launches])
    names = {campaign.name: row for row, campaign in enumerate(world.shop.campaigns)}
    for launch in launches:
        _start(world, names[launch.campaign.name], launch)
    # The parents stand before the added campaigns, so their positions hold.
    for row in {launch.parent for launch in launches}:
        for driver in (world.budget, world.audience, world.usual_spend, world.harvest):
            driver[row] *= kept[row]


def _start(world: World, row: int, launch: Launch) -> None:
    """Give a new campaign its money, its market and its youth."""
    active = np.zeros(len(world.days))
    active[launch.first : launch.end] = launch.share
    world.budget[row] *= active
    world.audience[row] *= launch.share
    world.usual_spend[row] *= launch.share
    world.cpm[row] *= SIBLING_CPM
    world.click_worth[row] *= _learned(np.arange(len(world.days), dtype=np.float64) - launch.first)


def _learned(age: Array) -> Array:
    """Return what a click is worth by the campaign's age in days."""
    worth: Array = 1 - UNLEARNED * 0.5 ** (np.maximum(age, 0) / HALF_LEARNED_DAYS)
    return worth


def _launches(world: World, placed: Placed) -> Iterator[Launch]:
    """Plan the new campaigns: slots beside each running one, refilled."""
    slots = math.ceil(round(placed.factor - 1, 9))
    if slots < 1:
        return
    onset, end = world.at(placed.since), len(world.days)
    life = max(LIFE_DAYS, math.ceil((end - onset) / MOST_GENERATIONS))
    share = (1 - 1 / placed.factor) / slots
    places = [(row, slot) for slot in range(slots) for row in placed.rows(world)]
    waits = placed.draws.uniform(f"fragmentation {placed.channel}", len(places))
    for order, ((row, slot), wait) in enumerate(zip(places, waits, strict=True)):
        # The first starts on the first day, the others in their part of the four weeks.
        first = onset + int((order + wait) / len(places) * LAUNCH_DAYS) if order else onset
        for generation, begin in enumerate(range(first, end, life)):
            number = 2 + slot + slots * generation
            yield Launch(_small(world.shop.campaigns[row], number, share), row, share, begin, min(begin + life, end))


def _small(parent: Campaign, number: int, share: float) -> Campaign:
    """Return a campaign like `parent` with a share of its money and people."""
    return replace(
        parent,
        name=f"{parent.name} {number}",
        daily_spend=parent.daily_spend * share,
        harvest=parent.harvest * share,
        audience=parent.audience * share,
        cpm=parent.cpm,
    )


def factor_for(size: float, _channel: Channel | None, _shop: Shop) -> float:
    """Return how many campaigns for each one cost `size` of the money's effect."""
    worst = 1 - float(_learned(np.arange(LIFE_DAYS, dtype=np.float64)).mean())
    return 1 / (1 - size / worst) if size < worst else math.inf


def tell(world: World, placed: Placed) -> Mapping[str, Any]:
    """List the new campaigns and the day each started."""
    return {
        "launches": [
            {"campaign": launch.campaign.name, "launched": str(world.days[launch.first])}
            for launch in _launches(world, placed)
        ]
    }


CAUSE = Cause(
    name="fragmentation",
    scope="channel",
    says="campaigns that share the channel's money",
    default_factor=always(3.0),
    ramp_days=OWN_COURSE,
    apply=apply,
    factor_for=factor_for,
    allowed=between(1.0, MOST_PER_CAMPAIGN),
    stage=3,
    keeps_budget=True,
    tell=tell,
)
