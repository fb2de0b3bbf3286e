"""One channel's money from four sides: spent, claimed, credited, caused."""

from __future__ import annotations

import math
from dataclasses import dataclass

from roas.metrics import ratio
from roas.quantiles import Q


@dataclass(frozen=True)
class Worth:
    """Value that journeys credit: under the leading model, and the range over all models; currency."""

    value: float
    lowest: float
    highest: float


@dataclass(frozen=True)
class Row:
    """One channel, or several together, over one span of dates.

    Attributes
    ----------
    channel : str
        As the spend names it; the sum of all has no name.
    spend : float
    claimed : float or None
        Revenue that the platform claims.
    conversions : float
        Credited by the leading model.
    attributed : Worth or None
        None where the journeys carry no value.
    caused : Q or None
        Revenue that the spend caused; None where that is not estimated.
    identified : str or None
        How far data, and not assumptions, say what was caused.
    same : bool or None
        False where the journeys are of other dates: then nothing of theirs
        is divided by spend, claims or what was caused.
    """

    channel: str
    spend: float
    claimed: float | None
    conversions: float
    attributed: Worth | None
    caused: Q | None
    identified: str | None = None
    same: bool | None = True

    @property
    def over_claim(self) -> float | None:
        """What the platform claims over what journeys credit; every platform claims the same sale."""
        return self._over(self.claimed, self._credit)

    @property
    def credit_over_cause(self) -> float | None:
        """What journeys credit over the middle of what spend caused."""
        return self._over(self._credit, None if self.caused is None else self.caused.p50)

    @property
    def attributed_roas(self) -> float | None:
        """Credited value over spend."""
        return self._over(self._credit, self.spend)

    @property
    def incremental_roas(self) -> Q | None:
        """Caused revenue over spend of the same dates."""
        return _roas(self.caused, self.spend)

    @property
    def _credit(self) -> float | None:
        return None if self.attributed is None else self.attributed.value

    def _over(self, top: float | None, bottom: float | None) -> float | None:
        if self.same is False or bottom is None or not bottom > 0:
            return None
        return ratio(top, bottom)


@dataclass(frozen=True)
class Total(Row):
    """Channels together; each ratio is over those that have both of its sides."""

    rows: tuple[Row, ...] = ()

    @property
    def over_claim(self) -> float | None:
        """Claims over credit, of the channels that claim."""
        both = [(row.claimed, row.attributed.value) for row in self.rows if row.claimed is not None and row.attributed]
        return self._over(math.fsum(claim for claim, _ in both), math.fsum(credit for _, credit in both))

    @property
    def credit_over_cause(self) -> float | None:
        """Credit over cause, of the channels whose effect is estimated."""
        credit = math.fsum(row.attributed.value for row in self.rows if row.attributed and row.caused)
        return self._over(credit, None if self.caused is None else self.caused.p50)

    @property
    def incremental_roas(self) -> Q | None:
        """Caused revenue over spend, of the channels whose effect is estimated."""
        return _roas(self.caused, math.fsum(row.spend for row in self.rows if row.caused))


def _roas(caused: Q | None, spend: float) -> Q | None:
    if caused is None or not spend > 0:
        return None
    return Q.at(*(point / spend for point in (caused.p5, caused.p50, caused.p95)))
