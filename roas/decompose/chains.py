"""Chains from spend to revenue, and the log ratio of every link."""

from __future__ import annotations

from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np

from roas.decompose._arrays import Array, Flags, Whole

#: The columns that a unit's revenue runs through; the first and last always.
LEVELS: Final = ("spend", "impressions", "clicks", "conversions", "conversion_value")

#: Name of the link from one known level to the next.
LINKS: Final = {
    (0, 1): "cpm",
    (0, 2): "cpc",
    (0, 3): "cpa",
    (0, 4): "rate",
    (1, 2): "ctr",
    (1, 3): "conversions_per_impression",
    (1, 4): "revenue_per_impression",
    (2, 3): "cvr",
    (2, 4): "revenue_per_click",
    (3, 4): "aov",
}

#: Every factor of ROAS, in the order of reporting.
FACTORS: Final = (
    "mix_between",
    "mix_within",
    "cpm",
    "cpc",
    "cpa",
    "ctr",
    "cvr",
    "conversions_per_impression",
    "revenue_per_click",
    "revenue_per_impression",
    "aov",
    "rate",
    "entry_exit",
)
PLACE: Final = {name: k for k, name in enumerate(FACTORS)}


class LogRatios(NamedTuple):
    """Log ratios (after / before) of the links, and where a chain broke.

    Attributes
    ----------
    values : array, shape (..., n_units, n_factors)
        0 where a factor is not part of the unit's chain or not defined.
    broken : array, shape (..., n_units)
        Factor that fell to, or rose from, zero together with revenue; -1
        where revenue is above zero in both periods, or in neither.
    """

    values: Array
    broken: Whole


def chain_of(known: tuple[bool, ...]) -> tuple[int, ...]:
    """Return the levels of a chain, given which columns are exported.

    Examples
    --------
    >>> [LINKS[pair] for pair in pairs(chain_of((True, False, True, True, True)))]
    ['cpc', 'cvr', 'aov']
    """
    return (0, *(k for k in (1, 2, 3) if known[k]), 4)


def pairs(chain: tuple[int, ...]) -> list[tuple[int, int]]:
    """Return the links of a chain as pairs of levels."""
    return list(pairwise(chain))


def log_ratios(before: Array, after: Array, chains: tuple[tuple[int, ...], ...]) -> LogRatios:
    """Take the log ratio of each unit's links.

    Parameters
    ----------
    before, after : array, shape (..., n_units, 5)
        Sums of `LEVELS` per unit.
    chains : tuple of tuple of int, length n_units
        Levels known for each unit.

    Notes
    -----
    A level between spend and revenue that is zero in a period although
    revenue is not (sales after views, say) drops out: the change up to the
    next level stands on the link that would have ended at it. Where revenue
    is zero in one period, the first level that is zero with it breaks the
    chain; in the limit that link takes the whole change (Ang and Liu 2007),
    so that without conversions the order value, then unknown, takes none.
    """
    values = np.zeros((*before.shape[:-1], len(FACTORS)))
    broken = np.full(before.shape[:-1], -1, dtype=np.int64)
    for chain in sorted(set(chains)):
        units = [k for k, own in enumerate(chains) if own == chain]
        own, dead = _of_chain(before[..., units, :], after[..., units, :], chain)
        places = np.array([PLACE[LINKS[pair]] for pair in pairs(chain)])
        values[..., np.array(units)[:, None], places] = own
        broken[..., units] = np.where(dead >= 0, places[dead], -1)
    return LogRatios(values, broken)


def _of_chain(before: Array, after: Array, chain: tuple[int, ...]) -> tuple[Array, Whole]:
    """Return log ratios (..., n_units, n_links) and the broken link, or -1."""
    low, high = before[..., chain], after[..., chain]
    both = (low > 0) & (high > 0)
    gone = _lost(low, high) | _lost(high, low)
    dead = np.where(gone.any(axis=-1), gone.argmax(axis=-1) - 1, -1)
    ratios = np.log(np.where(both, high, 1.0) / np.where(both, low, 1.0))
    for k in range(len(chain) - 2, 0, -1):  # a level that is not known takes the next one's place
        ratios[..., k] = np.where(both[..., k], ratios[..., k], ratios[..., k + 1])
    links = np.diff(ratios, axis=-1)
    # Past a break nothing is defined; revenue of neither period, or below zero, has no chain.
    reached = np.where(dead >= 0, dead, np.where(both[..., -1], len(chain), 0))
    links = np.where(np.arange(links.shape[-1]) < reached[..., None], links, 0.0)
    return links, dead


def _lost(low: Array, high: Array) -> Flags:
    """Mark levels that are zero in `low` together with revenue, and not in `high`."""
    return np.asarray((low <= 0) & (high > 0) & (low[..., -1:] == 0) & (high[..., -1:] > 0))
