"""The causes that can be planted: one module and one line each."""

from __future__ import annotations

from roas.simulator.causes import (
    auction_inflation,
    conversion_rate_drop,
    demand_shift,
    order_value_drop,
    saturation,
    tracking_break,
)
from roas.simulator.causes.base import Cause

CAUSES: dict[str, Cause] = {
    cause.name: cause
    for cause in (
        auction_inflation.CAUSE,
        conversion_rate_drop.CAUSE,
        demand_shift.CAUSE,
        order_value_drop.CAUSE,
        saturation.CAUSE,
        tracking_break.CAUSE,
    )
}


def available_causes() -> tuple[str, ...]:
    """Return the names of the causes that can be simulated, sorted."""
    return tuple(sorted(CAUSES))
