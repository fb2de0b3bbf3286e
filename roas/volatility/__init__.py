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
    from roas.volatility.looks import Alarm, Watch, watch, watch_account
    from roas.volatility.noise import Noise, estimate_noise
    from roas.volatility.oddities import Oddities, odd_days, odd_periods
    from roas.volatility.results import AccountVolatility, SeriesVolatility
    from roas.volatility.series import RoasSeries
    from roas.volatility.sheet import TearSheet, tear_sheet

__all__ = [
    "AccountVolatility",
    "Alarm",
    "Break",
    "Breaks",
    "CompletionCurve",
    "Noise",
    "Oddities",
    "RoasSeries",
    "SeriesVolatility",
    "TearSheet",
    "Watch",
    "completion_curve",
    "estimate_noise",
    "find_breaks",
    "measure",
    "measure_account",
    "odd_days",
    "odd_periods",
    "roas_breaks",
    "tear_sheet",
    "watch",
    "watch_account",
]

_HOMES = {
    "AccountVolatility": "roas.volatility.results",
    "Alarm": "roas.volatility.looks",
    "Break": "roas.volatility.breaks",
    "Breaks": "roas.volatility.breaks",
    "CompletionCurve": "roas.volatility.completion",
    "Noise": "roas.volatility.noise",
    "Oddities": "roas.volatility.oddities",
    "RoasSeries": "roas.volatility.series",
    "SeriesVolatility": "roas.volatility.results",
    "TearSheet": "roas.volatility.sheet",
    "Watch": "roas.volatility.looks",
    "completion_curve": "roas.volatility.completion",
    "estimate_noise": "roas.volatility.noise",
    "find_breaks": "roas.volatility.breaks",
    "measure": "roas.volatility.account",
    "measure_account": "roas.volatility.account",
    "odd_days": "roas.volatility.oddities",
    "odd_periods": "roas.volatility.oddities",
    "roas_breaks": "roas.volatility.breaks",
    "tear_sheet": "roas.volatility.sheet",
    "watch": "roas.volatility.looks",
    "watch_account": "roas.volatility.looks",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
