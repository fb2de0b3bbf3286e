"""Since when: dates at which the level, the slope or the variance of a series changed."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from roas.volatility._arrays import Array
from roas.volatility.breaks.cleaning import without_cycle, without_spikes
from roas.volatility.breaks.dating import Dated, date_breaks, describe
from roas.volatility.breaks.found import Break, Breaks
from roas.volatility.breaks.local import changes, together
from roas.volatility.breaks.prepared import prepare
from roas.volatility.breaks.selection import Description, Search
from roas.volatility.breaks.squares import Shift, variance_shifts
from roas.volatility.series import RoasSeries

#: Fewest known periods in which a break is looked for: two segments of the least length and
#: as many again to know the noise.
PERIODS_NEEDED: Final = 12
#: Longest series searched period by period; longer ones are grouped first.
LONGEST: Final = 1100
#: Share of days without revenue above which days are too thin, and weeks are searched; of periods
#: with revenue but no counted sale, above which counts are not used.
THIN_DAYS: Final = 0.1
#: Weeks under which a departure that is taken back is an episode (a promotion), not a regime.
EPISODE_WEEKS: Final = 2
#: Share of an episode's departure that may remain after it.
EPISODE_REST: Final = 0.5
#: Periods of a year by grain.
YEAR: Final = {"day": 365.25, "week": 52.18}


def find_breaks(
    values: npt.ArrayLike, *, weights: npt.ArrayLike | None = None, season: int | None = None, year: float | None = None
) -> Breaks:
    """Find the dates at which a series changed its level, slope or variance.

    Parameters
    ----------
    values : array, shape (n,)
        Any unit; NaN in gaps.
    weights : array, shape (n,), or None
        Precision of each period, relative, such as spend: the forgotten part of
        the noise has variance proportional to 1 / weight. 0 makes a gap.
    season : int or None
        Cycle to take out, in periods; 1 for none; None to look for one.
    year : float or None
        Periods of a year, if a yearly wave is to compete with breaks.

    Returns
    -------
    Breaks

    Notes
    -----
    Descriptions (levels; levels on a drift; a line with kinks; broken lines;
    each with any number of breaks from exact dynamic programming) compete by
    posterior score: log Bayes factor under noise with memory, averaged over
    memories, plus log(rate / n) for every searched date. A series that only
    wanders is described by its memory, not by a staircase; one that wanders in
    jumps, by the tails of its noise.

    Examples
    --------
    >>> import numpy as np
    >>> noise = np.random.default_rng(0).normal(size=100)
    >>> found = find_breaks(noise + 3 * (np.arange(100) >= 60)).levels
    >>> [each.index for each in found]
    [60]
    """
    raw = np.asarray(values, dtype=np.float64).ravel()
    precision = np.ones(len(raw)) if weights is None else np.asarray(weights, dtype=np.float64).ravel()
    known = np.isfinite(raw) & np.isfinite(precision) & (precision > 0)
    size = -(-len(raw) // LONGEST) if len(raw) else 1
    if size > 1:
        return _grouped(raw, np.where(known, precision, 0.0), known, season, year, size)
    return _find(raw, np.where(known, precision, 0.0), known, season, year, wild=True)


def roas_breaks(series: RoasSeries) -> Breaks:
    """Find the dates at which the ROAS of a channel or account changed.

    Parameters
    ----------
    series : RoasSeries
        Immature periods are left out; periods without spend are gaps.

    Returns
    -------
    Breaks
        Indexes and dates of `series`; levels as sum of revenue / sum of spend.

    Notes
    -----
    :func:`find_breaks` on square roots, on which counting noise is the same at
    every level. Where sales are counted, on sales per spend, weighted by spend,
    and on revenue per sale, weighted by sales: ROAS is their product, and the
    luck of baskets, more than half of its noise, hides nothing of the first.
    What either finds stays if ROAS moved with it. Else on ROAS, weighted by
    spend. Days of which more than a tenth bring no revenue are searched by week.
    """
    mature = series.until_mature()
    usable = mature.usable
    if mature.grain == "day" and usable.any() and float((mature.revenue[usable] <= 0).mean()) > THIN_DAYS:
        weekly = mature.weeks
        found = roas_breaks(weekly)
        offset = int(np.searchsorted(mature.dates, weekly.dates[0])) if len(weekly.dates) else 0
        return replace(found, found=tuple(_shifted(each, offset, 7) for each in found.found))
    spend = np.where(usable, mature.spend, 0.0)
    revenue = np.where(usable, np.maximum(np.nan_to_num(mature.revenue), 0.0), 0.0)
    sales = _sales(mature, usable)
    weeks = mature.periods_per_week
    if sales is None:
        breaks = _of_ratio(revenue, spend, mature.grain, weeks)
        return changes(breaks, {"roas": (revenue, spend)}, revenue, spend, mature.dates, weeks)
    counted = _of_ratio(sales, spend, mature.grain, weeks, "conversions")
    baskets = _of_ratio(revenue, sales, mature.grain, weeks, "basket")
    levels = together(counted.levels, baskets.levels, weeks)
    noise = _of_ratio(revenue, spend, mature.grain, weeks, given=replace(counted, found=levels))
    ratios = {"roas": (revenue, spend), "conversions": (sales, spend), "basket": (revenue, sales)}
    return changes(noise, ratios, revenue, spend, mature.dates, weeks)


def _sales(series: RoasSeries, usable: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> Array | None:
    """Return sales by period, 0 in gaps; None where too many periods have revenue but no count."""
    if series.conversions is None:
        return None
    sales = np.where(usable & np.isfinite(series.conversions), np.maximum(series.conversions, 0.0), 0.0)
    paid = usable & (series.revenue > 0)
    return sales if paid.any() and float((sales[paid] <= 0).mean()) <= THIN_DAYS else None


def _of_ratio(
    top: Array,
    bottom: Array,
    grain: str,
    weeks: int,
    moved: Literal["roas", "conversions", "basket"] = "roas",
    given: Breaks | None = None,
) -> Breaks:
    """Search the square root of a ratio of sums, weighted by what is below."""
    known = bottom > 0
    with np.errstate(divide="ignore", invalid="ignore"):
        root = np.where(known, np.sqrt(top / np.where(known, bottom, 1.0)), np.nan)
    season = None if grain == "day" else 1
    found = _find(root, bottom, known, season, YEAR[grain], EPISODE_WEEKS * weeks, given)
    return replace(found, found=tuple(replace(each, moved=moved) if given is None else each for each in found.found))


def _find(
    values: Array,
    precision: Array,
    known: np.ndarray[tuple[int], np.dtype[np.bool_]],
    season: int | None,
    year: float | None,
    episode: int = 0,
    given: Breaks | None = None,
    *,
    wild: bool = False,
) -> Breaks:
    """Search; with `given` levels, only the noise around them."""
    n = int(known.sum())
    if n < PERIODS_NEEDED:
        return Breaks((), n, judged=False)
    series, length, scale = prepare(np.where(known, values, np.nan), precision, season, year)
    if not scale > 0:
        return Breaks((), n, season=length)
    search = Search(series, wild)
    if given is not None:
        return _noise(search, given, length)
    description, dated = describe(search)
    shifts = variance_shifts(search.errors(description)[0])
    if shifts and dated:
        # Louder noise wanders further: levels are judged again, each period by its own sd.
        search = Search(replace(series, spread=_spreads(shifts, series.seen)), wild)
        description, dated = describe(search)
    description, dated = _without_episodes(search, description, dated, values, precision, episode)
    edges = [0, *description.dates, len(values)]
    levels = [_mean(values[low:high], precision[low:high]) for low, high in itertools.pairwise(edges)]
    shape: Literal["step", "slope"] = "step" if description.step else "slope"
    found = [
        Break(each.at, None, "level", shape, levels[i], levels[i + 1], _chance(each.log_odds), each.first, each.last)
        for i, each in enumerate(dated)
    ]
    if description.step:
        steps = search.steps(description)
        found = [replace(each, step=float(scale * step)) for each, step in zip(found, steps, strict=True)]
    ratio = search.errors(description)[1]
    found += [_of_variance(each, np.flatnonzero(series.seen)) for each in shifts]
    found.sort(key=lambda each: each.index)
    return Breaks(tuple(found), n, True, length, description.trend, description.yearly, ratio)


def _noise(search: Search, given: Breaks, length: int) -> Breaks:
    """Describe the noise of a series whose levels are known from elsewhere."""
    dates = tuple(each.index for each in given.levels)
    errors, ratio = search.errors(Description(dates, trend=given.trend, yearly=given.yearly))
    places = np.flatnonzero(search.series.seen)
    shifts = [_of_variance(each, places) for each in variance_shifts(errors)]
    found = sorted([*given.levels, *shifts], key=lambda each: each.index)
    return replace(given, found=tuple(found), season=length, long_run_ratio=ratio)


#: Logistic regression of "a true step was there" on stated log odds, in 2,500 accounts of `calibration` in
#: `benchmarks/volatility/breaks.py` (1,067 breaks): log odds of the best of many descriptions are too large.
CALIBRATION: Final = (-0.63, 0.49)


def _without_episodes(
    search: Search, description: Description, dated: list[Dated], values: Array, precision: Array, longest: int
) -> tuple[Description, list[Dated]]:
    """Drop pairs of dates between which the level left and came back soon."""
    dates = list(description.dates)
    edges = [0, *dates, len(values)]
    for i in range(len(dates) - 1):
        if dates[i + 1] - dates[i] >= longest or not description.step:
            continue
        parts = [slice(edges[i + j], edges[i + j + 1]) for j in range(3)]
        before, during, after = (_mean(values[part], precision[part]) for part in parts)
        departure = min(abs(during - before), abs(during - after))
        if abs(after - before) < EPISODE_REST * departure:
            rest = replace(description, dates=tuple(dates[:i] + dates[i + 2 :]))
            return _without_episodes(search, *date_breaks(search, rest), values, precision, longest)
    return description, dated


def _spreads(shifts: list[Shift], seen: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> Array:
    """Return the relative sd of each period, from changes of variance among the seen ones."""
    place = np.maximum(np.cumsum(seen) - 1, 0)
    sds = np.array([shifts[0].before, *(each.after for each in shifts)])
    return np.asarray(sds[np.searchsorted([each.at for each in shifts], place, side="right")])


def _of_variance(shift: Shift, places: npt.NDArray[np.int64]) -> Break:
    at, first, last = (int(places[i]) for i in (shift.at, shift.first, shift.last))
    return Break(at, None, "variance", "step", shift.before, shift.after, shift.probability, first, last)


def _grouped(
    values: Array,
    precision: Array,
    known: np.ndarray[tuple[int], np.dtype[np.bool_]],
    season: int | None,
    year: float | None,
    size: int,
) -> Breaks:
    """Search means of `size` periods; the cycle is taken out period by period first."""
    cleaned, length = without_cycle(np.where(known, values, np.nan), season)
    cleaned = np.where(known, without_spikes(cleaned), 0.0)
    starts = np.arange(0, len(values), size)
    weight = np.add.reduceat(precision, starts)
    total = np.add.reduceat(precision * cleaned, starts)
    means = np.where(weight > 0, total / np.where(weight > 0, weight, 1.0), np.nan)
    found = _find(means, weight, weight > 0, 1, None if year is None else year / size, wild=True)
    moved = tuple(_shifted(each, 0, size) for each in found.found)
    return replace(found, found=moved, season=length, n=int(known.sum()))


def _shifted(each: Break, offset: int, size: int) -> Break:
    """Translate the periods of a grouped series."""
    at, first, last = (offset + size * i for i in (each.index, each.first, each.last))
    return replace(each, index=at, first=first, last=last + size - 1)


def _mean(values: Array, precision: Array) -> float:
    total = float(precision.sum())
    return float((np.nan_to_num(values) * precision).sum() / total) if total > 0 else float("nan")


def _chance(log_odds: float) -> float:
    """Return a probability that comes true: evidence of a searched, best description, tempered."""
    logit = CALIBRATION[0] + CALIBRATION[1] * log_odds
    return float(np.exp(logit - np.logaddexp(0.0, logit)))
