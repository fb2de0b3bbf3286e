"""Words of a finding: its cause and place, what it costs, since when, how sure it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from roas.charts.causal_words import ranged
from roas.diagnosis.base import Verdict
from roas.diagnosis.readings.base import State
from roas.format import day, money, visible
from roas.language import mark, say

if TYPE_CHECKING:
    from roas.analysis.record import Analysis
    from roas.diagnosis.results import Diagnosis, Finding
    from roas.quantiles import Q

#: Verdict → heading of the causes with it, in the order of the page.
HEADINGS: Final[Mapping[Verdict, str]] = {
    "supported": mark("Supported"),
    "possible": mark("Possible, not proven"),
    "ruled_out": mark("Ruled out"),
    "cannot_tell": mark("Cannot be told from these data"),
    "untestable": mark("Not testable: something is missing"),
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


def lost_a_week(analysis: Analysis) -> str:
    """Name the loss, as a label."""
    return say("Profit lost a week") if analysis.margin is not None else say("Revenue lost a week")


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
