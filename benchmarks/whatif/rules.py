"""Simple rules that people use, under the same limits and with the same budget.

Each takes what platforms claim (`Fit.claims`) and today's money, and returns money per week. A channel whose platform
claims nothing keeps its money. Wishes outside the limits are cut and the rest scaled to the total
(`roas.plan.cents.fill`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pandas as pd
from fits import Fit

from roas.plan.cents import fill, to_cents
from roas.plan.results import Limit

#: Weeks whose claims a rule reads.
RECENT_WEEKS = 8

#: Sd of log spend over weeks below which no slope is fitted: spend does not move.
STILL = 0.01

#: Share of the worst channel's money that the smallest rule moves.
MOVED = 0.1

Planned = dict[str, float]


def nothing(fit: Fit, limits: Mapping[str, Limit]) -> Planned:
    """Keep today's split."""
    return dict(zip(fit.today.channels, fit.today.spend, strict=True))


def by_claimed_roas(fit: Fit, limits: Mapping[str, Limit]) -> Planned:
    """Give money in proportion to claimed ROAS."""
    ratios = claimed_roas(fit)
    return _filled(fit, limits, ratios)


def by_claimed_revenue(fit: Fit, limits: Mapping[str, Limit]) -> Planned:
    """Give money in proportion to claimed revenue: today's money times claimed ROAS."""
    ratios = claimed_roas(fit)
    return _filled(fit, limits, {name: fit.today.of(name) * ratio for name, ratio in ratios.items()})


def equal_marginal(fit: Fit, limits: Mapping[str, Limit]) -> Planned:
    """Make the next unit of claimed revenue equal: claimed revenue of a week = a + b log(spend), so spend ~ b."""
    wishes = {}
    for name in claimed_roas(fit):
        rows = fit.claims[(fit.claims["channel"] == name) & (fit.claims["spend"] > 0)].dropna()
        logs = np.log(rows["spend"].to_numpy())
        if len(rows) >= RECENT_WEEKS and logs.std() > STILL:
            wishes[name] = max(float(np.polyfit(logs, rows["claimed"].to_numpy(), 1)[0]), 0.0)
    return _filled(fit, limits, wishes)


def worst_to_best(fit: Fit, limits: Mapping[str, Limit]) -> Planned:
    """Move 10 % of the channel with the worst claimed ROAS to the one with the best."""
    ratios, planned = claimed_roas(fit), nothing(fit, limits)
    if len(ratios) < 2:
        return planned
    worst, best = min(ratios, key=ratios.__getitem__), max(ratios, key=ratios.__getitem__)
    room = min(MOVED * planned[worst], planned[worst] - limits[worst].low, limits[best].high - planned[best])
    cents = int(room * 100)
    planned[worst] -= cents / 100
    planned[best] += cents / 100
    return {name: round(amount, 2) for name, amount in planned.items()}


def to_the_limits(fit: Fit, limits: Mapping[str, Limit]) -> Planned:
    """Raise the best claimed ROAS as far as limits allow, then the second best, with the money of the worst."""
    ratios, planned = claimed_roas(fit), nothing(fit, limits)
    order = sorted(ratios, key=lambda name: -ratios[name])
    cents = {name: to_cents(planned[name]) for name in order}
    left = sum(cents.values()) - sum(to_cents(limits[name].low) for name in order)
    for name in order:
        low, high = to_cents(limits[name].low), to_cents(limits[name].high)
        cents[name] = low + min(high - low, left)
        left -= cents[name] - low
    return planned | {name: each / 100 for name, each in cents.items()}


def claimed_roas(fit: Fit) -> dict[str, float]:
    """Return the claimed ROAS of the last 8 whole weeks of channels that spend and claim."""
    weeks = np.sort(fit.claims["week"].unique())[-RECENT_WEEKS:]
    rows: pd.DataFrame = fit.claims[fit.claims["week"].isin(weeks)]
    sums = rows.groupby("channel")[["spend", "claimed"]].sum(min_count=1).dropna()
    ratios = (sums["claimed"] / sums["spend"]).to_dict()
    return {n: float(ratios[n]) for n in sorted(fit.today.channels) if fit.today.of(n) > 0 and ratios.get(n, 0) > 0}


def _filled(fit: Fit, limits: Mapping[str, Limit], wishes: Mapping[str, float]) -> Planned:
    """Cut wishes at the limits so that they add up to what these channels have today."""
    planned = nothing(fit, limits)
    names: Sequence[str] = sorted(wishes)
    total = sum(to_cents(planned[name]) for name in names)
    whole = sum(wishes.values())
    if len(names) < 2 or whole <= 0:
        return planned
    wanted = [round(total * wishes[name] / whole) for name in names]
    low, high = ([to_cents(getattr(limits[name], side)) for name in names] for side in ("low", "high"))
    return planned | {name: each / 100 for name, each in zip(names, fill(total, wanted, low, high), strict=True)}


RULES: dict[str, Callable[[Fit, Mapping[str, Limit]], Planned]] = {
    "in proportion to claimed ROAS": by_claimed_roas,
    "in proportion to claimed revenue": by_claimed_revenue,
    "equal marginal claimed revenue": equal_marginal,
    "best claimed ROAS to its limit": to_the_limits,
    "10 % from worst to best claimed ROAS": worst_to_best,
    "nothing": nothing,
}
