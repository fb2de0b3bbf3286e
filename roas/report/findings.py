"""What went wrong, as the page shows it: findings by money, what else was asked, and every cause."""

from __future__ import annotations

from itertools import cycle
from typing import TYPE_CHECKING, Any, Final

from roas.charts import theme
from roas.format import money, percent, visible
from roas.language import say
from roas.report import finding_words as words
from roas.report import outcome_words, rates_words
from roas.report.finding_plots import chart_names
from roas.report.inline_svg import VARIABLES

if TYPE_CHECKING:
    from roas.analysis.record import Analysis
    from roas.diagnosis.results import Diagnosis, Finding

#: Lines of evidence that are not folded.
SHOWN: Final = 3


def findings(analysis: Analysis) -> dict[str, Any]:
    """Return the section on what went wrong, as words."""
    diagnosis = analysis.diagnosis
    names = chart_names(diagnosis)
    cards = [_card(each, analysis, place, names[place - 1]) for place, each in enumerate(diagnosis.findings, start=1)]
    return {
        "outcome": outcome_words.outcome(analysis),
        "supported": [card for card in cards if card["supported"]],
        "possible": [card for card in cards if not card["supported"]],
        "explained": outcome_words.explained(analysis),
        "bar": _bar(analysis),
        "rates": rates_words.rates(diagnosis.rates) if _tested(diagnosis) else None,
        "readings": readings(diagnosis),
        "counted": outcome_words.counted(diagnosis),
        "hypotheses": hypotheses(diagnosis),
        "files": "findings.csv, finding_weeks.csv, hypotheses.csv" if cards else "hypotheses.csv",
    }


def _tested(diagnosis: Diagnosis) -> bool:
    return any(each.verdict != "untestable" for each in diagnosis.hypotheses)


def _card(finding: Finding, analysis: Analysis, place: int, chart: str | None) -> dict[str, Any]:
    said = [visible(each.says) for each in finding.evidence]
    effect = finding.effect_per_week
    return {
        "id": f"finding-{place}",
        "place": place,
        "supported": finding.verdict == "supported",
        "title": words.title(finding),
        "stakes": _stakes(finding, analysis),
        "cost": words.lost(effect, analysis),
        "sure": words.sure(finding.probability),
        "rival": None if finding.rival is None else words.cause_name(finding.rival),
        "evidence": said[:SHOWN],
        "more": said[SHOWN:],
        "refute": visible(finding.would_refute),
        "action": visible(finding.action),
        "chart": chart,
    }


def _stakes(finding: Finding, analysis: Analysis) -> list[tuple[str, str, str]]:
    """Return what a finding costs, since when, and how sure it is: label, value, range."""
    effect = finding.effect_per_week
    label = say("Profit lost") if analysis.margin is not None else say("Revenue lost")
    return [
        (label, words.lost(effect, analysis), words.loss_range(effect, analysis)),
        (say("Since"), words.since(finding), words.since_range(finding)),
        (say("Probability"), words.sure(finding.probability), say("that this is the cause")),
    ]


def _bar(analysis: Analysis) -> list[dict[str, str]] | None:
    """Return the parts of the loss with their widths; None where they are no parts of a whole."""
    found = analysis.diagnosis.explained
    if found is None or not outcome_words.adds_up(found):
        return None
    hues = theme.channel_colours(analysis.channels["channel"])
    plain = cycle(("--ink", "--muted"))
    parts = []
    for cause, channel, amount in found.parts:
        colour = VARIABLES[hues.get(channel, theme.OTHER)] if channel else next(plain)
        parts.append((outcome_words.part_name(cause, channel), amount, f"background:var({colour})"))
    parts.append((say("Not explained"), found.unexplained, ""))
    return [
        {"name": name, "amount": money(amount, analysis.tables.currency), "share": percent(amount / found.total),
         "width": f"width:{100 * amount / found.total:.2f}%", "colour": colour}
        for name, amount, colour in parts if amount > 0
    ]  # fmt: skip


def readings(diagnosis: Diagnosis) -> list[tuple[str, str, str]]:
    """Return the readings, what worries first: state, its word, the sentence."""
    order = list(words.STATES)
    found = sorted(diagnosis.readings, key=lambda each: order.index(each.state))
    return [(each.state, say(words.STATES[each.state]), visible(each.says)) for each in found]


def hypotheses(diagnosis: Diagnosis) -> list[tuple[str, list[tuple[str, str]]]]:
    """Group every cause by its verdict; places with the same reason stand together."""
    groups = []
    for verdict, heading in words.HEADINGS.items():
        reasons: dict[tuple[str, str], list[str]] = {}
        for each in diagnosis.of(verdict):
            places = reasons.setdefault((each.cause, visible(each.because)), [])
            places.append(words.place(each.channel, each.campaign))
        if reasons:
            groups.append((say(heading), [(_named(cause, where), why) for (cause, why), where in reasons.items()]))
    return groups


def _named(cause: str, places: list[str]) -> str:
    known = [where for where in dict.fromkeys(places) if where]
    return f"{words.cause_name(cause)} ({'; '.join(known)})" if known else words.cause_name(cause)
