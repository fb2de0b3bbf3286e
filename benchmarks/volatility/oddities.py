"""Odd periods: false alarms of healthy series, found spikes and stretches, lasting levels, few sales.

    python benchmarks/volatility/oddities.py [SERIES]

Healthy series: a first-order autoregression with normal or Student errors about
a level that drifts (0.02 of a period's sd a period), alone or with a cycle of 24
places; judged with cycles of 24 and 168 where there is one. Spikes and stretches
of four periods are planted in units of the sd of what is new each period.
"""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
import worlds
from breaks import show
from scipy.signal import lfilter

from roas.volatility.noise import estimate_noise
from roas.volatility.online.oddities import FALSE_ALARMS, judge, odd_days
from roas.volatility.series import RoasSeries

PERIODS, FROM = 1100, 300
SIZES = (4.0, 6.0, 8.0, 10.0)
STRETCH_SIZE, STRETCH = 4.0, 4


def healthy(
    rng: np.random.Generator, series: int, *, phi: float, freedom: float, cycle: int, drift: float
) -> np.ndarray:
    """Draw series of unit variance per period about 50, shape (PERIODS, series)."""
    shape = (PERIODS, series)
    shocks = rng.standard_normal(shape)
    if np.isfinite(freedom):
        shocks = rng.standard_t(freedom, shape) / np.sqrt(freedom / (freedom - 2))
    values = 50 + lfilter([np.sqrt(1 - phi**2)], [1, -phi], shocks, axis=0)
    values += drift * np.cumsum(rng.standard_normal(shape), axis=0)
    if cycle:
        values += 2 * rng.standard_normal((cycle, series))[np.arange(PERIODS) % cycle]
    return values


def rolling_z(values: np.ndarray) -> np.ndarray:
    """Return which periods lie 2.5 sds from the mean of the 30 before."""
    past = np.lib.stride_tricks.sliding_window_view(values, 30, axis=0)[:-1]
    z = (values[30:] - past.mean(axis=-1)) / past.std(axis=-1, ddof=1)
    return np.concatenate([np.zeros((30, values.shape[1]), bool), np.abs(z) >= 2.5])


def case(series: int, *, phi: float, freedom: float, cycle: int, drift: float = 0.02) -> dict[str, Any]:
    """Measure one kind of series: the healthy one, and copies of it with each planted oddity."""
    rng = np.random.default_rng(19)
    values = healthy(rng, series, phi=phi, freedom=freedom, cycle=cycle, drift=drift)
    at = FROM + np.arange(0, PERIODS - FROM - 100, 160) + rng.integers(0, 90)
    sign = rng.choice([-1.0, 1.0], (len(at), series)) * np.sqrt(1 - phi**2)
    copies = [values]
    for size in SIZES:
        copies.append(values.copy())
        copies[-1][at] += size * sign
    copies.append(values.copy())
    for place in range(STRETCH):
        copies[-1][at + place] += STRETCH_SIZE * sign
    cycles = (cycle, 7 * cycle) if cycle else ()
    chance = judge(np.hstack(copies), cycles=cycles).chance
    parts = np.split(chance, len(copies), axis=1)
    calm = parts[0][np.isfinite(parts[0])]
    row: dict[str, Any] = {
        "errors": "normal" if np.isinf(freedom) else f"t{freedom:.0f}", "memory": phi, "cycle": cycle,
        "false per 1000": 1000 * float(np.mean(calm < FALSE_ALARMS)),
        "at 1 in 100": 1000 * float(np.mean(calm < 0.01)),
        "rolling z": 1000 * float(rolling_z(values)[FROM:].mean()),
    }  # fmt: skip
    for size, part in zip(SIZES, parts[1:-1], strict=True):
        row[f"found {size:.0f}"] = float(np.mean(part[at] < FALSE_ALARMS))
    row["stretch"] = float(np.mean(np.any([parts[-1][at + place] < FALSE_ALARMS for place in range(STRETCH)], axis=0)))
    return row


def lasting(series: int) -> list[dict[str, Any]]:
    """Count the odd periods after a level that stays, and those once it has stayed for 30 periods."""
    rows = []
    for size in (5.0, 10.0, 20.0):
        values = healthy(np.random.default_rng(5), series, phi=0.3, freedom=5, cycle=0, drift=0.0)
        values[600:] += size
        odd = judge(values).chance < FALSE_ALARMS
        rows.append({
            "step in sds": size, "noticed within 7": float(odd[600:607].any(axis=0).mean()),
            "odd periods in 30": float(odd[600:630].sum(axis=0).mean()),
            "per 1000 after 30": 1000 * float(odd[630:].mean()),
        })  # fmt: skip
    return rows


def few_sales(channels: int) -> list[dict[str, Any]]:
    """Count false alarms of healthy channels, per 1000 days, and found collapses of a day to a fifth."""
    rows = []
    for volume in (1.0, 3.0, 10.0, 30.0, 100.0, 300.0):
        false, days, found = 0, 0, 0
        for seed in range(channels):
            world = worlds.draw(30_000 + seed, per_day=volume, weekday=1.0, spend_sd=0.3)
            series = RoasSeries("", "mer", "day", world.dates, world.spend, world.revenue, world.conversions)
            calm = odd_days(series, estimate_noise(series))
            false, days = false + int(calm.odd.sum()), days + int(np.isfinite(calm.score).sum())
            less = world.revenue.copy(), world.conversions.copy()
            for measure in less:
                measure[200] *= 0.2
            struck = RoasSeries("", "mer", "day", world.dates, world.spend, *less)
            found += int(odd_days(struck, estimate_noise(series)).odd[200])
        rows.append(
            {"sales a day": volume, "false per 1000": 1000 * false / days, "fall of 80 % found": found / channels}
        )
    return rows


def main(series: int = 60) -> None:
    kinds = [
        case(series, phi=phi, freedom=freedom, cycle=cycle)
        for freedom in (np.inf, 5.0, 3.0)
        for phi in (0.0, 0.4, 0.8)
        for cycle in (0, 24)
    ]
    show(f"Healthy series and planted oddities, false alarms {FALSE_ALARMS * 1000:.0f} per 1000", kinds)
    show("A level that stays", lasting(series))
    show("Channels with few sales", few_sales(max(series // 6, 5)))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 60)
