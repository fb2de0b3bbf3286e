"""Tables of a diagnosis, one row per finding, week of a series, hypothesis and reading."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from roas.analysis.record import Analysis
    from roas.diagnosis.results import Diagnosis


def finding_tables(analysis: Analysis) -> dict[str, pd.DataFrame]:
    """Return the CSV files of a diagnosis by name; those that would be empty are left out."""
    diagnosis = analysis.diagnosis
    tables = {
        "findings.csv": _findings(diagnosis),
        "finding_weeks.csv": _weeks(diagnosis),
        "hypotheses.csv": diagnosis.to_frame(),
        "readings.csv": _readings(diagnosis),
    }
    return {name: frame for name, frame in tables.items() if len(frame)}


def _findings(diagnosis: Diagnosis) -> pd.DataFrame:
    """One row per finding, in the order of the page; losses in currency per week."""
    import pandas as pd

    return pd.DataFrame(
        [
            {
                "finding": place,
                "cause": each.cause,
                "channel": each.channel,
                "campaign": each.campaign,
                "verdict": each.verdict,
                "probability": each.probability,
                "since": each.since,
                "since_first": each.since_range[0],
                "since_last": each.since_range[1],
                "effect_per_week_p5": each.effect_per_week.p5,
                "effect_per_week_p50": each.effect_per_week.p50,
                "effect_per_week_p95": each.effect_per_week.p95,
                "title": each.title,
                "evidence": " | ".join(line.says for line in each.evidence),
                "would_refute": each.would_refute,
                "action": each.action,
                "rival": each.rival,
            }
            for place, each in enumerate(diagnosis.findings, start=1)
        ]
    )


def _weeks(diagnosis: Diagnosis) -> pd.DataFrame:
    """One row per finding, series and week, in the unit of its metric."""
    import pandas as pd

    return pd.DataFrame(
        [
            {
                "finding": place,
                "cause": finding.cause,
                "channel": each.channel,
                "metric": each.metric,
                "week": week,
                "observed": observed,
                "expected": expected,
                "expected_low": low,
                "expected_high": high,
            }
            for place, finding in enumerate(diagnosis.findings, start=1)
            for each in finding.exhibits
            for week, observed, expected, low, high in zip(
                each.weeks, each.observed, each.expected, each.low, each.high, strict=True
            )
        ]
    )


def _readings(diagnosis: Diagnosis) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(
        [
            {
                "reading": each.name,
                "state": each.state,
                "p5": None if each.value is None else each.value.p5,
                "p50": None if each.value is None else each.value.p50,
                "p95": None if each.value is None else each.value.p95,
                "unit": each.unit,
                "says": each.says,
                "missing": " | ".join(each.missing),
            }
            for each in diagnosis.readings
        ]
    )
