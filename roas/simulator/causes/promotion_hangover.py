"""A promotion pulled sales forward: a dip follows it.

`since` is the first day after the promotion. With and without the cause the
promotion is there; what the cause takes is what was bought ahead.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import numpy as np

from roas.simulator import seasons
from roas.simulator.causes.base import OWN_COURSE, Cause, Placed, always, between, recent_onset
from roas.simulator.world import PROMOTION_BUDGET, WARM_UP_DAYS, World

# Half of the dip is over after this time. With the default factor some 3.5 days
# of sales are missing: what two weeks at the demand of a promotion sold ahead.
HALF_LIFE_DAYS = 10.0
# Fewer come, fewer of those buy, and they buy smaller: together `factor` orders.
DEMAND_EXPONENT, CONVERSION_EXPONENT, ORDER_VALUE_EXPONENT = 0.5, 0.5, 0.2
# People who may still buy are few and dear: CPM ~ dip ** this.
CPM_EXPONENT = -0.1
# A promotion that ended this recently is the one; else one of two weeks is planted.
RECENT_DAYS, PROMOTION_DAYS = 3, 14
WEEKS, LATEST_DAYS_BEFORE_END, EARLIEST_DAYS_BEFORE_END = 4, 14, 84


def prepare(world: World, placed: Placed) -> None:
    """Hold a promotion until the day before, unless one has just ended."""
    onset = world.at(placed.since)
    if placed.factor == 1 or world.promotion[onset - RECENT_DAYS : onset].any():
        return
    days = np.arange(onset - PROMOTION_DAYS, onset)
    new = days[~world.promotion[days]]
    world.promotion[new] = True
    world.demand[new] *= seasons.PROMOTION_DEMAND
    world.order_value[new] *= seasons.PROMOTION_ORDER_VALUE
    world.budget[:, new] *= PROMOTION_BUDGET


def apply(world: World, placed: Placed) -> None:
    """Let demand, conversion and baskets dip and recover."""
    age = placed.age(world)
    dip = placed.power(np.where(age < 0, 0.0, 0.5 ** (np.maximum(age, 0) / HALF_LIFE_DAYS)))
    world.demand *= dip**DEMAND_EXPONENT
    world.site_conversion *= dip**CONVERSION_EXPONENT
    world.order_value *= dip**ORDER_VALUE_EXPONENT
    world.cpm *= dip**CPM_EXPONENT


def onset(world: World) -> dt.date:
    """Return the day after the last promotion of recent weeks that left time for a dip.

    Four weeks before the end where there was none.
    """
    promoted = np.flatnonzero(world.promotion[:-1] & ~world.promotion[1:]) + 1
    left = len(world.days) - promoted
    fits = (left >= LATEST_DAYS_BEFORE_END) & (left <= EARLIEST_DAYS_BEFORE_END) & (promoted >= WARM_UP_DAYS)
    if not fits.any():
        return recent_onset(world, weeks=WEEKS)
    after: dt.date = world.days[promoted[fits][-1]].astype(object)
    return after


def tell(world: World, placed: Placed) -> Mapping[str, Any]:
    """Say when the promotion began that was followed by the dip."""
    ended = np.flatnonzero(world.promotion[: world.at(placed.since)])
    if not len(ended):
        return {}
    breaks = np.flatnonzero(np.diff(ended) > 1)
    begin = ended[breaks[-1] + 1] if len(breaks) else ended[0]
    return {"promotion": {"start": str(world.days[begin]), "end": str(world.days[ended[-1] + 1])}}


CAUSE = Cause(
    name="promotion_hangover",
    scope="account",
    says="orders on the first day after the promotion",
    default_factor=always(0.75),
    ramp_days=OWN_COURSE,
    apply=apply,
    allowed=between(0.05, 1.0),
    onset=onset,
    prepare=prepare,
    tell=tell,
)
