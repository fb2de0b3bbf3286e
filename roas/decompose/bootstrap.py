"""Block bootstrap of days within each period."""

from __future__ import annotations

from typing import Final

import numpy as np

from roas.decompose._arrays import Array

#: Days of a block: a whole week, so that every draw has each weekday as often
#: as the period.
BLOCK_DAYS: Final = 7

#: Draws; the 5 % points of 400 are known to 2 % of the spread.
DRAWS: Final = 400


def day_weights(rng: np.random.Generator, periods: int, draws: int, block: int) -> Array:
    """Draw how often each day counts.

    Returns
    -------
    array, shape (draws, periods)
        Whole numbers that add up to `periods` in each draw.

    Notes
    -----
    Circular blocks of `block` consecutive days from random starts, the last
    one cut (Politis and Romano 1992). A period of less than two blocks is
    drawn day by day.
    """
    if periods < 2 * block:
        block = 1
    count = -(-periods // block)
    starts = rng.integers(0, periods, (draws, count))
    days = ((starts[:, :, None] + np.arange(block)) % periods).reshape(draws, -1)[:, :periods]
    flat = (days + periods * np.arange(draws)[:, None]).ravel()
    return np.bincount(flat, minlength=draws * periods).reshape(draws, periods).astype(np.float64)


def resampled(values: Array, weights: Array) -> Array:
    """Add up days under each draw's weights.

    Parameters
    ----------
    values : array, shape (n_periods, ...)
    weights : array, shape (draws, n_periods)

    Returns
    -------
    array, shape (draws, ...)
    """
    flat = values.reshape(len(values), -1)
    return np.asarray((weights @ flat).reshape(len(weights), *values.shape[1:]))
