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


#: Power that evidence over innocence is raised to. Between 0 and 1 it stays what it is: where the plain evidence is at
#: most 1 on average, so is this (Jensen). Measured on healthy accounts looked at every week (benchmarks/weekly/alarms.py):
#: the evidence of a look had a mean of 1.9 as it is, too much; of 0.6 with this power.
EVIDENCE_POWER: Final = 0.8


def cautious_evidence(over_innocent: float, log_share: float) -> float:
    """Return the log of a finding's part of the evidence against innocence, to three decimals.

    Parameters
    ----------
    over_innocent : float
        Log Bayes factor of the cause in its place over nothing, or over the harmless change that fits best.
    log_share : float
        Log of its part of one unit laid out over all causes and places.

    Notes
    -----
    ``log_share + EVIDENCE_POWER * over_innocent``.
    """
    return round(log_share + EVIDENCE_POWER * over_innocent, 3)
