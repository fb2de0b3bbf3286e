"""A break, and what a search found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np


@dataclass(frozen=True)
class Break:
    """A date at which a series changed.

    Attributes
    ----------
    index : int
        First period of the new regime.
    date : datetime64 or None
        The same as a date; None where the series has no dates.
    kind : {"level", "variance"}
        What changed.
    shape : {"step", "slope"}
        Of a level: whether it jumped, or began to rise or fall otherwise.
    before, after : float
        Level on either side (of ROAS: sum of revenue over sum of spend, of at most 8 weeks;
        after a change of slope, of the last weeks of it); of a variance, sd of the forecast
        errors, in units of the series' spread.
    probability : float
        Posterior probability that the series changed between the neighbouring breaks.
    first, last : int
        90 % interval of `index`.
    moved : {"roas", "conversions", "basket"}
        What was seen to change: the ratio itself, sales per spend, or revenue per sale.
    step : float
        Of a level that jumped: the jump beside trend and season, unit of the values searched.
    """

    index: int
    date: np.datetime64 | None
    kind: Literal["level", "variance"]
    shape: Literal["step", "slope"]
    before: float
    after: float
    probability: float
    first: int
    last: int
    moved: Literal["roas", "conversions", "basket"] = "roas"
    step: float = float("nan")


@dataclass(frozen=True)
class Breaks:
    """What was found, and how the series was described.

    Attributes
    ----------
    found : tuple of Break
        Ascending by index.
    n : int
        Periods with a known value.
    judged : bool
        False where the series is too short to tell: no break is then no finding.
    season : int
        Length of the cycle taken out; 1 for none.
    trend, yearly : bool
        A drift, a yearly wave, is part of the description.
    long_run_ratio : float
        Long-run variance of the noise per variance of one period: 1 without memory.
    """

    found: tuple[Break, ...]
    n: int
    judged: bool = True
    season: int = 1
    trend: bool = False
    yearly: bool = False
    long_run_ratio: float = 1.0

    @property
    def levels(self) -> tuple[Break, ...]:
        """Changes of level or slope."""
        return tuple(each for each in self.found if each.kind == "level")

    @property
    def variances(self) -> tuple[Break, ...]:
        """Changes of variance."""
        return tuple(each for each in self.found if each.kind == "variance")
