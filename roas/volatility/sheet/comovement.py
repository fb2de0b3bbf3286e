"""Risks in common: a channel against total demand, and channels against each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from roas.quantiles import Q
from roas.volatility._arrays import Array
from roas.volatility.regimes.shocks import Shocks, standardise
from roas.volatility.series import RoasSeries
from roas.volatility.sheet.returns import FEWEST_RISK_WEEKS, NORMAL_90, long_run

if TYPE_CHECKING:
    import pandas as pd

#: Correlation from which two channels are called one risk, if it is also surely above zero: half of the variance of
#: their sum is then common.
SAME_RISK: Final = 0.5

#: Degrees of freedom that the slow level takes from a series, per period: one over the sum of its tricube weights
#: (81/70 times its reach of 91 days or 13 weeks).
LEVEL_SHARE: Final[dict[str, float]] = {"day": 70 / 81 / 91, "week": 70 / 81 / 13}

#: False discovery rate of the pairs called related.
FALSE_PAIRS: Final = 0.05


def demand_beta(shocks: Shocks, demand: Array) -> Q | None:
    """Return the elasticity of a channel's ROAS to total store demand.

    Parameters
    ----------
    shocks : Shocks
        Of the channel, by week.
    demand : array, shape (n_weeks,)
        Unpaid revenue of the same weeks, or the till's (which holds the
        channel's own sales, and so leans towards one). Currency; NaN where unknown.

    Returns
    -------
    Q or None
        None with fewer than `FEWEST_RISK_WEEKS` weeks in common, or demand that does not vary.

    Notes
    -----
    Slope of the channel's residual on the residual of log demand, both about
    their slow levels, weighted by one over the residual's variance; error by
    the long-run variance of the score. Counting noise of the demand draws the slope towards zero.
    """
    length = min(len(demand), len(shocks.dates))
    store = RoasSeries("", "mer", "week", shocks.dates[:length], np.ones(length), demand[:length])
    moves = standardise(store).residual
    residual = shocks.residual[:length]
    known = np.isfinite(moves) & np.isfinite(residual)
    if known.sum() < FEWEST_RISK_WEEKS:
        return None
    x, y = moves[known], residual[known]
    weight = 1 / np.maximum(shocks.noise[:length][known] + shocks.true_sd**2, 1e-12)
    weight = weight / weight.mean()
    x, y = x - (weight * x).sum() / weight.sum(), y - (weight * y).sum() / weight.sum()
    total = float((weight * x**2).sum())
    if not total > 1e-12 * len(x):
        return None
    slope = float((weight * x * y).sum() / total)
    spread = long_run(weight * x * (y - slope * x))
    half = spread.quantile * float(np.sqrt(len(x) * spread.variance)) / total
    return Q.at(slope - half, slope, slope + half)


#: Share of every channel's shock variance that must be real for channels to be
#: counted as separate risks: luck is separate in every channel, and at one half
#: a correlation of 1 already reads as 0.5.
LEAST_SIGNAL: Final = 0.5


@dataclass(frozen=True)
class Correlations:
    """How shocks of channels move together.

    Attributes
    ----------
    names : tuple of str
    low, middle, high : array, shape (n, n)
        5, 50 and 95 % points of the correlations; NaN where too few periods are shared.
    periods : array, shape (n, n)
        Shared periods, reduced for autocorrelation (effective number).
    independent_risks : float or None
        Effective number of independent risks, 1 to n; None with fewer than two comparable channels.
    clusters : tuple of tuple of str
        Channels that are one risk, each group of two or more.
    """

    names: tuple[str, ...]
    low: Array
    middle: Array
    high: Array
    periods: Array
    independent_risks: float | None
    clusters: tuple[tuple[str, ...], ...]

    def pairs(self) -> list[tuple[str, str, Q]]:
        """Return each comparable pair of channels with its correlation."""
        places = zip(*np.triu_indices(len(self.names), 1), strict=True)
        return [
            (self.names[i], self.names[j], Q.at(self.low[i, j], self.middle[i, j], self.high[i, j]))
            for i, j in places
            if np.isfinite(self.middle[i, j])
        ]

    def to_dict(self) -> dict[str, Any]:
        """Return plain values; pairs that cannot be compared are left out."""
        return {
            "channels": list(self.names),
            "pairs": [{"channels": [a, b], "correlation": value.to_dict()} for a, b, value in self.pairs()],
            "independent_risks": self.independent_risks,
            "clusters": [list(group) for group in self.clusters],
        }

    def to_frame(self) -> pd.DataFrame:
        """Return one row per comparable pair: channel, other, p5, p50, p95."""
        import pandas as pd

        rows = [{"channel": a, "other": b, **value.to_dict()} for a, b, value in self.pairs()]
        return pd.DataFrame(rows, columns=["channel", "other", "p5", "p50", "p95"])


def correlations(shocks: Sequence[Shocks]) -> Correlations:
    """Correlate the shocks of channels over the periods they share.

    Parameters
    ----------
    shocks : sequence of Shocks
        Of one grain, by week for a portfolio.

    Notes
    -----
    Pearson's r of standardised shocks, with Fisher's z interval at the
    effective number of periods ``n (1 - 2 lost) / (1 + 2 sum_k r_a(k) r_b(k))``
    (Bartlett 1935), autocorrelations from each channel's fitted model, lost
    the share of periods that fitting the level costs (`LEVEL_SHARE`). The
    number of independent risks, told only where no channel's shocks are mostly
    luck (`LEAST_SIGNAL`), is ``n² / sum r²`` (participation ratio of the
    eigenvalues), each r² less its sampling part ``(1 - r²)²/periods``. A
    cluster joins pairs with r of `SAME_RISK` or more that are above zero at a
    false discovery rate of `FALSE_PAIRS`.
    """
    names = tuple(each.name for each in shocks)
    n = len(names)
    low, middle, high, periods = (np.full((n, n), np.nan) for _ in range(4))
    for i in range(n):
        low[i, i] = middle[i, i] = high[i, i] = 1.0
        for j in range(i + 1, n):
            r, count = _correlation(shocks[i], shocks[j])
            periods[i, j] = periods[j, i] = count
            if np.isfinite(r):
                half = NORMAL_90 / np.sqrt(count - 3)
                ends = np.tanh(np.arctanh(np.clip(r, -1 + 1e-12, 1 - 1e-12)) + half * np.array([-1, 0, 1]))
                for matrix, value in zip((low, middle, high), ends, strict=True):
                    matrix[i, j] = matrix[j, i] = value
    return Correlations(
        names, low, middle, high, periods, _independent(shocks, middle, periods), _clusters(names, middle, periods)
    )


def _correlation(a: Shocks, b: Shocks) -> tuple[float, float]:
    """Return r and the effective number of shared periods; NaN where these are too few."""
    _, left, right = np.intersect1d(a.dates, b.dates, assume_unique=True, return_indices=True)
    x, y = a.z[left], b.z[right]
    known = np.isfinite(x) & np.isfinite(y)
    count = int(known.sum())
    if count < FEWEST_RISK_WEEKS or a.grain != b.grain:
        return float("nan"), float(count)
    both = a.phi * b.phi
    memory = a.signal * b.signal * both / (1 - both)
    effective = max(count * (1 - 2 * LEVEL_SHARE[a.grain]) / (1 + 2 * memory), 4.0)
    return float(np.corrcoef(x[known], y[known])[0, 1]), effective


def _independent(shocks: Sequence[Shocks], r: Array, periods: Array) -> float | None:
    """Return the effective number of independent risks; None where luck would make any channels look apart."""
    if not all(each.signal >= LEAST_SIGNAL for each in shocks):
        return None
    upper = np.triu_indices(len(r), 1)
    values, counts = r[upper], periods[upper]
    known = np.isfinite(values)
    if not len(values) or not known.all():
        return None
    square = np.maximum(values**2 - (1 - values**2) ** 2 / counts, 0.0)
    n = len(r)
    return float(f"{n**2 / (n + 2 * square.sum()):.4g}")


def _clusters(names: tuple[str, ...], r: Array, periods: Array) -> tuple[tuple[str, ...], ...]:
    """Join channels that are linked pair by pair (Benjamini and Hochberg 1995 over pairs)."""
    from scipy.special import ndtr

    rows, columns = np.triu_indices(len(names), 1)
    known = np.flatnonzero(np.isfinite(r[rows, columns]))
    value, count = r[rows, columns][known], periods[rows, columns][known]
    p = ndtr(-np.arctanh(np.clip(value, -1 + 1e-12, 1 - 1e-12)) * np.sqrt(np.maximum(count - 3, 1)))
    order = np.argsort(p, kind="stable")
    passed = np.flatnonzero(p[order] <= FALSE_PAIRS * np.arange(1, len(p) + 1) / max(len(p), 1))
    related = order[: passed[-1] + 1] if len(passed) else order[:0]
    group = np.arange(len(names))
    for pair in known[related[value[related] >= SAME_RISK]]:
        group[group == group[columns[pair]]] = group[rows[pair]]
    sets = [tuple(names[i] for i in np.flatnonzero(group == g)) for g in dict.fromkeys(group.tolist())]
    return tuple(each for each in sets if len(each) > 1)
