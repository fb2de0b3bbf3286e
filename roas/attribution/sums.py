"""Sums by place: the one way figures are added up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt


def summed(
    places: npt.NDArray[np.integer[Any]], amounts: npt.NDArray[np.float64], size: int
) -> npt.NDArray[np.float64]:
    """Add amounts up by place, (size,); floats even where there are none, which `bincount` alone forgets."""
    return np.bincount(places, weights=amounts, minlength=size).astype(np.float64, copy=False)
