"""Judging many figures at once: how many that luck made odd may be called odd."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

#: Share of the rows called "really different" that luck alone may have made, on average. In a week in which nothing
#: happened it is the probability of any such row. One in ten is what the ranges on the page are drawn at, too.
FALSE_SHARE: Final = 0.1


def shares_false(p_values: Sequence[float], /) -> tuple[float, ...]:
    """Return the smallest false share at which each of many p-values is still called odd.

    Parameters
    ----------
    p_values : sequence of float
        In [0, 1]. They may depend on each other in any way: MER and claimed
        ROAS share their spend, and the account is the sum of its channels.

    Returns
    -------
    tuple of float
        Benjamini-Yekutieli's adjusted p-values, in the given order.

    Notes
    -----
    With the k-th smallest p(k) of m: ``min over j >= k of p(j) · m · (1 + 1/2 + … + 1/m) / j``, at most 1.

    References
    ----------
    Benjamini and Yekutieli (2001), The control of the false discovery rate
    in multiple testing under dependency, theorem 1.3.

    Examples
    --------
    >>> shares_false([0.5, 0.01])
    (0.75, 0.03)
    """
    count = len(p_values)
    ranks = np.arange(1, count + 1)
    order = np.argsort(p_values, kind="stable")
    scaled = np.asarray(p_values, dtype=np.float64)[order] * count * float((1 / ranks).sum()) / ranks
    return _placed(np.minimum.accumulate(scaled[::-1])[::-1], order)


def any_false(p_values: Sequence[float], /) -> tuple[float, ...]:
    """Return how seldom luck makes any of a few figures as odd as each is: Holm's adjusted p-values.

    Notes
    -----
    With the k-th smallest p(k) of m: ``max over j <= k of (m - j + 1) · p(j)``, at most 1. Right for any dependence.

    References
    ----------
    Holm (1979), A simple sequentially rejective multiple test procedure.

    Examples
    --------
    >>> any_false([0.5, 0.01, 0.04])
    (0.5, 0.03, 0.08)
    """
    count = len(p_values)
    order = np.argsort(p_values, kind="stable")
    scaled = np.asarray(p_values, dtype=np.float64)[order] * np.arange(count, 0, -1)
    return _placed(np.maximum.accumulate(scaled), order)


def _placed(
    adjusted: np.ndarray[tuple[int], np.dtype[np.float64]], order: np.ndarray[tuple[int], np.dtype[np.intp]]
) -> tuple[float, ...]:
    """Return sorted numbers in the order they came from, at most 1."""
    found = np.empty(len(order))
    found[order] = np.minimum(adjusted, 1.0)
    return tuple(float(each) for each in found)
