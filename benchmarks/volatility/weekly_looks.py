"""One year of weekly looks at 20 channels: alarms where nothing changed, and delays where something did.

    python benchmarks/volatility/weekly_looks.py [ACCOUNTS]

Unchanged accounts: 10 to 300 conversions a day, demand that all channels share
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

from roas.volatility.series import RoasSeries
from roas.volatility.watch import watch_account

CHANNELS = 20
ALPHA = 0.10


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
) -> tuple[list[RoasSeries], int]:
    """Draw 20 channels; the first steps by log `step` on a random day of the first nine months watched."""
    rng = np.random.default_rng([11, seed])
    days = history + 364
    shared = worlds.ar1(rng, (days,), shared_sd, phi)
    day = np.arange(days)
    at = history + int(rng.integers(0, 273))
    channels = []
    for index in range(CHANNELS):
        world = worlds.draw(
            seed * 1000 + index, days=days, per_day=volumes[index % len(volumes)], demand_sd=own_sd, phi=phi, weekday=1.0,
            spend_sd=0.2, season=season * rng.uniform(0, 1),
        )  # fmt: skip
        factor = np.exp(shared + drift * rng.uniform(-1, 1) * day / 365)
        if step and index == 0:
            factor = factor * np.exp(step * (day >= at))
        channels.append(RoasSeries(str(index), "claimed_roas", "day", world.dates, world.spend, world.revenue * factor))
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
    }
    rows = []
    for name, settings in cases.items():
        found = pool.map(partial(false_alarms, settings), range(accounts), chunksize=4)
        share = float(np.mean([f[0] for f in found]))
        rows.append({"account": name, "any alarm": share, "rolling z a channel": float(np.mean([f[1] for f in found]))})
    return rows


def delay(volume: float, step: float, seed: int) -> tuple[float, bool]:
    """Return weeks from the step to the alarm that names the channel (inf: none), and whether its date is right."""
    volumes = (volume, 30.0, 100.0, 300.0)
    channels, at = account(seed, volumes=volumes, step=step)
    stepped = channels[0].dates[at]
    for alarm in watch_account(channels, alpha=ALPHA).alarms:
        if alarm.channel == "0" and alarm.week >= stepped - np.timedelta64(6, "D"):
            weeks = float((alarm.week + np.timedelta64(7, "D") - stepped).astype(int)) / 7
            return weeks, abs(int((alarm.since - stepped).astype(int))) <= 14
    return np.inf, False


def delays(pool: Any, accounts: int) -> list[dict[str, Any]]:
    """Weeks until the alarm for a channel that fell, among 19 that did not."""
    rows = []
    for volume in (30.0, 100.0):
        for size in (0.15, 0.25, 0.4):
            found = pool.map(partial(delay, volume, float(np.log1p(-size))), range(accounts), chunksize=4)
            weeks = np.array([f[0] for f in found])
            known = np.isfinite(weeks)
            rows.append({
                "per day": volume, "step": f"-{size:.0%}", "noticed": float(known.mean()),
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
