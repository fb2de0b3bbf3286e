"""Response curves of posterior draws, in money."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from roas.response._arrays import Array
from roas.response.adstock import AdstockTable
from roas.response.limits import BEND_SD, EXTRAPOLATION, LOWEST_QUANTILE, STRUCTURE_SD
from roas.response.posterior import Media, Posterior
from roas.response.saturation import SMALLEST_SHARE, log_odds, logistic

if TYPE_CHECKING:
    from roas.response.prepare import Fitting

#: Draws that figures are taken from, spread evenly over the sample.
KEPT: Final = 1200

#: Times that factors are drawn anew.
REDRAWS: Final = 30

#: How far spend is raised for the slope of a curve: one part in a thousand.
NUDGE: Final = 1e-3


@dataclass(frozen=True)
class Curves:
    """What each draw says a channel's spend brings.

    Below the spend that was ever observed the shape of a curve is an
    assumption, and it decides how much of the baseline is the channel's. The
    part of the response that lies below the lowest observed level is
    therefore multiplied by a factor drawn from `limits.EXTRAPOLATION`. The
    whole curve also carries a factor of its own, of log sd
    `limits.STRUCTURE_SD`.

    Attributes
    ----------
    alpha, room, slope, factor, bend : array, shape (C, n)
        Retention, logit of room, Hill exponent, that factor, and one on how
        steep the curve is (log sd `limits.BEND_SD`).
    scale : array, shape (C, n)
        Currency per period at the ceiling.
    floor : array, shape (C, n)
        Currency per period at the lowest observed level of carried spend.
    typical, before : array, shape (C,)
        Typical spend, and spend before the window; currency per period.
    spend : array, shape (T, C)
        Currency per period, as fitted.
    max_lag : int
    largest : float
        Largest retention.
    """

    alpha: Array
    room: Array
    slope: Array
    factor: Array
    bend: Array
    scale: Array
    floor: Array
    typical: Array
    before: Array
    spend: Array
    max_lag: int
    largest: float

    @property
    def draws(self) -> int:
        """Number of draws."""
        return int(self.alpha.shape[1])

    def carried(self, channel: int, spend: Array | None = None) -> Array:
        """Return spend after carryover in units of typical spend, shape (n, periods).

        `spend` follows the window, when given; else the window itself is meant.
        """
        own = self.spend[:, channel]
        if spend is None:
            return self.carried_by(channel, own)
        path = np.concatenate([own[-self.max_lag :], spend])
        return self.carried_by(channel, path)[:, len(path) - len(spend) :]

    def carried_by(self, channel: int, path: Array) -> Array:
        """Return `path` (currency per period) after carryover, had it been the window's spend."""
        scaled = (path / self.typical[channel])[:, None]
        before = np.array([self.before[channel] / self.typical[channel]])
        table = AdstockTable.of(scaled, max_lag=self.max_lag, largest=self.largest, before=before)
        return np.asarray(table.series(self.alpha[channel : channel + 1])[0])

    def reached(self, channel: int, carried: Array) -> Array:
        """Return the share of the ceiling at `carried`, shape (n, periods)."""
        odds = log_odds(carried[None], self.room[channel][None], self.slope[channel][None])
        return np.where(carried > SMALLEST_SHARE, logistic(odds)[0], 0.0)

    def revenue(self, channel: int, carried: Array) -> Array:
        """Return currency per period at `carried` spend, shape (n, periods)."""
        plain = self.scale[channel][:, None] * self.reached(channel, carried)
        below = np.minimum(plain, self.floor[channel][:, None])
        return np.asarray(plain + below * (self.factor[channel][:, None] - 1))

    def contribution(self, channel: int, spend: Array | None = None) -> Array:
        """Return revenue caused per period, shape (n, periods)."""
        return self.revenue(channel, self.carried(channel, spend))

    def elasticity(self, channel: int, carried: Array) -> Array:
        """Return d log revenue / d log spend at `carried`, shape (n, periods)."""
        up, down = (self.revenue(channel, carried * f) for f in (1 + NUDGE, 1 - NUDGE))
        with np.errstate(invalid="ignore", divide="ignore"):
            out = (up - down) / (up + down) / NUDGE
        return np.asarray(np.where(np.isfinite(out), out, 0.0) * self.bend[channel][:, None])

    def rising(self, channel: int) -> Array:
        """Return spend times what its next unit brings, per period of the window, shape (n, periods)."""
        carried = self.carried(channel)
        return np.asarray(self.revenue(channel, carried) * self.elasticity(channel, carried))

    def steady(self, channel: int, spend: Array) -> Array:
        """Return currency per period at steady `spend` per period, shape (n, len(spend))."""
        carried = np.broadcast_to(spend / self.typical[channel], (self.draws, len(spend)))
        return self.revenue(channel, np.ascontiguousarray(carried))

    def each(self) -> Iterator[int]:
        """Go through the channels."""
        yield from range(len(self.typical))


def thin(draws: Array, most: int = KEPT) -> Array:
    """Return at most `most` draws, evenly spread."""
    if len(draws) <= most:
        return draws
    return np.asarray(draws[np.linspace(0, len(draws) - 1, most).round().astype(int)])


def curves_of(fitting: Fitting, draws: Array, *, seed: int) -> Curves:
    """Turn draws of the sampler into curves in money."""
    posterior: Posterior = fitting.posterior
    parameters = posterior.split(draws)
    media = posterior.media(parameters)
    size = (len(draws), posterior.channels)
    rng = np.random.default_rng((seed, 1))
    factor = rng.uniform(*EXTRAPOLATION, size).T
    scale = media.scale * fitting.unit * np.exp(STRUCTURE_SD * rng.standard_normal(size).T)
    lowest = np.quantile(media.reached, LOWEST_QUANTILE, axis=-1)
    if posterior.anchors is not None:  # what a test took away was observed too
        anchored = posterior.anchors.tell(media, parameters)
        for channel, reached in zip(posterior.anchors.channels, anchored.reached, strict=True):
            lowest[channel] = np.minimum(lowest[channel], reached[0].min(axis=-1))
    factor, scale = _within_revenue(fitting, media, factor, scale, lowest, rng)
    return Curves(
        alpha=media.alpha,
        room=parameters.room_logit,
        slope=np.exp(parameters.log_slope),
        factor=factor,
        bend=np.exp(BEND_SD * rng.standard_normal(size).T),
        scale=scale,
        floor=scale * lowest,
        typical=fitting.typical,
        before=fitting.before,
        spend=fitting.data.spend,
        max_lag=fitting.max_lag,
        largest=posterior.table.largest,
    )


def _within_revenue(
    fitting: Fitting, media: Media, factor: Array, scale: Array, lowest: Array, rng: np.random.Generator
) -> tuple[Array, Array]:
    """Draw factors anew where they lift all media above what revenue there is.

    The prior says so of the curves before the factors (`Priors.largest_share`);
    it holds of what is reported too.
    """
    priors, unit = fitting.posterior.priors, fitting.unit
    factor, scale = factor.copy(), scale.copy()
    below = np.minimum(media.reached, lowest[..., None]).mean(axis=-1)
    open_ = np.arange(factor.shape[1])
    for _ in range(REDRAWS):
        plain = media.mean_reached[:, open_] + below[:, open_] * (factor[:, open_] - 1)
        share = (scale[:, open_] * plain).sum(axis=0) / unit
        over = np.maximum(share - priors.largest_share, 0.0) / priors.share_softness
        open_ = open_[rng.random(len(open_)) > np.exp(-0.5 * over**2)]
        if not len(open_):
            break
        size = (len(open_), len(factor))
        factor[:, open_] = rng.uniform(*EXTRAPOLATION, size).T
        scale[:, open_] = media.scale[:, open_] * unit * np.exp(STRUCTURE_SD * rng.standard_normal(size).T)
    return factor, scale
