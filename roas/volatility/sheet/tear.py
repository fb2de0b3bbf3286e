"""The tear sheet of a channel: what its budget earned, at what risk, and how much of that was luck."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from roas.limits import RECENT_WEEKS
from roas.quantiles import Q
from roas.volatility._arrays import Array
from roas.volatility.regimes.shocks import standardise
from roas.volatility.series import RoasSeries
from roas.volatility.sheet.comovement import demand_beta
from roas.volatility.sheet.drawdown import Drawdown, drawdown
from roas.volatility.sheet.returns import (
    FEWEST_RISK_WEEKS,
    FEWEST_WEEKS,
    Pooled,
    ReturnPerRisk,
    concentration,
    pooled,
    return_per_risk,
)
from roas.volatility.sheet.risk import (
    BelowBreakEven,
    BudgetAtRisk,
    Outlook,
    below_break_even,
    budget_at_risk,
    outlook,
)

if TYPE_CHECKING:
    import pandas as pd

#: Spend of a week, over the median week, below which its return is left out of return per risk: the ratio of two
#: small sums says nothing of the budget.
SMALL_WEEK: Final = 0.1


@dataclass(frozen=True)
class TearSheet:
    """One channel as an investment, by week.

    Attributes
    ----------
    name : str
    weeks : int
        Complete, mature weeks with spend.
    margin : float
        Contribution per unit of revenue; see `margin_given`.
    margin_given : bool
        False: one was assumed, so "return" is on revenue, not on contribution.
    mean_return : Q or None
        ``margin · sum R / sum S - 1``.
    true_log_sd : Q or None
        Standard deviation of true weekly log ROAS, counting noise removed.
    return_per_risk : ReturnPerRisk or None
        Mean over standard deviation of weekly returns as seen, luck included.
    return_per_true_risk : Q or None
        Mean return over ``margin · roas · true_log_sd``: comparable between
        small and large channels; None where the true sd may be zero.
    drawdown : Drawdown or None
    budget_at_risk : BudgetAtRisk or None
    below_break_even : BelowBreakEven or None
    demand_beta : Q or None
        Elasticity of the channel's ROAS to total store demand.
    marginal_return : Q or None
        ``margin · marginal ROAS - 1``, where a model gave it.
    concentration : float or None
        Share of contribution from the best tenth of weeks; None unless contribution is above zero.
    missing : dict
        Name of each figure that is None, and why, as a clause.
    """

    name: str
    weeks: int
    margin: float
    margin_given: bool
    mean_return: Q | None
    true_log_sd: Q | None
    return_per_risk: ReturnPerRisk | None
    return_per_true_risk: Q | None
    drawdown: Drawdown | None
    budget_at_risk: BudgetAtRisk | None
    below_break_even: BelowBreakEven | None
    demand_beta: Q | None
    marginal_return: Q | None
    concentration: float | None
    missing: dict[str, str]

    def to_dict(self) -> dict[str, Any]:
        """Return plain values: numbers, texts and None."""
        out: dict[str, Any] = {name: getattr(self, name) for name in ("name", "weeks", "margin", "margin_given")}
        for name in FIGURES:
            value = getattr(self, name)
            plain = value.to_dict() if hasattr(value, "to_dict") else value
            out[name] = float(f"{plain:.6g}") if isinstance(plain, float) else plain
        return {**out, "missing": dict(self.missing)}


FIGURES: Final = (
    "mean_return",
    "true_log_sd",
    "return_per_risk",
    "return_per_true_risk",
    "drawdown",
    "budget_at_risk",
    "below_break_even",
    "demand_beta",
    "marginal_return",
    "concentration",
)


def tear_sheet(series: RoasSeries, *, noise_unit: float | None = None, true_log_sd: Q | None = None,
               margin: float | None = None, demand: Array | None = None, marginal_roas: Q | None = None,
               breaks: Sequence[int] = (), hurdle: float = 0.0, seed: int = 0) -> TearSheet:  # fmt: skip
    """Draw up the tear sheet of a channel.

    Parameters
    ----------
    series : RoasSeries
        By day or week; complete mature weeks are used.
    noise_unit : float or None
        Currency per sale: ``Var(revenue | spend) = noise_unit · E[revenue | spend]``.
        Without it luck cannot be told from true swings.
    true_log_sd : Q or None
        Of true weekly log ROAS; None: estimated here by moments.
    margin : float or None
        Contribution per unit of revenue, in (0, 1]; None or outside: one is taken, and said.
    demand : array, shape (n_periods,), or None
        Revenue of the store that is not this channel's, aligned with `series`.
    marginal_roas : Q or None
        From a response model.
    breaks : sequence of int
        First periods of new levels in `series`; the present level is what came after the last one.
    hurdle : float
        Return per risk per week to exceed.

    Notes
    -----
    Weekly contribution return: ``r = margin · roas - 1``.

    References
    ----------
    Lo (2002), The statistics of Sharpe ratios; Bailey and Lopez de Prado (2012), The Sharpe ratio efficient frontier.
    """
    given = margin is not None and bool(np.isfinite(margin)) and 0 < margin <= 1
    rate = float(margin) if given and margin is not None else 1.0
    weekly = series.weeks.until_mature()
    on = weekly.usable & np.isfinite(weekly.spend)
    spend, revenue = weekly.spend[on], weekly.revenue[on]
    cuts = _weekly_breaks(series, breaks)
    figures: dict[str, Any] = dict.fromkeys(FIGURES)
    figures["true_log_sd"] = true_log_sd
    figures["marginal_return"] = _scaled(marginal_roas, rate)
    figures["drawdown"] = drawdown(rate * revenue - spend, weekly.dates[on])
    figures["concentration"] = concentration(rate * revenue - spend)
    if len(spend) >= FEWEST_WEEKS:
        whole = pooled(spend, revenue)
        known = noise_unit is not None and np.isfinite(noise_unit) and noise_unit > 0 and whole.roas > 0
        shocks = standardise(weekly, noise_unit, breaks=cuts, level_days=None)
        view = outlook(shocks, whole, true_log_sd=true_log_sd, seed=seed) if known else None
        figures["mean_return"] = whole.interval(rate, -1.0)
        figures["return_per_risk"] = return_per_risk(_returns(spend, revenue, rate), hurdle=hurdle)
        figures["below_break_even"] = below_break_even(
            spend, revenue, margin=rate, view=view, noise_unit=noise_unit, seed=seed
        )
        if view is not None and noise_unit is not None:
            figures["true_log_sd"] = true_log_sd or view.true_log_sd
            figures["return_per_true_risk"] = _per_true_risk(view, rate)
            if len(spend) >= FEWEST_RISK_WEEKS:
                figures["budget_at_risk"] = budget_at_risk(
                    view.at_level(_present(weekly, on, cuts), seed), weekly_spend=float(spend[-RECENT_WEEKS:].mean()),
                    noise_unit=noise_unit, basket=_basket(weekly, on), margin=rate, seed=seed,
                )  # fmt: skip
    if demand is not None:
        store = replace(series, revenue=np.asarray(demand, dtype=np.float64)).weeks.until_mature()
        figures["demand_beta"] = demand_beta(standardise(weekly, noise_unit, breaks=cuts), store.revenue)
    missing = _missing(figures, len(spend), demand is not None, noise_unit, float((rate * revenue - spend).sum()))
    return TearSheet(series.name, len(spend), rate, given, **figures, missing=missing)


def _scaled(value: Q | None, margin: float) -> Q | None:
    return None if value is None else Q.at(*(margin * x - 1 for x in (value.p5, value.p50, value.p95)))


def _returns(spend: Array, revenue: Array, margin: float) -> Array:
    """Return weekly returns of the weeks that matter."""
    large = spend >= SMALL_WEEK * float(np.median(spend))
    returns: Array = margin * revenue[large] / spend[large] - 1
    return returns


def _weekly_breaks(series: RoasSeries, breaks: Sequence[int]) -> list[int]:
    """Return breaks as weeks: the first complete week after each."""
    if series.grain == "week" or not len(series.weeks.dates):
        return [int(b) for b in breaks]
    first = series.weeks.dates[0]
    days = [
        (series.dates[b] - first).astype("timedelta64[D]").astype(int) for b in breaks if 0 <= b < len(series.dates)
    ]
    return [-(-int(day) // 7) for day in days]


def _present(weekly: RoasSeries, on: np.ndarray[tuple[int], np.dtype[np.bool_]], breaks: Sequence[int]) -> Pooled:
    """Return ROAS since the last break, or of the last year at most; of all if little came after the break."""
    start = max([0, len(on) - 52, *(b for b in breaks if b <= len(on))])
    rows = on & (np.arange(len(on)) >= start)
    rows = rows if rows.sum() >= FEWEST_WEEKS else on
    return pooled(weekly.spend[rows], weekly.revenue[rows])


def _basket(weekly: RoasSeries, on: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> float | None:
    """Return mean order value; None without counts."""
    if weekly.conversions is None:
        return None
    count = float(np.nansum(weekly.conversions[on]))
    return float(weekly.revenue[on].sum()) / count if count > 0 else None


def _per_true_risk(view: Outlook, margin: float) -> Q | None:
    """Return the mean return over the true weekly sd of returns; None where that may be zero."""
    least = float(np.quantile(view.sd, 0.05))
    if not least > 0:
        return None
    return Q.of((margin * view.roas - 1) / (margin * view.roas * np.maximum(view.sd, least)))


def _missing(figures: dict[str, Any], weeks: int, demand: bool, unit: float | None, total: float) -> dict[str, str]:
    """Say why each figure that is None is so."""
    reasons = {
        "mean_return": f"{weeks} weeks with spend; it needs {FEWEST_WEEKS}",
        "true_log_sd": "counting noise is not known",
        "return_per_risk": f"{weeks} weeks with spend; it needs {FEWEST_RISK_WEEKS} that differ",
        "return_per_true_risk": "true swings may be zero",
        "drawdown": "no week with spend",
        "budget_at_risk": f"{weeks} weeks with spend; it needs {FEWEST_RISK_WEEKS}",
        "below_break_even": f"{weeks} weeks with spend; it needs {FEWEST_WEEKS}",
        "demand_beta": f"it needs {FEWEST_RISK_WEEKS} weeks of both" if demand else "no store demand given",
        "marginal_return": "no response model given",
        "concentration": f"{weeks} weeks with spend; it needs {FEWEST_WEEKS}",
    }
    if weeks >= FEWEST_WEEKS and total <= 0:
        reasons["concentration"] = "total contribution is not above zero"
    if unit is None:
        reasons["budget_at_risk"] = reasons["true_log_sd"]
    if figures["true_log_sd"] is None:
        reasons["return_per_true_risk"] = reasons["true_log_sd"]
    return {name: reason for name, reason in reasons.items() if figures[name] is None}


def tear_table(sheets: Iterable[TearSheet]) -> pd.DataFrame:
    """Return one row per channel: the figures with their intervals, missing ones as NaN."""
    import pandas as pd

    table = pd.json_normalize([{k: v for k, v in sheet.to_dict().items() if k != "missing"} for sheet in sheets])
    # A figure that one sheet lacks and another has in parts leaves an empty column under its own name.
    return table.drop(columns=[name for name in FIGURES if name in table and table[name].isna().all()])
