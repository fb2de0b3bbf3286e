"""What a plan changes, beside today's split."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from roas.quantiles import Q

    Floats = npt.NDArray[np.float64]

Kind = Literal["beyond_observed", "prior", "binding", "ramp", "not_modelled", "held", "other"]


@dataclass(frozen=True)
class Limit:
    """What a channel may get per week, currency. ``fixed`` channels keep exactly ``low``."""

    low: float
    high: float

    @property
    def fixed(self) -> bool:
        """Whether nothing may move."""
        return self.low == self.high


@dataclass(frozen=True)
class Warned:
    """A doubt about a plan: of a channel, or of the whole (None).

    The reason is English text; one of ours (`roas.plan.sentences.Sentence`)
    can say itself in another language.
    """

    channel: str | None
    kind: Kind
    reason: str


@dataclass(frozen=True)
class ChannelMove:
    """One channel: now and planned (currency per week), and what its move alone changes.

    Attributes
    ----------
    revenue_change : Q
        Revenue per week that this channel's own move brings, currency.
    marginal_roas : Q
        Of the next unit of money at the planned spend.
    known : str
        ``"known"``, ``"partly"`` or ``"prior"``: whether the answer rests on data.
    """

    channel: str
    now: float
    planned: float
    limit: Limit
    revenue_change: Q
    marginal_roas: Q
    known: str


@dataclass(frozen=True)
class Plan:
    """A split of money per week, and what it changes against today's.

    Attributes
    ----------
    name : str
        Of the scenario.
    weeks : int
        Horizon; the change is per week of it, with what still arrives afterwards.
    moves : tuple of ChannelMove
        Every channel, in the account's order. To the cent; they add up to `total`.
    revenue_change, profit_change : Q, Q or None
        Per week, currency; profit needs a margin, and is margin x revenue less spend.
    probability_better : float
        That the objective rises: revenue less the target times the money added
        with a target marginal ROAS, profit with a margin or with another total, else revenue.
    regret : Q
        What doing nothing costs per week, by the objective: what this plan
        gains, or the best one that was found where today's split is kept.
    held : bool
        The optimiser keeps today's split: nothing better can be defended.
    by_week : array (weeks, channels) or None
        Money by week, where the plan is not the same every week.
    draws : array (n,)
        Revenue change per draw, currency per week.
    facts : mapping
        Objective, optimality gap, shrinkage, draws; plain types.
    """

    name: str
    weeks: int
    moves: tuple[ChannelMove, ...]
    revenue_change: Q
    profit_change: Q | None
    probability_better: float
    regret: Q
    warnings: tuple[Warned, ...] = ()
    held: bool = False
    by_week: Floats | None = None
    draws: Floats | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def total(self) -> float:
        """Planned money per week, to the cent."""
        return round(sum(round(move.planned * 100) for move in self.moves) / 100, 2)
