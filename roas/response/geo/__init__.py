"""What spend causes, from data by region.

Names are resolved on first use, so that importing the package stays fast.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from roas.response.geo.model import GeoResponseModel
    from roas.response.geo.priors import GeoPriors
    from roas.response.geo.results import GeoResponseResults

__all__ = ["GeoPriors", "GeoResponseModel", "GeoResponseResults"]

_HOMES = {
    "GeoPriors": "roas.response.geo.priors",
    "GeoResponseModel": "roas.response.geo.model",
    "GeoResponseResults": "roas.response.geo.results",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
