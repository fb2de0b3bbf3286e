"""When a regime began, how surely, and whether it began at all."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from roas.volatility._arrays import Array
from roas.volatility.longrun import Gains, about_constant, log_bayes_factor, log_mean_exp
from roas.volatility.selection import Description, Search

#: Noise models of less posterior weight than this (with the break or without it) are left out here.
LEAST_WEIGHT: Final = 0.01
#: Most of them kept.
MOST_MODELS: Final = 8
#: Dates considered one by one up to this many; longer series in strides away from the found dates.
DATES_EXACT: Final = 400
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
    """Choose the description after the leaders of every class have their best dates."""
    leaders = search.leaders()
    if len(leaders) == 1 and not leaders[0].dates:
        return leaders[0], []
    dated = dict(date_breaks(search, each) for each in leaders)
    best = search.scores(list(dated))[0][1]
    return best, dated[best]


@dataclass(frozen=True)
class Scan:
    """Whitened regressors of every date under the noise models that matter."""

    search: Search
    description: Description
    gain: Gains
    dates: np.ndarray[tuple[int], np.dtype[np.int64]]
    shared: Array
    steps: Array | None
    slopes: Array | None

    @classmethod
    def of(cls, search: Search, description: Description) -> Scan:
        """Whiten once what every break's scan uses."""
        series = search.series
        chosen = search.memory.take(np.asarray(_models(search, description)))
        gain = series.gains(chosen)
        dates = _dates(series.n, description.dates)
        shared = series.columns(replace(description, dates=()).regressors())
        seen = series.seen[:, None]

        def whiten(kind: str) -> Array:
            return gain.whiten(np.column_stack([series.column(kind, int(each)) for each in dates]) * seen)

        steps = whiten("step") if description.step else None
        slopes = whiten("slope") if description.slope else None
        return cls(search, description, gain, dates, gain.whiten(shared), steps, slopes)

    def date(self, dates: list[int], index: int) -> Dated:
        """Date break `index` with the others where they are."""
        series = self.search.series
        low = dates[index - 1] if index else 0
        high = dates[index + 1] if index + 1 < len(dates) else series.n
        window = np.flatnonzero((self.dates >= low + series.least) & (self.dates <= high - series.least))
        if not len(window):
            window = np.flatnonzero(self.dates == dates[index])
        others = np.searchsorted(self.dates, [each for i, each in enumerate(dates) if i != index])
        with_it, without = self._evidence(window, others)
        widths = np.gradient(self.dates[window].astype(np.float64)) if len(window) > 1 else np.ones(1)
        per_date = log_mean_exp(with_it, axis=0)
        weights = np.exp(per_date - per_date.max()) * widths
        share = np.cumsum(weights) / weights.sum()
        first, last = (int(self.dates[window[min(int(np.searchsorted(share, end)), len(window) - 1)]]) for end in ENDS)
        at = int(self.dates[window[int(np.argmax(per_date))]])
        n = float(series.seen.sum())
        log_sum = float(np.log(weights.sum()) + per_date.max())
        log_odds = float(np.log(PRIOR_ODDS / n)) + log_sum - float(log_mean_exp(without))
        return Dated(at, min(first, at), max(last, at), log_odds)

    def _evidence(self, window: npt.NDArray[np.int64], others: npt.NDArray[np.int64]) -> tuple[Array, Array]:
        """Return log evidence with a break at each date, (n_models, n_dates), and without, (n_models,)."""
        kinds = [part for part in (self.steps, self.slopes) if part is not None]
        n, with_it, without = int(self.gain.seen.sum()), [], []
        for g in range(len(self.shared)):
            y, base = self.shared[g, :, 0], [self.shared[g, :, 1:]]
            base += [part[g][:, others] for part in kinds]
            basis = np.linalg.qr(_scaled(np.column_stack(base)))[0]
            rest = y - basis @ (basis.T @ y)
            one = self.shared[g, :, 1]
            total, constant = about_constant(y @ y, y @ one, one @ one, self.gain.log_sd[g], n)
            columns = basis.shape[1] - 1
            new = [part[g][:, window] for part in kinds]
            gained = _gain(rest, [each - basis @ (basis.T @ each) for each in new])
            before = max(1 - float(rest @ rest) / float(total), 0.0)
            after = np.clip(before + gained / total, 0.0, 1.0)
            with_it.append(constant + log_bayes_factor(after, n, columns + len(kinds), n))
            without.append(constant + log_bayes_factor(np.array(before), n, columns, n))
        return np.array(with_it), np.array(without)


def _gain(rest: Array, new: list[Array]) -> Array:
    """Return the squares of `rest` that one or two regressors per date explain, shape (n_dates,)."""
    first = new[0]
    size = np.maximum((first**2).sum(axis=0), 1e-12)
    gained = (first.T @ rest) ** 2 / size
    if len(new) == 1:
        return np.asarray(gained)
    second = new[1] - first * ((first * new[1]).sum(axis=0) / size)
    left = (second**2).sum(axis=0)
    return np.asarray(gained + np.where(left > 1e-9, (second.T @ rest) ** 2 / np.maximum(left, 1e-9), 0.0))


def _scaled(columns: Array) -> Array:
    return np.asarray(columns / np.maximum(np.sqrt((columns**2).sum(axis=0)), 1e-300))


def _dates(n: int, found: tuple[int, ...]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Return the dates to consider: all, or in strides with all those near a found one."""
    stride = max(1, -(-n // DATES_EXACT))
    near = [date + shift for date in found for shift in range(-4 * stride, 4 * stride + 1)]
    every = set(range(1, n, stride)) | {date for date in near if 1 <= date < n}
    return np.array(sorted(every), dtype=np.int64)


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
