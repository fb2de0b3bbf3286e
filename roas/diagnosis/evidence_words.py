"""The sentences of evidence, made from its numbers: what was measured and what it was held against."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

from roas.diagnosis.metrics import METRICS
from roas.diagnosis.sentences import NAMES
from roas.diagnosis.words import name_of
from roas.format import change, count, decimal, money, percent, ratio, visible
from roas.language import mark, say

if TYPE_CHECKING:
    from roas.diagnosis.results import Evidence


def evidence_says(evidence: Evidence) -> str:
    """Say what was measured and what it was held against."""
    if evidence.test.startswith("change_in_"):
        return _change(evidence)
    return _EVIDENCE[evidence.test](evidence)


#: How a series moved, or stayed: of one channel, and of the account.
_MOVED: Final = (
    mark(
        "{metric} of {channel}: {change} against its usual course (90 % range {low} to {high}; "
        "luck and drift alone move it by up to {luck})."
    ),
    mark(
        "{metric}: {change} against its usual course (90 % range {low} to {high}; "
        "luck and drift alone move it by up to {luck})."
    ),
)
_STAYED: Final = (
    mark("{metric} of {channel} did not move beyond luck: {change} (90 % range {low} to {high})."),
    mark("{metric} did not move beyond luck: {change} (90 % range {low} to {high})."),
)


def _change(evidence: Evidence) -> str:
    facts = evidence.facts
    one, every = _STAYED if facts["kind"] == "stayed" else _MOVED
    channel = facts["channel"]
    return say(
        every if channel is None else one,
        metric=say(METRICS[facts["metric"]].label),
        channel="" if channel is None else visible(channel),
        change=change(evidence.value),
        low=change(facts["low"]),
        high=change(facts["high"]),
        luck=percent(abs(evidence.threshold)),
    )


def _spend_rose(evidence: Evidence) -> str:
    rise, least = percent(evidence.value), percent(evidence.threshold)
    if evidence.facts["channel"] is None:
        return say("Spend rose by {rise}; under {least} it would not be asked.", rise=rise, least=least)
    return say(
        "Spend on {channel} rose by {rise}; under {least} it would not be asked.",
        channel=visible(evidence.facts["channel"]),
        rise=rise,
        least=least,
    )


#: Share of the money that moved to young campaigns from which it is worth a sentence: two in a hundred.
_WORTH_SAYING: Final = 0.02


def _multiplied(evidence: Evidence) -> str:
    facts = evidence.facts
    said = say(
        "Live campaigns on {channel}: {change} at much the same spend.",
        channel=visible(facts["channel"]),
        change=change(evidence.value),
    )
    if facts["young"] <= _WORTH_SAYING:
        return said
    young = say(
        "{share} more of the money went to campaigns under two weeks old.", share=percent(max(facts["young"], 0.0))
    )
    return f"{said} {young}"


def _money_moved(evidence: Evidence) -> str:
    return say(
        "{amount} a week moved to {channel} from channels that claim more per unit of spend: {cost} of the return.",
        amount=money(evidence.facts["moved"], None),
        channel=visible(evidence.facts["channel"]),
        cost=percent(evidence.value),
    )


#: What a finding is held against where that is no cause.
_NO_CAUSE: Final[Mapping[str, str]] = {
    "None": mark("luck and drift alone"),
    "something_else": mark("a change that does no harm or that none of the causes describes"),
}

#: Evidence ratio from which its figure says no more than that it is large, and from which it is written whole.
_HUGE, _WHOLE = 999_999, 10


def _ratio(evidence: Evidence) -> str:
    value, rival = evidence.value, evidence.facts.get("rival")
    if value >= _HUGE:
        much = say("over a million")
    else:
        much = count(round(value)) if value >= _WHOLE else ratio(value)
    return say(
        "It explains all series together {much} times better than {rival}; {asked} times is asked for.",
        much=much,
        rival=name_of(rival) if rival is not None and rival in NAMES else say(_NO_CAUSE[str(rival)]),
        asked=count(round(evidence.threshold)),
    )


def _days_missing(evidence: Evidence) -> str:
    arrived, days, channel = percent(evidence.facts["arrived"]), tenths(evidence.value), evidence.facts["channel"]
    if channel is None:
        return say(
            "The younger the day, the fewer sales platforms had counted: only {arrived} of the last one. "
            "{days} days' worth is still to come.",
            arrived=arrived,
            days=days,
        )
    return say(
        "The younger the day, the fewer sales {channel} had counted: only {arrived} of the last one. "
        "{days} days' worth is still to come.",
        channel=visible(channel),
        arrived=arrived,
        days=days,
    )


def tenths(value: float) -> str:
    """Write a number of days; English always shows the tenth."""
    return decimal(value, 1)


def _late_over_step(evidence: Evidence) -> str:
    return say(
        "A fall that grows towards the last day fits {times} times better than one that began on a day.",
        times=ratio(evidence.value),
    )


_EVIDENCE: Final[Mapping[str, Callable[[Evidence], str]]] = {
    "spend_rose": _spend_rose,
    "campaigns_multiplied": _multiplied,
    "money_moved": _money_moved,
    "evidence_ratio": _ratio,
    "days_missing": _days_missing,
    "late_over_step": _late_over_step,
}
