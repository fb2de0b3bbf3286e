"""Touches that people can have had on each day: ads met, and visits without an ad."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from roas.simulator.draws import Array, Draws, poisson_quantile
from roas.simulator.outcome import LANDING_RATE, Outcome, meetings
from roas.simulator.world import MAX_LAG, WARM_UP_DAYS, World

if TYPE_CHECKING:
    from roas.simulator.observe import Observed

#: Visits that no ad brought, in the words of analytics tools.
OWN: Final = ("Organic search", "Direct")

#: Channels that are seen more than clicked: a view is their touch. Our choice.
VIEWED: Final = frozenset({"YouTube", "Display"})

#: Views of those channels that can be tied to a person. Our choice: some two
#: and a half times their clicks.
VIEWS_SEEN: Final = 0.01

#: Visits without an ad that can be tied to a person; the rest read a page and
#: leave no trace. Our choice: with it they are about a quarter of all touches.
OWN_SEEN: Final = 0.15

#: Of visits without an ad, those that type the address. Our choice; of
#: purchases more, because who knows the shop types its name.
DIRECT_VISITS, DIRECT_PURCHASES = 0.4, 0.6

#: Part of the orders without ads that meets no ad on its way, at least.
LEAST_OWN: Final = 0.1

#: Uniforms drawn at a time; with another number a seed gives other journeys.
_BLOCK: Final = 8192


@dataclass(frozen=True)
class Traffic:
    """What can be a touch, by source and day; first all campaigns, then `OWN`.

    Attributes
    ----------
    channels, campaigns : tuple of str
        Names of each source; campaigns of `OWN` have none.
    touches : array, shape (sources, days)
        Touches of all people.
    caused : array, shape (sources, days)
        Orders that each source caused, on average; 0 for `OWN`.
    closing : array, shape (sources, days)
        Orders without ads by the source they are met at last, on average.
    carried : array, shape (sources, lags)
        Part of a source's effect that comes so many days after the touch.
    """

    channels: tuple[str, ...]
    campaigns: tuple[str, ...]
    touches: Array
    caused: Array
    closing: Array
    carried: Array


def traffic(world: World, outcome: Outcome, daily: Observed, span: slice) -> Traffic:
    """Lay out what can be a touch on the exported days of `span`."""
    campaigns = world.shop.campaigns
    seen = [
        daily.impressions[row] * VIEWS_SEEN if campaign.channel in VIEWED else daily.clicks[row]
        for row, campaign in enumerate(campaigns)
    ]
    own = np.maximum(daily.sessions - LANDING_RATE * daily.clicks.sum(axis=0), 0.0) * OWN_SEEN
    caused, met = (orders[:, WARM_UP_DAYS:][:, span] for orders in meetings(world, outcome))
    without = outcome.baseline_orders[WARM_UP_DAYS:][span]
    # Where ads meet nearly all who come by themselves, some are left for no ad.
    met = met * np.minimum(1.0, (1 - LEAST_OWN) * without / np.maximum(met.sum(axis=0), 1e-9))
    free = without - met.sum(axis=0)
    split = (1 - DIRECT_PURCHASES, DIRECT_PURCHASES)
    return Traffic(
        channels=(*(campaign.channel for campaign in campaigns), *OWN),
        campaigns=(*(campaign.name for campaign in campaigns), *("" for _ in OWN)),
        touches=np.array([*seen, (1 - DIRECT_VISITS) * own, DIRECT_VISITS * own])[:, span],
        caused=np.vstack([caused, np.zeros((len(OWN), caused.shape[1]))]),
        closing=np.vstack([met, *(part * free for part in split)]),
        carried=_carried(world),
    )


def _carried(world: World) -> Array:
    """Return each campaign's adstock weights; nothing is carried over by a visit without an ad."""
    alphas = [channel.alpha for channel in world.shop.channels for _ in channel.campaigns]
    weights = np.array([*alphas, *(0.0 for _ in OWN)])[:, np.newaxis] ** np.arange(MAX_LAG + 1)
    shares: Array = weights / weights.sum(axis=1, keepdims=True)
    return shares


class Luck:
    """Uniforms one after the other, from one named stream."""

    def __init__(self, draws: Draws, name: str) -> None:
        self._numbers = self._stream(draws, name)

    @staticmethod
    def _stream(draws: Draws, name: str) -> Iterator[float]:
        block = 0
        while True:
            yield from draws.uniform(f"{name} {block}", _BLOCK).tolist()
            block += 1

    def __call__(self) -> float:
        """Return the next number, inside (0, 1)."""
        return next(self._numbers)

    def pick(self, weights: Array) -> int | None:
        """Return a position in proportion to its weight; None where all are 0."""
        luck = self()
        steps = np.cumsum(weights)
        if not steps[-1] > 0:
            return None
        return int(np.searchsorted(steps, luck * steps[-1], side="right"))


class Pool:
    """A sample of the touches, from which people take theirs until none is left."""

    def __init__(self, sampled: Array) -> None:
        self.left = sampled

    @classmethod
    def of(cls, all_touches: Array, share: float, draws: Draws) -> Pool:
        """Draw how many touches of each source and day are in the sample."""
        luck = draws.uniform("journeys pool", all_touches.shape)
        return cls(poisson_quantile(luck, all_touches * share))

    def take(self, source: int, day: int) -> bool:
        """Take one touch away; False where there is none."""
        if self.left[source, day] < 1:
            return False
        self.left[source, day] -= 1
        return True
