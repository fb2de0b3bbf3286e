"""Sentences on money that moved from the brand to performance."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from roas.diagnosis.readings.base import Reading
from roas.diagnosis.readings.phrases import percents, trend
from roas.format import percent, say_many
from roas.language import say
from roas.quantiles import Q


def performance(reading: Reading, value: Q, facts: Mapping[str, Any]) -> str:
    """Say how much spend is performance, and how sales without ads moved meanwhile."""
    said = [_performance_share(value, facts)]
    if facts["labels"] == "names":
        said.append(say("Which campaigns build the brand is suggested from names; a tags file settles it."))
    if facts["brand_change"] is not None:
        said.append(trend(say("Brand spend"), facts["brand_change"], facts))
    if facts["base_change"] is None:
        said.append(say("How sales without ads moved is not known."))
    else:
        modelled = facts["without_ads"] == "baseline"
        what = say("Sales without ads (estimated)") if modelled else say("Revenue that no platform claims")
        said.append(trend(what, facts["base_change"], facts))
        if reading.state == "concern":
            said.append(say("That they moved together is a correlation, no proof."))
    if facts["than"] != "year":
        said.append(say("With less than 14 months, season and drift cannot be told apart."))
    return " ".join(said)


def _performance_share(value: Q, facts: Mapping[str, Any]) -> str:
    share, weeks = percents(value), facts["weeks"]
    if facts["then"] is None:
        return say_many(
            "{share} of the last week's spend is performance.",
            "{share} of the last {number} weeks' spend is performance.",
            weeks,
            share=share,
        )
    then = percent(facts["then"])
    if facts["than"] == "year":
        return say(
            "{share} of the last {weeks} weeks' spend is performance, {then} a year ago.",
            share=share,
            weeks=weeks,
            then=then,
        )
    return say(
        "{share} of the last {weeks} weeks' spend is performance, {then} before.", share=share, weeks=weeks, then=then
    )
