"""How readings write a share, an interval, a change and a list of names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from roas.format import change, percent, visible
from roas.language import mark, say
from roas.quantiles import Q

#: Names that are shown of a longer list.
_SHOWN: Final = 3


def ends(q: Q, write: Callable[[float], str]) -> dict[str, str]:
    """Return the fields of an interval."""
    return {"low": write(q.p5), "high": write(q.p95)}


def percents(q: Q) -> str:
    """Write a share, with its interval where it is an estimate."""
    if q.p5 == q.p95:
        return percent(q.p50)
    return say("{share} (90 % interval {low} to {high})", share=percent(q.p50), **ends(q, percent))


@dataclass(frozen=True)
class _Trend:
    """How something moved, held against one earlier time; ``sure`` has an interval."""

    unsure: str
    same: str
    higher: str
    lower: str
    sure_higher: str
    sure_lower: str


#: Held against the same weeks a year ago.
_YEAR: Final = _Trend(
    unsure=mark("{what}: no certain change ({low} to {high}) from the same weeks a year ago."),
    same=mark("{what}: the same as in the same weeks a year ago."),
    higher=mark("{what}: {share} higher than in the same weeks a year ago."),
    lower=mark("{what}: {share} lower than in the same weeks a year ago."),
    sure_higher=mark("{what}: {share} higher ({low} to {high}) than in the same weeks a year ago."),
    sure_lower=mark("{what}: {share} lower ({low} to {high}) than in the same weeks a year ago."),
)

#: Held against the weeks before.
_BEFORE: Final = _Trend(
    unsure=mark("{what}: no certain change ({low} to {high}) from before."),
    same=mark("{what}: the same as before."),
    higher=mark("{what}: {share} higher than before."),
    lower=mark("{what}: {share} lower than before."),
    sure_higher=mark("{what}: {share} higher ({low} to {high}) than before."),
    sure_lower=mark("{what}: {share} lower ({low} to {high}) than before."),
)

#: Relative change below which something is the same: it would be written as 0 %.
_SAME: Final = 0.0005


def trend(what: str, moved: Q | float, facts: Mapping[str, Any]) -> str:
    """Say how something moved, or that no change is certain."""
    words = _YEAR if facts.get("than") == "year" else _BEFORE
    middle = moved.p50 if isinstance(moved, Q) else moved
    fields = {"what": what, "share": percent(abs(middle))}
    if isinstance(moved, Q):
        # Three digits: between −0.1 % and 0 there is no minus to write.
        fields |= {"low": change(round(moved.p5, 3)), "high": change(round(moved.p95, 3))}
        if moved.p5 <= 0 <= moved.p95:
            return say(words.unsure, **fields)
    if abs(middle) < _SAME:
        return say(words.same, **fields)
    if isinstance(moved, Q):
        return say(words.sure_higher if middle > 0 else words.sure_lower, **fields)
    return say(words.higher if middle > 0 else words.lower, **fields)


def names_of(names: list[str]) -> str:
    """Name the first three, and say where there are others."""
    shown = ", ".join(visible(name) for name in names[:_SHOWN])
    return say("{names} and others", names=shown) if len(names) > _SHOWN else shown
