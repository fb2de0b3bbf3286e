"""The outcome of a diagnosis in few sentences: what was found, counted by verdict, and what it explains."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from roas.diagnosis.base import Verdict
from roas.format import count, money, plural, say_many
from roas.language import mark, say
from roas.report.finding_words import HEADINGS, cause_name, of_what, place

if TYPE_CHECKING:
    from roas.analysis.record import Analysis
    from roas.diagnosis.results import Diagnosis, Explained

#: Verdict → a count of causes with it.
_COUNTED: Final[Mapping[Verdict, str]] = {
    "supported": mark("{number} supported"),
    "possible": mark("{number} possible"),
    "ruled_out": mark("{number} ruled out"),
    "cannot_tell": mark("{number} cannot be told"),
    "untestable": mark("{number} not testable"),
}

#: Verdicts of one cause in several places → the one it is counted under: ruled
#: out only where nothing is left open, so that nothing unknown counts as fine.
_FIRST: Final[tuple[Verdict, ...]] = ("supported", "possible", "cannot_tell", "untestable", "ruled_out")

NOT_HEALTHY: Final = mark("That is not a clean bill of health.")


def counts(diagnosis: Diagnosis) -> Counter[Verdict]:
    """Count causes by verdict, each under the one that leaves most open (see `_FIRST`)."""
    said: dict[str, set[Verdict]] = {}
    for each in diagnosis.hypotheses:
        said.setdefault(each.cause, set()).add(each.verdict)
    return Counter(next(v for v in _FIRST if v in found) for found in said.values())


def counted(diagnosis: Diagnosis) -> str:
    """Count the causes, and by verdict.

    Every cause has one verdict here; the list has one for each place.
    """
    found = counts(diagnosis)
    parts = [say(_COUNTED[verdict], number=count(found[verdict])) for verdict in HEADINGS if found[verdict]]
    return f"{plural(sum(found.values()), 'cause')}: {', '.join(parts)}"


def outcome(analysis: Analysis) -> str:
    """Say in a sentence or two what was found, and no more than was tested."""
    diagnosis = analysis.diagnosis
    supported = sum(each.verdict == "supported" for each in diagnosis.findings)
    possible = len(diagnosis.findings) - supported
    if supported:
        said = say_many(
            "One cause is supported by the data, and no other explains the same as well.",
            "{number} causes are supported by the data, and no other explains the same as well.",
            supported,
        )
        more = say_many("One more is possible, not proven.", "{number} more are possible, not proven.", possible)
        return f"{said} {more}" if possible else said
    if possible:
        return say_many(
            "No cause is proven. One cause is possible: the data do not tell it from others.",
            "No cause is proven. {number} causes are possible: the data do not tell them from others.",
            possible,
        )
    return _nothing_found(counts(diagnosis))


def _nothing_found(found: Counter[Verdict]) -> str:
    every, out = sum(found.values()), found["ruled_out"]
    missing, open_ones = found["untestable"], found["cannot_tell"]
    if not every or missing == every:
        said = say("What went wrong cannot be told from these files: no cause could be tested.")
        return f"{said} {say(NOT_HEALTHY)}"
    if out == every:
        return say("Nothing got worse beyond luck: all {all} causes were tested and ruled out.", all=count(every))
    if not open_ones:
        return say_many(
            "Nothing got worse beyond luck, as far as these files tell: {out} of {all} causes were tested "
            "and ruled out, {number} lacks a column or history.",
            "Nothing got worse beyond luck, as far as these files tell: {out} of {all} causes were tested "
            "and ruled out, {number} lack a column or history.",
            missing,
            out=count(out),
            all=count(every),
        )
    parts = [say_many("{number} cause ruled out", "{number} causes ruled out", out)] if out else []
    parts.append(say("{number} cannot be told from these data", number=count(open_ones)))
    if missing:
        parts.append(say("{number} not testable", number=count(missing)))
    return f"{say('No cause is named: {counts}.', counts=', '.join(parts))} {say(NOT_HEALTHY)}"


def explained(analysis: Analysis) -> str | None:
    """Say what was lost in all, and how much of it is explained; None where nothing is to be shared."""
    found, currency, what = analysis.diagnosis.explained, analysis.tables.currency, of_what(analysis)
    if found is None or not math.isfinite(found.total):
        return None
    if found.total > 0:
        return _below(found, what, currency)
    amount = money(-found.total, currency)
    if not _loses(found):
        return say(
            "In all, {what} is {amount} a week above what was to be expected at today's spend.",
            what=what,
            amount=amount,
        )
    return say(
        "In all, {what} is {amount} a week above what was to be expected at today's spend: "
        "what was lost was made up for elsewhere.",
        what=what,
        amount=amount,
    )


def _loses(found: Explained) -> bool:
    """Tell whether a finding accounts for a loss: one that costs nothing leaves nothing to be made up for."""
    return any(amount > 0 for _, _, amount in found.parts)


def _below(found: Explained, what: str, currency: str | None) -> str:
    """Say how much of a loss the findings explain."""
    lost, rest = money(found.total, currency), found.unexplained
    if not _loses(found):
        return say(
            "In all, {what} is {amount} a week below what was to be expected at today's spend; no finding explains it.",
            what=what,
            amount=lost,
        )
    if rest < 0:
        return say(
            "In all, {what} is {amount} a week below what was to be expected at today's spend; "
            "the findings explain more than that, by {more}: something else made up for it.",
            what=what,
            amount=lost,
            more=money(-rest, currency),
        )
    return say(
        "In all, {what} is {amount} a week below what was to be expected at today's spend; "
        "{rest} of it is not explained.",
        what=what,
        amount=lost,
        rest=money(rest, currency),
    )


def part_name(cause: str, channel: str | None) -> str:
    """Name a share of the loss."""
    return f"{cause_name(cause)}{f', {place(channel)}' if channel else ''}"


def adds_up(found: Explained) -> bool:
    """Return whether the shares are parts of a whole that a bar can show: none below zero."""
    amounts = [*(amount for _, _, amount in found.parts), found.unexplained]
    return found.total > 0 and len(amounts) > 1 and all(amount >= 0 for amount in amounts)
