"""Budget at risk and weeks below break-even, against what the luck of few sales makes alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from roas.quantiles import Q
from roas.volatility._arrays import Array
from roas.volatility.regimes.persistence import likely_settings
from roas.volatility.regimes.shocks import Shocks
from roas.volatility.sheet.returns import FEWEST_WEEKS, NORMAL_90, Pooled

#: Weeks ahead.
HORIZON: Final = 4

#: Share of outcomes that are worse than the budget at risk.
WORST: Final = 0.05

#: Draws of level and true sd, and outcomes drawn at each. The 5 % point of 500 outcomes errs by a tenth of their
#: standard deviation, half of what two years of weeks leave open about the level.
DRAWS: Final = 60
OUTCOMES: Final = 500

#: Histories of luck drawn, behind the share of weeks that luck alone puts below break-even.
LUCKY: Final = 400

#: Chance under luck alone at which the excess of weeks below break-even is called more than luck.
MORE_THAN_LUCK: Final = 0.05


@dataclass(frozen=True)
class BudgetAtRisk:
    """The bad case of the next weeks at recent spend.

    Attributes
    ----------
    spend : float
        Currency over the horizon.
    weeks : int
    at_risk : Q
        Contribution that one outcome in twenty falls short of; negative: a loss.
    shortfall : Q
        Mean contribution of those outcomes (expected shortfall).
    loss_probability : Q
        Chance of a contribution below zero.
    """

    spend: float
    weeks: int
    at_risk: Q
    shortfall: Q
    loss_probability: Q

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, currency."""
        parts = {name: getattr(self, name).to_dict() for name in ("at_risk", "shortfall", "loss_probability")}
        return {"spend": float(f"{self.spend:.6g}"), "weeks": self.weeks, **parts}


@dataclass(frozen=True)
class Outlook:
    """What the present level and the true swings of a channel may be, in `DRAWS` draws.

    Attributes
    ----------
    roas, sd, phi : array, shape (DRAWS,)
        Level; standard deviation of true weekly log ROAS; its autocorrelation per week.
    """

    roas: Array
    sd: Array
    phi: Array

    @property
    def true_log_sd(self) -> Q:
        """Return the interval of the true sd."""
        return Q.of(self.sd)

    def at_level(self, level: Pooled, seed: int) -> Outlook:
        """Return the same swings about another level."""
        return Outlook(level_draws(level, seed), self.sd, self.phi)


def level_draws(level: Pooled, seed: int) -> Array:
    """Draw ROAS from its error (Student's t), not below a thousandth of it."""
    student = np.random.default_rng([seed, 1]).standard_t(level.spread.freedom, DRAWS)
    return np.maximum(level.roas + level.error * student, 1e-3 * level.roas)


def outlook(shocks: Shocks, level: Pooled, *, true_log_sd: Q | None = None, seed: int = 0) -> Outlook | None:
    """Draw what level and true swings may be.

    Parameters
    ----------
    shocks : Shocks
        By week, about one level between breaks.
    true_log_sd : Q or None
        If given, draws of the sd take its distribution and keep their rank.
    """
    if not shocks.usable.any():
        return None
    sd, phi = likely_settings(shocks.residual, shocks.noise, count=DRAWS, seed=seed)
    if true_log_sd is not None:
        fresh = np.sort(_draws_of(true_log_sd, np.random.default_rng([seed, 2]).standard_normal(DRAWS)))
        sd = fresh[np.argsort(np.argsort(sd, kind="stable"), kind="stable")]
    return Outlook(level_draws(level, seed), sd, phi)


def _draws_of(interval: Q, normal: Array) -> Array:
    """Return draws that have the interval's three points: normal on either side of the median, not below zero."""
    low, high = interval.p50 - interval.p5, interval.p95 - interval.p50
    found: Array = np.maximum(interval.p50 + normal / NORMAL_90 * np.where(normal < 0, low, high), 0.0)
    return found


def budget_at_risk(view: Outlook, *, weekly_spend: float, noise_unit: float, basket: float | None,
                   margin: float, seed: int = 0) -> BudgetAtRisk:  # fmt: skip
    """Simulate the next weeks and take the bad cases.

    Parameters
    ----------
    view : Outlook
        What level and swings may be.
    weekly_spend : float
        Currency per week, kept constant.
    noise_unit : float
        Currency: ``Var(revenue | spend) = noise_unit · E[revenue | spend]``.
    basket : float or None
        Mean order value; None: revenue is drawn from a gamma of the same two moments.
    margin : float
        Contribution per unit of revenue.

    Notes
    -----
    Log ROAS is its level plus a first-order autoregression (stationary start,
    mean of its exponential one); given it, sales are Poisson with gamma
    baskets. For each draw of level and swings, `OUTCOMES` outcomes; each interval is over those draws.
    """
    rng = np.random.default_rng([seed, 3])
    sd, phi = view.sd[:, None], view.phi[:, None]
    state = rng.standard_normal((DRAWS, OUTCOMES))
    paths = np.empty((DRAWS, OUTCOMES, HORIZON))
    for week in range(HORIZON):
        paths[..., week] = sd * state
        state = phi * state + np.sqrt(1 - phi**2) * rng.standard_normal(state.shape)
    mean = view.roas[:, None, None] * np.exp(paths - sd[..., None] ** 2 / 2) * weekly_spend
    revenue = _sales(rng, mean, noise_unit, basket).sum(axis=-1)
    result = np.sort(margin * revenue - HORIZON * weekly_spend, axis=1)
    worst = max(1, int(WORST * OUTCOMES))
    return BudgetAtRisk(
        HORIZON * weekly_spend,
        HORIZON,
        Q.of(result[:, worst - 1]),
        Q.of(result[:, :worst].mean(axis=1)),
        Q.of((result < 0).mean(axis=1)),
    )


def _sales(rng: np.random.Generator, mean: Array, unit: float, basket: float | None) -> Array:
    """Draw revenue of a given mean and variance ``unit · mean``."""
    if unit <= 0:
        return mean
    spread = None if basket is None or basket <= 0 else unit / basket - 1
    if basket is None or spread is None or spread <= 0 or float(mean.max(initial=0.0)) / basket > 1e9:
        return rng.gamma(np.maximum(mean / unit, 1e-12), unit)
    count = rng.poisson(mean / basket)
    return np.where(count > 0, rng.gamma(np.maximum(count, 1) / spread, basket * spread), 0.0)


@dataclass(frozen=True)
class BelowBreakEven:
    """Share of weeks whose contribution was below zero.

    Attributes
    ----------
    share : Q
        The long-run share, given the weeks seen.
    weeks, below : int
        Weeks seen, and those below break-even.
    by_luck : Q or None
        Share among as many weeks if ROAS were constant and only counts
        varied; None where the counting noise is not known.
    p_value : float or None
        Chance that luck alone makes as many or more.
    more_than_luck : bool or None
    """

    share: Q
    weeks: int
    below: int
    by_luck: Q | None
    p_value: float | None
    more_than_luck: bool | None

    def to_dict(self) -> dict[str, Any]:
        """Return plain values."""
        return {
            "share": self.share.to_dict(),
            "weeks": self.weeks,
            "below": self.below,
            "by_luck": None if self.by_luck is None else self.by_luck.to_dict(),
            "p_value": None if self.p_value is None else float(f"{self.p_value:.3g}"),
            "more_than_luck": self.more_than_luck,
        }


def below_break_even(spend: Array, revenue: Array, *, margin: float, view: Outlook | None,
                     noise_unit: float | None, seed: int = 0) -> BelowBreakEven | None:  # fmt: skip
    """Count weeks below break-even, and compare with luck.

    Parameters
    ----------
    spend, revenue : array, shape (n_weeks,)
        Weeks with spend, currency.
    view : Outlook or None
        What the level of those weeks and its swings may be; None where the counting noise is not known.

    Notes
    -----
    Revenue of a week is gamma with mean ``m = roas · S`` and variance
    ``noise_unit · m + m² (exp(sd²) - 1)``, and the long-run share its chance to
    stay below ``S / margin``, averaged over weeks, for
    each draw of level and sd. Under luck ROAS is the pooled one in every week. Without the counting
    noise the share is Jeffreys' interval with n divided by ``(1 + a)/(1 - a)``,
    a the first autocorrelation of the indicator, in [0, 0.8].
    """
    count = len(spend)
    if count < FEWEST_WEEKS:
        return None
    bad = margin * revenue < spend
    below = int(bad.sum())
    if view is None or noise_unit is None or not noise_unit > 0 or not (view.roas > 0).all():
        return BelowBreakEven(_jeffreys(bad), count, below, None, None, None)
    long_run = _chance(view.roas[:, None], view.sd[:, None], spend, margin, noise_unit).mean(axis=1)
    alone = _chance(np.array(revenue.sum() / spend.sum()), np.array(0.0), spend, margin, noise_unit)
    luck = (np.random.default_rng([seed, 4]).uniform(size=(LUCKY, count)) < alone).sum(axis=1)
    p_value = float((1 + (luck >= below).sum()) / (1 + len(luck)))
    share = Q.of(long_run)
    return BelowBreakEven(share, count, below, Q.of(luck / count), p_value, p_value <= MORE_THAN_LUCK)


#: True sd of log ROAS beyond which chances no longer change; its square must stay inside the exponential's range.
WILDEST: Final = 5.0


def _chance(roas: Array, sd: Array, spend: Array, margin: float, unit: float) -> Array:
    """Return the chance of each week to stay below break-even; shapes of `roas` and `sd` go with that of `spend`."""
    from scipy.special import gammainc

    mean = np.maximum(roas * spend, 1e-12 * unit)
    scale = unit + mean * np.expm1(np.minimum(sd, WILDEST) ** 2)
    found: Array = gammainc(mean / scale, spend / margin / scale)
    return found


def _jeffreys(bad: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> Q:
    """Return the interval of a share, weeks counted less where bad ones cluster."""
    from scipy.special import betaincinv

    count, below = len(bad), int(bad.sum())
    away = bad - bad.mean()
    memory = float((away[1:] * away[:-1]).sum() / (away**2).sum()) if 0 < below < count else 0.0
    memory = min(max(memory, 0.0), 0.8)
    informative = count * (1 - memory) / (1 + memory)
    hits = below / count * informative
    return Q.at(*(float(betaincinv(hits + 0.5, informative - hits + 0.5, p)) for p in (0.05, 0.5, 0.95)))
