"""Conversion rate drop: the site converts less from every source."""

from __future__ import annotations

from typing import Final

from roas.diagnosis.causes.base import Signature

#: Every channel and the unpaid visits sell less alike; visits and baskets stay (diagnosis signature H8).
CAUSE: Final = Signature(
    name="conversion_rate_drop",
    scope="account",
    hit={"cvr": (-1.05, -0.85)},
    till={
        "claims_over_till": (-0.1, 0.1),
        "orders": (-1.0, -0.9),
        "orders_per_session": (-1.0, -0.9),
        "revenue": (-1.05, -0.9),
        "sessions": (-0.05, 0.05),
        "order_value": (-0.1, 0.05),
    },
    shows="orders_per_session",
)
