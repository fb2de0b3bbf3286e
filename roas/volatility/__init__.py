"""How unstable ROAS is, from what, and since when.

Names are resolved on first use, so that importing the package stays fast.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from roas.volatility.account import measure, measure_account
    from roas.volatility.breaks import Break, Breaks, find_breaks, roas_breaks
    from roas.volatility.completion import CompletionCurve, completion_curve
    from roas.volatility.noise import Noise, estimate_noise
    from roas.volatility.results import AccountVolatility, SeriesVolatility
    from roas.volatility.series import RoasSeries
    from roas.volatility.sheet import TearSheet, tear_sheet
    from roas.volatility.watch import Alarm, Watch, watch, watch_account

__all__ = [
    "AccountVolatility",
    "Alarm",
    "Break",
    "Breaks",
    "CompletionCurve",
    "Noise",
    "RoasSeries",
    "SeriesVolatility",
    "TearSheet",
    "Watch",
    "completion_curve",
    "estimate_noise",
    "find_breaks",
    "measure",
    "measure_account",
    "roas_breaks",
    "tear_sheet",
    "watch",
    "watch_account",
]

_HOMES = {
    "AccountVolatility": "roas.volatility.results",
    "Alarm": "roas.volatility.watch",
    "Break": "roas.volatility.breaks",
    "Breaks": "roas.volatility.breaks",
    "CompletionCurve": "roas.volatility.completion",
    "Noise": "roas.volatility.noise",
    "RoasSeries": "roas.volatility.series",
    "SeriesVolatility": "roas.volatility.results",
    "TearSheet": "roas.volatility.sheet",
    "Watch": "roas.volatility.watch",
    "completion_curve": "roas.volatility.completion",
    "estimate_noise": "roas.volatility.noise",
    "find_breaks": "roas.volatility.breaks",
    "measure": "roas.volatility.account",
    "measure_account": "roas.volatility.account",
    "roas_breaks": "roas.volatility.breaks",
    "tear_sheet": "roas.volatility.sheet",
    "watch": "roas.volatility.watch",
    "watch_account": "roas.volatility.watch",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
