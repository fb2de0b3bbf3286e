"""Made journeys as files: touchpoints (Parquet, CSV) with their rows shuffled, and the table of their distinct paths.

    python benchmarks/attribution/journeys.py 1e5 FOLDER [--csv]

Drawn from an order-1 chain fitted to the real path table; without it, from a made-up chain of 12 channels. The next
touch is half a day later on average (exponential), so that a lookback of 90 days is hardly ever reached; a
conversion is worth 40 on average (gamma).
"""

from __future__ import annotations

import argparse
import itertools
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from benchmarks.attribution.chains import Chain, Drawn, Floats, Ints, draw_chain, draw_journeys, fit_chain
from benchmarks.attribution.common import build_folder, path_table

YEAR = 365 * 86_400
START = 1_704_067_200
GAP = 43_200


@dataclass(frozen=True)
class Distinct:
    """Distinct paths of journeys: path `p` is ``codes[starts[p]:starts[p + 1]]``; `path` is each journey's."""

    path: Ints
    codes: Ints
    starts: Ints


def distinct(drawn: Drawn) -> Distinct:
    """Find equal paths by a 64-bit hash of each journey's channels in order."""
    mixed = np.zeros(len(drawn.converted), np.uint64)
    edges = np.searchsorted(drawn.place, np.arange(drawn.place[-1] + 2))
    for first, end in itertools.pairwise(edges):
        here = drawn.journey[first:end]
        mixed[here] = _mix(mixed[here] + drawn.channel[first:end].astype(np.uint64) + np.uint64(1))
    _, one, path = np.unique(mixed, return_index=True, return_inverse=True)
    number = np.full(len(mixed), -1)
    number[one] = np.arange(len(one))
    chosen = np.flatnonzero(number[drawn.journey] >= 0)
    chosen = chosen[np.lexsort([drawn.place[chosen], number[drawn.journey[chosen]]])]
    starts = np.concatenate([[0], np.cumsum(drawn.lengths[one])])
    return Distinct(path, drawn.channel[chosen], starts)


def _mix(x: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """Scatter 64 bits (finaliser of splitmix64, Steele, Lea and Flood 2014)."""
    with np.errstate(over="ignore"):
        x = (x + np.uint64(0x9E3779B97F4A7C15)) * np.uint64(1)
        x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))


def times(drawn: Drawn, random: np.random.Generator, gap: float = GAP) -> Ints:
    """Draw the second of each touch since the start of the year, (touches,); later touches are later."""
    clock = random.integers(0, YEAR, len(drawn.converted))
    out = np.empty(len(drawn.journey), np.int64)
    edges = np.searchsorted(drawn.place, np.arange(drawn.place[-1] + 2))
    for first, end in itertools.pairwise(edges):
        here = drawn.journey[first:end]
        clock[here] += 1 + random.exponential(gap, end - first).astype(np.int64)
        out[first:end] = clock[here]
    return out


def values(drawn: Drawn, random: np.random.Generator) -> Floats:
    """Draw what each journey's conversion is worth, two decimals, zero without one, (journeys,)."""
    return np.where(drawn.converted, random.gamma(2, 20, len(drawn.converted)).round(2), 0.0)


@dataclass(frozen=True)
class Files:
    """Where the journeys of one size lie, and how many they are."""

    parquet: Path
    csv: Path
    paths: Path
    journeys: int


def make(chain: Chain, journeys: int, folder: Path, *, seed: int = 1, csv: bool = False) -> Files:
    """Write the files of one size, unless they are there already."""
    name = f"{journeys}_{seed}_{chain.fingerprint}"
    stem = folder / f"journeys_{name}"
    files = Files(stem.with_suffix(".parquet"), stem.with_suffix(".csv"), folder / f"paths_{name}.csv", journeys)
    import duckdb

    engine = duckdb.connect()
    if not (files.parquet.exists() and files.paths.exists()):
        random = np.random.default_rng([seed, journeys])
        drawn = draw_journeys(chain, journeys, seed=[seed, journeys, 1])
        worth = values(drawn, random)
        _write_paths(chain, drawn, worth, files.paths)
        _write_touches(engine, chain, drawn, worth, random, files.parquet)
    if csv and not files.csv.exists():
        engine.execute(f"COPY (FROM '{files.parquet}') TO '{files.csv}' (HEADER)")
    return files


def _write_paths(chain: Chain, drawn: Drawn, worth: Floats, file: Path) -> None:
    found = distinct(drawn)
    size = len(found.starts) - 1
    names = np.array(chain.channels, dtype=object)[found.codes]
    table = {
        "path": np.array([" > ".join(names[a:b]) for a, b in zip(found.starts[:-1], found.starts[1:], strict=True)]),
        "total_conversions": np.bincount(found.path, drawn.converted, size).astype(np.int64),
        "total_conversion_value": np.bincount(found.path, worth, size).round(2),
        "total_null": np.bincount(found.path, ~drawn.converted, size).astype(np.int64),
    }
    import pandas as pd

    pd.DataFrame(table).sort_values("path").to_csv(file, index=False)


def _write_touches(
    engine: Any, chain: Chain, drawn: Drawn, worth: Floats, random: np.random.Generator, file: Path
) -> None:
    second = times(drawn, random) + START
    shuffled = random.permutation(len(drawn.journey))
    journey = drawn.journey[shuffled]
    ends = drawn.converted[journey] & (drawn.place[shuffled] == drawn.lengths[journey] - 1)
    touches = {
        "user_id": journey,
        "second": second[shuffled],
        "code": drawn.channel[shuffled].astype(np.int32),
        "conversion": ends.astype(np.int8),
        "conversion_value": np.where(ends, worth[journey], 0.0),
    }
    engine.register("touches", touches)
    names = ", ".join(f"'{name}'" for name in chain.channels)
    engine.execute(
        f"""COPY (SELECT user_id, make_timestamp(second * 1000000) AS "time", [{names}][code + 1] AS channel,
                         conversion, conversion_value
                  FROM touches) TO '{file}'"""
    )


def default_chain(paths: str | None = None) -> tuple[Chain, str]:
    """Return the chain fitted to the real path table, or a made-up one, and which it is."""
    file = path_table(paths)
    if file:
        return fit_chain(file), f"order-1 chain fitted to {file.name}"
    return draw_chain(12, 1, seed=1), "made-up order-1 chain of 12 channels (the real path table is not here)"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("journeys", type=float)
    parser.add_argument("folder", nargs="?")
    parser.add_argument("--paths")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--csv", action="store_true")
    options = parser.parse_args()
    chain, said = default_chain(options.paths)
    folder = build_folder(options.folder)
    print(said, make(chain, int(options.journeys), folder, seed=options.seed, csv=options.csv), sep="\n")


if __name__ == "__main__":
    main()
