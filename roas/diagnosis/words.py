"""The sentences of a diagnosis, made from its numbers: the one place where they are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from roas.diagnosis.metrics import METRICS
from roas.format import change, money, percent, plural, ratio, visible

if TYPE_CHECKING:
    from roas.diagnosis.gates import Missing
    from roas.diagnosis.results import Evidence, Finding

#: Cause → what it is called inside a sentence.
NAMES: Final[Mapping[str, str]] = {
    "saturation": "saturation",
    "auction_inflation": "dearer impressions",
    "creative_fatigue": "tired creatives",
    "audience_exhaustion": "a worn-out audience",
    "tracking_break": "broken tracking",
    "harvesting": "harvesting of sales that come anyway",
    "reporting_lag": "late reporting",
    "fragmentation": "too many small campaigns",
    "conversion_rate_drop": "a site that converts less",
    "order_value_drop": "smaller baskets",
    "mix_shift": "money moved to weaker channels",
    "demand_shift": "a weaker market",
    "baseline_erosion": "fading sales without ads",
    "promotion_hangover": "the weeks after a promotion",
}

#: Cause → the finding, for one channel and for all (or the account).
_TITLES: Final[Mapping[str, tuple[str, str]]] = {
    "saturation": (
        "{where} gets more money than it can turn into sales",
        "Ads get more money than they can turn into sales",
    ),
    "auction_inflation": ("{where} pays more for the same impressions", "Impressions got dearer everywhere"),
    "creative_fatigue": (
        "The ads on {where} are worn out: fewer people click",
        "Ads are worn out everywhere: fewer people click",
    ),
    "audience_exhaustion": (
        "{where} shows its ads to the same people too often",
        "Ads reach the same people too often everywhere",
    ),
    "tracking_break": ("{where} stopped counting part of its sales", "Platforms stopped counting part of their sales"),
    "harvesting": (
        "{where} claims sales that would have come anyway",
        "Platforms claim sales that would have come anyway",
    ),
    "reporting_lag": (
        "{where} looks worse than it is: its last sales are still being reported",
        "The last days look worse than they are: sales are still being reported",
    ),
    "fragmentation": (
        "{where} is spread over too many young campaigns",
        "Money is spread over too many young campaigns",
    ),
    "conversion_rate_drop": ("", "The site turns fewer visits into orders"),
    "order_value_drop": ("", "Orders got smaller"),
    "mix_shift": ("Money moved to {where}, which brings less", "Money moved to channels that bring less"),
    "demand_shift": ("", "The market got weaker: fewer people come, paid or not"),
    "baseline_erosion": ("", "Sales without ads are fading since brand money was cut"),
    "promotion_hangover": ("", "The last promotion took sales from the weeks after it"),
}

_REFUTE: Final[Mapping[str, str]] = {
    "saturation": "Sales per unit of spend stay as low after spend goes back to where it was, or fell as much where spend did not rise.",
    "auction_inflation": "The price of impressions rose only where you spent more, or it rises every year in these weeks.",
    "creative_fatigue": "New ads are clicked as little as old ones, or a fresh set changes nothing within three weeks.",
    "audience_exhaustion": "Reach grows with spend again, or response fell as much where frequency stayed.",
    "tracking_break": "The shop's own orders from this channel (coupon, survey, landing page) fell as much as its claims.",
    "harvesting": "Sales of the shop fall when this channel is paused for two weeks.",
    "reporting_lag": "The same days look as bad in an export two weeks from now.",
    "fragmentation": "The channel's one big, old campaign sells as much less as the new ones.",
    "conversion_rate_drop": "Visits that no ad brought convert as before, or only one channel fell.",
    "order_value_drop": "Baskets of the shop are as large as before once returns and discounts are taken out.",
    "mix_shift": "The stronger channel would not have kept its return on the money it lost.",
    "demand_shift": "Searches for what you sell, or competitors' sales, did not fall.",
    "baseline_erosion": "Direct visits and searches for the brand did not fall, or the whole category fell as much.",
    "promotion_hangover": "Orders stay low six weeks after the promotion, or were low before it ended.",
}

_ACTIONS: Final[Mapping[str, str]] = {
    "saturation": "Take {where} back towards its earlier budget in two steps, three weeks apart, and watch sales of the shop, not claims.",
    "auction_inflation": "Check bids, placements and who else bids on {where}; lower targets or move money until the price falls.",
    "creative_fatigue": "Put new creatives on {where}, one ad set first; a click rate back at its old level within two weeks confirms it.",
    "audience_exhaustion": "Widen the audience of {where} or cap its frequency, and stop adding money to it meanwhile.",
    "tracking_break": "Have the tag, consent and attribution settings of {where} checked on the date above. Do not cut its budget on its own figures.",
    "harvesting": "Pause {where} for two weeks in part of your regions, or lower it by a third, and see whether the shop notices.",
    "reporting_lag": "Leave the last days out when you judge {where}, and export again next week.",
    "fragmentation": "Merge the small campaigns of {where} into few, and leave them alone until each has 50 conversions a week.",
    "conversion_rate_drop": "Look at the shop first: speed, checkout, stock, prices, changes released on that date. Ads are not the reason.",
    "order_value_drop": "Look at prices, discounts, free-shipping limits and what is out of stock. Ads are not the reason.",
    "mix_shift": "Move the money back from {where}, half of it first, and compare four weeks.",
    "demand_shift": "Spend less while the market is weak, or accept a lower return. Changing campaigns will not bring it back.",
    "baseline_erosion": "Give brand work its money back for two quarters, and watch direct visits and unpaid orders.",
    "promotion_hangover": "Wait it out: judge no campaign on these weeks, and count them as part of the promotion's cost.",
}

#: Two causes that tie → the cheapest thing that tells them apart.
_PILOTS: Final[Mapping[frozenset[str], str]] = {
    frozenset({"saturation", "demand_shift"}): "Cut one channel by 30 % for three weeks in half of your regions.",
    frozenset({"tracking_break", "conversion_rate_drop"}): "Export the shop's orders per day beside the claims.",
    frozenset({"creative_fatigue", "audience_exhaustion"}): "Put fresh creatives into one ad set and leave its audience alone.",
    frozenset({"conversion_rate_drop", "demand_shift"}): "Export the shop's visits per day (sessions).",
    frozenset({"fragmentation", "tracking_break"}): "Merge two of the small campaigns and wait three weeks.",
    frozenset({"saturation", "audience_exhaustion"}): "Take the budget back by a fifth for three weeks; add reach to the export.",
    frozenset({"saturation", "tracking_break"}): "Take the budget back by a fifth for three weeks.",
    frozenset({"promotion_hangover", "demand_shift"}): "Wait three weeks: a hangover passes, a weak market does not.",
    frozenset({"baseline_erosion", "demand_shift"}): "Add searches for the brand and for the category (both are free to export).",
    frozenset({"harvesting", "tracking_break"}): "Pause the channel's retargeting for two weeks in part of your regions.",
}  # fmt: skip

#: Canonical column → where a person gets it.
_WHERE: Final[Mapping[str, str]] = {
    "revenue": "the shop's revenue per day (--revenue orders.csv)",
    "impressions": "impressions in the ad export",
    "clicks": "clicks in the ad export",
    "reach": "reach in the ad export",
    "claims": "conversions or conversion value in the ad export",
    "baskets": "orders beside the shop's revenue, or conversions beside conversion value",
    "conversions": "conversions in the ad export",
    "conversion_value": "conversion value in the ad export",
    "campaign": "campaigns in the ad export",
    "orders": "orders per day beside the shop's revenue",
    "sessions": "sessions per day beside the shop's revenue",
    "promo": "a promo column (0/1) beside the shop's revenue",
    "days": "the export by day, not by week",
}

#: Share that a cause must cost to matter: a fifth.
MATTERS: Final = 0.2

#: Gate → why the cause cannot have happened.
_GATES: Final[Mapping[str, str]] = {
    "spend_rose": "No channel's spend rose by half, further than it usually moves, and stayed there.",
    "seen_more_often": "Nowhere did people see the ads more often by a tenth, unless spend had risen by much.",
    "campaigns_multiplied": "Nowhere did campaigns multiply, or new ones take over, at much the same spend.",
    "brand_cut": "No channel that may build the brand was cut by half for good.",
    "promotion_ended": "No promotion ended in the last four months.",
    "money_moved": "No money moved from stronger to weaker channels that was worth {least} of the return.",
    "no_onset": "The history is too short for it to begin in.",
}


def title(finding: Finding) -> str:
    """Say the finding in one short sentence."""
    one, every = _TITLES[finding.cause]
    if finding.channel is None or not one:
        return every
    return one.format(where=_name(finding.channel))


def would_refute(finding: Finding) -> str:
    """Say what would change our mind."""
    return _REFUTE[finding.cause]


def action(finding: Finding) -> str:
    """Say what to do; where two causes tie, the cheapest thing that tells them apart first."""
    where = _name(finding.channel) if finding.channel is not None else "all channels"
    todo = _ACTIONS[finding.cause].format(where=where)
    if finding.verdict == "supported":
        return todo
    pilot = _PILOTS.get(frozenset({finding.cause, finding.rival or ""}))
    if pilot is not None:
        return f"First tell it from {NAMES[finding.rival or '']}: {pilot[0].lower()}{pilot[1:]}"
    return f"Not proven: change nothing large yet. If it holds for four more weeks: {todo[0].lower()}{todo[1:]}"


def evidence_says(evidence: Evidence) -> str:
    """Say what was measured and what it was held against."""
    if evidence.test.startswith("change_in_"):
        return _change(evidence)
    return _EVIDENCE[evidence.test](evidence)


def _change(evidence: Evidence) -> str:
    facts = evidence.facts
    metric = METRICS[facts["metric"]]
    where = f" of {_name(facts['channel'])}" if facts["channel"] is not None else ""
    span = f"90 % range {change(facts['low'])} to {change(facts['high'])}"
    if facts["kind"] == "stayed":
        return f"{metric.label}{where} did not move beyond luck: {change(evidence.value)} ({span})."
    luck = f"luck and drift alone move it by up to {percent(abs(evidence.threshold))}"
    return f"{metric.label}{where}: {change(evidence.value)} against its usual course ({span}; {luck})."


def _spend_rose(evidence: Evidence) -> str:
    where = "Spend" if evidence.facts["channel"] is None else f"Spend on {_name(evidence.facts['channel'])}"
    return f"{where} rose by {percent(evidence.value)}; under {percent(evidence.threshold)} it would not be asked."


def _multiplied(evidence: Evidence) -> str:
    facts = evidence.facts
    young = (
        f" {percent(max(facts['young'], 0.0))} more of the money went to campaigns under two weeks old."
        if facts["young"] > 0.02
        else ""
    )
    moved = change(evidence.value)
    return f"Live campaigns on {_name(facts['channel'])}: {moved} at much the same spend.{young}"


def _money_moved(evidence: Evidence) -> str:
    facts = evidence.facts
    moved = money(facts["moved"], None)
    cost = percent(evidence.value)
    return f"{moved} a week moved to {_name(facts['channel'])} from channels that claim more per unit of spend: {cost} of the return."


#: What a finding is held against where that is no cause.
_NO_CAUSE: Final[Mapping[str, str]] = {
    "None": "than luck and drift alone",
    "something_else": "than a change that does no harm or that none of the causes describes",
}


def _ratio(evidence: Evidence) -> str:
    much = (
        "over a million"
        if evidence.value >= 999_999
        else f"{evidence.value:,.0f}"
        if evidence.value >= 10
        else ratio(evidence.value)
    )
    rival = evidence.facts.get("rival")
    against = f"than {NAMES[rival]}" if rival is not None and rival in NAMES else _NO_CAUSE[str(rival)]
    return (
        f"It explains all series together {much} times better {against}; {evidence.threshold:.0f} times is asked for."
    )


def _days_missing(evidence: Evidence) -> str:
    facts = evidence.facts
    where = "platforms" if facts["channel"] is None else _name(facts["channel"])
    return (
        f"The younger the day, the fewer sales {where} had counted: only {percent(facts['arrived'])} of the last one. "
        f"{evidence.value:.1f} days' worth is still to come."
    )


def _late_over_step(evidence: Evidence) -> str:
    return f"A fall that grows towards the last day fits {ratio(evidence.value)} times better than one that began on a day."


_EVIDENCE: Final[Mapping[str, Callable[[Evidence], str]]] = {
    "spend_rose": _spend_rose,
    "campaigns_multiplied": _multiplied,
    "money_moved": _money_moved,
    "evidence_ratio": _ratio,
    "days_missing": _days_missing,
    "late_over_step": _late_over_step,
}


def because(cause: str, why: str, facts: Mapping[str, Any]) -> str:
    """Say why a hypothesis has its verdict.

    Parameters
    ----------
    cause : str
    why : str
        Kind of reason.
    facts : mapping
        What the sentence needs.
    """
    return _BECAUSE[why](cause, facts)


def _missing(cause: str, facts: Mapping[str, Any]) -> str:
    from roas.diagnosis.base import CAUSES

    missing: Missing = facts["missing"]
    asks = next(each.means for each in CAUSES if each.name == cause)
    wanted = [_WHERE[column] for column in missing.columns]
    if missing.weeks:
        wanted.append(f"{missing.weeks} weeks of history")
    if missing.channels:
        wanted.append("a second channel")
    return f"To ask whether {asks}, roas needs {' and '.join(wanted)}."


def _supported(_cause: str, facts: Mapping[str, Any]) -> str:
    return f"It explains what got worse far better than anything else that was tested ({_hundred(facts)})."


def _possible(_cause: str, facts: Mapping[str, Any]) -> str:
    rival = facts.get("rival")
    if rival:
        return f"It fits ({_hundred(facts)}), but {NAMES[rival]} fits nearly as well."
    return f"It fits ({_hundred(facts)}), but the change is too young or too small against luck to be sure."


def _hundred(facts: Mapping[str, Any]) -> str:
    return f"{100 * facts['probability']:.0f} in 100"


def _gate(_cause: str, facts: Mapping[str, Any]) -> str:
    from roas.diagnosis.causes.mix_shift import LEAST

    return _GATES[facts["gate"]].format(least=percent(LEAST))


def _would_show(_cause: str, facts: Mapping[str, Any]) -> str:
    if "metric" not in facts:
        return "A loss of a fifth would have shown in the series; none did."
    label = METRICS[facts["metric"]].label
    return f"A loss of a fifth would have shown. {label} over the last eight weeks: {change(facts['change'])} against its usual course."


def _power(_cause: str, facts: Mapping[str, Any]) -> str:
    if "metric" not in facts:
        return "The series that would show it are too short or too broken."
    label = METRICS[facts["metric"]].label
    moved = f"{label} moved by {change(facts['change'])} in eight weeks"
    if facts["least"] < MATTERS:
        return f"{moved}. That it did this for some of the last half year is unlikely, but not excluded."
    least = "no change" if facts["least"] > 0.95 else f"a change of {percent(facts['least'])} or more"
    return f"{moved}; with this much luck and drift only {least} would be seen reliably."


def _tie(cause: str, facts: Mapping[str, Any]) -> str:
    rival = facts["rival"]
    pilot = _PILOTS.get(frozenset({cause, rival}))
    how = f" {pilot}" if pilot else ""
    return f"Something changed, and {NAMES[rival]} explains it as well.{how}"


def _on_time(_cause: str, facts: Mapping[str, Any]) -> str:
    return "The last days are as complete as earlier ones."


def _perhaps_late(_cause: str, facts: Mapping[str, Any]) -> str:
    return (
        f"The last days of {_name(facts['channel'])} may be short of {facts['missing']:.1f} days' worth of sales, but a "
        "fall that began on one day fits nearly as well. A second export next week would tell."
    )


def _few_sales(_cause: str, _facts: Mapping[str, Any]) -> str:
    return "Too few sales a day to see whether the last days are short of some."


def _short(_cause: str, _facts: Mapping[str, Any]) -> str:
    from roas.diagnosis.gates import FEWEST_WEEKS

    return f"The history is too short: {plural(FEWEST_WEEKS, 'week')} are needed."


_BECAUSE: Final[Mapping[str, Callable[[str, Mapping[str, Any]], str]]] = {
    "missing": _missing,
    "supported": _supported,
    "possible": _possible,
    "gate": _gate,
    "would_show": _would_show,
    "power": _power,
    "tie": _tie,
    "on_time": _on_time,
    "perhaps_late": _perhaps_late,
    "few_sales": _few_sales,
    "short": _short,
}


def _name(channel: str) -> str:
    return visible(channel)
