"""A variance that switches between a calm and a turbulent state (hidden Markov model with two states)."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import Final

import numpy as np

from roas.volatility._arrays import Array

#: Settings tried: variance of turbulent over calm periods, mean length of a turbulent spell (in weeks) and
#: long-run share of turbulent time. A maximum over fixed settings needs no start values and cannot stick.
RATIOS: Final = (1.7, 2.7, 4.5)
SPELLS: Final = (3.0, 10.0)
SHARES: Final = (0.15, 0.4)

#: Rounds of expectation and maximisation after the best setting; the fit then changes by less than 0.01 in log density.
ROUNDS: Final = 25

#: Shocks are bounded at this many standard deviations before they are judged.
BOUND: Final = 3.0


@dataclass(frozen=True)
class Switching:
    """A fitted two-state variance.

    Attributes
    ----------
    calm, turbulent : float
        Variances of the (unit-variance) shocks in each state.
    probability : array, shape (n,)
        Of the turbulent state in each period, given all periods.
    gain : float
        Log density above one constant variance, times two.
    """

    calm: float
    turbulent: float
    probability: Array
    gain: float


def settings(per_week: int) -> Array:
    """Return the settings tried, shape (n_settings, 4): calm and turbulent variance, chances to enter and to leave."""
    rows = []
    for ratio, spell, share in product(RATIOS, SPELLS, SHARES):
        calm = 1 / (1 - share + share * ratio)
        leave = min(0.5, 1 / (spell * per_week))
        rows.append((calm, calm * ratio, leave * share / (1 - share), leave))
    return np.array(rows)


def gain(white: Array, per_week: int) -> Array:
    """Return twice the largest gain in log density over a constant variance.

    Parameters
    ----------
    white : array, shape (m, n)
        m series of shocks of unit variance.

    Notes
    -----
    The usual chi-square limit does not hold, as the chances of switching mean
    nothing under one variance (Hansen 1992): take the null distribution from reordered shocks.
    """
    x = np.clip(white, -BOUND, BOUND)
    square = (x / x.std(axis=1, keepdims=True)) ** 2
    calm, turbulent, enter, leave = settings(per_week).T
    constant = -0.5 * square.sum(axis=1)
    probability = np.broadcast_to(enter / (enter + leave), (len(x), len(calm))).copy()
    total = np.zeros_like(probability)
    cuts = (-0.5 / calm, -0.5 / turbulent, 1 / np.sqrt(calm), 1 / np.sqrt(turbulent))
    for now in square.T[:, :, None]:
        high = probability * cuts[3] * np.exp(cuts[1] * now)
        both = high + (1 - probability) * cuts[2] * np.exp(cuts[0] * now)
        total += np.log(both)
        probability = enter + (1 - enter - leave) * high / both
    found: Array = 2 * (total.max(axis=1) - constant)
    return found


def fit(white: Array, per_week: int) -> Switching:
    """Fit the two-state variance to one series by expectation and maximisation.

    Parameters
    ----------
    white : array, shape (n,)
        Shocks of unit variance, finite.

    References
    ----------
    Hamilton (1990), Analysis of time series subject to changes in regime.
    """
    x = np.clip(white, -BOUND, BOUND)
    square = (x / x.std()) ** 2
    runs = [_expect(square, *setting) for setting in settings(per_week)]
    start = int(np.argmax([run[2] for run in runs]))
    calm, turbulent, enter, leave = settings(per_week)[start]
    smooth, moves, best = runs[start]
    for _ in range(ROUNDS):
        calm = float(((1 - smooth) * square).sum() / max((1 - smooth).sum(), 1e-9))
        turbulent = float((smooth * square).sum() / max(smooth.sum(), 1e-9))
        # A spell is not shorter than the shortest tried: a state for a day or two is a tail, not a regime.
        shortest = 1 / (min(SPELLS) * per_week)
        enter = min(float(moves[0]) / max(float((1 - smooth[:-1]).sum()), 1e-9), shortest)
        leave = min(float(moves[1]) / max(float(smooth[:-1].sum()), 1e-9), shortest)
        enter, leave = max(enter, 1e-4), max(leave, 1e-4)
        smooth, moves, best = _expect(square, max(calm, 1e-6), max(turbulent, 1e-6), enter, leave)
    if turbulent < calm:
        calm, turbulent, smooth = turbulent, calm, 1 - smooth
    return Switching(calm, turbulent, smooth, 2 * (best + 0.5 * float(square.sum())))


def _expect(square: Array, calm: float, turbulent: float, enter: float, leave: float
            ) -> tuple[Array, tuple[float, float], float]:  # fmt: skip
    """Return the state's probability per period, expected moves into and out of it, and the log density."""
    n = len(square)
    low = np.exp(-0.5 * square / calm) / np.sqrt(calm)
    high = np.exp(-0.5 * square / turbulent) / np.sqrt(turbulent)
    ahead, filtered = np.empty(n), np.empty(n)
    p, total = enter / (enter + leave), 0.0
    for t, (a, b) in enumerate(zip(low.tolist(), high.tolist(), strict=True)):
        ahead[t] = p
        both = p * b + (1 - p) * a
        total += float(np.log(both))
        q = p * b / both
        filtered[t] = q
        p = q * (1 - leave) + (1 - q) * enter
    smooth = filtered.copy()
    into = out = 0.0
    for t in range(n - 2, -1, -1):
        up, down = smooth[t + 1] / ahead[t + 1], (1 - smooth[t + 1]) / (1 - ahead[t + 1])
        entered, left = (1 - filtered[t]) * enter * up, filtered[t] * leave * down
        into, out = into + entered, out + left
        smooth[t] = filtered[t] * (1 - leave) * up + left
    return smooth, (float(into), float(out)), total
