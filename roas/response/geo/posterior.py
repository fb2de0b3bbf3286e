"""The posterior of the response parameters when revenue is known by region.

Curves are shared by all regions, and so is their level up to a random slope
per region and channel, which is integrated out together with each region's
fixed effects and the movement that all regions have in common.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, NamedTuple

import numpy as np

from roas.response._arrays import Array
from roas.response.adstock import AdstockTable
from roas.response.design import Spectrum, cosines, from_cosines
from roas.response.geo.collapse import Eliminated, differentiate, eliminate
from roas.response.geo.priors import GeoPriors
from roas.response.posterior import BLOCKS, Parameters, Posterior
from roas.response.saturation import log_odds, logistic

#: Parameters that regions add: own walk, noise, autoregressive share and
#: persistence, and the spread of slopes.
OWN: Final = 5

#: Numbers of a block of settings that are evaluated together: what a core keeps close.
BLOCK: Final = 30_000


class GeoMedia(NamedTuple):
    """What the channels do in every region at the common slope, for n settings."""

    alpha: Array  # (C, n)
    polynomial_slopes: Array  # (C, n, nodes)
    carried: Array  # (C, n, G, T), in units of the channel's typical spend per unit of revenue
    odds: Array  # (C, n, G, T)
    reached: Array  # (C, n, G, T), share of the ceiling
    mean_reached: Array  # (C, n), regions weighted by revenue
    scale: Array  # (C, n): contribution = scale * reached, relative to a region's revenue


@dataclass(frozen=True)
class GeoPosterior:
    """Log posterior density of n parameter settings at once.

    The first parameters are those of the national model, whose baseline and
    noise are now the movement common to all regions; `OWN` more follow.

    Attributes
    ----------
    national : Posterior
        Layout and priors of the parameters that both models have.
    revenue : array, shape (G, T)
        Relative to each region's mean.
    table : AdstockTable
        Of spend per unit of revenue in units of each channel's typical one;
        rows (C, nodes, G * T).
    weights : array, shape (G,)
        Regions' shares of revenue.
    loading : array, shape (G,)
        One over the regions' relative noise scale.
    controls : array, shape (G, T, k)
        Controls that differ between regions, in units of how far they move revenue a priori.
    priors : GeoPriors
    """

    national: Posterior
    revenue: Array
    table: AdstockTable
    weights: Array
    loading: Array
    controls: Array
    priors: GeoPriors = field(default_factory=GeoPriors)

    @property
    def channels(self) -> int:
        """Number of channels."""
        return self.national.channels

    @property
    def geos(self) -> int:
        """Number of regions."""
        return len(self.weights)

    @property
    def periods(self) -> int:
        """Number of periods."""
        return int(self.revenue.shape[1])

    @property
    def size(self) -> int:
        """Number of parameters."""
        return self.national.size + OWN

    @cached_property
    def center(self) -> Array:
        """Prior means."""
        return np.concatenate([self.national.center, [mean for mean, _ in self.priors.ordered]])

    @cached_property
    def spread(self) -> Array:
        """Prior standard deviations."""
        return np.concatenate([self.national.spread, [sd for _, sd in self.priors.ordered]])

    @cached_property
    def _revenue_waves(self) -> Array:
        return cosines(self.revenue)

    @cached_property
    def _control_waves(self) -> Array:
        """Controls in the cosine basis over the noise scale, shape (G, k, T)."""
        return cosines(self.controls.transpose(0, 2, 1)) * self.loading[:, None, None]

    def split(self, points: Array) -> Parameters:
        """Take the parameters that the national model has apart."""
        return self.national.split(points[:, : self.national.size])

    def own(self, points: Array) -> Array:
        """Return the parameters that regions add, shape (`OWN`, n)."""
        return points[:, self.national.size :].T

    def spectra(self, points: Array) -> tuple[Spectrum, Spectrum]:
        """Return the variances of a region's own movement and of the common one."""
        spectrum = self.national.design.spectrum
        return spectrum(*self.own(points)[:4]), spectrum(*self.split(points)[6:])

    def media(self, parameters: Parameters) -> GeoMedia:
        """Evaluate carryover and saturation in every region."""
        alpha = self.table.largest / (1 + np.exp(-parameters.alpha_logit))
        polynomials, slopes = self.table.polynomials(alpha)
        carried = polynomials @ self.table.coefficients
        odds = log_odds(carried, parameters.room_logit, np.exp(parameters.log_slope))
        shape = (*alpha.shape, self.geos, self.periods)
        reached = logistic(odds).reshape(shape)
        mean = reached.mean(axis=-1) @ self.weights
        scale = np.exp(parameters.log_roas) * self.national.shares[:, None] / mean
        return GeoMedia(alpha, slopes, carried.reshape(shape), odds.reshape(shape), reached, mean, scale)

    def eliminated(self, points: Array, media: GeoMedia, spectra: tuple[Spectrum, Spectrum]) -> Eliminated:
        """Integrate everything linear out."""
        waves = cosines(media.reached).transpose(1, 2, 0, 3)  # (n, G, C, T)
        waves = waves * self.loading[:, None, None]
        waves *= media.scale.T[:, None, :, None]
        left = self._revenue_waves * self.loading[:, None] - waves.sum(axis=2)
        waves *= np.exp(self.own(points)[4])[:, None, None, None]
        if self.controls.shape[2]:
            waves = np.concatenate(
                [waves, np.broadcast_to(self._control_waves, (len(points), *self._control_waves.shape))], axis=2
            )
        own, common = spectra
        return eliminate(left, waves, self.loading, own.variance, common.variance, self.national.design.waves)

    def evaluate(self, points: Array) -> tuple[Array, Array]:
        """Return log density and gradient.

        Parameters
        ----------
        points : array, shape (n, size)

        Returns
        -------
        log_density : array, shape (n,)
        gradient : array, shape (n, size)
        """
        block = max(1, BLOCK // (self.geos * self.periods * self.channels))
        parts = [self._evaluate(points[i : i + block]) for i in range(0, len(points), block)]
        return np.concatenate([value for value, _ in parts]), np.concatenate([slope for _, slope in parts])

    def _evaluate(self, points: Array) -> tuple[Array, Array]:
        parameters, spectra = self.split(points), self.spectra(points)
        media = self.media(parameters)
        state = self.eliminated(points, media, spectra)
        slopes = differentiate(state, self.loading)
        prior, gradient = self.prior(points)
        c = self.channels
        # With respect to what a channel adds: through the mean, and through regions' slopes.
        by_columns = slopes.columns[:, :, :c]
        gradient[:, -1] += (by_columns * state.columns[:, :, :c]).sum(axis=(1, 2, 3))
        by_columns *= np.exp(self.own(points)[4])[:, None, None, None]
        by_columns += state.pull[:, :, None]
        by_columns *= self.loading[:, None, None]
        pull = from_cosines(by_columns).transpose(2, 0, 1, 3)  # (C, n, G, T)
        self._through_media(gradient, parameters, media, pull)
        own, common = spectra
        shared = 4 * c + BLOCKS + 1
        gradient[:, shared : shared + 4] += np.stack([(slopes.common * s).sum(axis=1) for s in common.slopes], axis=1)
        gradient[:, -OWN:-1] += np.stack([(slopes.own * s).sum(axis=1) for s in own.slopes], axis=1)
        return prior + state.log_density, gradient

    def _through_media(self, gradient: Array, parameters: Parameters, media: GeoMedia, pull: Array) -> None:
        """Add the derivatives of the channels' parameters to `gradient`."""
        c = self.channels
        along = media.scale * np.einsum("cngt,cngt->cn", media.reached, pull)  # d / d log ROAS
        # The mean of `reached` is divided out, so a change of shape moves no total.
        per_period = (along / (media.scale * media.mean_reached) / self.periods)[..., None] * self.weights
        net = pull - per_period[..., None]
        net *= media.reached
        net *= 1 - media.reached
        net *= media.scale[..., None, None]
        moved = net.sum(axis=(2, 3))
        gradient[:, c : 2 * c] -= moved.T
        by_slope = np.einsum("cngt,cngt->cn", net, media.odds) + moved * parameters.room_logit
        gradient[:, 2 * c : 3 * c] += by_slope.T
        gradient[:, 3 * c : 4 * c] += along.T
        net /= np.maximum(media.carried, 1e-9)
        by_node = net.reshape(*media.alpha.shape, -1) @ self.table.coefficients.transpose(0, 2, 1)
        by_alpha = np.exp(parameters.log_slope) * (by_node * media.polynomial_slopes).sum(axis=-1)
        gradient[:, :c] += (by_alpha * media.alpha * (1 - media.alpha / self.table.largest)).T

    def prior(self, points: Array) -> tuple[Array, Array]:
        """Return the log prior (without its constant) and its gradient."""
        size = self.national.size
        log_density, first = self.national.prior(points[:, :size])
        away = (points - self.center)[:, size:]
        last = -away / self.spread[size:] ** 2
        return log_density + 0.5 * (away * last).sum(axis=1), np.concatenate([first, last], axis=1)
