"""Columns of a sheet: what they hold, how wide they are, what adds up below them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

from roas.format import width
from roas.language import say
from roas.report.weekly.sheet.formats import Kind

if TYPE_CHECKING:
    from roas.quantiles import Q

#: Column → what its cell holds.
Row = Mapping[str, Any]

#: Widths of columns in characters: below it headings break badly, above it texts wrap.
NARROWEST: Final = 9.0
WIDEST: Final = 48.0

#: Ratio → what it divides, so that a total is a ratio of sums.
RATIOS: Final[Mapping[str, tuple[str, str]]] = {
    "mer": ("revenue", "spend"),
    "claimed_roas": ("claimed_revenue", "spend"),
}


class Typed(NamedTuple):
    """A value with a unit of its own, where a column holds several."""

    value: Any
    unit: Kind


@dataclass(frozen=True)
class Column:
    """One column of a sheet.

    ``total`` adds the column up, or divides the totals of two others.
    ``formula`` works a cell out of others of its row, named by key in braces.
    """

    key: str
    heading: str
    unit: Kind = "text"
    total: Literal["", "sum"] | tuple[str, str] = ""
    formula: str = ""


def ranged(key: str, heading: str, unit: Kind) -> list[Column]:
    """Return the columns of an estimate: its middle and both ends."""
    return [
        Column(key, heading, unit),
        Column(f"{key}_low", say("{figure}: low end, 90 % range", figure=heading), unit),
        Column(f"{key}_high", say("{figure}: high end, 90 % range", figure=heading), unit),
    ]


def ends(key: str, q: Q | None) -> dict[str, float | None]:
    """Return the cells of an estimate; empty ones where there is none."""
    if q is None:
        return {}
    return {key: q.p50, f"{key}_low": q.p5, f"{key}_high": q.p95}


def known(value: Any) -> float | None:
    """Return a finite number; None for everything else."""
    return float(value) if isinstance(value, int | float) and math.isfinite(value) else None


def is_told(value: Any) -> bool:
    """Return whether a cell says something: a text that is not empty, a number that is known."""
    return bool(value) if isinstance(value, str) else known(value) is not None


def typed(value: Any, unit: Kind) -> tuple[Any, Kind]:
    """Return a value and its unit: its own, else the column's."""
    return (value.value, value.unit) if isinstance(value, Typed) else (value, unit)


def total_of(rows: Sequence[Row], key: str) -> float | None:
    """Add up what is known of a column; None where nothing is."""
    found = [each for each in (known(row.get(key)) for row in rows) if each is not None]
    return math.fsum(found) if found else None


def comparable(rows: Sequence[Row], over: str, under: str) -> bool:
    """Return whether both sums are of the same rows: a ratio of anything else would be wrong."""
    pairs = [(known(row.get(over)) is None, known(row.get(under)) is None) for row in rows]
    return all(a == b for a, b in pairs) and not all(a for a, _ in pairs)


def wide(column: Column, rows: Sequence[Row]) -> float:
    """Return how many characters wide a column should be: its longest word of a heading, its longest value."""
    longest = max((width(word) for word in column.heading.split()), default=0)
    for row in rows:
        value, unit = typed(row.get(column.key), column.unit)
        if isinstance(value, str):
            longest = max(longest, width(value))
        elif (number := known(value)) is not None:
            longest = max(longest, len(f"{number:,.2f}") + 2 * (unit == "money"))
    return min(max(longest + 2.0, NARROWEST), WIDEST)
