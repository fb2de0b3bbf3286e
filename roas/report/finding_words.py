"""Headings, labels and counts of a diagnosis; what a finding says of itself comes from the finding."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from roas.charts.causal_words import ranged
from roas.diagnosis.base import Verdict
from roas.diagnosis.readings.base import State
from roas.format import day, money, percent, plural, visible

if TYPE_CHECKING:
    from roas.analysis.record import Analysis
    from roas.diagnosis.rates import Rates
    from roas.diagnosis.results import Diagnosis, Explained, Finding
    from roas.quantiles import Q

#: Verdict → heading of the causes with it, in the order of the page.
HEADINGS: Final[Mapping[Verdict, str]] = {
    "supported": "Supported",
    "possible": "Possible, not proven",
    "ruled_out": "Ruled out",
    "cannot_tell": "Cannot be told from these data",
    "untestable": "Not testable: something is missing",
}

#: Verdict → what a count of causes with it is followed by.
_COUNTED: Final[Mapping[Verdict, str]] = {
    "supported": "supported",
    "possible": "possible",
    "ruled_out": "ruled out",
    "cannot_tell": "cannot be told",
    "untestable": "not testable",
}

#: Verdicts of one cause in several places → the one it is counted under: ruled
#: out only where nothing is left open, so that nothing unknown counts as fine.
_FIRST: Final[tuple[Verdict, ...]] = ("supported", "possible", "cannot_tell", "untestable", "ruled_out")

#: State of a reading → its word.
STATES: Final[Mapping[State, str]] = {
    "concern": "Concern",
    "unclear": "Unclear",
    "fine": "Fine",
    "unknown": "Not known",
}

#: Probability above which it is said as "over 99 in 100": simulated accounts
#: are too few to tell 99.5 from 99.9.
_NEARLY_SURE: Final = 0.99

#: Sales a day, or weeks, from which the upper end of a cell stands for "any number above".
_ENDLESS: Final = 10_000

NOT_HEALTHY: Final = "That is not a clean bill of health."


def cause_name(cause: str) -> str:
    """Write the name of a cause.

    Examples
    --------
    >>> cause_name("creative_fatigue")
    'Creative fatigue'
    """
    return cause.replace("_", " ").capitalize()


def place(channel: str | None, campaign: str | None = None) -> str:
    """Say where: the channel, and the campaign in it; nothing for the account.

    Examples
    --------
    >>> place("Meta"), place("Meta", "Spring"), place(None)
    ('Meta', 'Meta, Spring', '')
    """
    return ", ".join(visible(name) for name in (channel, campaign) if name)


def sure(probability: float) -> str:
    """Write a probability as so many in a hundred.

    Examples
    --------
    >>> sure(0.962), sure(0.997), sure(0.004), sure(float("nan"))
    ('96 in 100', 'over 99 in 100', 'under 1 in 100', 'not known')
    """
    if probability != probability:
        return "not known"
    if probability > _NEARLY_SURE:
        return "over 99 in 100"
    return "under 1 in 100" if probability < 0.01 else f"{100 * probability:.0f} in 100"


def of_what(analysis: Analysis) -> str:
    """Say what a loss is counted in: revenue, or profit where a margin is given."""
    return "profit" if analysis.margin is not None else "revenue"


def costs(effect: Q) -> bool:
    """Return whether the middle of a loss is above nothing."""
    return effect.p50 > 0


def lost(effect: Q, analysis: Analysis) -> str:
    """Write a loss per week; empty where nothing is lost."""
    return f"{money(effect.p50, analysis.tables.currency)} a week" if costs(effect) else f"No {of_what(analysis)} lost"


def loss_range(effect: Q, analysis: Analysis) -> str:
    """Write the 90 % range of a loss per week; empty where it is nothing but zero."""
    if effect.p5 == effect.p50 == effect.p95 == 0:
        return ""
    return f"90 % range {ranged(effect.p5, effect.p95, analysis.tables.currency)}"


def since(finding: Finding) -> str:
    """Write since when: outright where it is sure to a week, else about."""
    first, last = finding.since_range
    return day(finding.since) if (last - first).days < 7 else f"about {day(finding.since)}"


def since_range(finding: Finding) -> str:
    """Write between which dates a cause began; empty where it is sure to a week."""
    first, last = finding.since_range
    return "" if (last - first).days < 7 else f"between {day(first)} and {day(last)}"


def title(finding: Finding) -> str:
    """Return the finding's own title as a heading: without a full stop, nothing invisible in it."""
    return visible(finding.title).removesuffix(".")


def costliest(diagnosis: Diagnosis) -> Finding | None:
    """Return the supported finding that loses most money; None where none is supported."""
    found = [each for each in diagnosis.findings if each.verdict == "supported"]
    return max(found, key=lambda each: each.effect_per_week.p50, default=None)


def headline(analysis: Analysis) -> str | None:
    """Say the costliest finding in one sentence; None where none is supported."""
    finding = costliest(analysis.diagnosis)
    if finding is None:
        return None
    said, effect, currency = title(finding), finding.effect_per_week, analysis.tables.currency
    if day(finding.since) not in said:
        said += f", since {since(finding)}"
    if not costs(effect):
        return f"{said}."
    size, between = money(effect.p50, currency), ranged(effect.p5, effect.p95, currency)
    return f"{said}: {size} of {of_what(analysis)} lost a week (90 % range {between})."


def counts(diagnosis: Diagnosis) -> Counter[Verdict]:
    """Count causes by verdict, each under the one that leaves most open (see `_FIRST`)."""
    said: dict[str, set[Verdict]] = {}
    for each in diagnosis.hypotheses:
        said.setdefault(each.cause, set()).add(each.verdict)
    return Counter(next(v for v in _FIRST if v in found) for found in said.values())


def counted(diagnosis: Diagnosis) -> str:
    """Count the causes, and by verdict.

    Every cause has one verdict here; the list has one for each place.
    """
    found = counts(diagnosis)
    parts = [f"{found[verdict]} {_COUNTED[verdict]}" for verdict in HEADINGS if found[verdict]]
    return f"{plural(sum(found.values()), 'cause')}: {', '.join(parts)}"


def outcome(analysis: Analysis) -> str:
    """Say in a sentence or two what was found, and no more than was tested."""
    diagnosis = analysis.diagnosis
    supported = sum(each.verdict == "supported" for each in diagnosis.findings)
    possible = len(diagnosis.findings) - supported
    if supported:
        said = "One cause is supported" if supported == 1 else f"{supported} causes are supported"
        said += " by the data, and no other explains the same as well."
        more = "One more is possible" if possible == 1 else f"{possible} more are possible"
        return f"{said} {more}, not proven." if possible else said
    if possible:
        said = "One cause is" if possible == 1 else f"{possible} causes are"
        return f"No cause is proven. {said} possible: the data do not tell {'it' if possible == 1 else 'them'} from others."
    return _nothing_found(counts(diagnosis))


def _nothing_found(found: Counter[Verdict]) -> str:
    every, out = sum(found.values()), found["ruled_out"]
    missing, open_ones = found["untestable"], found["cannot_tell"]
    if not every or missing == every:
        return f"What went wrong cannot be told from these files: no cause could be tested. {NOT_HEALTHY}"
    if out == every:
        return f"Nothing got worse beyond luck: all {every} causes were tested and ruled out."
    if not open_ones:
        lack = "1 lacks a column or history" if missing == 1 else f"{missing} lack a column or history"
        return (
            f"Nothing got worse beyond luck, as far as these files tell: {out} of {every} causes were tested "
            f"and ruled out, {lack}."
        )
    parts = [f"{plural(out, 'cause')} ruled out"] * bool(out) + [f"{open_ones} cannot be told from these data"]
    parts += [f"{missing} not testable"] * bool(missing)
    return f"No cause is named: {', '.join(parts)}. {NOT_HEALTHY}"


def explained(analysis: Analysis) -> str | None:
    """Say what was lost in all, and how much of it is explained; None where nothing is to be shared."""
    found, currency = analysis.diagnosis.explained, analysis.tables.currency
    if found is None or not math.isfinite(found.total):
        return None
    if found.total <= 0:
        return (
            f"In all, {of_what(analysis)} is {money(-found.total, currency)} a week above what was to be expected at today's spend: "
            "what was lost was made up for elsewhere."
        )
    said = f"In all, {of_what(analysis)} is {money(found.total, currency)} a week below what was to be expected at today's spend"
    if not found.parts:
        return f"{said}; no finding explains it."
    rest = found.unexplained
    if rest < 0:
        return (
            f"{said}; the findings explain more than that, by {money(-rest, currency)}: something else made up for it."
        )
    return f"{said}; {money(rest, currency)} of it is not explained."


def part_name(cause: str, channel: str | None) -> str:
    """Name a share of the loss."""
    return f"{cause_name(cause)}{f', {place(channel)}' if channel else ''}"


def adds_up(found: Explained) -> bool:
    """Return whether the shares are parts of a whole that a bar can show: none below zero."""
    amounts = [*(amount for _, _, amount in found.parts), found.unexplained]
    return found.total > 0 and len(amounts) > 1 and all(amount >= 0 for amount in amounts)


def rates(found: Rates | None) -> str:
    """Say how often accounts like this one are diagnosed rightly."""
    if found is None:
        return "How often accounts like this one are diagnosed rightly has not been measured."
    said = (
        f"Accounts like yours: {_whole(found.named)} named, {_whole(found.wrong)} wrong, "
        f"{_whole(found.accused)} of healthy accused ({found.accounts + found.healthy:,} simulated accounts"
    )
    like = "; ".join(filter(None, (_cell(found, "sales", "sales a day"), _cell(found, "weeks", "weeks of history"))))
    return f"{said}{f', {like}' if like else ''})."


def _whole(share: float) -> str:
    """Write a share of simulated accounts; there are too few for decimals, except below one in a hundred."""
    return f"{100 * share:.0f} %" if share >= 0.01 or share == 0 else percent(share)


def _cell(found: Rates, key: str, what: str) -> str:
    ends = found.cell.get(key)
    if not ends:
        return ""
    low, high = ends
    if high is None or high >= _ENDLESS:
        return f"{low:,g} {what} or more"
    return f"{low:,g} to {high:,g} {what}" if low else f"under {high:,g} {what}"
