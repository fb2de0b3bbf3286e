"""Credit week by week: each week's journeys alone, thin weeks and channels folded."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from roas.attribution.sums import summed
from roas.attribution.suppress import too_small
from roas.charts.attribution.states import OTHER

if TYPE_CHECKING:
    import numpy.typing as npt

    from roas.attribution.paths import Paths
    from roas.attribution.results import Credit
    from roas.attribution.suppress import Floats

_EPOCH: Final = dt.date(1970, 1, 1)


@dataclass(frozen=True)
class Weeks:
    """Credit of each ISO week in which journeys ended.

    Attributes
    ----------
    mondays : tuple of date
    journeys : array (weeks, channels)
        Journeys of the week that hold the channel.
    totals : array (weeks,)
        Journeys of the week.
    conversions, value : mapping of model to array (weeks, channels)
    """

    mondays: tuple[dt.date, ...]
    journeys: Floats
    totals: Floats
    conversions: Mapping[str, Floats]
    value: Mapping[str, Floats]


@dataclass(frozen=True)
class WeekRow:
    """Credit of one channel in one week under one model; ``(other)`` for the folded ones.

    ``complete`` tells that the data cover all seven days.
    """

    week: dt.date
    model: str
    channel: str
    conversions: float
    value: float
    complete: bool = True


def by_week(paths: Paths, share: Callable[[Paths], Mapping[str, Credit]]) -> Weeks | None:
    """Share out each week's conversions by that week's journeys alone.

    Parameters
    ----------
    paths : Paths
        With periods; None comes back without them.
    share : callable
        Paths of one week → credit by model.
    """
    if paths.periods is None:
        return None
    found, place = np.unique(paths.periods, return_inverse=True)
    credits = [share(part(paths, place == week)) for week in range(len(found))]
    names = list(credits[0]) if credits else []
    return Weeks(
        tuple(_EPOCH + dt.timedelta(days=int(day)) for day in found),
        _with_channel(paths, place, len(found)),
        summed(place, paths.journeys, len(found)),
        {name: np.array([each[name].conversions for each in credits]) for name in names},
        {name: np.array([each[name].value for each in credits]) for name in names},
    )


def _with_channel(paths: Paths, place: npt.NDArray[np.int64], weeks: int) -> Floats:
    """Count the journeys of each week that hold each channel."""
    channels = len(paths.channels)
    held = np.unique(paths.owner * channels + paths.codes)
    path, channel = held // channels, held % channels
    counts = summed(place[path] * channels + channel, paths.journeys[path], weeks * channels)
    return counts.reshape(weeks, channels)


def part(paths: Paths, chosen: npt.NDArray[np.bool_]) -> Paths:
    """Return some of the paths, with every channel's code as it was."""
    touches = chosen[paths.owner]
    decay = paths.decay
    return replace(
        paths,
        codes=paths.codes[touches],
        starts=np.concatenate([[0], np.cumsum(paths.lengths[chosen])]).astype(np.int64),
        conversions=paths.conversions[chosen],
        nulls=paths.nulls[chosen],
        value=paths.value[chosen],
        value_squares=None if paths.value_squares is None else paths.value_squares[chosen],
        # the squares are of all journeys and serve intervals alone, which weeks do not have
        decay=decay and replace(decay, conversions=decay.conversions[touches], value=decay.value[touches]),
        periods=None,
    )


def week_rows(
    weeks: Weeks, paths: Paths, *, fewest: int, start: dt.date | None = None, end: dt.date | None = None
) -> tuple[list[WeekRow], int, int]:
    """Return weeks as rows, oldest first.

    Parameters
    ----------
    paths : Paths
        Of all weeks, with periods.
    fewest : int
        Journeys that a week, a channel in it, and the channels folded in it stand for.
    start, end : date or None
        First and last day of the data; None bounds nothing.

    Returns
    -------
    list of WeekRow, int, int
        Rows by week, model and channel; weeks of fewer than `fewest`
        journeys, which are left out; channels folded into ``(other)`` in the
        other weeks.
    """
    thin = too_small(weeks.totals, fewest)
    small = _folded(weeks, paths, fewest)
    channels, rows = paths.channels, []
    for w in np.flatnonzero(~thin):
        monday = weeks.mondays[w]
        complete = (start is None or start <= monday) and (end is None or monday + dt.timedelta(days=6) <= end)
        shown = np.flatnonzero(~small[w] & (weeks.journeys[w] > 0))
        for model, conversions in weeks.conversions.items():
            value = weeks.value[model]
            rows += [
                WeekRow(monday, model, channels[c], float(conversions[w, c]), float(value[w, c]), complete)
                for c in shown
            ]
            if small[w].any():
                won, worth = (float(x[w, small[w]].sum()) for x in (conversions, value))
                rows.append(WeekRow(monday, model, OTHER, won, worth, complete))
    return rows, int(thin.sum()), int(small[~thin].sum())


def _folded(weeks: Weeks, paths: Paths, fewest: int) -> npt.NDArray[np.bool_]:
    """Return the channels that are not listed in each week: the small ones, and one more where those are too few."""
    small = too_small(weeks.journeys, fewest)
    if not small.any():
        return small
    owner = paths.owner
    place = np.unique(paths.periods, return_inverse=True)[1] if paths.periods is not None else np.zeros(0, np.int64)
    holds = np.unique(owner[small[place[owner], paths.codes]])  # paths with a folded channel; each counts once
    few = too_small(summed(place[holds], paths.journeys[holds], len(small)), fewest)
    listed = np.where(small | (weeks.journeys <= 0), np.inf, weeks.journeys)
    more = np.flatnonzero(few & np.isfinite(listed).any(axis=1))
    small[more, listed[more].argmin(axis=1)] = True
    return small
