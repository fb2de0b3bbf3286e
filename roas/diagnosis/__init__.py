"""What went wrong: causes, what each needs, and what can be said of it.

Names are resolved on first use, so that importing the package stays fast.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from roas._lazy import resolver

if TYPE_CHECKING:
    from roas.diagnosis.base import Hypothesis as Hypothesis
    from roas.diagnosis.readings.base import Reading as Reading
    from roas.diagnosis.results import Diagnosis as Diagnosis
    from roas.diagnosis.results import Evidence as Evidence
    from roas.diagnosis.results import Explained as Explained
    from roas.diagnosis.results import Finding as Finding
    from roas.diagnosis.runner import diagnose as diagnose

__all__ = ["Diagnosis", "Evidence", "Explained", "Finding", "Hypothesis", "Reading", "diagnose"]

_HOMES = {
    "Diagnosis": "roas.diagnosis.results",
    "Evidence": "roas.diagnosis.results",
    "Explained": "roas.diagnosis.results",
    "Finding": "roas.diagnosis.results",
    "Hypothesis": "roas.diagnosis.base",
    "Reading": "roas.diagnosis.readings.base",
    "diagnose": "roas.diagnosis.runner",
}

__getattr__ = resolver(__name__, _HOMES)
