"""A cause in one place, and how much likelier it makes what was seen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from roas.diagnosis.causes.base import Signature

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Candidate:
    """One cause in one place.

    Attributes
    ----------
    signature : Signature or None
        None: something that no cause describes.
    channel : int or None
        None: the whole account, or all channels at once.
    log_ratio : array, shape (shapes, sizes)
        Log likelihood ratio against nothing having happened; -inf where it cannot have.
    sizes : array, shape (shapes, sizes)
        Size of the hit (log) of each.
    sharper : array, shape (shapes,), or None
        What the plain fit of each shape adds to the question when it began. That series may move a little with
        nothing wrong weakens the evidence for a cause; it says nothing on which week fits best.
    """

    signature: Signature | None
    channel: int | None
    log_ratio: Array
    sizes: Array
    sharper: Array | None = None
    harmless: bool = False

    @property
    def possible(self) -> npt.NDArray[np.bool_]:
        """Shapes in which it can have happened at all."""
        return np.asarray(np.isfinite(self.log_ratio).all(axis=1))

    def weights(self, prior: Array) -> Array:
        """Return how likely each shape and size is, given that it is this; shape (shapes, sizes), sums to 1.

        Parameters
        ----------
        prior : array, shape (shapes,)
            Weight of each shape beforehand.
        """
        inside = self.possible
        found = np.zeros_like(self.log_ratio)
        if not inside.any():
            return found
        logs = self.log_ratio[inside] + np.log(prior[inside])[:, None]
        if self.sharper is not None:
            logs = logs + self.sharper[inside][:, None]
        found[inside] = np.exp(logs - logs.max())
        return np.asarray(found / found.sum())

    def evidence(self, prior: Array) -> float:
        """Return the log of the mean ratio over the shapes and sizes that are possible."""
        inside = self.possible
        if not inside.any():
            return -np.inf
        ratio, weight = self.log_ratio[inside], prior[inside] / prior[inside].sum()
        top = float(ratio.max())
        return top + float(np.log((weight[:, None] * np.exp(ratio - top)).sum() / ratio.shape[1]))
