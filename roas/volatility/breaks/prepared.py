"""A series ready for the search of breaks: cleaned, scaled, and the regressors it may be described by."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from roas.volatility._arrays import Array
from roas.volatility.breaks.cleaning import robust_scale, without_cycle, without_spikes
from roas.volatility.breaks.longrun import Memory
from roas.volatility.breaks.precision import Precision

#: A regressor: its kind and, of a step or slope, its date.
Key = tuple[str, int]
#: The values themselves, and a step that begins with the series.
VALUES: Final[Key] = ("values", 0)
CONSTANT: Final[Key] = ("step", 0)
#: Kinds that begin at a date.
DATED: Final = ("step", "slope")
#: Fewest periods of a segment, in long and in the shortest series.
LEAST_LONG, LEAST_SHORT = 7, 3
#: Largest variance of a period relative to one of average weight.
LARGEST_VARIANCE: Final = 100.0


@dataclass(frozen=True)
class Prepared:
    """A series ready for the search.

    Attributes
    ----------
    values : array, shape (n,)
        Cleaned and scaled to about unit spread; 0 in gaps.
    variance : array, shape (n,)
        Relative variance of the forgotten noise; mean about 1.
    seen : array of bool, shape (n,)
    year : float or None
        Periods of a year; None where no yearly wave is considered.
    spread : array, shape (n,), or None
        Relative sd of all noise of each period, where its variance changed.
    """

    values: Array
    variance: Array
    seen: np.ndarray[tuple[int], np.dtype[np.bool_]]
    year: float | None = None
    spread: Array | None = None

    @cached_property
    def shown(self) -> Array:
        """What a regressor is multiplied by: 0 in gaps, else 1 / spread."""
        return self.seen / (np.ones(self.n) if self.spread is None else self.spread)

    def precision(self, memory: Memory) -> Precision:
        """Return the inverse covariance of the noise, of values over their spread."""
        return Precision.of(memory, self.variance, self.seen)

    @property
    def n(self) -> int:
        """Periods, gaps included."""
        return len(self.values)

    @property
    def least(self) -> int:
        """Fewest periods of a segment."""
        return int(np.clip(self.n // 10, LEAST_SHORT, LEAST_LONG))

    def column(self, kind: str, at: int) -> Array:
        """Return one regressor, shape (n,)."""
        time = np.arange(self.n, dtype=np.float64)
        if kind == "values":
            return self.values
        if kind == "step":
            return (time >= at).astype(np.float64)
        if kind == "slope":
            return np.maximum(time - at + 1, 0.0) / self.n
        if kind == "trend":
            return time / self.n - 0.5
        angle = 2 * np.pi * time / (self.year or 1.0)
        return np.sin(angle) if kind == "sine" else np.cos(angle)

    def columns(self, keys: list[Key]) -> Array:
        """Return the values, the constant and the regressors, shape (n, 2 + n_keys)."""
        parts = [self.column(*key) for key in (VALUES, CONSTANT, *keys)]
        return np.column_stack(parts) * self.shown[:, None]


def prepare(values: Array, precision: Array, season: int | None, year: float | None) -> tuple[Prepared, int, float]:
    """Take out the cycle and spikes, and scale.

    Returns
    -------
    series : Prepared
    season : int
        Cycle taken out.
    scale : float
        Spread of the cleaned values; 0 for a constant series.
    """
    cleaned, length = without_cycle(values, season)
    cleaned = without_spikes(cleaned)
    seen = np.isfinite(cleaned) & (precision > 0)
    centre, _ = robust_scale(cleaned[seen])
    rest = np.where(seen, cleaned - centre, 0.0)
    scale = float(np.sqrt((rest[seen] ** 2).mean()))
    if not scale > 1e-9 * abs(centre):
        return Prepared(rest, np.ones(len(rest)), seen, year), length, 0.0
    weight = np.where(seen, precision, np.nan)
    variance = np.where(seen, np.nanmean(weight) / np.where(seen, precision, 1.0), 1.0)
    # A day of next to no spend tells nothing; its variance need not be astronomical to say so.
    variance = np.minimum(variance, LARGEST_VARIANCE)
    return Prepared(rest / scale, variance / variance[seen].mean(), seen, year), length, scale
