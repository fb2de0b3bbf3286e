"""Generic series with changes that a person would mark: what general settings are fixed on.

Levels, kinked lines, growth, seasons, wandering and jumping noise, odd values; 15 to 700 periods.
"""

from __future__ import annotations

import itertools

import numpy as np
from worlds import ar1

KINDS = (
    "still",
    "wander",
    "drift",
    "steps",
    "steps in memory",
    "kinks",
    "growth",
    "season",
    "odd values",
    "walk",
    "jump in walk",
    "jumping walk",
    "noisy walk",
    "noisy jumping walk",
)


def dates(rng: np.random.Generator, n: int, count: int) -> list[int]:
    """Draw `count` dates at least a tenth of the series (three periods) apart."""
    least = max(3, n // 10)
    while True:
        found = sorted(int(x) for x in rng.integers(least, n - least + 1, count))
        if all(b - a >= least for a, b in itertools.pairwise(found)):
            return found


def drawing(seed: int) -> tuple[str, np.ndarray, list[int]]:
    """Draw one series: its kind, its values, and the dates at which it changes."""
    rng = np.random.default_rng(seed)
    kind = KINDS[seed % len(KINDS)]
    n = int(np.exp(rng.uniform(np.log(15 if kind not in ("season",) else 60), np.log(700))))
    t = np.arange(n)
    count = int(rng.integers(1, 1 + min(4, max(1, n // 12))))
    at = dates(rng, n, count)
    noise = ar1(rng, (n,), 1.0, float(rng.choice([0.0, 0.0, 0.3, 0.5])))
    memory = ar1(rng, (n,), 1.0, float(rng.uniform(0.5, 0.95)))
    sizes = rng.choice([-1, 1], count) * rng.uniform(2.0, 6.0, count)
    steps = sum(size * (t >= a) for size, a in zip(sizes, at, strict=True))
    trend = rng.normal() * 6 * t / n
    if kind == "still":
        return kind, noise, []
    if kind == "wander":
        return kind, memory, []
    if kind == "drift":
        return kind, memory + 2 * trend, []
    if kind == "walk":
        return kind, rng.normal(size=n).cumsum(), []
    if "jumping" in kind or "noisy" in kind:
        moves = rng.standard_t(rng.uniform(1.5, 4), n) if "jumping" in kind else rng.normal(size=n)
        return kind, moves.cumsum() + ("noisy" in kind) * rng.uniform(0.5, 3) * rng.normal(size=n), []
    if kind == "jump in walk":
        walk = rng.normal(size=n).cumsum()
        return kind, walk + sum(3 * s * (t >= a) for s, a in zip(sizes, at, strict=True)), at
    if kind == "steps":
        return kind, noise + steps, at
    if kind == "steps in memory":
        return kind, memory + 1.5 * steps, at
    if kind == "odd values":
        odd = rng.random(n) < 0.02
        return kind, noise + steps + odd * rng.normal(size=n) * 10, at
    if kind == "season":
        wave = 3 * rng.uniform(0.3, 1.5) * np.sin(2 * np.pi * (t / 12 + rng.random()))
        return kind, noise + steps + wave + trend, at
    slopes = sum(s / 4 * np.maximum(t - a, 0) / max(3, n / 20) for s, a in zip(sizes, at, strict=True))
    line = 3 * trend + 2 * slopes
    if kind == "kinks":
        return kind, line + noise, at
    return kind, 100 * np.exp((line + 0.7 * memory) / 30), at
