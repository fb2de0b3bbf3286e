"""How sure a line is: long-run width from leaving days out, shape from resampled blocks."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np

from roas.decompose._arrays import Array
from roas.decompose.longrun import contrast_variance, filters
from roas.quantiles import Q

#: Lines, shape (n, n_lines), under weights of the days before and after,
#: shapes (n, n_before) and (n, n_after). NaN where a row has no spend.
Split: TypeAlias = Callable[[Array, Array], Array]


def long_run_half(split: Split, rows: tuple[slice, slice], per_week: int) -> Array | None:
    """Return the half width of the 90 % interval of each line.

    Parameters
    ----------
    split : callable
        Lines under weights of days (see `Split`).
    rows : pair of slice
        The periods before and after, on one axis.
    per_week : int
        7 for days, 1 for weeks.

    Returns
    -------
    array, shape (n_lines,), or None
        None where a period is too short.

    Notes
    -----
    The influence of day t of n is ``-(n - 1) (line without t - line)``; its
    squared products with the low-frequency cosines of the two periods give
    the long-run variance, as in `roas.decompose.compare`, but without
    history. The quantile is Student's, of one degree of freedom per cosine.
    """
    from scipy.special import stdtrit

    lengths = (rows[0].stop - rows[0].start, rows[1].stop - rows[1].start)
    shift = min(rows[0].start, rows[1].start)
    starts = (rows[0].start - shift, rows[1].start - shift)
    if min(lengths) < 2 or not (found := filters(lengths, starts, per_week)).owner:
        return None
    ones = [np.ones((n, n)) for n in lengths]
    others = [np.ones((m, n)) for m, n in zip(lengths, lengths[::-1], strict=True)]
    without = [(x - np.eye(len(x))) * len(x) / (len(x) - 1) for x in ones]
    middle = split(ones[0][:1], ones[1][:1])
    moved = split(without[0], others[0]), split(others[1], without[1])
    influence = np.concatenate([(middle - m) * (len(m) - 1) for m in moved])
    variance = ((found.low @ influence) ** 2).mean(axis=0)
    missed = contrast_variance(lengths, starts, per_week) / float(np.mean(found.expected))
    return np.asarray(stdtrit(len(found.owner), 0.95) * np.sqrt(missed * variance))


def intervals(split: Split, rows: tuple[slice, slice], weights: tuple[Array, Array], per_week: int) -> list[Q | None]:
    """Return the 90 % interval of each line.

    Parameters
    ----------
    split, rows, per_week
        As in `long_run_half`.
    weights : pair of array, shapes (draws, n_before) and (draws, n_after)
        How often each day counts in each draw of the block bootstrap.

    Returns
    -------
    list of Q or None
        p50 is the estimate, so that the middles add up as the estimates do.

    Notes
    -----
    Draws of few blocks are too narrow, and know nothing of autocorrelation
    past a block. So each line's draws are stretched about the estimate until
    their 90 % interval is as wide as `long_run_half` says; from the draws
    comes how it divides into below and above.
    """
    estimate = split(*(np.ones((1, w.shape[1])) for w in weights))[0]
    half = long_run_half(split, rows, per_week)
    draws = split(*weights)
    draws = draws[np.isfinite(draws).all(axis=1)]
    if half is None or not len(draws):
        return [None] * len(estimate)
    low, middle, high = np.quantile(draws, (0.05, 0.5, 0.95), axis=0)
    width = high - low
    # Without spread in the draws the interval is even on both sides.
    below = np.where(width > 0, (middle - low) / np.where(width > 0, width, 1.0), 0.5)
    ends = estimate - 2 * half * below, estimate + 2 * half * (1 - below)
    return [
        Q.at(*points) if all(map(np.isfinite, points)) else None
        for points in zip(ends[0].tolist(), estimate.tolist(), ends[1].tolist(), strict=True)
    ]
