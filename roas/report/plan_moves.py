"""Amounts, chances and moves of a plan in words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from roas.format import percent, say_many, visible
from roas.language import say
from roas.plan.amounts import MOVES, about, exact, same_total, times

if TYPE_CHECKING:
    from roas.plan.results import ChannelMove, Plan
    from roas.quantiles import Q

__all__ = [
    "MOST_MOVES",
    "MOVES",
    "about",
    "exact",
    "interval",
    "moved",
    "moves_words",
    "row",
    "same_total",
    "sure",
    "times",
]

#: Moves named one by one; the table lists all.
MOST_MOVES: Final = 4


# ---- intervals, chances ----------------------------------------------------------------------


def interval(q: Q, currency: str | None) -> str:
    """Write the 90 % interval of a change in words."""
    if q.p5 < 0 < q.p95:
        low, high = about(q.p5, currency), about(q.p95, currency)
        return say("90 % interval: {low} less to {high} more", low=low, high=high)
    near, far = sorted((q.p5, q.p95), key=abs)
    return say("90 % interval: {low} to {high}", low=about(near, currency), high=about(far, currency))


def sure(probability: float) -> str:
    """Write a probability that is itself an estimate."""
    if probability > 0.99:
        return say("over 99 %")
    return say("under 1 %") if probability < 0.01 else percent(probability)


# ---- moves -----------------------------------------------------------------------------------


def moved(plan: Plan) -> list[ChannelMove]:
    """Return the channels whose money changes, the largest change first."""
    found = [move for move in plan.moves if abs(move.planned - move.now) >= MOVES]
    return sorted(found, key=lambda move: (-abs(move.planned - move.now), move.channel))


def moves_words(plan: Plan, currency: str | None) -> str:
    """Name the moves as an instruction: "take €1,200 a week from Meta and give it to Search"."""
    cuts = [move for move in moved(plan) if move.planned < move.now]
    adds = [move for move in moved(plan) if move.planned > move.now]
    if not cuts and not adds:
        return say("leave every channel as it is")
    if not adds:
        return say("take {cuts}", cuts=_taken(cuts, currency))
    if not cuts:
        return say("give {gifts}", gifts=_given(adds, currency))
    if len(cuts) == len(adds) == 1 and abs(cuts[0].now - cuts[0].planned - adds[0].planned + adds[0].now) < MOVES:
        return say(
            "take {amount} a week from {source} and give it to {target}",
            amount=exact(cuts[0].now - cuts[0].planned, currency),
            source=visible(cuts[0].channel),
            target=visible(adds[0].channel),
        )
    both = {"cuts": _taken(cuts, currency), "gifts": _given(adds, currency)}
    if len(cuts) + len(adds) <= 2:
        return say("take {cuts} and give {gifts}", **both)
    return say("take {cuts}; give {gifts}", **both)


def _taken(moves: Sequence[ChannelMove], currency: str | None) -> str:
    def one(move: ChannelMove, *, first: bool) -> str:
        fields = {"amount": _size([move], currency), "channel": visible(move.channel)}
        return say("{amount} a week from {channel}", **fields) if first else say("{amount} from {channel}", **fields)

    def others(rest: Sequence[ChannelMove]) -> str:
        return say_many(
            "{amount} from {number} other channel",
            "{amount} from {number} other channels",
            len(rest),
            amount=_size(rest, currency),
        )

    return _listed(moves, one, others)


def _given(moves: Sequence[ChannelMove], currency: str | None) -> str:
    def one(move: ChannelMove, *, first: bool) -> str:
        fields = {"amount": _size([move], currency), "channel": visible(move.channel)}
        return say("{amount} a week to {channel}", **fields) if first else say("{amount} to {channel}", **fields)

    def others(rest: Sequence[ChannelMove]) -> str:
        return say_many(
            "{amount} to {number} other channel",
            "{amount} to {number} other channels",
            len(rest),
            amount=_size(rest, currency),
        )

    return _listed(moves, one, others)


def _listed(
    moves: Sequence[ChannelMove], one: Callable[..., str], others: Callable[[Sequence[ChannelMove]], str]
) -> str:
    """Name amounts and channels, the largest first; many are counted."""
    shown = list(moves) if len(moves) <= MOST_MOVES else list(moves[: MOST_MOVES - 1])
    rest = moves[len(shown) :]
    said = [one(move, first=i == 0) for i, move in enumerate(shown)]
    return row([*said, others(rest)] if rest else said)


def _size(moves: Sequence[ChannelMove], currency: str | None) -> str:
    return exact(sum(abs(move.planned - move.now) for move in moves), currency)


def row(parts: Sequence[str]) -> str:
    """Write things in a row: "a, b and c"."""
    return parts[0] if len(parts) == 1 else say("{first} and {last}", first=", ".join(parts[:-1]), last=parts[-1])
