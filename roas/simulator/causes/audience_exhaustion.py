"""The same people see the ads too often: reach falls, frequency rises."""

from __future__ import annotations

from roas.simulator.causes.base import Cause, Placed, always, between, solve
from roas.simulator.shop import Channel, Shop
from roas.simulator.world import World

# How a campaign answers to frequency, as a ratio to what it was.
CTR_EXPONENT, CVR_EXPONENT = -0.6, -0.4
# Few people left to bid for are dear: CPM ~ audience ** this.
CPM_EXPONENT = -0.1
# Impressions per person and day of an ordinary campaign; accounts draw 1.3 to 1.9.
ORDINARY_FREQUENCY = 1.6


def apply(world: World, placed: Placed) -> None:
    """Shrink the channel's audiences, and what its ads do with them."""
    rows, path = placed.rows(world), placed.path(world)
    before = 1 + world.impressions[rows] / world.audience[rows]
    world.audience[rows] *= path
    world.cpm[rows] *= path**CPM_EXPONENT
    # Impressions over reach, with reach as the exports show it.
    overload = (1 + world.impressions[rows] / world.audience[rows]) / before
    world.appeal[rows] *= overload**CTR_EXPONENT
    world.click_worth[rows] *= overload**CVR_EXPONENT


def factor_for(size: float, _channel: Channel | None, _shop: Shop) -> float:
    """Return the audience at which an impression sells `size` less."""

    def kept(factor: float) -> float:
        frequency = 1 + (ORDINARY_FREQUENCY - 1) / factor
        return float((frequency / ORDINARY_FREQUENCY) ** (CTR_EXPONENT + CVR_EXPONENT))

    return solve(kept, 1 - size, low=0.01, high=1.0)


CAUSE = Cause(
    name="audience_exhaustion",
    scope="channel",
    says="people whom the channel's ads can reach",
    default_factor=always(0.4),
    ramp_days=27,
    apply=apply,
    factor_for=factor_for,
    allowed=between(0.01, 1.0),
    stage=4,
)
