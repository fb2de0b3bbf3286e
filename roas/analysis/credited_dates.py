"""Which dates journeys, spend and estimates share, and the journeys of those dates."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from roas.attribution.paths import Decay, Paths
from roas.attribution.sums import summed
from roas.attribution.touches.grouping import Sequences, alike
from roas.attribution.weeks import part
from roas.format import count
from roas.language import say

if TYPE_CHECKING:
    import numpy.typing as npt

    from roas.attribution.results import Journeys

    Floats = npt.NDArray[np.float64]
    Dates = npt.NDArray[np.datetime64]

#: Days that journeys and spend must share before their figures are divided by
#: one another: below two weeks the journeys under way at either end, which
#: began or will end outside, are too large a part of all.
FEWEST_SHARED_DAYS: Final = 14

_EPOCH: Final = dt.date(1970, 1, 1)
_WEEK: Final = dt.timedelta(days=6)


@dataclass(frozen=True)
class Shared:
    """The dates over which money is compared.

    Attributes
    ----------
    start, end : date
        Both included; of spend, claims and what was caused.
    same : bool or None
        Whether the journeys are of these dates too; None where they carry no dates.
    first, last : date or None
        Of the journeys as read: from the week in which the first one ended.
    whole : bool
        Whether all journeys are counted.
    """

    start: dt.date
    end: dt.date
    same: bool | None
    first: dt.date | None = None
    last: dt.date | None = None
    whole: bool = True

    @property
    def days(self) -> int:
        """Days between the two, both counted."""
        return (self.end - self.start).days + 1

    def covers(self, dates: Dates, days: int) -> Floats:
        """Return the share of each period that lies inside.

        Parameters
        ----------
        dates : array of datetime64[D]
            First day of each period.
        days : int
            Days of a period.
        """
        begin = dates.astype("datetime64[D]").astype(np.int64)
        low, high = ((day - _EPOCH).days for day in (self.start, self.end))
        inside = np.minimum(begin + days - 1, high) - np.maximum(begin, low) + 1
        share: Floats = np.clip(inside, 0, days) / days
        return share


def share_dates(journeys: Journeys, low: dt.date, high: dt.date) -> tuple[Journeys, Shared]:
    """Find the dates that both sides cover, and keep the journeys that ended in them.

    Parameters
    ----------
    journeys : Journeys
        With weeks kept apart, where times are known.
    low, high : date
        First and last day of spend (and of the estimates, where there are any).

    Returns
    -------
    Journeys, Shared
        Journeys without weeks. A week of journeys counts when spend covers
        all of it, or all of its part that the journeys cover themselves.

    Notes
    -----
    Journeys begin with the week in which the first one ended, not with the
    first touch: an export of one month's conversions with the touches before
    them credits no sale of those earlier months.
    """
    paths = journeys.paths
    if paths.periods is None or journeys.start is None or journeys.end is None:
        return journeys, Shared(low, high, None)
    if not len(paths.periods):
        return replace(journeys, paths=replace(paths, periods=None)), Shared(low, high, False)
    mondays = [_EPOCH + dt.timedelta(days=int(day)) for day in np.unique(paths.periods)]
    first, last = max(journeys.start, mondays[0]), min(journeys.end, mondays[-1] + _WEEK)
    kept = [m for m in mondays if max(m, first) >= low and min(m + _WEEK, last) <= high]
    span = (max(kept[0], first), min(kept[-1] + _WEEK, last)) if kept else None
    if span is None or (span[1] - span[0]).days + 1 < FEWEST_SHARED_DAYS:
        return replace(journeys, paths=without_weeks(paths)), Shared(low, high, False, first, last)
    if len(kept) == len(mondays):
        return replace(journeys, paths=without_weeks(paths)), Shared(*span, True, first, last)
    return _cut(journeys, kept, span), Shared(*span, True, first, last, whole=False)


def _cut(journeys: Journeys, kept: list[dt.date], span: tuple[dt.date, dt.date]) -> Journeys:
    """Return the journeys that ended in these weeks."""
    paths = journeys.paths
    assert paths.periods is not None
    inside = np.isin(paths.periods, [(monday - _EPOCH).days for monday in kept])
    some, every = paths.journeys[inside].sum(), paths.journeys.sum()
    note = say(
        "{part} of {whole} journeys ended outside {start} to {end}, the weeks that spend covers too, and are left out "
        "here. Conversions without a touch and expired touches are known of the whole file only",
        part=count(round(float(every - some))), whole=count(round(float(every))), start=span[0], end=span[1],
    )  # fmt: skip
    return replace(
        journeys,
        paths=without_weeks(_part(paths, inside)),
        days_to_convert=None,
        start=span[0],
        end=span[1],
        notes=(*journeys.notes, note),
    )


def _part(paths: Paths, inside: npt.NDArray[np.bool_]) -> Paths:
    """Return some of the paths; the squares of the decay in proportion.

    The sum of squared shares is known of each channel's whole only. That of a
    part is taken in proportion to the shares: it serves the interval of the
    time decay alone.
    """
    cut = part(paths, inside)
    if paths.decay is None or cut.decay is None:
        return cut
    names = len(paths.channels)
    own, whole = (
        summed(p.codes.astype(np.int64), d.conversions, names) for p, d in ((cut, cut.decay), (paths, paths.decay))
    )
    share = np.divide(own, whole, out=np.zeros(names), where=whole > 0)
    return replace(cut, decay=replace(cut.decay, squares=paths.decay.squares * share))


def without_weeks(paths: Paths) -> Paths:
    """Add equal paths of different weeks up, and leave out channels that no path holds.

    Sums and the order of paths are those of a reading that never kept weeks
    apart: figures of journeys lie on a grid on which sums are exact.
    """
    if not len(paths.conversions):
        return replace(paths, periods=None)
    first, group, kept, target = alike(Sequences(paths.codes, paths.starts, paths.owner))
    used, codes = np.unique(kept.codes, return_inverse=True)
    squares, decay = paths.value_squares, paths.decay
    return Paths(
        tuple(paths.channels[code] for code in used),
        codes.astype(np.int32),
        kept.starts,
        summed(group, paths.conversions, len(first)),
        summed(group, paths.nulls, len(first)),
        summed(group, paths.value, len(first)),
        None if squares is None else summed(group, squares, len(first)),
        decay
        and Decay(
            summed(target, decay.conversions, len(codes)),
            summed(target, decay.value, len(codes)),
            decay.squares[used],
        ),
        bucket=paths.bucket,
    )
