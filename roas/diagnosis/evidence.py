"""What speaks for a finding: what moved, what stayed, what had to be there, and how far ahead of its rivals it is."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from roas.diagnosis.candidate import Candidate
from roas.diagnosis.causes import fragmentation, mix_shift, saturation
from roas.diagnosis.lateness import MISSING_DAYS, Lateness
from roas.diagnosis.loads import available
from roas.diagnosis.posterior import plain_contrast
from roas.diagnosis.results import Evidence
from roas.diagnosis.seen import Seen

#: Evidence over the next rival from which a cause is supported (diagnosis recipe 3.3: twenty to one).
OVER_RIVAL: Final = 20.0

#: Series shown that moved, and that stayed where rivals would have moved them.
MOST_MOVED, MOST_STAYED = 4, 2

#: Half a 90 % interval in standard errors.
Z90: Final = 1.645

#: Series that would tell a rival from the cause, shown where they stayed: the plainest first.
_WITNESSES: Final = ("revenue", "orders", "sessions", "cpm", "ctr", "cvr", "aov", "order_value", "frequency")


def best_shape(seen: Seen, candidate: Candidate) -> int:
    """Return the most probable shape."""
    return int(candidate.weights(seen.shapes.prior).sum(axis=1).argmax())


def evidence_of(seen: Seen, candidate: Candidate, *, over_rival: float, rival: str | None) -> tuple[Evidence, ...]:
    """Return the evidence, the strongest first."""
    shape = best_shape(seen, candidate)
    found = [*_gate(seen, candidate, shape), *_moved(seen, candidate, shape), *_stayed(seen, candidate, shape)]
    ratio = float(np.exp(min(over_rival, np.log(1e6))))
    found.append(Evidence("evidence_ratio", round(ratio, 1), OVER_RIVAL, {"rival": rival}))
    return tuple(found)


def _measured(seen: Seen, metric: str, channel: int | None, shape: int) -> tuple[float, float] | None:
    change, variance = plain_contrast(seen, metric, channel)
    return None if change is None else (float(change[shape]), float(np.sqrt(variance[shape])))


def _one(seen: Seen, metric: str, channel: int | None, shape: int, kind: str) -> Evidence | None:
    measured = _measured(seen, metric, channel, shape)
    if measured is None or measured[1] > 1:
        return None
    change, error = measured
    facts: dict[str, Any] = {
        "metric": metric,
        "channel": seen.panel.channels[channel] if channel is not None else None,
        "kind": kind,
        "low": round(float(np.expm1(change - Z90 * error)), 4),
        "high": round(float(np.expm1(change + Z90 * error)), 4),
    }
    threshold = np.expm1(np.sign(change) * Z90 * error)
    return Evidence(f"change_in_{metric}", round(float(np.expm1(change)), 4), round(float(threshold), 4), facts)


def _expected(seen: Seen, candidate: Candidate) -> dict[str, float]:
    """Return by how much each series should move for a hit of size 1: rates, then the till."""
    signature = candidate.signature
    assert signature is not None
    found = {metric: sum(load) / 2 for metric, load in available(seen, signature).items()}
    return found | {metric: sum(load) / 2 for metric, load in signature.till.items() if metric not in found}


def _moved(seen: Seen, candidate: Candidate, shape: int) -> list[Evidence]:
    """Return the series that moved the way they should, those first that stand out most."""
    signature = candidate.signature
    assert signature is not None
    items = []
    for metric, load in _expected(seen, candidate).items():
        channel = None if metric in signature.till else candidate.channel
        one = _one(seen, metric, channel, shape, "moved")
        measured = _measured(seen, metric, channel, shape)
        if one is not None and measured is not None and abs(load) >= 0.3 and np.sign(load) == np.sign(measured[0]):
            first = metric == signature.shows
            items.append((not first, -abs(measured[0] / measured[1]), metric, one))
    return [one for _, _, _, one in sorted(items, key=lambda item: item[:3])][:MOST_MOVED]


def _stayed(seen: Seen, candidate: Candidate, shape: int) -> list[Evidence]:
    """Return series that did not move though rivals would have moved them."""
    expected = _expected(seen, candidate)
    found = []
    for metric in _WITNESSES:
        if abs(expected.get(metric, 0.0)) >= 0.3:
            continue
        in_till = metric not in seen.shared.weights
        measured = _measured(seen, metric, None if in_till else candidate.channel, shape)
        one = _one(seen, metric, None if in_till else candidate.channel, shape, "stayed")
        if one is not None and measured is not None and abs(measured[0]) < Z90 * measured[1]:
            found.append(one)
    return found[:MOST_STAYED]


def _gate(seen: Seen, candidate: Candidate, shape: int) -> list[Evidence]:
    """Return what had to be there for the cause to be asked about at all."""
    signature, channel = candidate.signature, candidate.channel
    assert signature is not None
    name = seen.panel.channels[channel] if channel is not None else None
    if signature is saturation.CAUSE:
        rise = float(np.expm1(saturation.size(seen, channel)[shape]))
        return [Evidence("spend_rose", round(rise, 4), round(float(np.expm1(saturation.RISE)), 4), {"channel": name})]
    if signature is fragmentation.CAUSE and channel is not None:
        more = float(np.expm1(seen.campaigns_change[channel][shape]))
        young = float(seen.young_change[channel][shape])
        limit = round(float(np.expm1(fragmentation.MORE_CAMPAIGNS)), 4)
        return [Evidence("campaigns_multiplied", round(more, 4), limit, {"channel": name, "young": round(young, 4)})]
    if signature is mix_shift.CAUSE:
        move = mix_shift.moves(seen)
        facts = {"channel": name, "moved": float(move.moved[shape])}
        cost = round(float(-np.expm1(-move.cost[shape])), 4)
        return [Evidence("money_moved", cost, mix_shift.LEAST, facts)]
    return []


def evidence_of_lateness(channel: str | None, found: Lateness) -> tuple[Evidence, ...]:
    """Return what speaks for late reporting."""
    facts = {"channel": channel, "arrived": round(float(found.arrived[0]), 3), "days": found.days}
    return (
        Evidence("days_missing", round(found.missing, 2), MISSING_DAYS, facts),
        Evidence("late_over_step", round(float(np.exp(min(found.over_step, 13.8))), 1), 3.0, {"channel": channel}),
    )
