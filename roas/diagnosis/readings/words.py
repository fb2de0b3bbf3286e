"""The sentences of the readings, made from their numbers: the one place where they are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from roas.diagnosis.readings.base import Reading
from roas.format import change, count, money, percent, plural, ratio, visible
from roas.quantiles import Q

#: What is missing → what to give.
_GIVE: Final = {
    "revenue": "the shop's revenue per day (--revenue orders.csv)",
    "campaign": "campaigns in the ad export",
    "conversion_value": "conversion value in the ad export",
    "conversions": "conversions in the ad export",
    "new_customers": "new_customers and orders beside the shop's revenue",
    "history": "a longer history",
    "sales": "more sales per campaign",
    "campaigns": "more campaigns",
    "both in a channel": "a channel in which both kinds run side by side",
    "brand labels": "a tags file that says which campaigns build the brand",
    "labels automation": "a tags file that says which campaigns are automated",
    "labels creative": "a tags file that says which creative is generated and which is made by people",
}

#: What each reading asks.
_ASKS: Final = {
    "below_break_even": "how much of the spend loses money",
    "missed_expectation": "how many campaigns miss the return they used to bring",
    "over_claim": "how far platforms claim too much",
    "performance_share": "whether money moved from the brand to performance",
    "proliferation": "whether campaigns multiply",
    "returning_customers": "whether new customers still come",
    "automated": "whether automated campaigns bring more or less",
    "generated": "whether generated creative brings more or less",
    "concentration": "how much hangs on a few campaigns",
}


def reading_says(reading: Reading) -> str:
    """Say what was measured, and how far the data carry it."""
    if reading.value is None or reading.state == "unknown":
        return _unknown(reading)
    return _SAYS[reading.name](reading, reading.value, reading.facts)


def _unknown(reading: Reading) -> str:
    asks = _ASKS.get(reading.name, visible(reading.name))
    needs = " and ".join(_GIVE.get(each, visible(each)) for each in reading.missing)
    return f"Not known: {asks}." + (f" To tell, roas needs {needs}." if needs else "")


def _range(q: Q, write: Callable[[float], str]) -> str:
    return f"90 % interval {write(q.p5)} to {write(q.p95)}"


def _percents(q: Q) -> str:
    """Write a share, with its interval where it is an estimate."""
    return percent(q.p50) if q.p5 == q.p95 else f"{percent(q.p50)} ({_range(q, percent)})"


def _trend(what: str, moved: Q | float, facts: Mapping[str, Any]) -> str:
    """Say how something moved, or that no change is certain."""
    when = "in the same weeks a year ago" if facts.get("than") == "year" else "before"
    sure = ""
    if isinstance(moved, Q):
        # Three digits: between −0.1 % and 0 there is no minus to write.
        middle, sure = moved.p50, f" ({change(round(moved.p5, 3))} to {change(round(moved.p95, 3))})"
        if moved.p5 <= 0 <= moved.p95:
            return f"{what}: no certain change{sure} from {when.removeprefix('in ')}."
    else:
        middle = moved
    if abs(middle) < 0.0005:
        return f"{what}: the same as {when}."
    return f"{what}: {percent(abs(middle))} {'higher' if middle > 0 else 'lower'}{sure} than {when}."


def _names(names: list[str]) -> str:
    shown = [visible(name) for name in names[:3]]
    return ", ".join(shown) + (" and others" if len(names) > 3 else "")


def _break_even(reading: Reading, value: Q, facts: Mapping[str, Any]) -> str:
    need = f"break-even is {ratio(facts['break_even'])}" + ("" if facts["margin"] else ", as no margin was given")
    if facts["basis"] == "claims":
        what, sure = str(facts["what"]), facts["sure"]
        said = [
            f"By the platforms' own claims, {_percents(value)} of the last {facts['weeks']} weeks' spend is in {what}s "
            f"below break-even ({need})."
        ]
        if sure is None:
            said.append("How much of that is luck cannot be told without a count of sales.")
        else:
            said.append(f"{plural(sure, what)} of {count(facts['units'])} {'is' if sure == 1 else 'are'} surely below.")
        said.append("Claims as a rule hold more than ads cause, so the true share is probably larger.")
        return " ".join(said)
    said = [
        f"{_percents(value)} of the last {facts['weeks']} weeks' spend is in channels whose last unit of money brings "
        f"back less than it costs ({need}; estimated). In {_percents(facts['average'])} even the average one does."
    ]
    if facts["channels"]:
        said.append(f"More likely below than above: {_names([each[0] for each in facts['channels']])}.")
    if facts["modelled"] < 0.95:
        said.append(f"The model holds {percent(facts['modelled'])} of the spend.")
    if facts["untold"] > 0:
        said.append(f"For {percent(facts['untold'])} of the money the data hardly tell; there it rests on assumptions.")
    if facts.get("claimed") is not None:
        said.append(f"By the platforms' own claims it would be {percent(facts['claimed'])}.")
    return " ".join(said)


def _missed(reading: Reading, value: Q, facts: Mapping[str, Any]) -> str:
    said = [
        f"{percent(facts['under'])} of {count(facts['judged'])} campaigns brought less in the last {facts['weeks']} weeks than "
        "in their own weeks before, by their platforms' claims. Luck alone would make 50 %."
    ]
    least, judged = facts["at_least"], facts["judged"]
    said.append(
        f"At least {count(least)} of them truly fell, {percent(least / judged)} (95 % sure)."
        if least
        else "That any truly fell is not certain."
    )
    said.append(f"The share that truly lost more than {percent(facts['by'])}: {_percents(value)}.")
    said.append(f"All together they moved by {change(facts['together'])}, which is part of the count.")
    if facts["usual"]:
        low, high = min(facts["usual"]), max(facts["usual"])
        said.append(f"In earlier stretches of {facts['weeks']} weeks it was {percent(low)} to {percent(high)}.")
    if not facts["season_known"]:
        said.append("With so short a history, a season cannot be told from a fall.")
    left = [
        f"{plural(facts[key], 'campaign')} {why}"
        for key, why in (("young", "without eight weeks of past"), ("small", "with too few sales"))
        if facts[key]
    ]
    if left:
        said.append(f"Not judged: {' and '.join(left)}.")
    if facts["young_below"]:
        said.append(
            f"Of those without a past, at least {count(facts['young_below'])} stay below what their channel used to bring."
        )
    if facts["spend_judged"] < 0.9:
        said.append(f"The judged ones hold {percent(facts['spend_judged'])} of the spend.")
    return " ".join(said)


def _over_claim(reading: Reading, value: Q, facts: Mapping[str, Any]) -> str:
    if facts["against"] == "caused":
        said = [f"Platforms claim {ratio(value.p50)} times what their ads caused ({_range(value, ratio)}; estimated)."]
        if facts["till"] is not None:
            said.append(f"They claim {percent(facts['till'].p50)} of the till.")
    else:
        said = [f"Platforms claim {_percents(value)} of what the till took."]
        if value.p5 > 1:
            said.append("All claims cannot be true: sales are counted more than once.")
        else:
            said.append("How much of that their ads caused is not known here.")
    if facts["change"] is not None:
        said.append(_trend("The share of the till that is claimed", facts["change"], facts))
    return " ".join(said)


def _performance(reading: Reading, value: Q, facts: Mapping[str, Any]) -> str:
    said = [f"{_percents(value)} of the last {facts['weeks']} weeks' spend is performance"]
    if facts["then"] is not None:
        when = "a year ago" if facts["than"] == "year" else "before"
        said[0] += f", {percent(facts['then'])} {when}"
    said[0] += "."
    if facts["labels"] == "names":
        said.append("Which campaigns build the brand is suggested from names; a tags file settles it.")
    if facts["brand_change"] is not None:
        said.append(_trend("Brand spend", facts["brand_change"], facts))
    what = "Sales without ads (estimated)" if facts["without_ads"] == "baseline" else "Revenue that no platform claims"
    if facts["base_change"] is None:
        said.append("How sales without ads moved is not known.")
    else:
        said.append(_trend(what, facts["base_change"], facts))
        said.append("That they moved together is a correlation, no proof." if reading.state == "concern" else "")
    if facts["than"] != "year":
        said.append("With less than 14 months, season and drift cannot be told apart.")
    return " ".join(filter(None, said))


def _proliferation(reading: Reading, value: Q, facts: Mapping[str, Any]) -> str:
    said = [
        f"{count(round(facts['now'], 1))} campaigns ran per week in the last {facts['weeks']} weeks, "
        f"{count(round(facts['then'], 1))} before."
    ]
    if facts["per_campaign"] is not None:
        each = f"Money per campaign, now {money(facts['per_campaign'], facts['currency'])} a week"
        moved = facts["per_campaign_change"]
        said.append(f"{each}." if moved is None else _trend(each, moved, facts))
    if facts["young"] is not None:
        said.append(
            f"{percent(facts['young'])} of spend is in campaigns younger than two weeks{_was(facts['young_then'])}."
        )
    if facts["small"] is not None:
        said.append(
            f"{percent(facts['small'])} is in campaigns with fewer than 50 claimed sales a week{_was(facts['small_then'])}."
        )
    if facts["effective"] is not None:
        said.append(f"Spend is as spread out as over {count(round(facts['effective'], 1))} equal campaigns.")
    if facts["launches"] is not None and facts["launches_then"] is not None:
        said.append(
            f"{count(round(facts['launches'], 1))} campaigns start a month, {count(round(facts['launches_then'], 1))} before; "
            "a new name counts as a new campaign."
        )
    return " ".join(said)


def _was(then: float | None) -> str:
    return "" if then is None else f", {percent(then)} before"


def _returning(reading: Reading, value: Q, facts: Mapping[str, Any]) -> str:
    what = "orders" if facts["source"] == "shop" else "conversions that platforms claim"
    said = [f"{_percents(value)} of {what} in the last {facts['weeks']} weeks come from customers who bought before."]
    if facts["share_change"] is not None:
        said.append(_trend("The share of new customers", facts["share_change"], facts))
    if facts["cost"] is not None:
        each = f"Spend per new customer, now {money(facts['cost'].p50, facts['currency'])}"
        said.append(_trend(each, facts["cost_change"], facts))
    if facts["odd_weeks"]:
        weeks = plural(facts["odd_weeks"], "week")
        said.append(f"In {weeks} there are more new customers than orders: the two columns count different things.")
    return " ".join(said)


def _labels(one: str, other: str) -> Callable[[Reading, Q, Mapping[str, Any]], str]:
    def says(reading: Reading, value: Q, facts: Mapping[str, Any]) -> str:
        rest = "campaigns that no name calls automated" if facts["rest"] else other
        said = [
            f"{one} bring {ratio(value.p50)} times the claimed ROAS of {rest} in the same channel "
            f"({_range(value, ratio)}; {plural(facts['first_campaigns'], 'campaign')} with "
            f"{percent(facts['first_spend'])} of spend against {count(facts['second_campaigns'])} with "
            f"{percent(facts['second_spend'])}, last {facts['weeks']} weeks)."
        ]
        for key, what in (("ctr", "Click-through"), ("cvr", "Sales per click")):
            if facts.get(key) is not None:
                said.append(f"{what}: {ratio(facts[key].p50)} times ({_range(facts[key], ratio)}).")
        said.append("Campaigns were not assigned at random, so this compares and does not prove.")
        if facts["suggested"]:
            said.append("Labels are suggested from names.")
        return " ".join(said)

    return says


def _concentration(reading: Reading, value: Q, facts: Mapping[str, Any]) -> str:
    return (
        f"Of {plural(facts['campaigns'], 'campaign')}, the {count(facts['best'])} with the largest surplus in the half year before "
        f"({_names(list(facts['names']))}) brought {_percents(value)} of the claimed revenue of the last {facts['weeks']} weeks, "
        f"with {percent(facts['spend'])} of the spend."
    )


_SAYS: Final[Mapping[str, Callable[[Reading, Q, Mapping[str, Any]], str]]] = {
    "below_break_even": _break_even,
    "missed_expectation": _missed,
    "over_claim": _over_claim,
    "performance_share": _performance,
    "proliferation": _proliferation,
    "returning_customers": _returning,
    "automated": _labels("Automated campaigns", "manual ones"),
    "generated": _labels("Campaigns with generated creative", "those made by people"),
    "concentration": _concentration,
}
