"""The sentences of a diagnosis, made from its numbers: the one place where they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from roas.diagnosis.results import Evidence, Finding


def title(finding: Finding) -> str:
    """Say the finding in one short sentence."""
    return finding.cause


def evidence_says(evidence: Evidence) -> str:
    """Say what was measured and what it was held against."""
    return evidence.test


def would_refute(finding: Finding) -> str:
    """Say what would change our mind."""
    return finding.cause


def action(finding: Finding) -> str:
    """Say what to do."""
    return finding.cause
