"""Findings that ask to wait with moving money, and where they and the plan point the same way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from roas.diagnosis.sentences import PILOTS
from roas.format import visible
from roas.language import mark, say

if TYPE_CHECKING:
    from roas.diagnosis.results import Diagnosis, Finding
    from roas.plan.results import ChannelMove

#: Cause → why money should wait until it is dealt with; None: it need not wait, because moving money is itself
#: what to do about it (saturation, mix_shift …), something else than money is (new creatives), all channels bring
#: less alike, so that the best split stays what it was (the shop, the market), or the days in question have no say
#: in the plan (reporting_lag: it is found every week where platforms report late). From what each finding says to
#: do (`roas.diagnosis.sentences.ACTIONS`).
WAITS: Final[Mapping[str, str | None]] = {
    "saturation": None,
    "auction_inflation": None,
    "creative_fatigue": None,
    "audience_exhaustion": None,
    "tracking_break": mark("part of the sales of {where} is not counted any more, so have the tracking mended first"),
    "harvesting": None,
    "reporting_lag": None,
    "fragmentation": mark(
        "the small campaigns of {where} are to be merged first, and left alone until each has 50 conversions a week"
    ),
    "conversion_rate_drop": None,
    "order_value_drop": None,
    "mix_shift": None,
    "demand_shift": None,
    "baseline_erosion": None,
    "promotion_hangover": mark("the last promotion took sales from the weeks after it, so judge no channel on these"),
}

#: Causes whose finding asks for less money in its channel, or for no more.
LESS: Final = frozenset({"saturation", "auction_inflation", "audience_exhaustion", "harvesting", "mix_shift"})


def reasons(diagnosis: Diagnosis, moves: Sequence[ChannelMove]) -> list[str]:
    """Say why money should wait, as parts of a sentence: what is proven first, then the costliest.

    Parameters
    ----------
    diagnosis : Diagnosis
    moves : sequence of ChannelMove
        What the plan moves.
    """
    more = {move.channel for move in moves if move.planned > move.now}
    less = {move.channel for move in moves if move.planned < move.now}
    said = dict.fromkeys(_reason(each, more, less) for each in _in_order(diagnosis))
    return [each for each in said if each]


def agreed(diagnosis: Diagnosis, moves: Sequence[ChannelMove]) -> list[str]:
    """Return the channels that the plan takes money from and a finding asks to take it from."""
    less = {move.channel for move in moves if move.planned < move.now}
    return list(dict.fromkeys(f.channel for f in _in_order(diagnosis) if f.cause in LESS and f.channel in less))


def unproven(diagnosis: Diagnosis) -> bool:
    """Tell whether a finding is only possible: beside it no plan may be said as a firm instruction."""
    return any(each.verdict == "possible" for each in diagnosis.findings)


def _in_order(diagnosis: Diagnosis) -> list[Finding]:
    return sorted(diagnosis.findings, key=lambda each: (each.verdict != "supported", -each.effect_per_week.p50))


def _reason(finding: Finding, more: set[str], less: set[str]) -> str:
    """Say why one finding asks money to wait; empty where it does not."""
    where = visible(finding.channel) if finding.channel is not None else say("all channels")
    if finding.verdict == "possible":
        return _unproven(finding, agrees=finding.cause in LESS and finding.channel in less)
    waits = WAITS.get(finding.cause)
    if waits is not None:
        return say(waits, where=where)
    if finding.cause in LESS and finding.channel in more:
        return say("the plan gives {where} more while a finding asks for less there, so settle that first", where=where)
    return ""


def _unproven(finding: Finding, *, agrees: bool) -> str:
    """Say that a finding is not proven; empty where the plan, on evidence of its own, goes the same way.

    A finding that is not proven asks to change nothing large, or to try it
    out first: what it asks to try comes before any plan.
    """
    title = visible(finding.title).removesuffix(".")
    if frozenset({finding.cause, finding.rival or ""}) in PILOTS:
        return say("“{finding}” is not proven yet, and the test that its finding names comes first", finding=title)
    return "" if agrees else say("“{finding}” is not proven yet", finding=title)
