"""Changes of variance, told apart from changes of level: a CUSUM of squares.

Run on one-step forecast errors after levels and memory are taken out, in the
form that kurtosis and clustering do not mislead.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from roas.volatility._arrays import Array

#: Fewest periods on either side of a change of variance, and fewest in all: a variance
#: needs about that many to be known within a quarter.
SIDE: Final = 30
#: p-value under which a change of variance is reported.
VARIANCE_ALPHA: Final = 0.01
#: The statistic's 1 % point for n periods is the Kolmogorov limit 1.628 less this over the square
#: root of n: simulated for normal and t(5) errors, n = 60 … 1100, in `benchmarks/volatility/breaks.py`.
SMALL_SAMPLE: Final = 1.5
#: Ends of the interval of a date.
ENDS: Final = (0.05, 0.95)


@dataclass(frozen=True)
class Shift:
    """A change of variance.

    Attributes
    ----------
    at, first, last : int
        First period of the new variance, and the 90 % interval of it.
    before, after : float
        Standard deviations, unit of the values given.
    probability : float
        At most this: ``1 / (1 - e p log p)``, the bound of Sellke, Bayarri and Berger (2001).
    """

    at: int
    first: int
    last: int
    before: float
    after: float
    probability: float


def variance_shifts(errors: Array) -> list[Shift]:
    """Find changes of variance by binary segmentation.

    Parameters
    ----------
    errors : array, shape (n,)
        Forecast errors, mean about zero, no gaps.

    Returns
    -------
    list of Shift
        Ascending; empty under 2 · `SIDE` periods.
    """
    cuts: list[tuple[int, float]] = []
    _split(errors, 0, len(errors), cuts)
    cuts.sort()
    edges = [0, *(at for at, _ in cuts), len(errors)]
    return [
        _shift(errors, low, at, high, chance)
        for (at, chance), low, high in zip(cuts, edges[:-2], edges[2:], strict=True)
    ]


def _split(errors: Array, low: int, high: int, cuts: list[tuple[int, float]]) -> None:
    if high - low < 2 * SIDE:
        return
    statistic, at = kappa_two(errors[low:high])
    chance = tail(statistic, high - low)
    if chance < VARIANCE_ALPHA and SIDE <= at <= high - low - SIDE:
        cuts.append((low + at, chance))
        _split(errors, low, low + at, cuts)
        _split(errors, low + at, high, cuts)


def kappa_two(errors: Array) -> tuple[float, int]:
    """Return the statistic and the first period after its peak.

    Notes
    -----
    ``sup_k |C_k - k/T · C_T| / sqrt(T · omega)``, C the cumulated squares, omega the
    long-run variance of the squares (Bartlett weights, 4 (T/100)^(1/4) lags).

    References
    ----------
    Sansó, Aragó and Carrion (2004), Testing for changes in the unconditional
    variance of financial time series.
    """
    n = len(errors)
    squares = errors**2
    rest = squares - squares.mean()
    lags = int(4 * (n / 100) ** 0.25)
    omega = float(rest @ rest) / n
    omega += sum(2 * (1 - lag / (lags + 1)) * float(rest[lag:] @ rest[:-lag]) / n for lag in range(1, lags + 1))
    if not omega > 1e-12 * float(squares.mean()) ** 2:
        return 0.0, 0
    path = np.abs(np.cumsum(rest))
    at = int(np.argmax(path))
    return float(path[at] / np.sqrt(n * omega)), at + 1


def tail(statistic: float, n: int) -> float:
    """Return the chance of a statistic as large without a change: Kolmogorov's law, shrunk for n."""
    from scipy.special import kolmogorov

    limit = 1.628
    return float(kolmogorov(statistic * limit / (limit - SMALL_SAMPLE / np.sqrt(n))))


def _shift(errors: Array, low: int, at: int, high: int, chance: float) -> Shift:
    part = errors[low:high]
    n, squares = len(part), np.cumsum(part**2)
    k = np.arange(SIDE, n - SIDE + 1)
    first, second = squares[k - 1] / k, (squares[-1] - squares[k - 1]) / (n - k)
    log = -(k * np.log(np.maximum(first, 1e-300)) + (n - k) * np.log(np.maximum(second, 1e-300))) / 2
    scaled = np.concatenate([part[: at - low] / _sd(part[: at - low]), part[at - low :] / _sd(part[at - low :])])
    kurtosis = max(float((scaled**4).mean()) - 1, 2.0)
    weight = np.exp((log - log.max()) * 2 / kurtosis)
    share = np.cumsum(weight) / weight.sum()
    ends = [low + int(k[min(int(np.searchsorted(share, end)), len(k) - 1)]) for end in ENDS]
    p = max(chance, 1e-12)
    return Shift(
        at,
        min(ends[0], at),
        max(ends[1], at),
        _sd(errors[low:at]),
        _sd(errors[at:high]),
        1 / (1 - np.e * p * float(np.log(p))),
    )


def _sd(errors: Array) -> float:
    return float(np.sqrt(max(float((errors**2).mean()), 1e-300)))
