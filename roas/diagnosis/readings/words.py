"""The sentences of the readings, made from their numbers: which module says which."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from roas.diagnosis.readings.base import Reading
from roas.diagnosis.readings.break_even_words import break_even
from roas.diagnosis.readings.campaign_words import concentration, proliferation
from roas.diagnosis.readings.label_words import labels
from roas.diagnosis.readings.missed_words import missed
from roas.diagnosis.readings.performance_words import performance
from roas.diagnosis.readings.till_words import over_claim, returning
from roas.diagnosis.words import all_of
from roas.format import visible
from roas.language import mark, say
from roas.quantiles import Q

#: What is missing → what to give.
_GIVE: Final = {
    "revenue": mark("the shop's revenue per day (--revenue orders.csv)"),
    "campaign": mark("campaigns in the ad export"),
    "conversion_value": mark("conversion value in the ad export"),
    "conversions": mark("conversions in the ad export"),
    "new_customers": mark("new_customers and orders beside the shop's revenue"),
    "history": mark("a longer history"),
    "sales": mark("more sales per campaign"),
    "campaigns": mark("more campaigns"),
    "both in a channel": mark("a channel in which both kinds run side by side"),
    "brand labels": mark("a tags file that says which campaigns build the brand"),
    "labels automation": mark("a tags file that says which campaigns are automated"),
    "labels creative": mark("a tags file that says which creative is generated and which is made by people"),
}

#: What each reading asks.
_ASKS: Final = {
    "below_break_even": mark("how much of the spend loses money"),
    "missed_expectation": mark("how many campaigns miss the return they used to bring"),
    "over_claim": mark("how far platforms claim too much"),
    "performance_share": mark("whether money moved from the brand to performance"),
    "proliferation": mark("whether campaigns multiply"),
    "returning_customers": mark("whether new customers still come"),
    "automated": mark("whether automated campaigns bring more or less"),
    "generated": mark("whether generated creative brings more or less"),
    "concentration": mark("how much hangs on a few campaigns"),
}

_SAYS: Final[Mapping[str, Callable[[Reading, Q, Mapping[str, Any]], str]]] = {
    "below_break_even": break_even,
    "missed_expectation": missed,
    "over_claim": over_claim,
    "performance_share": performance,
    "proliferation": proliferation,
    "returning_customers": returning,
    "automated": labels,
    "generated": labels,
    "concentration": concentration,
}


def reading_says(reading: Reading) -> str:
    """Say what was measured, and how far the data carry it."""
    if reading.value is None or reading.state == "unknown":
        return _unknown(reading)
    return _SAYS[reading.name](reading, reading.value, reading.facts)


def _unknown(reading: Reading) -> str:
    asks = say(_ASKS[reading.name]) if reading.name in _ASKS else visible(reading.name)
    needs = [say(_GIVE[each]) if each in _GIVE else visible(each) for each in reading.missing]
    said = say("Not known: {question}.", question=asks)
    return f"{said} {say('To tell, roas needs {needs}.', needs=all_of(needs))}" if needs else said
