"""Completion: what share of a day's conversions is reported at each age, learnt from successive exports."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np

from roas.volatility._arrays import Array
from roas.volatility.maturity.ladder import OLDEST, Steps, steps

if TYPE_CHECKING:
    import pandas as pd

#: Conversions seen in an export and again in a later one below which no curve is drawn: a share of
#: one half then has a binomial error of 5 points.
FEWEST: Final = 100

#: Share of conversions taken back between exports from which a curve that only rises is the wrong one.
TAKEN_BACK: Final = 0.02

#: Level at which the smooth curve is given up for the plain ladder: its misfit over the scatter of dates.
MISFIT: Final = 0.01

#: Weight, in degrees of freedom, of binomial scatter of dates (dispersion one) where few dates show their own.
BINOMIAL: Final = 10

#: What is taken as likely before the data (mean, standard deviation): log mean delay in days, log shape, log-odds of
#: the share reported at once, log-odds of the part of a day gone by at age zero. They bind only where exports
#: say nothing: a mean delay between 1/20 and 200 days, a shape between 0.4 and 2.7.
PRIOR: Final = ((1.1, 2.0), (0.0, 0.5), (-3.0, 2.0), (0.0, 1.0))

#: Weight of smoothness (second differences) in the ladder, in units of a log factor's precision: joins ages that no
#: export has, and bends no age that has a hundred conversions. At 25 a delay without a first day is missed by 5
#: points at 300 sales a day, at 3 by 2 (benchmarks/volatility/lag.py).
SMOOTHNESS: Final = 3.0


#: Precision with which the ladder's log share is zero over the oldest ages, one interval between exports: exact.
ENDED: Final = 1e8


@dataclass(frozen=True)
class CompletionCurve:
    """Share of eventual conversions reported, by age.

    Attributes
    ----------
    share, error : array, shape (n_ages,)
        At ages 0, 1, … days, and its standard error. Empty if `method` is "none".
    method : {"weibull", "ladder", "none"}
        A smooth delay, the plain chain ladder, or no curve.
    oldest : int
        Largest age that two exports compare; beyond it `share` is extrapolated (Weibull) or one (ladder).
    tail : float
        Share still to come at `oldest`, extrapolated; for the ladder, growth over its last week.
    dispersion : float
        Variance of reported shares over the binomial one, at least 1.
    restated : float
        Share of conversions taken back between exports.
    dates : int
        Pairs of exports of a date behind the curve.
    why : str
        One plain clause: why there is no curve, or how far it holds.
    """

    share: Array
    error: Array
    method: Literal["weibull", "ladder", "none"]
    oldest: int = 0
    tail: float = 0.0
    dispersion: float = 1.0
    restated: float = 0.0
    dates: int = 0
    why: str = ""

    def at(self, age: int) -> tuple[float, float]:
        """Return the share reported at an age in days, and its standard error; past the last age, the last."""
        place = min(max(int(age), 0), len(self.share) - 1)
        return float(self.share[place]), float(self.error[place])

    def complete(self, observed: Array, age: Array, *, unit: float = 1.0) -> tuple[Array, Array]:
        """Return eventual conversions or revenue, and the variance of the estimate.

        Parameters
        ----------
        observed : array, shape (n,)
            Conversions or revenue (currency) reported so far.
        age : array of int, shape (n,)
            Days from the date to the export.
        unit : float
            Variance over mean of what is reported: 1 for conversions, the
            noise unit (currency per sale) for revenue.

        Notes
        -----
        ``N / F(a)`` with variance ``unit·max(N, unit)·dispersion / F² + (N/F)²·se(F)²/F²``; NaN where
        F is not above zero or there is no curve.
        """
        if self.method == "none":
            return np.full(len(observed), np.nan), np.full(len(observed), np.nan)
        place = np.clip(np.asarray(age, dtype=np.int64), 0, len(self.share) - 1)
        share, error = self.share[place], self.error[place]
        with np.errstate(all="ignore"):
            total = np.where(share > 0, observed / share, np.nan)
            variance = unit * np.maximum(observed, unit) * self.dispersion / share**2 + (total * error / share) ** 2
        return total, np.where(share > 0, variance, np.nan)

    def to_dict(self) -> dict[str, Any]:
        """Return plain values; ages up to the first that is complete to a thousandth."""
        done = np.flatnonzero(np.abs(self.share - 1) < 1e-3)
        last = int(done[0]) + 1 if len(done) else len(self.share)
        curve = [
            {"age": age, "share": float(f"{share:.4g}"), "error": float(f"{error:.3g}")}
            for age, (share, error) in enumerate(zip(self.share[:last], self.error[:last], strict=True))
        ]
        numbers = {name: float(f"{getattr(self, name):.4g}") for name in ("tail", "dispersion", "restated")}
        return {"method": self.method, "oldest": self.oldest, **numbers, "dates": self.dates, "why": self.why,
                "curve": curve}  # fmt: skip


def completion_curve(snapshots: pd.DataFrame) -> CompletionCurve:
    """Learn from successive exports what share is reported at each age.

    Parameters
    ----------
    snapshots : DataFrame
        Columns ``as_of`` (day of the export), ``date``, ``conversions``; at
        least two exports that share dates, at any distance in time.

    Returns
    -------
    CompletionCurve
        With ``method="none"`` and the reason where exports cannot tell.

    Notes
    -----
    Given what a later export holds, the earlier one is binomial with chance
    ``F(young)/F(old)``. F is ``1 - (1-p)·exp(-((a+h)/theta)^k)``, fitted by
    penalised likelihood (`PRIOR`), errors scaled by the dispersion. Where
    conversions are taken back (`TAKEN_BACK`) or that curve misfits (an F test
    of its misfit against the scatter of dates), F is the chain ladder with
    Mack's errors, made for any ages by least squares on log factors.

    References
    ----------
    Mack (1993), Distribution-free calculation of the standard error of chain
    ladder reserve estimates; Chapelle (2014), Modeling delayed feedback in display advertising.
    """
    seen = steps(snapshots)
    if not len(seen.young):
        return _none("no date is in two exports")
    known = float(np.minimum(seen.before, seen.after).sum())
    if known < FEWEST:
        return _none(f"{known:.0f} conversions are in two exports; a curve needs {FEWEST}")
    inner, freedom = _scatter(seen)
    if seen.restated <= TAKEN_BACK:
        curve, misfit, left = _smooth(seen)
        if not _misfits(misfit, left, inner, freedom):
            return curve
    return _stepwise(seen, inner)


def _none(why: str) -> CompletionCurve:
    return CompletionCurve(np.empty(0), np.empty(0), "none", why=why)


def _scatter(seen: Steps) -> tuple[float, int]:
    """Return the dispersion of dates about their own step, and its degrees of freedom.

    Mack's ``s2`` of a step over its binomial value ``f·(f-1)`` per conversion, pooled over steps.
    """
    several = (seen.dates > 1) & (seen.after > seen.before) & (seen.before > 0)
    growth = seen.after[several] / seen.before[several]
    freedom = int((seen.dates[several] - 1).sum())
    if not freedom:
        return 1.0, 0
    return float((seen.scatter[several] / (growth * (growth - 1))).sum() / freedom), freedom


def _misfits(misfit: float, left: int, inner: float, freedom: int) -> bool:
    """Tell whether the smooth curve misses the steps by more than dates scatter."""
    from scipy.special import fdtrc

    if left < 1:
        return False
    scatter = (inner * freedom + BINOMIAL) / (freedom + BINOMIAL)
    return bool(fdtrc(left, freedom + BINOMIAL, misfit / scatter) < MISFIT)


def _share(parameters: Array, age: Array) -> Array:
    """Return F at ages; parameters as in `PRIOR`."""
    theta, shape = np.exp(parameters[0]), np.exp(parameters[1])
    at_once, head = (1 / (1 + np.exp(-x)) for x in parameters[2:])
    found: Array = 1 - (1 - at_once) * np.exp(-(((age + head) / theta) ** shape))
    return found


def _smooth(seen: Steps) -> tuple[CompletionCurve, float, int]:
    """Fit the smooth curve; also return its misfit per degree of freedom, and those degrees."""
    kept = np.minimum(seen.before, seen.after)
    best = _fitted(seen, kept)
    p = _chance(best, seen)
    expected = seen.after * p * (1 - p)
    tells = expected > 1.0
    left = int(tells.sum()) - len(best)
    misfit = float(((kept - seen.after * p)[tells] ** 2 / expected[tells]).sum() / left) if left > 0 else 1.0
    dispersion = max(1.0, misfit)
    information, _ = _score(best, seen, kept, dispersion)
    ages = np.arange(OLDEST + 1, dtype=float)
    slope = _slopes(lambda x: _share(x, ages), best)
    error = np.sqrt(np.einsum("ia,ij,ja->a", slope, np.linalg.inv(information), slope))
    oldest = int(seen.old.max())
    share = _share(best, ages)
    tail = float(1 - share[oldest])
    why = f"{tail * 100:.1f} % is expected after {oldest} {'day' if oldest == 1 else 'days'}, the oldest age seen"
    pairs = int(seen.dates.sum())
    curve = CompletionCurve(share, error, "weibull", oldest, tail, dispersion, seen.restated, pairs, why)
    return curve, misfit, left


def _chance(parameters: Array, seen: Steps) -> Array:
    """Return the chance that a conversion of the later export was in the earlier one."""
    young, old = (_share(parameters, ages.astype(float)) for ages in (seen.young, seen.old))
    return np.clip(young / np.maximum(old, 1e-12), 1e-9, 1 - 1e-9)


def _loss(parameters: Array, seen: Steps, kept: Array) -> float:
    """Return the penalised negative log likelihood."""
    centre, width = np.array(PRIOR).T
    p = _chance(parameters, seen)
    fit = (kept * np.log(p) + (seen.after - kept) * np.log1p(-p)).sum()
    return float(0.5 * (((parameters - centre) / width) ** 2).sum() - fit)


def _score(parameters: Array, seen: Steps, kept: Array, dispersion: float = 1.0) -> tuple[Array, Array]:
    """Return the expected curvature of the loss and its downward slope."""
    centre, width = np.array(PRIOR).T
    p = _chance(parameters, seen)
    slope = _slopes(lambda x: _chance(x, seen), parameters)
    weight = seen.after / (p * (1 - p)) / dispersion
    information = np.einsum("ia,a,ja->ij", slope, weight, slope) + np.diag(1 / width**2)
    away = (kept - seen.after * p) / (p * (1 - p)) / dispersion
    return information, (slope * away).sum(axis=1) - (parameters - centre) / width**2


def _slopes(curve: Callable[[Array], Array], at: Array) -> Array:
    """Return derivatives by central differences, shape (n_parameters, n_values)."""
    return np.array([(curve(at + e) - curve(at - e)) / 2e-4 for e in 1e-4 * np.eye(len(at))])


def _fitted(seen: Steps, kept: Array) -> Array:
    """Return the most likely parameters by Fisher scoring with halved steps, from a short and a long delay."""
    centre = np.array(PRIOR)[:, 0]
    found = []
    for shift in (-1.0, 1.0):
        at = centre + np.array([shift, 0, 0, 0])
        loss = _loss(at, seen, kept)
        for _ in range(SCORINGS):
            information, down = _score(at, seen, kept)
            step = np.linalg.solve(information, down)
            step *= min(1.0, 1.5 / float(np.abs(step).max() + 1e-12))
            while (fresh := _loss(at + step, seen, kept)) > loss and np.abs(step).max() > 1e-7:
                step /= 2
            if fresh > loss:
                break
            done = loss - fresh < 1e-9 * (1 + abs(loss))
            at, loss = at + step, fresh
            if done:
                break
        found.append((loss, tuple(at.tolist())))
    return np.array(min(found)[1])


#: Rounds of scoring; ten or so are used.
SCORINGS: Final = 60


def _stepwise(seen: Steps, inner: float) -> CompletionCurve:
    """Return the chain ladder for irregular ages: least squares on log growth factors.

    The log growth of a step has variance ``dispersion·(|change| + 1/2)/before²``: Mack's
    ``s2/(f²·sum C)`` with its s2 pooled over steps.
    """
    good = (seen.before > 0) & (seen.after > 0)
    young, old, before, after = (x[good] for x in (seen.young, seen.old, seen.before, seen.after))
    oldest = int(old.max())
    dispersion = max(1.0, inner)
    design = np.zeros((len(young), oldest + 1))
    design[np.arange(len(young)), old] += 1
    design[np.arange(len(young)), young] -= 1
    growth = np.log(after / before)
    weight = np.minimum(before, after) ** 2 / (dispersion * (np.abs(after - before) + 0.5))
    rough = np.diff(np.eye(oldest + 1), n=2, axis=0)
    # log F is zero at the oldest age: that column leaves the equations.
    left, bend = design[:, :-1], rough[:, :-1]
    gap = int((old - young).max())
    # Exports a week apart link an age to that of a week later only: seven chains, all of which end at one.
    ended = np.where(np.arange(oldest) > oldest - gap, ENDED, 1e-9)
    normal = left.T @ (left * weight[:, None]) + SMOOTHNESS * bend.T @ bend + np.diag(ended)
    inverse = np.linalg.inv(normal)
    level = np.append(inverse @ (left.T @ (weight * growth)), 0.0)
    share = np.exp(level)
    error = share * np.append(np.sqrt(np.maximum(np.diag(inverse), 0.0)), 0.0)
    last = young >= oldest - 2 * gap
    tail = max(0.0, float(1 - before[last].sum() / after[last].sum()))
    why = f"{tail * 100:.1f} % arrived between the last exports of the oldest days ({oldest}); none is assumed later"
    pairs = int(seen.dates.sum())
    return CompletionCurve(share, error, "ladder", oldest, tail, dispersion, seen.restated, pairs, why)
