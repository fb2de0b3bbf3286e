"""Sentences on how many campaigns there are, and how much hangs on a few."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from roas.diagnosis.readings.base import Reading
from roas.diagnosis.readings.concentration import CHOSEN_WEEKS
from roas.diagnosis.readings.phrases import names_of, percents, trend
from roas.format import count, money, percent, plural, say_many
from roas.language import mark, say
from roas.quantiles import Q

#: Key of a share of spend → what it is, alone and beside what it was.
_PARTS: Final[Mapping[str, tuple[str, str]]] = {
    "young": (
        mark("{share} of spend is in campaigns younger than two weeks."),
        mark("{share} of spend is in campaigns younger than two weeks, {then} before."),
    ),
    "small": (
        mark("{share} is in campaigns with fewer than 50 claimed sales a week."),
        mark("{share} is in campaigns with fewer than 50 claimed sales a week, {then} before."),
    ),
}


def proliferation(reading: Reading, value: Q, facts: Mapping[str, Any]) -> str:
    """Say how many campaigns there are, how small and young, and how often new ones start."""
    said = [
        say(
            "{now} campaigns ran per week in the last {weeks} weeks, {then} before.",
            now=count(round(facts["now"], 1)),
            weeks=facts["weeks"],
            then=count(round(facts["then"], 1)),
        )
    ]
    said += [*_per_campaign(facts), *_young_and_small(facts)]
    if facts["effective"] is not None:
        effective = count(round(facts["effective"], 1))
        said.append(say("Spend is as spread out as over {number} equal campaigns.", number=effective))
    if facts["launches"] is not None and facts["launches_then"] is not None:
        said.append(
            say(
                "{now} campaigns start a month, {then} before; a new name counts as a new campaign.",
                now=count(round(facts["launches"], 1)),
                then=count(round(facts["launches_then"], 1)),
            )
        )
    return " ".join(said)


def _per_campaign(facts: Mapping[str, Any]) -> list[str]:
    if facts["per_campaign"] is None:
        return []
    amount, moved = money(facts["per_campaign"], facts["currency"]), facts["per_campaign_change"]
    if moved is None:
        return [say("Money per campaign, now {amount} a week.", amount=amount)]
    return [trend(say("Money per campaign, now {amount} a week", amount=amount), moved, facts)]


def _young_and_small(facts: Mapping[str, Any]) -> list[str]:
    said = []
    for key, (alone, beside) in _PARTS.items():
        share, then = facts[key], facts[f"{key}_then"]
        if share is not None:
            said.append(say(alone if then is None else beside, share=percent(share), then=percent(then)))
    return said


def concentration(reading: Reading, value: Q, facts: Mapping[str, Any]) -> str:
    """Say how much of the return a few campaigns bring; the past that chose them has as many weeks as there are."""
    fields = {
        "campaigns": plural(facts["campaigns"], "campaign"),
        "best": count(facts["best"]),
        "names": names_of(list(facts["names"])),
        "share": percents(value),
        "weeks": facts["weeks"],
        "spend": percent(facts["spend"]),
    }
    if facts["chosen"] >= CHOSEN_WEEKS:
        return say(
            "Of {campaigns}, the {best} with the largest surplus in the half year before "
            "({names}) brought {share} of the claimed revenue of the last {weeks} weeks, "
            "with {spend} of the spend.",
            **fields,
        )
    return say_many(
        "Of {campaigns}, the {best} with the largest surplus in the week before "
        "({names}) brought {share} of the claimed revenue of the last {weeks} weeks, "
        "with {spend} of the spend.",
        "Of {campaigns}, the {best} with the largest surplus in the {number} weeks before "
        "({names}) brought {share} of the claimed revenue of the last {weeks} weeks, "
        "with {spend} of the spend.",
        facts["chosen"],
        **fields,
    )
