"""Comparing two periods: coverage and power of the change, coverage of its lines, and what orders do to a waterfall.

    python benchmarks/volatility/periods.py [replications]

28 days against 28, alone or after 336 days of history. Sales are compound
Poisson about a demand that is a first-order autoregression (`worlds.py`).
Beside ours: quasi-Poisson with Newey-West errors (7 lags, normal quantiles),
Welch's t on daily ROAS, and t on weekly ROAS.
"""

from __future__ import annotations

import datetime as dt
import sys
import time
from itertools import product
from typing import NamedTuple

import numpy as np
from scipy.special import stdtrit
from worlds import WEEKDAYS, ar1

from roas.decompose.audit import shapley
from roas.decompose.chains import PLACE
from roas.decompose.comparison import estimate
from roas.decompose.lmdi import lines
from roas.decompose.panel import Panel
from roas.decompose.periods import Period
from roas.decompose.run import decompose_panel

LENGTH = 28
HISTORIES = (0, 336)
VOLUMES = (10, 30, 100, 300)
DEMANDS = ((0.0, 0.0), (0.1, 0.0), (0.1, 0.3), (0.1, 0.6), (0.1, 0.8), (0.2, 0.0), (0.2, 0.3), (0.2, 0.6), (0.2, 0.8))
FALL = 0.25
FULL = (0, 1, 2, 3, 4)


class Interval(NamedTuple):
    """Log ratios of many accounts with standard errors and degrees of freedom."""

    centre: np.ndarray
    error: np.ndarray
    freedom: float | np.ndarray

    def half(self, level: float) -> np.ndarray:
        """Return half the width of the interval at a level."""
        return stdtrit(np.minimum(self.freedom, 1e9), (1 + level) / 2) * self.error


def accounts(rng: np.random.Generator, count: int, days: int, per_day: float, sd: float, phi: float, weekday: float,
             fall: float = 0.0) -> np.ndarray:  # fmt: skip
    """Draw daily revenue at a spend of one; ROAS falls by `fall` for the last 28 days."""
    log_rate = ar1(rng, (count, days), sd, phi) - sd**2 / 2 + weekday * WEEKDAYS[np.arange(days) % 7]
    log_rate[:, days - LENGTH :] += np.log1p(-fall)
    orders = rng.poisson(per_day * np.exp(log_rate))
    return np.where(orders > 0, rng.gamma(np.maximum(orders, 1) / 0.64, 60 * 0.64), 0.0)


def ours(revenue: np.ndarray) -> Interval:
    days = revenue.shape[1]
    periods = {"before": slice(days - 2 * LENGTH, days - LENGTH), "after": slice(days - LENGTH, days)}
    found = estimate(np.ones(days), revenue, **periods)
    return Interval(found.log_ratio, found.error, found.freedom)


def halves(revenue: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return revenue[:, -2 * LENGTH : -LENGTH], revenue[:, -LENGTH:]


def newey_west(revenue: np.ndarray, lags: int = 7) -> Interval:
    low, high = halves(revenue)
    means = low.mean(axis=1, keepdims=True), high.mean(axis=1, keepdims=True)
    score = np.concatenate([1 - low / means[0], high / means[1] - 1], axis=1) / LENGTH
    total = (score**2).sum(axis=1)
    for lag in range(1, lags + 1):
        total += 2 * (1 - lag / (lags + 1)) * (score[:, lag:] * score[:, :-lag]).sum(axis=1)
    return Interval(np.log(means[1] / means[0])[:, 0], np.sqrt(np.maximum(total, 0)), np.inf)


def welch(revenue: np.ndarray, block: int = 1) -> Interval:
    """Daily or weekly ROAS; the difference of means over the mean before, as a log ratio to first order."""
    low, high = (x.reshape(len(x), -1, block).sum(axis=2) for x in halves(revenue))
    parts = [x.var(axis=1, ddof=1) / x.shape[1] / x.mean(axis=1) ** 2 for x in (low, high)]
    freedom = (parts[0] + parts[1]) ** 2 / ((parts[0] ** 2 + parts[1] ** 2) / (low.shape[1] - 1))
    return Interval(np.log(high.mean(axis=1) / low.mean(axis=1)), np.sqrt(parts[0] + parts[1]), freedom)


METHODS = {
    "ours": ours,
    "quasi-Poisson + HAC(7)": newey_west,
    "daily t": welch,
    "weekly-block t": lambda revenue: welch(revenue, 7),
}


def coverage(replications: int = 4000, seed: int = 1) -> list[dict]:
    """Coverage at 95 and 90 %, median half width (log), and power at a fall of a quarter."""
    rows = []
    for history, weekday, per_day, (sd, phi) in product(HISTORIES, (0.0, 1.0), VOLUMES, DEMANDS):
        cell = {"history": history, "weekday": weekday, "per_day": per_day, "demand_sd": sd, "phi": phi}
        rng = np.random.default_rng([seed, history, int(weekday), per_day, int(100 * sd), int(100 * phi)])
        still = accounts(rng, replications, history + 2 * LENGTH, per_day, sd, phi, weekday)
        fallen = accounts(rng, replications, history + 2 * LENGTH, per_day, sd, phi, weekday, FALL)
        for name, method in METHODS.items():
            if history and name != "ours":
                continue  # these look at the two periods only
            found, seen = method(still), method(fallen)
            rows.append(
                {
                    **cell,
                    "method": name,
                    "cover_95": float(np.mean(np.abs(found.centre) < found.half(0.95))),
                    "cover_90": float(np.mean(np.abs(found.centre) < found.half(0.90))),
                    "half_width": float(np.median(found.half(0.95))),
                    "power": float(np.mean(np.abs(seen.centre) > seen.half(0.95))),
                }
            )
    return rows


def summary(rows: list[dict]) -> list[dict]:
    """Range of coverage over the cells of each method and history."""
    out = []
    for history, name in sorted({(r["history"], r["method"]) for r in rows}, key=str):
        own = [r for r in rows if (r["history"], r["method"]) == (history, name)]
        row = {"history": history, "method": name, "cells": len(own)}
        for level in ("cover_95", "cover_90"):
            row |= {f"{level}_min": min(r[level] for r in own), f"{level}_max": max(r[level] for r in own)}
        row["in_93_97"] = sum(0.93 <= r["cover_95"] <= 0.97 for r in own)
        out.append(row)
    return out


CHANNEL = np.array([0, 0, 0, 1, 1, 1, 2, 2])
SPENT = np.linspace(60, 140, len(CHANNEL))
MOVED = np.linspace(1.3, 0.8, len(CHANNEL))


def funnel(rng: np.random.Generator, days: int, per_day: float, sd: float, phi: float, price_phi: float,
           change: float) -> tuple[np.ndarray, list[np.ndarray]]:  # fmt: skip
    """Draw days x campaigns x levels, and the expected sums of a day before and after."""
    after = np.arange(days) >= days - LENGTH
    spend = SPENT * np.where(after[:, None], MOVED, 1.0)
    price = np.exp(ar1(rng, (1, days), 0.08, price_phi) - 0.08**2 / 2).T
    clicks = spend * 2 * price * np.exp(ar1(rng, (len(CHANNEL), days), 0.05, 0.5) - 0.05**2 / 2).T
    rate = per_day / 1600 * np.linspace(0.7, 1.3, len(CHANNEL))
    demand = np.exp(ar1(rng, (1, days), sd, phi) - sd**2 / 2).T * np.where(after, np.exp(change), 1.0)[:, None]
    orders = rng.poisson(clicks * rate * demand)
    revenue = np.where(orders > 0, rng.gamma(np.maximum(orders, 1) / 0.64, 60 * 0.64), 0.0)
    drawn = np.stack([spend, spend * 100 * price, clicks, orders.astype(float), revenue], axis=-1)
    expected = []
    for s, k in ((SPENT, 1.0), (SPENT * MOVED, np.exp(change))):
        expected.append(np.stack([s, s * 100, s * 2, s * 2 * rate * k, s * 2 * rate * k * 60], axis=-1))
    return drawn, expected


def line_coverage(replications: int = 200, change: float = -0.25, seed: int = 2) -> list[dict]:
    """Coverage of 90 % intervals of the lines, with a planted change of the order rate."""
    rows = []
    cells = ((30, 0.0, 0.0, 0.5), (30, 0.1, 0.6, 0.5), (30, 0.1, 0.6, 0.8), (300, 0.1, 0.6, 0.5), (300, 0.2, 0.8, 0.5))
    for history, (per_day, sd, phi, price_phi) in product(HISTORIES, cells):
        rng = np.random.default_rng([seed, history, per_day, int(100 * sd), int(100 * price_phi)])
        found = [line_hits(rng, k, history, per_day, sd, phi, price_phi, change) for k in range(replications)]
        names = found[0].keys()
        row = {"history": history, "per_day": per_day, "demand_sd": sd, "phi": phi, "price_phi": price_phi}
        rows.append(row | {name: float(np.mean([hits[name] for hits in found])) for name in names})
    return rows


def line_hits(rng: np.random.Generator, seed: int, history: int, per_day: float, sd: float, phi: float,
              price_phi: float, change: float) -> dict[str, float]:  # fmt: skip
    days = history + 2 * LENGTH
    drawn, expected = funnel(rng, days, per_day, sd, phi, price_phi, change)
    start = dt.date(2024, 1, 1)
    ends = [start + dt.timedelta(k) for k in (history, history + LENGTH, days)]
    names = tuple((f"channel {c}", f"campaign {k}") for k, c in enumerate(CHANNEL))
    told = np.ones((days, 3, 5), dtype=bool)
    dates = np.datetime64(start) + np.arange(days)
    account = Panel(names, tuple(f"channel {c}" for c in range(3)), CHANNEL, dates, drawn, told, None, "day")
    found = decompose_panel(account, Period(*ends[:2]), Period(*ends[1:]), seed=seed)
    truth = lines(*expected, CHANNEL, (FULL,) * len(CHANNEL)).roas
    hits = {
        e.factor: e.ratio_interval.p5 <= truth[:, PLACE[e.factor]].sum() <= e.ratio_interval.p95 for e in found.effects
    }
    whole = found.comparison.points
    hits["whole"] = whole.p5 <= truth.sum() <= whole.p95
    by_channel = [
        row.ratio_p5 <= truth[int(row.channel[-1]) == CHANNEL, PLACE["cvr"]].sum() <= row.ratio_p95
        for row in found.by_channel.itertuples()
        if row.factor == "cvr"
    ]
    hits["cvr by channel"] = float(np.mean(by_channel))
    return hits


def waterfalls(replications: int = 2000, moves: float = 0.2, channels: int = 6, seed: int = 3) -> list[dict]:
    """Share of accounts in which some bar of a waterfall changes sign with its order; LMDI against Shapley."""
    rng = np.random.default_rng(seed)
    channel = np.arange(channels)
    used = [PLACE[f] for f in ("mix_between", "cpm", "ctr", "cvr", "aov")]
    sets = (np.arange(32)[:, None] >> np.arange(5)) & 1
    flips, gaps, signs, largest = [], [], [], []
    for _ in range(replications):
        rates = np.exp(rng.normal(0, 0.5, (channels, 5))) * [1000, 80, 0.02, 0.05, 60]
        moved = rates * np.exp(rng.normal(0, moves, (channels, 5)))
        before, after = (np.cumprod(x, axis=-1) for x in (rates, moved))
        share = [x[:, 0] / x[:, 0].sum() for x in (before, after)]
        low, high = (np.column_stack([s, x[:, 1:]]) for s, x in zip(share, (rates, moved), strict=True))
        value = np.where(sets[:, None, :] > 0, high, low).prod(axis=2).sum(axis=1)
        worth = [value[s | (1 << k)] - value[s] for k in range(5) for s in [np.flatnonzero(sets[:, k] == 0)]]
        flips.append(any(w.min() < 0 < w.max() for w in worth))
        found = lines(before, after, channel, (FULL,) * channels).roas.sum(axis=0)[used]
        other = shapley(before, after, channel, (FULL,) * channels)[used]
        typical = (value[0] + value[-1]) / 2
        gaps += (np.abs(found - other) / typical).tolist()
        differ = found * other < 0
        signs.append(bool(differ.any()))
        largest.append(float((np.abs(found) / typical)[differ].max(initial=0.0)))
    return [
        {
            "moves": moves,
            "sign_depends_on_order": float(np.mean(flips)),
            "gap_median": float(np.median(gaps)),
            "gap_95": float(np.quantile(gaps, 0.95)),
            "signs_differ": float(np.mean(signs)),
            "largest_effect_whose_sign_differs": float(np.max(largest)),
        }
    ]


def speed() -> list[dict]:
    """Seconds for three pairs of periods of two years and fifty campaigns."""
    import pandas as pd

    from roas.decompose import decompose_all

    rng = np.random.default_rng(4)
    days, campaigns = 730, 50
    dates = np.tile(np.datetime64("2024-01-01") + np.arange(days), campaigns)
    code = np.repeat(np.arange(campaigns), days)
    spend = pd.DataFrame(
        {"date": dates, "channel": [f"channel {c // 10}" for c in code], "campaign": [f"campaign {c}" for c in code]}
    )
    spend["spend"] = rng.uniform(50, 150, len(spend))
    for name, ratio in (("impressions", 100.0), ("clicks", 0.02), ("conversions", 0.05), ("conversion_value", 60.0)):
        spend[name] = rng.poisson(spend[spend.columns[-1]] * ratio).astype(float)
    decompose_all(spend.head(2000))
    began = time.perf_counter()
    found = decompose_all(spend, breaks=[dt.date(2025, 9, 1)])
    return [{"rows": len(spend), "pairs": len(found.pairs), "seconds": time.perf_counter() - began}]


def show(rows: list[dict]) -> None:
    names = list(rows[0])
    print(" | ".join(names))
    for row in rows:
        print(" | ".join(f"{row[n]:.3g}" if isinstance(row[n], float) else str(row[n]) for n in names))
    print()


def main() -> None:
    replications = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    rows = coverage(replications)
    show(rows)
    show(summary(rows))
    show(line_coverage(max(replications // 10, 20)))
    show(waterfalls(max(replications // 2, 100)))
    show(speed())


if __name__ == "__main__":
    main()
