"""What a break did to ROAS itself: levels of the weeks around it, and whether that is a change at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from roas.volatility._arrays import Array, Days

if TYPE_CHECKING:
    from roas.volatility.breaks.found import Break, Breaks

#: Weeks on either side over which a level is pooled: what "recent" means everywhere else. A yearly
#: wave moves little in them, over whole segments it drowns the jump.
LOCAL_WEEKS: Final = 8
#: Relative change under which a jump inside its own noise is no news.
NEGLIGIBLE: Final = 0.05
#: Standard errors of "inside its own noise": a 90 % interval.
NOISE_SDS: Final = 1.645
#: Weeks within which breaks of sales per spend and of revenue per sale are one.
MERGE_WEEKS: Final = 2
#: Part of a change of sales per spend, or of revenue per sale, that ROAS must show: with less, the other made up for it.
LEAST_SHARE: Final = 0.5
#: Probability under which a break is not reported: likelier than not, or silence.
LEAST_PROBABILITY: Final = 0.5


@dataclass(frozen=True)
class Around:
    """A ratio of sums on either side of a date.

    Attributes
    ----------
    before, after : float
        NaN where nothing is known.
    error : float
        Standard error of the log change, were periods independent.
    """

    before: float
    after: float
    error: float

    @property
    def log_change(self) -> float:
        """Return log(after / before); NaN where either is not positive."""
        if not (self.before > 0 and self.after > 0):
            return float("nan")
        return float(np.log(self.after / self.before))

    def negligible(self, long_run_ratio: float) -> bool:
        """Tell whether the change is both small and inside its noise."""
        change = abs(self.log_change)
        return change < np.log1p(NEGLIGIBLE) and change < NOISE_SDS * self.error * float(np.sqrt(long_run_ratio))


def around(top: Array, bottom: Array, dates: Sequence[int], *, reach: int, kinks: bool = False) -> list[Around]:
    """Pool a ratio on either side of every date, not beyond the neighbouring ones.

    Parameters
    ----------
    top, bottom : array, shape (n,)
        0 in gaps.
    dates : sequence of int
        First periods of new regimes, ascending.
    reach : int
        Most periods on either side.
    kinks : bool
        Slopes changed, not levels: "after" is where the new one led, the end of its regime.
    """
    edges = [0, *dates, len(top)]
    out = []
    for low, at, high in zip(edges[:-2], edges[1:-1], edges[2:], strict=True):
        after = slice(max(at, high - reach), high) if kinks else slice(at, min(high, at + reach))
        (level, error), (next_level, next_error) = (
            _ratio(top[part], bottom[part]) for part in (slice(max(low, at - reach), at), after)
        )
        out.append(Around(level, next_level, float(np.hypot(error, next_error))))
    return out


def _ratio(top: Array, bottom: Array) -> tuple[float, float]:
    """Return a ratio of sums and the relative standard error of it."""
    whole, under = float(top.sum()), float(bottom.sum())
    if not under > 0:
        return float("nan"), float("nan")
    rest = top - whole / under * bottom
    return whole / under, float(np.sqrt(rest @ rest) / whole) if whole > 0 else float("nan")


def together(first: Sequence[Break], second: Sequence[Break], weeks: int) -> tuple[Break, ...]:
    """Unite breaks of two parts of a ratio; those near each other are one, dated by the surer."""
    kept: list[Break] = []
    for each in sorted([*first, *second], key=lambda each: -each.probability):
        twin = next((i for i, other in enumerate(kept) if abs(other.index - each.index) <= MERGE_WEEKS * weeks), None)
        if twin is None:
            kept.append(each)
        elif kept[twin].moved != each.moved and each.step * kept[twin].step > 0:
            kept[twin] = replace(kept[twin], moved="roas")
    return tuple(sorted(kept, key=lambda each: each.index))


def changes(
    breaks: Breaks,
    ratios: dict[str, tuple[Array, Array]],
    revenue: Array,
    spend: Array,
    dates: Days,
    weeks: int,
) -> Breaks:
    """Give breaks their dates and the levels around them; drop those unlikely or no change of ROAS."""
    kept = [
        each
        for each, there, own in zip(
            breaks.levels,
            _around(breaks.levels, {"roas": (revenue, spend)}, weeks),
            _around(breaks.levels, ratios, weeks),
            strict=True,
        )
        if each.probability >= LEAST_PROBABILITY and _is_change(each, there, own, breaks.long_run_ratio)
    ]
    pooled = _around(kept, {"roas": (revenue, spend)}, weeks)
    levels = [replace(each, before=at.before, after=at.after) for each, at in zip(kept, pooled, strict=True)]
    found = sorted([*levels, *breaks.variances], key=lambda each: each.index)
    return replace(breaks, found=tuple(replace(each, date=dates[each.index]) for each in found))


def _around(levels: Sequence[Break], ratios: dict[str, tuple[Array, Array]], weeks: int) -> list[Around]:
    """Pool around each break what moved (ROAS, if only that is given)."""
    at, out = [each.index for each in levels], []
    for i, each in enumerate(levels):
        top, bottom = ratios.get(each.moved, ratios["roas"])
        out.append(around(top, bottom, at, reach=LOCAL_WEEKS * weeks, kinks=each.shape == "slope")[i])
    return out


def _is_change(each: Break, of_roas: Around, own: Around, long_run_ratio: float) -> bool:
    """Tell whether ROAS moved with what was seen to move, and as the fit says."""
    change, cause = of_roas.log_change, own.log_change
    if not np.isfinite(change):  # all or nothing on one side
        return of_roas.before != of_roas.after
    if each.shape == "step" and change * each.step < 0:
        return False
    if change * cause < 0 or abs(change) < LEAST_SHARE * abs(cause):
        return False
    return not of_roas.negligible(long_run_ratio)
