"""What luck does to each channel's claims, as the volatility measured it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from roas.diagnosis.readings.view import Array, View

if TYPE_CHECKING:
    from roas.tables import Tables
    from roas.volatility.noise import Noise
    from roas.volatility.results import AccountVolatility


@dataclass(frozen=True)
class Luck:
    """Noise of claims per channel.

    Attributes
    ----------
    unit : array, shape (C,)
        Variance of claimed revenue by luck over its mean, account currency; NaN where not known.
    basket_cv : array, shape (C,)
        Coefficient of variation of baskets; 0 where not known.
    """

    unit: Array
    basket_cv: Array


def luck_of(view: View, tables: Tables, volatility: AccountVolatility | None) -> Luck:
    """Return the noise of each channel's claims.

    Parameters
    ----------
    view : View
    tables : Tables
        Where `volatility` does not know a channel, it is estimated from these.
    volatility : AccountVolatility or None
    """
    found = {} if volatility is None else {name: each.noise for name, each in volatility.channels.items()}
    if volatility is None:
        found = _estimated(tables)
    unit, cv = np.full(len(view.channels), np.nan), np.zeros(len(view.channels))
    for place, channel in enumerate(view.channels):
        noise = found.get(channel)
        law = None if noise is None else noise.law
        if law is not None and law["basket"] > 0:
            cv[place] = law["basket_cv"]
            unit[place] = law["basket"] * (1 + law["basket_cv"] ** 2)
    return Luck(unit, cv)


def _estimated(tables: Tables) -> dict[str, Noise]:
    from roas.volatility.build import channel_series
    from roas.volatility.noise import estimate_noise

    return {name: estimate_noise(series) for name, series in channel_series(tables).items()}
