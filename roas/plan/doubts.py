"""What to know before acting on a plan: doubts about its channels, in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from roas.format import money, percent, visible
from roas.plan.effects import Effects
from roas.plan.results import ChannelMove, Warned

if TYPE_CHECKING:
    from roas.plan.outcome import Proposal
    from roas.plan.today import Today

#: Change of a channel's money in one step beyond which it is better taken in
#: two: platforms' bidding starts to learn anew (their own help pages advise
#: steps of 10 to 30 %), and half a step shows whether the answer holds.
RAMP: Final = 0.30

#: Share by which carried spend may pass the largest observed: rounding only.
BEYOND: Final = 1e-6

#: A limit binds where the next unit would bring this much more (or less) than
#: elsewhere in the plan: below it the limit costs nothing worth a word.
BINDS: Final = 0.02


def doubts_of(
    effects: Effects, today: Today, proposal: Proposal, moves: Sequence[ChannelMove], *, price: float | None = None
) -> tuple[Warned, ...]:
    """List the doubts about a plan, channel by channel in the account's order."""
    out: list[Warned] = []
    for move in moves:
        moved = abs(move.planned - move.now) >= 0.005 or _uneven(proposal, move.channel)
        if move.channel in today.excluded:
            out.append(_not_modelled(move, today, moved=moved))
        elif moved:
            out += _beyond(effects, today, proposal, move)
            out += _prior(today, move)
            out += _ramp(today, move)
        if price is not None and move.channel not in today.excluded:
            out += _binding(today, move, price)
    return tuple(out)


def _uneven(proposal: Proposal, channel: str) -> bool:
    return proposal.paths is not None and bool((proposal.paths[channel] != proposal.planned[channel]).any())


def _not_modelled(move: ChannelMove, today: Today, *, moved: bool) -> Warned:
    why = visible(today.excluded[move.channel])
    if moved:
        said = f"What {visible(move.channel)} brings is not known ({why}). Its change counts as money, not as revenue."
    else:
        said = f"{visible(move.channel)} keeps its money: what it brings is not known ({why})."
    return Warned(move.channel, "not_modelled", said)


def _beyond(effects: Effects, today: Today, proposal: Proposal, move: ChannelMove) -> list[Warned]:
    most = today.observed.get(move.channel)
    path = proposal.path(move.channel, effects.weeks)
    if most is None or path.max() <= move.now:
        return []
    reached = effects.largest_carried(move.channel, path)
    if reached <= most * (1 + BEYOND):
        return []
    said = (
        f"{visible(move.channel)} would reach {money(reached, today.currency)} per week at work; the most seen so far "
        f"is {money(most, today.currency)}. What lies beyond is the curve's guess. Raise it step by step and look."
    )
    return [Warned(move.channel, "beyond_observed", said)]


def _prior(today: Today, move: ChannelMove) -> list[Warned]:
    if move.known != "prior":
        return []
    pilot = today.experiments.get(move.channel)
    said = f"The data say little about {visible(move.channel)}: its figure rests on what is usual, not on its own past."
    return [Warned(move.channel, "prior", f"{said} A pilot would settle it: {visible(pilot)}" if pilot else said)]


def _ramp(today: Today, move: ChannelMove) -> list[Warned]:
    if move.now <= 0:
        said = f"{visible(move.channel)} would start from nothing. Start with a part, and look after two weeks."
        return [Warned(move.channel, "ramp", said)]
    share = move.planned / move.now - 1
    # Cents are rounded inwards, so a move of the whole limit never counts as more.
    if abs(share) <= RAMP + 1e-9:
        return []
    half = money(round((move.now + move.planned) / 2, 2), today.currency)
    word = "up" if share > 0 else "down"
    said = (
        f"{visible(move.channel)} goes {word} by {percent(abs(share))}. Take it in two steps: {half} per week for two "
        f"weeks, then {money(move.planned, today.currency)} if results hold."
    )
    return [Warned(move.channel, "ramp", said)]


def _binding(today: Today, move: ChannelMove, price: float) -> list[Warned]:
    if move.limit.fixed:
        return []
    more = move.marginal_roas.p50 > price * (1 + BINDS) and move.planned >= move.limit.high - 0.005
    less = move.marginal_roas.p50 < price * (1 - BINDS) and move.planned <= move.limit.low + 0.005
    if not (more or less):
        return []
    at = money(move.planned, today.currency)
    if more:
        said = f"{visible(move.channel)} stops at its limit of {at} per week; more would pay."
    else:
        said = f"{visible(move.channel)} stops at its lower limit of {at} per week; less would do."
    return [Warned(move.channel, "binding", said)]
