"""Whether the next unit of money earns itself back: at a margin, or as plain revenue without one."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

from roas.charts.causal_words import one
from roas.format import percent, ratio, visible
from roas.language import mark, say
from roas.plan.doubts import BINDS
from roas.plan.sentences import Sentence, told

if TYPE_CHECKING:
    from roas.plan.results import ChannelMove

#: What is known of the next unit of money: it pays in no channel, in each surely, in each probably, in some.
State = Literal["none_pays", "all_pay", "likely", "some"]

_FOUND: Final = {
    "none_pays": mark(
        "At a margin of {margin} no channel's next {unit} earns itself back "
        "(best: {best}, {best_middle} of the {needed} needed)."
    ),
    "none_pays?": mark(
        "At a margin of {margin} probably no channel's next {unit} earns itself back "
        "(best: {best}, {best_middle} of the {needed} needed, 90 % interval: {best_low} to {best_high})."
    ),
    "all_pay": mark(
        "At a margin of {margin} every channel's next {unit} earns more than it costs, even at its low end "
        "(least: {least}, {least_low} or more; {needed} needed)."
    ),
    "likely": mark(
        "At a margin of {margin} every channel's next {unit} probably earns itself back "
        "(least: {least}, {least_middle} of the {needed} needed, 90 % interval: {least_low} to {least_high})."
    ),
    "some": mark("At a margin of {margin} the next {unit} of {short} does not earn itself back ({needed} needed)."),
    "some?": mark(
        "At a margin of {margin} the next {unit} of {short} probably does not earn itself back ({needed} needed)."
    ),
}

#: The same without a margin: revenue alone. What probably brings back more is the usual case: not a word.
_PLAIN: Final = {
    "none_pays": mark(
        "No channel's next {unit} brings back as much revenue as it costs (best: {best}, {best_middle}), "
        "so it pays at no margin."
    ),
    "none_pays?": mark(
        "Probably no channel's next {unit} brings back as much revenue as it costs "
        "(best: {best}, {best_middle}, 90 % interval: {best_low} to {best_high}); then it pays at no margin."
    ),
    "all_pay": mark(
        "Every channel's next {unit} brings back more revenue than it costs, even at its low end "
        "(least: {least}, {least_low} or more). Whether more money pays depends on the margin; give it with --margin."
    ),
    "some": mark("The next {unit} of {short} brings back less revenue than it costs, so it pays at no margin."),
    "some?": mark(
        "The next {unit} of {short} probably brings back less revenue than it costs; then it pays at no margin."
    ),
}

#: What follows for the money in all.
_ADVICE: Final = {
    "none_pays": mark("Spending less would earn more: roas whatif with --optimize --for profit says how much."),
    "none_pays?": mark(
        "Spending less would probably earn more: roas whatif with --optimize --for profit says how much."
    ),
    "all_pay": mark("Spending more would earn more: roas whatif with --optimize --for profit says how much."),
}


@dataclass(frozen=True)
class Pays:
    """What each channel's next unit of money brings at a plan, beside what it must.

    Attributes
    ----------
    state : State
    sure : bool
        Whether the 90 % intervals agree with the state.
    sentence : str
        Empty where there is nothing to say.
    warns : bool
        Whether the total of the plan is in doubt, not a channel or two.
    """

    state: State
    sure: bool
    sentence: str
    warns: bool = False


def break_even(margin: float | None) -> float:
    """Return the marginal ROAS at which money earns itself back: ``1 / margin``, 1 without a margin."""
    return 1.0 if margin is None else 1.0 / margin


def pays(
    moves: Sequence[ChannelMove], *, margin: float | None, currency: str | None, beside: Sequence[ChannelMove] = ()
) -> Pays | None:
    """Set each channel's next unit of money beside break-even.

    Parameters
    ----------
    moves : sequence of ChannelMove
        Those that are asked about; channels whose next unit is not known are left out.
    margin : float or None
    currency : str or None
    beside : sequence of ChannelMove
        The others that have a curve: fixed, or planned at next to nothing.

    Returns
    -------
    Pays or None
        None where no channel's next unit is known.

    Notes
    -----
    Medians within `BINDS` of break-even count as earning themselves back.
    "Every" and "no channel" are said only where they hold of all channels,
    those `beside` and those not known included. Else channels that fall short
    are named, and of channels that pay nothing is said.
    """
    known = [move for move in moves if _is_known(move)]
    if not known:
        return None
    needed = break_even(margin)
    everyone = [*moves, *beside]
    whole = all(map(_is_known, everyone)) and _state(everyone, _short(everyone, needed), needed)[0] != "some"
    known = everyone if whole else known
    short = _short(known, needed)
    state, sure = _state(known, short, needed)
    if not whole and short:
        state = "some"
    elif not whole:
        return Pays(state, sure, "")
    key = state if sure else f"{state}?"
    if state == "likely" and min(move.marginal_roas.p50 for move in known) < needed:
        return Pays(state, sure, "")  # break-even itself, give or take: neither word fits
    message = (_PLAIN if margin is None else _FOUND).get(key, "")
    if not message:
        return Pays(state, sure, "")
    fields = _fields(known, short, needed, currency) | ({} if margin is None else {"margin": (percent, margin)})
    found = Sentence(message, **{name: each for name, each in fields.items() if f"{{{name}}}" in message})
    if margin is None or key not in _ADVICE:
        return Pays(state, sure, found, warns=state == "none_pays")
    both = Sentence(mark("{found} {advice}"), found=(told, found), advice=(say, _ADVICE[key]))
    return Pays(state, sure, both, warns=True)


def _is_known(move: ChannelMove) -> bool:
    return math.isfinite(move.marginal_roas.p50)


def _short(known: Sequence[ChannelMove], needed: float) -> list[ChannelMove]:
    """Return the channels whose next unit does not earn itself back."""
    return [move for move in known if move.marginal_roas.p50 < needed * (1 - BINDS)]


def _state(known: Sequence[ChannelMove], short: Sequence[ChannelMove], needed: float) -> tuple[State, bool]:
    if not short:
        return ("all_pay" if all(move.marginal_roas.p5 > needed for move in known) else "likely"), True
    sure = all(move.marginal_roas.p95 < needed for move in short)
    return ("none_pays" if len(short) == len(known) else "some"), sure


def _fields(
    known: Sequence[ChannelMove], short: Sequence[ChannelMove], needed: float, currency: str | None
) -> dict[str, Any]:
    best = max(known, key=lambda move: (move.marginal_roas.p50, move.channel))
    least = min(known, key=lambda move: (move.marginal_roas.p50, move.channel))
    lowest = min(known, key=lambda move: (move.marginal_roas.p5, move.channel))
    if lowest.marginal_roas.p5 > needed:  # every low end pays: the lowest of them is what counts
        least = lowest
    fields: dict[str, Any] = {"unit": (one, currency), "needed": (ratio, needed)}
    for name, move in (("best", best), ("least", least)):
        q = move.marginal_roas
        fields |= {name: (visible, move.channel), f"{name}_middle": (ratio, q.p50)}
        fields |= {f"{name}_low": (ratio, q.p5), f"{name}_high": (ratio, q.p95)}
    return fields | {"short": (_row, tuple(move.channel for move in short))}


def _row(channels: Sequence[str]) -> str:
    """Write names in a row, in the language in force."""
    names = [visible(each) for each in channels]
    return names[0] if len(names) == 1 else say("{first} and {last}", first=", ".join(names[:-1]), last=names[-1])
