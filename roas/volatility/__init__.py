"""How unstable ROAS is, from what, and since when.

Names are resolved on first use, so that importing the package stays fast.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from roas._lazy import resolver

if TYPE_CHECKING:
    from roas.volatility.account import measure, measure_account
    from roas.volatility.breaks.find import find_breaks, roas_breaks
    from roas.volatility.breaks.found import Break, Breaks
    from roas.volatility.maturity.completion import CompletionCurve, completion_curve
    from roas.volatility.maturity.ladder import chain_ladder
    from roas.volatility.noise import Noise, estimate_noise
    from roas.volatility.online.looks import Alarm, Watch, watch, watch_account
    from roas.volatility.online.oddities import Oddities, odd_days, odd_periods
    from roas.volatility.regimes.ewma import drift_chart
    from roas.volatility.regimes.shocks import standardise
    from roas.volatility.results import AccountVolatility, SeriesVolatility
    from roas.volatility.series import RoasSeries
    from roas.volatility.sheet.tear import TearSheet, tear_sheet

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
    "chain_ladder",
    "completion_curve",
    "drift_chart",
    "estimate_noise",
    "find_breaks",
    "measure",
    "measure_account",
    "odd_days",
    "odd_periods",
    "roas_breaks",
    "standardise",
    "tear_sheet",
    "watch",
    "watch_account",
]

_HOMES = {
    "AccountVolatility": "roas.volatility.results",
    "Alarm": "roas.volatility.online.looks",
    "Break": "roas.volatility.breaks.found",
    "Breaks": "roas.volatility.breaks.found",
    "CompletionCurve": "roas.volatility.maturity.completion",
    "Noise": "roas.volatility.noise",
    "Oddities": "roas.volatility.online.oddities",
    "RoasSeries": "roas.volatility.series",
    "SeriesVolatility": "roas.volatility.results",
    "TearSheet": "roas.volatility.sheet.tear",
    "Watch": "roas.volatility.online.looks",
    "chain_ladder": "roas.volatility.maturity.ladder",
    "drift_chart": "roas.volatility.regimes.ewma",
    "standardise": "roas.volatility.regimes.shocks",
    "completion_curve": "roas.volatility.maturity.completion",
    "estimate_noise": "roas.volatility.noise",
    "find_breaks": "roas.volatility.breaks.find",
    "measure": "roas.volatility.account",
    "measure_account": "roas.volatility.account",
    "odd_days": "roas.volatility.online.oddities",
    "odd_periods": "roas.volatility.online.oddities",
    "roas_breaks": "roas.volatility.breaks.find",
    "tear_sheet": "roas.volatility.sheet.tear",
    "watch": "roas.volatility.online.looks",
    "watch_account": "roas.volatility.online.looks",
}

__getattr__ = resolver(__name__, _HOMES)
