"""The interval that every estimate carries: its 5, 50 and 95 % points."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

#: Digits of the published figures. Beyond these, results could depend on how
#: many cores multiplied the matrices.
DIGITS: Final = 6

LEVELS: Final = (0.05, 0.5, 0.95)


@dataclass(frozen=True)
class Q:
    """Quantiles of what is not known exactly: the 90 % interval and the median."""

    p5: float
    p50: float
    p95: float

    @classmethod
    def of(cls, draws: npt.NDArray[np.float64]) -> Q:
        """Take the quantiles of draws, to six significant digits."""
        import numpy as np

        return cls.at(*np.quantile(draws, LEVELS))

    @classmethod
    def at(cls, p5: float, p50: float, p95: float) -> Q:
        """Round three points to six significant digits."""
        return cls(*(float(f"{value:.{DIGITS}g}") for value in (p5, p50, p95)))

    def to_dict(self) -> dict[str, float]:
        """Return ``{p5, p50, p95}``."""
        return {"p5": self.p5, "p50": self.p50, "p95": self.p95}

    def __str__(self) -> str:
        return f"{self.p50:.3g} [{self.p5:.3g}, {self.p95:.3g}]"
