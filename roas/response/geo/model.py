"""Fit what spend causes from data by region."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from roas._typing import Grain
from roas.errors import UsageError
from roas.response._arrays import Array
from roas.response.design import cosines, from_cosines
from roas.response.geo.data import GeoData, assemble_geos
from roas.response.geo.groups import grouped
from roas.response.geo.limits import ROUNDS, SCALE_WEIGHT, START_GEOS
from roas.response.geo.prepare import GeoFitting, prepare
from roas.response.limits import SPIKE, SPIKE_SHARE
from roas.response.model import modelled
from roas.response.priors import Priors
from roas.response.sample import Mode, find_mode, sample

if TYPE_CHECKING:
    import pandas as pd

    from roas.response.geo.results import GeoResponseResults

#: Chains: enough to compare, few because an evaluation is dear.
CHAINS: Final = 4

#: Starts of the last search lie this many standard deviations of the mode apart.
AROUND: Final = 2.0

#: Precisions below this are none.
SMALLEST: Final = 1e-12


def settle(fitting: GeoFitting, *, seed: int) -> tuple[GeoFitting, Mode]:
    """Find the mode, with noise scales, gaps and outliers that agree with it.

    The first search uses the regions that say most; the later ones, over all
    regions, start where the one before ended.
    """
    rng = np.random.default_rng(seed)
    posterior = fitting.posterior
    largest = np.argsort(-posterior.weights, kind="stable")[:START_GEOS]
    part = fitting.part(sorted(int(i) for i in largest))
    mode = find_mode(part.posterior.evaluate, posterior.center, posterior.spread, rng, starts=2)
    part = rescaled(part, mode)
    mode = find_mode(part.posterior.evaluate, mode.point, 0.5 * posterior.spread, rng, starts=1)
    for _ in range(ROUNDS):
        fitting = rescaled(fitting, mode)
        left = _leftover(fitting, mode)
        spikes = find_common_spikes(fitting, left)
        fitting = fitting.renewed(spikes=tuple(sorted({*fitting.spikes, *spikes}))) if spikes else fitting
        fitting, changed = repaired(fitting, left)
        mode = find_mode(fitting.posterior.evaluate, mode.point, 0.5 * posterior.spread, rng, starts=1)
        if not (changed or spikes):
            break
    return fitting, mode


class Leftover(NamedTuple):
    """What pulls revenue away from the mode, and the precision it is known with, if left out alone."""

    own: Array  # (G, T), over the noise scale
    own_precision: Array  # (T,)
    common: Array  # (T,)
    common_precision: Array  # (T,)


def _leftover(fitting: GeoFitting, mode: Mode) -> Leftover:
    posterior = fitting.posterior
    point = mode.point[None]
    spectra = posterior.spectra(point)
    state = posterior.eliminated(point, posterior.media(posterior.split(point)), spectra)
    basis = cosines(np.eye(posterior.periods))
    root = state.root[0]
    told = (np.eye(posterior.periods) - state.within[0]) / root / root[:, None]
    return Leftover(
        from_cosines(state.pull[0]),
        basis**2 @ state.projection.diagonal[0],
        from_cosines(state.movement[0] / root**2),
        ((basis @ told) * basis).sum(axis=1),
    )


def rescaled(fitting: GeoFitting, mode: Mode) -> GeoFitting:
    """Estimate each region's noise scale from what the mode leaves over."""
    left = _leftover(fitting, mode)
    error = left.own / np.sqrt(np.maximum(left.own_precision, SMALLEST))  # over the present scale
    known = ~fitting.filled
    count = known.sum(axis=1)
    # A few wild periods are no noise scale.
    clipped = np.minimum(error**2, SPIKE**2)
    square = (clipped * known).sum(axis=1)
    typical = max(square.sum() / count.sum(), SMALLEST)
    factor = np.sqrt((square + SCALE_WEIGHT * typical) / (count + SCALE_WEIGHT) / typical)
    return fitting.renewed(scale=factor / fitting.posterior.loading)


def repaired(fitting: GeoFitting, left: Leftover) -> tuple[GeoFitting, bool]:
    """Replace revenue that is missing or far off in a region by what everything else expects."""
    precision = np.maximum(left.own_precision, SMALLEST)
    error = np.abs(left.own) / np.sqrt(precision)
    found = (error > SPIKE) & ~fitting.filled
    found[:, list(fitting.spikes)] = False
    room = int(SPIKE_SHARE * error.size)
    if found.sum() > room:
        found &= error >= np.sort(error[found])[-room]
    filled = fitting.filled | found
    if not filled.any():
        return fitting, False
    expected = fitting.posterior.revenue - left.own / precision / fitting.posterior.loading[:, None]
    revenue = np.where(filled, expected, fitting.posterior.revenue)
    return replace(fitting.renewed(revenue=revenue), filled=filled), True


def find_common_spikes(fitting: GeoFitting, left: Leftover) -> tuple[int, ...]:
    """Return periods in which all regions are far off together, worst first."""
    precision = left.common_precision
    error = np.abs(left.common) / np.sqrt(np.maximum(precision, SMALLEST))
    # A period with a column of its own fits exactly; nothing is left to test.
    error[precision < 1e-6 * precision.max()] = 0.0
    room = int(SPIKE_SHARE * len(error)) + 1 - len(fitting.spikes)
    worst = np.argsort(-error, kind="stable")[: max(room, 0)]
    return tuple(int(t) for t in worst if error[t] > SPIKE)


class GeoResponseModel:
    """What spend causes, from spend and revenue by region.

    All regions share one response curve per channel, per unit of their
    revenue; how strongly each region responds varies around it. Every region
    has its own level, trend and season and its own noise; a random walk and
    noise common to all regions stand for demand that moves everywhere.
    Everything but the curves and the sizes of these parts is integrated out
    exactly.

    Parameters
    ----------
    spend : DataFrame
        ``date``, ``channel``, ``geo``, ``spend``; finer rows are added up.
        Rows without a region are spread over regions by revenue.
    revenue : DataFrame
        ``date``, ``geo``, ``revenue`` and the columns named in `controls`.
    controls : sequence of str, optional
        Columns of `revenue` that drive sales by themselves. By default
        ``promo``, where it is there.
    holidays : iterable of date
        Days on which sales differ. By default the days between the years.
    grain : {"day", "week"}, optional
        Weeks by default: regions say more than days do, and cost less.
    margin : float
        Contribution margin, in (0, 1]; break-even ROAS is its inverse.
    priors : Priors, optional
        Of what both models have; see `GeoPriors` for the rest.

    Notes
    -----
    For region g, channel c and period t, relative to the region's mean revenue::

        revenue[g, t] = fixed[t] @ b[g] + common[t] + own[g, t]
            + sum_c scale[c] * (1 + spread * z[g, c]) * hill(adstock(spend[g, c, t] / revenue_level[g]))

    ``b`` is flat, ``z`` standard normal; ``common`` and ``own`` are each a
    random walk plus white and autoregressive noise, ``own`` larger in regions
    that turn out noisier. Beyond `limits.MOST_GEOS` regions the smallest are
    added up to groups. Gaps and revenue far off are replaced by what all
    else expects.
    """

    def __init__(
        self,
        spend: pd.DataFrame,
        revenue: pd.DataFrame,
        *,
        controls: Sequence[str] | None = None,
        holidays: Iterable[dt.date] | None = None,
        grain: Grain | None = None,
        margin: float = 1.0,
        priors: Priors | None = None,
    ) -> None:
        if not 0 < margin <= 1:
            raise UsageError(f"margin {margin} is out of range. Use a share such as 0.6.")
        if controls is None:
            controls = ("promo",) if "promo" in revenue.columns else ()
        self.margin, self.priors = margin, priors
        data = grouped(assemble_geos(spend, revenue, controls=controls, holidays=holidays, grain=grain))
        national, self.excluded = modelled(data.national)
        kept = [data.national.channels.index(name) for name in national.channels]
        self.data: GeoData = replace(data, national=national, spend=data.spend[:, :, kept])

    def fit(self, *, seed: int = 0) -> GeoResponseResults:
        """Fit the model.

        Parameters
        ----------
        seed : int
            Same seed, same results, whatever the order of rows, regions or channels.

        Returns
        -------
        GeoResponseResults
        """
        from roas.response.geo.results import GeoResponseResults, results_of

        if not self.data.national.channels:
            national = self.data.national
            return GeoResponseResults(
                data=national,
                fitting=None,
                sample=None,
                excluded=self.excluded,
                margin=self.margin,
                seed=seed,
                notes=national.notes,
            )
        fitting, mode = settle(prepare(self.data, priors=self.priors), seed=seed)
        posterior = fitting.posterior
        spread = np.minimum(AROUND * np.sqrt(np.diagonal(mode.covariance)), posterior.spread)
        drawn = sample(posterior.evaluate, mode.point, spread, seed=seed, chains=CHAINS)
        return results_of(fitting, drawn, excluded=self.excluded, margin=self.margin, seed=seed)
