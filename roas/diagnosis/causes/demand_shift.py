"""Demand shift: the market moved; visits and searches fall together, paid and unpaid."""

from __future__ import annotations

from typing import Final

from roas.diagnosis.causes.base import Signature

#: Fewer people come, and those who come buy a little less (diagnosis signature H9).
CAUSE: Final = Signature(
    name="demand_shift",
    scope="account",
    hit={"cvr": (-0.9, -0.1), "ctr": (-0.35, 0.05), "cpm": (-0.3, 0.2), "frequency": (-0.2, 0.1)},
    till={
        "claims_over_till": (-0.2, 0.3),
        "orders": (-1.15, -0.85),
        "orders_per_session": (-0.8, 0.05),
        "revenue": (-1.15, -0.85),
        "sessions": (-1.05, -0.3),
        "order_value": (-0.15, 0.05),
    },
    shows="sessions",
)
