"""The sentences of a hypothesis, made from its numbers: why it has its verdict."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from roas.diagnosis.evidence_words import tenths
from roas.diagnosis.metrics import METRICS
from roas.diagnosis.sentences import GATES, PILOTS, WHERE
from roas.diagnosis.words import all_of, name_of
from roas.format import change, percent, plural, say_many, visible
from roas.language import say

if TYPE_CHECKING:
    from roas.diagnosis.gates import Missing

#: Share that a cause must cost to matter: a fifth.
MATTERS: Final = 0.2


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
        channel=visible(facts["channel"]),
        days=tenths(facts["missing"]),
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
