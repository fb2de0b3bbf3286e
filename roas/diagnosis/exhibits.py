"""What the chart of a finding draws: a weekly series, and what it would have been without the cause."""

from __future__ import annotations

import datetime as dt
from typing import Final

import numpy as np

from roas.diagnosis.candidate import Array, Candidate
from roas.diagnosis.evidence import Z90
from roas.diagnosis.panel import Panel
from roas.diagnosis.posterior import changes_of, path_of
from roas.diagnosis.results import Exhibit
from roas.diagnosis.seen import Seen
from roas.diagnosis.series import RATIOS

#: Impressions are priced by the thousand.
_FACTOR: Final = {"cpm": 1000.0}

_TILL: Final = {
    "orders_per_session": ("orders", "sessions"),
    "order_value": ("revenue", "orders"),
    "new_share": ("new_customers", "orders"),
    "orders": ("orders", ""),
    "sessions": ("sessions", ""),
    "revenue": ("revenue", ""),
}

#: What is drawn where a cause's own metric is not exported, in this order.
_INSTEAD: Final = ("cvr", "response", "claimed_roas", "orders", "revenue")


def exhibits_of(seen: Seen, candidate: Candidate, since: dt.date) -> tuple[Exhibit, ...]:
    """Return the series to draw, dated as the finding is: the cause's own, and what came of it."""
    signature = candidate.signature
    assert signature is not None
    changes = changes_of(seen, candidate)
    wanted = [signature.shows, *[name for name in _INSTEAD if name in changes]]
    if signature.scope == "channel" and "claimed_roas" not in wanted:
        wanted.append("claimed_roas")
    found = []
    for metric in dict.fromkeys(wanted):
        observed = observed_series(seen.panel, metric, candidate.channel)
        if observed is None or not np.isfinite(observed).any():
            continue
        path, error = _course(seen, candidate, metric)
        found.append(_exhibit(seen, metric, candidate.channel, observed, path, error, since))
    return tuple(found[:2])


def _course(seen: Seen, candidate: Candidate, metric: str) -> tuple[Array | None, float]:
    """Return what the cause did to the log of a metric, and its error; None where that is not known."""
    changes = changes_of(seen, candidate)
    of_channel = metric == "claims_over_till" and candidate.channel is not None
    if metric in changes and not of_channel:
        weight = candidate.weights(seen.shapes.prior)
        return path_of(seen, candidate, changes[metric]), float((weight * changes[metric].sd).sum())
    if metric in ("response", "claimed_roas", "claims_over_till"):
        parts = {"cvr": 1, "ctr": 1, "cpm": -1} | ({} if metric == "response" else {"aov": 1})
        known = [(path_of(seen, candidate, changes[m]) * sign, changes[m]) for m, sign in parts.items() if m in changes]
        if known:
            weight = candidate.weights(seen.shapes.prior)
            errors = [float((weight * change.sd).sum()) for _, change in known]
            return np.sum([path for path, _ in known], axis=0), float(np.hypot.reduce(errors))
    return None, 0.0


def _exhibit(
    seen: Seen, metric: str, channel: int | None, observed: Array, path: Array | None, error: float, since: dt.date
) -> Exhibit:
    nothing = np.full(len(observed), np.nan)
    expected, low, high = nothing, nothing, nothing
    if path is not None:
        reached = np.abs(path) / max(float(np.abs(path).max()), 1e-9)
        expected = observed * np.exp(-path)
        low, high = expected * np.exp(-Z90 * error * reached), expected * np.exp(Z90 * error * reached)
    in_till = metric in _TILL or metric == "unattributed"
    where = seen.panel.channels[channel] if channel is not None and not in_till else None
    drawn = [tuple(float(f"{v:.6g}") for v in values) for values in (observed, expected, low, high)]
    return Exhibit(metric, where, seen.panel.starts, drawn[0], drawn[1], drawn[2], drawn[3], since)


def observed_series(panel: Panel, metric: str, channel: int | None) -> Array | None:
    """Return a metric week by week in its own unit; None where it is not exported."""
    with np.errstate(divide="ignore", invalid="ignore"):
        if metric in RATIOS:
            (top, bottom), factor = RATIOS[metric], _FACTOR.get(metric, 1.0)
            above, below = panel.sums[top], panel.sums[bottom]
            if channel is None:  # of the channels that export both
                both = np.isfinite(above) & np.isfinite(below)
                above, below = (np.where(both, each, 0.0).sum(axis=0) for each in (above, below))
            else:
                above, below = above[channel], below[channel]
            return np.asarray(np.where(below > 0, factor * above / below, np.nan))
        if metric in _TILL:
            top, bottom = _TILL[metric]
            if top not in panel.till or (bottom and bottom not in panel.till):
                return None
            return np.asarray(panel.till[top] / panel.till[bottom] if bottom else panel.till[top])
        spend = panel.total["spend"] if channel is None else panel.sums["spend"][channel]
        claims = panel.total["conversion_value"] if channel is None else panel.sums["conversion_value"][channel]
        if metric == "spend_share":
            return np.asarray(spend / panel.total["spend"])
        if metric == "campaigns" and channel is not None:
            return np.asarray(panel.campaigns[channel])
        if metric == "claims_over_till" and panel.till:
            return np.asarray(claims / panel.till["revenue"])
        if metric == "unattributed" and panel.till:
            return np.asarray(panel.till["revenue"] - panel.total["conversion_value"])
    return None
