"""A plan against the truth, and sums over accounts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from accounts import Truth
from fits import Fit

from roas.plan.allocate import best_split
from roas.plan.cents import to_cents
from roas.plan.limits import limits_of
from roas.plan.results import Limit, Plan
from roas.plan.tables import Value
from roas.plan.today import Today

#: Share of the best gain that a loss must pass to be called one that matters.
MATTERS = 0.01

#: Resamples of accounts behind the intervals of shares captured.
RESAMPLES = 2000


@dataclass(frozen=True)
class Score:
    """One plan of one account.

    Attributes
    ----------
    gain, best : float
        True change of the plan, and of the best split inside the same limits: currency per week.
    held : bool
        The plan keeps today's split.
    low, middle, high, mean : float
        Predicted change; NaN for rules.
    stated : float
        Probability of beating today that the plan states.
    """

    name: str
    gain: float
    best: float
    held: bool
    low: float = np.nan
    middle: float = np.nan
    high: float = np.nan
    mean: float = np.nan
    stated: float = np.nan


def limits_for(today: Today, max_change: float) -> dict[str, Limit]:
    """Return limits of every channel, those that the model leaves out too: they count against it."""
    return limits_of(replace(today, excluded={}), max_change=max_change)


def now_of(today: Today) -> dict[str, float]:
    """Return today's money by channel."""
    return dict(zip(today.channels, today.spend, strict=True))


def best_gain(truth: Truth, today: Today, limits: Mapping[str, Limit], weeks: int) -> tuple[float, dict[str, float]]:
    """Return what the best split gains in truth, and the split."""
    now = now_of(today)
    names = sorted(c for c in today.channels if now[c] > 0)

    def value(name: str) -> Value:
        curve = truth.of(name, weeks)
        return lambda cents: curve(np.asarray(cents) / 100 / now[name])

    low, high = ([to_cents(getattr(limits[name], side)) for name in names] for side in ("low", "high"))
    split = best_split([value(name) for name in names], low, high, sum(to_cents(now[name]) for name in names))
    planned = now | {name: cents / 100 for name, cents in zip(names, split.cents, strict=True)}
    return max(truth.gain(planned, now, weeks), 0.0), planned


def scored(fit: Fit, plan: Plan | dict[str, float], best: float, weeks: int) -> Score:
    """Score a plan, or the money of a rule."""
    now = now_of(fit.today)
    planned = {m.channel: m.planned for m in plan.moves} if isinstance(plan, Plan) else plan
    gain, held = fit.truth.gain(planned, now, weeks), planned == now
    if not isinstance(plan, Plan) or plan.draws is None:
        return Score(fit.name, gain, best, held)
    q = plan.revenue_change
    return Score(fit.name, gain, best, held, q.p5, q.p50, q.p95, float(np.mean(plan.draws)), plan.probability_better)


def captured(scores: Sequence[Score]) -> tuple[float, float, float]:
    """Return the gains over the best gains, sums over sums, with a 90 % interval over accounts."""
    gains, bests = np.array([s.gain for s in scores]), np.array([s.best for s in scores])
    rng = np.random.default_rng(0)
    rows = rng.integers(0, len(scores), (RESAMPLES, len(scores)))
    low, high = np.quantile(gains[rows].sum(axis=1) / bests[rows].sum(axis=1), [0.05, 0.95])
    return float(gains.sum() / bests.sum()), float(low), float(high)


def mean_share(scores: Sequence[Score]) -> float:
    """Return the mean over accounts of the share of the best gain."""
    return float(np.mean([s.gain / s.best for s in scores if s.best > 0]))


def worse(scores: Sequence[Score], by: float = 0.0) -> int:
    """Count plans that lose more than `by` of the best gain."""
    return sum(s.gain < -max(by * s.best, 1e-6) for s in scores)


def covered(scores: Sequence[Score]) -> float:
    """Return the share of plans that move money whose true change lies in the 90 % interval."""
    moved = [s for s in scores if not s.held and np.isfinite(s.low)]
    return float(np.mean([s.low <= s.gain <= s.high for s in moved])) if moved else float("nan")


def predicted_over_true(scores: Sequence[Score]) -> float:
    """Return the sum of predicted changes over the sum of true ones, of plans that move money."""
    moved = [s for s in scores if not s.held and np.isfinite(s.mean)]
    return sum(s.mean for s in moved) / sum(s.gain for s in moved) if moved else float("nan")


def stated_and_true(scores: Sequence[Score]) -> tuple[float, float, int]:
    """Return the mean stated probability of gaining, the share that gained, and the count."""
    moved = [s for s in scores if not s.held and np.isfinite(s.stated)]
    if not moved:
        return float("nan"), float("nan"), 0
    return float(np.mean([s.stated for s in moved])), float(np.mean([s.gain > 0 for s in moved])), len(moved)
