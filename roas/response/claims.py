"""What platforms claim, as evidence on the shape of responses and on demand; levels are left free.

A platform's claims follow its channel's response with little noise but an
unknown bias: sales it did not see, and sales that would have come anyway. On
the log scale the bias is a level, which is integrated out, and a random walk
in time, whose size is learned from the claims themselves: where the bias
moves (a broken tag, a harvest that grows), only the fast part of the claims
still votes.

What all platforms' claims (and the visits that no click explains) do at the
same time, beyond what spend explains, is demand. It moves the till as well:
without it, spend that follows demand looks like effect.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from roas.response._arrays import Array
from roas.response.adstock import AdstockTable
from roas.response.design import Design, cosines, from_cosines, orthonormal
from roas.response.saturation import log_odds, logistic

#: Share of periods with claims that a channel needs to have a say on shape.
FEWEST_CLAIMED: Final = 0.6

#: Sd of noise and of the yearly walk of the bias that are tried, on the log scale.
NOISES: Final = np.exp(np.linspace(np.log(0.01), np.log(1.0), 10))
WALKS: Final = np.concatenate([[1e-4], np.exp(np.linspace(np.log(0.03), np.log(1.5), 8))])

#: Sd and persistence (per week) of demand that are tried.
DEMANDS: Final = tuple(
    (sd, keep) for sd in (1e-4, 0.01, 0.02, 0.03, 0.045, 0.065, 0.09, 0.13) for keep in (0.2, 0.6, 0.85)
)

#: Curves tried while the noise is measured: retention, logit of room, slope.
TRIED: Final = tuple((a, r, s) for a in (0.05, 0.35, 0.7) for r in (-1.0, 0.0, 1.0, 2.0) for s in (0.8, 1.2))

#: Weight of the claims' likelihood: claims hold harvest too, whose curve is another.
#: Over 40 worlds `funnel` of benchmarks/response marginal ROAS is covered .90 of
#: the time at half weight, .89 at full weight, with the same error.
VOTE: Final = 0.5


class Told(NamedTuple):
    """What the claims say of n settings of the curves."""

    log_density: Array  # (n,)
    weighed: Array  # (k, n, T): precision times what the curves leave of log claims
    demand: Array  # (n, T): log demand, about zero on average


@dataclass(frozen=True)
class Claims:
    """Log claims of some channels, and how precise they are.

    Attributes
    ----------
    channels : array of int, shape (k,)
        Which channels have claims.
    logs : array, shape (k, T)
        Log claimed revenue; zero where there is none.
    precision : array, shape (k, T, T)
        Of the logs, with level, season and the walk of the bias integrated out.
    visits : array, shape (T,)
        Precision times log of what is seen of demand without claims; zero without.
    blend : array, shape (T, T)
        Covariance of demand given everything that is seen of it.
    noise, drift : array, shape (k,)
        Sd of log claims around their curve, and of the bias's change over a year.
    demand_sd, demand_keep : float
        Sd of log demand, zero where it cannot be told, and what remains of
        it from one period to the next.
    """

    channels: npt.NDArray[np.intp]
    logs: Array
    precision: Array
    visits: Array
    blend: Array
    noise: Array
    drift: Array
    demand_sd: float
    demand_keep: float

    def tell(self, own: Array) -> Told:
        """Evaluate curves, given as log odds of the share of the ceiling, shape (k, n, T)."""
        reached = np.minimum(own, 0.0) - np.log1p(np.exp(-np.abs(own)))
        away = self.logs[:, None] - reached
        weighed = away @ self.precision
        seen = weighed.sum(axis=0) + self.visits
        demand = seen @ self.blend
        density = -0.5 * ((away * weighed).sum(axis=(0, 2)) - (seen * demand).sum(axis=1))
        return Told(VOTE * density, weighed, demand)

    def slopes(self, told: Told, pull: Array) -> Array:
        """Return the slope of the log density along log reached, shape (k, n, T).

        Parameters
        ----------
        told : Told
        pull : array, shape (n, T)
            Slope of the rest of the log density along demand.
        """
        return VOTE * told.weighed - (VOTE * told.demand + pull @ self.blend) @ self.precision


def read_claims(
    claimed: Array, counts: Array, visits: Array | None, design: Design, table: AdstockTable
) -> Claims | None:
    """Prepare claims; None where no channel has enough of them.

    Parameters
    ----------
    claimed, counts : array, shape (T, C)
        Claimed revenue (currency) and conversions per period; NaN where not known.
    visits : array, shape (T,), optional
        Visits that no click explains; NaN where not known.
    design : Design
        Of revenue: its level, trend and season may move claims as well.
    table : AdstockTable
        Of spend, as in the posterior.
    """
    known = np.isfinite(claimed) & (claimed > 0)
    chosen = np.flatnonzero(known.mean(axis=0) >= FEWEST_CLAIMED)
    if not len(chosen):
        return None
    series = [_Series.of(claimed[:, c], counts[:, c], design, _tried(table, int(c))) for c in chosen]
    organic = None if visits is None else _Series.of(visits, visits, design, np.zeros((1, len(visits))))
    every = [*series, organic] if organic else series
    sd, demand = _common(every, design)
    precision = np.array([each.precision(demand, design) for each in every])
    spectrum = _demand_spectrum(sd, design)
    blend = (
        np.linalg.inv(_whole(1 / spectrum) + precision.sum(axis=0)) if sd[0] > 1e-3 else np.zeros(2 * (design.periods,))
    )
    of_visits = organic.logs @ precision[-1] if organic else np.zeros(design.periods)
    return Claims(
        chosen,
        np.array([each.logs for each in series]),
        precision[: len(series)],
        of_visits,
        (blend + blend.T) / 2,
        np.array([each.measured(demand, design)[0] for each in series]),
        np.array([each.measured(demand, design)[1] for each in series]),
        sd[0] if sd[0] > 1e-3 else 0.0,
        _kept(sd[1], design),
    )


@dataclass(frozen=True)
class _Series:
    """One log series: its fixed columns as waves, the curves tried, counting noise."""

    logs: Array
    waves: Array
    tried: Array
    counting: float

    @classmethod
    def of(cls, values: Array, counts: Array, design: Design, tried: Array) -> _Series:
        known = np.isfinite(values) & (values > 0)
        logs = np.log(np.where(known, values, 1.0))
        logs = np.where(known, logs - logs[known].mean(), 0.0)
        holes = np.eye(len(logs))[:, ~known]
        waves = cosines(orthonormal(np.column_stack([design.fixed, holes])).T).T
        some = np.isfinite(counts) & (counts > 0)
        return cls(logs, waves, tried, float((1 / counts[some]).mean()) if some.any() else 0.0)

    def measured(self, demand: Array, design: Design) -> tuple[float, float, int]:
        """Choose noise, walk and curve by restricted likelihood, `demand` being known."""
        noise, walk = (x.ravel() for x in np.meshgrid(NOISES**2, WALKS**2, indexing="ij"))
        noise = np.maximum(noise, self.counting)
        variance = noise[:, None] + walk[:, None] * design.walk
        values = np.array([_restricted(row, self.waves, variance) for row in cosines(self.logs - demand - self.tried)])
        curve, top = np.unravel_index(int(np.argmax(values)), values.shape)
        return float(noise[top]) ** 0.5, float(walk[top]) ** 0.5, int(curve)

    def precision(self, demand: Array, design: Design) -> Array:
        """Return the precision of the logs, shape (T, T), fixed columns projected out."""
        noise, walk, _ = self.measured(demand, design)
        precision = 1 / (noise**2 + walk**2 * design.walk)
        weighted = precision[:, None] * self.waves
        return _turned(np.diag(precision) - weighted @ np.linalg.inv(self.waves.T @ weighted) @ weighted.T)


def _common(series: list[_Series], design: Design) -> tuple[tuple[float, float], Array]:
    """Find what all series do together: its size and persistence, and itself."""
    demand = np.zeros(design.periods)
    best = (0.0, 0.0)
    if len(series) < 2:
        return best, demand
    for _ in range(3):
        precision = [each.precision(demand, design) for each in series]
        away = [each.logs - each.tried[each.measured(demand, design)[2]] for each in series]
        seen = sum((p @ a for p, a in zip(precision, away, strict=True)), np.zeros(design.periods))
        total = sum(precision, np.zeros(2 * (design.periods,)))
        found = []
        for setting in DEMANDS:
            inverse = _whole(1 / _demand_spectrum(setting, design)) + total
            blended = np.linalg.solve(inverse, seen)
            value = 0.5 * seen @ blended - 0.5 * np.linalg.slogdet(inverse)[1]
            value -= 0.5 * np.log(_demand_spectrum(setting, design)).sum()
            found.append((float(value), setting, blended))
        _, best, demand = max(found, key=lambda each: each[0])
    return best, demand


def _demand_spectrum(setting: tuple[float, float], design: Design) -> Array:
    sd, weekly = setting
    keep = _kept(weekly, design)
    return np.asarray(sd**2 * (1 - keep**2) / (1 + keep**2 - 2 * keep * design.turn))


def _kept(weekly: float, design: Design) -> float:
    """Turn what remains after a week into what remains after a period."""
    return float(weekly ** (365.25 / 7 / design.per_year))


def _restricted(row: Array, waves: Array, variance: Array) -> Array:
    """Return the restricted log likelihood of a row of cosines for each variance, (n, T)."""
    precision = 1 / variance
    p = waves.shape[1]
    products = (waves[:, :, None] * waves[:, None, :]).reshape(len(row), -1)
    information = (precision @ products).reshape(-1, p, p)
    score = (precision * row) @ waves
    fitted = (score * np.linalg.solve(information, score[..., None])[..., 0]).sum(axis=1)
    constant = np.log(variance).sum(axis=1) + np.linalg.slogdet(information)[1]
    return np.asarray(-0.5 * (constant + (precision * row**2).sum(axis=1) - fitted))


def _whole(diagonal: Array) -> Array:
    """Turn a precision per frequency into a matrix over periods."""
    return _turned(np.diag(diagonal))


def _turned(matrix: Array) -> Array:
    return from_cosines(from_cosines(matrix).T)


def _tried(table: AdstockTable, channel: int) -> Array:
    """Return log shares of the ceiling for each of `TRIED`, shape (curves, T)."""
    alpha, room, slope = (np.array(x)[None] for x in zip(*TRIED, strict=True))
    only = AdstockTable(table.coefficients[channel : channel + 1], table.largest)
    reached = logistic(log_odds(only.series(np.minimum(alpha, table.largest * 0.99)), room, slope))[0]
    return np.asarray(np.log(np.maximum(reached, 1e-9)))
