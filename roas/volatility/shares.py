"""Which movements a ROAS series is made of: luck, calendar, demand, own spend, funnel, the rest.

Weekly log ROAS is regressed on what is known of each week. What the parts
explain is averaged over the orders in which they can enter (Lindeman, Merenda
and Gold 1980; Kruskal 1987), the calendar always before demand: a season in
demand is season. Each R² is adjusted for what as many columns would explain
by chance in a series with this one's memory. Correlation is all that is
claimed here.

Luck comes before all of them. What counting does to ROAS is known from the
noise floor, and no regression can take it away: demand read from the same
till, or spend under the ratio, follows the very luck of its weeks. Parts that
explain more than luck leaves are scaled down to it.
"""

from __future__ import annotations

from itertools import permutations
from typing import Final

import numpy as np

from roas.volatility._arrays import Array
from roas.volatility.around import Surroundings, blocks_of
from roas.volatility.noise import Noise
from roas.volatility.series import RoasSeries
from roas.volatility.truth import FEWEST_WEEKS, deviation

#: The parts, in the order in which they are told.
PARTS: Final = ("sampling", "calendar", "demand", "spend", "funnel", "unexplained")

#: Memory from one week to the next beyond which a series counts as one that
#: drifts; an estimate from 104 weeks of a random walk lies about here.
MOST_MEMORY: Final = 0.95


def variance_shares(series: RoasSeries, noise: Noise, around: Surroundings | None = None) -> dict[str, float] | None:
    """Split the variance of log weekly ROAS.

    Parameters
    ----------
    series : RoasSeries
    noise : Noise
        Its noise floor.
    around : Surroundings, optional
        What else is known of the weeks.

    Returns
    -------
    dict or None
        `PARTS` → share, each in [0, 1], together 1. A part that nothing is
        known about is 0 and its movement is in ``unexplained``. None with
        fewer than `FEWEST_WEEKS` weeks.

    Notes
    -----
    ``sampling`` is the share of the variance seen that counting sales alone
    would make: ``min(1, V / S)``, with V the mean variance by luck (`Swing`'s
    ``sampling_variance``, shown as the noise floor) and S the variance of the
    mature weeks, ``Σ w·d² / Σ w · n / (n − 1)``. Where the floor is as high as
    what was seen, luck is all and the other parts are 0; `Swing`'s
    ``true_log_sd`` then begins at 0. The share is 0 where the floor is not
    known, and an upper bound where the floor is one (`Noise.basis`
    "dispersion"). The parts explained share ``1 − sampling``: as found where they fit in,
    else in proportion. ``unexplained`` is the rest.
    """
    weeks = series.weeks
    used = weeks.usable
    if used.sum() < FEWEST_WEEKS or not weeks.revenue[used].sum() > 0:
        return None
    deviations, weight, variance = deviation(weeks, noise)
    root = np.sqrt(weight)
    y = deviations * root
    square = float(y @ y)
    luck = _luck(square, weight, variance, noise)
    if square <= 0 or luck >= 1:
        return dict.fromkeys(PARTS, 0.0) | {"sampling": luck, "unexplained": 1 - luck}
    blocks = blocks_of(weeks, around)
    explained = _explained(y, root, {name: block * root[:, None] for name, block in blocks.items()})
    return _add_to_one(luck, explained)


def _luck(square: float, weight: Array, variance: Array, noise: Noise) -> float:
    """Return ``min(1, V / S)``, what counting alone would make of what was seen; 0 where it is not known."""
    if noise.unit is None:
        return 0.0
    floor = float((weight * variance).sum()) * (1 - 1 / len(weight))
    if not np.isfinite(floor):
        return 0.0
    return 1.0 if floor >= square else floor / square


def _add_to_one(luck: float, explained: dict[str, float]) -> dict[str, float]:
    """Share what luck leaves among the parts that explain; the rest is unexplained."""
    left, total = 1 - luck, sum(explained.values())
    if total > left:
        explained = {name: value * left / total for name, value in explained.items()}
    shares = {"sampling": luck, **explained}
    shares["unexplained"] = max(0.0, 1 - sum(shares.values()))
    return {name: float(shares.get(name, 0.0)) for name in PARTS}


def _explained(y: Array, root: Array, blocks: dict[str, Array]) -> dict[str, float]:
    """Average the gain in R² over the orders in which parts can enter, calendar before demand."""
    orders = [o for o in permutations(blocks) if not {"calendar", "demand"} <= set(o) or _calendar_first(o)]
    memory = float(y[1:] @ y[:-1] / (y @ y))
    worth: dict[frozenset[str], float] = {}

    def known(names: tuple[str, ...]) -> float:
        key = frozenset(names)
        if key not in worth:
            worth[key] = _adjusted(y, root, [blocks[name] for name in blocks if name in key], memory)
        return worth[key]

    gains = {name: [known(o[: o.index(name) + 1]) - known(o[: o.index(name)]) for o in orders] for name in blocks}
    return {name: max(0.0, float(np.mean(gain))) for name, gain in gains.items()}


def _calendar_first(order: tuple[str, ...]) -> bool:
    return order.index("calendar") < order.index("demand")


def _adjusted(y: Array, root: Array, blocks: list[Array], memory: float) -> float:
    """R² of y on the blocks, less what it would be by chance; not below 0.

    A slow series follows any other slow series for a while. The share of a
    first-order autoregression that the columns take by chance is
    ``tr(PΣ)/tr(Σ)``; without memory that is the usual ``k/T``.
    """
    if not blocks:
        return 0.0
    design = np.column_stack([root, *blocks])
    basis = np.linalg.svd(design, full_matrices=False)
    span = basis[0][:, basis[1] > 1e-9 * basis[1][0]]
    left = y - span @ (span.T @ y)
    lags = np.abs(np.subtract.outer(np.arange(len(y)), np.arange(len(y))))
    chance = float(np.einsum("ik,ij,jk->", span, np.clip(memory, 0.0, MOST_MEMORY) ** lags, span)) / len(y)
    if chance >= 1:
        return 0.0
    return max(0.0, 1 - float(left @ left) / float(y @ y) / (1 - chance))
