"""Evidence, week by week, that a level changed at any of the past weeks: e-processes.

For every week k as a possible onset, the ratio of two predictive densities of
what came since: with a shift of unknown size from k on, and without. Both
average over noise with memory, over drift and season, and over scale, with
priors that do not look ahead. The weight of each memory is frozen at the
onset: a lasting step would else be taken for newly long memory. Without a
change, if the predictive densities hold, each ratio has mean 1 given the past,
and so has their weighted sum: it ever exceeds 1 / alpha with probability at
most alpha (Ville 1939). That the densities hold well enough is measured in
`benchmarks/volatility/weekly_looks.py`, not proved.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from roas.volatility._arrays import Array
from roas.volatility.breaks.longrun import Memory, gains

#: Memories and shares of weekly noise; week to week, 0.97 is a wander over most of a year.
WEEKLY_MEMORIES: Final = (0.3, 0.6, 0.85, 0.97)
WEEKLY_PARTS: Final = (0.2, 0.5, 0.9)
#: Prior weight of each memory, the rest on none. Demand that remembers 0.8 from day to day
#: remembers 0.4 from week to week; a wander over months is rare beside drift and season, and
#: if it were thought likely every lasting step would pass for one.
MEMORY_WEIGHTS: Final = (0.4, 0.3, 0.04, 0.01)
#: Prior sds, in sds of one period's noise: of a shift, of a drift over a year, of each half of a
#: yearly wave. A week at 30 conversions a day has a noise of about 11 %, so two sds are a quarter.
SHIFT_SDS: Final = 2.0
DRIFT_SDS: Final = 0.75
WAVE_SDS: Final = 0.6
#: Widths of the priors of drift and season, each as likely: a channel of 300 sales a day has so little noise
#: that a season of 20 % is ten of its sds. With the first alone, one account in two with such a season
#: raised a false alarm; with 1 and 6, one in five (`benchmarks/volatility/weekly_looks.py`).
WIDTHS: Final = (1.0, 3.0, 9.0)
#: Prior sd of the level: flat for all purposes; it cancels in the ratios.
LEVEL_SDS: Final = 1e3
#: Periods of a year.
WEEKS: Final = 52


@dataclass(frozen=True)
class Onsets:
    """Log ratio of predictive densities, per week and possible onset.

    Attributes
    ----------
    log_ratio : array, shape (n, n_onsets)
        Row w: evidence of weeks 0 … w. 0 before the onset.
    onsets : array of int, shape (n_onsets,)
    """

    log_ratio: Array
    onsets: np.ndarray[tuple[int], np.dtype[np.int64]]


def onset_evidence(
    values: Array,
    variance: Array,
    seen: np.ndarray[tuple[int], np.dtype[np.bool_]],
    onsets: np.ndarray[tuple[int], np.dtype[np.int64]],
    *,
    year: float = WEEKS,
) -> Onsets:
    """Weigh every onset at every week, from the past of that week alone.

    Parameters
    ----------
    values : array, shape (n,)
        One per period; any finite number in gaps.
    variance : array, shape (n,)
        Relative variance of the forgotten noise of each period.
    seen : array of bool, shape (n,)
    onsets : array of int, shape (n_onsets,)
        Weeks that may start a new level.
    year : float
        Periods of a year.

    Notes
    -----
    Per noise model, normal regression on whitened columns with unknown scale:
    ``log m = - sum log sd - log|X'X + P|/2 + log|P|/2 - (n - 1)/2 · log(y'y - b'(X'X + P)^-1 b)``
    with prior precision P, in several widths for drift and wave; X holds level, drift, yearly wave and, from the onset on, the shift.
    Each week's predictive density is a mean over models, with the weights of the week before the onset.
    """
    memory = Memory.grid(WEEKLY_MEMORIES, WEEKLY_PARTS)
    gain = gains(memory, variance, seen)
    time = np.arange(len(values), dtype=np.float64)
    angle = 2 * np.pi * time / year
    base = [np.ones(len(values)), time / year, np.sin(angle), np.cos(angle)]
    columns = np.column_stack([values, *base, *(time >= k for k in onsets)]) * seen[:, None]
    white = gain.whiten(columns)
    log_sd = np.cumsum(np.where(seen[:, None], np.log(gain.sd), 0.0), axis=0).T
    count = np.cumsum(seen).astype(np.float64)
    prior = np.repeat(np.array(MEMORY_WEIGHTS) / len(WEEKLY_PARTS), len(WEEKLY_PARTS))
    log_prior = np.log(np.concatenate([[1 - prior.sum()], prior]))[:, None]
    sums = _Sums.of(white)
    found = [_ratios(sums, log_sd - log_prior, count, width) for width in WIDTHS]
    without, with_shift = (np.concatenate([each[part] for each in found]) for part in (0, 1))
    ratio = np.zeros((len(values), len(onsets)))
    for place, onset in enumerate(onsets):
        # Each model's weight is what the weeks before the onset gave it.
        before = without[:, onset - 1, None]
        steps = [np.diff(path[:, onset - 1 :], axis=1) for path in (without, with_shift[:, :, place])]
        null, shift = (_log_sum(before + step, 0) for step in steps)
        ratio[onset:, place] = np.cumsum(shift - null)
    return Onsets(np.where(time[:, None] >= onsets, ratio, 0.0), onsets)


#: Of the columns that every model has.
BASE_SDS: Final = (LEVEL_SDS, DRIFT_SDS, WAVE_SDS, WAVE_SDS)


@dataclass(frozen=True)
class _Sums:
    """Running sums of products of whitened columns: values y, base columns x, shifts z."""

    xx: Array
    xy: Array
    yy: Array
    xz: Array
    zy: Array
    zz: Array

    @classmethod
    def of(cls, white: Array) -> _Sums:
        """Add up, shape (n_models, n, 1 + n_base + n_onsets) in, (n_models, n, …) out."""
        base = 1 + len(BASE_SDS)
        y, x, z = white[:, :, 0], white[:, :, 1:base], white[:, :, base:]
        products = (
            x[:, :, :, None] * x[:, :, None, :], x * y[:, :, None], y * y,
            x[:, :, :, None] * z[:, :, None, :], z * y[:, :, None], z * z,
        )  # fmt: skip
        return cls(*(np.cumsum(each, axis=1) for each in products))


def _ratios(sums: _Sums, log_sd: Array, count: Array, width: float) -> tuple[Array, Array]:
    """Return log evidence without a shift, (n_models, n), and with one, (n_models, n, n_onsets)."""
    sds = np.array(BASE_SDS) * np.array([1.0, width, width, width])
    xx, xy, yy = sums.xx + np.diag(sds**-2.0), sums.xy, sums.yy
    inverse = np.linalg.inv(xx)
    fitted = inverse @ xy[..., None]
    rest = yy - (xy[..., None, :] @ fitted)[..., 0, 0]
    rest = np.maximum(rest, 1e-12 * np.maximum(yy, 1e-300))
    _, volume = np.linalg.slogdet(xx)
    half = np.maximum(count - 1, 0) / 2
    without = -log_sd - volume / 2 - np.log(sds).sum() - half * np.log(rest)
    across = inverse @ sums.xz
    own = sums.zz + SHIFT_SDS**-2.0 - np.einsum("gtij,gtij->gtj", sums.xz, across)
    gained = (sums.zy - np.einsum("gti,gtij->gtj", xy, across)) ** 2 / own
    left = np.log(np.maximum(1 - gained / rest[..., None], 1e-12))
    bonus = -np.log(own * SHIFT_SDS**2) / 2 - half[:, None] * left
    return without, without[..., None] + bonus


def _log_sum(values: Array, axis: int) -> Array:
    top = values.max(axis=axis, keepdims=True)
    return np.asarray(np.log(np.exp(values - top).sum(axis=axis)) + np.squeeze(top, axis=axis))
