"""Priors: pooled over channels and free of units.

All are normal on the scale that is sampled. Values are relative to the
account's own revenue and spend, so that neither the currency nor the size of
the account enters.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log
from typing import Final, NamedTuple, TypeAlias

#: Mean and standard deviation of a normal distribution.
Normal: TypeAlias = tuple[float, float]


class Pooled(NamedTuple):
    """A channel's parameter is normal around a value common to the account.

    Attributes
    ----------
    mean, between : float
        Mean and sd of the account's value.
    within : float
        Sd of channels around it.
    """

    mean: float
    between: float
    within: float


#: Elasticity at typical spend is about 0.6 (0.1 to 1.8 in nine accounts of
#: ten): saturating as a rule, S-shaped where an account's channels agree on it.
ROOM: Final = Pooled(0.1, 1.1, 0.7)
SLOPE: Final = Pooled(0.15, 0.5, 0.25)

#: All media together make about 30 % of revenue (13 to 68 %). The last number
#: only starts the search: the spread between channels is learned.
ROAS: Final = Pooled(log(0.3), 0.5, 0.35)


#: Platforms claim about 1.7 times what they cause (0.9 to 3.3 times).
OVER: Final[Normal] = (log(1.7), 0.4)


@dataclass(frozen=True)
class Priors:
    """Priors of the sampled parameters.

    Attributes
    ----------
    alpha : Pooled
        Logit of retention as a share of the largest one.
    room : Pooled
        Logit of the share of a channel's ceiling that is free at its typical
        spend (the mean weighted by spend itself).
    slope : Pooled
        Log Hill exponent.
    roas : Pooled
        Log ROAS, relative to the ROAS at which all media together make all
        of revenue: the mean is the log of the share that media make.
    roas_within : Normal
        Log of the sd of channels' log ROAS around the account's.
    noise_keep : Normal
        Logit of the noise's autoregressive coefficient.
    walk : Normal
        Log sd of the baseline's random change over a year, relative to revenue.
    noise : Normal
        Log sd of the noise of one period, relative to revenue.
    noise_share : Normal
        Logit of the share of noise variance that is autoregressive.
    largest_share, share_softness : float
        Above this share of revenue for all media together the prior falls
        like a normal tail of this sd: sales without ads are not negative.
    demand : Normal
        Change of revenue, relative to its mean, per unit of log demand: what
        is not caused by ads follows demand, most of revenue as a rule.
    over : Normal
        Log of what platforms claim over what they cause, common to the account.
    over_within : Normal
        Log of the sd of channels around it.
    claims_tail : float
        Degrees of freedom of that distance: heavy tails, so that a platform
        that claims what would have come anyway does not drag the others along.
    claimed_room : Normal
        Room of the curve that claims follow, less that of what is caused:
        harvested sales have a curve of their own.
    """

    alpha: Pooled
    noise_keep: Normal
    room: Pooled = ROOM
    slope: Pooled = SLOPE
    roas: Pooled = ROAS
    roas_within: Normal = (log(0.35), 0.5)
    walk: Normal = (log(0.06), 0.8)
    noise: Normal = (log(0.08), 1.0)
    noise_share: Normal = (-0.5, 1.5)
    largest_share: float = 0.8
    share_softness: float = 0.1
    demand: Normal = (0.7, 0.35)
    over: Normal = OVER
    over_within: Normal = (log(0.45), 0.3)
    claims_tail: float = 4.0
    claimed_room: Normal = (0.0, 0.7)

    @property
    def channel(self) -> tuple[Pooled, Pooled, Pooled, Pooled]:
        """Priors of a channel's parameters, in the order of the sampler."""
        return self.alpha, self.room, self.slope, self.roas

    @property
    def claims(self) -> tuple[Normal, ...]:
        """Priors of the parameters that claims add."""
        return self.demand, self.over, self.over_within

    @property
    def account(self) -> tuple[Normal, ...]:
        """Priors of the account's parameters, in the order of the sampler."""
        pooled = tuple((block.mean, block.between) for block in self.channel)
        return (*pooled, self.roas_within, self.walk, self.noise, self.noise_share, self.noise_keep)


#: Half-lives of about 2 to 20 days; noise that lasts about a week.
DAILY = Priors(alpha=Pooled(1.6, 0.7, 1.0), noise_keep=(2.2, 0.7))
WEEKLY = Priors(alpha=Pooled(-0.7, 0.6, 0.9), noise_keep=(0.0, 0.7))


def default_priors(grain: str) -> Priors:
    """Return the priors for days or weeks."""
    return DAILY if grain == "day" else WEEKLY
