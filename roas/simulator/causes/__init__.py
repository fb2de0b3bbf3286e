"""The causes that can be planted: one module and one line each."""

from __future__ import annotations

from roas.simulator.causes import (
    auction_inflation,
    audience_exhaustion,
    baseline_erosion,
    conversion_rate_drop,
    creative_fatigue,
    demand_shift,
    fragmentation,
    harvesting,
    mix_shift,
    order_value_drop,
    promotion_hangover,
    reporting_lag,
    saturation,
    tracking_break,
)
from roas.simulator.causes.base import Cause

CAUSES: dict[str, Cause] = {
    cause.name: cause
    for cause in (
        auction_inflation.CAUSE,
        audience_exhaustion.CAUSE,
        baseline_erosion.CAUSE,
        conversion_rate_drop.CAUSE,
        creative_fatigue.CAUSE,
        demand_shift.CAUSE,
        fragmentation.CAUSE,
        harvesting.CAUSE,
        mix_shift.CAUSE,
        order_value_drop.CAUSE,
        promotion_hangover.CAUSE,
        reporting_lag.CAUSE,
        saturation.CAUSE,
        tracking_break.CAUSE,
    )
}


def available_causes() -> tuple[str, ...]:
    """Return the names of the causes that can be simulated, sorted."""
    return tuple(sorted(CAUSES))
