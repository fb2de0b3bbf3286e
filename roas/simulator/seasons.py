"""Weekdays, the year, holidays and promotions of the simulated shop."""

from __future__ import annotations

import datetime as dt

import numpy as np
import numpy.typing as npt

from roas.simulator.draws import Array, Draws

Dates = npt.NDArray[np.datetime64]

# Monday to Sunday; the mean is 1. People shop at home on Sundays.
WEEKDAY_DEMAND = np.array([1.03, 1.00, 0.97, 0.95, 0.94, 0.99, 1.12])
# Days on which people are with their families, as (month, day).
QUIET_DAYS = ((1, 1), (12, 24), (12, 25), (12, 26), (12, 31))
QUIET_DEMAND = 0.6
PROMOTION_DEMAND = 1.25
BLACK_FRIDAY_DEMAND = 1.6
PROMOTION_ORDER_VALUE = 0.93  # a discount is given
FLASH_SALE_MONTHS = (2, 3, 4, 5, 8, 9, 10)
FLASH_SALE_PROBABILITY = 0.35
FLASH_SALE_DAYS = 4


def date_range(first: dt.date, days: int) -> Dates:
    """Return consecutive days from `first`."""
    return np.datetime64(first, "D") + np.arange(days)


def weekday(dates: Dates) -> npt.NDArray[np.int64]:
    """Return 0 for Monday to 6 for Sunday."""
    # 1970-01-01, day zero, was a Thursday.
    return (dates.astype("datetime64[D]").astype(np.int64) + 3) % 7


def yearly_wave(dates: Dates) -> Array:
    """Return the log of the yearly season: high in December, low in summer."""
    day = (dates - dates.astype("datetime64[Y]").astype("datetime64[D]")).astype(np.float64)
    turn = 2 * np.pi * (day - 343) / 365.25
    wave: Array = 0.11 * np.cos(turn) + 0.05 * np.cos(2 * turn)
    return wave


def quiet_factor(dates: Dates) -> Array:
    """Return `QUIET_DEMAND` on holidays when few people shop, else 1."""
    stamps = [day.astype(object) for day in dates]
    quiet = [(day.month, day.day) in QUIET_DAYS for day in stamps]
    return np.where(quiet, QUIET_DEMAND, 1.0)


def promotion_factor(dates: Dates, draws: Draws) -> Array:
    """Return what promotions do to demand: 1 on ordinary days.

    Two seasonal sales and the Black Friday weekend come every year;
    flash sales are drawn month by month, so a longer account keeps
    the sales of a shorter one.
    """
    factor = np.ones(len(dates))
    first, last = dates[0].astype(object), dates[-1].astype(object)
    for year in range(first.year, last.year + 1):
        for begin, days, demand in _promotions_of(year, draws):
            offset = (begin - first).days
            factor[max(offset, 0) : max(offset + days, 0)] = demand
    return factor


def _promotions_of(year: int, draws: Draws) -> list[tuple[dt.date, int, float]]:
    """List the promotions of one year: first day, days, demand."""
    found = [
        (dt.date(year, 1, 2), 14, PROMOTION_DEMAND),
        (dt.date(year, 7, 1), 14, PROMOTION_DEMAND),
        (_black_friday(year), 4, BLACK_FRIDAY_DEMAND),
    ]
    for month in FLASH_SALE_MONTHS:
        chance, when = draws.uniform(f"flash sale {year}-{month:02d}", 2)
        if chance < FLASH_SALE_PROBABILITY:
            begin = dt.date(year, month, 1 + int(when * 24))
            found.append((begin, FLASH_SALE_DAYS, PROMOTION_DEMAND))
    return found


def _black_friday(year: int) -> dt.date:
    """Return the day after the fourth Thursday of November."""
    first = dt.date(year, 11, 1)
    return first + dt.timedelta(days=(3 - first.weekday()) % 7 + 22)
