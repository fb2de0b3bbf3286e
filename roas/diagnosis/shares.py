"""Share what was lost over the causes: each its part, and what none of them explains."""

from __future__ import annotations

import datetime as dt
from itertools import combinations
from math import factorial
from typing import Final

import numpy as np

from roas.diagnosis.results import Explained, Finding
from roas.diagnosis.search import Searched
from roas.diagnosis.seen import Seen
from roas.quantiles import DIGITS

#: What the till may do beside the causes named (log sd): mixed with its error, so that luck is not shared out.
LEFT_SD: Final = 0.05

#: Series of the till that make up revenue.
_TILL: Final = ("sessions", "orders_per_session", "orders", "order_value", "revenue")


def explained(searched: Searched, findings: tuple[Finding, ...], *, margin: float | None) -> Explained | None:
    """Share the loss since the earliest supported finding.

    Notes
    -----
    What is kept of revenue without cause i is ``1 - loss[i] / revenue``; causes multiply. A cause's share is its
    Shapley value: the mean, over all orders in which causes could be put right, of what putting it right adds.
    What the till still falls short of its usual course by, once these causes are out, is unexplained.
    """
    supported = [each for each in findings if each.verdict == "supported"]
    seen = searched.seen
    if not supported or not seen.panel.till:
        return None
    since = min(each.since for each in supported)
    # The week that holds the day counts: late reporting may begin within the last one.
    weeks = np.array([start + dt.timedelta(days=7) > since for start in seen.panel.starts])
    sold = seen.panel.till["revenue"][weeks]
    if not np.isfinite(sold).any():
        return None
    revenue = float(np.nanmean(sold)) * (margin or 1.0)
    if revenue <= 0:
        return None
    lost = [each.effect_per_week.p50 for each in supported]
    shares = _shapley([revenue / (revenue + loss) if revenue + loss > 0 else 1.0 for loss in lost], revenue)
    parts = tuple((each.cause, each.channel, _round(share)) for each, share in zip(supported, shares, strict=True))
    unexplained = _round(_left(searched.left, int(np.flatnonzero(weeks)[0]), revenue))
    return Explained(round(sum(part[2] for part in parts) + unexplained, DIGITS), parts, unexplained)


def _round(value: float) -> float:
    return float(f"{value:.{DIGITS}g}")


def _shapley(kept: list[float], revenue: float) -> list[float]:
    """Return each cause's part of ``revenue * (1 / product(kept) - 1)``."""
    n = len(kept)

    def worth(put_right: tuple[int, ...]) -> float:
        return revenue / float(np.prod([kept[i] for i in put_right])) if put_right else revenue

    found = []
    for i in range(n):
        others = [j for j in range(n) if j != i]
        value = 0.0
        for size in range(n):
            weight = factorial(size) * factorial(n - size - 1) / factorial(n)
            value += weight * sum(worth((*some, i)) - worth(some) for some in combinations(others, size))
        found.append(value)
    return found


def _left(seen: Seen, onset: int, revenue: float) -> float:
    """Return by how much revenue since a week fell short of its usual course once the causes are out, per week.

    Drawn to zero by its own error: what luck can do is nobody's to explain. Negative: the rest did better.
    """
    steps = seen.shapes.at("step")
    if not len(steps):
        return 0.0
    shape = int(steps[np.abs(seen.shapes.onset[steps] - onset).argmin()])
    found = [seen.contrasts[seen.place[name, None]] for name in _TILL if (name, None) in seen.place]
    change = sum(float(each.change[shape]) for each in found)
    variance = sum(float(each.error[shape]) ** 2 for each in found)
    return revenue * float(np.expm1(-change * LEFT_SD**2 / (LEFT_SD**2 + variance)))
