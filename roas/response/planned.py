"""Spend and controls of periods that have not happened yet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from roas.errors import UsageError
from roas.limits import RECENT_WEEKS
from roas.response._arrays import Array
from roas.response.data import DAYS, MediaData

if TYPE_CHECKING:
    import pandas as pd


def planned_spend(data: MediaData, periods: int, spend: Mapping[str, float] | pd.DataFrame | None) -> Array:
    """Return spend of `periods` periods after the window, shape (periods, C).

    A number is spend per *week*, a column has one amount per period; a
    channel that is not named spends what it spent in the last 8 weeks.
    """
    recent = data.spend[data.recent(RECENT_WEEKS)].mean(axis=0)
    plan = np.repeat(recent[None], periods, axis=0)
    if spend is None:
        return plan
    for name in map(str, spend):
        if name not in data.channels:
            raise UsageError(f'channel "{name}" is not in the model. There are: {", ".join(data.channels)}.')
        values = _numbers(spend[name])
        if values.ndim == 0:
            values = np.full(periods, float(values) * DAYS[data.grain] / 7)
        if values.shape != (periods,) or not np.isfinite(values).all() or (values < 0).any():
            raise UsageError(f"spend of {name}: {periods} amounts of money are needed, one per period.")
        plan[:, data.channels.index(name)] = values
    return plan


def planned_controls(data: MediaData, periods: int, controls: pd.DataFrame | None) -> Array:
    """Return controls of `periods` periods after the window, shape (periods, k).

    Where `controls` has no column, what was a year (52 weeks) before, and
    the mean where that is not known.
    """
    past = data.controls
    out = np.repeat(past.mean(axis=0)[None], periods, axis=0)
    year = 52 * 7 // DAYS[data.grain]
    for step in range(periods):
        back = data.periods + step - year
        if 0 <= back < data.periods:
            out[step] = past[back]
    if controls is not None:
        for i, name in enumerate(data.control_names):
            if name not in controls:
                continue
            values = _numbers(controls[name])[:periods]
            if values.shape != (periods,) or not np.isfinite(values).all():
                raise UsageError(f"control {name}: {periods} numbers are needed, one per period.")
            out[:, i] = values
    return out


def _numbers(values: Any) -> Array:
    """Return values as floats; NaN for all where one is no number."""
    try:
        return np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError):
        return np.full(np.shape(values), np.nan)
