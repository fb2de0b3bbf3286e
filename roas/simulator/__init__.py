"""Example accounts with a known truth, healthy or with planted causes.

Names are resolved on first use, so that importing the package stays fast.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from roas._lazy import resolver

if TYPE_CHECKING:
    from roas.simulator.account import simulate
    from roas.simulator.causes import available_causes
    from roas.simulator.causes.base import Planted
    from roas.simulator.mondays import exported_on
    from roas.simulator.write import write_account

__all__ = ["Planted", "available_causes", "exported_on", "simulate", "write_account"]

_HOMES = {
    "Planted": "roas.simulator.causes.base",
    "available_causes": "roas.simulator.causes",
    "exported_on": "roas.simulator.mondays",
    "simulate": "roas.simulator.account",
    "write_account": "roas.simulator.write",
}

__getattr__ = resolver(__name__, _HOMES)
