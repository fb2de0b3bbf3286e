"""The same question asked of three pairs of periods, and whether the answers agree."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from roas._typing import Grain
from roas.decompose.bootstrap import DRAWS
from roas.decompose.change import Change
from roas.decompose.panel import panel
from roas.decompose.periods import Pair, default_periods
from roas.decompose.run import decompose_panel

if TYPE_CHECKING:
    import pandas as pd

Verdict = Literal["agree", "differ", "unknown"]


@dataclass(frozen=True)
class Reading:
    """What one pair of periods says, where it says it clearly.

    Attributes
    ----------
    pair : str
    direction : int
        Sign of the change of ROAS; 0 where its 90 % interval holds zero or
        is not known.
    factor : str or None
        Largest effect whose interval leaves zero out.
    sign : int
        Of that effect; 0 without one.
    """

    pair: str
    direction: int
    factor: str | None
    sign: int


@dataclass(frozen=True)
class Robustness:
    """Whether the choice of periods matters.

    Attributes
    ----------
    readings : tuple of Reading
    direction, leading : {"agree", "differ", "unknown"}
        Of the readings that are clear: do all changes go one way, and is
        their leading factor, with its sign, the same? Unknown with fewer
        than two clear readings.
    """

    readings: tuple[Reading, ...]
    direction: Verdict
    leading: Verdict

    def to_dict(self) -> dict[str, Any]:
        """Return plain values."""
        return {
            "direction": self.direction,
            "leading": self.leading,
            "readings": [
                {"pair": r.pair, "direction": r.direction, "factor": r.factor, "sign": r.sign} for r in self.readings
            ],
        }


@dataclass(frozen=True)
class Changes:
    """The change of ROAS over every default pair of periods.

    Attributes
    ----------
    pairs : tuple of Pair
    changes : tuple of Change
        One per pair.
    robustness : Robustness
    """

    pairs: tuple[Pair, ...]
    changes: tuple[Change, ...]
    robustness: Robustness

    def __getitem__(self, name: str) -> Change:
        return {pair.name: change for pair, change in zip(self.pairs, self.changes, strict=True)}[name]

    def to_dict(self) -> dict[str, Any]:
        """Return plain values."""
        named = zip(self.pairs, self.changes, strict=True)
        return {
            "pairs": [{"name": pair.name, **change.to_dict()} for pair, change in named],
            "robustness": self.robustness.to_dict(),
        }


def decompose_all(
    spend: pd.DataFrame,
    *,
    revenue: pd.DataFrame | None = None,
    grain: Grain = "day",
    mature_until: dt.date | None = None,
    breaks: Iterable[dt.date] = (),
    draws: int = DRAWS,
    seed: int = 0,
) -> Changes:
    """Split the change of ROAS over every default pair of periods.

    Parameters
    ----------
    spend, revenue, grain, draws, seed
        As in `roas.decompose.decompose`.
    mature_until, breaks
        As in `roas.decompose.default_periods`.

    Returns
    -------
    Changes
        Empty where history is shorter than two weeks.
    """
    data = panel(spend, revenue=revenue, grain=grain)
    pairs = default_periods(data.dates, grain=grain, mature_until=mature_until, breaks=breaks)
    changes = tuple(decompose_panel(data, pair.before, pair.after, draws=draws, seed=seed) for pair in pairs)
    return Changes(pairs, changes, robustness(pairs, changes))


def robustness(pairs: tuple[Pair, ...], changes: tuple[Change, ...]) -> Robustness:
    """Say whether several comparisons tell one story."""
    readings = tuple(_reading(pair.name, change) for pair, change in zip(pairs, changes, strict=True))
    directions = [r.direction for r in readings if r.direction]
    leaders = [(r.factor, r.sign) for r in readings if r.factor]
    return Robustness(readings, _verdict(directions), _verdict(leaders))


def _reading(name: str, change: Change) -> Reading:
    interval, leading = change.comparison.interval, change.leading
    clear = interval is not None and interval.p5 * interval.p95 > 0
    direction = _sign(interval.p50) if interval is not None and clear else 0
    return Reading(name, direction, leading.factor if leading else None, _sign(leading.ratio) if leading else 0)


def _sign(value: float) -> int:
    return (value > 0) - (value < 0)


def _verdict(answers: list[Any]) -> Verdict:
    if len(answers) < 2:
        return "unknown"
    return "agree" if len(set(answers)) == 1 else "differ"
