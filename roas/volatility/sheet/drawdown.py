"""Drawdown: how far cumulative contribution fell from its peak, for how long, and whether it came back."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import numpy as np

from roas.volatility._arrays import Array, Days


@dataclass(frozen=True)
class Drawdown:
    """The deepest fall of cumulative contribution.

    Attributes
    ----------
    depth : float
        Currency from peak to trough, >= 0.
    weeks : int
        From the peak until it is regained, or until now.
    peak, trough : date or None
        Weeks of the highest point before (None: the start) and of the lowest.
    recovered : bool
        Whether the peak was regained.
    under_water : float
        Share of all weeks that ended below an earlier peak.
    """

    depth: float
    weeks: int
    peak: dt.date | None
    trough: dt.date | None
    recovered: bool
    under_water: float

    def to_dict(self) -> dict[str, Any]:
        """Return plain values."""
        return {
            "depth": float(f"{self.depth:.6g}"),
            "weeks": self.weeks,
            "peak": None if self.peak is None else self.peak.isoformat(),
            "trough": None if self.trough is None else self.trough.isoformat(),
            "recovered": self.recovered,
            "under_water": float(f"{self.under_water:.4g}"),
        }


def drawdown(contribution: Array, dates: Days) -> Drawdown | None:
    """Find the deepest drawdown of summed weekly contribution.

    Parameters
    ----------
    contribution : array, shape (n_weeks,)
        ``margin · revenue - spend``, currency, finite.
    dates : array, shape (n_weeks,)
        First day of each week.

    Returns
    -------
    Drawdown or None
        None without weeks. Depth 0 where nothing was ever lost.
    """
    if not len(contribution):
        return None
    total = np.concatenate([[0.0], np.cumsum(contribution)])
    peak = np.maximum.accumulate(total)
    fall = peak - total
    # Rounding of sums is not a loss.
    fall[fall <= 1e-12 * np.abs(contribution).sum()] = 0.0
    trough = int(fall.argmax())
    share = float((fall[1:] > 0).mean())
    if fall[trough] <= 0:
        return Drawdown(0.0, 0, None, None, True, share)
    top = int(total[: trough + 1].argmax())
    back = np.flatnonzero(fall[trough:] <= 0)
    end = trough + int(back[0]) if len(back) else len(contribution)

    def day(place: int) -> dt.date | None:
        return None if place == 0 else dates[place - 1].astype("datetime64[D]").astype(object)

    return Drawdown(float(fall[trough]), end - top, day(top), day(trough), bool(len(back)), share)
