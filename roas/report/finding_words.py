"""Headings, labels and counts of a diagnosis; what a finding says of itself comes from the finding."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from roas.charts.causal_words import ranged
from roas.diagnosis.base import Verdict
from roas.diagnosis.rates import OPEN_SALES, OPEN_WEEKS
from roas.diagnosis.readings.base import State
from roas.format import count, day, money, percent, plural, say_many, visible
from roas.language import mark, say

if TYPE_CHECKING:
    from roas.analysis.record import Analysis
    from roas.diagnosis.rates import Rates
    from roas.diagnosis.results import Diagnosis, Explained, Finding
    from roas.quantiles import Q

#: Verdict → heading of the causes with it, in the order of the page.
HEADINGS: Final[Mapping[Verdict, str]] = {
    "supported": mark("Supported"),
    "possible": mark("Possible, not proven"),
    "ruled_out": mark("Ruled out"),
    "cannot_tell": mark("Cannot be told from these data"),
    "untestable": mark("Not testable: something is missing"),
}

#: Verdict → a count of causes with it.
_COUNTED: Final[Mapping[Verdict, str]] = {
    "supported": mark("{number} supported"),
    "possible": mark("{number} possible"),
    "ruled_out": mark("{number} ruled out"),
    "cannot_tell": mark("{number} cannot be told"),
    "untestable": mark("{number} not testable"),
}

#: Cause → its name as a heading.
CAUSES: Final[Mapping[str, str]] = {
    "saturation": mark("Saturation"),
    "auction_inflation": mark("Auction inflation"),
    "creative_fatigue": mark("Creative fatigue"),
    "audience_exhaustion": mark("Audience exhaustion"),
    "tracking_break": mark("Tracking break"),
    "harvesting": mark("Harvesting"),
    "reporting_lag": mark("Reporting lag"),
    "fragmentation": mark("Fragmentation"),
    "conversion_rate_drop": mark("Conversion rate drop"),
    "order_value_drop": mark("Order value drop"),
    "mix_shift": mark("Mix shift"),
    "demand_shift": mark("Demand shift"),
    "baseline_erosion": mark("Baseline erosion"),
    "promotion_hangover": mark("Promotion hangover"),
}

#: Verdicts of one cause in several places → the one it is counted under: ruled
#: out only where nothing is left open, so that nothing unknown counts as fine.
_FIRST: Final[tuple[Verdict, ...]] = ("supported", "possible", "cannot_tell", "untestable", "ruled_out")

#: State of a reading → its word.
STATES: Final[Mapping[State, str]] = {
    "concern": mark("Concern"),
    "unclear": mark("Unclear"),
    "fine": mark("Fine"),
    "unknown": mark("Not known"),
}

#: Probability above which it is said as "over 99 in 100": simulated accounts
#: are too few to tell 99.5 from 99.9.
_NEARLY_SURE: Final = 0.99

#: What a cell is about → the end of the measured table, which stands for any number above.
_OPEN: Final = {"sales": OPEN_SALES, "weeks": OPEN_WEEKS}

#: What a cell is about → its range, without an upper end, and without a lower one.
_CELLS: Final[Mapping[str, tuple[str, str, str]]] = {
    "sales": (
        mark("{low} to {high} sales a day"),
        mark("{low} sales a day or more"),
        mark("under {high} sales a day"),
    ),
    "weeks": (
        mark("{low} to {high} weeks of history"),
        mark("{low} weeks of history or more"),
        mark("under {high} weeks of history"),
    ),
}

NOT_HEALTHY: Final = mark("That is not a clean bill of health.")


def cause_name(cause: str) -> str:
    """Write the name of a cause.

    Examples
    --------
    >>> cause_name("creative_fatigue")
    'Creative fatigue'
    """
    return say(CAUSES[cause]) if cause in CAUSES else cause.replace("_", " ").capitalize()


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
        return say("not known")
    if probability > _NEARLY_SURE:
        return say("over 99 in 100")
    if probability < 0.01:
        return say("under 1 in 100")
    return say("{number} in 100", number=f"{100 * probability:.0f}")


def of_what(analysis: Analysis) -> str:
    """Say what a loss is counted in: revenue, or profit where a margin is given."""
    return say("profit") if analysis.margin is not None else say("revenue")


def costs(effect: Q) -> bool:
    """Return whether the middle of a loss is above nothing."""
    return effect.p50 > 0


def lost(effect: Q, analysis: Analysis) -> str:
    """Write a loss per week; empty where nothing is lost."""
    if costs(effect):
        return say("{amount} a week", amount=money(effect.p50, analysis.tables.currency))
    return say("No {what} lost", what=of_what(analysis))


def loss_range(effect: Q, analysis: Analysis) -> str:
    """Write the 90 % range of a loss per week; empty where it is nothing but zero."""
    if effect.p5 == effect.p50 == effect.p95 == 0:
        return ""
    return say("90 % range {range}", range=ranged(effect.p5, effect.p95, analysis.tables.currency))


def since(finding: Finding) -> str:
    """Write since when: outright where it is sure to a week, else about."""
    first, last = finding.since_range
    return day(finding.since) if (last - first).days < 7 else say("about {date}", date=day(finding.since))


def since_range(finding: Finding) -> str:
    """Write between which dates a cause began; empty where it is sure to a week."""
    first, last = finding.since_range
    return "" if (last - first).days < 7 else say("between {first} and {last}", first=day(first), last=day(last))


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
        said = say("{finding}, since {when}", finding=said, when=since(finding))
    if not costs(effect):
        return f"{said}."
    return say(
        "{finding}: {size} of {what} lost a week (90 % range {range}).",
        finding=said,
        size=money(effect.p50, currency),
        what=of_what(analysis),
        range=ranged(effect.p5, effect.p95, currency),
    )


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
    parts = [say(_COUNTED[verdict], number=count(found[verdict])) for verdict in HEADINGS if found[verdict]]
    return f"{plural(sum(found.values()), 'cause')}: {', '.join(parts)}"


def outcome(analysis: Analysis) -> str:
    """Say in a sentence or two what was found, and no more than was tested."""
    diagnosis = analysis.diagnosis
    supported = sum(each.verdict == "supported" for each in diagnosis.findings)
    possible = len(diagnosis.findings) - supported
    if supported:
        said = say_many(
            "One cause is supported by the data, and no other explains the same as well.",
            "{number} causes are supported by the data, and no other explains the same as well.",
            supported,
        )
        more = say_many("One more is possible, not proven.", "{number} more are possible, not proven.", possible)
        return f"{said} {more}" if possible else said
    if possible:
        return say_many(
            "No cause is proven. One cause is possible: the data do not tell it from others.",
            "No cause is proven. {number} causes are possible: the data do not tell them from others.",
            possible,
        )
    return _nothing_found(counts(diagnosis))


def _nothing_found(found: Counter[Verdict]) -> str:
    every, out = sum(found.values()), found["ruled_out"]
    missing, open_ones = found["untestable"], found["cannot_tell"]
    if not every or missing == every:
        said = say("What went wrong cannot be told from these files: no cause could be tested.")
        return f"{said} {say(NOT_HEALTHY)}"
    if out == every:
        return say("Nothing got worse beyond luck: all {all} causes were tested and ruled out.", all=count(every))
    if not open_ones:
        return say_many(
            "Nothing got worse beyond luck, as far as these files tell: {out} of {all} causes were tested "
            "and ruled out, {number} lacks a column or history.",
            "Nothing got worse beyond luck, as far as these files tell: {out} of {all} causes were tested "
            "and ruled out, {number} lack a column or history.",
            missing,
            out=count(out),
            all=count(every),
        )
    parts = [say_many("{number} cause ruled out", "{number} causes ruled out", out)] if out else []
    parts.append(say("{number} cannot be told from these data", number=count(open_ones)))
    if missing:
        parts.append(say("{number} not testable", number=count(missing)))
    return f"{say('No cause is named: {counts}.', counts=', '.join(parts))} {say(NOT_HEALTHY)}"


def explained(analysis: Analysis) -> str | None:
    """Say what was lost in all, and how much of it is explained; None where nothing is to be shared."""
    found, currency, what = analysis.diagnosis.explained, analysis.tables.currency, of_what(analysis)
    if found is None or not math.isfinite(found.total):
        return None
    if found.total <= 0:
        return say(
            "In all, {what} is {amount} a week above what was to be expected at today's spend: "
            "what was lost was made up for elsewhere.",
            what=what,
            amount=money(-found.total, currency),
        )
    lost, rest = money(found.total, currency), found.unexplained
    if not found.parts:
        return say(
            "In all, {what} is {amount} a week below what was to be expected at today's spend; no finding explains it.",
            what=what,
            amount=lost,
        )
    if rest < 0:
        return say(
            "In all, {what} is {amount} a week below what was to be expected at today's spend; "
            "the findings explain more than that, by {more}: something else made up for it.",
            what=what,
            amount=lost,
            more=money(-rest, currency),
        )
    return say(
        "In all, {what} is {amount} a week below what was to be expected at today's spend; "
        "{rest} of it is not explained.",
        what=what,
        amount=lost,
        rest=money(rest, currency),
    )


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
        return say("How often accounts like this one are diagnosed rightly has not been measured.")
    fields = {
        "named": _whole(found.named),
        "wrong": _whole(found.wrong),
        "accused": _whole(found.accused),
        "accounts": count(found.accounts + found.healthy),
    }
    like = "; ".join(filter(None, (_cell(found, key) for key in _CELLS)))
    if not like:
        return say(
            "Accounts like yours: {named} named, {wrong} wrong, {accused} of healthy accused "
            "({accounts} simulated accounts).",
            **fields,
        )
    return say(
        "Accounts like yours: {named} named, {wrong} wrong, {accused} of healthy accused "
        "({accounts} simulated accounts, {like}).",
        like=like,
        **fields,
    )


def _whole(share: float) -> str:
    """Write a share of simulated accounts; there are too few for decimals, except below one in a hundred."""
    return percent(share, 0) if share >= 0.01 or share == 0 else percent(share)


def _cell(found: Rates, key: str) -> str:
    ends = found.cell.get(key)
    if not ends:
        return ""
    low, high = ends
    both, or_more, under = _CELLS[key]
    if high is None or high >= _OPEN[key]:
        return say(or_more, low=count(low))
    return say(both if low else under, low=count(low), high=count(high))
