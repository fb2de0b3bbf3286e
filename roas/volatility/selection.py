"""Choose the shortest description of a series: levels, slopes or only memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

import numpy as np

from roas.volatility._arrays import Array
from roas.volatility.longrun import Memory, Products, forecast_errors, log_mean_exp
from roas.volatility.precision import Precision, from_date
from roas.volatility.segments import level_cost, line_cost, near_best_partitions

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
#: Fewest periods of a segment, in long and in the shortest series.
LEAST_LONG, LEAST_SHORT = 7, 3
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
#: all memories then judge what is left. In `benchmarks/volatility/breaks.py` no decision changed.
ROUGH_MEMORIES, ROUGH_PARTS = (0.3, 0.6, 0.9), (0.25, 0.75)
ROUGHLY: Final = 20.0


#: A regressor: its kind and, of a step or slope, its date.
Key = tuple[str, int]
#: The values themselves, and a step that begins with the series.
VALUES: Final[Key] = ("values", 0)
CONSTANT: Final[Key] = ("step", 0)


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


@dataclass
class Search:
    """Scores of descriptions of one series.

    Attributes
    ----------
    series : Prepared
    memory : Memory
    precision : Precision
    """

    series: Prepared
    memory: Memory = field(default_factory=Memory.grid)
    precision: Precision = field(init=False)
    known: dict[Key, Array] = field(default_factory=dict, repr=False)
    dated: dict[tuple[Key, bool], Array] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        self.precision = self.series.precision(self.memory)

    def times(self, keys: list[Key]) -> Array:
        """Return inverse covariance times the values, the constant and regressors, (n_columns, n_models, n)."""
        every = [VALUES, CONSTANT, *keys]
        fresh = [key for key in dict.fromkeys(every) if key not in self.known]
        if fresh:
            columns = np.column_stack([self.series.column(*key) for key in fresh]) * self.series.shown[:, None]
            self.known.update(zip(fresh, self.precision.times(columns), strict=True))
        return np.stack([self.known[key] for key in every])

    def products(self, keys: list[Key]) -> Products:
        """Multiply the values, the constant and the regressors under every noise model."""
        times = self.times(keys)
        columns = np.ascontiguousarray(self.series.columns(keys)[::-1])
        gram = (times.reshape(-1, len(columns)) @ columns).reshape(*times.shape[:2], -1)
        return Products(np.ascontiguousarray(gram.transpose(1, 0, 2)), self.log_sd, self.precision.seen)

    @cached_property
    def own(self) -> Array:
        """Products of the step and the slope at every date, shape (3, n_models, n)."""
        series, time = self.series, np.arange(1.0, self.series.n + 1) / self.series.n
        return np.array(self.precision.own(series.shown, series.shown * time))

    def from_date(self, keys: list[Key], slope: bool) -> Array:
        """Return products of the values, the constant and `keys` with the step (slope) at every date."""
        every = [VALUES, CONSTANT, *keys]
        self.times(keys)
        fresh = [key for key in dict.fromkeys(every) if (key, slope) not in self.dated]
        for key in fresh:
            backwards = self.known[key] * self.series.shown[::-1]
            self.dated[key, slope] = from_date(backwards, slope=slope)
        return np.stack([self.dated[key, slope] for key in every])

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
        rough = Search(self.series, Memory.grid(ROUGH_MEMORIES, ROUGH_PARTS))
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
        scores = [self.score(products, each, place) for each in candidates]
        order = np.argsort(-np.array(scores), kind="stable")
        return [(scores[i], candidates[i]) for i in order]

    def score(self, products: Products, each: Description, place: dict[tuple[str, int], int]) -> float:
        """Return the log evidence over all memories, less the price of searched dates."""
        evidence = products.evidence([place[key] for key in each.regressors()])
        # Noise that wanders by itself makes a break less likely to begin with, and mistakes likelier.
        wander = WANDER_PRICE * np.log(self.memory.long_run_variance())
        total = float(log_mean_exp(evidence - len(each.dates) * wander))
        return total + len(each.dates) * self.log_date_prior + each.yearly * WAVE_LOG_ODDS

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
