"""What happens to channels without harm: every cause must beat these, too."""

from __future__ import annotations

from typing import Final

from roas.diagnosis.causes.base import Signature

#: Better ads or a better audience: the till rises with the claims. What harvesting must be told from.
_BETTER_ADS: Final = Signature("better_ads", "channel", {"ctr": (0.8, 1.0), "cvr": (-0.1, 0.2)})
_BETTER_BUYERS: Final = Signature("better_buyers", "channel", {"cvr": (0.8, 1.0), "ctr": (-0.1, 0.2)})

#: Cheaper placements: fewer clicks per impression at a lower price, the same price per click.
_CHEAPER: Final = Signature("cheaper_places", "channel", {"cpm": (-1.0, -0.9), "ctr": (-1.1, -0.8)})

#: People see the ads more often and respond as before.
_OFTENER: Final = Signature("oftener", "channel", {"frequency": (1.0, 1.0), "ctr": (-0.05, 0.3), "cvr": (-0.05, 0.1)})

#: Clicks are counted otherwise: what is won per impression is lost per click.
_RECOUNTED: Final = Signature("recounted", "channel", {"ctr": (1.0, 1.0), "cvr": (-1.0, -1.0)})

HARMLESS: Final = (_BETTER_ADS, _BETTER_BUYERS, _CHEAPER, _OFTENER, _RECOUNTED)
