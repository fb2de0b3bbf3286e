"""The change of ROAS between two periods, with an interval that holds under autocorrelation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from roas.decompose._arrays import Array
from roas.decompose.longrun import contrast_variance, filters, ordinates_of
from roas.quantiles import Q

#: Confidence of the wider interval and of the test.
CONFIDENCE: Final = 0.95

#: Share of cases in which a change of the detectable size is found.
POWER: Final = 0.8

#: Stretches of history that teach the long-run variance; twelve of 56 days
#: hold more than a year, and older noise says less of today.
MOST_STRETCHES: Final = 12

#: Share of a stretch's periods with spend below which it teaches nothing.
ACTIVE_SHARE: Final = 0.5

#: Why there is no interval, or no change at all.
Cannot = Literal["not_exported", "no_spend", "no_revenue", "too_short", "too_few"]


@dataclass(frozen=True)
class Comparison:
    """ROAS after against ROAS before.

    Attributes
    ----------
    roas_before, roas_after : float or None
        Sum of revenue over sum of spend; None where nothing was spent.
    change : float or None
        ``roas_after / roas_before - 1``.
    interval : Q or None
        90 % interval of `change`, with `change` itself in the middle.
    interval_95 : tuple of float or None
    p_value : float or None
        Two-sided, of no change of the expected ROAS.
    detectable : float or None
        Smallest fall, as a share, found in 80 % of cases by the test at 5 %.
    log_error : float or None
        Standard error of the log ratio.
    freedom : int
        Independent ordinates behind `log_error`: degrees of freedom.
    cannot : str or None
        ``not_exported`` (no channel tells claimed revenue in both periods),
        ``no_spend``, ``no_revenue`` (in one of the periods), ``too_short``
        (no ordinates), ``too_few`` (sales so few that the interval of one
        period's ROAS reaches zero: by Fieller's theorem the ratio is then
        unbounded).
    """

    roas_before: float | None
    roas_after: float | None
    change: float | None = None
    interval: Q | None = None
    interval_95: tuple[float, float] | None = None
    p_value: float | None = None
    detectable: float | None = None
    log_error: float | None = None
    freedom: int = 0
    cannot: Cannot | None = None

    @property
    def points(self) -> Q | None:
        """90 % interval of the change in ROAS points: the logarithmic mean times the log ratio's."""
        if self.interval is None or self.roas_before is None or self.roas_after is None:
            return None
        gap, logs = self.roas_after - self.roas_before, np.log(self.roas_after / self.roas_before)
        per_log = gap / logs if abs(logs) > 1e-9 else self.roas_before
        return Q.at(per_log * np.log1p(self.interval.p5), gap, per_log * np.log1p(self.interval.p95))

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, None for not known."""
        return {
            "roas_before": self.roas_before,
            "roas_after": self.roas_after,
            "change": self.change,
            "interval": self.interval and self.interval.to_dict(),
            "interval_95": list(self.interval_95) if self.interval_95 else None,
            "p_value": self.p_value,
            "detectable": self.detectable,
            "cannot": self.cannot,
        }


class Estimate(NamedTuple):
    """Log ratios of many series on the same days; arrays of shape (n_series,)."""

    log_ratio: Array
    error: Array  # standard error of the log ratio
    largest_cv: Array  # coefficient of variation of the less certain period
    freedom: int


def compare(
    spend: npt.ArrayLike, revenue: npt.ArrayLike, *, before: slice, after: slice, periods_per_week: int = 7
) -> Comparison:
    """Compare ROAS of two periods of one series.

    Parameters
    ----------
    spend, revenue : array, shape (n_periods,)
        Currency per day or week, consecutive. Periods with a NaN are left
        out. Those outside `before` and `after` only teach how much such a
        comparison varies by itself.
    before, after : slice
        Consecutive periods, not overlapping, whole weeks where possible.
    periods_per_week : int
        7 for days, 1 for weeks.

    Returns
    -------
    Comparison
        Without an interval, and saying why, where the data cannot tell.

    Raises
    ------
    ValueError
        If the periods overlap.

    Notes
    -----
    With ``rho_k = sum R / sum S`` of period k, the log ratio has the
    influence ``u[t] = n_k (R[t] - rho_k S[t]) / sum R`` per day, whose mean
    is zero in each period (delta method). Its long-run variance is the mean
    of squared products of u with low-frequency cosines, after levels and
    weekday profile are taken out: two per 28 days, and those of the same
    frequencies in stretches of history twice as long as a period. The
    counting part of a stretch (read off the high frequencies) is scaled by
    its revenue against the period's. The sum is corrected for persistence
    (see `roas.decompose.longrun.PERSISTENCE`). Quantiles are of Student's t
    with one degree of freedom per ordinate: fixed-b critical values.

    References
    ----------
    Lazarus, Lewis, Stock and Watson (2018), HAR inference: recommendations
    for practice. Deng, Knoblich and Lu (2018), Applying the delta method in
    metric analytics. Fieller (1954), Some problems in interval estimation.

    Examples
    --------
    >>> import numpy as np
    >>> rng = np.random.default_rng(1)
    >>> revenue = rng.gamma(20, 10, 56) * np.repeat([1.0, 0.7], 28)
    >>> found = compare(np.full(56, 50.0), revenue, before=slice(0, 28), after=slice(28, 56))
    >>> found.interval.p5 < -0.3 < found.interval.p95
    True
    """
    money = np.asarray(spend, dtype=np.float64), np.asarray(revenue, dtype=np.float64)
    (a, b), (c, d) = (_bounds(part, len(money[0])) for part in (before, after))
    if a < d and c < b:
        raise ValueError(f"the periods {a}:{b} and {c}:{d} overlap")
    known = np.isfinite(money[0]) & np.isfinite(money[1])
    cost, gain = (np.where(known, x, 0.0) for x in money)
    sums = [float(x[part].sum()) for part in (before, after) for x in (cost, gain)]
    low, high = (r / s if s > 0 else None for s, r in (sums[:2], sums[2:]))
    if low is None or high is None:
        return Comparison(low, high, cannot="no_spend")
    if low <= 0 or high <= 0:
        return Comparison(low, high, high / low - 1 if low > 0 else None, cannot="no_revenue")
    found = estimate(cost, gain[None], before=before, after=after, periods_per_week=periods_per_week)
    if found is None:
        return Comparison(low, high, high / low - 1, cannot="too_short")
    return _concluded(low, high, found)


def _concluded(low: float, high: float, found: Estimate) -> Comparison:
    from scipy.special import stdtr, stdtrit

    change, error = high / low - 1, float(found.error[0])
    wide, narrow, power = (float(stdtrit(found.freedom, p)) for p in ((1 + CONFIDENCE) / 2, 0.95, POWER))
    if not wide * found.largest_cv[0] < 1:
        return Comparison(low, high, change, log_error=error, freedom=found.freedom, cannot="too_few")
    logs = float(np.log(high / low))

    def at(z: float) -> float:
        return float(np.expm1(logs + z * error))

    steps = abs(logs) / error if error > 0 else (np.inf if abs(logs) > 1e-12 else 0.0)
    return Comparison(
        low,
        high,
        change,
        Q.at(at(-narrow), change, at(narrow)),
        (at(-wide), at(wide)),
        float(2 * stdtr(found.freedom, -steps)),
        float(-np.expm1(-(wide + power) * error)),
        error,
        found.freedom,
    )


def estimate(
    spend: Array, revenue: Array, *, before: slice, after: slice, periods_per_week: int = 7
) -> Estimate | None:
    """Estimate the log ratio of many series at once.

    Parameters
    ----------
    spend : array, shape (n_periods,)
        Finite; positive in sum in both periods.
    revenue : array, shape (n_series, n_periods)
        Finite; positive in sum in both periods.

    Returns
    -------
    Estimate or None
        None when the periods and history are too short for one ordinate.
    """
    parts = [_bounds(part, len(spend)) for part in (before, after)]
    lengths = (parts[0][1] - parts[0][0], parts[1][1] - parts[1][0])
    starts = (parts[0][0], parts[1][0])
    shift = min(starts)
    main = filters(lengths, (starts[0] - shift, starts[1] - shift), periods_per_week)
    errors, size = zip(*[_influence(spend[a:b], revenue[:, a:b]) for a, b in parts], strict=True)
    squares = [(np.concatenate(errors, axis=1) @ main.low.T) ** 2]
    noise = (
        [np.mean((np.concatenate(errors, axis=1) @ main.high.T) ** 2, axis=1, keepdims=True)] if len(main.high) else []
    )
    sizes = [np.stack([size[k] for k in main.owner], axis=1)] if main.owner else []
    expected = list(main.expected)
    for a, b in _stretches(spend, revenue, parts, 2 * max(lengths), periods_per_week):
        past = filters((b - a,), (0,), periods_per_week, doubled=True)
        error, revenue_size = _influence(spend[a:b], revenue[:, a:b])
        squares.append((error @ past.low.T) ** 2)
        noise.append(np.mean((error @ past.high.T) ** 2, axis=1, keepdims=True))
        sizes.append(np.repeat(revenue_size[:, None], len(past.low), axis=1))
        expected += past.expected
    if not expected:
        return None
    ordinates, counted = np.concatenate(squares, axis=1), np.concatenate(sizes, axis=1)
    variances = _by_period(ordinates, counted, noise, size) / np.array(lengths)
    naive = 1 / lengths[0] + 1 / lengths[1]
    lag = (starts[0] - shift, starts[1] - shift)
    missed = contrast_variance(lengths, lag, periods_per_week) / naive / float(np.mean(expected))
    paid = spend[slice(*parts[1])].mean() / spend[slice(*parts[0])].mean()
    logs = np.log(size[1] / size[0]) - np.log(paid)
    return Estimate(
        logs, np.sqrt(missed * variances.sum(axis=1)), np.sqrt(missed * variances.max(axis=1)), len(expected)
    )


def _by_period(ordinates: Array, sizes: Array, noise: list[Array], size: tuple[Array, ...]) -> Array:
    """Return the long-run variance of each period, shape (n_series, 2).

    The share that counting makes is read off the high frequencies; it falls
    with revenue, so that a stretch of small revenue says less of a large one.
    """
    level = ordinates.mean(axis=1, keepdims=True)
    counting = np.mean(np.concatenate(noise, axis=1), axis=1, keepdims=True) if noise else level
    share = np.clip(counting / np.where(level > 0, level, 1.0), 0.0, 1.0)
    own = [(ordinates * (share * sizes / size[k][:, None] + 1 - share)).mean(axis=1) for k in (0, 1)]
    return np.stack(own, axis=1)


def _bounds(part: slice, length: int) -> tuple[int, int]:
    start, stop, _ = part.indices(length)
    return start, max(start, stop)


def _influence(spend: Array, revenue: Array) -> tuple[Array, Array]:
    """Return relative errors per period, shape like `revenue`, and mean revenue."""
    mean = revenue.mean(axis=1)
    rate = mean / spend.mean()
    safe = np.where(mean > 0, mean, 1.0)
    return (revenue - rate[:, None] * spend) / safe[:, None], mean


def _stretches(
    spend: Array, revenue: Array, parts: list[tuple[int, int]], length: int, per_week: int
) -> list[tuple[int, int]]:
    """Return the stretches of history outside both periods, the newest first."""
    first, second = sorted(parts)
    found: list[tuple[int, int]] = []
    if not ordinates_of(length // 2, per_week):
        return found
    for start, stop in ((second[1], len(spend)), (first[1], second[0]), (0, first[0])):
        for end in range(stop, start + length - 1, -length):
            rows = slice(end - length, end)
            if (spend[rows] > 0).mean() >= ACTIVE_SHARE and revenue[:, rows].sum(axis=1).min() > 0:
                found.append((end - length, end))
    return found[:MOST_STRETCHES]
