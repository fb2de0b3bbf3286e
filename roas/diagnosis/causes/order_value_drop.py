"""Order value drop: baskets shrank, in every channel and in the till."""

from __future__ import annotations

from typing import Final

from roas.diagnosis.causes.base import Signature

#: As many orders, each smaller (diagnosis signature H8).
CAUSE: Final = Signature(
    name="order_value_drop",
    scope="account",
    hit={"aov": (-1.05, -0.85)},
    till={
        "claims_over_till": (-0.1, 0.1),
        "order_value": (-1.0, -0.9),
        "revenue": (-1.0, -0.85),
        "orders": (-0.05, 0.15),
        "orders_per_session": (-0.05, 0.15),
    },
    shows="order_value",
)
