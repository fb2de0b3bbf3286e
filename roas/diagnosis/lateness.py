"""How late claims arrive, read from one export: whether the last days alone fall short, the more the later."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from roas.tables import Tables, has_values

if TYPE_CHECKING:
    import pandas as pd

Array = npt.NDArray[np.float64]

#: Days looked at: the last ones, which may be short of conversions, and those before that say what is usual.
LATE_DAYS, USUAL_DAYS = 28, 84

#: Half-lives of the delay that are tried, days; the longest still leaves days that are complete in the window.
HALF_LIVES: Final = (0.7, 1.0, 1.5, 2.0, 3.0, 4.0, 5.5, 7.5)

#: Share that has arrived on the day itself.
AT_ONCE: Final = (0.0, 0.15, 0.3, 0.45, 0.6)

#: Falls that are no lateness: when they began (days before the end) and over how many days they came; sizes.
BEGUN: Final = (*((first, 1) for first in range(2, 22)), *((first, first) for first in (28, 42, 56, 84)))
SIZES: Final = (0.1, 0.2, 0.3, 0.45, 0.6)

#: Days of claims still missing from which recent weeks look bad because of it: a fifth of a week. Every platform
#: reports a little late.
MISSING_DAYS: Final = 1.5

#: Log likelihood ratios that lateness must have over a steady rate and over a step: 20 to 1 and 3 to 1, each
#: with the two parameters that were fitted paid for (Schwarz 1978).
OVER_STEADY, OVER_STEP = 3.0, 1.1

#: Sales needed in the window; fewer say nothing of single days.
FEWEST: Final = 60


@dataclass(frozen=True)
class Lateness:
    """What the last days of one platform show.

    Attributes
    ----------
    arrived : array, shape (LATE_DAYS,)
        Share reported, by age: 0 is the last day.
    missing : float
        Days' worth of conversions still to come.
    over_steady, over_step : float
        Log likelihood ratios (penalised) over a steady rate, and over a fall on one of the days.
    usual : float
        Conversions per day before.
    since : date
        First day with less than 97 % reported.
    value : float
        Claimed revenue per conversion before.
    """

    arrived: Array
    missing: float
    over_steady: float
    over_step: float
    usual: float
    since: dt.date
    value: float

    @property
    def is_late(self) -> bool:
        """Whether lateness explains the last days, and matters."""
        return self.over_steady >= OVER_STEADY and self.over_step >= OVER_STEP and self.missing >= MISSING_DAYS

    @property
    def days(self) -> int:
        """Days at the end with less than 97 % reported."""
        return int((self.arrived < COMPLETE).sum())


#: Share reported at which a day counts as complete.
COMPLETE: Final = 0.97


def lateness_of(tables: Tables) -> dict[str, Lateness]:
    """Return what the last days of each channel show; without those that sell too little or are exported by week."""
    if tables.grain != "day" or not has_values(tables.spend, "conversions"):
        return {}
    spend = tables.spend
    last = spend["date"].max()
    days = (last - spend["date"]).dt.days
    rows = spend[days < LATE_DAYS + USUAL_DAYS].assign(age=days[days < LATE_DAYS + USUAL_DAYS])
    found = {}
    for channel, part in rows.groupby("channel"):
        read = _read(part, last)
        if read is not None:
            found[str(channel)] = read
    return found


def _read(rows: pd.DataFrame, last: pd.Timestamp) -> Lateness | None:
    size = LATE_DAYS + USUAL_DAYS
    sums = (
        rows.groupby("age")[["conversions", "clicks", "spend", "conversion_value"]]
        .sum(min_count=1)
        .reindex(range(size))
    )
    counts = sums["conversions"].to_numpy(dtype=np.float64)
    basis = "clicks" if float(sums["clicks"].sum()) > 0 else "spend"
    exposure = np.nan_to_num(sums[basis].to_numpy(dtype=np.float64))
    known = np.isfinite(counts) & (exposure > 0)
    usual = known & (np.arange(size) >= LATE_DAYS)
    if usual.sum() < 21 or counts[usual].sum() < FEWEST or not known[:7].any():
        return None
    rate = _weekday_rates(counts, exposure, usual)
    expected = exposure * rate
    spread = max(1.0, float((np.square(counts - expected)[usual] / expected[usual]).sum()) / max(usual.sum() - 7, 1))
    late = known[:LATE_DAYS]
    n, mu = counts[:LATE_DAYS][late], expected[:LATE_DAYS][late]
    steady = _fit(n, mu, [np.ones(len(n))], spread)[0]
    curves = [
        at_once + (1 - at_once) * (1 - 0.5 ** ((np.arange(LATE_DAYS)) / half))
        for half in HALF_LIVES
        for at_once in AT_ONCE
    ]
    lagged, k = _fit(n, mu, [each[late] for each in curves], spread)
    steps = [_begun(first, size, over)[late] for first, over in BEGUN for size in SIZES]
    step = _fit(n, mu, steps, spread)[0]
    penalty = np.log(max(len(n), 2))  # two parameters, each half of log n
    value = float(np.nansum(sums["conversion_value"].to_numpy()[usual]) / counts[usual].sum())
    arrived = np.asarray(curves[k])
    since = (last - np.timedelta64(int((arrived < COMPLETE).sum()) - 1, "D")).date()
    return Lateness(
        arrived,
        float((1 - arrived).sum()),
        lagged - steady - penalty,
        lagged - step,
        float(counts[usual].mean()),
        since,
        value,
    )


def _begun(first: int, size: float, over: int) -> Array:
    """Return the share left, by age, of a fall that began `first` days before the end and took `over` days."""
    age = np.arange(LATE_DAYS)
    return np.asarray(1 - size * np.clip((first - age) / over, 0.0, 1.0))


def _weekday_rates(counts: Array, exposure: Array, usual: npt.NDArray[np.bool_]) -> Array:
    """Return conversions per unit of exposure for every day, by weekday."""
    weekday = np.arange(len(counts)) % 7
    rates = np.zeros(len(counts))
    whole = counts[usual].sum() / exposure[usual].sum()
    for day in range(7):
        of = usual & (weekday == day)
        # A week's worth of the overall rate steadies weekdays with few sales.
        pull = exposure[usual].mean()
        rates[weekday == day] = (counts[of].sum() + whole * pull) / (exposure[of].sum() + pull)
    return rates


def _fit(counts: Array, expected: Array, curves: Sequence[Array], spread: float) -> tuple[float, int]:
    """Return the best quasi-Poisson log likelihood over curves, each with its own level, and which it is."""
    best, which = -np.inf, 0
    for k, curve in enumerate(curves):
        mean = expected * np.maximum(curve, 1e-3)
        # The level may have moved by what demand does in a month (sd 10 %), no more.
        level = (counts.sum() + 100 * spread) / (mean.sum() + 100 * spread)
        mean = np.maximum(mean * level, 1e-9)
        likelihood = float((counts * np.log(mean) - mean).sum()) / spread - 0.5 * (np.log(level) / 0.1) ** 2
        if likelihood > best:
            best, which = likelihood, k
    return best, which
