"""Sentences on money below break-even: by claims, and by what spend caused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from roas.diagnosis.readings.base import Reading
from roas.diagnosis.readings.phrases import names_of, percents
from roas.format import count, percent, ratio, say_many
from roas.language import say
from roas.quantiles import Q


def break_even(reading: Reading, value: Q, facts: Mapping[str, Any]) -> str:
    """Say how much of the spend is below break-even, and what that rests on."""
    if facts["basis"] == "claims":
        return " ".join(_break_even_by_claims(value, facts))
    said = [
        say_many(
            "{share} of the last week's spend is in channels whose last unit of money brings "
            "back less than it costs (estimated).",
            "{share} of the last {number} weeks' spend is in channels whose last unit of money brings "
            "back less than it costs (estimated).",
            facts["weeks"],
            share=percents(value),
        ),
        say("In {average} even the average one does.", average=percents(facts["average"])),
        _needed(facts),
    ]
    if facts["channels"]:
        names = names_of([each[0] for each in facts["channels"]])
        said.append(say("More likely below than above: {names}.", names=names))
    if facts["modelled"] < 0.95:
        said.append(say("The model holds {share} of the spend.", share=percent(facts["modelled"])))
    if facts["untold"] > 0:
        untold = percent(facts["untold"])
        said.append(say("For {share} of the money the data hardly tell; there it rests on assumptions.", share=untold))
    if facts.get("claimed") is not None:
        said.append(say("By the platforms' own claims it would be {share}.", share=percent(facts["claimed"])))
    return " ".join(said)


def _needed(facts: Mapping[str, Any]) -> str:
    """Say what break-even is, and where it comes from."""
    need = ratio(facts["break_even"])
    if facts["margin"]:
        return say("Break-even is {need}.", need=need)
    return say("Break-even is {need}, as no margin was given.", need=need)


def _break_even_by_claims(value: Q, facts: Mapping[str, Any]) -> list[str]:
    what = str(facts["what"])
    more = say("Claims as a rule hold more than ads cause, so the true share is probably larger.")
    return [_below_by_claims(what, percents(value), facts["weeks"]), _surely_below(what, facts), _needed(facts), more]


def _below_by_claims(what: str, share: str, weeks: int) -> str:
    if what == "campaign":
        return say_many(
            "By the platforms' own claims, {share} of the last week's spend is in campaigns below break-even.",
            "By the platforms' own claims, {share} of the last {number} weeks' spend is in campaigns below break-even.",
            weeks,
            share=share,
        )
    return say_many(
        "By the platforms' own claims, {share} of the last week's spend is in channels below break-even.",
        "By the platforms' own claims, {share} of the last {number} weeks' spend is in channels below break-even.",
        weeks,
        share=share,
    )


def _surely_below(what: str, facts: Mapping[str, Any]) -> str:
    """Count those that luck does not explain."""
    if facts["sure"] is None:
        return say("How much of that is luck cannot be told without a count of sales.")
    if what == "campaign":
        return say_many(
            "{number} campaign of {all} is surely below.",
            "{number} campaigns of {all} are surely below.",
            facts["sure"],
            all=count(facts["units"]),
        )
    return say_many(
        "{number} channel of {all} is surely below.",
        "{number} channels of {all} are surely below.",
        facts["sure"],
        all=count(facts["units"]),
    )
