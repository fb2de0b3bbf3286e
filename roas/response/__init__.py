"""What spend causes: the response model.

Names are resolved on first use, so that importing the package stays fast.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from roas._lazy import resolver

if TYPE_CHECKING:
    from roas.quantiles import Q
    from roas.response.adstock import geometric_adstock
    from roas.response.figures import ChannelResponse
    from roas.response.model import ResponseModel
    from roas.response.priors import Priors
    from roas.response.results import ResponseResults
    from roas.response.saturation import hill

__all__ = ["ChannelResponse", "Priors", "Q", "ResponseModel", "ResponseResults", "geometric_adstock", "hill"]

_HOMES = {
    "ChannelResponse": "roas.response.figures",
    "Priors": "roas.response.priors",
    "Q": "roas.quantiles",
    "ResponseModel": "roas.response.model",
    "ResponseResults": "roas.response.results",
    "geometric_adstock": "roas.response.adstock",
    "hill": "roas.response.saturation",
}

__getattr__ = resolver(__name__, _HOMES)
