"""The slow level of a ROAS series, and the pattern of its weekdays."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from roas.volatility._arrays import Array, Days


def local_level(revenue: Array, spend: Array, breaks: Sequence[int], reach: int | None) -> Array:
    """Pool revenue over spend under a tricube window that stops at breaks."""
    if reach is None:
        kernel, reach = np.ones(2 * len(spend) + 1), len(spend)
    else:
        kernel = (1 - np.abs(np.arange(-reach, reach + 1) / (reach + 1)) ** 3) ** 3
    level = np.full(len(spend), np.nan)
    edges = [0, *sorted({int(b) for b in breaks if 0 < b < len(spend)}), len(spend)]
    for start, stop in pairwise(edges):
        part = slice(start, stop)
        above = np.convolve(revenue[part], kernel)[reach : reach + stop - start]
        below = np.convolve(spend[part], kernel)[reach : reach + stop - start]
        with np.errstate(all="ignore"):
            # Sums run through a convolution: a window without spend may hold rounding dust.
            level[part] = np.where(below > 1e-9 * below.max(initial=0.0), above / below, np.nan)
    return level


def weekday_factors(dates: Days, revenue: Array, mean: Array) -> Array:
    """Return the factor of each period's weekday; one where a weekday has too little to tell."""
    day = dates.astype("datetime64[D]").astype(np.int64) % 7
    known = np.isfinite(mean) & (mean > 0)
    above = np.bincount(day[known], revenue[known], minlength=7)
    below = np.bincount(day[known], mean[known], minlength=7)
    seen = np.bincount(day[known], minlength=7)
    factor = np.where((seen >= 2) & (above > 0), above / np.where(below > 0, below, 1.0), 1.0)
    mixed = float((factor * below).sum() / below.sum()) if below.sum() > 0 else 1.0
    return (factor / mixed if mixed > 0 else np.ones(7))[day]
