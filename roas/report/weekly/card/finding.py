"""The card of a finding: what is wrong, what it costs, since when, what to do, and its chart."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final

from roas import charts
from roas.charts import layout, theme
from roas.charts.theme import INK, MUTED
from roas.diagnosis.metrics import METRICS
from roas.format import visible
from roas.language import say
from roas.report import finding_words
from roas.report.finding_plots import shown
from roas.report.weekly.card.blank import EDGE, GAP, HEADLINE, HIGH, SIDE, TOP, WIDE, Card
from roas.report.weekly.card.estimate import estimate
from roas.report.weekly.card.letters import BODY, SMALL

if TYPE_CHECKING:
    from roas.diagnosis.results import Exhibit, Finding
    from roas.weekly.record import WeeklyReport

#: Weeks of a finding's chart, unless it began earlier.
YEAR: Final = 52

#: Lines of evidence where there is no chart of it.
EVIDENCE: Final = 2


def finding_card(finding: Finding, report: WeeklyReport) -> Card:
    """Draw what is wrong, what it costs, since when, what to do, and the chart that shows it."""
    analysis, effect = report.analysis, finding.effect_per_week
    card = Card(report, say("What went wrong"))
    title = finding_words.title(finding)
    y = card.fewest(title, EDGE, TOP, WIDE - 2 * EDGE, sizes=HEADLINE[:4], most=2, bold=True) + 10
    wide = WIDE - 2 * EDGE - (SIDE + GAP if finding.exhibits else 0)
    if finding.exhibits:
        _evidence(card, finding, report, y)
    if finding_words.costs(effect):
        label = finding_words.lost_a_week(analysis)
        y = estimate(card, label, effect, analysis.tables.currency, (EDGE, y, wide), lost=True) + 7
    else:
        y = card.write(finding_words.lost(effect, analysis), EDGE, y, wide, sizes=(18.0, 16.0), bold=True) + 6
    y = card.fewest(say("Since {when}", when=finding_words.since(finding)), EDGE, y, wide, bold=True)
    chance = say("Probability: {chance}", chance=finding_words.sure(finding.probability))
    y = card.fewest(chance, EDGE, y, wide, sizes=(SMALL, SMALL - 1), colour=MUTED) + 7
    if not finding.exhibits:
        for each in finding.evidence[:EVIDENCE]:
            y = card.fewest(visible(each.says), EDGE, y, wide, colour=MUTED) + 5
    action = say("Do: {action}", action=visible(finding.action))
    card.write(action, EDGE, y, wide, high=HIGH - 8 - y, sizes=(BODY, SMALL))
    return card


def _evidence(card: Card, finding: Finding, report: WeeklyReport, top: float) -> None:
    """Draw the chart of a finding at the right, with what it shows below it."""
    exhibit = shown(finding)
    hues = theme.channel_colours(report.analysis.channels["channel"])
    draw = partial(
        charts.evidence_chart,
        recent(exhibit),
        metric=METRICS[exhibit.metric],
        currency=report.analysis.tables.currency,
        colour=hues.get(exhibit.channel or "", INK),
    )
    words = 3 * (SMALL - 1) * layout.LEADING
    left, bottom = WIDE - EDGE - SIDE, HIGH - 10 - words
    subtitle = card.chart(draw, left, top, SIDE, bottom - top)
    card.write(subtitle, left, bottom + 2, SIDE, high=words, sizes=(SMALL - 1,), colour=MUTED)


def recent(exhibit: Exhibit) -> Exhibit:
    """Return the last year of a series; more of it where it began to differ earlier, and half a year before that."""
    since = exhibit.since or exhibit.weeks[-1]
    after = sum(week >= since for week in exhibit.weeks)
    last = max(YEAR, after + YEAR // 2)
    series = {name: getattr(exhibit, name)[-last:] for name in ("weeks", "observed", "expected", "low", "high")}
    return replace(exhibit, **series)
