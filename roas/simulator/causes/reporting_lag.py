"""Recent conversions are still arriving: the last days look bad, nothing is."""

from __future__ import annotations

import datetime as dt

import numpy as np

from roas.simulator.causes.base import OWN_COURSE, Cause, Placed, always, between, recent_onset
from roas.simulator.draws import Array
from roas.simulator.world import World

WEEKS = 2
# The first affected day is then 97 % complete: no visible edge.
HALVINGS = 5.0


def apply(world: World, placed: Placed) -> None:
    """Leave out what the platform has not yet counted."""
    world.tracking[placed.rows(world)] *= completeness(world, placed)


def completeness(world: World, placed: Placed) -> Array:
    """Return the share of orders already counted, per day.

    ``1 - (1 - factor) * 2 ** (-HALVINGS * age / length)``: `factor` on
    the last day (age 0), nearly all on the first of `length` days.
    """
    onset, days = world.at(placed.since), len(world.days)
    age = np.arange(days)[::-1] / (days - onset)
    share = 1 - (1 - placed.factor) * 0.5 ** (HALVINGS * age)
    return np.where(np.arange(days) < onset, 1.0, share)


def onset(world: World) -> dt.date:
    """Return the first day of the last two weeks."""
    return recent_onset(world, weeks=WEEKS)


CAUSE = Cause(
    name="reporting_lag",
    scope="channel",
    says="share of the last day's orders counted so far",
    default_factor=always(0.3),
    ramp_days=OWN_COURSE,
    apply=apply,
    allowed=between(0.01, 1.0),
    onset=onset,
)
