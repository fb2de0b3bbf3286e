"""The record of a weekly report → the contract's JSON document, in plain types."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from roas.analysis.document import plain

if TYPE_CHECKING:
    from roas.weekly.record import Figure, WeeklyReport


def report_document(report: WeeklyReport) -> dict[str, Any]:
    """Return ``report.json``. The clock stands in ``analysis.run`` alone."""
    plan = None if report.plan is None else report.plan.to_dict()
    return {
        "schema": "roas.report/1",
        "week": str(report.week),
        "language": report.language,
        "previous": None if report.previous is None else str(report.previous),
        "analysis": report.analysis.to_dict(),
        "figures": [_figure(each) for each in report.figures],
        "changes": [each.to_dict() for each in report.changes],
        "alerts": [each.to_dict() for each in report.alerts],
        "standing": [each.to_dict() for each in report.standing],
        "ledger": report.ledger.to_dict(),
        "decisions": [each.to_dict() for each in report.decisions],
        "plan": None if plan is None else {name: value for name, value in plan.items() if name != "run"},
        "notes": list(report.notes),
    }


def _figure(figure: Figure) -> dict[str, Any]:
    plainly = {name: value if isinstance(value, str) else plain(value) for name, value in asdict(figure).items()}
    return {**plainly, "unusual": figure.unusual}
