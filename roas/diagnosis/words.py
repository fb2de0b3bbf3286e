"""The sentences of a diagnosis, made from its numbers: the one place where they are."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from typing import TYPE_CHECKING, Any, Final

from roas.diagnosis.metrics import METRICS
from roas.diagnosis.sentences import ACTIONS, GATES, NAMES, PILOTS, REFUTE, TITLES, WHERE
from roas.format import change, count, decimal, money, percent, plural, ratio, say_many, visible
from roas.language import mark, say

if TYPE_CHECKING:
    from roas.diagnosis.gates import Missing
    from roas.diagnosis.results import Evidence, Finding

#: Share that a cause must cost to matter: a fifth.
MATTERS: Final = 0.2


def title(finding: Finding) -> str:
    """Say the finding in one short sentence."""
    one, every = TITLES[finding.cause]
    if finding.channel is None or not one:
        return say(every)
    return say(one, where=_name(finding.channel))


def would_refute(finding: Finding) -> str:
    """Say what would change our mind."""
    return say(REFUTE[finding.cause])


def action(finding: Finding) -> str:
    """Say what to do; where two causes tie, the cheapest thing that tells them apart first."""
    where = _name(finding.channel) if finding.channel is not None else say("all channels")
    todo = say(ACTIONS[finding.cause], where=where)
    if finding.verdict == "supported":
        return todo
    pilot = PILOTS.get(frozenset({finding.cause, finding.rival or ""}))
    if pilot is not None:
        return say(
            "First tell it from {rival}: {pilot}", rival=name_of(finding.rival or ""), pilot=_lowered(say(pilot))
        )
    return say("Not proven: change nothing large yet. If it holds for four more weeks: {action}", action=_lowered(todo))


def name_of(cause: str) -> str:
    """Name a cause inside a sentence."""
    return say(NAMES[cause])


def _lowered(sentence: str) -> str:
    """Go on with a sentence after a colon: none of ours begins with a name."""
    return sentence[0].lower() + sentence[1:]


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
        channel="" if channel is None else _name(channel),
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
        channel=_name(evidence.facts["channel"]),
        rise=rise,
        least=least,
    )


#: Share of the money that moved to young campaigns from which it is worth a sentence: two in a hundred.
_WORTH_SAYING: Final = 0.02


def _multiplied(evidence: Evidence) -> str:
    facts = evidence.facts
    said = say(
        "Live campaigns on {channel}: {change} at much the same spend.",
        channel=_name(facts["channel"]),
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
        channel=_name(evidence.facts["channel"]),
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
    arrived, days, channel = percent(evidence.facts["arrived"]), _tenths(evidence.value), evidence.facts["channel"]
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
        channel=_name(channel),
        arrived=arrived,
        days=days,
    )


def _tenths(value: float) -> str:
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
    asks = next(each.asks for each in CAUSES if each.name == cause)
    wanted = [say(WHERE[column]) for column in missing.columns]
    if missing.weeks:
        wanted.append(say_many("{number} week of history", "{number} weeks of history", missing.weeks))
    if missing.channels:
        wanted.append(say("a second channel"))
    return say("To ask {question}, roas needs {needs}.", question=say(asks), needs=all_of(wanted))


def all_of(things: Sequence[str]) -> str:
    """Name several things, all of which are needed.

    Examples
    --------
    >>> all_of(["clicks"]), all_of(["clicks", "reach", "12 weeks"])
    ('clicks', 'clicks and reach and 12 weeks')
    """
    return reduce(lambda first, second: say("{first} and {second}", first=first, second=second), things)


def _supported(_cause: str, facts: Mapping[str, Any]) -> str:
    return say(
        "It explains what got worse far better than anything else that was tested ({probability}).",
        probability=_hundred(facts),
    )


def _possible(_cause: str, facts: Mapping[str, Any]) -> str:
    rival = facts.get("rival")
    if rival:
        return say(
            "It fits ({probability}), but {rival} fits nearly as well.",
            probability=_hundred(facts),
            rival=name_of(rival),
        )
    return say(
        "It fits ({probability}), but the change is too young or too small against luck to be sure.",
        probability=_hundred(facts),
    )


def _hundred(facts: Mapping[str, Any]) -> str:
    return say("{number} in 100", number=f"{100 * facts['probability']:.0f}")


def _gate(_cause: str, facts: Mapping[str, Any]) -> str:
    from roas.diagnosis.causes.mix_shift import LEAST

    return say(GATES[facts["gate"]], least=percent(LEAST))


def _would_show(_cause: str, facts: Mapping[str, Any]) -> str:
    if "metric" not in facts:
        return say("A loss of a fifth would have shown in the series; none did.")
    return say(
        "A loss of a fifth would have shown. {metric} over the last eight weeks: {change} against its usual course.",
        metric=say(METRICS[facts["metric"]].label),
        change=change(facts["change"]),
    )


#: Least change that could be seen, above which it is none at all.
_NONE_SEEN: Final = 0.95


def _power(_cause: str, facts: Mapping[str, Any]) -> str:
    if "metric" not in facts:
        return say("The series that would show it are too short or too broken.")
    label, moved = say(METRICS[facts["metric"]].label), change(facts["change"])
    if facts["least"] < MATTERS:
        return say(
            "{metric} moved by {change} in eight weeks. That it did this for some of the last half year is unlikely, "
            "but not excluded.",
            metric=label,
            change=moved,
        )
    if facts["least"] > _NONE_SEEN:
        return say(
            "{metric} moved by {change} in eight weeks; with this much luck and drift only no change would be seen reliably.",
            metric=label,
            change=moved,
        )
    return say(
        "{metric} moved by {change} in eight weeks; with this much luck and drift only a change of {least} or more "
        "would be seen reliably.",
        metric=label,
        change=moved,
        least=percent(facts["least"]),
    )


def _tie(cause: str, facts: Mapping[str, Any]) -> str:
    rival = facts["rival"]
    said = say("Something changed, and {rival} explains it as well.", rival=name_of(rival))
    pilot = PILOTS.get(frozenset({cause, rival}))
    return f"{said} {say(pilot)}" if pilot else said


def _on_time(_cause: str, _facts: Mapping[str, Any]) -> str:
    return say("The last days are as complete as earlier ones.")


def _perhaps_late(_cause: str, facts: Mapping[str, Any]) -> str:
    return say(
        "The last days of {channel} may be short of {days} days' worth of sales, but a "
        "fall that began on one day fits nearly as well. A second export next week would tell.",
        channel=_name(facts["channel"]),
        days=_tenths(facts["missing"]),
    )


def _few_sales(_cause: str, _facts: Mapping[str, Any]) -> str:
    return say("Too few sales a day to see whether the last days are short of some.")


def _short(_cause: str, _facts: Mapping[str, Any]) -> str:
    from roas.diagnosis.gates import FEWEST_WEEKS

    return say("The history is too short: {weeks} are needed.", weeks=plural(FEWEST_WEEKS, "week"))


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
