"""Auction inflation: the price of impressions rose, at equal quality."""

from __future__ import annotations

from typing import Final

from roas.diagnosis.causes.base import Signature

#: Dearer impressions buy fewer clicks; where the response bends, each is worth a little more, and fewer
#: impressions repeat themselves less (diagnosis signature H4).
CAUSE: Final = Signature(
    name="auction_inflation",
    scope="channel",
    hit={"cpm": (1.0, 1.0), "cvr": (-0.05, 0.3), "ctr": (-0.1, 0.1), "frequency": (-0.5, 0.1)},
    shows="cpm",
)
