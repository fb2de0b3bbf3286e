"""What went wrong, on a terminal: each finding in a few lines, then how many causes were tested."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from roas.charts.causal_words import ranged
from roas.format import visible
from roas.report import finding_words as words

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
        console.print(Text(words.outcome(analysis), "bold"))
    supported = [each for each in diagnosis.findings if each.verdict == "supported"]
    for place, each in enumerate(supported, start=1):
        console.print(Text(f"{place}. {words.title(each)}", "bold"))
        for line in _lines(each, analysis):
            for wrapped in Text(visible(line)).wrap(console, max(console.width - len(_INDENT), 20)):
                wrapped.rstrip()
                console.print(Text(_INDENT) + wrapped)
    possible = [each for each in diagnosis.findings if each.verdict == "possible"]
    for each in possible[:MOST_POSSIBLE]:
        said = f"Possible, not proven: {words.title(each)} ({_brief(each, analysis)})."
        console.print(Text(visible(said)))
    if len(possible) > MOST_POSSIBLE:
        console.print(Text(f"{len(possible) - MOST_POSSIBLE} more are possible: findings.csv lists them."))
    if diagnosis.findings:
        console.print(Text(f"{words.counted(diagnosis)}.", "dim"))


def _lines(finding: Finding, analysis: Analysis) -> list[str]:
    """Return what it costs and since when, the strongest evidence, and what to do."""
    said = [f"{_cost(finding, analysis)}, since {words.since(finding)}; probability {words.sure(finding.probability)}"]
    said += [each.says for each in finding.evidence[:1]]
    return [*said, f"Do: {finding.action}"]


def _cost(finding: Finding, analysis: Analysis) -> str:
    effect = finding.effect_per_week
    said = words.lost(effect, analysis)
    if not words.costs(effect):
        return said
    return f"{said} of {words.of_what(analysis)} lost ({ranged(effect.p5, effect.p95, analysis.tables.currency)})"


def _brief(finding: Finding, analysis: Analysis) -> str:
    effect = finding.effect_per_week
    cost = words.lost(effect, analysis) if words.costs(effect) else f"no {words.of_what(analysis)} lost"
    rival = f"; nearly as well explained by {words.cause_name(finding.rival).lower()}" if finding.rival else ""
    return f"{cost}, {words.sure(finding.probability)}{rival}"
