"""Intervals without drawing: the variance that resampled journeys would show, worked out.

Each journey's influence on a credit is how much the credit changes with one
journey more of its kind. The variance of the resampled credit is the sum of
squared influences less the square of their sum over the number of journeys
(the infinitesimal jackknife; exact for rules and Shapley, which are sums).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from roas.quantiles import LEVELS

if TYPE_CHECKING:
    from roas.attribution.paths import Floats

#: Paths handled at once: a block of influences stays under 100 MB.
BLOCK: Final = 65_536

#: Coefficient of variation above which the gamma's 5 % point is 0 to all digits.
WIDEST: Final = 30.0


def interval_from(point: Floats, variance: Floats, *, positive: bool = True) -> Floats:
    """Turn variances into 5 and 95 % points.

    Parameters
    ----------
    point, variance : array (channels,)
    positive : bool
        Whether what is credited is never negative: the points are then of a
        gamma distribution with that mean and variance, which is near the
        normal for many conversions and stays above 0 for few.

    Returns
    -------
    array, shape (channels, 2)
        Holds the point.
    """
    from scipy.special import gammaincinv, ndtri

    spread = np.sqrt(np.maximum(variance, 0.0))
    out = point[..., None] + spread[..., None] * np.asarray(ndtri([LEVELS[0], LEVELS[2]]))
    if positive:
        usable = (point > 0) & (spread > 0) & (spread < WIDEST * point)
        shape = (point[usable] / spread[usable]) ** 2
        scale = spread[usable] ** 2 / point[usable]
        out[usable] = np.stack([gammaincinv(shape, LEVELS[0]), gammaincinv(shape, LEVELS[2])], axis=-1) * scale[:, None]
        out = np.maximum(out, 0.0)
    return np.stack([np.minimum(out[..., 0], point), np.maximum(out[..., 1], point)], axis=-1)


def variance_of_sum(squares: Floats, sums: Floats, journeys: float) -> Floats:
    """Return the variance of a sum over resampled journeys.

    Parameters
    ----------
    squares, sums : array
        Over journeys, of the squared influence and of the influence.
    journeys : float
        How many are drawn.
    """
    return np.maximum(squares - sums**2 / max(journeys, 1.0), 0.0)
