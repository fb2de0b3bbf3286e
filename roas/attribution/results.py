"""What attribution found: credit by model with intervals, and what stands behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import datetime as dt

    import numpy as np
    import numpy.typing as npt

    from roas.attribution.paths import Paths
    from roas.problems import Rejected

    Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Credit:
    """Credit under one model.

    Attributes
    ----------
    model : str
        Name as the contract has it, such as ``markov_2``.
    convention : str
        One sentence: how this model shares a conversion.
    conversions, value : array (channels,)
        Credit; each adds up to the observed total. Currency for value.
    conversions_interval, value_interval : array (channels, 2) or None
        5 and 95 % points over resampled journeys; None where they were not
        asked for, or where nothing can be resampled.
    positions : array (channels, places) or None
        Conversions by the touch's place in its path, for models that share by place.
    facts : mapping
        What else the model says of itself, plain types: the order chosen and why, states …
    """

    model: str
    convention: str
    conversions: Floats
    value: Floats
    conversions_interval: Floats | None = None
    value_interval: Floats | None = None
    positions: Floats | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Removal:
    """Share of conversions that would be lost if a channel's traffic went nowhere (order-1 chain).

    Attributes
    ----------
    effect : array (channels,)
        In [0, 1]; they overlap and add up to more than 1.
    interval : array (channels, 2) or None
        5 and 95 % points.
    """

    effect: Floats
    interval: Floats | None = None


@dataclass(frozen=True)
class Journeys:
    """Journeys as read: their distinct paths and what was counted on the way.

    Attributes
    ----------
    paths : Paths
    lookback_days : int or None
        None for paths, which carry no times.
    half_life_days : float
        Of the time decay.
    unattributed_conversions, unattributed_value : float
        Conversions without a touch inside the lookback window: in no model's credit.
    expired_touches : int
        Touches older than the window when their journey ended.
    days_to_convert : array (days + 1,) or None
        Converting journeys by whole days from first touch to conversion.
    nulls_known : bool
        False where only converting journeys were exported: removal effects
        then say nothing of how often a channel ends in nothing.
    start, end : date or None
        First and last touch.
    currency : str or None
    rejected : tuple of Rejected
    notes : tuple of str
        Repairs and doubts, as sentences.
    """

    paths: Paths
    lookback_days: int | None = None
    half_life_days: float = 7.0
    unattributed_conversions: float = 0.0
    unattributed_value: float = 0.0
    expired_touches: int = 0
    days_to_convert: Floats | None = None
    nulls_known: bool = True
    start: dt.date | None = None
    end: dt.date | None = None
    currency: str | None = None
    rejected: tuple[Rejected, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def bucket(self) -> str | None:
        """The name that stands for all that are not told apart; None where all are."""
        return self.paths.bucket
