"""Exponentially weighted averages: volatility that forgets, and a control chart for drift."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import numpy as np

from roas.volatility._arrays import Array
from roas.volatility.regimes.shocks import Shocks

#: Weight of the past in EWMA volatility, per day and per week. 0.94 is RiskMetrics' for days (J.P. Morgan 1996):
#: three weeks of memory; 0.85 gives weeks a memory of a month and a half, the shortest that is not mostly noise.
MEMORY: Final[dict[str, float]] = {"day": 0.94, "week": 0.85}

#: Weight of the newest shock in the control chart. 0.05 to 0.25 work well (Montgomery, Introduction to Statistical
#: Quality Control, chapter 9); 0.1 finds a drift of one standard deviation soonest (Lucas and Saccucci 1990).
SMOOTHING: Final = 0.1

#: Chance of a false alarm in a year of looks at one unchanged series. Twenty channels then alarm in one
#: account-year of ten: 1 - 0.9947^20 = 0.10.
YEARLY_ALARMS: Final = 0.0053

#: Periods in a year.
YEAR: Final[dict[str, int]] = {"day": 365, "week": 52}

#: Steps of the recursion's state, from limit to limit; with twice as many the limit changes by 0.006.
CELLS: Final = 81


def ewma_volatility(shocks: Array, *, memory: float = MEMORY["day"], start: float | None = None) -> Array:
    """Return the conditional standard deviation of each period given the past.

    Parameters
    ----------
    shocks : array, shape (n,)
        Standardised, uncorrelated; NaN where nothing was seen (the variance is carried on).
    memory : float
        Weight of the past, in (0, 1).
    start : float or None
        Variance before the first period; None: mean square of the whole series.

    Notes
    -----
    ``v[t] = memory · v[t-1] + (1 - memory) · z[t-1]²``; the result is sqrt(v), so no period sees itself.

    References
    ----------
    J.P. Morgan (1996), RiskMetrics technical document.
    """
    if not 0 < memory < 1:
        raise ValueError(f"memory {memory} is outside (0, 1)")
    square = np.asarray(shocks, dtype=np.float64) ** 2
    seen = np.isfinite(square)
    variance = (float(square[seen].mean()) if seen.any() else float("nan")) if start is None else start
    out = np.empty(len(square))
    for t, (value, known) in enumerate(zip(square.tolist(), seen.tolist(), strict=True)):
        out[t] = variance
        if known:
            variance = memory * variance + (1 - memory) * value
    return np.sqrt(out)


@dataclass(frozen=True)
class ControlChart:
    """An EWMA of standardised shocks with its limits.

    Attributes
    ----------
    value, limit : array, shape (n,)
        The average, and how far from zero it may be; NaN before the first shock.
    alarms : array of bool, shape (n,)
        Where the average is outside its limits.
    smoothing, width : float
        Weight of the newest shock, and L: limits in standard deviations.
    """

    value: Array
    limit: Array
    alarms: np.ndarray[tuple[int], np.dtype[np.bool_]]
    smoothing: float
    width: float

    @property
    def first(self) -> int | None:
        """Position of the first alarm; None if there is none."""
        places = np.flatnonzero(self.alarms)
        return int(places[0]) if len(places) else None

    def to_dict(self) -> dict[str, Any]:
        """Return the settings and the alarms' positions."""
        places = np.flatnonzero(self.alarms).tolist()
        return {"smoothing": self.smoothing, "width": float(f"{self.width:.4g}"), "alarms": places}


def ewma_chart(z: Array, *, smoothing: float = SMOOTHING, width: float, autocorrelation: float = 0.0) -> ControlChart:
    """Chart an exponentially weighted average of shocks with exact limits.

    Parameters
    ----------
    z : array, shape (n,)
        Standardised against a level that does not follow the newest periods; NaN is skipped.
    smoothing : float
        l, weight of the newest shock, in (0, 1].
    width : float
        L, from :func:`limit_width`.
    autocorrelation : float
        ``sum over k of (1-l)^k · correlation(k)`` of z, see :meth:`Shocks.autocorrelation`.

    Notes
    -----
    ``E[t] = l z[t] + (1-l) E[t-1]``, E[0] = 0; limits
    ``L sqrt(l/(2-l) · [1 - (1-l)^(2t)] · (1 + 2·autocorrelation))``. The last
    factor is the exact long-run variance of the average of autocorrelated z.

    References
    ----------
    Lucas and Saccucci (1990), Exponentially weighted moving average control
    schemes; Montgomery, Introduction to Statistical Quality Control.
    """
    if not 0 < smoothing <= 1:
        raise ValueError(f"smoothing {smoothing} is outside (0, 1]")
    value, limit = np.full(len(z), np.nan), np.full(len(z), np.nan)
    wide = smoothing / (2 - smoothing) * max(1 + 2 * autocorrelation, 1e-9)
    average, seen = 0.0, 0
    for t, shock in enumerate(np.asarray(z, dtype=np.float64).tolist()):
        if shock == shock:
            average, seen = smoothing * shock + (1 - smoothing) * average, seen + 1
        if seen:
            value[t], limit[t] = average, width * np.sqrt(wide * (1 - (1 - smoothing) ** (2 * seen)))
    with np.errstate(invalid="ignore"):
        return ControlChart(value, limit, np.abs(value) > limit, smoothing, width)


@cache
def limit_width(periods: int, alarms: float, smoothing: float = SMOOTHING) -> float:
    """Return L: limits of the chart in standard deviations.

    Parameters
    ----------
    periods : int
        Periods that are looked at one after the other.
    alarms : float
        Chance of any false alarm in them, in (0, 1).
    smoothing : float
        l of the chart.

    Notes
    -----
    Found by bisection on the in-control run length of independent normal
    shocks, as a Markov chain over `CELLS` values of the average (Lucas and
    Saccucci 1990, appendix); simulated runs agree (tests). The widening limits
    of the first periods are taken as constant.
    """
    low, high = 1.0, 8.0
    for _ in range(16):
        middle = (low + high) / 2
        low, high = (middle, high) if _alarm_chance(middle, periods, smoothing) > alarms else (low, middle)
    return (low + high) / 2


def _alarm_chance(width: float, periods: int, smoothing: float) -> float:
    """Return the chance that a chart with limits at `width` alarms within `periods`."""
    from scipy.special import ndtr

    reach = width * np.sqrt(smoothing / (2 - smoothing))
    step = 2 * reach / CELLS
    centre = -reach + step * (np.arange(CELLS) + 0.5)
    away = centre[None, :] - (1 - smoothing) * centre[:, None]
    move = ndtr((away + step / 2) / smoothing) - ndtr((away - step / 2) / smoothing)
    start = np.zeros(CELLS)
    start[CELLS // 2] = 1.0
    for _ in range(periods):
        start = start @ move
    return 1.0 - float(start.sum())


def drift_chart(shocks: Shocks, *, reference: int, alarms: float = YEARLY_ALARMS) -> ControlChart:
    """Chart the periods from `reference` on against the level of those before.

    Parameters
    ----------
    shocks : Shocks
        Of the series; its weekday pattern, counting noise and persistence are used.
    reference : int
        First period that is judged; all before it are taken as in control.
    alarms : float
        Chance of any false alarm in a year of looks.

    Returns
    -------
    ControlChart
        Of the judged periods; empty where fewer than eight periods before them have shocks.

    Notes
    -----
    The shocks' slow level follows a drift and would hide it, so it is put
    back: judged periods are compared, on the log scale, with the mean of the
    last `REFERENCE` periods before, whose own error is a constant shift and is added to the limits.
    """
    with np.errstate(all="ignore"):
        value = shocks.residual + np.log(shocks.expected / shocks.weekday)
    sd = np.sqrt(shocks.noise + shocks.true_sd**2)
    before = slice(max(0, reference - REFERENCE[shocks.grain]), reference)
    known = np.isfinite(value[before]) & (sd[before] > 0)
    width = limit_width(YEAR[shocks.grain], alarms)
    if known.sum() < FEWEST:
        empty = np.empty(0)
        return ControlChart(empty, empty, empty > 0, SMOOTHING, width)
    weight = 1 / sd[before][known] ** 2
    centre = float((weight * value[before][known]).sum() / weight.sum())
    memory = shocks.autocorrelation(1 - SMOOTHING)
    chart = ewma_chart((value - centre)[reference:] / sd[reference:], width=width, autocorrelation=memory)
    # The level of the reference periods is known only so well: the average carries that shift in every period.
    shift = (1 + 2 * shocks.autocorrelation()) / weight.sum() / sd[reference:] ** 2
    limit = np.sqrt(chart.limit**2 + width**2 * shift)
    with np.errstate(invalid="ignore"):
        return ControlChart(chart.value, limit, np.abs(chart.value) > limit, SMOOTHING, width)


#: Periods before the judged ones that make the reference level: half a year.
REFERENCE: Final[dict[str, int]] = {"day": 182, "week": 26}

#: Shocks needed among them.
FEWEST: Final = 8
