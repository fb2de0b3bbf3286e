"""How far attribution models agree: who leads, who is level, where they differ most."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from roas.attribution.attribution import Attribution
    from roas.attribution.suppress import Floats

#: Conversions by which a channel must lead to be called the first: less than
#: half of one rounds to nothing. Our choice.
LEAD: Final = 0.5


@dataclass(frozen=True)
class Agreement:
    """Credit of all models side by side; their shares of conversions. A name that stands for many never leads."""

    result: Attribution

    @cached_property
    def shares(self) -> Floats:
        """Shares, (models, channels)."""
        total = self.result.conversions
        return np.array([c.conversions / total for c in self.result.credits.values()])

    @cached_property
    def models(self) -> list[str]:
        """Names of the models."""
        return list(self.result.credits)

    @cached_property
    def named(self) -> list[int]:
        """Channels that may lead: all but the bucket."""
        result = self.result
        return [c for c, name in enumerate(result.channels) if name != result.bucket] or [0]

    @cached_property
    def first(self) -> list[frozenset[int]]:
        """The channels that each model puts first: several where they are level."""
        least = LEAD / self.result.conversions
        tops = self.shares[:, self.named].max(axis=1)
        return [
            frozenset(c for c in self.named if row[c] >= top - min(least, top / 2))
            for row, top in zip(self.shares, tops, strict=True)
        ]

    @property
    def leaders(self) -> Counter[int]:
        """Channel → how many models put it first, alone."""
        return Counter(next(iter(first)) for first in self.first if len(first) == 1)

    @property
    def level(self) -> frozenset[int]:
        """Channels that every model puts first together; none where models part, or one channel leads."""
        first = self.first[0]
        return first if len(first) > 1 and all(each == first for each in self.first) else frozenset()

    @property
    def widest(self) -> int:
        """Channel on which models differ by the most conversions."""
        return self.named[int(np.ptp(self.shares[:, self.named], axis=0).argmax())]

    def ends(self, channel: int) -> tuple[str, str]:
        """Return the models that give a channel least and most."""
        column = self.shares[:, channel]
        return self.models[int(column.argmin())], self.models[int(column.argmax())]
