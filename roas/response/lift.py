"""Lift tests: measured effects as part of the likelihood, and whether the model foresaw them."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from roas.errors import UsageError
from roas.format import decimal
from roas.language import say
from roas.response._arrays import Array
from roas.response.adstock import AdstockTable
from roas.response.data import DAYS, MediaData
from roas.response.saturation import log_odds, logistic

if TYPE_CHECKING:
    from roas.response.posterior import Media, Parameters

#: False discovery rate at which a test and the model are said to disagree.
DISAGREEMENT: Final = 0.05

#: No lift test is taken as more exact than this share of what it measured: an
#: error typed too small must not freeze the fit. A tenth of a thousandth of
#: the revenue of a period is beyond what the arithmetic can follow.
EXACTEST: Final = 0.01
FINEST: Final = 1e-4


@dataclass(frozen=True)
class LiftTest:
    """One experiment on one channel.

    Attributes
    ----------
    channel : str
    start, end : date
        First and last day of the test, both included.
    revenue : float
        Measured revenue caused by the change of spend, during the test (currency).
    error : float
        Its standard error (currency).
    spend_change : float or None
        Spend of the test less what would have been spent (currency);
        negative when spend was cut. None: all spend of those days was held
        against none.
    """

    channel: str
    start: dt.date
    end: dt.date
    revenue: float
    error: float
    spend_change: float | None = None

    def __post_init__(self) -> None:
        numbers = (self.revenue, self.error, self.spend_change or 0.0)
        if not all(math.isfinite(x) for x in numbers) or self.error <= 0 or self.end < self.start:
            raise UsageError(
                f"lift test of {self.channel}: finite amounts, a standard error above zero and an end that is not "
                "before the start are needed."
            )

    def otherwise(self, data: MediaData, channel: int) -> tuple[Array, Array]:
        """Return which periods the test covers, and spend per period without the test.

        Returns
        -------
        covered : array, shape (T,)
            Share of each period's days inside the test.
        spend : array, shape (T,)
            Currency per period.
        """
        length = DAYS[data.grain]
        first = (np.datetime64(self.start, "D") - data.dates).astype(np.int64)
        last = (np.datetime64(self.end, "D") - data.dates).astype(np.int64) + 1
        covered = np.clip(np.minimum(last, length) - np.maximum(first, 0), 0, length) / length
        own = data.spend[:, channel]
        inside = float((own * covered).sum())
        if self.spend_change is None:
            return covered, own * (1 - covered)
        if inside > 0:
            return covered, np.maximum(own - self.spend_change * own * covered / inside, 0.0)
        return covered, own - self.spend_change * covered / max(covered.sum(), 1e-12)


class Anchored(NamedTuple):
    """What the tests say of n settings."""

    log_density: Array  # (n,)
    lift: Array  # (E, n), relative to mean revenue
    slope: Array  # (E, n): of the log density along the lift
    reached: list[Array]  # per test (1, n, W): share of the ceiling without the test
    odds: list[Array]
    carried: list[Array]


@dataclass(frozen=True)
class Anchors:
    """Lift tests in the units of the model.

    Attributes
    ----------
    channels : tuple of int
        Channel of each test.
    during : array, shape (E, T)
        One in the periods that a test touches.
    without : tuple of AdstockTable
        Per test: spend as it would have been, over the periods it touches.
    measured, error : array, shape (E,)
        Lift and standard error, relative to mean revenue of a period.
    """

    channels: tuple[int, ...]
    during: Array
    without: tuple[AdstockTable, ...]
    measured: Array
    error: Array

    def tell(self, media: Media, parameters: Parameters) -> Anchored:
        """Compare what each setting says the tests brought with what was measured."""
        lifts, rest = [], []
        for test, (c, table) in enumerate(zip(self.channels, self.without, strict=True)):
            own = slice(c, c + 1)
            carried = media.polynomials[own] @ table.coefficients
            odds = log_odds(carried, parameters.room_logit[own], np.exp(parameters.log_slope[own]))
            reached = logistic(odds)
            gap = media.reached[c] @ self.during[test] - reached[0].sum(axis=-1)
            lifts.append(media.scale[c] * gap)
            rest.append((reached, odds, carried))
        lift = np.array(lifts)
        away = (lift - self.measured[:, None]) / self.error[:, None]
        reached_all, odds_all, carried_all = (list(x) for x in zip(*rest, strict=True))
        return Anchored(
            -0.5 * (away**2).sum(axis=0), lift, -away / self.error[:, None], reached_all, odds_all, carried_all
        )


def anchors(tests: Sequence[LiftTest], data: MediaData, typical: Array, before: Array, unit: float, table: AdstockTable,
            max_lag: int) -> Anchors | None:  # fmt: skip
    """Bring tests into the units of the model.

    Parameters
    ----------
    tests : sequence of LiftTest
        Of channels in the model, inside its window.
    typical, before : array, shape (C,)
        Typical spend (currency per period), and spend before the window in units of it.
    unit : float
        Mean revenue of a period, currency.
    table : AdstockTable
        Of actual spend; says how far retention goes.
    """
    if not tests:
        return None
    channels, during, without = [], [], []
    for test in tests:
        c = data.channels.index(test.channel)
        covered, spend = test.otherwise(data, c)
        touched = np.flatnonzero(covered > 0)
        whole = AdstockTable.of(
            (spend / typical[c])[:, None], max_lag=max_lag, largest=table.largest, before=before[[c]]
        )
        channels.append(c)
        during.append((covered > 0).astype(np.float64))
        without.append(AdstockTable(np.ascontiguousarray(whole.coefficients[:, :, touched]), table.largest))
    return Anchors(
        tuple(channels),
        np.array(during),
        tuple(without),
        np.array([t.revenue for t in tests]) / unit,
        np.array([max(t.error, EXACTEST * abs(t.revenue), FINEST * unit) for t in tests]) / unit,
    )


@dataclass(frozen=True)
class LiftCheck:
    """A test beside what the model said before it knew of the test.

    Attributes
    ----------
    test : LiftTest
    foreseen : tuple of float
        5 %, 50 % and 95 % of the model's own estimate, currency.
    p_value : float
        Two-sided, of a difference as large as found, were both right.
    disagrees : bool
        At a false discovery rate of `DISAGREEMENT` over all tests (Benjamini
        and Hochberg 1995).
    """

    test: LiftTest
    foreseen: tuple[float, float, float]
    p_value: float
    disagrees: bool

    def to_dict(self) -> dict[str, Any]:
        """Return plain values; money in the account's currency."""
        test, levels = self.test, ("p5", "p50", "p95")
        return {
            "channel": test.channel,
            "start": test.start.isoformat(),
            "end": test.end.isoformat(),
            "incremental_revenue": float(f"{test.revenue:.6g}"),
            "standard_error": float(f"{test.error:.6g}"),
            "foreseen": {name: float(f"{x:.6g}") for name, x in zip(levels, self.foreseen, strict=True)},
            "p_value": float(f"{self.p_value:.3g}"),
            "agrees": not self.disagrees,
        }

    def says(self) -> str:
        """Return the comparison as a sentence."""
        test, (low, middle, high) = self.test, self.foreseen
        fields = {
            "channel": test.channel, "start": test.start, "end": test.end,
            "measured": _six(test.revenue), "error": _six(test.error),
            "middle": decimal(middle, 0), "low": decimal(low, 0), "high": decimal(high, 0), "p": f"{self.p_value:.2g}",
        }  # fmt: skip
        if self.disagrees:
            return say(
                "lift test of {channel}, {start} to {end}: measured {measured} (standard error {error}), "
                "the model without it said {middle} ({low} to {high}); they disagree (p = {p})", **fields,
            )  # fmt: skip
        return say(
            "lift test of {channel}, {start} to {end}: measured {measured} (standard error {error}), "
            "the model without it said {middle} ({low} to {high}); they agree (p = {p})", **fields,
        )  # fmt: skip


def _six(value: float) -> str:
    """Write a number with at most six significant digits."""
    text = f"{value:,.6g}"
    return text if "e" in text else decimal(value, len(text.partition(".")[2]))


def compare(tests: Sequence[LiftTest], foreseen: Array) -> tuple[LiftCheck, ...]:
    """Test measured lifts against the model's draws of them.

    Parameters
    ----------
    foreseen : array, shape (E, n)
        Draws of each lift from a fit without the tests, currency.

    Notes
    -----
    The p-value is the share of draws, each with the test's own error added,
    that lie farther out than the measurement, times two (a posterior
    predictive check; Gelman, Meng and Stern 1996). The error is added in
    closed form.
    """
    from scipy.special import ndtr

    found = []
    for test, draws in zip(tests, foreseen, strict=True):
        below = float(ndtr((test.revenue - draws) / test.error).mean())
        low, middle, high = np.quantile(draws, (0.05, 0.5, 0.95))
        found.append((test, (float(low), float(middle), float(high)), 2 * min(below, 1 - below)))
    order = np.argsort([p for _, _, p in found], kind="stable")
    last = max((k for k, i in enumerate(order) if found[i][2] <= DISAGREEMENT * (k + 1) / len(found)), default=-1)
    rejected = {int(i) for i in order[: last + 1]}
    return tuple(LiftCheck(*each, i in rejected) for i, each in enumerate(found))
