"""From draws of change to a plan: figures, channels, doubts."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from roas.plan._arrays import Array
from roas.plan.cents import to_cents
from roas.plan.doubts import closed, doubts_of
from roas.plan.effects import Effects
from roas.plan.pays import Pays, pays
from roas.plan.results import ChannelMove, Limit, Plan, Warned
from roas.quantiles import Q

if TYPE_CHECKING:
    from roas.plan.today import Today

#: What a channel's next unit brings where nobody can say.
NO_FIGURE = Q(math.nan, math.nan, math.nan)

#: Share of its money down to which a channel counts as stopped: there is no money left that could pay or not.
NOTHING = 0.01

#: Name of the fact that holds the target marginal ROAS of a plan.
TARGET = "target_marginal_roas"

#: Name of the fact that says whether the next unit of money pays, and of that with its state.
NEXT_UNIT, NEXT_STATE = "next_unit", "next_unit_state"

#: Share of a channel's money by which it is raised and lowered for the slope.
NUDGE = 0.01


@dataclass(frozen=True)
class Proposal:
    """Money per week by channel, the same every week or week by week.

    Attributes
    ----------
    planned : mapping
        Channel → currency per week (the mean over weeks), to the cent.
    paths : mapping or None
        Channel → currency of each week, shape (weeks,), where weeks differ.
    """

    planned: Mapping[str, float]
    paths: Mapping[str, Array] | None = None

    def path(self, channel: str, weeks: int) -> Array:
        """Return a channel's money week by week."""
        if self.paths is not None:
            return self.paths[channel]
        return np.full(weeks, self.planned[channel])


def _judged(revenue: Array, spent: float, margin: float | None, facts: Mapping[str, Any]) -> Array:
    """Return draws of what a plan is judged by: with a target, money is worth the target."""
    target = facts.get(TARGET)
    return objective_draws(revenue, spent, margin) if target is None else np.asarray(revenue - target * spent)


def objective_draws(revenue: Array, spent: float, margin: float | None) -> Array:
    """Return draws of what a plan is judged by, currency per week.

    Profit ``margin * revenue - spent``, with a margin of 1 where none is
    given. At the same total without a margin that is revenue.
    """
    return np.asarray((1.0 if margin is None else margin) * revenue - spent)


def changes(effects: Effects, proposal: Proposal) -> dict[str, Array]:
    """Return draws of each channel's own change, shape (n,), in the order of names."""
    out = {}
    for channel in sorted(effects.channels):
        if channel not in proposal.planned:
            continue
        if proposal.paths is None:
            out[channel] = effects.change(channel, np.array([proposal.planned[channel]]))[:, 0]
        else:
            out[channel] = effects.change(channel, proposal.paths[channel][None])[:, 0]
    return out


def plan_of(
    effects: Effects,
    today: Today,
    proposal: Proposal,
    *,
    limits: Mapping[str, Limit] | None = None,
    margin: float | None,
    name: str,
    facts: Mapping[str, Any],
    extra: Sequence[Warned] = (),
    held: bool = False,
    regret: Array | None = None,
    price: float | None = None,
) -> Plan:
    """Put a plan together.

    Parameters
    ----------
    effects : Effects
        With the draws that figures are taken from.
    today : Today
    proposal : Proposal
        Every channel.
    limits : mapping, optional
        Without them a channel's limits are where it is and where it goes.
    margin : float or None
    name : str
    facts : mapping
    extra : sequence of Warned
        Put before the doubts about channels.
    held : bool
    regret : array, optional
        Draws of what the best plan would have gained, where today's is kept.
    price : float, optional
        What a unit of money is worth elsewhere in the plan (marginal ROAS),
        where an optimiser chose it: tells whether a limit binds.
    """
    own = changes(effects, proposal)
    revenue = np.sum([own[channel] for channel in sorted(own)], axis=0) if own else np.zeros(effects.draws)
    moves = tuple(
        _move(effects, today, channel, proposal, own.get(channel), None if limits is None else limits[channel])
        for channel in today.channels
    )
    spent = sum(to_cents(move.planned) - to_cents(move.now) for move in moves) / 100
    profit, judged = objective_draws(revenue, spent, margin), _judged(revenue, spent, margin, facts)
    money = _pays(moves, today, margin, facts, limited=limits is not None)
    # Facts of an even plan come along when its weeks are spread anew: these two are always those of this plan.
    own_facts = {"draws": effects.draws, "expected_revenue_change": float(revenue.mean()), **_told(money)}
    by_week = None
    if proposal.paths is not None:
        by_week = np.column_stack([proposal.paths[channel] for channel in today.channels])
    return Plan(
        name=name,
        weeks=effects.weeks,
        moves=moves,
        revenue_change=Q.of(revenue),
        profit_change=None if margin is None else Q.of(profit),
        probability_better=float(np.mean(judged > 0)),
        regret=Q.of(np.maximum(judged if regret is None else regret, 0.0)),
        warnings=(
            *extra,
            *doubts_of(effects, today, proposal, moves, price=price, margin=margin),
            *(closed(today, moves) if limits is not None else ()),
            *_warned(money, moves, limited=limits is not None),
        ),
        held=held,
        by_week=by_week,
        draws=revenue,
        facts=own_facts | dict(facts) | own_facts,
    )


def _pays(
    moves: Sequence[ChannelMove], today: Today, margin: float | None, facts: Mapping[str, Any], *, limited: bool
) -> Pays | None:
    """Say whether money pays at the margin: in channels that may move, in all of a split that somebody named.

    The other channels with a curve count where "every" or "no channel" is to be said.

    A plan that chose its total itself stops where money pays no more, or at
    limits that its doubts name: nothing is left to say.
    """
    if facts.get("free_total"):
        return None
    curves = [move for move in moves if move.channel not in today.excluded]
    known = [move for move in curves if move.planned > NOTHING * move.now]
    asked = [move for move in known if not (limited and move.limit.fixed)] or known
    names = {move.channel for move in asked}
    beside = [move for move in curves if move.channel not in names]
    return pays(asked, margin=margin, currency=today.currency, beside=beside)


def _warned(money: Pays | None, moves: Sequence[ChannelMove], *, limited: bool) -> list[Warned]:
    """Warn of a total that does not pay, or could pay more; not of today's split, named as it is."""
    asked = limited or any(move.planned != move.now for move in moves)
    return [Warned(None, "other", money.sentence)] if money is not None and money.warns and asked else []


def _told(money: Pays | None) -> dict[str, str]:
    """Return the facts on the next unit of money; none where nothing is to be said."""
    return {} if money is None or not money.sentence else {NEXT_UNIT: money.sentence, NEXT_STATE: money.state}


def _move(
    effects: Effects, today: Today, channel: str, proposal: Proposal, own: Array | None, limit: Limit | None
) -> ChannelMove:
    now, planned = today.of(channel), proposal.planned[channel]
    nothing = Q(0.0, 0.0, 0.0)
    # At nothing, after weeks of nothing, the slope is the curve's guess alone: no figure is given.
    paused = now == 0 == planned
    return ChannelMove(
        channel=channel,
        now=now,
        planned=planned,
        limit=Limit(min(now, planned), max(now, planned)) if limit is None else limit,
        revenue_change=nothing if own is None else Q.of(own),
        marginal_roas=nothing if own is None else NO_FIGURE if paused else Q.of(marginal(effects, channel, planned)),
        known=today.known_of(channel),
    )


def marginal(effects: Effects, channel: str, planned: float) -> Array:
    """Return draws of what the next unit of money brings at the planned spend, carryover included.

    A central difference over `NUDGE` of the channel's money; one-sided where
    it has none.
    """
    c = effects.channels.index(channel)
    usual = max(planned, effects.today[channel], float(effects.curves.typical[c]) * 1e-3)
    step = NUDGE * usual
    low = max(planned - step, 0.0)
    both = effects.change(channel, np.array([low, planned + step]))
    return np.asarray((both[:, 1] - both[:, 0]) / (planned + step - low))
