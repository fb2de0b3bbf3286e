"""Which figures luck seldom makes so different, judged over all of them at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from roas.weekly.control import FALSE_SHARE, shares_false
from roas.weekly.figures import UNITS
from roas.weekly.stored import scoped
from roas.weekly.week import Week

#: A channel, or None for the account, and a figure.
Key = tuple[str | None, str]


def real_steps(before: Mapping[str, Any], after: Mapping[str, Any], scopes: Sequence[str | None]) -> frozenset[Key]:
    """Return whose figures luck seldom makes so different, judged over all of them at once."""
    apart = _weeks_apart(before["week"], after["week"])
    told: dict[Key, float] = {}
    for channel in scopes:
        by_name = scoped(after.get("unlikely"), channel)
        for name in UNITS:
            p_value = _seldomness(by_name.get(name), apart)
            if p_value is not None and name != "orders":
                told[channel, name] = p_value
    judged = shares_false(list(told.values()))
    return frozenset(key for key, share in zip(told, judged, strict=True) if share <= FALSE_SHARE)


def _weeks_apart(last: str | None, this: str | None) -> int:
    """Count the weeks from the last report's to this one's; 1 where either has none."""
    if last is None or this is None:
        return 1
    return max((Week.parse(this).monday - Week.parse(last).monday).days // 7, 1)


def _seldomness(told: Sequence[float | None] | None, apart: int) -> float | None:
    """Return how seldom luck brings a step over some weeks.

    Over one week: a week so unusual. Over several, of the two that count here,
    the smaller times two (Bonferroni): a last week so unusual, or one so far
    from what could be foreseen at the last report, level and all. Where that
    lies too far back, the first alone.
    """
    if told is None or told[0] is None:
        return None
    whole = told[apart - 1] if apart <= len(told) else None
    return told[0] if apart == 1 or whole is None else min(2 * min(told[0], whole), 1.0)
