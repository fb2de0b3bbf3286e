"""GARCH where it is earned: enough days, clusters that no break explains, and forecasts that beat EWMA."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np

from roas.volatility._arrays import Array
from roas.volatility.regimes.clustering import LAGS, arch_lm, bounded_squares, clustering, kappa2, reorder, upper_tail
from roas.volatility.regimes.ewma import MEMORY, ewma_volatility
from roas.volatility.regimes.shocks import Shocks

if TYPE_CHECKING:
    from roas._typing import Grain

#: Days needed before GARCH is thought of: with fewer its persistence cannot be told from a break (Hillebrand 2005;
#: diagnosis recipe 1.2). Weeks are never enough: five years of them are.
FEWEST_DAYS: Final = 250

#: Level of each test on the way.
LEVEL: Final = 0.05

#: Share of the days, from the first, on which parameters are fitted; the rest judge the forecasts.
FITTED: Final = 0.6

#: Kolmogorov's 5 % point for the kappa-2 statistic (Sanso, Arago and Carrion 2004: 1.405 at infinity counts one
#: estimated moment; this is the more cautious of the two: a break is found sooner and GARCH used more rarely).
BREAK: Final = 1.358

#: Resamples of the test of superior predictive ability.
RESAMPLES: Final = 500


@dataclass(frozen=True)
class ConditionalVolatility:
    """How large shocks are expected to be, given the past.

    Attributes
    ----------
    model : {"garch", "egarch", "ewma"}
        The one used.
    volatility : array, shape (n_periods,)
        Conditional standard deviation of the uncorrelated shocks, in units
        of their own long-run one; NaN where a period has no shock.
    persistence : float or None
        Share of a variance shock left after one period; None for EWMA.
    p_value : float or None
        Of "EWMA forecasts as well"; None where it did not come to a comparison.
    why_not : str
        Why GARCH is not used; empty where it is.
    """

    model: Literal["garch", "egarch", "ewma"]
    volatility: Array
    persistence: float | None = None
    p_value: float | None = None
    why_not: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Return plain values; the path is left to charts."""
        last = self.volatility[np.isfinite(self.volatility)][-1:]
        return {
            "model": self.model,
            "latest": float(f"{last[0]:.6g}") if len(last) else None,
            "persistence": None if self.persistence is None else float(f"{self.persistence:.6g}"),
            "p_value": None if self.p_value is None else float(f"{self.p_value:.3g}"),
            "why_not": self.why_not,
        }


def conditional_volatility(shocks: Shocks, *, seed: int = 0) -> ConditionalVolatility:
    """Model the volatility of shocks: EWMA, or GARCH where it forecasts better.

    Parameters
    ----------
    shocks : Shocks
        Level breaks must have been given to `standardise`: an unmodelled
        break looks like GARCH (Lamoureux and Lastrapes 1990).

    Notes
    -----
    GARCH(1,1) and EGARCH(1,1) are considered only if there are
    `FEWEST_DAYS` days, ARCH-LM rejects, and still rejects after shocks are
    divided by the standard deviation of each side of a variance break. They
    are then fitted on the first `FITTED` of the days, forecast one day ahead
    over the rest, and used only if Hansen's (2005) test of superior
    predictive ability rejects EWMA on the QLIKE loss (Patton 2011).
    """
    usable = shocks.usable
    white = shocks.white[usable]

    def spread(path: Array) -> Array:
        out = np.full(len(usable), np.nan)
        out[usable] = path
        return out

    plain = ewma_volatility(white, memory=MEMORY[shocks.grain])
    why_not = reason_against(white, shocks.grain, seed=seed)
    if why_not:
        return ConditionalVolatility("ewma", spread(plain), why_not=why_not)
    fits = _fit_both(white)
    if not fits:
        return ConditionalVolatility("ewma", spread(plain), why_not="neither GARCH nor EGARCH could be fitted")
    split = int(FITTED * len(white))
    start = float((white[:split] ** 2).mean())
    rival = ewma_volatility(white, memory=MEMORY[shocks.grain], start=start)[split:]
    best, p_value = _superior(white[split:], rival, [fit.path[split:] for fit in fits], seed)
    if p_value > LEVEL:
        why_not = f"it does not forecast better than EWMA (p = {p_value:.2g})"
        return ConditionalVolatility("ewma", spread(plain), p_value=p_value, why_not=why_not)
    found = fits[best]
    return ConditionalVolatility(found.name, spread(found.path), found.persistence, p_value)


def reason_against(white: Array, grain: Grain, *, seed: int = 0) -> str:
    """Return why GARCH must not be fitted, as one clause; empty if it may be tried."""
    if grain == "week":
        return "it needs days, and these are weeks"
    if len(white) < FEWEST_DAYS:
        return f"it needs {FEWEST_DAYS} days with sales, and {len(white)} are usable"
    test = clustering(white, grain, seed=seed)
    if test.p_arch > LEVEL:
        return f"large shocks do not follow large shocks (p = {test.p_arch:.2g})"
    squares = bounded_squares(white)
    peak, at = kappa2(squares)
    if float(peak) < BREAK:
        return ""
    place = int(at)
    level = [max(float(part.mean()), 1e-9) if len(part) else 1.0 for part in (squares[:place], squares[place:])]
    even = squares / np.where(np.arange(len(squares)) < place, level[0], level[1])
    null = arch_lm(reorder(even, 199, seed), LAGS[grain])
    p_value = upper_tail(float(arch_lm(even, LAGS[grain])), null)
    return "" if p_value <= LEVEL else f"one change of variance explains the clusters (p = {p_value:.2g} without it)"


@dataclass(frozen=True)
class _Fit:
    name: Literal["garch", "egarch"]
    path: Array
    persistence: float


def _fit_both(white: Array) -> list[_Fit]:
    """Fit both models on the first part and run them one step ahead over the whole."""
    from arch.univariate import EGARCH, GARCH, ZeroMean

    split = int(FITTED * len(white))
    fits = []
    rivals: tuple[tuple[Literal["garch", "egarch"], Any], ...] = (
        ("garch", GARCH(p=1, q=1)),
        ("egarch", EGARCH(p=1, o=1, q=1)),
    )
    for name, volatility in rivals:
        model = ZeroMean(white, volatility=volatility, rescale=False)
        with warnings.catch_warnings():
            # A fit that does not converge is left out by its flag, not by a warning.
            warnings.simplefilter("ignore")
            try:
                result = model.fit(last_obs=split, disp="off", show_warning=False)
                path = np.sqrt(_one_step(model, result))
            except (ValueError, FloatingPointError, np.linalg.LinAlgError):
                continue
        if result.convergence_flag == 0 and np.isfinite(path).all() and (path > 0).all():
            parameters = result.params
            kept = parameters["beta[1]"] + (parameters["alpha[1]"] if name == "garch" else 0.0)
            fits.append(_Fit(name, path, float(kept)))
    return fits


def _one_step(model: Any, result: Any) -> Array:
    """Return the conditional variance of each period given those before, at the fitted parameters."""
    fixed = model.fix(result.params)
    return np.asarray(fixed.conditional_volatility, dtype=np.float64) ** 2


def qlike(shock: Array, volatility: Array) -> Array:
    """Return the QLIKE loss of volatility forecasts.

    Notes
    -----
    ``z²/h - log(z²/h) - 1`` without the terms that no forecast can change:
    ``z²/h + log h``. Ranks forecasts as if the variance were seen (Patton 2011).
    """
    variance = np.maximum(volatility**2, 1e-6)
    loss: Array = shock**2 / variance + np.log(variance)
    return loss


def _superior(shock: Array, benchmark: Array, rivals: list[Array], seed: int) -> tuple[int, float]:
    """Return the best rival and the p-value that none beats the benchmark."""
    from arch.bootstrap import SPA

    losses = np.column_stack([qlike(shock, rival) for rival in rivals])
    base = qlike(shock, benchmark)
    best = int(losses.mean(axis=0).argmin())
    if losses[:, best].mean() >= base.mean():
        return best, 1.0
    test = SPA(base, losses, reps=RESAMPLES, block_size=max(2, round(len(shock) ** (1 / 3))), seed=seed)
    test.compute()
    return best, float(test.pvalues["consistent"])
