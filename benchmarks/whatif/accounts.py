"""Accounts of `roas.simulator`, and what any split of their money would truly bring.

The future is the last 8 weeks over again, twice: same demand, same prices, same pattern of days. A plan holds in the
first copy, today's money runs in the second, so that what arrives late is counted.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from roas.simulator import simulate
from roas.simulator.account import DEFAULT_START, _chasing
from roas.simulator.draws import Draws
from roas.simulator.observe import observe, to_tables
from roas.simulator.outcome import expected_outcome
from roas.simulator.shop import Shop, draw_shop
from roas.simulator.world import World, build_world

#: Days whose mean is "today", and days after the plan: the longest carryover of any generator is 70.
RECENT = 56
AFTER = 70

#: Money relative to today's at which true curves are read; in between, monotone cubics.
FACTORS = np.linspace(0.0, 2.0, 41)

#: Horizons, weeks. A short plan is tried in each part of the 8 weeks, and the mean is its gain.
HORIZONS = (4, 8)

WEEKS = (104, 78, 130)
SCALES = (1.0, 0.3, 3.0)
CHASES = (0.0, 0.5)


@dataclass(frozen=True)
class Truth:
    """What channels truly bring at other money: currency per week, against today's money.

    Attributes
    ----------
    channels : tuple of str
    gains : mapping of int to array (C, K)
        Horizon in weeks → change per week at ``FACTORS`` times today's money.
    """

    channels: tuple[str, ...]
    gains: dict[int, np.ndarray]

    def of(self, channel: str, weeks: int) -> Callable[[Any], Any]:
        """Return a channel's true change per week as a function of planned money over today's."""
        from scipy.interpolate import PchipInterpolator

        return PchipInterpolator(FACTORS, self.gains[weeks][self.channels.index(channel)], extrapolate=False)

    def gain(self, planned: dict[str, float], today: dict[str, float], weeks: int) -> float:
        """Return the true change per week of a split."""
        moved = [c for c in self.channels if today.get(c, 0) > 0 and planned[c] != today[c]]
        return float(sum(float(self.of(c, weeks)(planned[c] / today[c])) for c in moved))


@dataclass(frozen=True)
class Account:
    """Tables as a user has them, and the truth."""

    name: str
    spend: pd.DataFrame
    revenue: pd.DataFrame
    truth: Truth
    traits: dict[str, Any] = field(default_factory=dict)


def read_curves(channels: tuple[str, ...], days: int, caused: Callable[[np.ndarray], np.ndarray]) -> Truth:
    """Read true curves off a generator.

    Parameters
    ----------
    channels : tuple of str
    days : int
        Length of the history in the generator's arrays.
    caused : function
        Multipliers of spend on each day of `ahead` (an array) → revenue caused by each channel, summed over days.
    """
    gains = {}
    for weeks in HORIZONS:
        spans = [slice(days + s, days + s + 7 * weeks) for s in range(0, RECENT, 7 * weeks)]
        found = np.zeros((len(channels), len(FACTORS)))
        base = caused(np.ones(len(ahead(days))))
        for span in spans:
            for k, factor in enumerate(FACTORS):
                multiplier = np.ones(len(ahead(days)))
                multiplier[span] = factor
                found[:, k] += (caused(multiplier) - base) / weeks / len(spans)
        gains[weeks] = found
    return Truth(channels, gains)


def ahead(days: int) -> np.ndarray:
    """Return positions: the history, its last 8 weeks again, and once more with what arrives late."""
    last = np.arange(days - RECENT, days)
    return np.concatenate([np.arange(days), last, last, last[: AFTER - RECENT]])


def settings(seed: int) -> dict[str, Any]:
    """Return history, size and chased demand of an account: every combination in 18 seeds in a row."""
    return {"weeks": WEEKS[seed % 3], "scale": SCALES[seed // 3 % 3], "chase": CHASES[seed // 9 % 2]}


def own(seed: int, **asked: Any) -> Account:
    """Draw a healthy account: 4 to 6 channels, with claims, visits and promotions."""
    how = settings(seed) | asked
    tables, _ = simulate(seed=seed, **how)
    world = world_of(seed, **how)
    return Account(f"own-{seed}", tables["spend"], tables["revenue"], truth_of(world), how)


def world_of(seed: int, *, weeks: int, scale: float, chase: float, shop: Callable[[Shop], Shop] | None = None) -> World:
    """Build the world behind an account of the simulator."""
    draws = Draws(seed)
    drawn = _chasing(draw_shop(draws, scale=scale, channels=None), chase)
    return build_world(drawn if shop is None else shop(drawn), draws, start=DEFAULT_START, weeks=weeks)


def tables_of(world: World, seed: int) -> dict[str, pd.DataFrame]:
    """Draw the exports of a world that was changed by hand."""
    return to_tables(world, observe(world, expected_outcome(world), Draws(seed), grain="day"), currency="EUR")


def truth_of(world: World) -> Truth:
    """Read the true curves of a world of the simulator."""
    days = len(world.days)
    longer = picked(world, ahead(days))

    def caused(multiplier: np.ndarray) -> np.ndarray:
        moved = longer.copy()
        moved.budget = longer.budget * multiplier
        return expected_outcome(moved).contribution.sum(axis=1)

    return read_curves(tuple(c.name for c in world.shop.channels), days, caused)


def picked(world: World, days: np.ndarray) -> World:
    """Return a world of other days of the same drivers."""
    arrays = {name: value for name, value in vars(world).items() if isinstance(value, np.ndarray)}
    parts = {name: value[..., days] for name, value in arrays.items() if name != "days"}
    return replace(world, days=world.days[0] + np.arange(len(days)), **parts)
