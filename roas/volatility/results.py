"""The volatility of an account: one record per ROAS series."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from roas.volatility.noise import Noise
from roas.volatility.series import RoasSeries
from roas.volatility.truth import Swing

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class SeriesVolatility:
    """How unstable one ROAS is, from what, and since when.

    Attributes
    ----------
    series : RoasSeries
        What was measured.
    noise : Noise
        Its noise floor.
    swing : Swing
        Observed and true log sd of weekly ROAS.
    shares : dict
        Shares of the variance of log weekly ROAS; they add to 1.
    """

    series: RoasSeries
    noise: Noise
    swing: Swing
    shares: dict[str, float]

    def to_dict(self) -> dict[str, Any]:
        """Return the contract's ``V``."""
        return {
            "of": self.series.of,
            "weeks": self.swing.weeks,
            "observed_log_sd": _rounded(self.swing.observed_log_sd),
            "true_log_sd": self.swing.true_log_sd.to_dict(),
            "shares": _shares(self.shares),
            "state": "unknown",
            "breaks": [],
            "noise": {
                "basis": self.noise.basis,
                "basket_cv": _rounded(self.noise.basket_cv),
                "dispersion": _rounded(self.noise.dispersion),
            },
        }


@dataclass(frozen=True)
class AccountVolatility:
    """Volatility of the account and of every channel with a ROAS series."""

    account: SeriesVolatility | None
    channels: dict[str, SeriesVolatility]


def _rounded(value: float | None) -> float | None:
    return None if value is None or not np.isfinite(value) else float(f"{value:.6g}")


def _shares(shares: dict[str, float]) -> dict[str, float]:
    """Round to six digits, the largest share taking what rounding leaves, so that they add to 1."""
    kept = {name: round(value, 6) for name, value in shares.items()}
    largest = max(kept, key=lambda name: kept[name])
    kept[largest] = round(kept[largest] + 1 - sum(kept.values()), 6)
    return kept
