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

from roas.attribution.fewer import MOST_NAMES, bucket_of, said_of
from roas.attribution.paths import Decay, Paths
from roas.attribution.results import Journeys
from roas.attribution.touches.grouping import TRIES, Collision, Hashing
from roas.attribution.touches.packing import DAY_US, Packing, bits_for, grid
from roas.attribution.touches.stream import Block, Part, fold, merge
from roas.format import count, plural

if TYPE_CHECKING:
    from roas.io.engine import Arrays, Engine

#: Stands between channel and campaign inside a query: the unit separator, which exports do not write.
BETWEEN: Final = "\x1f"

#: Touches of one journey from which its id more likely stands for many people, or for none.
MANY_TOUCHES: Final = 1_000


@dataclass(frozen=True)
class Choices:
    """How journeys are made.

    Attributes
    ----------
    lookback_days : int
    half_life_days : float
    weekly : bool
        Keep the weeks in which journeys end apart.
    marked : bool
        Rows with different marks are different events.
    copies : bool
        Equal conversions are so many conversions.
    """

    lookback_days: int = 90
    half_life_days: float = 7.0
    weekly: bool = False
    marked: bool = False
    copies: bool = False


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
    names = _names(good)
    engine.add("roas_names", {"unit": list(names.codes), "code": list(names.codes.values())})
    first, last = min(each.first or 0 for each in good), max(each.last or 0 for each in good)
    bits = bits_for(len(names.shown), last - first)
    if bits is None:
        raise AssertionError("names and times fit: both are bounded")
    packing = Packing(
        first, len(names.shown), bits, choices.lookback_days * DAY_US, max(1, round(choices.half_life_days * DAY_US)),
        choices.weekly, grid(sum(each.conversions for each in good)), grid(math.fsum(each.value for each in good)),
        choices.copies,
    )  # fmt: skip
    part = _folded(engine, _touches(rows, packing), packing, marked=choices.marked)
    return replace(_journeys(part, names, choices), start=_day(first), end=_day(last))


@dataclass(frozen=True)
class _Names:
    """Names that get credit, sorted, with the channel of each; and the code of every name in the rows."""

    shown: tuple[str, ...]
    parents: tuple[str, ...] | None
    codes: dict[str, int]
    bucket: str | None


def _names(counts: Sequence[Count]) -> _Names:
    """Give names their codes; the rarest share one where there are too many to tell apart."""
    touches: Counter[str] = Counter()
    for each in counts:
        if each.unit is not None:
            touches[each.unit] += each.rows
    ranked = sorted((-number, name) for name, number in touches.items())
    kept, rest = ([name for _, name in part] for part in (ranked[:MOST_NAMES], ranked[MOST_NAMES:]))
    shown = {name: name.replace(BETWEEN, " / ") for name in kept}
    if len({*shown.values()}) < len(shown):  # a channel "A / B" beside campaign B of channel A
        shown = {name: f"{text} (campaign)" if BETWEEN in name else text for name, text in shown.items()}
    bucket = bucket_of(len(rest)) if rest else None
    ordered = sorted([*shown.items(), *([(bucket, bucket)] if bucket else [])], key=lambda pair: pair[1])
    codes = {name: code for code, (name, _) in enumerate(ordered)}
    codes |= dict.fromkeys(rest, codes.get(bucket or "", 0))
    parents = tuple(name.split(BETWEEN)[0] for name, _ in ordered)
    campaigns = any(BETWEEN in name for name, _ in ordered)
    codes.pop(bucket or "", None)
    return _Names(tuple(text for _, text in ordered), parents if campaigns else None, codes, bucket)


def _touches(rows: str, packing: Packing) -> str:
    """Write the query of person, key, sold and value."""
    return (
        "SELECT given.person AS person, given.mark AS mark, "
        f"((given.moment - {packing.origin}) << {packing.bits + 1}) | (CAST(given.sold AS BIGINT) << {packing.bits}) | "
        f"COALESCE(CAST(named.code AS BIGINT), {packing.channels}) AS key, given.sold AS sold, "
        "CASE WHEN given.sold THEN given.worth ELSE 0.0e0 END AS value "
        f"FROM ({rows}) AS given LEFT JOIN roas_names AS named ON given.unit = named.unit WHERE given.rejected = 0"
    )


def _folded(engine: Engine, touches: str, packing: Packing, *, marked: bool) -> Part:
    order = ("person", "key", "mark") if marked else ("person", "key")
    for attempt in range(TRIES):
        hashing = Hashing(attempt)
        try:
            return merge(engine.fold(touches, packing.bits, partial(_fold, packing=packing, hashing=hashing), order))
        except Collision:
            continue
    raise AssertionError("different paths keep the same hash")


def _fold(blocks: Iterable[Arrays], *, packing: Packing, hashing: Hashing) -> Part:
    made = (Block(block["person"], block["key"], block["value"], block.get("mark")) for block in blocks)
    return fold(made, packing, hashing)


def _journeys(part: Part, names: _Names, choices: Choices) -> Journeys:
    paths = Paths(
        names.shown, part.codes, part.starts, part.conversions, part.nulls, part.value, part.value_squares,
        Decay(part.decay, part.decay_value, part.squares), part.periods if choices.weekly else None,
        names.parents, names.bucket,
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
        notes=tuple(_notes(part, choices, names.bucket)),
    )


def _day(micros: int) -> dt.date:
    return dt.date(1970, 1, 1) + dt.timedelta(micros // DAY_US)


def _notes(part: Part, choices: Choices, bucket: str | None) -> Iterable[str]:
    """Say what was left out, put together or odd."""
    sums, window = part.sums, plural(choices.lookback_days, "day")
    if repeats := sums.get("repeats"):
        yield (
            f"{plural(repeats, 'row')} left out as a copy of another in id, time, channel, conversion and value, "
            f"{plural(sums.get('repeated_conversions', 0), 'conversion')} among them"
        )
    if expired := sums.get("expired"):
        yield f"touches more than {window} before the end of their journey, without credit: {count(expired)}"
    if lost := sums.get("unattributed"):
        yield f"conversions without a touch in the {window} before them, in no channel's credit: {count(lost)}"
    if skewed := sums.get("skewed"):
        yield (
            "touches within a minute after a conversion of the same person, read as the begin of the next journey, "
            f"perhaps of another clock: {count(skewed)}"
        )
    longest = int(np.diff(part.starts).max(initial=0))
    if longest >= MANY_TOUCHES:
        yield f"the longest journey has {count(longest)} touches: its id may stand for many people, or for a robot"
    if bucket is not None:
        yield said_of(bucket)
    if not part.nulls.sum():
        yield "no journey here ended without a conversion: export the others too, or removal effects say little"
