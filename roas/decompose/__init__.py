"""Where a change of ROAS, or of revenue, came from.

Names are resolved on first use, so that importing the package stays fast.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from roas._lazy import resolver

if TYPE_CHECKING:
    from roas.decompose.audit import Audit
    from roas.decompose.change import Change, Effect, MerChange, RevenueEffect
    from roas.decompose.comparison import Comparison, compare
    from roas.decompose.every import Changes, Robustness, decompose_all
    from roas.decompose.periods import Pair, Period, default_periods
    from roas.decompose.run import decompose

__all__ = [
    "Audit",
    "Change",
    "Changes",
    "Comparison",
    "Effect",
    "MerChange",
    "Pair",
    "Period",
    "RevenueEffect",
    "Robustness",
    "compare",
    "decompose",
    "decompose_all",
    "default_periods",
]

_HOMES = {
    "Audit": "roas.decompose.audit",
    "Change": "roas.decompose.change",
    "Changes": "roas.decompose.every",
    "Comparison": "roas.decompose.comparison",
    "Effect": "roas.decompose.change",
    "MerChange": "roas.decompose.change",
    "Pair": "roas.decompose.periods",
    "Period": "roas.decompose.periods",
    "RevenueEffect": "roas.decompose.change",
    "Robustness": "roas.decompose.every",
    "compare": "roas.decompose.comparison",
    "decompose": "roas.decompose.run",
    "decompose_all": "roas.decompose.every",
    "default_periods": "roas.decompose.periods",
}

__getattr__ = resolver(__name__, _HOMES)
