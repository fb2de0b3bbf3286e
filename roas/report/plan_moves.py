"""Amounts, chances and moves of a plan in words."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from roas.format import money, percent, plural, visible

if TYPE_CHECKING:
    from roas.plan.results import ChannelMove, Plan
    from roas.quantiles import Q

#: Below half a cent nothing moves.
MOVES: Final = 0.005

#: Moves named one by one; the table lists all.
MOST_MOVES: Final = 4

#: Amounts from here on are written short, as €1.24M.
SHORT: Final = 1e6

#: Digits of an estimate in a sentence: its interval says that more would mean nothing.
_DIGITS: Final = 2


# ---- amounts ---------------------------------------------------------------------------------


def exact(value: float, currency: str | None) -> str:
    """Write money that a person will enter somewhere: to the unit, to the cent where it is small."""
    if abs(value) >= SHORT:
        return money(value, currency)
    whole = money(float(round(value)), currency, full=True).removesuffix(".00")
    return whole if abs(value) >= 100 or float(value).is_integer() else money(value, currency, full=True)


def about(value: float, currency: str | None) -> str:
    """Write an estimate of money, without more digits than it has; no sign."""
    size = abs(value)
    if size >= SHORT or size == 0:
        return money(size, currency)
    digits = max(0, _DIGITS - 1 - math.floor(math.log10(size)))
    rounded = float(f"{size:.{_DIGITS}g}")
    return money(rounded, currency, full=True).removesuffix(".00") if digits == 0 else money(size, currency)


def less_or_more(value: float, currency: str | None) -> str:
    """Write a change of money in words: "€640 more"."""
    return f"{about(value, currency)} {'less' if value < 0 else 'more'}"


def interval(q: Q, currency: str | None) -> str:
    """Write the 90 % interval of a change in words."""
    if q.p5 < 0 < q.p95:
        return f"90 % interval: {less_or_more(q.p5, currency)} to {less_or_more(q.p95, currency)}"
    near, far = sorted((q.p5, q.p95), key=abs)
    return f"90 % interval: {about(near, currency)} to {about(far, currency)}"


def sure(probability: float) -> str:
    """Write a probability that is itself an estimate."""
    if probability > 0.99:
        return "over 99 %"
    return "under 1 %" if probability < 0.01 else percent(probability)


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
        return "leave every channel as it is"
    if len(cuts) == len(adds) == 1 and abs(cuts[0].now - cuts[0].planned - adds[0].planned + adds[0].now) < MOVES:
        size = exact(cuts[0].now - cuts[0].planned, currency)
        return f"take {size} a week from {visible(cuts[0].channel)} and give it to {visible(adds[0].channel)}"
    parts = []
    if cuts:
        parts.append(f"take {_amounts(cuts, currency, 'from')}")
    if adds:
        parts.append(f"give {_amounts(adds, currency, 'to')}")
    return " and ".join(parts) if len(cuts) + len(adds) <= 2 else "; ".join(parts)


def _amounts(moves: Sequence[ChannelMove], currency: str | None, word: str) -> str:
    """Name amounts and channels, the largest first; many are counted."""
    shown = list(moves) if len(moves) <= MOST_MOVES else list(moves[: MOST_MOVES - 1])
    rest = moves[len(shown) :]
    said = [
        f"{exact(abs(move.planned - move.now), currency)}{' a week' if i == 0 else ''} {word} {visible(move.channel)}"
        for i, move in enumerate(shown)
    ]
    if rest:
        size = exact(sum(abs(move.planned - move.now) for move in rest), currency)
        said.append(f"{size} {word} {plural(len(rest), 'other channel')}")
    return row(said)


def row(parts: Sequence[str]) -> str:
    """Write things in a row: "a, b and c"."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
