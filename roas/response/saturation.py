"""Hill saturation."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from roas.response._arrays import Array

#: Spend below this share of a channel's mean counts as this share: logarithms
#: stay finite, and a Hill curve has long reached zero there.
SMALLEST_SHARE: Final = 1e-9


def hill(spend: npt.ArrayLike, *, half_saturation: float, slope: float) -> Array:
    """Return the share of the ceiling that is reached.

    Parameters
    ----------
    spend : array
        Spend per period, after carryover. Currency, >= 0.
    half_saturation : float
        Spend at which half of the ceiling is reached, > 0.
    slope : float
        Exponent; above 1 the curve is S-shaped. > 0.

    Returns
    -------
    array of ratios in [0, 1)

    Notes
    -----
    ``x**slope / (half_saturation**slope + x**slope)``

    Examples
    --------
    >>> hill([0.0, 50.0, 150.0], half_saturation=50.0, slope=1.0)
    array([0.  , 0.5 , 0.75])
    """
    x = np.asarray(spend, dtype=np.float64)
    if half_saturation <= 0 or slope <= 0:
        raise ValueError("half_saturation and slope must be above zero")
    power = np.power(x / half_saturation, slope)
    return np.asarray(power / (1 + power))


def log_odds(carried: Array, room_logit: Array, slope: Array) -> Array:
    """Return ``slope * log(carried) - room_logit``; its logistic is the Hill curve.

    Parameters
    ----------
    carried : array, shape (n_channels, n, n_periods)
        Spend after carryover, in units of the channel's typical spend.
    room_logit : array, shape (n_channels, n)
        Logit of the share of the ceiling still free at typical spend. Half
        saturation is ``exp(room_logit / slope)`` times typical spend, and
        the elasticity there is ``slope / (1 + exp(-room_logit))``.
    slope : array, shape (n_channels, n)
    """
    odds = np.log(np.maximum(carried, SMALLEST_SHARE))
    odds *= slope[..., None]
    odds -= room_logit[..., None]
    return odds


def logistic(x: Array) -> Array:
    """Return ``1 / (1 + exp(-x))`` without overflow for x > -700."""
    out = np.negative(x)
    np.minimum(out, 700.0, out=out)
    np.exp(out, out=out)
    out += 1
    return np.reciprocal(out, out=out)
