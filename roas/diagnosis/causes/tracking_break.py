"""Tracking break: the platform's count broke or its rule changed; the till did not move."""

from __future__ import annotations

from typing import Final

from roas.diagnosis.causes.base import Signature

#: Claims fall at once in one platform; clicks, prices and the till stay (diagnosis signature H2).
CAUSE: Final = Signature(
    name="tracking_break",
    scope="channel",
    hit={"cvr": (-1.0, -1.0)},
    shows="cvr",
    courses=("step", "ramp"),
    sells=(0.0, 0.1),
)
