"""Sentences that hold platforms against the shop: claims beside the till, customers who bought before."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from roas.diagnosis.readings.base import Reading
from roas.diagnosis.readings.phrases import ends, percents, trend
from roas.format import money, percent, ratio, say_many
from roas.language import say
from roas.quantiles import Q


def over_claim(reading: Reading, value: Q, facts: Mapping[str, Any]) -> str:
    """Say how far claims exceed what ads caused, or what the till took of them."""
    if facts["against"] == "caused":
        said = [
            say(
                "Platforms claim {times} times what their ads caused (90 % interval {low} to {high}; estimated).",
                times=ratio(value.p50),
                **ends(value, ratio),
            )
        ]
        if facts["till"] is not None:
            said.append(say("They claim {share} of the till.", share=percent(facts["till"].p50)))
    else:
        said = [say("Platforms claim {share} of what the till took.", share=percents(value))]
        if value.p5 > 1:
            said.append(say("All claims cannot be true: sales are counted more than once."))
        else:
            said.append(say("How much of that their ads caused is not known here."))
    if facts["change"] is not None:
        said.append(trend(say("The share of the till that is claimed"), facts["change"], facts))
    return " ".join(said)


def returning(reading: Reading, value: Q, facts: Mapping[str, Any]) -> str:
    """Say how many orders come from customers who bought before, and what a new one costs."""
    fields = {"share": percents(value), "weeks": facts["weeks"]}
    if facts["source"] == "shop":
        first = say("{share} of orders in the last {weeks} weeks come from customers who bought before.", **fields)
    else:
        first = say(
            "{share} of conversions that platforms claim in the last {weeks} weeks come from customers who bought before.",
            **fields,
        )
    said = [first]
    if facts["share_change"] is not None:
        said.append(trend(say("The share of new customers"), facts["share_change"], facts))
    if facts["cost"] is not None:
        amount = money(facts["cost"].p50, facts["currency"])
        said.append(trend(say("Spend per new customer, now {amount}", amount=amount), facts["cost_change"], facts))
    if facts["odd_weeks"]:
        said.append(
            say_many(
                "In {number} week there are more new customers than orders: the two columns count different things.",
                "In {number} weeks there are more new customers than orders: the two columns count different things.",
                facts["odd_weeks"],
            )
        )
    return " ".join(said)
