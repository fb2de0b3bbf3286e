"""Creative fatigue: click-through wears out as creatives age, while price and site stay."""

from __future__ import annotations

from typing import Final

from roas.diagnosis.causes.base import Signature

#: Fewer clicks on as many impressions; who clicks buys as before (diagnosis signature H5).
CAUSE: Final = Signature(
    name="creative_fatigue",
    scope="channel",
    hit={"ctr": (-1.0, -0.9), "cvr": (-0.15, 0.15), "cpm": (-0.05, 0.3), "frequency": (-0.05, 0.3)},
    shows="ctr",
)
