"""roas: why ROAS swings, what spend really causes, where money should go next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from roas._lazy import resolver

if TYPE_CHECKING:
    from roas.analysis.attributed import attribute as attribute
    from roas.analysis.inspection import Inspection as Inspection
    from roas.analysis.inspection import inspect as inspect
    from roas.analysis.planning import whatif as whatif
    from roas.analysis.record import Analysis as Analysis
    from roas.analysis.run import analyze as analyze
    from roas.analysis.what_if import WhatIf as WhatIf
    from roas.attribution.attribution import Attribution as Attribution
    from roas.errors import InputError as InputError
    from roas.errors import OutputError as OutputError
    from roas.errors import RoasError as RoasError
    from roas.errors import UsageError as UsageError
    from roas.report.weekly.run import Reported as Reported
    from roas.report.weekly.run import weekly_report as weekly_report
    from roas.schemas import schema as schema

__version__ = "0.1.0"

_HOMES = {
    "Analysis": "roas.analysis.record",
    "Attribution": "roas.attribution.attribution",
    "InputError": "roas.errors",
    "Inspection": "roas.analysis.inspection",
    "OutputError": "roas.errors",
    "Reported": "roas.report.weekly.run",
    "RoasError": "roas.errors",
    "UsageError": "roas.errors",
    "WhatIf": "roas.analysis.what_if",
    "analyze": "roas.analysis.run",
    "attribute": "roas.analysis.attributed",
    "inspect": "roas.analysis.inspection",
    "schema": "roas.schemas",
    "simulate": "roas.simulator",
    "weekly_report": "roas.report.weekly.run",
    "whatif": "roas.analysis.planning",
}

__all__ = [
    "Analysis",
    "Attribution",
    "InputError",
    "Inspection",
    "OutputError",
    "Reported",
    "RoasError",
    "UsageError",
    "WhatIf",
    "__version__",
    "analyze",
    "attribute",
    "inspect",
    "schema",
    "simulate",
    "weekly_report",
    "whatif",
]


__getattr__ = resolver(__name__, _HOMES)


def __dir__() -> list[str]:
    """List the public names."""
    return __all__
