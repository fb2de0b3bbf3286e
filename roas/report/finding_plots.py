"""Charts of findings: each one's main series beside what it would have been."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from roas import charts
from roas.charts import theme
from roas.diagnosis.metrics import METRICS
from roas.report.plot import Plot

if TYPE_CHECKING:
    from roas.analysis.record import Analysis
    from roas.diagnosis.results import Diagnosis

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
        exhibit = finding.exhibits[0]
        drawn = partial(
            charts.evidence_chart, exhibit, metric=METRICS[exhibit.metric], currency=analysis.tables.currency,
            colour=hues.get(exhibit.channel or "", theme.INK),
        )  # fmt: skip
        found.append(Plot(name, "finding_weeks.csv", drawn))
    return found
