"""From a signature to the changes it expects in this account's series."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from roas.diagnosis.causes.base import Load, Signature
from roas.diagnosis.seen import Seen

Spread = tuple[float, float]


@dataclass(frozen=True)
class Loads:
    """Mean and sd of every series' full change, for a hit of size 1.

    Attributes
    ----------
    rates : mapping of metric to (mean, sd)
        Of the channel that is hit, or of all.
    till : mapping of metric to (mean, sd)
    """

    rates: dict[str, Spread]
    till: dict[str, Spread]

    def of_common(self, metric: str) -> Spread:
        """Return what a series that all share, or of the till, is expected to do."""
        return self.rates.get(metric) or self.till.get(metric) or (0.0, 0.0)

    def weight(self, seen: Seen, metric: str, channel: int | None) -> float:
        """Return how much of a channel's change stands in the shared series."""
        if metric in self.rates and channel is not None:
            return float(seen.shared.weights[metric][channel])
        return 1.0


def loads_of(seen: Seen, signature: Signature, channel: int | None) -> Loads:
    """Return what a cause does to the series that there are."""
    rates = {metric: spread(load) for metric, load in available(seen, signature).items()}
    till = {metric: spread(load) for metric, load in signature.till.items()}
    if signature.scope == "channel":
        till = _lost_in_till(seen, signature, channel) | till
    return Loads(rates, till)


def spread(load: Load) -> Spread:
    """Return mean and sd of a uniform range."""
    low, high = load
    return (low + high) / 2, (high - low) / 12**0.5


def _add(*loads: Load) -> Load:
    return sum(low for low, _ in loads), sum(high for _, high in loads)


def _less(load: Load) -> Load:
    return -load[1], -load[0]


def available(seen: Seen, signature: Signature) -> dict[str, Load]:
    """Translate loads into the metrics there are: a chain that is exported in part is added up."""
    there = {metric for metric, _ in seen.place}
    nothing = (0.0, 0.0)
    hit = dict(signature.hit)
    ctr, cpm, cvr, aov = (hit.get(name, nothing) for name in ("ctr", "cpm", "cvr", "aov"))
    if "cpc" in there:
        hit["cpc"] = _add(cpm, _less(ctr))
    if "response" in there:
        hit["response"] = _add(cvr, ctr, _less(cpm))
    if "claimed_roas" in there:
        hit["claimed_roas"] = _add(cvr, ctr, _less(cpm), aov)
    return {metric: load for metric, load in hit.items() if metric in there}


def response_of(signature: Signature) -> Spread:
    """Return mean and sd of the change in claimed revenue per unit of spend."""
    mean = variance = 0.0
    for metric, sign in (("cvr", 1), ("ctr", 1), ("cpm", -1), ("aov", 1)):
        middle, sd = spread(signature.hit.get(metric, (0.0, 0.0)))
        mean, variance = mean + sign * middle, variance + sd**2
    return mean, variance**0.5


def _lost_in_till(seen: Seen, signature: Signature, channel: int | None) -> dict[str, Spread]:
    """Return what the till loses when a channel sells less: its share of the till times a part of the fall.

    Visits follow clicks by a third to all of them, orders per visit the rest.
    """
    share = _share(seen.claim_share, channel)
    if not np.isfinite(share):
        return {}
    mean, sd = response_of(signature)
    kept, doubt = spread(signature.sells)
    lost = kept * mean * share, share * float(np.sqrt((kept**2 + doubt**2) * (mean**2 + sd**2) - (kept * mean) ** 2))
    found = {"orders": lost, "revenue": lost, "orders_per_session": lost}
    claimed = 1.0 if channel is None else float(seen.part_of_claims[channel])
    gap = mean * (claimed - kept * share), float(np.hypot(sd * abs(claimed - kept * share), doubt * mean * share))
    found["claims_over_till"] = gap
    part = _share(seen.click_share, channel)
    if np.isfinite(part):
        clicks = _add(signature.hit.get("ctr", (0.0, 0.0)), _less(signature.hit.get("cpm", (0.0, 0.0))))
        middle, sd_clicks = spread(clicks)
        visits = 0.65 * middle * part, part * float(np.hypot(0.65 * sd_clicks, 0.2 * middle))
        found["sessions"] = visits
        found["orders_per_session"] = lost[0] - visits[0], float(np.hypot(lost[1], visits[1]))
    return found


def _share(shares: np.ndarray[tuple[int], np.dtype[np.float64]], channel: int | None) -> float:
    found = np.nansum(shares) if channel is None and np.isfinite(shares).any() else np.nan
    return min(float(found if channel is None else shares[channel]), 1.0)
