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
from roas.volatility.online.onsets import WEEKS, onset_evidence
from roas.volatility.series import RoasSeries

#: Known weeks before a channel is watched: its noise must be known to about a quarter.
WARM_UP: Final = 10
#: Cap on log evidence, against overflow: far beyond any alarm.
LARGEST_LOG: Final = 100.0
#: Chance of any alarm in a watched year in which nothing changes.
ALPHA: Final = 0.10
#: Other channels known from the start, from which shared demand can be told.
FEWEST_OTHERS: Final = 4
#: Share of the reference added before the log, which tames weeks with next to no sales. With roots
#: instead, a strong season bends and looks like a change (`benchmarks/volatility/weekly_looks.py`).
STARTED: Final = 0.1
#: Coefficient of variation of the first weeks beyond which roots are taken after all: below about 20 sales
#: a week logs lean to the left, and one account in five at 1 or 3 sales a day raised a false alarm.
SCATTERED: Final = 0.25


@dataclass(frozen=True)
class Alarm:
    """A change noticed, of revenue per spend or of sales per spend.

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
    own: list[Array] = field(init=False)
    others: list[Array] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.own = logs_of(self.series)
        self.first = self._first_look(0)

    @property
    def end(self) -> int:
        """First week of the calendar after this channel's last."""
        return self.offset + len(self.series.dates)

    def on_calendar(self) -> Array:
        """Return the log of sales, or else revenue, per spend on the account's weeks; NaN elsewhere."""
        out = np.full(self.total, np.nan)
        out[self.offset : self.end] = self.own[-1]
        return out

    def _first_look(self, start: int) -> int:
        """Return the first week, on the calendar, that may start a new level."""
        warm = np.flatnonzero(np.cumsum(self.series.usable[start:]) >= WARM_UP)
        return self.offset + start + (int(warm[0]) + 1 if len(warm) else len(self.series.dates) - start)

    def restart(self, start: int) -> None:
        """Weigh all onsets from `start` (own weeks) on, with a baseline that begins there."""
        self.start = start
        self.first = self._first_look(start)
        self.ratios = np.zeros((self.total, self.total))
        if self.first >= self.end:
            return
        seen = self.series.usable[start:]
        onsets = np.arange(self.first - self.offset - start, len(seen))
        known = seen[: onsets[0]]
        spend = np.where(seen, self.series.spend[start:], 1.0)
        # Reference spend comes from the weeks before the first look, never from later ones.
        variance = np.clip(float(spend[: onsets[0]][known].mean()) / spend, 0.01, 100.0)
        # Each way to read the channel is an e-process; so is their mean, whatever binds them.
        read = [_read(values[start:], variance, onsets) for values in self.own]
        combined = _mean_exp(read)
        common = self._common()
        if np.isfinite(common[self.offset + start : self.first]).sum() >= WARM_UP:
            common = common[self.offset + start : self.end]
            less = _read(self.own[-1][start:] - common, variance, onsets)
            combined = _mean_exp([combined, less])
        self.ratios[self.offset + start : self.end, self.first : self.end] = combined
        self.ratios[self.end :, self.first : self.end] = combined[-1]

    def _common(self) -> Array:
        """Return what most other channels do, NaN where fewer than `FEWEST_OTHERS` are known.

        The median, so that a change of one channel is not taken for a change of the others.
        """
        if len(self.others) < FEWEST_OTHERS:
            return np.full(self.total, np.nan)
        values = np.array(self.others)
        enough = np.isfinite(values).sum(axis=0) >= FEWEST_OTHERS
        out = np.full(self.total, np.nan)
        out[enough] = np.nanmedian(values[:, enough], axis=0)
        return out


def _read(values: Array, variance: Array, onsets: np.ndarray[tuple[int], np.dtype[np.int64]]) -> Array:
    """Return the log evidence of one reading of a channel, NaN in gaps, per week and onset."""
    seen = np.isfinite(values)
    if not seen[: onsets[0]].any():
        return np.zeros((len(values), len(onsets)))
    return onset_evidence(np.where(seen, values, 0.0), variance, seen, onsets).log_ratio


def _mean_exp(logs: list[Array]) -> Array:
    """Return the log of the mean of exponentials, element by element."""
    return np.asarray(np.logaddexp.reduce(logs, axis=0) - np.log(len(logs)))


def logs_of(series: RoasSeries) -> list[Array]:
    """Return what is watched of a channel: log revenue per spend and, where counted, log sales per spend.

    Parameters
    ----------
    series : RoasSeries
        By week.

    Returns
    -------
    list of array, shape (n_weeks,)
        ``log(x / reference + STARTED)``, or ``2·sqrt(x / reference)`` with few sales, with the mean of the first `WARM_UP`
        known weeks as reference; NaN in gaps. Sales, being free of the luck of
        baskets, have a variance of 1/N and not (1 + c²)/N.
    """
    out: list[Array] = []
    for measure in (series.revenue, series.conversions):
        if measure is None:
            continue
        seen = series.usable & np.isfinite(measure)
        rate = np.where(seen, np.maximum(measure, 0.0), np.nan) / np.where(seen, series.spend, 1.0)
        first = rate[seen][:WARM_UP]
        # Sales that are never counted while the channel warms up tell nothing; revenue is always watched.
        if not out or (len(first) and first.sum() > 0):
            reference = float(first.mean()) if len(first) else 1.0
            relative = rate / (reference or 1.0)
            few = not len(first) or float(first.std()) > SCATTERED * reference
            out.append(2 * np.sqrt(relative) if few else np.log(relative + STARTED))
    return out


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
    from that week on (:mod:`roas.volatility.online.onsets`), each of the year's 52 weeks
    with the weight 1/52. A channel is read up to three ways, with half the weight on
    the last where there is one: revenue per spend and sales per spend (equal
    weights), and sales (or else revenue) per spend against the median of the
    other channels. Each reading's evidence has mean 1 without a change, hence
    their mean too; a change that all channels share shows in the first two,
    a change of baskets in the first. The account's evidence is the mean over channels:
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
    watched.sort(key=lambda channel: channel.offset)  # so that those yet to come are last
    _introduce(watched)
    start = min(each.first for each in watched)
    e_values, alarms = np.ones(total), []
    for week in range(start, total):
        year = start + (week - start) // WEEKS * WEEKS
        # A channel yet to come counts for nothing, or its coming would change past verdicts.
        each_e = np.array([_evidence(channel, week, year) for channel in watched if channel.offset <= week])
        # Rounded, so that weeks yet to come cannot move the last digit of a sum.
        e_values[week] = float(f"{each_e.mean():.{DIGITS}g}")
        if e_values[week] >= 1 / alpha:
            named = int(np.argmax(each_e))
            alarms.append(_alarm(watched[named], week, year, weeks, float(f"{each_e[named]:.{DIGITS}g}")))
            since = int((alarms[-1].since - first).astype(int)) // 7
            watched[named].restart(since - watched[named].offset)
    return Watch(tuple(alarms), weeks, e_values, start < total, alpha)


def _introduce(channels: list[_Channel]) -> None:
    """Tell each channel the others that were known when its own watch began, and begin it."""
    levels = [each.on_calendar() for each in channels]
    for one in channels:
        one.others = [
            level for each, level in zip(channels, levels, strict=True) if each is not one and each.first <= one.first
        ]
    for one in channels:
        one.restart(0)


def _evidence(channel: _Channel, week: int, year: int) -> float:
    """Return a channel's e-value of the watched year at a week."""
    low = max(year, channel.first)
    if week < low:
        return 1.0
    ratios = np.exp(np.minimum(channel.ratios[week, low : week + 1], LARGEST_LOG))
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
