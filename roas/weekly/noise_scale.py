"""The scale on which the noise of weekly values is even: logs, or roots where sales are few."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Scale = Literal["log", "root"]

#: Numbers below which a week's figure is looked at as a root: a Poisson count of 20 leans to one side by a fifth of its
#: sd, and its log leans as far to the other.
FEW: Final = 20.0


@dataclass(frozen=True)
class Shape:
    """The scale on which noise is even.

    Attributes
    ----------
    scale : {"log", "root"}
    middle : float
        Mean of the values.
    half : float
        Half of one sale's worth, on the scale of roots: sales come whole, or a week without any would lie just outside.
    """

    scale: Scale
    middle: float
    half: float

    def of(self, values: Array) -> Array:
        """Return values on the scale."""
        found: Array = np.log(values) if self.scale == "log" else 2 * np.sqrt(values / self.middle)
        return found

    def back(self, low: float, high: float) -> tuple[float, float]:
        """Return the ends of a range in the unit of the values."""
        if self.scale == "log":
            return math.exp(low), math.exp(high)
        ends = (max(low, 0.0) ** 2 / 4 * self.middle, max(high, 0.0) ** 2 / 4 * self.middle)
        return max(ends[0] - self.half, 0.0), ends[1] + self.half

    def ends(self, value: float) -> tuple[float, float]:
        """Return a value on the scale, as it counts against the lower and the upper end."""
        if self.scale == "log":
            found = math.log(value) if value > 0 else -math.inf
            return found, found
        upper = value - self.half
        return 2 * math.sqrt((value + self.half) / self.middle), (
            2 * math.sqrt(upper / self.middle) if upper >= 0 else -math.inf
        )


def shape_of(values: Array, counts: Array | None) -> Shape:
    """Return the scale, with the worth of half a sale."""
    middle, mean = float(values.mean()), 0.0 if counts is None else float(np.nanmean(counts))
    return Shape(_scale(values, counts), middle, middle / mean / 2 if mean > 0 else 0.0)


def _scale(values: Array, counts: Array | None) -> Scale:
    """Return the scale on which noise is even: logs, or roots where sales are few or a week had none."""
    few = counts is not None and float(np.nanmean(counts)) < FEW
    return "root" if few or not values.min() > 0 else "log"
