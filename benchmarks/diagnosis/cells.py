"""The accounts on which the diagnosis is measured: every job, in a fixed order.

A *point* says what kind of account it is; a *job* is a point with a seed. Points come in blocks:

centre   every cause and every healthy kind around the middle: a hit of 30 %, 150 sales a day, all columns, two years
factors  the centre with one thing changed: size, sales, columns, history, shape, budgets that chase, a second cause
grid     sales x columns x history, all combinations, hits of 30 %: the table that ships with roas
fill     drawn at random from the whole surface, so that no corner is left out by design
"""

from __future__ import annotations

import hashlib
import itertools
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, Final, Literal

import numpy as np

from roas.diagnosis.base import CAUSES as DIAGNOSED

Generator = Literal["ours", "other"]
Columns = Literal["bare", "claims", "funnel", "full"]

CAUSES: Final = tuple(sorted(cause.name for cause in DIAGNOSED))

#: What happens in accounts in which nothing is wrong, as each generator calls it. "plain" is nothing at all.
KINDS: Final = {
    "ours": ("plain", "holiday", "price_wobble", "spend_test", "chase", "claims_lag", "renamed", "paused"),
    "other": (
        "plain", "holiday", "price_wobble", "doubled", "strong_season", "pause", "launch", "promotion",
        "even_shift", "refresh", "scale_down", "growth", "renamed", "rough",
    ),
}  # fmt: skip

#: What may happen beside a cause.
BESIDE: Final = ("holiday", "price_wobble", "chase", "growth")

GENERATORS: Final = ("ours", "other")
SIZES: Final = (0.15, 0.3, 0.5)
SALES: Final = (10.0, 30.0, 150.0, 600.0)
COLUMNS: Final = ("bare", "claims", "funnel", "full")
WEEKS: Final = (26, 56, 104)
SHAPES: Final = ("step", "ramp", "slow")

#: Causes whose course no shape can change in our simulator.
OWN_COURSE: Final = frozenset(
    {"creative_fatigue", "reporting_lag", "fragmentation", "baseline_erosion", "promotion_hangover"}
)

#: Seeds for building the engine, and seeds that only the published figures use.
DEVELOPMENT, FINAL = range(200), range(1000, 10_000)

#: Accounts of a point in each block, as a share of ``--repeats``.
EFFORT: Final = {"centre": 1.0, "factors": 0.5, "grid": 0.2}

#: Healthy accounts of a cell of the grid, per repeat and generator: at 10 repeats about 60, so that a rate of 5 %
#: is told from 15 % in every cell.
HEALTHY: Final = 6

#: Random points per repeat in the block "fill", each generator.
FILL: Final = 50


@dataclass(frozen=True, order=True)
class Job:
    """One account to make and to diagnose.

    Attributes
    ----------
    generator : {"ours", "other"}
        Our simulator, or one written apart from it.
    cause, second : str or None
        What is planted; None in `cause` is a healthy account.
    kind : str
        What else happens, one of `KINDS` of the generator.
    size : float
        Share that what is hit loses; 0 in healthy accounts.
    sales : float
        Conversions that platforms claim per day, whole account, about.
    columns : str
        One of `COLUMNS`, see `benchmarks.diagnosis.accounts`.
    weeks : int
        Length of the history.
    shape : str
        One of `SHAPES`, or "own": as the cause usually comes.
    seed : int
        Of the account.
    """

    generator: str = "ours"
    cause: str | None = None
    second: str | None = None
    kind: str = "plain"
    size: float = 0.3
    sales: float = 150.0
    columns: str = "full"
    weeks: int = 104
    shape: str = "own"
    seed: int = 0

    @property
    def key(self) -> str:
        """The job in one line, from which `read_job` makes it again."""
        return "/".join("-" if value is None else f"{value:g}" if isinstance(value, float) else str(value)
                        for value in asdict(self).values())  # fmt: skip

    @property
    def healthy(self) -> bool:
        """Whether nothing is planted."""
        return self.cause is None

    @property
    def answerable(self) -> bool:
        """Whether enough is known to name the cause: the cell that the promise is about."""
        hit = self.cause is not None and self.second is None and self.size >= 0.3
        return hit and self.sales >= 30 and self.columns in ("funnel", "full")


def read_job(key: str) -> Job:
    """Make a job from its key."""
    values = key.split("/")
    if len(values) != len(fields(Job)):
        raise SystemExit(f'"{key}" is no job. A job looks like {Job(cause="saturation").key}')
    generator, cause, second, kind, size, sales, columns, weeks, shape, seed = values
    return Job(
        generator, None if cause == "-" else cause, None if second == "-" else second, kind,
        float(size), float(sales), columns, int(weeks), shape, int(seed),
    )  # fmt: skip


def centre() -> list[Job]:
    """Return every cause and every healthy kind, in both generators; the seed is open."""
    ill = [Job(generator, cause) for generator in GENERATORS for cause in CAUSES]
    return ill + [Job(generator, kind=kind, size=0.0) for generator in GENERATORS for kind in KINDS[generator]]


def factors() -> list[Job]:
    """Return the centre with one thing changed at a time."""
    levels: list[tuple[str, Iterable[Any]]] = [
        ("size", SIZES),
        ("sales", SALES),
        ("columns", COLUMNS),
        ("weeks", WEEKS),
        ("shape", SHAPES),
        ("kind", BESIDE),
        ("second", CAUSES),
    ]
    found = [
        replace(point, **{name: level}) for point in centre() for name, values in levels for level in values
        if getattr(point, name) != level
    ]  # fmt: skip
    return _sensible(found)


def grid() -> list[Job]:
    """Return sales x columns x history for every cause and every healthy kind."""
    every = itertools.product(centre(), SALES, COLUMNS, WEEKS)
    return [replace(point, sales=sales, columns=columns, weeks=weeks) for point, sales, columns, weeks in every]


def fill(count: int, *, seed: int = 0) -> list[Job]:
    """Draw `count` points of each generator from the whole surface, a quarter of them healthy."""
    rng = np.random.default_rng(seed)

    def one(generator: str) -> Job:
        healthy = rng.random() < 0.25
        causes = rng.permutation(CAUSES)
        return Job(
            generator,
            cause=None if healthy else str(causes[0]),
            second=str(causes[1]) if not healthy and rng.random() < 0.2 else None,
            kind=str(rng.choice(KINDS[generator])) if healthy or rng.random() < 0.4 else "plain",
            size=0.0 if healthy else float(rng.choice(SIZES)),
            sales=float(rng.choice(SALES)),
            columns=str(rng.choice(COLUMNS)),
            weeks=int(rng.choice(WEEKS)),
            shape=str(rng.choice(("own", *SHAPES))),
        )

    return [_settled(one(generator)) for generator in GENERATORS for _ in range(count)]


def _settled(point: Job) -> Job:
    """Take away what a cause cannot have: a shape of its own stays, a healthy account has none."""
    shapeless = point.healthy or (point.generator == "ours" and point.cause in OWN_COURSE)
    return replace(point, shape="own") if shapeless else point


def _sensible(points: Iterable[Job]) -> list[Job]:
    """Drop points that plant nothing of what they say, and keep one second cause in three, by turns."""
    kept = []
    for at, point in enumerate(points):
        if point != _settled(point) or (point.healthy and (point.second or point.size)):
            continue
        # There, a step is how causes come.
        if point.kind not in KINDS[point.generator] or (point.generator == "other" and point.shape == "step"):
            continue
        if point.second is not None and (point.second == point.cause or at % 3):
            continue
        kept.append(point)
    return list(dict.fromkeys(kept))


def seeded(points: Iterable[Job], seeds: Sequence[int], repeats: int, *, paired: bool) -> Iterator[Job]:
    """Give every point `repeats` accounts.

    Paired, a cause has the same shops at all its points, so that they can be compared, and another cause has
    others; else every point has shops of its own.
    """
    for point in points:
        name = f"{point.generator} {point.cause} {point.kind if point.healthy else ''}" if paired else point.key
        first = int.from_bytes(hashlib.sha256(name.encode()).digest()[:4], "big")
        for nth in range(min(repeats, len(seeds))):
            yield replace(point, seed=seeds[(first + nth) % len(seeds)])


def jobs(blocks: Iterable[str], seeds: Sequence[int], repeats: int) -> list[Job]:
    """Return the jobs of some blocks, each once, in a fixed order."""
    found: list[Job] = []
    for block in blocks:
        if block == "fill":
            points = fill(FILL * repeats, seed=seeds[0])
            found += [replace(point, seed=seeds[at % len(seeds)]) for at, point in enumerate(points)]
            continue
        for point in _POINTS[block]():
            found += seeded([point], seeds, _times(point, block, repeats), paired=block != "grid")
    return list(dict.fromkeys(found))


def _times(point: Job, block: str, repeats: int) -> int:
    if block == "grid" and point.healthy:
        return math.ceil(HEALTHY * repeats / len(KINDS[point.generator]))
    return max(1, round(repeats * EFFORT[block]))


_POINTS: Final = {"centre": centre, "factors": factors, "grid": grid}
BLOCKS: Final = ("centre", "factors", "grid", "fill")


def matching(found: Iterable[Job], wanted: str) -> list[Job]:
    """Keep the jobs of some cells, written as ``columns=bare,weeks=26``; values of one field divide by ``|``."""
    conditions = [part.partition("=")[::2] for part in wanted.split(",") if part]
    names = {each.name for each in fields(Job)}
    for name, _ in conditions:
        if name not in names:
            raise SystemExit(f'"{name}" is no field of a job. Use {", ".join(sorted(names))}.')

    def fits(job: Job) -> bool:
        return all(_text(getattr(job, name)) in values.split("|") for name, values in conditions)

    return [job for job in found if fits(job)]


def _text(value: Any) -> str:
    return "-" if value is None else f"{value:g}" if isinstance(value, float) else str(value)
