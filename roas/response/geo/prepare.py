"""One account with regions in the units of the model."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from roas.response._arrays import Array
from roas.response.adstock import AdstockTable
from roas.response.data import DAYS, MediaData
from roas.response.design import build_design
from roas.response.geo.data import GeoData, summed
from roas.response.geo.limits import CONTROL_SD
from roas.response.geo.posterior import GeoPosterior
from roas.response.limits import BEFORE_WEEKS, LARGEST_ALPHA, MAX_LAG
from roas.response.posterior import Posterior
from roas.response.priors import Priors, default_priors

#: Digits kept of scaled input: the last ones differ between currencies.
DIGITS = 11


@dataclass(frozen=True)
class GeoFitting:
    """An account with regions, scaled.

    Attributes
    ----------
    data : GeoData
        With the channels that can be modelled.
    posterior : GeoPosterior
    units : array, shape (G,)
        Mean absolute revenue of a period in each region.
    typical : array, shape (C,)
        Typical spend per period for one unit of revenue.
    before : array, shape (G, C)
        Spend per period taken for the time before the window.
    filled : array of bool, shape (G, T)
        Revenue that was missing or far off, replaced by what is expected.
    """

    data: GeoData
    posterior: GeoPosterior
    units: Array
    typical: Array
    before: Array
    filled: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]

    @property
    def unit(self) -> float:
        """Mean absolute revenue of a period in all regions."""
        return math.fsum(self.units)

    @property
    def max_lag(self) -> int:
        """Largest lag in periods."""
        return MAX_LAG[self.data.national.grain]

    @property
    def national(self) -> MediaData:
        """The sums over regions, gaps filled."""
        return summed(self.data, self.posterior.revenue * self.units[:, None])

    @property
    def spikes(self) -> tuple[int, ...]:
        """Periods taken out in all regions, because revenue is missing or far off in all."""
        return self.posterior.national.design.layout.spikes

    def renewed(
        self, *, revenue: Array | None = None, scale: Array | None = None, spikes: tuple[int, ...] | None = None
    ) -> GeoFitting:
        """Take new revenue (relative), noise scales or periods to take out over."""
        posterior = self.posterior
        if spikes is not None:
            design = build_design(self.data.national, spikes=spikes)
            posterior = replace(posterior, national=replace(posterior.national, design=design))
        if revenue is not None:
            posterior = replace(posterior, revenue=revenue)
        if scale is not None:
            posterior = replace(posterior, loading=loadings(scale))
        return replace(self, posterior=posterior)

    def part(self, regions: Sequence[int]) -> GeoFitting:
        """Keep some regions, in the units of all."""
        rows = list(regions)
        whole = self.posterior
        coefficients = whole.table.coefficients.reshape(whole.channels, -1, whole.geos, whole.periods)[:, :, rows]
        weights = whole.weights[rows]
        posterior = replace(
            whole,
            revenue=whole.revenue[rows],
            table=AdstockTable(
                np.ascontiguousarray(coefficients.reshape(*coefficients.shape[:2], -1)), whole.table.largest
            ),
            weights=weights / weights.sum(),
            loading=whole.loading[rows],
            controls=whole.controls[rows],
        )
        return replace(
            self,
            data=self.data.take(rows),
            posterior=posterior,
            units=self.units[rows],
            before=self.before[rows],
            filled=self.filled[rows],
        )


def loadings(scale: Array) -> Array:
    """Return one over noise scales, their mean square one."""
    loading = 1 / scale
    return np.asarray(np.round(loading / np.sqrt((loading**2).mean()), DIGITS))


def prepare(data: GeoData, *, priors: Priors | None = None) -> GeoFitting:
    """Scale an account with regions and build its posterior.

    Revenue is divided by each region's own level, and so is spend: curves
    are shared per unit of revenue, and nothing depends on the currency.
    """
    grain = data.national.grain
    known = np.isfinite(data.revenue)
    units = np.array([_unit(np.abs(row[ok])) for row, ok in zip(data.revenue, known, strict=True)])
    revenue = _without_holes(np.round(data.revenue / units[:, None], DIGITS), known)
    weights = units / math.fsum(units)
    intensity = data.spend / units[:, None, None]  # (G, T, C)
    totals = np.array([math.fsum(x.ravel()) for x in data.spend.transpose(2, 0, 1)])
    squares = np.array([math.fsum(x.ravel()) for x in (data.spend * intensity).transpose(2, 0, 1)])
    typical = squares / totals
    scaled = np.round(intensity / typical, DIGITS)
    before = scaled[:, : max(1, BEFORE_WEEKS * 7 // DAYS[grain])].mean(axis=1)
    national = Posterior(
        revenue=np.round(weights @ revenue, DIGITS),
        table=AdstockTable(np.zeros((0, 0, 0)), LARGEST_ALPHA[grain]),
        shares=np.round(totals / math.fsum(totals), DIGITS),
        design=build_design(data.national, spikes=_never_known(known)),
        priors=priors or default_priors(grain),
    )
    posterior = GeoPosterior(
        national=national,
        revenue=revenue,
        table=_tabulate(scaled, before, grain),
        weights=np.round(weights, DIGITS),
        loading=np.ones(len(units)),
        controls=CONTROL_SD * data.controls,
    )
    currency = units[:, None] * typical
    return GeoFitting(data, posterior, units, typical, before * currency, ~known)


def _never_known(known: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> tuple[int, ...]:
    return tuple(int(t) for t in np.flatnonzero(~known.any(axis=0)))


def _tabulate(scaled: Array, before: Array, grain: str) -> AdstockTable:
    """Tabulate the adstock of every channel over all regions, rows (C, nodes, G * T)."""
    regions, periods, channels = scaled.shape
    series = scaled.transpose(1, 2, 0).reshape(periods, -1)
    table = AdstockTable.of(series, max_lag=MAX_LAG[grain], largest=LARGEST_ALPHA[grain], before=before.T.ravel())
    by_region = table.coefficients.reshape(channels, regions, -1, periods).transpose(0, 2, 1, 3)
    return AdstockTable(np.ascontiguousarray(by_region.reshape(channels, -1, regions * periods)), table.largest)


def _unit(amounts: Array) -> float:
    """Return the mean amount; one that is far off counts as six times the median."""
    middle = float(np.median(amounts))
    if middle > 0:
        amounts = np.minimum(amounts, 6 * middle)
    return math.fsum(amounts) / len(amounts)


def _without_holes(revenue: Array, known: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> Array:
    """Fill what is not known with the mean of the other regions, a first guess."""
    filled = np.where(known, revenue, 0.0)
    count = known.sum(axis=0)
    usual = np.where(count > 0, filled.sum(axis=0) / np.maximum(count, 1), 1.0)
    return np.where(known, revenue, usual)
