"""Rows of touches → journeys, on whichever engine holds them."""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from roas.attribution.paths import Decay, Paths
from roas.attribution.results import Journeys
from roas.attribution.touches.grouping import Collision, Hashing
from roas.attribution.touches.packing import DAY_US, Packing, bits_for, grid
from roas.attribution.touches.stream import Block, Part, fold, merge
from roas.format import count, plural

if TYPE_CHECKING:
    from roas.io.engine import Arrays, Engine

#: Channels, or campaigns, told apart. A removal effect of each out of 2,000
#: takes one inverse of half a second; more names than that are no table a
#: person reads. The rest, which have the fewest touches, are one.
MOST_NAMES: Final = 2_000

#: Touches of one journey from which its id more likely stands for many people, or for none.
MANY_TOUCHES: Final = 1_000

#: Times that other random numbers are tried for two different paths with one hash.
_TRIES: Final = 4


@dataclass(frozen=True)
class Choices:
    """How journeys are made.

    Attributes
    ----------
    lookback_days : int
    half_life_days : float
    weekly : bool
        Keep the weeks in which journeys end apart.
    """

    lookback_days: int = 90
    half_life_days: float = 7.0
    weekly: bool = False


class Count(NamedTuple):
    """What one pass counts of the rows of one file, name and reason to leave them out (0: none).

    ``unvalued`` are conversions without a value, ``idle`` rows with a value
    that are no conversions; ``first`` and ``last`` microseconds since 1970 UTC.
    """

    file: int
    unit: str | None
    rejected: int
    rows: int
    conversions: int
    value: float
    unvalued: int
    idle: int
    line: int | None
    first: int | None
    last: int | None


def count_rows(engine: Engine, rows: str) -> list[Count]:
    """Count the rows of a query, see `collect`; it also gives ``file``, ``amount`` and ``line``."""
    one = "CAST(1 AS BIGINT)"
    found = engine.rows(
        f"SELECT file, unit, rejected, COUNT(*), SUM(CASE WHEN sold THEN {one} ELSE 0 END), SUM(worth), "
        f"SUM(CASE WHEN sold AND amount IS NULL THEN {one} ELSE 0 END), "
        f"SUM(CASE WHEN NOT sold AND amount <> 0 THEN {one} ELSE 0 END), MIN(line), MIN(moment), MAX(moment) "
        f"FROM ({rows}) AS given GROUP BY file, unit, rejected"
    )
    return [Count(*row) for row in found]


def collect(engine: Engine, rows: str, counts: Sequence[Count], choices: Choices) -> Journeys:
    """Make journeys of the rows of a query.

    Parameters
    ----------
    engine : Engine
    rows : str
        SQL of ``person`` (BIGINT, a hash), ``moment`` (BIGINT, microseconds since 1970 UTC), ``unit``
        (VARCHAR, NULL without a touch), ``sold`` (BOOLEAN), ``worth`` (DOUBLE)
        and ``rejected`` (0 where the row can be used).
    counts : sequence of Count
        Of those rows; some can be used.
    choices : Choices
    """
    good = [each for each in counts if not each.rejected]
    names, codes = _names(good)
    engine.add("roas_names", {"unit": list(codes), "code": list(codes.values())})
    first, last = min(each.first or 0 for each in good), max(each.last or 0 for each in good)
    bits = bits_for(len(names), last - first)
    if bits is None:
        raise AssertionError("names and times fit: both are bounded")
    packing = Packing(
        first, len(names), bits, choices.lookback_days * DAY_US, max(1, round(choices.half_life_days * DAY_US)),
        choices.weekly, grid(sum(each.conversions for each in good)), grid(math.fsum(each.value for each in good)),
    )  # fmt: skip
    part = _folded(engine, _touches(rows, packing), packing)
    merged = len(codes) - len(names) + 1
    return replace(_journeys(part, names, choices, merged), start=_day(first), end=_day(last))


def _names(counts: Sequence[Count]) -> tuple[tuple[str, ...], dict[str, int]]:
    """Return the names, sorted, and the code of each name as exported; the rarest share one."""
    touches: Counter[str] = Counter()
    for each in counts:
        if each.unit is not None:
            touches[each.unit] += each.rows
    ranked = sorted((-number, name) for name, number in touches.items())
    kept = sorted(name for _, name in ranked[:MOST_NAMES])
    rest = [name for _, name in ranked[MOST_NAMES:]]
    if not rest:
        return tuple(kept), {name: code for code, name in enumerate(kept)}
    other = f"({plural(len(rest), 'other')})"
    names = sorted([*kept, other])
    code = {name: i for i, name in enumerate(names)}
    return tuple(names), {name: code[name] for name in kept} | dict.fromkeys(rest, code[other])


def _touches(rows: str, packing: Packing) -> str:
    """Write the query of person, key, sold and value."""
    return (
        "SELECT given.person AS person, "
        f"((given.moment - {packing.origin}) << {packing.bits + 1}) | (CAST(given.sold AS BIGINT) << {packing.bits}) | "
        f"COALESCE(CAST(named.code AS BIGINT), {packing.channels}) AS key, given.sold AS sold, "
        "CASE WHEN given.sold THEN given.worth ELSE 0.0e0 END AS value "
        f"FROM ({rows}) AS given LEFT JOIN roas_names AS named ON given.unit = named.unit WHERE given.rejected = 0"
    )


def _folded(engine: Engine, touches: str, packing: Packing) -> Part:
    for attempt in range(_TRIES):
        hashing = Hashing(attempt)
        try:
            return merge(engine.fold(touches, packing.bits, partial(_fold, packing=packing, hashing=hashing)))
        except Collision:
            continue
    raise AssertionError("different paths keep the same hash")


def _fold(blocks: Iterable[Arrays], *, packing: Packing, hashing: Hashing) -> Part:
    return fold((Block(block["person"], block["key"], block["value"]) for block in blocks), packing, hashing)


def _journeys(part: Part, names: Sequence[str], choices: Choices, merged: int) -> Journeys:
    paths = Paths(
        tuple(names), part.codes, part.starts, part.conversions, part.nulls, part.value, part.value_squares,
        Decay(part.decay, part.decay_value, part.squares), part.periods if choices.weekly else None,
    )  # fmt: skip
    return Journeys(
        paths,
        lookback_days=choices.lookback_days,
        half_life_days=choices.half_life_days,
        unattributed_conversions=part.sums.get("unattributed", 0.0),
        unattributed_value=part.sums.get("unattributed_value", 0.0),
        expired_touches=int(part.sums.get("expired", 0)),
        days_to_convert=part.days,
        nulls_known=bool(part.nulls.sum() > 0),
        notes=tuple(_notes(part, choices, merged)),
    )


def _day(micros: int) -> dt.date:
    return dt.date(1970, 1, 1) + dt.timedelta(micros // DAY_US)


def _notes(part: Part, choices: Choices, merged: int) -> Iterable[str]:
    """Say what was left out, put together or odd."""
    sums = part.sums
    if sums.get("repeats"):
        yield f"{count(sums['repeats'])} rows repeat another in id, time, channel, conversion and value: each counts once"
    if sums.get("expired"):
        yield (
            f"{count(sums['expired'])} touches lie more than {choices.lookback_days} days before the end of their journey "
            "and get no credit"
        )
    if sums.get("unattributed"):
        yield (
            f"{count(sums['unattributed'])} conversions have no touch in the {choices.lookback_days} days before them: "
            "no channel is given credit for them"
        )
    if sums.get("skewed"):
        yield (
            f"{count(sums['skewed'])} times a touch follows a conversion of the same person within a minute: perhaps two "
            "clocks; it is read as the begin of the next journey"
        )
    longest = int(np.diff(part.starts).max(initial=0))
    if longest >= MANY_TOUCHES:
        yield f"the longest journey has {count(longest)} touches: its id may stand for many people, or for a robot"
    if merged > 1:
        yield f"only the {count(MOST_NAMES)} names with the most touches are told apart; {count(merged)} others are one"
    if not part.nulls.sum():
        yield "no journey here ended without a conversion: export the others too, or removal effects say little"
