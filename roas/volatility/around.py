"""What is known of each week beside its ROAS, and the columns that may explain it: calendar, demand, spend, funnel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from roas.volatility._arrays import Array, Days
from roas.volatility.series import RoasSeries

#: Weeks from which a yearly wave can be told from a trend: a year and a half.
YEARLY_WEEKS: Final = 78

#: Sine pairs of the yearly wave: a year and half a year, as in the simulator's
#: and most shops' seasons (winter peak, summer dip).
YEARLY_WAVES: Final = 2

#: Weeks per column that a regression must have, or the block is left out
#: (Harrell 2015, *Regression Modeling Strategies*, 4.4: ten to twenty).
WEEKS_PER_COLUMN: Final = 8


@dataclass(frozen=True)
class Surroundings:
    """What is known of an account's weeks beside one channel's own figures.

    Attributes
    ----------
    weeks : array, shape (n_weeks,)
        First day of each week.
    demand : mapping of name to array, shape (n_weeks,)
        Levels that follow demand and are not bought by the channel itself:
        revenue nobody claims, sessions without clicks. Logs are taken.
    calendar : mapping of name to array, shape (n_weeks,)
        Shares of the week under promotion and the like.
    """

    weeks: Days
    demand: Mapping[str, Array] = field(default_factory=dict)
    calendar: Mapping[str, Array] = field(default_factory=dict)

    def at(self, weeks: Days) -> Surroundings:
        """Return the same for these weeks; NaN where nothing is known."""
        place = np.searchsorted(self.weeks, weeks)
        found = place < len(self.weeks)
        found[found] = self.weeks[place[found]] == weeks[found]

        def pick(values: Array) -> Array:
            out = np.full(len(weeks), np.nan)
            out[found] = values[place[found]]
            return out

        demand = {name: pick(values) for name, values in self.demand.items()}
        return Surroundings(weeks, demand, {name: pick(values) for name, values in self.calendar.items()})


def blocks_of(weeks: RoasSeries, around: Surroundings | None) -> dict[str, Array]:
    """Return the columns of each part over the usable weeks, centred; empty parts left out."""
    used = weeks.usable
    beside = (around or Surroundings(weeks.dates)).at(weeks.dates)
    found = {
        "calendar": _calendar(weeks, beside),
        "demand": [_log(values) for values in beside.demand.values()],
        "spend": _own_spend(weeks),
        "funnel": _funnel(weeks),
    }
    blocks = {}
    room = int(used.sum()) // WEEKS_PER_COLUMN
    for name, columns in found.items():
        kept = [c[used] for c in columns if np.isfinite(c[used]).all() and np.ptp(c[used]) > 1e-9]
        kept = kept[: max(room, 0)]
        if kept:
            blocks[name] = np.column_stack(kept) - np.mean(kept, axis=1)
            room -= len(kept)
    return blocks


def _calendar(weeks: RoasSeries, beside: Surroundings) -> list[Array]:
    columns = list(beside.calendar.values())
    if weeks.usable.sum() >= YEARLY_WEEKS:
        year = 2 * np.pi * (weeks.dates - weeks.dates[0]).astype(float) / 365.25
        for wave in range(1, YEARLY_WAVES + 1):
            columns += [np.sin(wave * year), np.cos(wave * year)]
    return columns


def _own_spend(weeks: RoasSeries) -> list[Array]:
    """Return spend of this week and the last: a response curve in logs, with carryover."""
    now = _log(weeks.spend)
    before = np.concatenate([now[:1], now[:-1]])
    return [now, np.where(np.isfinite(before), before, now)]


def _funnel(weeks: RoasSeries) -> list[Array]:
    """Price of impressions, click-through and basket, where exported.

    The rate of conversion is what is left of the identity: it is the outcome,
    not an explanation of it.
    """
    columns = []
    if weeks.impressions is not None:
        columns.append(_log(weeks.spend) - _log(weeks.impressions))
        if weeks.clicks is not None:
            columns.append(_log(weeks.clicks) - _log(weeks.impressions))
    elif weeks.clicks is not None:
        columns.append(_log(weeks.spend) - _log(weeks.clicks))
    if weeks.conversions is not None:
        columns.append(_basket_around(weeks))
    return columns


def _basket_around(weeks: RoasSeries) -> Array:
    """Return the log mean basket of the two weeks either side.

    A week's own basket shares its luck with its ROAS and would explain it away.
    """
    assert weeks.conversions is not None
    window = np.array([1.0, 1.0, 0.0, 1.0, 1.0])
    revenue, count = (np.convolve(np.nan_to_num(v), window)[2:-2] for v in (weeks.revenue, weeks.conversions))
    return _log(np.divide(revenue, count, out=np.full_like(revenue, np.nan), where=count > 0))


def _log(values: Array) -> Array:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(values > 0, np.log(values), np.nan)
