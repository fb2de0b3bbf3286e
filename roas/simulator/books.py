"""Expected money per week: what adds up, and what a cause takes away."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from roas.simulator.draws import Array
from roas.simulator.outcome import Outcome
from roas.simulator.world import WARM_UP_DAYS, World


@dataclass(frozen=True)
class Books:
    """Expected money per exported week, each figure rounded to the cent.

    Totals are sums of these, so parts add up to wholes to the cent.
    """

    spend: Array  # (channels, weeks)
    contribution: Array  # (channels, weeks)
    claimed: Array  # (channels, weeks) expected claims
    baseline: Array  # (weeks,)

    @property
    def expected_revenue(self) -> Array:
        """Baseline and every channel, per week."""
        total: Array = self.baseline + self.contribution.sum(axis=0)
        return np.round(total, 2)


def keep_books(world: World, outcome: Outcome) -> Books:
    """Add an outcome up to weeks and channels."""
    by_channel = [world.rows(channel.name) for channel in world.shop.channels]
    claimed = outcome.claims * outcome.order_value
    return Books(
        spend=np.array([_weekly(outcome.spend[rows].sum(axis=0)) for rows in by_channel]),
        contribution=_weekly(outcome.contribution),
        claimed=np.array([_weekly(claimed[rows].sum(axis=0)) for rows in by_channel]),
        baseline=_weekly(outcome.baseline),
    )


def _weekly(daily: Array) -> Array:
    """Sum exported days to weeks, to the cent."""
    window = daily[..., WARM_UP_DAYS:]
    sums: Array = window.reshape(*window.shape[:-1], -1, 7).sum(axis=-1)
    return np.round(sums, 2)


def lost_revenue(books: Books, without: Books, *, keeps_budget: bool) -> Array:
    """Return the revenue lost to a cause, per week.

    With `keeps_budget` the plain fall in revenue: such a cause moves money
    but adds none. Else what the money would have brought at the ROAS each channel had
    without the cause, less what it brought, plus baseline lost. Money is
    the larger of spend with and without the cause, so that this is the
    plain difference in revenue unless the cause added spend.
    """
    if keeps_budget:
        fall: Array = without.expected_revenue - books.expected_revenue
        return fall
    spent = without.spend > 0
    roas = np.where(spent, without.contribution / np.where(spent, without.spend, 1.0), 0.0)
    money = np.maximum(books.spend, without.spend)
    lost: Array = (money * roas - books.contribution).sum(axis=0) + without.baseline - books.baseline
    return lost
