"""From the model's probability to one that holds as often as it says."""

from __future__ import annotations

import math
from typing import Final

#: Intercept and slope on the log odds, from 190 findings in development accounts of two simulators
#: (benchmarks/diagnosis, seeds under 1000).
INTERCEPT, SLOPE = -0.15, 0.6

#: No finding is said to be surer than this: what the model is certain of was right in about 96 of 100.
SUREST: Final = 0.96


def calibrated(probability: float) -> float:
    """Return the probability as simulated accounts bear it out, to three digits."""
    bounded = min(max(probability, 1e-9), 1 - 1e-9)
    odds = INTERCEPT + SLOPE * math.log(bounded / (1 - bounded))
    return round(min(1 / (1 + math.exp(-max(min(odds, 50.0), -50.0))), SUREST), 3)
