"""What a cause is, and where and when one is planted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from roas.simulator.draws import Array
from roas.simulator.shop import Channel
from roas.simulator.world import World


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
    """

    cause: str
    channel: str | None = None
    since: dt.date | str | None = None
    factor: float | None = None


@dataclass(frozen=True)
class Placed:
    """A cause with every choice made."""

    cause: Cause
    channel: str | None
    since: dt.date
    factor: float

    def path(self, world: World) -> Array:
        """Return the multiplier per day: 1 before onset, then to `factor`."""
        days = np.arange(len(world.days)) - world.at(self.since) + 1
        progress = np.clip(days / (self.cause.ramp_days + 1), 0.0, 1.0)
        return np.asarray(self.factor**progress, dtype=np.float64)

    def rows(self, world: World) -> list[int]:
        """Return the positions of the campaigns that are hit."""
        return world.rows(self.channel) if self.channel else list(range(len(world.shop.campaigns)))


@dataclass(frozen=True)
class Cause:
    """One way for an account to go wrong.

    Attributes
    ----------
    name : str
        As the diagnosis names it.
    scope : str
        Whether it hits a channel or the whole account.
    says : str
        What `factor` multiplies.
    default_factor : callable
        Chooses the factor from the channel hit (None: whole account).
    ramp_days : int
        Days from onset until the factor is reached; 0 is a step.
    apply : callable
        Changes the drivers of a world in place.
    """

    name: str
    scope: Literal["channel", "account"]
    says: str
    default_factor: Callable[[Channel | None], float]
    ramp_days: int
    apply: Callable[[World, Placed], None]


def always(factor: float) -> Callable[[Channel | None], float]:
    """Return a rule that chooses the same factor for every channel."""
    return lambda _channel: factor
