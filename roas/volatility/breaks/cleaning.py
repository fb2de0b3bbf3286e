"""Take out what is no change of level: a recurring cycle and single odd periods."""

from __future__ import annotations

from typing import Final

import numpy as np

from roas.volatility._arrays import Array

#: Cycles looked for where none is named: weekdays, months, quarters, hours.
CYCLES: Final = (7, 12, 4, 24)
#: Whole cycles needed before one is taken out: fewer, and a break passes for a cycle.
CYCLES_NEEDED: Final = 4
#: Level of the test for a cycle, all candidates together (Bonferroni).
CYCLE_ALPHA: Final = 0.001
#: Periods on either side of the running median; a jump of level passes it unharmed.
SPIKE_REACH: Final = 3
#: Robust sds from the running median beyond which a value is drawn in. Normal
#: noise does so once in 3.5 million values.
SPIKE_SDS: Final = 5.0
#: Robust sd of a normal variable per median absolute deviation.
MAD_TO_SD: Final = 1.4826


def without_cycle(values: Array, season: int | None) -> tuple[Array, int]:
    """Take out a recurring cycle where one shows.

    Parameters
    ----------
    values : array, shape (n,)
        NaN in gaps.
    season : int or None
        Length of the cycle in periods; 1 for none; None to look for one of `CYCLES`.

    Returns
    -------
    values : array, shape (n,)
        Less the cycle, whose mean is zero.
    season : int
        The cycle taken out; 1 for none.
    """
    if season == 1:
        return values, 1
    candidates = CYCLES if season is None else (season,)
    best, length, least = values, 1, CYCLE_ALPHA / len(candidates)
    for cycle in candidates:
        effects, chance = cycle_effects(values, cycle)
        if chance < least:
            best, length, least = values - effects[np.arange(len(values)) % cycle], cycle, chance
    return best, length


def cycle_effects(values: Array, cycle: int) -> tuple[Array, float]:
    """Estimate a cycle and the chance of one as strong where there is none.

    Returns
    -------
    effects : array, shape (cycle,)
        Mean zero; unit of `values`.
    chance : float
        p-value of the F test of equal phases.

    Notes
    -----
    Values less their centred moving mean over one cycle; each phase's mean
    of those within `SPIKE_SDS` robust sds. The mean over a whole cycle
    carries no cycle, so a slow wave does not pass for one.
    """
    n = len(values)
    if cycle < 2 or n < CYCLES_NEEDED * cycle:
        return np.zeros(max(cycle, 1)), 1.0
    rest = values - moving_mean(values, cycle)
    centre, spread = robust_scale(rest)
    kept = np.isfinite(rest) & (np.abs(np.nan_to_num(rest) - centre) <= SPIKE_SDS * max(spread, 1e-300))
    phase = np.arange(n) % cycle
    count = np.bincount(phase[kept], minlength=cycle)
    if (count < 2).any():
        return np.zeros(cycle), 1.0
    effects = np.bincount(phase[kept], rest[kept], minlength=cycle) / count
    within = float(((rest - effects[phase])[kept] ** 2).sum())
    between = float((count * (effects - (count @ effects) / count.sum()) ** 2).sum())
    from scipy.special import fdtrc

    free = int(count.sum()) - cycle
    ratio = between / (cycle - 1) / (within / free) if within > 0 else (np.inf if between > 0 else 0.0)
    return effects - effects.mean(), float(fdtrc(cycle - 1, free, ratio))


def moving_mean(values: Array, length: int) -> Array:
    """Return the centred mean over one cycle; NaN near the ends and beside gaps."""
    kernel = np.ones(length) / length if length % 2 else np.r_[0.5, np.ones(length - 1), 0.5] / length
    half = len(kernel) // 2
    out = np.full(len(values), np.nan)
    out[half : len(values) - half] = np.convolve(values, kernel, mode="valid")
    return out


def without_spikes(values: Array) -> Array:
    """Draw single odd periods in to `SPIKE_SDS` robust sds from the running median.

    Parameters
    ----------
    values : array, shape (n,)
        NaN in gaps, which stay.
    """
    if len(values) < 4 * SPIKE_REACH:
        return values
    near = running_median(values)
    _, spread = robust_scale(values - near)
    if not spread > 0:  # most values repeat their neighbours: what does not is odd, however small
        return np.where(np.isfinite(values), near, np.nan)
    return np.clip(values, near - SPIKE_SDS * spread, near + SPIKE_SDS * spread)


def running_median(values: Array) -> Array:
    """Return the median of the periods within `SPIKE_REACH`; NaN where all are gaps."""
    padded = np.concatenate([np.full(SPIKE_REACH, np.nan), values, np.full(SPIKE_REACH, np.nan)])
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * SPIKE_REACH + 1)
    known = np.isfinite(windows).any(axis=1)
    out = np.full(len(values), np.nan)
    out[known] = np.nanmedian(windows[known], axis=1)
    return out


def robust_scale(values: Array) -> tuple[float, float]:
    """Return the median and the median absolute deviation as a normal sd."""
    known = values[np.isfinite(values)]
    if not len(known):
        return 0.0, 0.0
    centre = float(np.median(known))
    return centre, MAD_TO_SD * float(np.median(np.abs(known - centre)))
