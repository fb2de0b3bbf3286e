"""One year of weekly looks at 20 channels: alarms where nothing changed, and delays where something did.

    python benchmarks/volatility/weekly_looks.py [ACCOUNTS]

Unchanged accounts: 1 to 300 conversions a day, demand that all channels share
and demand of their own, both autoregressive, weekday cycle, a season, a slow
drift; watched for a year after half a year or a year of history. Beside: the
rolling z-score of each channel (30 days, 2.5).
"""

from __future__ import annotations

import sys
from functools import partial
from multiprocessing import Pool
from typing import Any

import numpy as np
import worlds
from breaks import rolling_z, show

from roas.volatility.online.looks import watch_account
from roas.volatility.series import RoasSeries

CHANNELS = 20
ALPHA = 0.10
BASKET, BASKET_CV, ROAS, SPEND_SD = 60.0, 0.8, 3.0, 0.2
#: Never used while the watch was made.
SEEDS = 2027


def account(
    seed: int,
    *,
    history: int = 182,
    phi: float = 0.6,
    shared_sd: float = 0.07,
    own_sd: float = 0.07,
    season: float = 0.1,
    drift: float = 0.1,
    volumes: tuple[float, ...] = (10.0, 30.0, 100.0, 300.0),
    step: float = 0.0,
    everywhere: bool = False,
    counted: bool = True,
) -> tuple[list[RoasSeries], int]:
    """Draw 20 channels; the first (or all) steps by log `step` on a random day of the first nine months watched.

    Sales are Poisson about spend times a rate that holds shared and own demand, weekday,
    season and drift; baskets gamma with a coefficient of variation of `BASKET_CV`.
    """
    rng = np.random.default_rng([SEEDS, seed])
    days = history + 364
    day = np.arange(days)
    shared = worlds.ar1(rng, (days,), shared_sd, phi)
    at = history + int(rng.integers(0, 273))
    dates = np.datetime64("2024-01-01") + day
    channels = []
    for index in range(CHANNELS):
        log_rate = shared + worlds.ar1(rng, (days,), own_sd, phi) + worlds.WEEKDAYS[day % 7]
        log_rate += season * rng.uniform(0, 1) * np.sin(2 * np.pi * day / 365.25)
        log_rate += drift * rng.uniform(-1, 1) * day / 365
        if step and (everywhere or index == 0):
            log_rate += step * (day >= at)
        expected = volumes[index % len(volumes)] * np.exp(worlds.ar1(rng, (days,), SPEND_SD, 0.8))
        count = rng.poisson(expected * np.exp(log_rate)).astype(float)
        revenue = np.where(count > 0, rng.gamma(np.maximum(count, 1) / BASKET_CV**2, BASKET * BASKET_CV**2), 0.0)
        sales = count if counted else None
        channels.append(RoasSeries(str(index), "claimed_roas", "day", dates, expected * BASKET / ROAS, revenue, sales))
    return channels, at


def false_alarms(settings: dict[str, Any], seed: int) -> tuple[bool, float]:
    channels, _ = account(seed, **settings)
    start = channels[0].dates[settings.get("history", 182)]
    ours = any(alarm.week >= start for alarm in watch_account(channels, alpha=ALPHA).alarms)
    rolling = [rolling_z(worlds.World(c.spend, c.revenue, c.spend, c.spend, c.dates)) for c in channels]
    return ours, float(np.mean([sum(b.index >= settings.get("history", 182) for b in each) for each in rolling]))


def unchanged(pool: Any, accounts: int) -> list[dict[str, Any]]:
    """Share of unchanged accounts with any alarm in the year."""
    cases: dict[str, dict[str, Any]] = {
        "demand .6, season, drift": {},
        "demand .8, season, drift": {"phi": 0.8},
        "demand .8, sd 10 + 10 %": {"phi": 0.8, "shared_sd": 0.1, "own_sd": 0.1},
        "season to 20 %, drift to 25 %": {"season": 0.2, "drift": 0.25},
        "no demand, season or drift": {"shared_sd": 0.0, "own_sd": 0.0, "season": 0.0, "drift": 0.0},
        "one year of history": {"history": 365},
        "no history": {"history": 0},
        "10 a day everywhere": {"volumes": (10.0,)},
        "300 a day everywhere": {"volumes": (300.0,)},
        "1 or 3 a day": {"volumes": (1.0, 3.0)},
        "sales not counted": {"counted": False},
    }
    rows = []
    for name, settings in cases.items():
        found = pool.map(partial(false_alarms, settings), range(accounts), chunksize=2)
        share = float(np.mean([f[0] for f in found]))
        rows.append({"account": name, "any alarm": share, "rolling z a channel": float(np.mean([f[1] for f in found]))})
    return rows


def delay(volume: float, step: float, settings: dict[str, Any], seed: int) -> tuple[float, bool]:
    """Return weeks from the step to the alarm that names the channel (inf: none), and whether its date is right."""
    volumes = (volume, 30.0, 100.0, 300.0)
    channels, at = account(seed, volumes=volumes, step=step, **settings)
    stepped = channels[0].dates[at]
    for alarm in watch_account(channels, alpha=ALPHA).alarms:
        if (settings.get("everywhere") or alarm.channel == "0") and alarm.week >= stepped - np.timedelta64(6, "D"):
            weeks = float((alarm.week + np.timedelta64(7, "D") - stepped).astype(int)) / 7
            return weeks, abs(int((alarm.since - stepped).astype(int))) <= 14
    return np.inf, False


def delays(pool: Any, accounts: int) -> list[dict[str, Any]]:
    """Weeks until the alarm for a channel that fell, among 19 that did not; or for a fall of all."""
    cases: list[tuple[str, float, float, dict[str, Any]]] = [
        ("one of 20", volume, size, {}) for volume in (30.0, 100.0) for size in (0.15, 0.25, 0.4)
    ]
    cases += [("one, sales not counted", volume, 0.25, {"counted": False}) for volume in (30.0, 100.0)]
    cases += [("all 20", 30.0, 0.25, {"everywhere": True})]
    rows = []
    for name, volume, size, settings in cases:
        found = pool.map(partial(delay, volume, float(np.log1p(-size)), settings), range(accounts), chunksize=2)
        weeks = np.array([f[0] for f in found])
        known = np.isfinite(weeks)
        rows.append({
            "fell": name, "per day": volume, "step": f"-{size:.0%}", "noticed": float(known.mean()),
            "median weeks": float(np.median(weeks)),
            "dated within 14 days": float(np.mean([f[1] for f in found if np.isfinite(f[0])])) if known.any() else np.nan,
        })  # fmt: skip
    return rows


def main(accounts: int = 100) -> None:
    with Pool(2) as pool:
        show("A year of weekly looks, nothing changes", unchanged(pool, accounts))
        show("Delay", delays(pool, max(accounts // 2, 10)))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100)
