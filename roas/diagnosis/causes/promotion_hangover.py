"""Promotion hangover: a promotion pulled sales forward, and the weeks after it pay for them."""

from __future__ import annotations

from typing import Final

from roas.diagnosis.causes.base import Signature

#: A dip that begins when a promotion ends and is made up within weeks (diagnosis signature H10; Van Heerde,
#: Leeflang and Wittink 2000).
CAUSE: Final = Signature(
    name="promotion_hangover",
    scope="account",
    hit={"cvr": (-0.95, -0.1), "aov": (-0.4, 0.05), "ctr": (-0.15, 0.05), "cpm": (-0.15, 0.2)},
    till={
        "claims_over_till": (-0.2, 0.3),
        "orders": (-1.1, -0.8),
        "orders_per_session": (-0.9, -0.1),
        "revenue": (-1.2, -0.8),
        "sessions": (-0.9, -0.1),
        "order_value": (-0.4, 0.05),
    },
    shows="orders",
    courses=("dip",),
    gate="promotion_ended",
    by_chance=0.4,
)
