"""Response curves of posterior draws, region by region, added up in money."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from functools import cached_property

import numpy as np

from roas.limits import RECENT_WEEKS
from roas.response._arrays import Array
from roas.response.adstock import AdstockTable
from roas.response.curves import KEPT, Curves
from roas.response.geo.limits import BLOCK, FEWEST_DRAWS, KEPT_NUMBERS
from roas.response.geo.posterior import BLOCK as SETTINGS
from roas.response.geo.posterior import GeoPosterior
from roas.response.geo.prepare import GeoFitting
from roas.response.limits import LOWEST_QUANTILE, STRUCTURE_SD
from roas.response.saturation import SMALLEST_SHARE, log_odds, logistic


@dataclass(frozen=True)
class GeoCurves(Curves):
    """What each draw says a channel's spend brings, in all regions and in each.

    National spend is split over regions as in recent weeks. The attributes of
    `Curves` hold national figures, with one difference: `scale` and `floor`
    are per unit of a region's revenue, at the common slope.

    Attributes
    ----------
    slopes : array, shape (C, G, n)
        How strongly a region responds, over the common response.
    units : array, shape (G,)
        Regions' mean revenue, currency per period.
    regional : array, shape (G, T, C)
        Spend of each region, currency per period.
    earlier : array, shape (G, C)
        Spend per period before the window.
    split : array, shape (G, C)
        Regions' shares of recent spend.
    table : AdstockTable
        Of the window, as fitted: rows (C, nodes, G * T).
    """

    slopes: Array
    units: Array
    regional: Array
    earlier: Array
    split: Array
    table: AdstockTable

    @property
    def _per_unit(self) -> Array:
        """Typical spend for one unit of revenue, shape (C,)."""
        return np.asarray(self.typical / self.units.sum())

    def _at(self, channel: int, region: int, carried: Array) -> tuple[Array, Array]:
        """Return revenue of a region at `carried`, and its derivative by log spend; shape (n, periods)."""
        odds = log_odds(carried[None], self.room[channel][None], self.slope[channel][None])
        reached = np.where(carried > SMALLEST_SHARE, logistic(odds)[0], 0.0)
        floor, factor = (each[channel][:, None] for each in (self.floor, self.factor))
        size = (self.slopes[channel, region] * self.scale[channel] * self.units[region])[:, None]
        rising = self.slope[channel][:, None] * reached * (1 - reached)
        rising *= np.where(reached < floor, factor, 1.0)
        return size * (reached + np.minimum(reached, floor) * (factor - 1)), size * rising

    @cached_property
    def _window(self) -> tuple[Array, Array, Array, Array]:
        """Revenue and derivative per period, (C, n, T) each; of regions over the window, (C, G, n) each."""
        channels, regions, draws = self.slopes.shape
        periods = len(self.spend)
        paths, rises = np.zeros((2, channels, draws, periods))
        by_geo, rises_by_geo = np.zeros((2, channels, regions, draws))
        for c in self.each():
            polynomials = self.table.polynomials(self.alpha[c])[0]
            for g in range(regions):
                carried = polynomials @ self.table.coefficients[c][:, g * periods : (g + 1) * periods]
                path, rise = self._at(c, g, carried)
                paths[c] += path
                rises[c] += rise
                by_geo[c, g], rises_by_geo[c, g] = path.sum(axis=1), rise.sum(axis=1)
        return paths, rises, by_geo, rises_by_geo

    def contribution(self, channel: int, spend: Array | None = None) -> Array:
        """Return revenue caused per period in all regions, shape (n, periods)."""
        if spend is None:
            return np.asarray(self._window[0][channel])
        total = np.zeros((self.draws, len(spend)))
        for g, share in enumerate(self.split[:, channel]):
            own = self.regional[g, :, channel]
            path = np.concatenate([own[-self.max_lag :], spend * share])
            unit = self._per_unit[channel] * self.units[g]
            before = np.array([self.earlier[g, channel] / unit])
            table = AdstockTable.of((path / unit)[:, None], max_lag=self.max_lag, largest=self.largest, before=before)
            carried = table.series(self.alpha[channel : channel + 1])[0][:, len(path) - len(spend) :]
            total += self._at(channel, g, carried)[0]
        return total

    def rising(self, channel: int) -> Array:
        """Return spend times marginal revenue per period in all regions, shape (n, T)."""
        return np.asarray(self._window[1][channel])

    def by_geo(self, channel: int) -> Array:
        """Return revenue caused over the window in each region, shape (G, n)."""
        return np.asarray(self._window[2][channel])

    def steady(self, channel: int, spend: Array) -> Array:
        """Return currency per period at steady `spend` per period in all regions, shape (n, len(spend))."""
        total = np.zeros((self.draws, len(spend)))
        for g, share in enumerate(self.split[:, channel]):
            level = spend * share / (self._per_unit[channel] * self.units[g])
            total += self._at(channel, g, np.broadcast_to(level, total.shape))[0]
        return total

    def revenue(self, channel: int, carried: Array) -> Array:
        """Return currency per period when carried spend is split as in recent weeks, shape (n, periods)."""
        return self._alike(channel, carried)[0]

    def elasticity(self, channel: int, carried: Array) -> Array:
        """Return d log revenue / d log spend at `carried`, split as in recent weeks, shape (n, periods).

        Nothing is added for curves of another bend: over regions the slope at
        a place is told well enough (see benchmarks/response/geo.py).
        """
        revenue, rising = self._alike(channel, carried)
        return np.divide(rising, revenue, out=np.zeros_like(revenue), where=revenue != 0)

    def _alike(self, channel: int, carried: Array) -> tuple[Array, Array]:
        """Add revenue and its derivative up over regions, nationally carried spend split as in recent weeks."""
        revenue, rising = np.zeros((2, *carried.shape))
        for g, share in enumerate(self.split[:, channel]):
            path, rise = self._at(channel, g, carried * (share * self.units.sum() / self.units[g]))
            revenue += path
            rising += rise
        return revenue, rising


def kept_draws(fitting: GeoFitting) -> int:
    """Return how many draws figures are taken from: fewer for large accounts."""
    posterior = fitting.posterior
    numbers = posterior.channels * posterior.geos * posterior.periods
    return int(np.clip(KEPT_NUMBERS // numbers, FEWEST_DRAWS, KEPT))


def _blocks(length: int, size: int) -> Iterator[slice]:
    for start in range(0, length, size):
        yield slice(start, start + size)


def draw_slopes(posterior: GeoPosterior, points: Array, *, seed: int) -> Array:
    """Draw what was integrated out: regions' slopes over the common one, shape (n, G, C).

    Parameters
    ----------
    posterior : GeoPosterior
    points : array, shape (n, size)
    seed : int
    """
    rng = np.random.default_rng((seed, 2))
    own = posterior.channels + posterior.controls.shape[2]
    moves = rng.standard_normal((len(points), posterior.periods))
    luck = rng.standard_normal((len(points), posterior.geos, own))
    out = np.empty((len(points), posterior.geos, posterior.channels))
    size = max(1, SETTINGS // (posterior.geos * posterior.periods * posterior.channels))
    for block in _blocks(len(points), size):
        part = points[block]
        media = posterior.media(posterior.split(part))
        state = posterior.eliminated(part, media, posterior.spectra(part))
        root = np.linalg.cholesky(state.within)
        movement = state.movement + state.root * (root @ moves[block][..., None])[..., 0]
        heard = (state.white @ movement[:, None, :, None])[..., 0]
        white = state.score - posterior.loading[:, None] * heard + luck[block]
        drawn = (state.turn.swapaxes(2, 3) @ white[..., None])[..., 0]
        spread = np.exp(posterior.own(part)[4])[:, None, None]
        out[block] = 1 + spread * drawn[:, :, : posterior.channels]
    return out


def geo_curves_of(fitting: GeoFitting, draws: Array, national: Curves, *, seed: int) -> GeoCurves:
    """Turn draws of the sampler into curves in money.

    Parameters
    ----------
    fitting : GeoFitting
    draws : array, shape (n, size)
    national : Curves
        What the national model says of the same draws; its forms are kept, and
        so is what lies outside the range that was observed.
    seed : int
    """
    posterior, data = fitting.posterior, fitting.data
    scale, floor = _levels(posterior, draws)
    rng = np.random.default_rng((seed, 1, 1))
    scale *= np.exp(STRUCTURE_SD * rng.standard_normal(scale.shape))
    recent = data.spend[:, data.national.recent(RECENT_WEEKS)].sum(axis=1)
    lately = np.where(recent.sum(axis=0) > 0, recent, data.spend.sum(axis=1))
    kept = {each.name: getattr(national, each.name) for each in fields(national)}
    kept |= {
        "scale": scale,
        "floor": floor,
        "typical": fitting.typical * fitting.unit,
        "before": fitting.before.sum(axis=0),
    }
    return GeoCurves(
        **kept,
        slopes=np.ascontiguousarray(draw_slopes(posterior, draws, seed=seed).transpose(2, 1, 0)),
        units=fitting.units,
        regional=data.spend,
        earlier=fitting.before,
        split=lately / lately.sum(axis=0),
        table=posterior.table,
    )


def _levels(posterior: GeoPosterior, draws: Array) -> tuple[Array, Array]:
    """Return scale and the lowest observed share of the ceiling over all regions, shape (C, n)."""
    scale, floor = np.empty((2, posterior.channels, len(draws)))
    size = max(1, BLOCK // (posterior.geos * posterior.periods * posterior.channels))
    for block in _blocks(len(draws), size):
        media = posterior.media(posterior.split(draws[block]))
        scale[:, block] = media.scale
        flat = media.reached.reshape(*media.scale.shape, -1)
        floor[:, block] = np.quantile(flat, LOWEST_QUANTILE, axis=-1)
    return scale, floor
