"""One set of redrawn journeys for every model: credit, removal effects, transitions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from roas.attribution.models.markov_spread import Redrawn
from roas.attribution.models.resample import Draws, resampled

if TYPE_CHECKING:
    from roas.attribution.models.markov import Solved
    from roas.attribution.models.pairs import Pairs
    from roas.attribution.models.weighted import Weighted
    from roas.attribution.paths import Floats, Paths


@dataclass
class Replicates:
    """What each replicate gave, a row per replicate.

    Attributes
    ----------
    conversions, value : dict
        Model → list of arrays (replicates, channels).
    effects, tables : list of array
        Removal effects (replicates, channels) and transition shares
        (replicates, channels + 1, channels + 2) of the order-1 chain.
    """

    conversions: dict[str, list[Floats]] = field(default_factory=dict)
    value: dict[str, list[Floats]] = field(default_factory=dict)
    effects: list[Floats] = field(default_factory=list)
    tables: list[Floats] = field(default_factory=list)


def redraw(
    paths: Paths,
    pairs: Pairs,
    weighted: Mapping[str, Weighted],
    solved: Mapping[str, Solved],
    *,
    replicates: int,
    seed: int,
) -> Replicates:
    """Recompute every model on redrawn journeys.

    Notes
    -----
    Conversions in total vary between replicates, as they would between
    seasons alike; so an interval is of the number of conversions that a
    channel would be credited with, not of its share alone.
    """
    from threadpoolctl import threadpool_limits

    out = Replicates()
    shape = (len(paths.channels), len(paths.conversions))
    maps = {
        name: (pairs.matrix(each.per_conversion, shape), pairs.matrix(each.per_value, shape))
        for name, each in weighted.items()
    }
    chains = {name: Redrawn.of(each.layout) for name, each in solved.items()}
    noise = np.random.default_rng([seed, 1])
    with threadpool_limits(1, user_api="blas"):
        for draws in resampled(paths, replicates=replicates, seed=seed):
            for name, each in weighted.items():
                by_value = draws.conversions if each.value_by_conversions else draws.value
                for target, matrix, outcome, within in (
                    (out.conversions, maps[name][0], draws.conversions, each.within[:, 0]),
                    (out.value, maps[name][1], by_value, each.within[:, 1]),
                ):
                    found = (matrix @ outcome).T
                    if within.any():
                        found = found + noise.standard_normal(found.shape) * np.sqrt(within)
                    target.setdefault(name, []).append(found)
            for name, chain in chains.items():
                _redraw_chain(out, name, solved[name], chain, draws)
    return out


def _redraw_chain(out: Replicates, name: str, solved: Solved, chain: Redrawn, draws: Draws) -> None:
    counts = chain.count(draws)
    losses = chain.losses(counts)
    shares = losses.conversion_shares
    value_shares = losses.value_shares if solved.own_value else shares
    out.conversions.setdefault(name, []).append(shares * draws.conversions.sum(axis=0)[:, None])
    out.value.setdefault(name, []).append(value_shares * draws.value.sum(axis=0)[:, None])
    if chain.layout.order == 1 and name == "markov":
        out.effects.append(losses.effects)
        out.tables.append(chain.tables(counts))
