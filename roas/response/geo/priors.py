"""Priors of what a model with regions adds to a national one."""

from __future__ import annotations

from dataclasses import dataclass
from math import log

from roas.response.priors import Normal


@dataclass(frozen=True)
class GeoPriors:
    """Priors of a region's own movement and of how far regions respond differently.

    Attributes
    ----------
    walk : Normal
        Log sd of the random change over a year of one region's baseline
        against all others', relative to its revenue.
    noise : Normal
        Log sd of a region's own noise of one period, relative to its revenue.
    noise_share, noise_keep : Normal
        Logits of the autoregressive share of that noise and of its persistence.
    spread : Normal
        Log sd of regions' response to a channel, relative to the response
        of all: a quarter (from a tenth to a half in nine of ten).
    """

    walk: Normal = (log(0.06), 0.8)
    noise: Normal = (log(0.1), 1.0)
    noise_share: Normal = (-0.5, 1.5)
    noise_keep: Normal = (0.0, 0.7)
    spread: Normal = (log(0.25), 0.5)

    @property
    def ordered(self) -> tuple[Normal, ...]:
        """Priors in the order of the sampler."""
        return self.walk, self.noise, self.noise_share, self.noise_keep, self.spread
