"""When a regime began, how surely, and whether it began at all."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from roas.volatility._arrays import Array
from roas.volatility.breaks.heavy import tail_gain
from roas.volatility.breaks.longrun import RIDGE, log_bayes_factor, log_mean_exp
from roas.volatility.breaks.prepared import Key
from roas.volatility.breaks.selection import Description, Search

#: Noise models of less posterior weight than this (with the break or without it) are left out here.
LEAST_WEIGHT: Final = 0.01
#: Most of them kept.
MOST_MODELS: Final = 8
#: Part of a new regressor that the others must leave for it to count: rounding.
ROUNDING: Final = 1e-7
#: Sweeps over the breaks, each dated with the others held where they are.
SWEEPS: Final = 2
#: Prior odds of a level break between two neighbours, before its size: the price
#: of dates in the search. What is stated to people is calibrated after (`breaks.CALIBRATION`).
PRIOR_ODDS: Final = 12.0
#: Ends of the interval of a date.
ENDS: Final = (0.05, 0.95)


@dataclass(frozen=True)
class Dated:
    """A break with its date.

    Attributes
    ----------
    at, first, last : int
        Most probable first period of the new regime, and its 90 % interval.
    log_odds : float
        Log posterior odds of a break between the neighbours, against none.
    """

    at: int
    first: int
    last: int
    log_odds: float


def date_breaks(search: Search, description: Description) -> tuple[Description, list[Dated]]:
    """Date each break by its evidence, given the others.

    Returns
    -------
    Description
        With the most probable dates.
    list of Dated
        One per date, ascending.
    """
    if not description.dates:
        return description, []
    scan = Scan.of(search, description)
    dates = list(description.dates)
    found: list[Dated] = []
    for _ in range(SWEEPS):
        found = []
        for index in range(len(dates)):
            found.append(scan.date(dates, index))
            dates[index] = found[-1].at
    return replace(description, dates=tuple(dates)), found


def describe(search: Search) -> tuple[Description, list[Dated]]:
    """Choose the description after the leaders of every class have their best dates.

    Notes
    -----
    Scores suppose normal noise. Where it may be anything, descriptions with dates must also beat
    fewer of them with heavy tails: the least sure date is given up first.
    """
    leaders = search.leaders()
    if not any(each.dates for each in leaders):
        return leaders[0], []
    dated = dict(date_breaks(search, each) for each in leaders)
    best = search.scores(list(dated))[0][1]
    if not (best.dates and search.wild):
        return best, dated[best]
    if tail_gain(search.errors(replace(best, dates=()))[0]) == 0.0:
        return best, dated[best]
    return _against_tails(search, leaders, dated)


def _against_tails(
    search: Search, leaders: list[Description], dated: dict[Description, list[Dated]]
) -> tuple[Description, list[Dated]]:
    """Choose among the leaders, and what is left of them without their least sure dates, under any tails."""
    every = dict.fromkeys(dated)
    for each, found in dated.items():
        order = sorted(found, key=lambda one: one.log_odds)
        for count in range(1, len(order) + 1):
            left = {one.at for one in order[count:]}
            every[replace(each, dates=tuple(at for at in each.dates if at in left))] = None
    scored = search.scores(list(every))
    totals = [score + tail_gain(search.errors(each)[0]) for score, each in scored]
    best = scored[int(np.argmax(totals))][1]
    return (best, dated[best]) if best in dated else date_breaks(search, best)


@dataclass(frozen=True)
class Scan:
    """Evidence of a break at every date under the noise models that matter."""

    search: Search
    description: Description
    chosen: npt.NDArray[np.int64]

    @classmethod
    def of(cls, search: Search, description: Description) -> Scan:
        """Choose the noise models."""
        return cls(search, description, np.asarray(_models(search, description)))

    def date(self, dates: list[int], index: int) -> Dated:
        """Date break `index` with the others where they are."""
        series = self.search.series
        low = dates[index - 1] if index else 0
        high = dates[index + 1] if index + 1 < len(dates) else series.n
        window = np.arange(low + series.least, high - series.least + 1)
        if not len(window):
            window = np.array([dates[index]])
        with_it, without = self._evidence(window, [each for i, each in enumerate(dates) if i != index])
        per_date = log_mean_exp(with_it, axis=0)
        weights = np.exp(per_date - per_date.max())
        share = np.cumsum(weights) / weights.sum()
        first, last = (int(window[min(int(np.searchsorted(share, end)), len(window) - 1)]) for end in ENDS)
        at = int(window[int(np.argmax(per_date))])
        n = float(series.seen.sum())
        log_sum = float(np.log(weights.sum()) + per_date.max())
        log_odds = float(np.log(PRIOR_ODDS / n)) + log_sum - float(log_mean_exp(without))
        return Dated(at, min(first, at), max(last, at), log_odds)

    def _evidence(self, window: npt.NDArray[np.int64], others: list[int]) -> tuple[Array, Array]:
        """Return log evidence with a break at each date, (n_models, n_dates), and without, (n_models,)."""
        search, kinds = self.search, self.description.step + self.description.slope
        keys = replace(self.description, dates=tuple(others)).regressors()
        products = search.products(keys)
        gram, n = products.gram[self.chosen], products.n
        total, constant = (each[self.chosen] for each in products.constant)
        chosen = [i + 2 for i in range(len(keys))]
        before = products.explained(chosen)[self.chosen]
        gained = self._gained(gram, keys, window) / total[:, None]
        after = np.clip(before[:, None] + gained, 0.0, 1.0)
        with_it = constant[:, None] + log_bayes_factor(after, n, len(keys) + kinds, n)
        return with_it, constant + log_bayes_factor(before, n, len(keys), n)

    def _gained(self, gram: Array, keys: list[Key], window: npt.NDArray[np.int64]) -> Array:
        """Return the squares that a break at each date explains beyond `keys`, (n_models, n_dates).

        Frisch and Waugh: products of what the other regressors leave of the values and of the new ones.
        """
        own = self.search.own[:, self.chosen[:, None], window]
        new = [self.search.from_date(keys, self.chosen, window, slope=slope) for slope in self._slopes]
        size = np.sqrt(np.maximum(np.einsum("gii->gi", gram[:, 1:, 1:]), 1e-300))
        inner = gram[:, 1:, 1:] / size[:, :, None] / size[:, None, :] + RIDGE * np.eye(size.shape[1])
        with_new = [np.moveaxis(each[1:], 0, 1) / size[:, :, None] for each in new]
        with_y = (gram[:, 1:, 0] / size)[..., None]
        solved = np.linalg.solve(inner, np.concatenate([with_y, *with_new], axis=2))
        on_y, on_new = solved[:, :, :1], np.split(solved[:, :, 1:], len(new), axis=2)
        rest = [each[0] - (part * on_y).sum(axis=1) for each, part in zip(new, with_new, strict=True)]

        def left(i: int, j: int) -> tuple[Array, Array]:
            products = own[int(self._slopes[i]) + int(self._slopes[j])]
            return products - (with_new[i] * on_new[j]).sum(axis=1), products

        first, whole = left(0, 0)
        first = np.where(first > ROUNDING * whole, first, np.inf)
        gained = rest[0] ** 2 / first
        if len(new) == 1:
            return np.asarray(gained)
        across, _ = left(0, 1)
        second, whole = left(1, 1)
        second = second - across**2 / first
        second = np.where(second > ROUNDING * whole, second, np.inf)
        return np.asarray(gained + (rest[1] - across * rest[0] / first) ** 2 / second)

    @property
    def _slopes(self) -> list[bool]:
        """Whether each new regressor of a break is a slope."""
        return [False] * self.description.step + [True] * self.description.slope


def _models(search: Search, description: Description) -> list[int]:
    """Return the noise models with weight under the description, whole or less any break."""
    keys = description.regressors()
    products = search.products(keys)
    weights = np.zeros(len(search.memory.phi))
    for dropped in (None, *description.dates):
        chosen = [i + 2 for i, (kind, at) in enumerate(keys) if kind not in ("step", "slope") or at != dropped]
        log = products.evidence(chosen)
        weight = np.exp(log - log.max())
        weights = np.maximum(weights, weight / weight.sum())
    order = np.argsort(-weights)[:MOST_MODELS]
    return sorted(int(i) for i in order if weights[i] >= LEAST_WEIGHT)
