"""The week as pictures for a chat: the numbers, each finding, the plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from roas.charts import theme
from roas.language import speaking
from roas.report.weekly.card.finding import finding_card
from roas.report.weekly.card.numbers import numbers_card
from roas.report.weekly.card.plan import plan_card
from roas.report.weekly.digest import FINDINGS

if TYPE_CHECKING:
    from roas.diagnosis.results import Finding
    from roas.weekly.record import WeeklyReport


def cards(report: WeeklyReport) -> dict[str, bytes]:
    """Draw the week as cards of 1200 x 675 pixels.

    Returns
    -------
    dict of str to bytes
        Name → PNG, in the order to post them: ``numbers``; ``finding_1`` …
        for the costliest supported findings, three at most; ``plan``, where
        there is one. The same record gives the same bytes.
    """
    with speaking(report.language), theme.style(live_text=False):
        found = {"numbers": numbers_card(report)}
        for place, finding in enumerate(costliest(report), start=1):
            found[f"finding_{place}"] = finding_card(finding, report)
        if report.plan is not None:
            found["plan"] = plan_card(report.plan, report)
        return {name: card.png() for name, card in found.items()}


def costliest(report: WeeklyReport) -> list[Finding]:
    """Return the supported findings that lose most."""
    return [each for each in report.analysis.diagnosis.findings if each.verdict == "supported"][:FINDINGS]
