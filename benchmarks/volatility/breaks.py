"""Level breaks of daily ROAS: false ones, found ones, dates, stated probabilities, variance apart from level.

    python benchmarks/volatility/breaks.py [REPLICATIONS]

Accounts are those of `worlds.py`, whose truth is planted. Beside ours: the
rolling z-score (30 days, 2.5), PELT with squared error and a penalty of
2 log n times the variance of first differences (needs `ruptures`), and an
optimal partition with 3 log n times the long-run variance from 14-day blocks.
"""

from __future__ import annotations

import itertools
import sys
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from multiprocessing import Pool
from typing import Any

import numpy as np
import worlds
from drawings import KINDS, drawing
from tcpd import covering, f1

from roas.volatility.breaks.find import find_breaks, roas_breaks
from roas.volatility.breaks.found import Break
from roas.volatility.breaks.segments import best_partitions, level_cost
from roas.volatility.breaks.squares import kappa_two, tail
from roas.volatility.series import RoasSeries

VOLUMES = (10.0, 30.0, 100.0, 300.0)
Settings = dict[str, Any]
Detector = Callable[[worlds.World], list[Break]]


def series(world: worlds.World) -> RoasSeries:
    return RoasSeries("", "mer", "day", world.dates, world.spend, world.revenue, world.conversions)


def ours(world: worlds.World) -> list[Break]:
    return list(roas_breaks(series(world)).found)


def ours_uncounted(world: worlds.World) -> list[Break]:
    return list(roas_breaks(replace(series(world), conversions=None)).found)


def ours_plain(world: worlds.World) -> list[Break]:
    return list(find_breaks(world.revenue / world.spend, weights=world.spend).found)


def ours_weekly(world: worlds.World) -> list[Break]:
    found = roas_breaks(series(world).weeks).found
    return [Break(7 * b.index, *(getattr(b, name) for name in NAMES)) for b in found]


NAMES = ("date", "kind", "shape", "before", "after", "probability", "first", "last", "moved", "step")


def bare(dates: Iterable[int]) -> list[Break]:
    nothing = float("nan")
    return [Break(int(at), None, "level", "step", nothing, nothing, nothing, 0, 0) for at in dates]


def rolling_z(world: worlds.World) -> list[Break]:
    roas = world.revenue / world.spend
    past = np.lib.stride_tricks.sliding_window_view(roas, 30)[:-1]
    z = (roas[30:] - past.mean(axis=1)) / past.std(axis=1, ddof=1)
    return bare(30 + np.flatnonzero(np.abs(z) >= 2.5))


def pelt(world: worlds.World) -> list[Break]:
    import ruptures

    roas = world.revenue / world.spend
    penalty = 2 * np.log(len(roas)) * float(np.diff(roas).var() / 2)
    return bare(ruptures.KernelCPD(kernel="linear", min_size=2).fit(roas[:, None]).predict(pen=penalty)[:-1])


def long_run_penalty(world: worlds.World) -> list[Break]:
    roas = world.revenue / world.spend
    n = len(roas)
    blocks = roas[: n // 14 * 14].reshape(-1, 14).mean(axis=1)
    penalty = 3 * np.log(n) * 14 * float((np.diff(blocks) ** 2).mean() / 2)
    ones = np.ones(n)
    paths = best_partitions(level_cost(roas, ones), n, most=8, least=7)

    def total(dates: tuple[int, ...]) -> float:
        edges = [0, *dates, n]
        parts = (roas[a:b] for a, b in itertools.pairwise(edges))
        return sum(float(((part - part.mean()) ** 2).sum()) for part in parts) + penalty * len(dates)

    return bare(min(paths, key=total))


METHODS: dict[str, Detector] = {
    "roas": ours,
    "roas, sales not counted": ours_uncounted,
    "roas, plain values": ours_plain,
    "roas, weekly": ours_weekly,
    "long-run penalty": long_run_penalty,
    "PELT, BIC": pelt,
    "rolling z": rolling_z,
}


def one(detector: Detector, task: tuple[int, Settings]) -> list[Break]:
    seed, settings = task
    return detector(worlds.draw(seed, **settings))


def several(pool: Any, method: str, settings: Settings, seeds: range) -> list[list[Break]]:
    return list(pool.map(partial(one, METHODS[method]), [(seed, settings) for seed in seeds], chunksize=8))


def size(pool: Any, replications: int, methods: Iterable[str] = ("roas",)) -> list[dict[str, Any]]:
    """Count false level and variance breaks per healthy year."""
    rows = []
    extras: dict[str, Settings] = {
        "even spend": {},
        "weekday, uneven spend": {"weekday": 1.0, "spend_sd": 0.3},
    }
    for method in methods:
        for name, extra in extras.items():
            for volume in VOLUMES:
                for phi in (0.0, 0.3, 0.6, 0.8):
                    found = several(pool, method, {"per_day": volume, "phi": phi, **extra}, range(replications))
                    levels = np.array([sum(b.kind == "level" for b in each) for each in found])
                    variances = np.array([sum(b.kind == "variance" for b in each) for each in found])
                    rows.append({
                        "method": method, "account": name, "per day": volume, "phi": phi,
                        "level": levels.mean(), "variance": variances.mean(),
                    })  # fmt: skip
    return rows


def other_healthy(pool: Any, replications: int, methods: Iterable[str] = ("roas",)) -> list[dict[str, Any]]:
    """Count false breaks per year where something harmless goes on."""
    cases: dict[str, tuple[Settings, Callable[[worlds.World], worlds.World]]] = {
        "season 15 %, one year": ({"season": 0.15}, _same),
        "season 15 %, two years": ({"season": 0.15, "days": 730}, _same),
        "drift -25 % a year": ({}, _drift),
        "one day x 4": ({}, _spike),
        "a promotion of a week, + 60 %": ({}, _promotion),
    }
    rows = []
    for method in methods:
        for name, (settings, change) in cases.items():
            for volume in VOLUMES:
                tasks = [(seed, {"per_day": volume, **settings}) for seed in range(replications)]
                found = pool.map(partial(changed, METHODS[method], change), tasks, chunksize=8)
                years = settings.get("days", 365) / 365
                rate = float(np.mean([sum(b.kind == "level" for b in each) for each in found])) / years
                rows.append({"method": method, "account": name, "per day": volume, "level": rate})
    return rows


def changed(
    detector: Detector, change: Callable[[worlds.World], worlds.World], task: tuple[int, Settings]
) -> list[Break]:
    seed, settings = task
    return detector(change(worlds.draw(seed, **settings)))


def _same(world: worlds.World) -> worlds.World:
    return world


def _times(world: worlds.World, factor: np.ndarray) -> worlds.World:
    """Change sales, and revenue with them."""
    sales = np.round(world.conversions * factor)
    return worlds.World(world.spend, world.revenue * factor, sales, world.log_rho, world.dates)


def _drift(world: worlds.World) -> worlds.World:
    return _times(world, 0.75 ** (np.arange(len(world.spend)) / 365))


def _spike(world: worlds.World) -> worlds.World:
    return _times(world, np.where(np.arange(len(world.spend)) == 200, 4.0, 1.0))


def _promotion(world: worlds.World) -> worlds.World:
    day = np.arange(len(world.spend))
    return _times(world, np.where((day >= 200) & (day < 207), 1.6, 1.0))


def power(
    pool: Any, replications: int, methods: Iterable[str] = ("roas",), sizes: tuple[float, ...] = (0.25,)
) -> list[dict[str, Any]]:
    """Count steps found within ten days, dates inside their interval, other breaks."""
    steps = [float(np.log1p(sign * change)) for change in sizes for sign in (1, -1)]
    return [
        _power(pool, replications, method, volume, step) for method in methods for volume in VOLUMES for step in steps
    ]


ONSETS = (60, 120, 182, 240, 300)


def _power(pool: Any, replications: int, method: str, volume: float, step: float) -> dict[str, Any]:
    within, spare, inside, errors = [], [], [], []
    for at in ONSETS:
        tasks = {"per_day": volume, "step": step, "at": at}
        for each in several(pool, method, tasks, range(1000 * at, 1000 * at + replications)):
            levels = [b for b in each if b.kind == "level"]
            near = min(levels, key=lambda b: abs(b.index - at), default=None)
            within.append(near is not None and abs(near.index - at) <= 10)
            spare.append(max(len(levels) - 1, 0))
            if near is not None:
                inside.append(near.first <= at <= near.last)
                errors.append(abs(near.index - at))
    return {
        "method": method, "per day": volume, "step": f"{np.expm1(step):+.0%}", "within ten days": np.mean(within),
        "found": len(errors) / len(within), "date in interval": np.mean(inside) if inside else np.nan,
        "median error": np.median(errors) if errors else np.nan, "other breaks": np.mean(spare),
    }  # fmt: skip


def mixed(task: int) -> list[tuple[float, bool]]:
    """Stated probability of each level break, and whether a true one is within its interval or 14 days."""
    rng = np.random.default_rng([7, task])
    real = rng.random() < 0.5
    at = int(rng.integers(30, 335))
    sizes = np.log1p(rng.choice([-1, 1]) * rng.uniform(0.05, 0.5))
    world = worlds.draw(
        task, per_day=float(rng.choice(VOLUMES)), phi=float(rng.choice([0, 0.3, 0.6, 0.8])), spend_sd=0.2,
        weekday=float(rng.integers(2)), step=float(sizes) if real else 0.0, at=at if real else None,
    )  # fmt: skip
    levels = list(roas_breaks(series(world)).levels)
    return [(b.probability, real and min(b.first, b.index - 14) <= at <= max(b.last, b.index + 14)) for b in levels]


def calibration(pool: Any, replications: int) -> list[dict[str, Any]]:
    """Stated probability of a level break against how often it was true."""
    pairs = [pair for each in pool.map(mixed, range(replications), chunksize=16) for pair in each]
    stated, true = np.array([p for p, _ in pairs]), np.array([t for _, t in pairs])
    edges = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.99, 1.01)
    rows = []
    for low, high in itertools.pairwise(edges):
        part = (stated >= low) & (stated < high)
        if part.any():
            rows.append(
                {
                    "stated": f"{low}-{min(high, 1)}",
                    "mean": stated[part].mean(),
                    "true": true[part].mean(),
                    "n": part.sum(),
                }
            )
    return rows


def confusion(pool: Any, replications: int) -> list[dict[str, Any]]:
    """Level steps reported as variance, and variance steps reported as level."""
    rows = []
    for volume in VOLUMES:
        for name in ("level -25 %", "level -40 %", "demand sd 10 to 30 %"):
            found = pool.map(partial(_confused, name, volume), range(replications), chunksize=8)
            rows.append({
                "truth": name, "per day": volume,
                "level": np.mean([any(b.kind == "level" for b in each) for each in found]),
                "variance": np.mean([any(b.kind == "variance" for b in each) for each in found]),
            })  # fmt: skip
    return rows


def _confused(name: str, volume: float, seed: int) -> list[Break]:
    if name.startswith("level"):
        step = np.log1p(-float(name.split("-")[1].split()[0]) / 100)
        return ours(worlds.draw(seed, per_day=volume, phi=0.3, step=float(step), at=182))
    first, second = (
        worlds.draw(seed + 10**6 * i, per_day=volume, phi=0.3, demand_sd=sd) for i, sd in enumerate((0.1, 0.3))
    )
    half = np.arange(365) < 182
    parts = [
        np.where(half, getattr(first, key), getattr(second, key))
        for key in ("spend", "revenue", "conversions", "log_rho")
    ]
    return ours(worlds.World(*parts, first.dates))


def squares(replications: int = 4000) -> list[dict[str, Any]]:
    """Size of the CUSUM of squares at nominal 1 %, and its 1 % point."""
    rng = np.random.default_rng(0)
    rows = []
    for n in (60, 120, 365, 1100):
        for name in ("normal", "t(5)"):
            draws = rng.standard_normal((replications, n)) if name == "normal" else rng.standard_t(5, (replications, n))
            values = np.array([kappa_two(draw)[0] for draw in draws])
            rows.append({
                "n": n, "errors": name, "1 % point": np.quantile(values, 0.99),
                "size": np.mean([tail(v, n) < 0.01 for v in values]),
            })  # fmt: skip
    return rows


def generic(pool: Any, replications: int) -> list[dict[str, Any]]:
    """F1 and covering on generic drawings by kind."""
    scores = pool.map(_drawn, range(replications), chunksize=len(KINDS))
    rows = []
    for kind in KINDS:
        part = np.array([s[1:] for s in scores if s[0] == kind])
        rows.append({"kind": kind, "F1": part[:, 0].mean(), "cover": part[:, 1].mean(), "surplus": part[:, 2].mean()})
    return rows


def _drawn(seed: int) -> tuple[str, float, float, int]:
    kind, values, truth = drawing(seed)
    found = [b.index for b in find_breaks(values).levels]
    marks = {"truth": truth}
    return kind, f1(marks, found), covering(marks, found, len(values)), len(found) - len(truth)


def show(title: str, rows: list[dict[str, Any]]) -> None:
    print(f"\n{title}")
    for row in rows:
        print("  ".join(f"{k} {v:.3f}" if isinstance(v, float) else f"{k} {v}" for k, v in row.items()), flush=True)


def main(replications: int = 100) -> None:
    peers = ("roas", "long-run penalty", "PELT, BIC", "rolling z")
    with Pool(2) as pool:
        show(
            "False breaks per healthy year",
            size(pool, replications, ("roas", "roas, sales not counted", "roas, plain values", "roas, weekly")),
        )
        show("The same, peers", size(pool, max(replications // 4, 10), peers[1:]))
        show("Harmless things", other_healthy(pool, max(replications // 2, 10), peers))
        show("A step of 25 %", power(pool, max(replications // 4, 10), peers))
        show("Stated probability and truth", calibration(pool, 10 * replications))
        show("Level and variance apart", confusion(pool, max(replications // 2, 10)))
        show("CUSUM of squares, nominal 1 %", squares())
        show("Generic drawings", generic(pool, len(KINDS) * max(replications // 4, 10)))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100)
