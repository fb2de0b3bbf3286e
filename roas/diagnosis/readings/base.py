"""One reading of the account: a question, a measured answer, and how far the data carry it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from roas.quantiles import Q

State = Literal["concern", "fine", "unclear", "unknown"]


@dataclass(frozen=True)
class Reading:
    """A wider question about the account, answered by one figure.

    Attributes
    ----------
    name : str
        Key of the sentence in `roas.diagnosis.readings.words`.
    state : {"concern", "fine", "unclear", "unknown"}
        ``unclear``: measured, and the interval holds both answers. ``unknown``: cannot be measured here.
    value : Q or None
        The figure and its 90 % interval, in `unit`; None where it is not known.
    unit : str
        ``share``, ``ratio``, ``count`` or ``money``.
    facts : mapping
        What the sentence needs.
    missing : tuple of str
        Columns or history that would tell, where the state is ``unknown``.
    """

    name: str
    state: State
    value: Q | None
    unit: Literal["share", "ratio", "count", "money"]
    facts: Mapping[str, Any] = field(default_factory=dict)
    missing: tuple[str, ...] = ()

    @property
    def says(self) -> str:
        """The sentence."""
        from roas.diagnosis.readings.words import reading_says

        return reading_says(self)

    def to_dict(self) -> dict[str, Any]:
        """Return plain values."""
        return {
            "name": self.name,
            "state": self.state,
            "value": self.value.to_dict() if self.value else None,
            "unit": self.unit,
            "says": self.says,
            "missing": list(self.missing),
        }
