"""The posterior of the response parameters, with its exact gradient.

Everything linear is integrated out in closed form, so what remains are four
parameters per channel and nine for the account.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final, NamedTuple

import numpy as np

from roas.response._arrays import Array
from roas.response.adstock import AdstockTable
from roas.response.claims import Claims, Told
from roas.response.design import Design, cosines, from_cosines
from roas.response.lift import Anchored, Anchors
from roas.response.priors import Normal, Priors
from roas.response.saturation import log_odds, logistic

#: Parameters per channel: retention, room, slope, ROAS.
BLOCKS: Final = 4

#: Parameters of the account: the pooled value of each block, the
#: spread of ROAS, and the spectrum's walk, noise, autoregressive share and persistence.
SHARED: Final = BLOCKS + 5

#: Parameters that claims add: what demand does to revenue, how far claims
#: overstate, and how differently channels do.
CLAIMS: Final = 3


class Parameters(NamedTuple):
    """Parameters taken apart; channels first, shape (C, n), or (n,)."""

    alpha_logit: Array
    room_logit: Array
    log_slope: Array
    log_roas: Array
    pooled: tuple[Array, ...]
    log_within: Array
    log_walk: Array
    log_noise: Array
    share_logit: Array
    keep_logit: Array


class Media(NamedTuple):
    """What the channels do, for n settings."""

    alpha: Array  # (C, n)
    polynomials: Array  # (C, n, nodes)
    polynomial_slopes: Array
    carried: Array  # (C, n, T), in units of the channel's typical spend
    odds: Array  # (C, n, T)
    reached: Array  # (C, n, T), share of the ceiling
    mean_reached: Array  # (C, n)
    scale: Array  # (C, n): contribution = scale * reached
    total: Array  # (n, T), relative to mean revenue


class Collapsed(NamedTuple):
    """The Gaussian part with everything linear integrated out."""

    log_density: Array  # (n,)
    pull: Array  # (n, T): derivative with respect to the media total
    shared: Array  # (n, 4): derivatives with respect to the spectrum's parameters


@dataclass(frozen=True)
class Posterior:
    """Log posterior density of n parameter settings at once.

    Attributes
    ----------
    revenue : array, shape (T,)
        Relative to its mean.
    table : AdstockTable
        Of spend in units of each channel's typical spend.
    shares : array, shape (C,)
        Mean spend of each channel relative to mean revenue, over the same
        for all channels together. Log ROAS is sampled relative to the ROAS
        at which all media together make all of revenue.
    design : Design
    priors : Priors
    claimed_level : array, shape (C,), optional
        Log of claimed ROAS, in the unit of log ROAS; NaN without claims.
    claims : Claims, optional
        What claims say about the form of the curves and about demand.
    anchors : Anchors, optional
        Lift tests.
    """

    revenue: Array
    table: AdstockTable
    shares: Array
    design: Design
    priors: Priors
    claimed_level: Array | None = None
    claims: Claims | None = None
    anchors: Anchors | None = None

    @property
    def channels(self) -> int:
        """Number of channels."""
        return len(self.shares)

    @property
    def size(self) -> int:
        """Number of parameters."""
        return 4 * self.channels + SHARED + self._claims_size

    @property
    def _claims_size(self) -> int:
        told = 0 if self.claims is None else len(self.claims.channels)
        return 0 if self.claimed_level is None else CLAIMS + told

    @cached_property
    def center(self) -> Array:
        """Prior means, with every channel at the account's."""
        return self._laid_out([block.mean for block in self.priors.channel], [n[0] for n in self._account])

    @cached_property
    def spread(self) -> Array:
        """Prior standard deviations; those of channels around the account's values."""
        return self._laid_out([block.within for block in self.priors.channel], [n[1] for n in self._account])

    @property
    def _account(self) -> tuple[Normal, ...]:
        if self.claimed_level is None:
            return self.priors.account
        told = 0 if self.claims is None else len(self.claims.channels)
        return self.priors.account + self.priors.claims + told * (self.priors.claimed_room,)

    def _laid_out(self, of_channel: list[float], of_account: list[float]) -> Array:
        return np.concatenate([np.repeat(of_channel, self.channels), of_account])

    def split(self, points: Array) -> Parameters:
        """Take points of shape (n, size) apart."""
        c = self.channels
        alpha, room, slope, roas = (np.ascontiguousarray(points[:, i * c : (i + 1) * c].T) for i in range(BLOCKS))
        account = [points[:, BLOCKS * c + i] for i in range(SHARED)]
        return Parameters(alpha, room, slope, roas, tuple(account[:BLOCKS]), *account[BLOCKS:])

    def media(self, parameters: Parameters) -> Media:
        """Evaluate carryover, saturation and contributions."""
        alpha = self.table.largest / (1 + np.exp(-parameters.alpha_logit))
        polynomials, slopes = self.table.polynomials(alpha)
        carried = polynomials @ self.table.coefficients
        odds = log_odds(carried, parameters.room_logit, np.exp(parameters.log_slope))
        reached = logistic(odds)
        mean = reached.mean(axis=-1)
        scale = np.exp(parameters.log_roas) * self.shares[:, None] / mean
        total = np.einsum("cn,cnt->nt", scale, reached)
        return Media(alpha, polynomials, slopes, carried, odds, reached, mean, scale, total)

    def collapsed(self, total: Array, parameters: Parameters) -> Collapsed:
        """Integrate fixed columns, baseline walk and noise out.

        Parameters
        ----------
        total : array, shape (n, T)
            Contribution of all media.
        parameters : Parameters
        """
        design = self.design
        spectrum = design.spectrum(*parameters[6:])
        precision = 1 / spectrum.variance
        left = cosines(self.revenue - total)
        p = design.fixed.shape[1]
        information = (precision @ design.products).reshape(-1, p, p) + design.shrink
        inverse = np.linalg.inv(information)
        weighted = left * precision
        fixed = (inverse @ (weighted @ design.waves)[..., None])[..., 0]
        error = weighted - precision * (fixed @ design.waves.T)
        log_density = -0.5 * (
            np.log(spectrum.variance).sum(axis=1) + np.linalg.slogdet(information)[1] + (left * error).sum(axis=1)
        )
        leverage = inverse.reshape(len(left), -1) @ design.products.T
        by_variance = 0.5 * (error**2 - precision + leverage * precision**2)
        shared = np.stack([(by_variance * slope).sum(axis=1) for slope in spectrum.slopes], axis=1)
        return Collapsed(log_density, from_cosines(error), shared)

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
        parameters = self.split(points)
        media = self.media(parameters)
        told = self.told(media, points)
        gaussian = self.collapsed(media.total + self.demand(told, points), parameters)
        prior, gradient = self.prior(points)
        c, t = self.channels, self.design.periods
        log_density = prior + gaussian.log_density
        pull = np.broadcast_to(gaussian.pull, media.reached.shape)
        anchored = None if self.anchors is None else self.anchors.tell(media, parameters)
        along = media.scale * np.einsum("cnt,nt->cn", media.reached, gaussian.pull)  # d / d log ROAS
        if self.anchors is not None and anchored is not None:
            log_density = log_density + anchored.log_density
            pull = pull.copy()
            for test, channel in enumerate(self.anchors.channels):
                pull[channel] += anchored.slope[test][:, None] * self.anchors.during[test]
                along[channel] += anchored.slope[test] * anchored.lift[test]
        # The mean of `reached` is divided out, so a change of shape moves no total.
        net = pull - (along / (media.scale * media.mean_reached) / t)[..., None]
        net *= media.reached
        net *= 1 - media.reached
        net *= media.scale[..., None]
        if self.claims is not None and told is not None:
            moved = self.moved_by_demand(points)
            log_density = log_density + told.log_density
            gradient[:, self._at(0)] += (gaussian.pull * told.demand).sum(axis=1)
            by_claims = self.claims.slopes(told, moved * gaussian.pull)
            by_claims /= 1 + np.exp(np.minimum(self._claimed_odds(media, points), 500.0))
            net[self.claims.channels] += by_claims
            gradient[:, self._at(CLAIMS) :] -= by_claims.sum(axis=2).T
        gradient[:, 3 * c : 4 * c] += along.T
        every = slice(0, c)
        self._by_shape(gradient, every, net, media.odds, media.carried, self.table, media, parameters)
        if anchored is not None:
            self._by_tests(gradient, anchored, media, parameters)
        gradient[:, 4 * c + BLOCKS + 1 : 4 * c + SHARED] += gaussian.shared
        return log_density, gradient

    def _by_shape(
        self, gradient: Array, own: slice, net: Array, odds: Array, carried: Array, table: AdstockTable,
        media: Media, parameters: Parameters,
    ) -> None:  # fmt: skip
        """Pass slopes along log odds, `net`, on to the shapes of the channels `own`; in place."""
        c = self.channels
        alpha, room, slope = (slice(i * c + own.start, i * c + own.stop) for i in range(3))
        gradient[:, room] -= net.sum(axis=-1).T
        gradient[:, slope] += np.einsum("cnt,cnt->nc", net, odds + parameters.room_logit[own, :, None])
        by_node = (net / np.maximum(carried, 1e-9)) @ table.coefficients.transpose(0, 2, 1)
        by_alpha = np.exp(parameters.log_slope[own]) * (by_node * media.polynomial_slopes[own]).sum(axis=-1)
        kept = media.alpha[own]
        gradient[:, alpha] += (by_alpha * kept * (1 - kept / self.table.largest)).T

    def _by_tests(self, gradient: Array, anchored: Anchored, media: Media, parameters: Parameters) -> None:
        """Add the slopes through what would have been without each test; in place."""
        assert self.anchors is not None
        for test, channel in enumerate(self.anchors.channels):
            reached = anchored.reached[test]
            net = -(anchored.slope[test] * media.scale[channel])[None, :, None] * reached * (1 - reached)
            table, own = self.anchors.without[test], slice(channel, channel + 1)
            self._by_shape(gradient, own, net, anchored.odds[test], anchored.carried[test], table, media, parameters)

    def explained(self, points: Array) -> tuple[Media, Array]:
        """Return what channels do, and media and demand together, shape (n, T)."""
        media = self.media(self.split(points))
        told = self.told(media, points)
        return media, media.total + self.demand(told, points)

    def demand(self, told: Told | None, points: Array) -> Array | float:
        """Return what demand does to revenue, shape (n, T), relative to mean revenue."""
        return 0.0 if told is None else self.moved_by_demand(points) * told.demand

    def told(self, media: Media, points: Array) -> Told | None:
        """Return what the claims say of the curves; None without claims."""
        return None if self.claims is None else self.claims.tell(self._claimed_odds(media, points))

    def _claimed_odds(self, media: Media, points: Array) -> Array:
        """Log odds of the curves that claims follow, shape (k, n, T)."""
        assert self.claims is not None
        return np.asarray(media.odds[self.claims.channels] - points[:, self._at(CLAIMS) :].T[..., None])

    def _at(self, place: int) -> int:
        """Return the place of a parameter that claims add."""
        return 4 * self.channels + SHARED + place

    def moved_by_demand(self, points: Array) -> Array:
        """Return the change of revenue, relative to its mean, per unit of log demand; shape (n, 1)."""
        return points[:, self._at(0), None]

    def stretch(self, points: Array, amount: Array) -> tuple[Array, Array]:
        """Move channels' ROAS apart, or together, with the spread that is learned for them.

        Parameters
        ----------
        points : array, shape (n, size)
        amount : array, shape (n,)
            Added to the log spread; distances from the account's log ROAS
            are multiplied by its exponential.

        Returns
        -------
        points : array, shape (n, size)
        log_volume : array, shape (n,)
            Log of the factor by which the move stretches volume.

        References
        ----------
        Yu and Meng (2011), To center or not to center: that is not the
        question. An ancillarity-sufficiency interweaving strategy.
        """
        c = self.channels
        out = points.copy()
        middle = points[:, 4 * c + BLOCKS - 1 : 4 * c + BLOCKS]
        out[:, 3 * c : 4 * c] = middle + np.exp(amount)[:, None] * (points[:, 3 * c : 4 * c] - middle)
        out[:, 4 * c + BLOCKS] += amount
        return out, c * amount

    def prior(self, points: Array) -> tuple[Array, Array]:
        """Return the log prior (without its constant) and its gradient."""
        c = self.channels
        away = points - self.center
        pooled = away[:, 4 * c : 4 * c + BLOCKS].copy()
        away[:, : 4 * c] -= np.repeat(pooled, c, axis=1)
        scaled = away / self.spread**2
        # How far channels' ROAS lie apart is learned.
        within = np.exp(np.clip(points[:, 4 * c + BLOCKS], -20, 20))[:, None]
        scaled[:, 3 * c : 4 * c] = away[:, 3 * c : 4 * c] / within**2
        log_density = -0.5 * (away * scaled).sum(axis=1) - c * np.log(within[:, 0])
        gradient = -scaled
        gradient[:, 4 * c + BLOCKS] += (away * scaled)[:, 3 * c : 4 * c].sum(axis=1) - c
        gradient[:, 4 * c : 4 * c + BLOCKS] += scaled[:, : 4 * c].reshape(-1, BLOCKS, c).sum(axis=2)
        # Media that make more than all of revenue leave a negative baseline.
        made = np.exp(np.minimum(points[:, 3 * c : 4 * c], 50.0)) * self.shares
        over = np.maximum(made.sum(axis=1) - self.priors.largest_share, 0.0) / self.priors.share_softness
        log_density -= 0.5 * over**2
        gradient[:, 3 * c : 4 * c] -= (over / self.priors.share_softness)[:, None] * made
        if self.claimed_level is not None:
            log_density += self._level_told(self.claimed_level, points, gradient)
        return log_density, gradient

    def _level_told(self, level: Array, points: Array, gradient: Array) -> Array:
        """Return what claims say about the level of ROAS; add its slope to `gradient`.

        Log claimed over log caused ROAS lies around a value common to the
        account, with heavy tails (Student's t): a platform that claims what
        would have come anyway must not drag the others along. Where a
        platform's bias drifts, its level says less.
        """
        c, tail = self.channels, self.priors.claims_tail
        told = np.flatnonzero(np.isfinite(level))
        over, log_spread = points[:, self._at(1), None], points[:, self._at(2), None]
        own = np.exp(2 * np.clip(log_spread, -20, 20))
        variance = own + self._drifted[told] ** 2
        distance = (level[told] - points[:, 3 * c + told] - over) / np.sqrt(variance)
        pull = (tail + 1) * distance / (tail + distance**2)
        along = pull / np.sqrt(variance)
        gradient[:, 3 * c + told] += along
        gradient[:, self._at(1)] += along.sum(axis=1)
        gradient[:, self._at(2)] += ((pull * distance - 1) * own / variance).sum(axis=1)
        return np.asarray(-((tail + 1) / 2 * np.log1p(distance**2 / tail) + 0.5 * np.log(variance)).sum(axis=1))

    @cached_property
    def _drifted(self) -> Array:
        """Sd of the mean of each channel's drifting bias over the window, on the log scale, shape (C,)."""
        out = np.zeros(self.channels)
        if self.claims is not None:
            years = self.design.periods / self.design.per_year
            out[self.claims.channels] = self.claims.drift * np.sqrt(years / 3)  # of a Brownian path from zero
        return out
