"""Weekly looks that may be taken for years: an alarm when a channel's ROAS has changed.

Every verdict on a week rests on that week and what came before, so a rerun next
Monday repeats all past verdicts. On an account in which nothing changes, the
chance of any alarm in a watched year is at most `alpha`, however many channels
are looked at every week.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from roas.quantiles import DIGITS
from roas.volatility._arrays import Array, Days
from roas.volatility.onsets import WEEKS, onset_evidence
from roas.volatility.series import RoasSeries

#: Known weeks before a channel is watched: its noise must be known to about a quarter.
WARM_UP: Final = 10
#: Chance of any alarm in a watched year in which nothing changes.
ALPHA: Final = 0.10


@dataclass(frozen=True)
class Alarm:
    """A change noticed.

    Attributes
    ----------
    channel : str
    week : datetime64
        Monday of the week with which it was noticed.
    since : datetime64
        Monday from which the level most likely differs.
    before, after : float
        Sum of revenue over sum of spend: before `since`, back to the last
        change noticed; from `since` to `week`.
    e_value : float
        Evidence for a change in this channel: 1 for none; of 20 channels
        without a change, one reaches 200 with a chance of at most a tenth.
    """

    channel: str
    week: np.datetime64
    since: np.datetime64
    before: float
    after: float
    e_value: float


@dataclass(frozen=True)
class Watch:
    """What weekly looks would have said, and say now.

    Attributes
    ----------
    alarms : tuple of Alarm
        In the order noticed.
    weeks : array, shape (n_weeks,)
        Mondays; the last may be the newest mature week.
    e_values : array, shape (n_weeks,)
        Evidence against "nothing changed this watched year", of the account:
        the mean over channels. Alarm at 1 / alpha.
    judged : bool
        False where no channel has been known for `WARM_UP` weeks: then silence says nothing.
    alpha : float
    """

    alarms: tuple[Alarm, ...]
    weeks: Days
    e_values: Array
    judged: bool
    alpha: float = ALPHA


@dataclass
class _Channel:
    """One channel's weeks on the account's calendar, and the evidence since its last alarm."""

    series: RoasSeries
    offset: int
    total: int
    start: int = 0
    first: int = field(init=False)
    ratios: Array = field(init=False)

    def __post_init__(self) -> None:
        self.restart(0)

    @property
    def end(self) -> int:
        """First week of the calendar after this channel's last."""
        return self.offset + len(self.series.dates)

    def restart(self, start: int) -> None:
        """Weigh all onsets from `start` (own weeks) on, with a baseline that begins there."""
        self.start = start
        usable = self.series.usable[start:]
        spend = np.where(usable, self.series.spend[start:], 1.0)
        revenue = np.where(usable, np.maximum(np.nan_to_num(self.series.revenue[start:]), 0.0), 0.0)
        warm = np.flatnonzero(np.cumsum(usable) >= WARM_UP)
        first = int(warm[0]) + 1 if len(warm) else len(usable)
        self.first = self.offset + start + first
        onsets = np.arange(first, len(usable))
        self.ratios = np.zeros((self.total, self.total))
        if not len(onsets):
            return
        known = usable[:first]
        root = np.sqrt(revenue / spend)
        # Scale and reference spend come from the weeks before the first look, never from later ones.
        scale = float(np.sqrt((root[:first][known] ** 2).mean())) or 1.0
        variance = np.clip(float(spend[:first][known].mean()) / spend, 0.01, 100.0)
        found = onset_evidence(root / scale, variance, usable, onsets)
        rows = slice(self.offset + start, self.end)
        self.ratios[rows, self.first : self.end] = found.log_ratio
        self.ratios[self.end :, self.first : self.end] = found.log_ratio[-1]


def watch(series: RoasSeries, *, alpha: float = ALPHA) -> Watch:
    """Look at one channel every week.

    Parameters
    ----------
    series : RoasSeries
        Days are added up to complete weeks; immature weeks are left out.
    alpha : float
        Chance of a false alarm in a watched year.

    Returns
    -------
    Watch
    """
    return watch_account([series], alpha=alpha)


def watch_account(channels: Sequence[RoasSeries], *, alpha: float = ALPHA) -> Watch:
    """Look at all channels of an account every week.

    Parameters
    ----------
    channels : sequence of RoasSeries
    alpha : float
        Chance of any false alarm in a watched year, all channels together.

    Returns
    -------
    Watch

    Notes
    -----
    Per channel, the mean over possible onsets of the evidence for a shift
    from that week on (:mod:`roas.volatility.onsets`), each of the year's 52 weeks
    with the weight 1/52. The account's evidence is the mean over channels:
    of mean 1 without a change, whatever binds the channels to each other.
    An alarm names the channel with most evidence; that channel starts afresh
    from the week its level changed. A watched year begins when the first
    channel has been known for `WARM_UP` weeks, and every 52 weeks after.
    """
    weekly = [each.until_mature().weeks for each in channels]
    weekly = [each for each in weekly if len(each.dates)]
    if not weekly:
        return Watch((), np.array([], dtype="datetime64[D]"), np.array([]), False, alpha)
    first = min(each.dates[0] for each in weekly).astype("datetime64[D]")
    last = max(each.dates[-1] for each in weekly).astype("datetime64[D]")
    total = int((last - first).astype(int)) // 7 + 1
    weeks = first + 7 * np.arange(total)
    watched = [_Channel(each, int((each.dates[0] - first).astype(int)) // 7, total) for each in weekly]
    start = min(each.first for each in watched)
    e_values, alarms = np.ones(total), []
    for week in range(start, total):
        year = start + (week - start) // WEEKS * WEEKS
        each_e = np.array([_evidence(channel, week, year) for channel in watched])
        # Rounded, so that weeks yet to come cannot move the last digit of a sum.
        e_values[week] = float(f"{each_e.mean():.{DIGITS}g}")
        if e_values[week] >= 1 / alpha:
            named = int(np.argmax(each_e))
            alarms.append(_alarm(watched[named], week, year, weeks, float(f"{each_e[named]:.{DIGITS}g}")))
            since = int((alarms[-1].since - first).astype(int)) // 7
            watched[named].restart(since - watched[named].offset)
    return Watch(tuple(alarms), weeks, e_values, start < total, alpha)


def _evidence(channel: _Channel, week: int, year: int) -> float:
    """Return a channel's e-value of the watched year at a week."""
    low = max(year, channel.first)
    if week < low:
        return 1.0
    ratios = np.exp(np.minimum(channel.ratios[week, low : week + 1], 100.0))
    return float(1 + (ratios - 1).sum() / WEEKS)


def _alarm(channel: _Channel, week: int, year: int, weeks: Days, e_value: float) -> Alarm:
    low = max(year, channel.first)
    since = low + int(np.argmax(channel.ratios[week, low : week + 1]))
    at, end = since - channel.offset, min(week + 1, channel.end) - channel.offset
    series = channel.series
    before = _pooled(series, channel.start, at)
    return Alarm(series.name, weeks[week], weeks[since], before, _pooled(series, at, end), e_value)


def _pooled(series: RoasSeries, low: int, high: int) -> float:
    usable = series.usable[low:high]
    spend = float(series.spend[low:high][usable].sum())
    return float(series.revenue[low:high][usable].sum()) / spend if spend > 0 else float("nan")
