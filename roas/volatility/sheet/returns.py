"""Contribution returns: mean, return per risk, and errors that allow for autocorrelation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from roas.quantiles import Q
from roas.volatility._arrays import Array

#: Weeks below which no interval of a mean is given: a quarter. The 90 % interval then holds .90, .88 and .77 at
#: weekly autocorrelations of 0, 0.5 and 0.8; with two years .92, .90 and .85 (benchmarks/volatility/tear_sheets.py).
FEWEST_WEEKS: Final = 13

#: Weeks below which return per risk, budget at risk and demand beta are not given: half a year, for they rest on
#: variances.
FEWEST_RISK_WEEKS: Final = 26

#: Half-width of a 90 % interval, in standard errors.
NORMAL_90: Final = 1.6448536


@dataclass(frozen=True)
class LongRun:
    """A long-run variance with its degrees of freedom."""

    variance: float
    freedom: int

    @property
    def quantile(self) -> float:
        """Half-width of a 90 % interval, in standard errors."""
        from scipy.special import stdtrit

        return float(stdtrit(self.freedom, 0.95))

    def chance_above(self, distance: float) -> float:
        """Return the chance that what lies `distance` standard errors above a bound is above it."""
        from scipy.special import stdtr

        return float(stdtr(self.freedom, distance))


def long_run(values: Array) -> LongRun:
    """Return the long-run variance of a series of mean zero.

    Parameters
    ----------
    values : array, shape (n,)
        Deviations from their mean.

    Notes
    -----
    The mean of ``floor(0.4 n^(2/3))`` squared cosine averages
    ``sqrt(2/n) sum u[t] cos(pi j (t - 1/2) / n)``; inference then uses
    Student's t with as many degrees of freedom, which holds its size where HAC errors do not.

    References
    ----------
    Lazarus, Lewis, Stock and Watson (2018), HAR inference: recommendations for practice.
    """
    n = len(values)
    count = max(2, int(0.4 * n ** (2 / 3)))
    angle = np.pi * np.outer(np.arange(1, count + 1), np.arange(n) + 0.5) / n
    averages = np.sqrt(2 / n) * (np.cos(angle) * values).sum(axis=1)
    return LongRun(float((averages**2).mean()), count)


@dataclass(frozen=True)
class Pooled:
    """ROAS over a period: sum of revenue over sum of spend.

    Attributes
    ----------
    roas, error : float
        And its standard error.
    spread : LongRun
        Whose degrees of freedom go with the error.
    """

    roas: float
    error: float
    spread: LongRun

    def interval(self, scale: float = 1.0, shift: float = 0.0) -> Q:
        """Return the 90 % interval of ``scale · roas + shift``."""
        half = self.spread.quantile * self.error
        return Q.at(*(scale * (self.roas + side * half) + shift for side in (-1, 0, 1)))


def pooled(spend: Array, revenue: Array) -> Pooled:
    """Return pooled ROAS with the error of a ratio of sums.

    Parameters
    ----------
    spend, revenue : array, shape (n_weeks,)
        Currency; spend with a sum above zero.

    Notes
    -----
    ``sqrt(n · omega) / sum S``, omega the long-run variance of ``R - roas·S`` (delta method).
    """
    roas = float(revenue.sum() / spend.sum())
    spread = long_run(revenue - roas * spend)
    return Pooled(roas, float(np.sqrt(len(spend) * spread.variance) / spend.sum()), spread)


@dataclass(frozen=True)
class ReturnPerRisk:
    """Mean weekly return over its standard deviation (Sharpe ratio).

    Attributes
    ----------
    ratio : Q
        Per week.
    hurdle : float
        Ratio per week that it should exceed.
    probability : float
        That it does (probabilistic Sharpe ratio).
    """

    ratio: Q
    hurdle: float
    probability: float

    def to_dict(self) -> dict[str, Any]:
        """Return plain values."""
        return {"ratio": self.ratio.to_dict(), "hurdle": self.hurdle, "probability": float(f"{self.probability:.4g}")}


def return_per_risk(returns: Array, *, hurdle: float = 0.0) -> ReturnPerRisk | None:
    """Return the Sharpe ratio of weekly returns with honest errors.

    Parameters
    ----------
    returns : array, shape (n_weeks,)
        Finite.
    hurdle : float
        Ratio per week to exceed.

    Returns
    -------
    ReturnPerRisk or None
        None with fewer than `FEWEST_RISK_WEEKS`, or where returns do not vary.

    Notes
    -----
    Lo's (2002) standard error by its influence function
    ``x - SR/2·(x² - 1)``, x the standardised return, with the long-run
    variance of it: for independent normal returns it is ``sqrt((1 + SR²/2)/n)``,
    and skew, fat tails and autocorrelation are allowed for. The probability is
    that of Bailey and Lopez de Prado (2012) with this error.
    """
    if len(returns) < FEWEST_RISK_WEEKS:
        return None
    sd = float(returns.std(ddof=1))
    if not sd > 1e-12 * (1 + abs(float(returns.mean()))):
        return None
    ratio = float(returns.mean()) / sd
    x = (returns - returns.mean()) / sd
    influence = x - ratio / 2 * (x**2 - 1)
    spread = long_run(influence - influence.mean())
    error = float(np.sqrt(spread.variance / len(returns)))
    half = spread.quantile * error
    chance = spread.chance_above((ratio - hurdle) / error) if error > 0 else float(ratio > hurdle)
    return ReturnPerRisk(Q.at(ratio - half, ratio, ratio + half), hurdle, chance)


def concentration(contribution: Array, *, best: float = 0.1) -> float | None:
    """Return the share of total contribution that the best weeks bring; None unless the total is above zero."""
    total = float(contribution.sum())
    if len(contribution) < FEWEST_WEEKS or total <= 0:
        return None
    count = int(np.ceil(best * len(contribution)))
    return float(np.sort(contribution)[-count:].sum() / total)
