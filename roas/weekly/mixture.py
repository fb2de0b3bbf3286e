"""What is told of one week: a mixture of Student's t, and the middle nine tenths of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

#: The weeks outside the range, as a share: half on either side.
OUTSIDE: Final = 0.1


@dataclass(frozen=True)
class Predicted:
    """A mixture of Student's t, on the scale of a `roas.weekly.noise_scale.Shape`.

    Attributes
    ----------
    weight, mean, spread : array, shape (parts,)
        The weights add to 1.
    degrees : int
        Of freedom.
    """

    weight: Array
    mean: Array
    spread: Array
    degrees: int

    def reached(self, y: float) -> float:
        """Return the probability of `y` or less."""
        from scipy.special import stdtr

        return float((self.weight * stdtr(self.degrees, (y - self.mean) / self.spread)).sum())

    def middle(self) -> tuple[float, float]:
        """Return the ends of the middle nine tenths, by bisection."""
        from scipy.special import stdtr

        weight, mean, spread = (each[:, None] for each in (self.weight, self.mean, self.spread))
        reach = float(_reach(self.degrees) * self.spread.max() * 2)
        low, high = np.full(2, float(self.mean.min()) - reach), np.full(2, float(self.mean.max()) + reach)
        wanted = np.array([OUTSIDE / 2, 1 - OUTSIDE / 2])
        for _ in range(60):
            middle = (low + high) / 2
            reached = (weight * stdtr(self.degrees, (middle - mean) / spread)).sum(axis=0)
            low, high = np.where(reached < wanted, middle, low), np.where(reached < wanted, high, middle)
        return float(low[0] + high[0]) / 2, float(low[1] + high[1]) / 2


@cache
def _reach(degrees: int) -> float:
    from scipy.special import stdtrit

    return float(stdtrit(degrees, 1 - OUTSIDE / 20))
