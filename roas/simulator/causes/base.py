"""What a cause is, and where and when one is planted."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np

from roas.simulator.draws import Array, Draws
from roas.simulator.shop import Channel, Shop
from roas.simulator.world import World

Shape: TypeAlias = Literal["step", "ramp", "slow"]

# Days until a cause is fully there, where its own ramp is not wanted.
RAMP_DAYS, SLOW_DAYS = 20, 83
# Recent figures cover the last 8 weeks; a cause is by then fully there.
WEEKS_BEFORE_END = 12
# A cause should hit a channel that matters; one of the largest is drawn.
LARGEST_CHANNELS = 3


@dataclass(frozen=True)
class Planted:
    """A cause as asked for; what is None is chosen by the simulator.

    Attributes
    ----------
    cause : str
        A name of `available_causes`.
    channel : str or None
        The channel hit, for causes of channel scope.
    since : date or str or None
        First day it acts, a day of the window.
    factor : float or None
        What the affected quantity is multiplied by once the cause is
        fully there, > 0; 1 changes nothing.
    size : float or None
        Instead of `factor`: the share that what is hit loses (or, for
        harvesting, that claims gain), in (0, 1).
    shape : {"step", "ramp", "slow"} or None
        How it comes: at once, within three weeks, within twelve. None
        is as the cause usually comes.
    """

    cause: str
    channel: str | None = None
    since: dt.date | str | None = None
    factor: float | None = None
    size: float | None = None
    shape: Shape | None = None


@dataclass(frozen=True)
class Placed:
    """A cause with every choice made."""

    cause: Cause
    channel: str | None
    since: dt.date
    factor: float
    ramp_days: int
    draws: Draws

    def age(self, world: World) -> Array:
        """Return the days since the onset: 0 on its first day, negative before."""
        return np.arange(len(world.days), dtype=np.float64) - world.at(self.since)

    def path(self, world: World) -> Array:
        """Return the multiplier per day: 1 before onset, then to `factor`."""
        progress = np.clip((self.age(world) + 1) / (self.ramp_days + 1), 0.0, 1.0)
        return self.power(progress)

    def power(self, progress: Array) -> Array:
        """Return ``factor ** progress``: 1 where nothing has happened yet."""
        return np.asarray(self.factor**progress, dtype=np.float64)

    def rows(self, world: World) -> list[int]:
        """Return the positions of the campaigns that are hit."""
        return world.rows(self.channel) if self.channel else list(range(len(world.shop.campaigns)))


def largest_channels(shop: Shop) -> Sequence[Channel]:
    """Return the channels with the most money, largest first."""
    return sorted(shop.channels, key=lambda channel: -channel.daily_spend)[:LARGEST_CHANNELS]


def any_factor(_channel: Channel | None, _shop: Shop) -> tuple[float, float]:
    """Allow every factor above 0."""
    return 0.0, math.inf


def share_lost(size: float, _channel: Channel | None, _shop: Shop) -> float:
    """Return the factor that leaves all but `size` of a quantity."""
    return 1 - size


def recent_onset(world: World, weeks: int = WEEKS_BEFORE_END, part: int = 3) -> dt.date:
    """Return a Monday `weeks` before the end; in a short account the last 1/`part`."""
    weeks_left = min(weeks, max(1, world.weeks // part))
    return world.start + dt.timedelta(weeks=world.weeks - weeks_left)


def nothing_more(_world: World, _placed: Placed) -> Mapping[str, Any]:
    """Say no more than every cause says."""
    return {}


def nothing_before(_world: World, _placed: Placed) -> None:
    """Need nothing in the account that the cause acts on."""


@dataclass(frozen=True)
class Cause:
    """One way for an account to go wrong.

    Attributes
    ----------
    name : str
        As the diagnosis names it.
    scope : str
        Whether it is planted in a channel or in the whole account.
    says : str
        What `factor` multiplies.
    default_factor : callable
        Chooses the factor from the channel hit (None: whole account).
    ramp_days : int
        Days from onset until the factor is reached; 0 is a step. -1:
        the cause has a course of its own, which no shape can change.
    apply : callable
        Changes the drivers of a world in place.
    factor_for : callable
        Turns a wanted size of the hit into a factor.
    allowed : callable
        The smallest and largest factor that make sense.
    onset : callable
        Chooses the first day in a world.
    candidates : callable
        The channels one of which is drawn.
    stage : int
        Causes that work out drivers from others act after those.
    keeps_budget : bool
        No money is added: what is lost is the plain fall in revenue.
    prepare : callable
        Puts into the account, with and without the cause, what the
        cause acts on.
    tell : callable
        More to say in the truth, from the world in which it acts.
    """

    name: str
    scope: Literal["channel", "account"]
    says: str
    default_factor: Callable[[Channel | None, Shop], float]
    ramp_days: int
    apply: Callable[[World, Placed], None]
    factor_for: Callable[[float, Channel | None, Shop], float] = share_lost
    allowed: Callable[[Channel | None, Shop], tuple[float, float]] = any_factor
    onset: Callable[[World], dt.date] = recent_onset
    candidates: Callable[[Shop], Sequence[Channel]] = largest_channels
    stage: int = 0
    keeps_budget: bool = False
    prepare: Callable[[World, Placed], None] = nothing_before
    tell: Callable[[World, Placed], Mapping[str, Any]] = nothing_more


OWN_COURSE = -1


def always(factor: float) -> Callable[[Channel | None, Shop], float]:
    """Return a rule that chooses the same factor for every channel."""
    return lambda _channel, _shop: factor


def between(smallest: float, largest: float) -> Callable[[Channel | None, Shop], tuple[float, float]]:
    """Return a rule that allows the same factors for every channel."""
    return lambda _channel, _shop: (smallest, largest)


def solve(kept: Callable[[float], float], target: float, *, low: float, high: float) -> float:
    """Return where a monotone function meets `target`, within [low, high].

    Bisection; infinite where the target is out of reach.
    """
    least, most = sorted((kept(low), kept(high)))
    if not least <= target <= most:
        return math.inf
    rising = kept(high) > kept(low)
    for _ in range(60):
        middle = (low + high) / 2
        if (kept(middle) < target) == rising:
            low = middle
        else:
            high = middle
    return round((low + high) / 2, 4)
