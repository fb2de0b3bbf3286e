"""What every fit reads and prints: one world in, one JSON line out.

Runs in each peer's own environment, so it needs numpy and pandas only.
"""

from __future__ import annotations

import json
import resource
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

STARTED = time.time()
CHAINS, DRAWS = 4, 1000
RECENT_WEEKS = 8


@dataclass(frozen=True)
class World:
    """One account by week: `table` has date, revenue and one column per channel and kind."""

    name: str
    table: pd.DataFrame

    def columns(self, kind: str) -> list[str]:
        """Return the columns of a kind: spend, impressions or control."""
        return [c for c in self.table if c.startswith(f"{kind}:")]

    @property
    def channels(self) -> list[str]:
        """Return the channels, in the order of their columns."""
        return [c.removeprefix("spend:") for c in self.columns("spend")]

    def media(self) -> list[str]:
        """Return impressions where the account has them for all channels, else spend."""
        return self.columns("impressions") or self.columns("spend")


def read(path: str) -> World:
    return World(Path(path).stem, pd.read_csv(path, parse_dates=["date"]))


def quantiles(draws: Any) -> list[float]:
    """Return p5, p50, p95 of draws of any shape."""
    return [float(q) for q in np.nanquantile(np.asarray(draws, dtype=float), [0.05, 0.5, 0.95])]


def report(
    world: World,
    *,
    peer: str,
    version: str,
    roas: Mapping[str, list[float]],
    marginal: Mapping[str, list[float]],
    rhat: float,
) -> None:
    """Print the result. CPU seconds are of this process and its children, imports included."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    line = {
        "peer": peer,
        "version": version,
        "world": world.name,
        "roas": dict(roas),
        "marginal": dict(marginal),
        "rhat": rhat,
        "cpu": sum(each.ru_utime + each.ru_stime for each in used),
        "wall": time.time() - STARTED,
        "mb": max(each.ru_maxrss for each in used) / 1024,
    }
    print(json.dumps(line), flush=True)
