"""What the model of the time before expects of money in a plan's weeks, and what of it arrives afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from roas.plan._arrays import Array
from roas.plan.before import Before
from roas.plan.effects import Effects, effects_of
from roas.plan.today import Today


@dataclass(frozen=True)
class Expectation:
    """Draws of change against money left as it was, currency per week of the plan, each of shape (n,).

    Attributes
    ----------
    known : Before
    held : mapping
        Channel of the model → money per week as it was, currency.
    weeks : int
        Of the plan.
    """

    known: Before
    held: Mapping[str, float]
    weeks: int

    @property
    def periods(self) -> int:
        """Periods of the plan's weeks."""
        return self.weeks * self.known.per_week

    @cached_property
    def effects(self) -> Effects:
        """What a change of money brings in all."""
        return effects_of(self.known.response, Today(tuple(self.held), tuple(self.held.values())), self.weeks)

    def of_spent(self) -> tuple[Array, Array]:
        """Return what the money that was really spent should bring, and the part of it that arrives afterwards."""
        expected, tail = np.zeros(self.effects.draws), np.zeros(self.effects.draws)
        for name in self.held:
            spent = self.known.spend.get(name, np.zeros(0))[: self.periods]
            spent = np.concatenate([spent, np.zeros(self.periods - len(spent))])
            by_week = spent.reshape(self.weeks, self.known.per_week).sum(axis=1)
            expected += self.effects.change(name, by_week[None])[:, 0]
            tail += self._later(name, spent)
        return expected, tail

    def of_nothing(self, channel: str) -> tuple[Array, Array]:
        """Return the same for a channel that spends nothing in these weeks."""
        return self.effects.change(channel, np.zeros(1))[:, 0], self._later(channel, np.zeros(self.periods))

    def _later(self, channel: str, spent: Array) -> Array:
        """Return what a channel's other money still brings after the weeks."""
        response = self.known.response
        c, usual = response.data.channels.index(channel), self.held[channel] * self.weeks / len(spent)
        after = np.full(response.curves.max_lag, usual)
        real, other = (
            response.curves.contribution(c, np.concatenate([path, after]))[:, len(spent) :]
            for path in (spent, np.full(len(spent), usual))
        )
        return np.asarray((real - other).sum(axis=1) / self.weeks)
