"""Sentences on campaigns of two labels beside each other: automated or manual, generated or made by people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from roas.diagnosis.readings.base import Reading
from roas.diagnosis.readings.phrases import ends
from roas.format import count, percent, plural, ratio, say_many
from roas.language import mark, say
from roas.quantiles import Q

#: Campaigns of two labels in the same channel; the second sentence where no campaign has the other label.
_AUTOMATED: Final = (
    mark(
        "Automated campaigns bring {times} times the claimed ROAS of manual ones in the same channel "
        "(90 % interval {low} to {high})."
    ),
    mark(
        "Automated campaigns bring {times} times the claimed ROAS of campaigns that no name calls automated in the "
        "same channel (90 % interval {low} to {high})."
    ),
)
_GENERATED: Final = mark(
    "Campaigns with generated creative bring {times} times the claimed ROAS of those made by people in the same "
    "channel (90 % interval {low} to {high})."
)

#: Rates compared beside, in this order.
_ALSO: Final[Mapping[str, str]] = {
    "ctr": mark("Click-through: {times} times (90 % interval {low} to {high})."),
    "cvr": mark("Sales per click: {times} times (90 % interval {low} to {high})."),
}


def labels(reading: Reading, value: Q, facts: Mapping[str, Any]) -> str:
    """Say how campaigns of one label do beside those of the other."""
    sentence = _GENERATED if reading.name == "generated" else _AUTOMATED[bool(facts["rest"])]
    said = [say(sentence, times=ratio(value.p50), **ends(value, ratio)), _sizes(facts)]
    for key, also in _ALSO.items():
        if facts.get(key) is not None:
            said.append(say(also, times=ratio(facts[key].p50), **ends(facts[key], ratio)))
    said.append(say("Campaigns were not assigned at random, so this compares and does not prove."))
    if facts["suggested"]:
        said.append(say("Labels are suggested from names."))
    return " ".join(said)


def _sizes(facts: Mapping[str, Any]) -> str:
    """Say how many campaigns are compared, over which weeks."""
    return say_many(
        "In the last week that is {campaigns} with {spend} of spend against {others} with {other_spend}.",
        "In the last {number} weeks that is {campaigns} with {spend} of spend against {others} with {other_spend}.",
        facts["weeks"],
        campaigns=plural(facts["first_campaigns"], "campaign"),
        spend=percent(facts["first_spend"]),
        others=count(facts["second_campaigns"]),
        other_spend=percent(facts["second_spend"]),
    )
