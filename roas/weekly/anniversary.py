"""What the same week of last year did: a holiday or a sale may come again.

One earlier year cannot say that a week is always so; it can say that it was
so once. Where last year's same week stood out from the weeks around it, the
range of this year's is a mean over "it comes again", "it comes again a week
earlier or later" and "it does not".
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

#: Weeks back to the same week of last year, and the share of belief that this year's does what that one did. Holidays
#: move by a weekday or two a year, and so cross into a neighbouring week about every eighth time. What is left of 1 is
#: the belief that nothing comes again. Chosen on 24 simulated shops: the weeks of their holidays and sales were held
#: best among choices that widened all weeks by about a tenth on average.
SAME_WEEK: Final = ((52, 0.6), (51, 0.06), (53, 0.06))

#: Weeks on either side that a week is held against: not its neighbours, which the same holiday reaches, and not further
#: than the season stays the same.
NEAREST, FARTHEST = 2, 6

#: Weeks on each side that must be known.
EACH_SIDE: Final = 2

#: Departures that count, in robust standard deviations of all departures: nearer ones are mostly the week's own noise,
#: which the range holds already (one in twelve passes where there is nothing but normal noise). Chosen as `SAME_WEEK`.
STOOD_OUT: Final = 1.75

#: Median distance → standard deviation of a normal law.
ROBUST: Final = 1.4826


def departures(y: Array, weeks: Array) -> Array:
    """Return how far each week stood from the median of the weeks around it.

    Parameters
    ----------
    y : array, shape (n,)
        On the scale of logs or roots.
    weeks : array, shape (n,)
        Numbers of the weeks.

    Returns
    -------
    array, shape (n,)
        On the scale of `y`; NaN where under `EACH_SIDE` weeks are known before or after.
    """
    apart = weeks[None, :] - weeks[:, None]
    near = (np.abs(apart) >= NEAREST) & (np.abs(apart) <= FARTHEST)
    told = ((near & (apart < 0)).sum(axis=1) >= EACH_SIDE) & ((near & (apart > 0)).sum(axis=1) >= EACH_SIDE)
    around = np.where(near, y[None, :], np.nan)
    found = np.full(len(y), np.nan)
    if told.any():
        found[told] = y[told] - np.nanmedian(around[told], axis=1)
    return found


def comes_again(y: Array, weeks: Array, ahead: float) -> tuple[Array, Array, Array]:
    """Return by how much a week may move for what happened a year before, and with what belief.

    Returns
    -------
    moves, error, belief : array, shape (k,)
        Each move and its standard error, on the scale of `y`: one week of
        last year had noise of its own. The beliefs add to 1. A single move of
        0, without error, where last year says nothing.
    """
    found = departures(y, weeks)
    known = found[np.isfinite(found)]
    usual = ROBUST * float(np.median(np.abs(known))) if len(known) else 0.0
    moves, error, belief = [0.0], [0.0], [1.0]
    for back, share in SAME_WEEK:
        (where,) = np.nonzero((weeks == ahead - back) & np.isfinite(found))
        if len(where) and abs(found[where[0]]) > STOOD_OUT * usual:
            moves.append(float(found[where[0]]))
            error.append(usual)
            belief.append(share)
            belief[0] -= share
    return np.array(moves), np.array(error), np.array(belief)
