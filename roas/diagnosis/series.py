"""Log series of a panel: what all channels share, what is a channel's own, and what the till says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from roas.diagnosis.panel import Array, Panel

#: Metrics of a channel: name → (what is divided, by what). Conversion rate falls back on spend where clicks are
#: not exported, and both on claimed revenue where conversions are not.
RATIOS: Final = {
    "cpm": ("spend", "impressions"),
    "ctr": ("clicks", "impressions"),
    "cpc": ("spend", "clicks"),
    "cvr": ("conversions", "clicks"),
    "response": ("conversions", "spend"),
    "aov": ("conversion_value", "conversions"),
    "frequency": ("impressions", "reach"),
    "claimed_roas": ("conversion_value", "spend"),
}

#: Weeks that a series needs to be looked at.
FEWEST_WEEKS: Final = 8

#: Variation of baskets, for the counting noise of money: the usual one of online shops (diagnosis finding 1);
#: the noise of the series itself is estimated beside it.
BASKET_CV: Final = 0.8

#: A channel's weight in what all share is at most this, so that one channel does not make the market.
LARGEST_WEIGHT: Final = 0.5


@dataclass(frozen=True)
class Series:
    """One log series.

    Attributes
    ----------
    metric : str
        Key of `roas.diagnosis.metrics.METRICS`.
    channel : int or None
        Position in the panel for a channel's own part; None for what is shared or of the till.
    values : array, shape (n,)
        Logs; NaN where unknown.
    counting : array, shape (n,)
        Variance that counting alone gives; 0 where nothing is counted.
    """

    metric: str
    channel: int | None
    values: Array
    counting: Array


@dataclass(frozen=True)
class Shared:
    """How much each channel weighs in what all share, per metric: mapping to array (channels,); 0 where unknown."""

    weights: dict[str, Array]


#: What causes already found did: (metric, channel; None: the till) -> array (n,), taken out of the logs.
Taken = Mapping[tuple[str, "int | None"], Array]


def build_series(panel: Panel, taken: Taken) -> tuple[list[Series], Shared]:
    """Return every series of an account, without what causes already found did; spend is taken as given.

    Notes
    -----
    With y[c, t] the log of a metric less the channel's mean, the shared part is g[t] = sum(w[c] y[c, t]) over the
    channels known in t, and the own part y[c, t] - g[t]. Weights are inverse variances of week-to-week changes.
    A shock that hits all channels alike stands in g alone, one of a single channel mostly in its own part.
    """
    found: list[Series] = []
    weights: dict[str, Array] = {}
    for metric in _metrics(panel):
        logs, counting = _logs(panel, metric)
        for k in range(len(logs)):
            logs[k] = logs[k] - taken.get((metric, k), 0.0)
        weights[metric] = _add(found, metric, logs, counting)
    found += [replace(each, values=each.values - taken.get((each.metric, None), 0.0)) for each in _till_series(panel)]
    return found, Shared(weights)


def _metrics(panel: Panel) -> list[str]:
    """Choose the finest chain that the columns allow: no quantity is counted twice."""
    chosen = []
    if panel.has("impressions"):
        chosen += ["cpm"]
        chosen += ["ctr"] if panel.has("clicks") else []
        chosen += ["frequency"] if panel.has("reach") else []
    elif panel.has("clicks"):
        chosen += ["cpc"]
    if panel.has("conversions"):
        chosen += ["cvr"] if panel.has("clicks") else ["response"]
        chosen += ["aov"] if panel.has("conversion_value") else []
    elif panel.has("conversion_value"):
        chosen += ["claimed_roas"]
    return chosen


def _logs(panel: Panel, metric: str) -> tuple[Array, Array]:
    """Return logs and counting variance per channel, shape (channels, n) each."""
    top, bottom = RATIOS[metric]
    # Rates as if the usual campaigns had run: a pause of one is no change of the others.
    above, below = panel.sums[top] / panel.makeup[top, bottom], panel.sums[bottom]
    counts = _counts_behind(panel, metric)
    if counts is None:
        logs = _log(above) - _log(below)
        return logs, np.zeros_like(logs)
    if metric in ("cvr", "response", "ctr"):
        # Half a count keeps weeks without a sale: the usual correction of a log of counts.
        logs = np.where(below > 0, np.log(np.maximum(above, 0) + 0.5) - _log(below), np.nan)
        return logs, 1 / (np.maximum(above, 0) + 0.5)
    variance = (BASKET_CV**2 if metric == "aov" else 1 + BASKET_CV**2) / np.maximum(counts, 0.5)
    return _log(above) - _log(below), variance


def _counts_behind(panel: Panel, metric: str) -> Array | None:
    if metric in ("cvr", "response", "aov"):
        return panel.sums["conversions"]
    if metric == "ctr":
        return panel.sums["clicks"]
    if metric == "claimed_roas" and panel.has("conversions"):
        return panel.sums["conversions"]
    return None


def _log(values: Array) -> Array:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(values > 0, np.log(np.where(values > 0, values, 1.0)), np.nan)


def _known(values: Array) -> bool:
    return int(np.isfinite(values).sum()) >= FEWEST_WEEKS


def _add(found: list[Series], metric: str, logs: Array, counting: Array) -> Array:
    """Split a metric into what is shared and what is own; return the weights."""
    known = [k for k in range(len(logs)) if _known(logs[k])]
    weights = np.zeros(len(logs))
    if not known:
        return weights
    around = logs - np.array([np.nanmean(row) if k in known else np.nan for k, row in enumerate(logs)])[:, None]
    weights[known] = _weights(around[known])
    present = np.isfinite(around) & (weights > 0)[:, None]
    weight = np.where(present, weights[:, None], 0.0)
    whole = weight.sum(axis=0)
    enough = whole > 0.5 if len(known) > 1 else whole > 0
    with np.errstate(invalid="ignore", divide="ignore"):
        part = weight / whole
        shared = np.where(enough, (part * np.where(present, around, 0.0)).sum(axis=0), np.nan)
        noise = np.where(enough, (part**2 * np.where(present, counting, 0.0)).sum(axis=0), np.nan)
    found.append(Series(metric, None, shared, noise))
    if len(known) > 1:
        found += [Series(metric, k, around[k] - shared, counting[k]) for k in known]
    return weights


def _weights(around: Array) -> Array:
    """Weigh channels by how steady they are from week to week, none above `LARGEST_WEIGHT` of two or more."""
    steps = np.diff(around, axis=1)
    spread = np.array([np.nanmedian(np.abs(row)) if np.isfinite(row).any() else np.nan for row in steps])
    spread = np.where(np.isfinite(spread) & (spread > 0), spread, np.nanmax(spread, initial=1e-3))
    weights = 1 / np.maximum(spread, 1e-3) ** 2
    weights = weights / weights.sum()
    if len(weights) == 1:
        return np.asarray(weights)
    limit = max(LARGEST_WEIGHT, 1 / len(weights))
    for _ in range(len(weights)):
        over = weights > limit
        if not over.any():
            break
        rest = weights[~over].sum()
        weights = np.where(over, limit, weights * (1 - limit * over.sum()) / rest if rest > 0 else 0.0)
    return np.asarray(weights / weights.sum())


def _till_series(panel: Panel) -> list[Series]:
    """Return orders, visits, baskets and new customers; plain revenue where orders are not exported."""
    till, n = panel.till, panel.weeks
    if not till:
        return []
    revenue, nothing = till["revenue"], np.zeros(n)
    claims = panel.total["conversions"]
    if "orders" not in till:
        counts = np.where(np.isfinite(claims) & (claims > 0), claims, np.nan)
        behind = (1 + BASKET_CV**2) / counts if np.isfinite(counts).any() else nothing
        out = [Series("revenue", None, _log(revenue), np.nan_to_num(behind, nan=float(np.nanmean(behind))))]
    else:
        orders = till["orders"]
        sold, counting = _log(orders), 1 / np.maximum(np.nan_to_num(orders), 0.5)
        rate = (
            Series("orders_per_session", None, sold - _log(till["sessions"]), counting) if "sessions" in till else None
        )
        out = [
            rate or Series("orders", None, sold, counting),
            Series("order_value", None, _log(revenue) - _log(orders), BASKET_CV**2 / np.maximum(np.nan_to_num(orders), 0.5)),
        ]  # fmt: skip
    if "sessions" in till:
        out.append(
            Series("sessions", None, _log(till["sessions"]), 1 / np.maximum(np.nan_to_num(till["sessions"]), 0.5))
        )
    if "new_customers" in till and "orders" in till:
        new = till["new_customers"]
        out.append(Series("new_share", None, _log(new) - _log(till["orders"]), 1 / np.maximum(np.nan_to_num(new), 0.5)))
    claims = panel.total["conversion_value"]
    if np.isfinite(claims).any() and "orders" in till:
        counted = np.maximum(np.nan_to_num(panel.total["conversions"]), 0.5)
        counting = (1 + BASKET_CV**2) * (1 / counted + 1 / np.maximum(np.nan_to_num(till["orders"]), 0.5))
        out.append(Series("claims_over_till", None, _log(claims) - _log(revenue), counting))
    return [each for each in out if _known(each.values)]
