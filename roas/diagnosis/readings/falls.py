"""How many of many noisy ratios truly fell: luck taken out of a count.

Each unit is seen twice: earlier with sales n₀ on spend s₀, lately with n₁ on s₁. Given n₀ + n₁, the later share is
binomial with ``p(θ) = s₁·e^θ / (s₁·e^θ + s₀)``, θ the true change of log return: the unknown level drops out
(Przyborowski and Wilenski 1940, Biometrika 31). Baskets of variation c count as ``1 / (1 + c²)`` sales each
(the quasi-likelihood of a compound Poisson sum).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np

from roas.diagnosis.readings.view import Array
from roas.quantiles import LEVELS, Q

#: Points of θ at which likelihoods are tabulated: from a fall to a twelfth to a rise to the sixfold.
GRID: Final = np.arange(-2.5, 1.8, 0.02)

#: Width and distance of the bells that the spread of true changes is built from, log units: finer than a change
#: worth a word.
BELL: Final = 0.06

#: Views of true changes before any data: the share of units that is unchanged, whether the others moved about what
#: all did together or about nothing, by this log sd, and how many units the view weighs as much as. Few sales cannot
#: tell which world it is, so the interval holds what every view says: one alone covers the others' worlds in half
#: of the cases or less (measured; docs/readings.md has the coverage of all three).
VIEWS: Final = ((0.5, False, 0.3, 2.0), (0.0, False, 0.3, 2.0), (0.0, True, 0.15, 2.0))

#: Gibbs steps dropped, and kept: at most and at least, and their product with the units. With 600 the 5 % point
#: moves by two points of a hundred from seed to seed; many units need fewer, as each step draws them all.
DROPPED: Final = 100
MOST_KEPT, FEWEST_KEPT, DRAWN = 600, 250, 60_000

#: Points at which the count of small probabilities is held against chance.
CUTS: Final = np.array([0.005, 0.01, 0.02, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5])

#: Confidence of the lower bound.
CONFIDENCE: Final = 0.95


@dataclass(frozen=True)
class Pairs:
    """Units seen in two periods.

    Attributes
    ----------
    later, earlier : array, shape (n,)
        Sales worth of claims (revenue over its noise unit), >= 0, fractional.
    paid_later, paid_earlier : array, shape (n,)
        Spend, > 0.
    basket_cv : array, shape (n,)
        Coefficient of variation of baskets; 0 where not known.
    """

    later: Array
    earlier: Array
    paid_later: Array
    paid_earlier: Array
    basket_cv: Array

    @property
    def expected(self) -> Array:
        """Later sales if nothing had changed."""
        return (self.later + self.earlier) * self.paid_later / (self.paid_later + self.paid_earlier)

    @property
    def together(self) -> float:
        """Log change of all units, within the grid."""
        bottom, top = float(self.expected.sum()), float(self.later.sum())
        return float(np.clip(np.log(max(top, 1e-300) / bottom), -2.0, 1.5)) if bottom > 0 else 0.0

    def likelihood(self) -> Array:
        """Return the likelihood of each θ of `GRID` over its largest, shape (n, points)."""
        odds = np.log(self.paid_later / self.paid_earlier)[:, None] + GRID
        log = -self.later[:, None] * np.logaddexp(0, -odds) - self.earlier[:, None] * np.logaddexp(0, odds)
        return np.asarray(np.exp(log - log.max(axis=1, keepdims=True)), dtype=np.float64)

    def below(self) -> Array:
        """Return the probability of so low a later return, or lower, if it had not fallen, shape (n,).

        Adjusted deviance residual: ``Φ(r + γ/6 − δ(r² − 1)/6)`` with r the signed root of the deviance at θ = 0,
        ``γ = (1 − 2p)/sqrt(n·p(1 − p))`` the skew of the counts (McCullagh and Nelder 1989, Generalized Linear
        Models, 2.4.3) and ``δ = γ·c²/(1 + c²)`` what gamma baskets add to it.
        """
        from scipy import stats

        share = self.paid_later / (self.paid_later + self.paid_earlier)
        total = self.later + self.earlier
        seen = self.later / np.maximum(total, 1e-300)
        deviance = 2 * total * (_entropy(seen, share) + _entropy(1 - seen, 1 - share))
        root = np.sign(seen - share) * np.sqrt(np.maximum(deviance, 0.0))
        skew = (1 - 2 * share) / np.sqrt(np.maximum(total * share * (1 - share), 1e-300))
        lean = skew * self.basket_cv**2 / (1 + self.basket_cv**2)
        return np.asarray(stats.norm.cdf(root + skew / 6 - lean * (root**2 - 1) / 6), dtype=np.float64)


def _entropy(seen: Array, expected: Array) -> Array:
    return np.asarray(np.where(seen > 0, seen * np.log(np.maximum(seen, 1e-300) / expected), 0.0))


def share_fallen(pairs: Pairs, *, by: float, seed: int = 0) -> Q:
    """Return the share of units whose true return fell by more than `by`.

    Parameters
    ----------
    pairs : Pairs
        At least one unit.
    by : float
        Relative fall, in [0, 1).
    seed : int

    Returns
    -------
    Q
        Posterior of the share among these units.

    Notes
    -----
    Hierarchical model: θ of a unit is 0, or drawn from a mixture of bells `BELL` wide on a grid, whose weights are
    Dirichlet about one of `VIEWS`. A Gibbs sampler draws each unit's bell, then the weights (Escobar and West 1995,
    Journal of the American Statistical Association 90); the unit has fallen with the probability of
    ``θ < log(1 − by)`` in its bell. The spread of true changes is learnt from all units and not assumed normal:
    half may have fallen and the rest not. The interval is from the lowest 5 % point of the views to their highest
    95 % point, the middle their mean.
    """
    centers = np.arange(GRID[0], GRID[-1] + BELL / 2, BELL)
    bells = np.exp(-0.5 * ((GRID - centers[:, None]) / BELL) ** 2)
    bells = np.vstack([np.abs(GRID) < 1e-9, bells / bells.sum(axis=1, keepdims=True)])
    likely = pairs.likelihood()
    whole = likely @ bells.T + 1e-300
    under = np.log1p(-by) > GRID + 1e-9
    fallen = (likely[:, under] @ bells[:, under].T) / whole
    found = []
    for place, (unchanged, together, sd, units) in enumerate(VIEWS):
        shape = np.exp(-0.5 * ((centers - pairs.together * together) / sd) ** 2) + 1e-12
        base = units * np.concatenate([[unchanged], (1 - unchanged) * shape / shape.sum()])
        found.append(_shares(whole, fallen, base, np.random.default_rng((seed, place, 17))))
    points = np.quantile(found, LEVELS, axis=1)
    return Q.at(points[0].min(), points[1].mean(), points[2].max())


def _shares(whole: Array, fallen: Array, base: Array, rng: np.random.Generator) -> Array:
    """Return draws of the share that has fallen, from likelihoods by unit and bell, shape (steps kept,)."""
    kept = int(np.clip(DRAWN / len(whole), FEWEST_KEPT, MOST_KEPT))
    weight, rows, shares = base / base.sum(), np.arange(len(whole)), np.zeros(kept)
    for step in range(-DROPPED, kept):
        ladder = np.cumsum(whole * weight, axis=1)
        bell = (ladder < rng.random(len(rows))[:, None] * ladder[:, -1:]).sum(axis=1)
        bell = np.minimum(bell, len(base) - 1)
        drawn = rng.standard_gamma(base + np.bincount(bell, minlength=len(base))) + 1e-300
        weight = drawn / drawn.sum()
        if step >= 0:
            shares[step] = (rng.random(len(rows)) < fallen[rows, bell]).mean()
    return shares


def least_fallen(chances: Array) -> float:
    """Return the share of units that have fallen at all, at least, with 95 % confidence.

    Parameters
    ----------
    chances : array, shape (n,)
        Probability of so low a return by luck alone, per unit; independent between units.

    Returns
    -------
    float
        In [0, 1]; 0 where luck may explain all.

    Notes
    -----
    Meinshausen and Rice 2006 (Annals of Statistics 34:373–393):
    ``max over t of (F(t) − t − β·sqrt(t(1 − t)/n)) / (1 − t)``, F the share of chances up to t, β the 95 % point of
    the largest of ``sqrt(n)·(F(t) − t)/sqrt(t(1 − t))`` over `CUTS` under luck alone, simulated. It assumes
    nothing about how far units fell.
    """
    n = len(chances)
    if n == 0:
        return 0.0
    seen = np.searchsorted(np.sort(chances), CUTS, side="right") / n
    bound = (seen - CUTS - _beta(n) * np.sqrt(CUTS * (1 - CUTS) / n)) / (1 - CUTS)
    return float(max(0.0, bound.max()))


@lru_cache(maxsize=64)
def _beta(n: int) -> float:
    """Simulate the bounding factor for n independent uniform chances."""
    rng = np.random.default_rng((n, 29))
    steps = np.diff(np.concatenate([[0.0], CUTS, [1.0]]))
    seen = np.cumsum(rng.multinomial(n, steps, size=4000)[:, :-1], axis=1) / n
    excess = np.sqrt(n) * (seen - CUTS) / np.sqrt(CUTS * (1 - CUTS))
    return float(np.quantile(excess.max(axis=1), CONFIDENCE))
