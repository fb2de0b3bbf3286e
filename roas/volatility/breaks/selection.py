"""Choose the shortest description of a series: levels, slopes or only memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt

from roas.volatility._arrays import Array
from roas.volatility.breaks.longrun import (
    MEMORIES,
    PARTS,
    WALK,
    Memory,
    Products,
    forecast_errors,
    log_bayes_factor,
    log_mean_exp,
)
from roas.volatility.breaks.precision import Precision, from_date
from roas.volatility.breaks.prepared import CONSTANT, DATED, VALUES, Key, Prepared
from roas.volatility.breaks.segments import level_cost, line_cost, near_best_partitions

#: Prior chance that a period starts a new regime: at most 1 in 22, and at most 16 in a whole
#: series; the price of a searched date is its log. Set on `benchmarks/volatility/breaks.py`: healthy
#: years of every volume and memory hold at most 0.1 breaks; the first also keeps short generic
#: series whole (`benchmarks/volatility/drawings.py`).
LARGEST_CHANCE: Final = 1 / 22
MOST_EXPECTED: Final = 16.0
#: Log prior odds of a yearly wave: with one year of history it must beat two breaks, which
#: cost less than its two coefficients would by evidence alone (same benchmark, seasonal accounts).
WAVE_LOG_ODDS: Final = 1.25
#: Most breaks looked for at first, and where the first search ends near its limit.
MOST, MORE = 10, 30
#: Most pieces of a broken line.
MOST_LINES: Final = 6
#: Periods from which a yearly wave can be told from a slow change: nearly one.
#: With less, a season is a slow change and nothing tells them apart.
YEARS_NEEDED: Final = 0.9


#: Further price of a date per log of the long-run variance ratio: nothing without memory. It evens
#: the false breaks of the benchmark out over memories, at no loss where counts are few.
WANDER_PRICE: Final = 0.5
#: Log evidence by which better dates may still lift a description: those of the search are the
#: best for unremembered noise, and for lines that need not join.
WITHIN: Final = 12.0
#: Memories and parts of the first pass, and the log evidence by which its order may be wrong:
#: all memories then judge what is left. On sixteen simulated channels of two years no break changed.
ROUGH_MEMORIES, ROUGH_PARTS = (0.3, 0.6, 0.9), (0.25, 0.75)
ROUGHLY: Final = 20.0


@dataclass(frozen=True)
class Description:
    """What the mean of a series does.

    Attributes
    ----------
    dates : tuple of int
        First periods of new regimes, ascending.
    step, slope : bool
        At each date the level jumps; the slope changes.
    trend, yearly : bool
        One straight line, one yearly wave, under everything else.
    """

    dates: tuple[int, ...] = ()
    step: bool = True
    slope: bool = False
    trend: bool = False
    yearly: bool = False

    def regressors(self) -> list[Key]:
        """Name the regressors beside the constant."""
        shared = [("trend", 0)] * self.trend + [("sine", 0), ("cosine", 0)] * self.yearly
        steps = [("step", date) for date in self.dates if self.step]
        return shared + steps + [("slope", date) for date in self.dates if self.slope]


@dataclass
class Search:
    """Scores of descriptions of one series.

    Attributes
    ----------
    series : Prepared
    wild : bool
        The noise may be anything: a walk, and of heavy tails. False for ratios of sums, whose noise
        is counting and demand: jumps in them are news.
    grid : pair of tuples
        Memories and parts of the noise models.
    memory : Memory
    precision : Precision
    """

    series: Prepared
    wild: bool = False
    grid: tuple[tuple[float, ...], tuple[float, ...]] = (MEMORIES, PARTS)
    memory: Memory = field(init=False)
    precision: Precision = field(init=False)
    _place: dict[Key, int] = field(default_factory=dict, repr=False)
    _times: dict[Key, Array] = field(default_factory=dict, repr=False)
    _sums: dict[tuple[Key, bool], Array] = field(default_factory=dict, repr=False)
    _gram: Array = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.memory = Memory.grid(*self.grid, walk=WALK if self.wild else 1.0)
        self.precision = self.series.precision(self.memory)
        self._gram = np.zeros((len(self.memory.phi), 16, 16))

    def products(self, keys: list[Key]) -> Products:
        """Multiply the values, the constant and the regressors under every noise model."""
        every = [VALUES, CONSTANT, *keys]
        self._learn(every)
        places = np.array([self._place[key] for key in every])
        return Products(self._gram[:, places[:, None], places], self.log_sd, self.precision.seen)

    def _learn(self, keys: list[Key]) -> None:
        """Fill in the products of regressors not met before with all that were."""
        fresh = [key for key in dict.fromkeys(keys) if key not in self._place]
        if not fresh:
            return
        columns = np.column_stack([self.series.column(*key) for key in fresh]) * self.series.shown[:, None]
        self._times.update(zip(fresh, self.precision.times(columns), strict=True))
        self._place.update({key: len(self._place) + i for i, key in enumerate(fresh)})
        more = max(0, len(self._place) - self._gram.shape[1])
        if more:
            self._gram = np.pad(self._gram, ((0, 0), (0, more + 16), (0, more + 16)))
        smooth = [key for key in self._place if key[0] not in DATED]
        for slope, kind in enumerate(DATED):
            dated = [key for key in self._place if key[0] == kind]
            if dated:
                at, places = np.array([key[1] for key in dated]), [self._place[key] for key in dated]
                for key in dict.fromkeys([*fresh, *smooth]):
                    row = self._from_date(key, slope=bool(slope))[:, at]
                    self._gram[:, self._place[key], places] = row
                    self._gram[:, places, self._place[key]] = row
        for one in smooth:
            column = (self.series.column(*one) * self.series.shown)[::-1]
            for other in smooth:
                if one in fresh or other in fresh:
                    self._gram[:, self._place[one], self._place[other]] = self._times[other] @ column

    @cached_property
    def own(self) -> Array:
        """Products of the step and the slope at every date with themselves, shape (3, n_models, n)."""
        series, time = self.series, np.arange(1.0, self.series.n + 1) / self.series.n
        return np.array(self.precision.own(series.shown, series.shown * time))

    def from_date(
        self, keys: list[Key], models: npt.NDArray[np.int64], window: npt.NDArray[np.int64], *, slope: bool
    ) -> Array:
        """Return products of the values, the constant and `keys` with the step (slope) at each date.

        Returns
        -------
        array, shape (n_keys + 2, n_models, n_dates)
        """
        every = [VALUES, CONSTANT, *keys]
        self._learn(every)
        chosen = models[:, None], window
        return np.stack([self._from_date(key, slope=slope)[chosen] for key in every])

    def _from_date(self, key: Key, *, slope: bool) -> Array:
        """Return products of one regressor with the step (slope) at every date, shape (n_models, n)."""
        if (key, slope) not in self._sums:
            self._sums[key, slope] = from_date(self._times[key] * self.series.shown[::-1], slope=slope)
        return self._sums[key, slope]

    @cached_property
    def log_sd(self) -> Array:
        """Sum of the log sd of one-step forecasts, shape (n_models,)."""
        spread = self.series.spread
        return self.precision.log_sd + (0.0 if spread is None else float(np.log(spread[self.series.seen]).sum()))

    def best(self) -> Description:
        """Return the description with the largest posterior score."""
        return self.leaders()[0]

    def leaders(self) -> list[Description]:
        """Return the best description of each class that may still win, the best first."""
        rough = Search(self.series, self.wild, (ROUGH_MEMORIES, ROUGH_PARTS))
        first = rough.scores(list(self._candidates(MOST)))
        if len(first[0][1].dates) >= MOST - 1:
            first = rough.scores([first[0][1], *self._candidates(MORE)])
        scored = self.scores([each for score, each in first if score > first[0][0] - ROUGHLY])
        heads: dict[tuple[bool, ...], Description] = {}
        for score, each in scored:
            if score > scored[0][0] - WITHIN:
                heads.setdefault((bool(each.dates), each.step, each.slope, each.trend, each.yearly), each)
        return list(heads.values())

    def _candidates(self, most: int) -> Iterator[Description]:
        series = self.series
        weights = series.seen / (0.5 + 0.5 * series.variance)
        weights = weights if series.spread is None else weights / series.spread**2
        waves = (False, True) if series.year and series.n >= YEARS_NEEDED * series.year else (False,)
        levels = near_best_partitions(level_cost(series.values, weights), series.n, most=most, least=series.least)
        lines = near_best_partitions(line_cost(series.values, weights), series.n, most=MOST_LINES, least=series.least)
        for yearly in waves:
            for dates in levels:
                yield Description(dates, yearly=yearly)
                yield Description(dates, trend=True, yearly=yearly)
            for dates in lines[1:]:
                yield Description(dates, trend=True, yearly=yearly)
                yield Description(dates, step=False, slope=True, trend=True, yearly=yearly)
                yield Description(dates, step=True, slope=True, trend=True, yearly=yearly)

    def scores(self, candidates: list[Description]) -> list[tuple[float, Description]]:
        """Score descriptions, the best first."""
        keys = sorted({key for each in candidates for key in each.regressors()})
        place = {key: index + 2 for index, key in enumerate(keys)}
        products = self.products(keys)
        choices = [[place[key] for key in each.regressors()] for each in candidates]
        scores = np.empty(len(candidates))
        for size in {len(each) for each in choices}:
            alike = [i for i, each in enumerate(choices) if len(each) == size]
            part = np.array([choices[i] for i in alike], dtype=np.int64).reshape(len(alike), size)
            scores[alike] = self._scores(products, part, [candidates[i] for i in alike])
        order = np.argsort(-scores, kind="stable")
        return [(float(scores[i]), candidates[i]) for i in order]

    def _scores(self, products: Products, choices: npt.NDArray[np.int64], candidates: list[Description]) -> Array:
        """Return the log evidence over all memories, less the price of searched dates."""
        explained = products.explained_by(choices)
        evidence = products.constant[1] + log_bayes_factor(explained, products.n, choices.shape[1], products.n)
        dates = np.array([len(each.dates) for each in candidates])
        # Noise that wanders by itself makes a break less likely to begin with, and mistakes likelier.
        wander = WANDER_PRICE * np.log(self.memory.long_run_variance())
        total = log_mean_exp(evidence - dates[:, None] * wander)
        waves = np.array([each.yearly for each in candidates])
        return np.asarray(total + dates * self.log_date_prior + waves * WAVE_LOG_ODDS)

    def errors(self, description: Description) -> tuple[Array, float]:
        """Return standardised one-step errors of the seen periods, and the long-run ratio.

        Returns
        -------
        errors : array, shape (n_seen,)
            Under the noise model of largest evidence; mean square about 1.
        ratio : float
            Long-run variance of the noise per variance of one period.
        """
        keys = description.regressors()
        products = self.products(keys)
        evidence = products.evidence([i + 2 for i in range(len(keys))])
        top = int(np.argmax(evidence))
        columns = self.series.columns(keys)
        fitted = products.coefficients(top)
        phi, part = float(self.memory.phi[top]), float(self.memory.part[top])
        rest = forecast_errors(
            columns[:, 0] - columns[:, 1:] @ fitted, phi, part, self.series.variance, self.series.seen
        )
        sd = float(np.sqrt((rest**2).mean()))
        ratios = self.memory.long_run_variance()
        weights = np.exp(evidence - evidence.max())
        return rest / (sd if sd > 0 else 1.0), float(weights @ ratios / weights.sum())

    def steps(self, description: Description) -> Array:
        """Return the fitted jump at each date, unit of the values, shape (n_dates,)."""
        keys = description.regressors()
        products = self.products(keys)
        top = int(np.argmax(products.evidence([i + 2 for i in range(len(keys))])))
        fitted = products.coefficients(top)[1:]
        return np.array([fitted[keys.index(("step", date))] for date in description.dates])

    @property
    def log_date_prior(self) -> float:
        """Log prior chance that a given period starts a new regime."""
        return float(np.log(min(LARGEST_CHANCE, MOST_EXPECTED / max(int(self.series.seen.sum()), 1))))
