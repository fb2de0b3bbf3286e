"""What other spend would bring: held for good, taken away by a test, or after the window."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from roas.errors import UsageError
from roas.limits import RECENT_WEEKS
from roas.response._arrays import Array
from roas.response.baseline import Baselines, later
from roas.response.curves import Curves
from roas.response.data import DAYS, Dates, MediaData
from roas.response.lift import LiftTest
from roas.response.planned import planned_controls, planned_spend

if TYPE_CHECKING:
    import pandas as pd


def steady_draws(data: MediaData, curves: Curves, spend: Mapping[str, float]) -> Array:
    """Return draws of incremental revenue per period at steady spend, shape (n,).

    Channels that are not named spend what they spent in the last 8 weeks.
    """
    recent = data.recent(RECENT_WEEKS)
    total = np.zeros(curves.draws)
    for c in curves.each():
        level = spend.get(data.channels[c], float(data.spend[recent, c].mean()))
        if not (np.isfinite(level) and level >= 0):
            raise UsageError(f"spend of {data.channels[c]} must be an amount of money, not {level}.")
        total += curves.steady(c, np.array([level]))[:, 0]
    return total


def lift_draws(data: MediaData, curves: Curves, test: LiftTest) -> Array:
    """Return draws of what a lift test brings, shape (n,), currency."""
    c = data.channels.index(test.channel)
    covered, spend = test.otherwise(data, c)
    touched = covered > 0
    without = curves.revenue(c, curves.carried_by(c, spend))
    return np.asarray((curves.contribution(c) - without)[:, touched].sum(axis=1))


def forecast_draws(
    data: MediaData,
    curves: Curves,
    baselines: Baselines,
    weeks: int,
    spend: Mapping[str, float] | pd.DataFrame | None,
    *,
    controls: pd.DataFrame | None,
    unit: float,
    seed: int,
) -> tuple[dict[str, Array], Dates]:
    """Return draws of revenue, baseline and media after the window, each of shape (n, periods), and their dates.

    Parameters
    ----------
    unit : float
        Currency per unit of the baselines.
    """
    if weeks < 1:
        raise UsageError(f"weeks {weeks}: a forecast needs at least one.")
    periods = weeks * 7 // DAYS[data.grain]
    dates = later(data.dates, data.grain, periods)
    plan = planned_spend(data, periods, spend)
    media = np.zeros((curves.draws, periods))
    for c in curves.each():
        media += curves.contribution(c, plan[:, c])
    rng = np.random.default_rng((seed, 3))
    baseline, noise = (each * unit for each in baselines.ahead(dates, planned_controls(data, periods, controls), rng))
    return {"revenue": baseline + media + noise, "baseline": baseline, "media": media}, dates
