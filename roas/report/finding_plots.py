"""Charts of findings: each one's main series beside what it would have been."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final

from roas import charts
from roas.charts import theme
from roas.diagnosis.metrics import METRICS
from roas.report.plot import Plot

if TYPE_CHECKING:
    from roas.analysis.record import Analysis
    from roas.diagnosis.results import Diagnosis, Exhibit, Finding

#: Findings that get a chart; finding_weeks.csv holds the series of all.
MOST: Final = 4


def chart_names(diagnosis: Diagnosis) -> list[str | None]:
    """Return the name of each finding's chart; None for one without a series, or beyond the fourth."""
    names: list[str | None] = []
    for place, each in enumerate(diagnosis.findings, start=1):
        drawn = bool(each.exhibits) and sum(name is not None for name in names) < MOST
        names.append(f"finding_{place}_{each.cause}" if drawn else None)
    return names


def finding_plots(analysis: Analysis) -> list[Plot]:
    """Return the charts of findings, the costliest first."""
    hues = theme.channel_colours(analysis.channels["channel"])
    found = []
    for name, finding in zip(chart_names(analysis.diagnosis), analysis.diagnosis.findings, strict=True):
        if name is None:
            continue
        exhibit = shown(finding)
        drawn = partial(
            charts.evidence_chart, exhibit, metric=METRICS[exhibit.metric], currency=analysis.tables.currency,
            colour=hues.get(exhibit.channel or "", theme.INK), alone=alone(finding),
        )  # fmt: skip
        found.append(Plot(name, "finding_weeks.csv", drawn))
    return found


def shown(finding: Finding, number: int = 0) -> Exhibit:
    """Return a series of a finding, dated as the finding is.

    The series comes with the onset of the one course that fits best; the
    finding gives the middle of all onsets. One finding has one date.
    """
    return replace(finding.exhibits[number], since=finding.since)


def alone(finding: Finding, number: int = 0) -> float | None:
    """Return the change that the finding's evidence gives for a series; None where it gives none."""
    exhibit = finding.exhibits[number]
    for each in finding.evidence:
        if each.test == f"change_in_{exhibit.metric}" and each.facts.get("channel") == exhibit.channel:
            return each.value
    return None
