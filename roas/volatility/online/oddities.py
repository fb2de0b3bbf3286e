"""Odd periods: a spike or collapse of a day or a few hours, each judged by its past alone.

A period is odd where it misses what the past led to expect by more than chance
does once in a thousand periods. What chance does is learnt from the series'
own past misses, with their autocorrelation, cycles and heavy tails, so a series
that often jumps is given room. An odd period teaches nothing beyond a clipped
miss; a level that stays is accepted after one cycle.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from roas.volatility._arrays import Array
from roas.volatility.funnel import chance as counting_chance
from roas.volatility.noise import Noise
from roas.volatility.online.extremes import Tail
from roas.volatility.online.outlook import CLIP, START, Outlook
from roas.volatility.series import RoasSeries

#: Chance that a usual period is called odd: one day in three years, one hour in six weeks.
FALSE_ALARMS: Final = 1 / 1000
#: Past misses before the first verdict: three of them then lie in each tail.
WARM_UP: Final = 30
#: Periods after which a lasting level is no oddity, where there is no cycle.
PATIENCE: Final = 7
#: Share of those that must lie on the same side, beyond `FAR` mean absolute misses.
LASTING, FAR = 0.75, 2.5
#: Periods over which the scale of misses is remembered: slowly, and in a turbulent spell.
SLOW, FAST = 100.0, 20.0
#: Past misses that tell the tail, and periods between two fits of it.
KEPT, REFIT = 1000, 8
#: Visits' worth of doubt in a scale of its own for each place in the shortest cycle.
PLACE_DOUBT: Final = 30.0
#: Periods of a short odd stretch, judged by the sum of its clipped misses.
STRETCH: Final = 4
#: Share of the false alarms spent on stretches.
STRETCH_SHARE: Final = 0.25
#: A miss beyond the limit is remembered as at most this many limits.
REMEMBERED_LIMITS: Final = 1.5
#: Bounds of the spread that uneven spend gives a day.
LEAST_SPREAD, MOST_SPREAD = 0.3, 3.0


@dataclass(frozen=True)
class Oddities:
    """Which periods are odd.

    Attributes
    ----------
    index : array of int
        First period of every odd stretch.
    odd : array of bool, shape (n,)
        True in every odd period.
    score : array, shape (n,)
        1 less the probability that chance misses as far, in [0, 1]; NaN
        where not judged (a gap, or too little past).
    expected, lower, upper : array, shape (n,)
        What the past led to expect, and the limits beyond which a period by
        itself is odd (a stretch can be odd within them); NaN where not judged.
    """

    index: npt.NDArray[np.int64]
    odd: npt.NDArray[np.bool_]
    score: Array
    expected: Array
    lower: Array
    upper: Array

    @property
    def judged(self) -> bool:
        """Whether any period could be judged: else silence says nothing."""
        return bool(np.isfinite(self.score).any())


@dataclass(frozen=True)
class Verdicts:
    """What `judge` returns: arrays of shape (n, n_series), as in `Oddities`."""

    chance: Array
    expected: Array
    lower: Array
    upper: Array


def odd_periods(
    values: npt.ArrayLike, *, season: int | tuple[int, ...] | None = None, false_alarms: float = FALSE_ALARMS
) -> Oddities:
    """Find single odd periods and short odd stretches.

    Parameters
    ----------
    values : array, shape (n,)
        One per period, any unit; NaN in gaps.
    season : int or tuple of int, optional
        Cycle lengths in periods: 7 for days, (24, 168) for hours. A cycle
        that is not there costs little.
    false_alarms : float
        Chance that a usual period is called odd.

    Returns
    -------
    Oddities

    Raises
    ------
    ValueError
        If `values` is not one-dimensional, a cycle is shorter than 2, or
        `false_alarms` is not between 0 and 0.1.

    Notes
    -----
    Forecast: :class:`roas.volatility.online.outlook.Outlook`. A miss is divided by
    the larger of the slow and the fast mean absolute miss, times that of its
    place in the shortest cycle. Its probability is that of the tail on its side
    (:class:`roas.volatility.online.extremes.Tail`), and so is that of the sum of the last
    `STRETCH` misses; both sides and both kinds share the false alarms. Later values change no
    earlier verdict.

    Examples
    --------
    >>> import numpy as np
    >>> values = np.random.default_rng(1).normal(100, 5, 200)
    >>> values[150] = 180
    >>> odd_periods(values).index
    array([150])
    """
    array = np.asarray(values, dtype=np.float64)
    if array.ndim != 1:
        raise ValueError(f"values must have one dimension, not {array.ndim}")
    found = judge(array[:, None], cycles=_cycles(season), false_alarms=false_alarms)
    chance, expected, lower, upper = (getattr(found, name)[:, 0] for name in found.__dataclass_fields__)
    return _oddities(chance, expected, lower, upper, false_alarms, season)


def odd_days(series: RoasSeries, noise: Noise | None = None, *, false_alarms: float = FALSE_ALARMS) -> Oddities:
    """Find days (or weeks) whose ROAS is odd, even for so few sales.

    Parameters
    ----------
    series : RoasSeries
        Immature periods are not judged.
    noise : Noise, optional
        What luck alone does; without it, or where it is not known, a day is judged
        by past misses alone.
    false_alarms : float
        Chance that a usual day is called odd.

    Returns
    -------
    Oddities

    Notes
    -----
    The probability is the larger of two: that of the miss of the root of ROAS
    among past misses, divided by the root of the day's spend, and that of so many or so few sales at this day's spend if the forecast
    holds (compound Poisson, :func:`roas.volatility.funnel.chance`).
    """
    usable = series.usable & (np.arange(len(series.dates)) < series.mature)
    spend = np.where(usable, series.spend, 1.0)
    roas = np.where(usable, np.maximum(np.nan_to_num(series.revenue), 0.0) / spend, np.nan)
    so_far = np.cumsum(np.where(usable, spend, 0.0)) / np.maximum(np.cumsum(usable), 1)
    spread = np.where(usable, np.sqrt(np.maximum(so_far, 1e-300) / spend), 1.0).clip(LEAST_SPREAD, MOST_SPREAD)
    season = 7 if series.grain == "day" else None
    # Roots, whose luck is even: a collapse then stands out as far as a spike.
    root = judge(np.sqrt(roas)[:, None], cycles=_cycles(season), false_alarms=false_alarms, spread=spread[:, None])
    chance = root.chance[:, 0]
    lower, expected, upper = (np.maximum(each[:, 0], 0.0) ** 2 for each in (root.lower, root.expected, root.upper))
    law = noise.law if noise is not None else None
    if noise is not None and noise.unit is not None and law is not None:
        # The mean of a square is the squared mean and the variance, a quarter of the noise unit per spend.
        expected = expected + noise.unit / (4 * spend)
        # Only where the misses look odd can the counts change a verdict.
        asked = (chance < false_alarms) & (expected > 0)
        if asked.any():
            by_luck = counting_chance(spend[asked], roas[asked], expected[asked], **law)
            chance[asked] = np.maximum(chance[asked], by_luck)
    return _oddities(chance, expected, lower, upper, false_alarms, season)


def judge(
    values: Array, *, cycles: tuple[int, ...] = (), false_alarms: float = FALSE_ALARMS, spread: Array | None = None
) -> Verdicts:
    """Judge every period of many series by its own past.

    Parameters
    ----------
    values : array, shape (n, n_series)
        NaN in gaps.
    cycles : tuple of int
    false_alarms : float
    spread : array, shape (n, n_series), optional
        Known relative sd of each period's noise, 1 by default.

    Returns
    -------
    Verdicts
    """
    if not 0 < false_alarms < 0.1:
        raise ValueError(f"false_alarms must be between 0 and 0.1, not {false_alarms}")
    values = np.where(np.isfinite(values), values, np.nan)
    nothing = np.full(values.shape, np.nan)
    out = Verdicts(nothing, nothing.copy(), nothing.copy(), nothing.copy())
    if len(values) > START:
        # A scale free of units: the first values are known before any verdict.
        _Judge(values, cycles, false_alarms, np.ones(values.shape) if spread is None else spread, out).run()
    return out


class _Judge:
    """The state that `judge` carries from period to period; arrays per series."""

    def __init__(
        self, values: Array, cycles: tuple[int, ...], false_alarms: float, spread: Array, out: Verdicts
    ) -> None:
        self.values, self.spread, self.out, self.false_alarms = values, spread, out, false_alarms
        self.patience = min(cycles) if cycles else PATIENCE
        self.outlook = Outlook(values[:START], cycles, self.patience)
        series = values.shape[1]
        self.cycle = min(cycles) if cycles else 1
        self.slow = self.outlook.miss[:, 0].copy()
        self.fast = self.slow.copy()
        self.place, self.visits = np.ones((self.cycle, series)), np.zeros((self.cycle, series))
        # Two kinds side by side: of this period, and of the stretch that ends with it.
        self.misses = np.full((len(values), 2 * series), np.nan)
        self.last = np.full((STRETCH, series), np.nan)
        self.count = np.zeros(series)
        self.sides = np.zeros((self.patience, series))
        self.tails: tuple[Tail, Tail] | None = None

    def run(self) -> None:
        """Judge, then learn, period by period."""
        for period in range(START, len(self.values)):
            if period % REFIT == 0 and (self.count >= WARM_UP).any():
                past = self.misses[max(0, period - KEPT) : period]
                self.tails = Tail.of(past), Tail.of(-past)
            self._look(period)

    def _look(self, period: int) -> None:
        value = self.values[period]
        seen = np.isfinite(value)
        forecast = (self.outlook.weights() * self.outlook.forecasts(period)).sum(axis=1)
        base = np.maximum(self.slow, self.fast)
        # A constant past gives no scale, and so no verdict.
        scale = base * self.place[period % self.cycle] * self.spread[period]
        miss = np.where(seen & (scale > 0), (value - forecast) / np.where(scale > 0, scale, 1.0), np.nan)
        self.last[period % STRETCH] = np.clip(miss, -CLIP, CLIP)
        both = np.concatenate([miss, self.last.sum(axis=0) / np.sqrt(STRETCH)])
        kept = np.clip(both, -2 * CLIP, 2 * CLIP)
        if self.tails is not None:
            kept = self._verdict(period, both, forecast, scale)
        self.misses[period] = kept
        self._learn(period, value, seen, miss, scale)

    def _verdict(self, period: int, both: Array, forecast: Array, scale: Array) -> Array:
        """Write the verdicts of a period; return the misses as they are to be remembered."""
        assert self.tails is not None
        upper, lower = self.tails
        series = len(scale)
        ready = np.isfinite(both[:series]) & (self.count >= WARM_UP)
        plain = np.nan_to_num(both)
        side = np.where(np.isfinite(both), np.minimum(upper.chance(plain), lower.chance(-plain)), 1.0)
        # Each of two sides has half the budget, a stretch its share of that.
        share = np.repeat([1 - STRETCH_SHARE, STRETCH_SHARE], series) / 2
        side = np.minimum(side / share, 1.0)
        chance = np.minimum(side[:series], side[series:])
        most, least = upper.limit(self.false_alarms * share), lower.limit(self.false_alarms * share)
        band = forecast - least[:series] * scale, forecast + most[:series] * scale
        for name, column in zip(self.out.__dataclass_fields__, (chance, forecast, *band), strict=True):
            getattr(self.out, name)[period] = np.where(ready, column, np.nan)
        return np.asarray(np.clip(both, -REMEMBERED_LIMITS * least, REMEMBERED_LIMITS * most))

    def _learn(self, period: int, value: Array, seen: npt.NDArray[np.bool_], miss: Array, scale: Array) -> None:
        self.outlook.learn(period, value, seen, scale)
        known = np.isfinite(miss)
        size = np.minimum(np.abs(np.nan_to_num(miss)), CLIP)
        place = period % self.cycle
        # In units of what was expected of this place and spend, times the scale of all.
        plain = size * np.maximum(self.slow, self.fast)
        for name, span in (("slow", SLOW), ("fast", FAST)):
            old = getattr(self, name)
            setattr(self, name, old + known * (plain - old) / np.minimum(self.count + START, span))
        if self.cycle > 1:
            share = known / (np.minimum(self.visits[place], SLOW) + PLACE_DOUBT)
            self.place[place] *= 1 + share * (size / np.maximum(self._usual(), 1e-9) - 1)
            self.visits[place] += known
        self.count += known
        self.sides[period % self.patience] = np.where(
            np.abs(np.nan_to_num(miss)) > FAR, np.sign(np.nan_to_num(miss)), 0
        )
        lasting = np.abs(self.sides.sum(axis=0)) >= LASTING * self.patience
        self.outlook.accept(lasting)
        self.sides[:, lasting] = 0

    def _usual(self) -> Array:
        """Mean absolute miss in its own units: below 1 where the fast scale is the larger."""
        return np.asarray(self.slow / np.maximum(np.maximum(self.slow, self.fast), 1e-300))


def _cycles(season: int | tuple[int, ...] | None) -> tuple[int, ...]:
    cycles = () if season is None else (season,) if isinstance(season, int) else tuple(season)
    if any(cycle < 2 for cycle in cycles):
        raise ValueError(f"a cycle has at least 2 periods, not {min(cycles)}")
    return cycles


def _oddities(
    chance: Array,
    expected: Array,
    lower: Array,
    upper: Array,
    false_alarms: float,
    season: int | tuple[int, ...] | None,
) -> Oddities:
    """Name the first period of every stretch: no odd one in as many periods before as make a level last."""
    quiet = min(_cycles(season), default=PATIENCE)
    odd = np.nan_to_num(chance, nan=1.0) < false_alarms
    places = np.flatnonzero(odd)
    first = np.diff(places, prepend=-quiet - 1) > quiet
    return Oddities(places[first].astype(np.int64), odd, 1 - chance, expected, lower, upper)
