"""Paths for tests: by hand, at random, from planted chains, and the reference table."""

from __future__ import annotations

import csv

import numpy as np
from hypothesis import strategies as st

from roas.attribution.paths import Paths

TINY = [("AB", 2, 30, 0), ("A", 1, 10, 1), ("B", 0, 0, 1)]

#: Small tables with at least one conversion.
TABLES = st.lists(
    st.tuples(
        st.lists(st.sampled_from("ABCD"), min_size=1, max_size=6),
        st.integers(0, 4),
        st.integers(0, 9),
        st.integers(0, 4),
    ),
    min_size=1,
    max_size=10,
).filter(lambda rows: any(row[1] for row in rows))


def reference(folder) -> Paths:
    """10,000 real paths of 12 channels."""
    with (folder / "journeys" / "pathdata_paths.csv").open(encoding="utf-8") as file:
        return Paths.of(
            (
                row["path"].split(" > "),
                float(row["total_conversions"]),
                float(row["total_conversion_value"]),
                float(row["total_null"]),
            )
            for row in csv.DictReader(file)
        )


def planted(order, journeys, seed, channels=4) -> Paths:
    """Journeys of a chain that remembers `order` touches."""
    rng = np.random.default_rng(seed)
    chances: dict[tuple[int, ...], np.ndarray] = {}
    rows = []
    for _ in range(journeys):
        past: tuple[int, ...] = ()
        while True:
            context = past[-order:]
            if context not in chances:
                ends = [0.1, 0.2] if past else [0.0, 0.0]
                drawn = np.append(rng.dirichlet(np.ones(channels)) * (1 - sum(ends)), ends)
                chances[context] = np.cumsum(drawn / drawn.sum())
            following = min(int(np.searchsorted(chances[context], rng.random())), channels + 1)
            if following >= channels:
                won = following == channels
                rows.append(("".join("ABCDEFGH"[i] for i in past), won, 10.0 * won, not won))
                break
            past = (*past, following)
    return Paths.of(rows)
