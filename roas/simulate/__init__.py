"""Example accounts with a known truth, healthy or with planted causes.

Names are resolved on first use, so that importing the package stays fast.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from roas.simulate.account import simulate
    from roas.simulate.causes import available_causes
    from roas.simulate.causes.base import Planted
    from roas.simulate.write import write_account

__all__ = ["Planted", "available_causes", "simulate", "write_account"]

_HOMES = {
    "Planted": "roas.simulate.causes.base",
    "available_causes": "roas.simulate.causes",
    "simulate": "roas.simulate.account",
    "write_account": "roas.simulate.write",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
