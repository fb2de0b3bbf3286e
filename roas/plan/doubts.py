"""What to know before acting on a plan: doubts about its channels, in words."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Final

from roas.format import percent, visible
from roas.language import mark, say
from roas.limits import RECENT_WEEKS
from roas.plan.amounts import exact
from roas.plan.cents import UNIT, money_of
from roas.plan.effects import Effects
from roas.plan.results import ChannelMove, Warned
from roas.plan.sentences import Sentence
from roas.plan.whole_moves import FEWEST_UNITS

if TYPE_CHECKING:
    from roas.plan.outcome import Proposal
    from roas.plan.today import Today

#: Change of a channel's money in one step beyond which it is better taken in
#: two: platforms' bidding starts to learn anew (their own help pages advise
#: steps of 10 to 30 %), and half a step shows whether the answer holds.
RAMP: Final = 0.30

#: Share by which carried spend may pass the largest observed: rounding only.
BEYOND: Final = 1e-6

#: The pilot that the response model proposes: the same words, so that it can be said in every language.
PILOT: Final = mark("Change {channel} alone for four weeks, by half or more, and leave the other channels as they are.")

#: The same where it is the only channel.
PILOT_ALONE: Final = mark("Change {channel} for four weeks, by half or more.")

#: Why the response model leaves a channel out: its words.
LEFT_OUT: Final = (
    mark("no spend in the window"),
    mark("revenue is zero in every period"),
    mark("revenue is not known in any period"),
)

#: A limit binds where the next unit would bring this much more (or less) than
#: elsewhere in the plan: below it the limit costs nothing worth a word.
BINDS: Final = 0.02


def doubts_of(
    effects: Effects,
    today: Today,
    proposal: Proposal,
    moves: Sequence[ChannelMove],
    *,
    price: float | None = None,
    margin: float | None = None,
) -> tuple[Warned, ...]:
    """List the doubts about a plan, channel by channel in the account's order."""
    out: list[Warned] = []
    for move in moves:
        moved = abs(move.planned - move.now) >= 0.005 or _uneven(proposal, move.channel)
        if move.channel in today.excluded:
            out.append(_not_modelled(move, today, moved=moved))
        elif moved:
            out += _beyond(effects, today, proposal, move)
            out += _prior(today, move, alone=len(today.modelled) == 1)
            out += _ramp(today, move)
        if price is not None and move.channel not in today.excluded:
            out += _binding(today, move, price, needed=1.0 if margin is None else 1.0 / margin)
    return tuple(out)


def _uneven(proposal: Proposal, channel: str) -> bool:
    return proposal.paths is not None and bool((proposal.paths[channel] != proposal.planned[channel]).any())


def _not_modelled(move: ChannelMove, today: Today, *, moved: bool) -> Warned:
    message = (
        mark("What {channel} brings is not known ({why}). Its change counts as money, not as revenue.")
        if moved
        else mark("{channel} keeps its money: what it brings is not known ({why}).")
    )
    said = Sentence(message, channel=(visible, move.channel), why=(why_left_out, today.excluded[move.channel]))
    return Warned(move.channel, "not_modelled", said)


def why_left_out(reason: str) -> str:
    """Say why a channel has no curve, in the language in force where the reason is one of ours."""
    return visible(say(reason))


def pilot_words(channel: str, pilot: str, *, alone: bool = False) -> str:
    """Say which experiment would settle what a channel brings; `alone`: there is no other channel to leave as it is."""
    if pilot == PILOT.format(channel=channel):
        return say(PILOT_ALONE if alone else PILOT, channel=visible(channel))
    return visible(pilot)


def _beyond(effects: Effects, today: Today, proposal: Proposal, move: ChannelMove) -> list[Warned]:
    most = today.observed.get(move.channel)
    path = proposal.path(move.channel, effects.weeks)
    if most is None or path.max() <= move.now:
        return []
    reached = effects.largest_carried(move.channel, path)
    if reached <= most * (1 + BEYOND):
        return []
    said = Sentence(
        mark(
            "{channel} would reach {reached} per week at work; the most seen so far is {most}. "
            "What lies beyond is the curve's guess. Raise it step by step and look."
        ),
        channel=(visible, move.channel),
        reached=(exact, reached, today.currency),
        most=(exact, most, today.currency),
    )
    return [Warned(move.channel, "beyond_observed", said)]


def _prior(today: Today, move: ChannelMove, *, alone: bool) -> list[Warned]:
    if move.known != "prior":
        return []
    pilot = today.experiments.get(move.channel)
    name = (visible, move.channel)
    if not pilot:
        message = mark("The data say little about {channel}: its figure rests on what is usual, not on its own past.")
        return [Warned(move.channel, "prior", Sentence(message, channel=name))]
    message = mark(
        "The data say little about {channel}: its figure rests on what is usual, not on its own past. "
        "A pilot would settle it: {pilot}"
    )
    said = partial(pilot_words, alone=alone)
    return [Warned(move.channel, "prior", Sentence(message, channel=name, pilot=(said, move.channel, pilot)))]


def _ramp(today: Today, move: ChannelMove) -> list[Warned]:
    name = (visible, move.channel)
    if move.now <= 0:
        start = mark("{channel} would start from nothing. Start with a part, and look after two weeks.")
        return [Warned(move.channel, "ramp", Sentence(start, channel=name))]
    share = move.planned / move.now - 1
    # Cents are rounded inwards, so a move of the whole limit never counts as more.
    if abs(share) <= RAMP + 1e-9:
        return []
    up = mark(
        "{channel} goes up by {share}. Take it in two steps: {half} per week for two weeks, "
        "then {whole} if results hold."
    )
    down = mark(
        "{channel} goes down by {share}. Take it in two steps: {half} per week for two weeks, "
        "then {whole} if results hold."
    )
    said = Sentence(
        up if share > 0 else down,
        channel=name,
        share=(percent, abs(share)),
        half=(exact, round((move.now + move.planned) / 2, 2), today.currency),
        whole=(exact, move.planned, today.currency),
    )
    return [Warned(move.channel, "ramp", said)]


def closed(today: Today, moves: Sequence[ChannelMove]) -> tuple[Warned, ...]:
    """Say which channels stay at nothing because a share of nothing is nothing, and what opens them."""
    message = mark(
        "{channel} spent nothing in the last {weeks} weeks, and a share of nothing is nothing, so it stays closed. "
        'To open it, say how much it may get: --max "{channel}=AMOUNT".'
    )
    shut = [m.channel for m in moves if m.now == 0 == m.limit.high and m.channel not in today.excluded]
    return tuple(
        Warned(name, "other", Sentence(message, channel=(visible, name), weeks=(str, RECENT_WEEKS))) for name in shut
    )


def _near(today: Today, move: ChannelMove) -> float:
    """Return how far from its limit a move that was stopped by it may end: whole units of money give way."""
    whole = round(100 * abs(move.planned - move.now)) >= FEWEST_UNITS * UNIT - UNIT * len(today.channels)
    return money_of(UNIT) * len(today.channels) if whole else 0.005


def _binding(today: Today, move: ChannelMove, price: float, *, needed: float) -> list[Warned]:
    """Say that a limit stops a move; that more would pay only where the next unit earns itself back."""
    if move.limit.fixed:
        return []
    low, high, near = move.limit.low, move.limit.high, _near(today, move)
    more = move.marginal_roas.p50 > price * (1 + BINDS) and move.planned >= high - near
    # Below nothing there is no wider limit.
    less = move.marginal_roas.p50 < price * (1 - BINDS) and move.planned <= low + near and low > 0
    if not (more or less):
        return []
    if not more:
        message = mark("{channel} stops at its lower limit of {amount} per week; less would do.")
    elif move.marginal_roas.p50 >= needed:
        message = mark("{channel} stops at its limit of {amount} per week; more would pay.")
    else:
        message = mark("{channel} stops at its limit of {amount} per week; without it the plan would give it more.")
    amount = (exact, high if more else low, today.currency)
    return [Warned(move.channel, "binding", Sentence(message, channel=(visible, move.channel), amount=amount))]
