"""Time whole commands in turn, and write tables into README.md."""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

PAGE = Path(__file__).with_name("README.md")


@dataclass(frozen=True)
class Cost:
    """What one run of a command took: seconds of wall and CPU time, megabytes at the peak."""

    wall: float
    cpu: float
    peak: float


def run_once(command: Sequence[str]) -> Cost:
    """Run a command and let the system account for it."""
    began = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - began
    if status:
        raise SystemExit(f"failed: {' '.join(command)}")
    peak = used.ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)
    return Cost(wall, used.ru_utime + used.ru_stime, peak)


def compare(ours: Sequence[str], peer: Sequence[str], *, runs: int) -> tuple[Cost, Cost, float, float]:
    """Run two commands in turn after one warm-up each.

    Returns
    -------
    ours, peer : Cost
        Medians.
    wall, cpu : float
        Medians of the ratios, pair by pair.
    """
    run_once(ours), run_once(peer)
    pairs = [(run_once(ours), run_once(peer)) for _ in range(runs)]
    walls = statistics.median(a.wall / b.wall for a, b in pairs)
    cpus = statistics.median(a.cpu / b.cpu for a, b in pairs)
    return _median([a for a, _ in pairs]), _median([b for _, b in pairs]), walls, cpus


def measure(command: Sequence[str], *, runs: int) -> Cost:
    """Return the median cost of a command after one warm-up."""
    run_once(command)
    return _median([run_once(command) for _ in range(runs)])


def _median(costs: list[Cost]) -> Cost:
    return Cost(*(statistics.median(getattr(c, f) for c in costs) for f in ("wall", "cpu", "peak")))


def machine() -> str:
    """Say on what the figures were taken."""
    packages = ", ".join(f"{p} {version(p)}" for p in ("roas", "duckdb", "pandas", "numpy", "click", "matplotlib"))
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    today = datetime.now(UTC).date().isoformat()
    system = f"{platform.system()} {platform.machine()}, {cores} cores, Python {platform.python_version()}"
    return f"{today}, {system}, {packages}."


def write_table(name: str, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Replace the table between ``<!-- name -->`` and ``<!-- /name -->`` in the page."""
    lines = [f"Measured {machine()}", "", "| " + " | ".join(header) + " |", "|" + "---|" * len(header)]
    lines += ["| " + " | ".join(row) + " |" for row in rows]
    text = PAGE.read_text(encoding="utf-8")
    before, after = text.split(f"<!-- {name} -->")[0], text.split(f"<!-- /{name} -->")[1]
    PAGE.write_text(f"{before}<!-- {name} -->\n" + "\n".join(lines) + f"\n<!-- /{name} -->{after}", encoding="utf-8")
    print("\n".join(lines))
