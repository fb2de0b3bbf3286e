"""Attribution → the contract's JSON document, in plain types."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from roas.attribution.attribution import Attribution
    from roas.attribution.path_list import PathRow
    from roas.attribution.results import Credit
    from roas.attribution.spans import Span
    from roas.attribution.suppress import Floats

SCHEMA: Final = "roas.attribution/1"

#: Paths listed in the JSON document; paths.csv holds all that may be listed.
TOP_PATHS: Final = 100

#: Digits of published credit, counted from the first digit of the total: far
#: finer than any use, coarse enough that the number of cores changes nothing.
DIGITS: Final = 14


def attribution_document(result: Attribution) -> dict[str, Any]:
    """Return ``attribution.json``: complete, with null for what is not known."""
    journeys, paths = result.journeys, result.journeys.paths
    return {
        "schema": SCHEMA,
        "run": dict(result.run),
        "inputs": [dict(each) for each in result.inputs],
        "window": {"start": _day(journeys.start), "end": _day(journeys.end)},
        "currency": journeys.currency,
        "journeys": round(float(paths.journeys.sum())),
        "converting": round(result.conversions),
        "touchpoints": round(result.touchpoints),
        "conversions": number(result.conversions),
        "value": number(result.value),
        "unattributed": {
            "conversions": number(journeys.unattributed_conversions),
            "value": number(journeys.unattributed_value),
        },
        "expired_touches": int(journeys.expired_touches),
        "nulls_known": bool(journeys.nulls_known),
        "lookback": None if journeys.lookback_days is None else f"{journeys.lookback_days}d",
        "conventions": plain(result.conventions),
        "models": {name: _entries(result, credit) for name, credit in result.credits.items()},
        "facts": {name: plain(credit.facts) for name, credit in result.credits.items() if credit.facts},
        "removal_effects": _removal(result),
        "transitions": [
            {"from": s.source, "to": s.target, "count": number(s.count), "probability": number(s.probability)}
            for s in result.transitions
        ],
        **_paths(result),
        "path_lengths": [_span(s, "touches") for s in result.path_lengths],
        "days_to_convert": None
        if result.days_to_convert is None
        else [_span(s, "days") for s in result.days_to_convert],
        "positions": [asdict(row) | {"conversions": number(row.conversions)} for row in result.positions],
        "weeks": None
        if result.weeks is None
        else [
            asdict(r) | {"week": r.week.isoformat(), "conversions": number(r.conversions), "value": number(r.value)}
            for r in result.weekly
        ],
        "incremental": None if result.scaled is None else plain(result.scaled.to_dict()),
        "suppressed": asdict(result.suppressed) | {"path_journeys": number(result.suppressed.path_journeys)},
        "notes": list(result.notes),
    }


def _entries(result: Attribution, credit: Credit) -> list[dict[str, Any]]:
    """Return a model's credit, one entry a channel, largest first; a name that stands for many comes last."""
    conversions, value = (to_total(credit.conversions, result.conversions), to_total(credit.value, result.value))
    order = result.ranked(np.array(conversions))
    return [
        {
            "channel": result.channels[c],
            "conversions": conversions[c],
            "value": value[c],
            "share": number(conversions[c] / result.conversions) if result.conversions else 0.0,
            "conversions_interval": _interval(credit.conversions_interval, c),
            "value_interval": _interval(credit.value_interval, c),
        }
        for c in order
    ]


def to_total(credit: Floats, total: float) -> list[float]:
    """Round credit to `DIGITS` digits of its total.

    Examples
    --------
    >>> to_total(np.array([1 / 3, 2 / 3]), 1.0)
    [0.3333333333333, 0.6666666666667]
    """
    largest = max(abs(total), float(np.abs(credit).max(initial=0.0)))
    digits = DIGITS - 1 - math.floor(math.log10(largest)) if largest > 0 else 0
    return [round(float(x), digits) + 0.0 for x in credit]


def _interval(interval: Floats | None, channel: int) -> dict[str, float] | None:
    if interval is None:
        return None
    low, high = (float(x) for x in interval[channel])
    if not (math.isfinite(low) and math.isfinite(high)):
        return None
    return {"p5": float(f"{low:.6g}"), "p95": float(f"{high:.6g}")}


def _removal(result: Attribution) -> list[dict[str, Any]] | None:
    removal = result.removal
    if removal is None:
        return None
    return [
        {"channel": name, "effect": number(float(removal.effect[c])), "interval": _interval(removal.interval, c)}
        for c, name in enumerate(result.channels)
    ]


def _paths(result: Attribution) -> dict[str, Any]:
    """Return the commonest paths, and the sums of all others."""
    listed, other = result.paths.rows[:TOP_PATHS], result.paths.other
    rest = result.paths.rows[TOP_PATHS:]
    sums = {k: _sum([getattr(row, k) for row in (other, *rest)]) for k in _COUNTS}
    return {
        "top_paths": [{"path": list(row.path or ())} | _counts(row) for row in listed],
        "other_paths": {"paths": other.paths + len(rest)} | {k: number(v) for k, v in sums.items()},
    }


def _sum(values: list[float | None]) -> float | None:
    return None if None in values else math.fsum(v for v in values if v is not None)


_COUNTS: Final = ("journeys", "conversions", "value", "nulls")


def _counts(row: PathRow) -> dict[str, Any]:
    return {k: number(getattr(row, k)) for k in _COUNTS}


def _span(span: Span, unit: str) -> dict[str, Any]:
    row: dict[str, Any] = {unit: span.first, f"{unit}_to": span.last}
    if span.conversions is None:
        return row | {"conversions": number(span.journeys)}
    return row | {
        "journeys": number(span.journeys),
        "conversions": number(span.conversions),
        "value": number(span.value),
    }


def _day(day: Any) -> str | None:
    return None if day is None else str(day.isoformat())


def number(value: float | None) -> float | int | None:
    """Return a number to fourteen digits, whole ones without a decimal point; None for what is not finite.

    Examples
    --------
    >>> number(2.0), number(0.1 + 0.2), number(float("nan"))
    (2, 0.3, None)
    """
    if value is None or not math.isfinite(value):
        return None
    short = float(f"{float(value):.{DIGITS}g}")
    return int(short) if short.is_integer() and abs(short) < 2**53 else short


def plain(value: Any) -> Any:
    """Return lists, dicts, text and numbers only."""
    if isinstance(value, Mapping):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, np.ndarray):
        return [plain(v) for v in value.tolist()]
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(v) for v in (sorted(value) if isinstance(value, (set, frozenset)) else value)]
    if isinstance(value, (bool, str)) or value is None:
        return value
    if isinstance(value, (int, np.integer)):
        return int(value)
    if isinstance(value, (float, np.floating)):
        return number(float(value))
    return str(value)
