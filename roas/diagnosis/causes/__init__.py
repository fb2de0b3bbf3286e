"""The generative models of the causes: one module and one line each."""

from __future__ import annotations

from typing import Final

from roas.diagnosis.causes import (
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
    saturation,
    tracking_break,
)
from roas.diagnosis.causes.base import Signature

#: By name. `reporting_lag` is read day by day, see `roas.diagnosis.lateness`.
SIGNATURES: Final[dict[str, Signature]] = {
    each.name: each
    for each in (
        saturation.CAUSE,
        auction_inflation.CAUSE,
        creative_fatigue.CAUSE,
        audience_exhaustion.CAUSE,
        tracking_break.CAUSE,
        harvesting.CAUSE,
        fragmentation.CAUSE,
        conversion_rate_drop.CAUSE,
        order_value_drop.CAUSE,
        mix_shift.CAUSE,
        demand_shift.CAUSE,
        baseline_erosion.CAUSE,
        promotion_hangover.CAUSE,
    )
}
