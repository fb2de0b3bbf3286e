"""The sentences of the readings, made from their numbers: the one place where they are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from roas.diagnosis.readings.base import Reading
from roas.diagnosis.words import all_of
from roas.format import change, count, money, percent, plural, ratio, say_many, visible
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


def _range(q: Q, write: Callable[[float], str]) -> dict[str, str]:
    """Return the fields of an interval."""
    return {"low": write(q.p5), "high": write(q.p95)}


def _percents(q: Q) -> str:
    """Write a share, with its interval where it is an estimate."""
    if q.p5 == q.p95:
        return percent(q.p50)
    return say("{share} (90 % interval {low} to {high})", share=percent(q.p50), **_range(q, percent))


@dataclass(frozen=True)
class _Trend:
    """How something moved, held against one earlier time; ``sure`` has an interval."""

    unsure: str
    same: str
    higher: str
    lower: str
    sure_higher: str
    sure_lower: str


#: Held against the same weeks a year ago.
_YEAR: Final = _Trend(
    unsure=mark("{what}: no certain change ({low} to {high}) from the same weeks a year ago."),
    same=mark("{what}: the same as in the same weeks a year ago."),
    higher=mark("{what}: {share} higher than in the same weeks a year ago."),
    lower=mark("{what}: {share} lower than in the same weeks a year ago."),
    sure_higher=mark("{what}: {share} higher ({low} to {high}) than in the same weeks a year ago."),
    sure_lower=mark("{what}: {share} lower ({low} to {high}) than in the same weeks a year ago."),
)

#: Held against the weeks before.
_BEFORE: Final = _Trend(
    unsure=mark("{what}: no certain change ({low} to {high}) from before."),
    same=mark("{what}: the same as before."),
    higher=mark("{what}: {share} higher than before."),
    lower=mark("{what}: {share} lower than before."),
    sure_higher=mark("{what}: {share} higher ({low} to {high}) than before."),
    sure_lower=mark("{what}: {share} lower ({low} to {high}) than before."),
)

#: Relative change below which something is the same: it would be written as 0 %.
_SAME: Final = 0.0005


def _trend(what: str, moved: Q | float, facts: Mapping[str, Any]) -> str:
    """Say how something moved, or that no change is certain."""
    words = _YEAR if facts.get("than") == "year" else _BEFORE
    middle = moved.p50 if isinstance(moved, Q) else moved
    fields = {"what": what, "share": percent(abs(middle))}
    if isinstance(moved, Q):
        # Three digits: between −0.1 % and 0 there is no minus to write.
        fields |= {"low": change(round(moved.p5, 3)), "high": change(round(moved.p95, 3))}
        if moved.p5 <= 0 <= moved.p95:
            return say(words.unsure, **fields)
    if abs(middle) < _SAME:
        return say(words.same, **fields)
    if isinstance(moved, Q):
        return say(words.sure_higher if middle > 0 else words.sure_lower, **fields)
    return say(words.higher if middle > 0 else words.lower, **fields)


#: Names that are shown of a longer list.
_SHOWN: Final = 3


def _names(names: list[str]) -> str:
    shown = ", ".join(visible(name) for name in names[:_SHOWN])
    return say("{names} and others", names=shown) if len(names) > _SHOWN else shown


#: What is below break-even by claims: (campaigns or channels, a margin was given) → the sentence.
_BELOW_BY_CLAIMS: Final[Mapping[tuple[str, bool], str]] = {
    ("campaign", True): mark(
        "By the platforms' own claims, {share} of the last {weeks} weeks' spend is in campaigns below break-even "
        "(break-even is {need})."
    ),
    ("campaign", False): mark(
        "By the platforms' own claims, {share} of the last {weeks} weeks' spend is in campaigns below break-even "
        "(break-even is {need}, as no margin was given)."
    ),
    ("channel", True): mark(
        "By the platforms' own claims, {share} of the last {weeks} weeks' spend is in channels below break-even "
        "(break-even is {need})."
    ),
    ("channel", False): mark(
        "By the platforms' own claims, {share} of the last {weeks} weeks' spend is in channels below break-even "
        "(break-even is {need}, as no margin was given)."
    ),
}

#: The same by what spend caused: a margin was given → the sentence.
_BELOW: Final[Mapping[bool, str]] = {
    True: mark(
        "{share} of the last {weeks} weeks' spend is in channels whose last unit of money brings "
        "back less than it costs (break-even is {need}; estimated). In {average} even the average one does."
    ),
    False: mark(
        "{share} of the last {weeks} weeks' spend is in channels whose last unit of money brings "
        "back less than it costs (break-even is {need}, as no margin was given; estimated). "
        "In {average} even the average one does."
    ),
}


def _break_even(reading: Reading, value: Q, facts: Mapping[str, Any]) -> str:
    if facts["basis"] == "claims":
        return " ".join(_break_even_by_claims(value, facts))
    fields = {"share": _percents(value), "weeks": facts["weeks"], "need": ratio(facts["break_even"])}
    said = [say(_BELOW[bool(facts["margin"])], average=_percents(facts["average"]), **fields)]
    if facts["channels"]:
        names = _names([each[0] for each in facts["channels"]])
        said.append(say("More likely below than above: {names}.", names=names))
    if facts["modelled"] < 0.95:
        said.append(say("The model holds {share} of the spend.", share=percent(facts["modelled"])))
    if facts["untold"] > 0:
        untold = percent(facts["untold"])
        said.append(say("For {share} of the money the data hardly tell; there it rests on assumptions.", share=untold))
    if facts.get("claimed") is not None:
        said.append(say("By the platforms' own claims it would be {share}.", share=percent(facts["claimed"])))
    return " ".join(said)


def _break_even_by_claims(value: Q, facts: Mapping[str, Any]) -> list[str]:
    what, sure = str(facts["what"]), facts["sure"]
    fields = {"share": _percents(value), "weeks": facts["weeks"], "need": ratio(facts["break_even"])}
    said = [say(_BELOW_BY_CLAIMS[what, bool(facts["margin"])], **fields)]
    if sure is None:
        said.append(say("How much of that is luck cannot be told without a count of sales."))
    elif what == "campaign":
        said.append(
            say_many(
                "{number} campaign of {all} is surely below.",
                "{number} campaigns of {all} are surely below.",
                sure,
                all=count(facts["units"]),
            )
        )
    else:
        said.append(
            say_many(
                "{number} channel of {all} is surely below.",
                "{number} channels of {all} are surely below.",
                sure,
                all=count(facts["units"]),
            )
        )
    said.append(say("Claims as a rule hold more than ads cause, so the true share is probably larger."))
    return said


def _missed(reading: Reading, value: Q, facts: Mapping[str, Any]) -> str:
    least, judged, weeks = facts["at_least"], facts["judged"], facts["weeks"]
    said = [
        say(
            "{share} of {all} campaigns brought less in the last {weeks} weeks than "
            "in their own weeks before, by their platforms' claims. Luck alone would make 50 %.",
            share=percent(facts["under"]),
            all=count(judged),
            weeks=weeks,
        )
    ]
    if least:
        fell = {"least": count(least), "share": percent(least / judged)}
        said.append(say("At least {least} of them truly fell, {share} (95 % sure).", **fell))
    else:
        said.append(say("That any truly fell is not certain."))
    by = percent(facts["by"])
    said.append(say("The share that truly lost more than {by}: {share}.", by=by, share=_percents(value)))
    together = change(facts["together"])
    said.append(say("All together they moved by {change}, which is part of the count.", change=together))
    if facts["usual"]:
        usual = {"low": percent(min(facts["usual"])), "high": percent(max(facts["usual"]))}
        said.append(say("In earlier stretches of {weeks} weeks it was {low} to {high}.", weeks=weeks, **usual))
    if not facts["season_known"]:
        said.append(say("With so short a history, a season cannot be told from a fall."))
    return " ".join([*said, *_not_judged(facts)])


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


def _over_claim(reading: Reading, value: Q, facts: Mapping[str, Any]) -> str:
    if facts["against"] == "caused":
        said = [
            say(
                "Platforms claim {times} times what their ads caused (90 % interval {low} to {high}; estimated).",
                times=ratio(value.p50),
                **_range(value, ratio),
            )
        ]
        if facts["till"] is not None:
            said.append(say("They claim {share} of the till.", share=percent(facts["till"].p50)))
    else:
        said = [say("Platforms claim {share} of what the till took.", share=_percents(value))]
        if value.p5 > 1:
            said.append(say("All claims cannot be true: sales are counted more than once."))
        else:
            said.append(say("How much of that their ads caused is not known here."))
    if facts["change"] is not None:
        said.append(_trend(say("The share of the till that is claimed"), facts["change"], facts))
    return " ".join(said)


def _performance(reading: Reading, value: Q, facts: Mapping[str, Any]) -> str:
    said = [_performance_share(value, facts)]
    if facts["labels"] == "names":
        said.append(say("Which campaigns build the brand is suggested from names; a tags file settles it."))
    if facts["brand_change"] is not None:
        said.append(_trend(say("Brand spend"), facts["brand_change"], facts))
    if facts["base_change"] is None:
        said.append(say("How sales without ads moved is not known."))
    else:
        modelled = facts["without_ads"] == "baseline"
        what = say("Sales without ads (estimated)") if modelled else say("Revenue that no platform claims")
        said.append(_trend(what, facts["base_change"], facts))
        if reading.state == "concern":
            said.append(say("That they moved together is a correlation, no proof."))
    if facts["than"] != "year":
        said.append(say("With less than 14 months, season and drift cannot be told apart."))
    return " ".join(said)


def _performance_share(value: Q, facts: Mapping[str, Any]) -> str:
    share, weeks = _percents(value), facts["weeks"]
    if facts["then"] is None:
        return say("{share} of the last {weeks} weeks' spend is performance.", share=share, weeks=weeks)
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


def _proliferation(reading: Reading, value: Q, facts: Mapping[str, Any]) -> str:
    said = [
        say(
            "{now} campaigns ran per week in the last {weeks} weeks, {then} before.",
            now=count(round(facts["now"], 1)),
            weeks=facts["weeks"],
            then=count(round(facts["then"], 1)),
        )
    ]
    if facts["per_campaign"] is not None:
        amount, moved = money(facts["per_campaign"], facts["currency"]), facts["per_campaign_change"]
        if moved is None:
            said.append(say("Money per campaign, now {amount} a week.", amount=amount))
        else:
            said.append(_trend(say("Money per campaign, now {amount} a week", amount=amount), moved, facts))
    said += _young_and_small(facts)
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


def _young_and_small(facts: Mapping[str, Any]) -> list[str]:
    said = []
    for key, (alone, beside) in _PARTS.items():
        share, then = facts[key], facts[f"{key}_then"]
        if share is not None:
            said.append(say(alone if then is None else beside, share=percent(share), then=percent(then)))
    return said


def _returning(reading: Reading, value: Q, facts: Mapping[str, Any]) -> str:
    fields = {"share": _percents(value), "weeks": facts["weeks"]}
    if facts["source"] == "shop":
        first = say("{share} of orders in the last {weeks} weeks come from customers who bought before.", **fields)
    else:
        first = say(
            "{share} of conversions that platforms claim in the last {weeks} weeks come from customers who bought before.",
            **fields,
        )
    said = [first]
    if facts["share_change"] is not None:
        said.append(_trend(say("The share of new customers"), facts["share_change"], facts))
    if facts["cost"] is not None:
        amount = money(facts["cost"].p50, facts["currency"])
        said.append(_trend(say("Spend per new customer, now {amount}", amount=amount), facts["cost_change"], facts))
    if facts["odd_weeks"]:
        said.append(
            say_many(
                "In {number} week there are more new customers than orders: the two columns count different things.",
                "In {number} weeks there are more new customers than orders: the two columns count different things.",
                facts["odd_weeks"],
            )
        )
    return " ".join(said)


#: Campaigns of two labels in the same channel; the second sentence where no campaign has the other label.
_AUTOMATED: Final = (
    mark(
        "Automated campaigns bring {times} times the claimed ROAS of manual ones in the same channel "
        "(90 % interval {low} to {high}; {campaigns} with {spend} of spend against {others} with {other_spend}, "
        "last {weeks} weeks)."
    ),
    mark(
        "Automated campaigns bring {times} times the claimed ROAS of campaigns that no name calls automated in the "
        "same channel (90 % interval {low} to {high}; {campaigns} with {spend} of spend against {others} with "
        "{other_spend}, last {weeks} weeks)."
    ),
)
_GENERATED: Final = mark(
    "Campaigns with generated creative bring {times} times the claimed ROAS of those made by people in the same "
    "channel (90 % interval {low} to {high}; {campaigns} with {spend} of spend against {others} with {other_spend}, "
    "last {weeks} weeks)."
)

#: Rates compared beside, in this order.
_ALSO: Final[Mapping[str, str]] = {
    "ctr": mark("Click-through: {times} times (90 % interval {low} to {high})."),
    "cvr": mark("Sales per click: {times} times (90 % interval {low} to {high})."),
}


def _labels(reading: Reading, value: Q, facts: Mapping[str, Any]) -> str:
    sentence = _GENERATED if reading.name == "generated" else _AUTOMATED[bool(facts["rest"])]
    said = [
        say(
            sentence,
            times=ratio(value.p50),
            campaigns=plural(facts["first_campaigns"], "campaign"),
            spend=percent(facts["first_spend"]),
            others=count(facts["second_campaigns"]),
            other_spend=percent(facts["second_spend"]),
            weeks=facts["weeks"],
            **_range(value, ratio),
        )
    ]
    for key, also in _ALSO.items():
        if facts.get(key) is not None:
            said.append(say(also, times=ratio(facts[key].p50), **_range(facts[key], ratio)))
    said.append(say("Campaigns were not assigned at random, so this compares and does not prove."))
    if facts["suggested"]:
        said.append(say("Labels are suggested from names."))
    return " ".join(said)


def _concentration(reading: Reading, value: Q, facts: Mapping[str, Any]) -> str:
    return say(
        "Of {campaigns}, the {best} with the largest surplus in the half year before "
        "({names}) brought {share} of the claimed revenue of the last {weeks} weeks, "
        "with {spend} of the spend.",
        campaigns=plural(facts["campaigns"], "campaign"),
        best=count(facts["best"]),
        names=_names(list(facts["names"])),
        share=_percents(value),
        weeks=facts["weeks"],
        spend=percent(facts["spend"]),
    )


_SAYS: Final[Mapping[str, Callable[[Reading, Q, Mapping[str, Any]], str]]] = {
    "below_break_even": _break_even,
    "missed_expectation": _missed,
    "over_claim": _over_claim,
    "performance_share": _performance,
    "proliferation": _proliferation,
    "returning_customers": _returning,
    "automated": _labels,
    "generated": _labels,
    "concentration": _concentration,
}
