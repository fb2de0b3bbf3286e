"""Sentences on campaigns that miss the return they used to bring."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from roas.diagnosis.readings.base import Reading
from roas.diagnosis.readings.phrases import percents
from roas.format import change, count, percent, plural
from roas.language import say
from roas.quantiles import Q


def missed(reading: Reading, value: Q, facts: Mapping[str, Any]) -> str:
    """Say how many campaigns fell, how many truly, and by how much."""
    judged, weeks = facts["judged"], facts["weeks"]
    said = [
        say(
            "{share} of {all} campaigns brought less in the last {weeks} weeks than "
            "in their own weeks before, by their platforms' claims. Luck alone would make 50 %.",
            share=percent(facts["under"]),
            all=count(judged),
            weeks=weeks,
        ),
        _truly_fell(facts["at_least"], judged),
    ]
    by = percent(facts["by"])
    said.append(say("The share that truly lost more than {by}: {share}.", by=by, share=percents(value)))
    together = change(facts["together"])
    said.append(say("All together they moved by {change}, which is part of the count.", change=together))
    if facts["usual"]:
        usual = {"low": percent(min(facts["usual"])), "high": percent(max(facts["usual"]))}
        said.append(say("In earlier stretches of {weeks} weeks it was {low} to {high}.", weeks=weeks, **usual))
    if not facts["season_known"]:
        said.append(say("With so short a history, a season cannot be told from a fall."))
    return " ".join([*said, *_not_judged(facts)])


def _truly_fell(least: int, judged: int) -> str:
    if not least:
        return say("That any truly fell is not certain.")
    fell = {"least": count(least), "share": percent(least / judged)}
    return say("At least {least} of them truly fell, {share} (95 % sure).", **fell)


def _not_judged(facts: Mapping[str, Any]) -> list[str]:
    """Say what the count leaves out."""
    said = []
    young, small = plural(facts["young"], "campaign"), plural(facts["small"], "campaign")
    if facts["young"] and facts["small"]:
        said.append(
            say(
                "Not judged: {young} without eight weeks of past and {small} with too few sales.",
                young=young,
                small=small,
            )
        )
    elif facts["young"]:
        said.append(say("Not judged: {young} without eight weeks of past.", young=young))
    elif facts["small"]:
        said.append(say("Not judged: {small} with too few sales.", small=small))
    if facts["young_below"]:
        said.append(
            say(
                "Of those without a past, at least {least} stay below what their channel used to bring.",
                least=count(facts["young_below"]),
            )
        )
    if facts["spend_judged"] < 0.9:
        said.append(say("The judged ones hold {share} of the spend.", share=percent(facts["spend_judged"])))
    return said
