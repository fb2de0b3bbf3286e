"""Do the 90 % intervals hold the truth, and is the planted order found? Journeys drawn from chains that are known.

    python benchmarks/attribution/coverage.py --seeds 20                  # a look
    python benchmarks/attribution/coverage.py --seeds 200 --write         # the tables of README.md

Truth is what a model's credit comes to in the long run: its credit per journey over infinitely many, times the
journeys drawn. For Markov of an order at least the chain's, that is removal effects of the chain itself; for order 1
on a chain of order 2, those of the order-1 chain that infinitely many journeys would be fitted by; for rules and set
Shapley, expected credit from the chain (chains.py), exact; for time decay, the mean of four million other journeys.
Several chains are drawn per cell; each seed draws new journeys. Channels of one chain share journeys, so the standard
error is over seeds.
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import math
import os
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar
from unittest.mock import patch

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
sys.path[:0] = [str(Path(__file__).resolve().parents[2])]

import numpy as np  # noqa: E402
import numpy.typing as npt  # noqa: E402

from benchmarks.attribution.chains import (  # noqa: E402
    Chain,
    Drawn,
    Floats,
    Ints,
    draw_chain,
    draw_journeys,
    first_order,
    markov_credit,
    rule_credit,
    shapley_credit,
)
from benchmarks.attribution.common import machine, writer  # noqa: E402
from benchmarks.attribution.journeys import distinct, times, values  # noqa: E402
from benchmarks.attribution.ours import credits  # noqa: E402
from roas.attribution.paths import Decay, Paths  # noqa: E402

MODELS = (
    "first",
    "last",
    "linear",
    "time_decay",
    "position",
    "w_shaped",
    "markov",
    "markov_2",
    "markov_auto",
    "shapley",
)

#: How intervals are made, and the number of distinct paths and outcomes up to which journeys are redrawn.
WAYS = {"redrawn": 10**9, "worked out": 0}

#: Different chains in one cell.
CHAINS = 4

#: Mean value of a conversion, and half-life and mean gap of touches in seconds.
WORTH, HALF_LIFE, GAP = 40.0, 7 * 86_400, 86_400.0

#: A channel of fewer expected conversions than this is counted apart.
FEW = 10

#: Slack for sums in another order.
ROUNDING = 1e-9

#: Journeys for the truth of time decay: its own error widens that of 100,000 journeys by an eightieth.
LONG_RUN = 4_000_000

#: Order of a chain → most channels for which the conversions inside every set of channels are worked out.
SUBSETS = {1: 20, 2: 10}


@dataclass(frozen=True)
class Cell:
    """Channels and order of the chain, journeys drawn."""

    channels: int
    order: int
    journeys: int

    def chain(self, number: int) -> Chain:
        """Draw one of the chains of this cell."""
        return draw_chain(self.channels, self.order, seed=number)


CELLS = tuple(Cell(c, k, n) for n in (1_000, 10_000, 100_000) for k in (1, 2) for c in (5, 10, 20))
ORDERS = tuple(Cell(c, k, n) for n in (1_000, 10_000, 100_000) for c in (5, 10, 20) for k in (1, 2, 3))


# Journeys → what a model reads


def decay_shares(drawn: Drawn, seconds: Floats) -> Floats:
    """Return the time-decay share of each touch of each journey, (touches,)."""
    end = np.zeros(len(drawn.converted))
    np.maximum.at(end, drawn.journey, seconds)
    weight = 0.5 ** ((end[drawn.journey] - seconds) / HALF_LIFE)
    return weight / np.bincount(drawn.journey, weight, len(drawn.converted))[drawn.journey]


def as_paths(chain: Chain, drawn: Drawn, random: np.random.Generator) -> Paths:
    """Add equal journeys up; values are drawn, and times for the decay."""
    found = distinct(drawn)
    size = len(found.starts) - 1
    worth = values(drawn, random)
    shares = decay_shares(drawn, times(drawn, random, GAP).astype(float)) * drawn.converted[drawn.journey]
    touch = found.starts[found.path[drawn.journey]] + drawn.place
    each = np.bincount(drawn.journey * len(chain.channels) + drawn.channel, shares)
    return Paths(
        chain.channels,
        found.codes.astype(np.int32),
        found.starts.astype(np.int64),
        conversions=added(found.path, drawn.converted, size),
        nulls=added(found.path, ~drawn.converted, size),
        value=added(found.path, worth, size),
        value_squares=added(found.path, worth**2, size),
        decay=Decay(
            added(touch, shares, len(found.codes)),
            added(touch, shares * worth[drawn.journey], len(found.codes)),
            added(np.arange(len(each)) % len(chain.channels), each**2, len(chain.channels)),
        ),
    )


def added(groups: Ints, numbers: npt.ArrayLike, size: int) -> Floats:
    """Add numbers up by group, (size,)."""
    return np.bincount(groups, np.asarray(numbers, np.float64), size).astype(np.float64)


# Truth


Truth = dict[str, Floats]
Truths = npt.NDArray[np.bool_]
T = TypeVar("T")


def truth(channels: int, order: int, number: int) -> Truth:
    """Return expected conversions per journey by model, (channels,) each, of one chain."""
    chain = draw_chain(channels, order, seed=number)
    found = rule_credit(chain)
    found["markov"] = markov_credit(first_order(chain))
    found["markov_2"] = found["markov_auto"] = markov_credit(chain)
    if channels <= SUBSETS[order]:
        found["shapley"] = shapley_credit(chain)
    found["time_decay"] = decay_truth(chain)
    return found


def decay_truth(chain: Chain) -> Floats:
    """Return the mean time-decay credit of many other journeys, (channels,)."""
    credit, block = np.zeros(len(chain.channels)), LONG_RUN // 4
    for part in range(4):
        random = np.random.default_rng([part, 9])
        drawn = draw_journeys(chain, block, seed=[part, 8])
        shares = decay_shares(drawn, times(drawn, random, GAP).astype(float)) * drawn.converted[drawn.journey]
        credit += np.bincount(drawn.channel, shares, len(credit))
    return credit / LONG_RUN


# Coverage


@dataclass(frozen=True)
class Held:
    """One seed, one way: whether each model's interval holds each channel's truth, for conversions and for value."""

    cell: Cell
    way: str
    expected: dict[str, Floats]
    conversions: dict[str, Truths]
    value: dict[str, Truths]
    width: dict[str, Floats]
    seconds: float


def look(job: tuple[Cell, int, Truth]) -> list[Held]:
    """Draw journeys, attribute them, compare with the truth: once for each way to make intervals."""
    cell, seed, known = job
    chain, random = cell.chain(seed % CHAINS), np.random.default_rng([seed, cell.journeys, 1])
    paths = as_paths(chain, draw_journeys(chain, cell.journeys, seed=[seed, cell.journeys, 2]), random)
    expected = {model: known[model] * cell.journeys for model in MODELS if model in known}
    return [compare(cell, way, expected, paths, seed) for way in WAYS]


def compare(cell: Cell, way: str, expected: Truth, paths: Paths, seed: int) -> Held:
    """Attribute journeys, with intervals made in one way whatever their number, and compare with the truth."""
    with up_to(WAYS[way]):
        began = time.process_time()
        found = credits(paths, tuple(expected), seed=seed)
        seconds = time.process_time() - began
    conversions, value, width = {}, {}, {}
    for model, right in expected.items():
        of_conversions, of_value = found[model].conversions_interval, found[model].value_interval
        assert of_conversions is not None and of_value is not None
        conversions[model] = inside(of_conversions, right)
        value[model] = inside(of_value, right * WORTH)
        width[model] = (of_conversions[:, 1] - of_conversions[:, 0]) / right
    return Held(cell, way, expected, conversions, value, width, seconds)


@contextlib.contextmanager
def up_to(cells: int) -> Iterator[None]:
    """Have journeys redrawn up to so many distinct paths and outcomes, wherever that limit is read."""
    readers = [m for name, m in sys.modules.items() if name.startswith("roas.attribution") and hasattr(m, "MOST_CELLS")]
    with contextlib.ExitStack() as stack:
        for reader in readers:
            stack.enter_context(patch.object(reader, "MOST_CELLS", cells))
        yield


def inside(interval: Floats, right: Floats) -> Truths:
    """Tell which intervals hold what is right, (channels,)."""
    held: Truths = (interval[:, 0] <= right + ROUNDING) & (right <= interval[:, 1] + ROUNDING)
    return held


def rate(parts: Sequence[Truths]) -> str:
    """Return the share held and its standard error over seeds."""
    means = np.array([part.mean() for part in parts if part.size])
    if not len(means):
        return ""
    held, size = np.concatenate(list(parts)).mean(), len(means)
    error = means.std(ddof=1) / math.sqrt(size) if size > 1 else math.nan
    return f"{held:.3f} ± {error:.3f}"


def coverage_rows(found: Sequence[Held]) -> list[list[str]]:
    """One row per number of journeys, model and way: conversions, value, small channels apart, width."""
    rows = []
    for journeys, model, way in itertools.product(sorted({each.cell.journeys for each in found}), MODELS, WAYS):
        these = [e for e in found if (e.cell.journeys, e.way) == (journeys, way) and model in e.expected]
        if not these:
            continue
        big = [each.expected[model] >= FEW for each in these]
        width = np.concatenate([each.width[model][b] for each, b in zip(these, big, strict=True)])
        rows.append(
            [
                f"{journeys:,}",
                model,
                way,
                rate([each.conversions[model][b] for each, b in zip(these, big, strict=True)]),
                rate([each.value[model][b] for each, b in zip(these, big, strict=True)]),
                rate([each.conversions[model][~b] for each, b in zip(these, big, strict=True)]),
                f"{np.median(width):.3f}",
            ]
        )
    return rows


def cell_rows(found: Sequence[Held]) -> list[list[str]]:
    """One row per cell and way: coverage of conversions by model, channels of ten expected conversions or more."""
    rows = []
    for cell, way in dict.fromkeys((each.cell, each.way) for each in found):
        these = [each for each in found if (each.cell, each.way) == (cell, way)]
        rates = [
            rate([each.conversions[m][each.expected[m] >= FEW] for each in these if m in each.expected]) for m in MODELS
        ]
        seconds = float(np.median([each.seconds for each in these]))
        rows.append([f"{cell.journeys:,}", str(cell.order), str(cell.channels), way, *rates, f"{seconds:.2f}"])
    return rows


# Order


def order_found(job: tuple[Cell, int]) -> tuple[Cell, int]:
    """Return the order that `markov_auto` chooses."""
    cell, seed = job
    chain = cell.chain(seed % CHAINS)
    drawn = draw_journeys(chain, cell.journeys, seed=[seed, cell.journeys, 3])
    paths = as_paths(chain, drawn, np.random.default_rng([seed, 4]))
    return cell, int(credits(paths, ["markov_auto"], seed=seed, intervals=False)["markov_auto"].facts["order"])


def order_rows(found: Sequence[tuple[Cell, int]]) -> list[list[str]]:
    """One row per cell: how often each order was chosen."""
    rows = []
    for cell in dict.fromkeys(cell for cell, _ in found):
        chosen = [order for each, order in found if each == cell]
        shares = [f"{chosen.count(k) / len(chosen):.2f}" for k in (1, 2, 3, 4)]
        rows.append(
            [
                f"{cell.journeys:,}",
                str(cell.channels),
                str(cell.order),
                *shares,
                f"{chosen.count(cell.order) / len(chosen):.2f}",
            ]
        )
    return rows


def told(what: str, answers: Iterable[T], total: int) -> Iterator[T]:
    """Pass answers on, saying now and then how many there are."""
    for done, answer in enumerate(answers, 1):
        if done % 200 == 0:
            print(f"{what}: {done:,} of {total:,}", file=sys.stderr, flush=True)
        yield answer


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--order-seeds", type=int, help="the same unless given")
    parser.add_argument("--most", type=float, default=1e5, help="most journeys")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--write", action="store_true", help="put the tables into README.md")
    options = parser.parse_args()
    put = writer(options.write)
    cells = [cell for cell in CELLS if cell.journeys <= options.most]
    shapes = [(c, k, i) for c, k in dict.fromkeys((cell.channels, cell.order) for cell in cells) for i in range(CHAINS)]
    order_jobs = [
        (cell, seed)
        for cell in ORDERS
        if cell.journeys <= options.most
        for seed in range(options.order_seeds or options.seeds)
    ]
    with get_context("fork").Pool(options.processes) as pool:
        known = dict(zip(shapes, pool.starmap(truth, shapes, chunksize=1), strict=True))
        jobs = [
            (cell, seed, known[cell.channels, cell.order, seed % CHAINS])
            for cell in cells
            for seed in range(options.seeds)
        ]
        held = [each for part in told("journeys drawn", pool.imap(look, jobs, chunksize=4), len(jobs)) for each in part]
        orders = list(told("orders", pool.imap(order_found, order_jobs, chunksize=4), len(order_jobs)))
    said = f"Measured {machine()} {options.seeds} seeds per cell, {CHAINS} chains."
    few = f"channels of fewer than {FEW}"
    head = ("journeys", "model", "intervals", "conversions, held", "value, held", few, "median width / truth")
    put("coverage", head, coverage_rows(held), said=said)
    put("coverage-cells", ("journeys", "order", "channels", "intervals", *MODELS, "CPU s"), cell_rows(held), said=said)
    named = ("journeys", "channels", "planted order", "1 found", "2 found", "3 found", "4 found", "right")
    said = f"Measured {machine()} {options.order_seeds or options.seeds} seeds per cell, {CHAINS} chains."
    put("orders", named, order_rows(orders), said=said)


if __name__ == "__main__":
    main()
