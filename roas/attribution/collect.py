"""Rows of touches → journeys, on whichever engine holds them."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

import numpy as np

from roas.attribution.grouping import Collision, Hashing
from roas.attribution.packing import DAY_US, Packing, bits_for, grid
from roas.attribution.paths import Decay, Paths
from roas.attribution.results import Journeys
from roas.attribution.stream import Block, Part, fold, merge
from roas.errors import InputError
from roas.format import count
from roas.problems import Rejected

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


@dataclass(frozen=True)
class Counted:
    """What the first pass over the rows counts.

    Attributes
    ----------
    touches : dict of str to int
        Usable rows by name; None stands for conversions without a touch.
    rejected : tuple of Rejected
    lost : tuple of (float, float)
        Conversions among the rejected rows, and their value.
    first, last : int
        Microseconds since 1970 UTC.
    conversions, value : float
        Of the usable rows; value without its sign, an upper bound.
    """

    touches: dict[str | None, int]
    rejected: tuple[Rejected, ...]
    lost: tuple[float, float]
    first: int
    last: int
    conversions: float
    value: float

    @property
    def rows(self) -> int:
        """Usable rows."""
        return sum(self.touches.values())


def collect(engine: Engine, rows: str, reasons: Sequence[str], choices: Choices) -> tuple[Journeys, Counted]:
    """Make journeys of the rows of a query.

    Parameters
    ----------
    engine : Engine
    rows : str
        SQL of ``person`` (BIGINT, a hash), ``moment`` (BIGINT, microseconds since 1970 UTC), ``unit``
        (VARCHAR, NULL without a touch), ``sold`` (BOOLEAN), ``worth`` (DOUBLE)
        and ``rejected`` (0, or from 1 on why the row cannot be used).
    reasons : sequence of str
        What the numbers in ``rejected`` stand for.
    choices : Choices

    Raises
    ------
    InputError
        When no row can be used, or nothing converted.
    """
    counted = _count(engine, rows, reasons)
    names, codes = _names(counted)
    engine.add("roas_names", {"unit": list(codes), "code": list(codes.values())})
    bits = bits_for(len(names), counted.last - counted.first)
    if bits is None:
        raise AssertionError("names and times fit: both are bounded")
    packing = Packing(
        counted.first,
        len(names),
        bits,
        choices.lookback_days * DAY_US,
        max(1, round(choices.half_life_days * DAY_US)),
        choices.weekly,
        grid(counted.conversions),
        grid(counted.value),
    )
    part = _folded(engine, _touches(rows, packing), packing)
    return _journeys(part, names, counted, choices, merged=len(codes) - len(names) + 1), counted


def _count(engine: Engine, rows: str, reasons: Sequence[str]) -> Counted:
    found = engine.rows(
        "SELECT unit, rejected, COUNT(*), SUM(CAST(sold AS BIGINT)), SUM(CASE WHEN sold THEN ABS(worth) ELSE 0.0e0 END), "
        f"MIN(moment), MAX(moment) FROM ({rows}) AS given GROUP BY unit, rejected"
    )
    good, bad = ([row for row in found if bool(row[1]) is wrong] for wrong in (False, True))
    numbers = [sum(int(row[2]) for row in bad if row[1] == 1 + place) for place in range(len(reasons))]
    rejected = tuple(Rejected(why, number, None) for why, number in zip(reasons, numbers, strict=True) if number)
    if not good:
        told = "; ".join(f"{each.reason} ({count(each.count)})" for each in rejected) or "there is none"
        raise InputError(f"no row can be used: {told}.")
    return Counted(
        {row[0]: int(row[2]) for row in good},
        rejected,
        (math.fsum(row[3] or 0 for row in bad), math.fsum(row[4] or 0 for row in bad)),
        min(int(row[5]) for row in good),
        max(int(row[6]) for row in good),
        math.fsum(row[3] or 0 for row in good),
        math.fsum(row[4] or 0 for row in good),
    )


def _names(counted: Counted) -> tuple[tuple[str, ...], dict[str, int]]:
    """Return the names, sorted, and the code of each name as exported; the rarest share one."""
    ranked = sorted((-number, name) for name, number in counted.touches.items() if name is not None)
    kept = sorted(name for _, name in ranked[:MOST_NAMES])
    rest = [name for _, name in ranked[MOST_NAMES:]]
    if not rest:
        return tuple(kept), {name: code for code, name in enumerate(kept)}
    other = f"({count(len(rest))} others)"
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


def _journeys(part: Part, names: Sequence[str], counted: Counted, choices: Choices, *, merged: int) -> Journeys:
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
        start=_day(counted.first),
        end=_day(counted.last),
        rejected=counted.rejected,
        notes=tuple(_notes(part, counted, choices, merged)),
    )


def _day(micros: int) -> dt.date:
    return dt.date(1970, 1, 1) + dt.timedelta(micros // DAY_US)


def _notes(part: Part, counted: Counted, choices: Choices, merged: int) -> Iterable[str]:
    """Say what was left out, put together or odd."""
    sums = part.sums
    if sums.get("repeats"):
        yield f"{count(sums['repeats'])} rows repeat another in id, time, channel, conversion and value: each counts once"
    if counted.lost[0]:
        yield f"{count(counted.lost[0])} conversions are in rows that cannot be used, and in no figure here"
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
