"""Labelled change points of public series: F1 and covering with default settings.

    python benchmarks/volatility/tcpd.py [FOLDER]

FOLDER holds series of the Turing Change Point Dataset (van den Burg and
Williams, arXiv 2003.06222) as JSON, `annotations.json` and
`published_default_scores.csv`. Without it nothing is measured.
"""

from __future__ import annotations

import itertools
import json
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np

from roas.volatility.breaks.find import find_breaks, roas_breaks
from roas.volatility.series import RoasSeries

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "data" / "changepoints" / "tcpd"
MARGIN = 5


def matched(truth: Iterable[int], found: Iterable[int]) -> int:
    """Count true points with a found one within the margin, each found one used once."""
    left, count = set(found), 0
    for point in sorted(truth):
        near = sorted((abs(point - each), each) for each in left if abs(point - each) <= MARGIN)
        if near:
            left.remove(near[0][1])
            count += 1
    return count


def f1(annotations: dict[str, list[int]], found: Iterable[int]) -> float:
    """Score points: precision against all annotators' points, recall averaged over annotators; 0 counts."""
    ours = {*found, 0}
    each = [{*points, 0} for points in annotations.values()]
    precision = matched(set().union(*each), ours) / len(ours)
    recall = float(np.mean([matched(points, ours) / len(points) for points in each]))
    return 2 * precision * recall / (precision + recall)


def covering(annotations: dict[str, list[int]], found: Iterable[int], n: int) -> float:
    """Score segments: mean over annotators of the best overlap (Jaccard) of each, weighted by length."""
    ours = segments(found, n)
    return float(np.mean([one_covering(segments(points, n), ours, n) for points in annotations.values()]))


def one_covering(truth: list[range], ours: list[range], n: int) -> float:
    total = 0.0
    for a in truth:
        overlaps = [max(0, min(a.stop, b.stop) - max(a.start, b.start)) for b in ours]
        total += len(a) * max(o / (len(a) + len(b) - o) for o, b in zip(overlaps, ours, strict=True))
    return total / n


def segments(points: Iterable[int], n: int) -> list[range]:
    edges = sorted({0, n, *(p for p in points if 0 < p < n)})
    return [range(low, high) for low, high in itertools.pairwise(edges)]


def plain(values: np.ndarray) -> list[int]:
    """Find breaks of the series as it stands."""
    return [each.index for each in find_breaks(values).levels]


def as_account(values: np.ndarray) -> list[int]:
    """Find breaks of an account with constant daily spend and the series as revenue."""
    dates = np.datetime64("2022-01-01") + np.arange(len(values))
    lifted = values - min(0.0, float(np.nanmin(values)))
    series = RoasSeries("", "mer", "day", dates, np.ones(len(values)), lifted)
    return [each.index for each in roas_breaks(series).levels]


def read(folder: Path) -> list[tuple[str, np.ndarray, dict[str, list[int]]]]:
    marks = json.loads((folder / "annotations.json").read_text())
    out = []
    for name in sorted(marks):
        file = folder / f"{name}.json"
        if file.exists():
            raw = json.loads(file.read_text())["series"][0]["raw"]
            out.append((name, np.array([np.nan if v is None else v for v in raw], dtype=float), marks[name]))
    return out


def rows(folder: Path = FOLDER, method: Callable[[np.ndarray], list[int]] = plain) -> list[dict[str, Any]]:
    """Return F1 and covering per series; none where the folder is absent."""
    if not folder.exists():
        return []
    out = []
    for name, values, marks in read(folder):
        found = method(values)
        score = {"f1": f1(marks, found), "cover": covering(marks, found, len(values))}
        out.append({"series": name, "n": len(values), **score, "found": found})
    return out


def published(folder: Path = FOLDER) -> list[dict[str, Any]]:
    """Return the mean published scores of the methods with their defaults."""
    import pandas as pd

    file = folder / "published_default_scores.csv"
    if not file.exists():
        return []
    means = pd.read_csv(file).groupby("metric")[["zero", "amoc", "binseg", "pelt", "bocpd"]].mean()
    return [{"method": m, "f1": means.loc["F1", m], "cover": means.loc["cover", m]} for m in means.columns]


def main(folder: Path = FOLDER, *, each: bool = True) -> None:
    for label, method in (("as an account", as_account), ("plain", plain)):
        table = rows(folder, method)
        if not table:
            print(f"no series in {folder}")
            return
        if each:
            for row in table:
                print(f"{row['series']:22} {row['n']:4} {row['f1']:.3f} {row['cover']:.3f} {row['found']}")
        means = [float(np.mean([row[key] for row in table])) for key in ("f1", "cover")]
        print(f"roas, {label:15} F1 {means[0]:.3f}  cover {means[1]:.3f}\n")
    for row in published(folder):
        print(f"{row['method']:20} F1 {row['f1']:.3f}  cover {row['cover']:.3f}")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
