"""Print one table of all peers from what `run.sh` left in a folder.

python compare.py FOLDER
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

#: File of results → environment it ran in.
RUNS = {
    "roas": "env-roas",
    "roas-claims": "env-roas",
    "pymc": "env-pymc",
    "meridian": "env-meridian",
    "meridian-automatic": "env-meridian",
    "meridian-contribution": "env-meridian",
}
HEAD = (
    "peer", "worlds (channels)", "ROAS error, mean (median)", "ROAS coverage", "p95 / p5",
    "marginal error, mean (median)", "marginal coverage", "CPU s", "wall s", "peak MB", "installed MB",
    "largest R-hat", "R-hat < 1.01",
)  # fmt: skip


def figures(results: list[dict[str, Any]], truths: dict[str, Any], name: str) -> np.ndarray:
    """Return p5, p50, p95 and truth, one row per channel of all worlds."""
    rows = [
        (*found, truths[each["world"]][name][channel])
        for each in results
        for channel, found in each[name].items()
        if np.isfinite(found).all()
    ]
    return np.array(rows).reshape(-1, 4)


def scores(rows: np.ndarray) -> tuple[str, str, str]:
    """Return error, coverage of 90 % intervals and the typical p95 / p5."""
    if not len(rows):
        return "", "", ""
    low, middle, high, truth = rows.T
    error = np.abs(middle / truth - 1)
    held = (low <= truth) & (truth <= high)
    width = np.exp(np.median(np.log(high / np.maximum(low, 1e-12))))
    return f"{error.mean():.3f} ({np.median(error):.3f})", f"{held.mean():.3f}", f"{width:.1f}"


def size(environment: Path) -> int:
    """Return megabytes of what is installed, pip and compiled files included."""
    return round(sum(f.stat().st_size for f in environment.rglob("*") if f.is_file() and not f.is_symlink()) / 1e6)


def table(results: dict[str, list[dict[str, Any]]], truths: dict[str, Any], sizes: dict[str, int]) -> Iterable[str]:
    yield f"| {' | '.join(HEAD)} |"
    yield "|" + "---|" * len(HEAD)
    for name, found in results.items():
        if not found:
            continue
        roas, marginal = figures(found, truths, "roas"), figures(found, truths, "marginal")
        (error, held, width), (slope_error, slope_held, _) = scores(roas), scores(marginal)
        means = [np.mean([each[key] for each in found]) for key in ("cpu", "wall")]
        peak = max(each["mb"] for each in found)
        rhat = [each["rhat"] for each in found]
        cells = [
            f"{found[0]['peer']} {found[0]['version']}", f"{len(found)} ({len(roas)})", error, held, width,
            slope_error, slope_held, f"{means[0]:.1f}", f"{means[1]:.1f}", f"{peak:.0f}", str(sizes[name]),
            f"{max(rhat):.4f}", f"{sum(value < 1.01 for value in rhat)} of {len(found)}",
        ]  # fmt: skip
        yield f"| {' | '.join(cells)} |"


def main(folder: Path) -> None:
    truths = {f.stem: json.loads(f.read_text()) for f in (folder / "worlds").glob("*.json")}
    results, sizes = {}, {}
    for name, environment in RUNS.items():
        file = folder / f"{name}.jsonl"
        lines = file.read_text().splitlines() if file.exists() else []
        results[name] = [json.loads(line) for line in lines if line.startswith("{")]
        sizes[name] = size(folder / environment)
    for kind in ("", "own", "pysimmmulator"):
        print(f"\n{kind or 'all'} worlds\n")
        part = {name: [each for each in found if each["world"].startswith(kind)] for name, found in results.items()}
        print("\n".join(table(part, truths, sizes)))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
