"""What went wrong, on a terminal: each finding in a few lines, then how many causes were tested."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from roas.charts.causal_words import ranged
from roas.format import say_many, visible
from roas.language import say
from roas.report import finding_words as words
from roas.report import outcome_words

if TYPE_CHECKING:
    from rich.console import Console

    from roas.analysis.record import Analysis
    from roas.diagnosis.results import Finding

#: Possible findings listed; the page lists all.
MOST_POSSIBLE: Final = 3

#: Before what is said of a finding.
_INDENT: Final = "   "


def print_findings(analysis: Analysis, console: Console) -> None:
    """Print what went wrong for 80 columns; names are written literally."""
    from rich.text import Text

    diagnosis = analysis.diagnosis
    if diagnosis.healthy:
        console.print(Text(outcome_words.outcome(analysis), "bold"))
    supported = [each for each in diagnosis.findings if each.verdict == "supported"]
    for place, each in enumerate(supported, start=1):
        console.print(Text(f"{place}. {words.title(each)}", "bold"))
        for line in _lines(each, analysis):
            for wrapped in Text(visible(line)).wrap(console, max(console.width - len(_INDENT), 20)):
                wrapped.rstrip()
                console.print(Text(_INDENT) + wrapped)
    possible = [each for each in diagnosis.findings if each.verdict == "possible"]
    for each in possible[:MOST_POSSIBLE]:
        said = say(
            "Possible, not proven: {finding} ({brief}).", finding=words.title(each), brief=_brief(each, analysis)
        )
        console.print(Text(visible(said)))
    if len(possible) > MOST_POSSIBLE:
        more = len(possible) - MOST_POSSIBLE
        said = say_many(
            "{number} more are possible: findings.csv lists them.",
            "{number} more are possible: findings.csv lists them.",
            more,
        )
        console.print(Text(said))
    if diagnosis.findings:
        console.print(Text(f"{outcome_words.counted(diagnosis)}.", "dim"))


def _lines(finding: Finding, analysis: Analysis) -> list[str]:
    """Return what it costs and since when, the strongest evidence, and what to do."""
    stakes = say(
        "{cost}, since {when}; probability {probability}",
        cost=_cost(finding, analysis),
        when=words.since(finding),
        probability=words.sure(finding.probability),
    )
    return [stakes, *(each.says for each in finding.evidence[:1]), say("Do: {action}", action=finding.action)]


def _cost(finding: Finding, analysis: Analysis) -> str:
    effect = finding.effect_per_week
    said = words.lost(effect, analysis)
    if not words.costs(effect):
        return said
    return say(
        "{cost} of {what} lost ({range})",
        cost=said,
        what=words.of_what(analysis),
        range=ranged(effect.p5, effect.p95, analysis.tables.currency),
    )


def _brief(finding: Finding, analysis: Analysis) -> str:
    effect = finding.effect_per_week
    cost = words.lost(effect, analysis) if words.costs(effect) else say("no {what} lost", what=words.of_what(analysis))
    said = f"{cost}, {words.sure(finding.probability)}"
    if not finding.rival:
        return said
    rival = words.cause_name(finding.rival)
    return say("{finding}; nearly as well explained by {rival}", finding=said, rival=f"{rival[0].lower()}{rival[1:]}")
