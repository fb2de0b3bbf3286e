"""What is integrated out: fixed columns, and the spectrum of baseline and noise.

Fixed columns (level, trend, season, weekday, controls) have flat priors. The
rest of the baseline is a random walk, and noise is white plus a first-order
autoregression. Both are stationary or nearly so, hence diagonal in the
discrete cosine basis: the whole covariance is one number per frequency, and
an evaluation costs no matrix of the size of the series.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from scipy.fft import dct, idct

from roas._typing import Grain
from roas.response._arrays import Array
from roas.response.data import DAYS, PER_YEAR, Dates, MediaData

#: Weeks from which a trend and one or two yearly waves are asked of the data.
TREND_WEEKS: Final = 13
WAVE_WEEKS: Final = (40, 78)

#: A fixed column is kept while this share of its variance is its own.
OWN_VARIANCE: Final = 1e-6

#: Noise never falls below this share of mean revenue: no till is more exact,
#: and a constant series must not look infinitely informative.
NOISE_FLOOR: Final = 1e-3


@dataclass(frozen=True)
class Spectrum:
    """Variance per frequency, for n settings, with the derivatives of its log-parameters.

    Attributes
    ----------
    variance : array, shape (n, T)
    slopes : tuple of four arrays, shape (n, T)
        Derivatives with respect to log walk sd, log noise sd, the logit of
        the autoregressive share and the logit of its persistence.
    """

    variance: Array
    slopes: tuple[Array, Array, Array, Array]


@dataclass(frozen=True)
class Design:
    """Fixed columns and frequencies of one series.

    Attributes
    ----------
    columns : array, shape (T, q)
        Level, trend, season, weekdays, controls and spikes.
    fixed : array, shape (T, p)
        Orthonormal columns of the same span, p <= q.
    layout : FixedColumns
    per_year : float
        Periods per year.
    control_sd : float, optional
        Prior sd of the effect of one sd of a control, relative to mean
        revenue. Flat without it.
    """

    columns: Array
    fixed: Array
    layout: FixedColumns
    per_year: float
    control_sd: float | None = None

    @property
    def periods(self) -> int:
        """Number of rows."""
        return len(self.fixed)

    @cached_property
    def waves(self) -> Array:
        """Fixed columns in the cosine basis, shape (T, p)."""
        return cosines(self.fixed.T).T

    @cached_property
    def products(self) -> Array:
        """Products of pairs of `waves`, shape (T, p * p)."""
        return np.ascontiguousarray((self.waves[:, :, None] * self.waves[:, None, :]).reshape(self.periods, -1))

    @cached_property
    def named(self) -> Array:
        """Turns coefficients of `fixed` into those of `columns`, shape (q, p)."""
        return np.asarray(np.linalg.pinv(self.columns, rcond=1e-7) @ self.fixed)

    @property
    def controls(self) -> slice:
        """Which columns are controls."""
        last = self.columns.shape[1] - len(self.layout.spikes)
        return slice(last - len(self.layout.controls), last)

    @cached_property
    def shrink(self) -> Array:
        """Prior precision of the coefficients of `fixed`, shape (p, p)."""
        precision = np.zeros(len(self.named))
        if self.control_sd is not None:
            precision[self.controls] = 1 / self.control_sd**2
        return np.asarray(self.named.T @ (precision[:, None] * self.named))

    @cached_property
    def turn(self) -> Array:
        """Cosine of each frequency, shape (T,)."""
        return np.cos(np.pi * np.arange(self.periods) / self.periods)

    @cached_property
    def walk(self) -> Array:
        """Spectrum of a random walk whose yearly change has variance 1."""
        out = np.zeros(self.periods)
        out[1:] = 1 / (2 - 2 * self.turn[1:]) / self.per_year
        return out

    def spectrum(self, log_walk: Array, log_noise: Array, share_logit: Array, keep_logit: Array) -> Spectrum:
        """Return the variance of each frequency.

        Parameters
        ----------
        log_walk : array, shape (n,)
            Log sd of the baseline's change over a year, relative to mean revenue.
        log_noise : array, shape (n,)
            Log sd of the noise of one period, relative to mean revenue.
        share_logit : array, shape (n,)
            Logit of the share of noise variance that is autoregressive.
        keep_logit : array, shape (n,)
            Logit of the autoregression's coefficient.
        """
        share, keep = _logit_inverse(share_logit)[:, None], _logit_inverse(keep_logit)[:, None]
        noise = np.exp(2 * log_noise)[:, None]
        below = 1 + keep**2 - 2 * keep * self.turn
        regression = (1 - keep**2) / below
        slope = (-2 * keep * below - (1 - keep**2) * (2 * keep - 2 * self.turn)) / below**2
        walking = np.exp(2 * log_walk)[:, None] * self.walk
        sounding = noise * (1 - share + share * regression)
        return Spectrum(
            walking + sounding + NOISE_FLOOR**2,
            (
                2 * walking,
                2 * sounding,
                noise * share * (1 - share) * (regression - 1),
                noise * share * slope * keep * (1 - keep),
            ),
        )


def cosines(rows: Array) -> Array:
    """Return the orthonormal cosine transform along the last axis."""
    return np.asarray(dct(rows, type=2, norm="ortho", axis=-1))


def from_cosines(rows: Array) -> Array:
    """Undo `cosines`."""
    return np.asarray(idct(rows, type=2, norm="ortho", axis=-1))


def _logit_inverse(x: Array) -> Array:
    return np.asarray(1 / (1 + np.exp(-x)))


@dataclass(frozen=True)
class FixedColumns:
    """Columns with flat priors, as a function of dates and controls.

    They can be laid out for later periods too, which a forecast needs.

    Attributes
    ----------
    grain : {"day", "week"}
    first : datetime64[D]
        Start of the window that was fitted.
    periods : int
        Its length.
    trend : bool
    waves : int
        Yearly harmonics.
    controls : tuple of (name, mean, sd)
    spikes : tuple of int
        Periods with a column of their own: missing or far off.
    """

    grain: Grain
    first: np.datetime64
    periods: int
    trend: bool
    waves: int
    controls: tuple[tuple[str, float, float], ...]
    spikes: tuple[int, ...]

    @classmethod
    def of(cls, data: MediaData, *, spikes: tuple[int, ...] = ()) -> FixedColumns:
        """Choose the columns that a window can carry."""
        return cls(
            grain=data.grain,
            first=data.dates[0],
            periods=data.periods,
            trend=data.weeks >= TREND_WEEKS,
            waves=sum(data.weeks >= weeks for weeks in WAVE_WEEKS),
            controls=tuple(
                (name, float(values.mean()), float(values.std()))
                for name, values in zip(data.control_names, data.controls.T, strict=True)
            ),
            spikes=spikes,
        )

    def lay_out(self, dates: Dates, controls: Array) -> Array:
        """Return the columns for `dates`, shape (len(dates), columns)."""
        days = (dates - self.first).astype(np.float64)
        time = days / DAYS[self.grain] / PER_YEAR[self.grain]
        middle = (self.periods - 1) / 2 / PER_YEAR[self.grain]
        columns = [np.ones(len(dates))]
        if self.trend:
            columns.append(time - middle)
        season = (dates - dates.astype("datetime64[Y]")).astype(np.float64) / 365.25
        for wave in range(1, 1 + self.waves):
            angle = 2 * np.pi * wave * season
            columns += [np.sin(angle), np.cos(angle)]
        if self.grain == "day":
            weekday = (dates.astype(np.int64) + 3) % 7
            columns += [(weekday == day) - 1 / 7 for day in range(1, 7)]
        for values, (_, mean, sd) in zip(controls.T, self.controls, strict=True):
            columns.append((values - mean) / sd if sd > 0 else np.zeros(len(dates)))
        steps = np.round(days / DAYS[self.grain])
        columns += [(steps == spike).astype(np.float64) for spike in self.spikes]
        return np.column_stack(columns)


def build_design(data: MediaData, *, spikes: tuple[int, ...] = (), control_sd: float | None = None) -> Design:
    """Prepare the part of the model that is integrated out."""
    layout = FixedColumns.of(data, spikes=spikes)
    columns = layout.lay_out(data.dates, data.controls)
    return Design(columns, orthonormal(columns), layout, PER_YEAR[data.grain], control_sd)


def orthonormal(columns: Array) -> Array:
    """Orthonormalise columns from the left, dropping those that add nothing."""
    kept: list[Array] = []
    for column in columns.T:
        size = np.sqrt((column**2).sum())
        rest = column.copy()
        for _ in range(2):  # twice is enough (Giraud et al. 2005)
            for other in kept:
                rest -= (other * rest).sum() * other
        own = np.sqrt((rest**2).sum())
        if size > 0 and own > np.sqrt(OWN_VARIANCE) * size and len(kept) < len(columns) - 1:
            kept.append(rest / own)
    return np.column_stack(kept)
