"""The sentences of a finding, made from its cause: what it is, what would refute it, what to do."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from typing import TYPE_CHECKING

from roas.diagnosis.sentences import ACTIONS, NAMES, PILOTS, REFUTE, TITLES
from roas.format import visible
from roas.language import say

if TYPE_CHECKING:
    from roas.diagnosis.results import Finding


def title(finding: Finding) -> str:
    """Say the finding in one short sentence."""
    one, every = TITLES[finding.cause]
    if finding.channel is None or not one:
        return say(every)
    return say(one, where=visible(finding.channel))


def would_refute(finding: Finding) -> str:
    """Say what would change our mind."""
    return say(REFUTE[finding.cause])


def action(finding: Finding) -> str:
    """Say what to do; where two causes tie, the cheapest thing that tells them apart first."""
    where = visible(finding.channel) if finding.channel is not None else say("all channels")
    todo = say(ACTIONS[finding.cause], where=where)
    if finding.verdict == "supported":
        return todo
    pilot = PILOTS.get(frozenset({finding.cause, finding.rival or ""}))
    if pilot is not None:
        return say(
            "First tell it from {rival}: {pilot}", rival=name_of(finding.rival or ""), pilot=_lowered(say(pilot))
        )
    return say("Not proven: change nothing large yet. If it holds for four more weeks: {action}", action=_lowered(todo))


def name_of(cause: str) -> str:
    """Name a cause inside a sentence."""
    return say(NAMES[cause])


def _lowered(sentence: str) -> str:
    """Go on with a sentence after a colon: none of ours begins with a name."""
    return sentence[0].lower() + sentence[1:]


def all_of(things: Sequence[str]) -> str:
    """Name several things, all of which are needed.

    Examples
    --------
    >>> all_of(["clicks"]), all_of(["clicks", "reach", "12 weeks"])
    ('clicks', 'clicks and reach and 12 weeks')
    """
    return reduce(lambda first, second: say("{first} and {second}", first=first, second=second), things)
