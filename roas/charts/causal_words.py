"""Words for what spend causes: the next unit of money, ranges, states of saturation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

from roas.format import money, percent, plural, ratio, round_money, say_many
from roas.language import mark, say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

#: The 90 % interval and its middle: p5, p50, p95.
Range: TypeAlias = tuple[float, float, float]

#: p95 / p5 up to which the middle of a range is worth saying alone (the
#: response model calls a channel identified by the same number).
TOLD_RATIO: Final = 3.0

#: Probability from which a state is said outright, and from which "probably".
SURE: Final = 0.8
PROBABLE: Final = 0.6

_IS: Final[Mapping[str, tuple[str, str, str]]] = {
    "saturated": (mark("saturated"), mark("probably saturated"), mark("may be saturated")),
    "efficient": (mark("efficient"), mark("probably efficient"), mark("may be efficient")),
    "headroom": (mark("has headroom"), mark("probably has headroom"), mark("may have headroom")),
}

#: How far the data decide → its words, to be said.
KNOWN: Final[Mapping[str, str]] = {
    "identified": mark("known"), "partly": mark("partly known"), "not identified": mark("not known")
}  # fmt: skip


def one(currency: str | None) -> str:
    """Name one unit of money.

    Examples
    --------
    >>> one("EUR"), one("CHF"), one(None)
    ('€1', 'CHF 1', '1 of spend')
    """
    return round_money(1.0, currency) if currency else say("1 of spend")


def ranged(
    low: float | None,
    high: float | None,
    currency: str | None = None,
    *,
    ratios: bool = False,
) -> str:
    """Write a range, of money or of ratios.

    Examples
    --------
    >>> ranged(483000, 1790000, "EUR"), ranged(0.8, 3.91, ratios=True), ranged(None, None)
    ('€483K to €1.79M', '0.80 to 3.91', '–')
    """
    first, last = (ratio(low), ratio(high)) if ratios else (money(low, currency), money(high, currency))
    if first == last or "–" in (first, last):
        return first
    return ranged_words(first, last)


def ranged_words(low: str, high: str) -> str:
    """Write a range between two figures that are written already.

    Examples
    --------
    >>> ranged_words("+5 %", "+12 %")
    '+5 % to +12 %'
    """
    return say("{low} to {high}", low=low, high=high)


def is_told(value: Range | None) -> bool:
    """Return whether a range is narrow enough for its middle to be said alone."""
    return value is not None and value[0] > 0 and value[2] <= TOLD_RATIO * value[0]


def is_known(identified: object) -> bool:
    """Return whether data, and not assumptions alone, speak of a channel (``None``: nobody said)."""
    return identified != "not identified"


def state_words(state: str, probability: float | None, *, known: bool = True) -> str:
    """Say how saturated a channel is, as surely as its probability allows.

    Parameters
    ----------
    state : {"saturated", "efficient", "headroom", "unknown"}
    probability : float or None
    known : bool
        Whether the channel's data speak at all. A probability that comes
        from assumptions alone says "may be", however high it is.

    Examples
    --------
    >>> state_words("saturated", 0.97), state_words("headroom", 0.7), state_words("efficient", 0.55)
    ('saturated', 'probably has headroom', 'may be efficient')
    >>> state_words("unknown", 0.4)
    'cannot be told'
    >>> state_words("saturated", 0.97, known=False)
    'may be saturated'
    """
    if not _is_told(state, probability):
        return say("cannot be told")
    outright, probably, maybe = _IS[state]
    if not known or probability is None:
        return say(maybe)
    return say(outright if probability >= SURE else probably if probability >= PROBABLE else maybe)


def _is_told(state: str, probability: float | None) -> bool:
    return state in _IS and probability is not None and probability == probability


def with_probability(state: str, probability: float | None, *, known: bool = True) -> str:
    """Say how saturated a channel is, and with what probability.

    Examples
    --------
    >>> with_probability("saturated", 0.627), with_probability("saturated", 0.999), with_probability("unknown", 0.4)
    ('probably saturated (63 %)', 'saturated (> 99 %)', 'cannot be told')
    """
    said = state_words(state, probability, known=known)
    if not _is_told(state, probability) or probability is None or not known:
        return said
    return f"{said} ({f'> {percent(0.99)}' if probability > 0.99 else percent(probability)})"


def side_of(value: Range | None, break_even: float | None) -> str:
    """Return whether a range lies ``below`` or ``above`` break-even, or ``neither``."""
    if value is None or break_even is None:
        return "neither"
    return "below" if value[2] < break_even else "above" if value[0] > break_even else "neither"


def next_brings(value: Range | None, break_even: float | None, currency: str | None) -> str:
    """Say what the next unit of money brings, or that it cannot be told.

    Examples
    --------
    >>> next_brings((0.3, 0.35, 0.5), 1.67, "EUR")
    'the next €1 brings €0.35, below break-even'
    >>> next_brings((0.1, 0.35, 0.82), 1.67, "EUR")
    'the next €1 brings €0.10 to €0.82, below break-even'
    >>> next_brings((0.4, 1.36, 3.4), 1.67, "EUR")
    'what the next €1 brings cannot be told'
    """
    unit, side = one(currency), side_of(value, break_even)
    if value is None or not (is_told(value) or side != "neither"):
        return say("what the next {unit} brings cannot be told", unit=unit)
    brings = money(value[1], currency) if is_told(value) else ranged(value[0], value[2], currency)
    if side == "below":
        return say("the next {unit} brings {money}, below break-even", unit=unit, money=brings)
    if side == "above":
        return say("the next {unit} brings {money}, above break-even", unit=unit, money=brings)
    return say("the next {unit} brings {money}", unit=unit, money=brings)


def and_open(said: str, rest: int) -> str:
    """Add to a title how many channels it leaves open.

    Examples
    --------
    >>> and_open("The next €1 pays in TV", 2)
    'The next €1 pays in TV; open for 2 others'
    """
    if not rest:
        return said
    return say_many("{said}; open for one other", "{said}; open for {number} others", rest, said=said)


def chained(names: Sequence[str]) -> str:
    """Name things in a row, an "and" between each two.

    Examples
    --------
    >>> chained(["TV"]), chained(["TV", "Print", "Radio"])
    ('TV', 'TV and Print and Radio')
    """
    said, *others = names
    for other in others:
        said = say("{names} and {last}", names=said, last=other)
    return said


def listed(names: Sequence[str], *, most: int = 3) -> str:
    """Name things in a row; more than `most` are counted.

    Examples
    --------
    >>> listed(["TV"]), listed(["TV", "Print", "Radio"]), listed(["a", "b", "c", "d"])
    ('TV', 'TV, Print and Radio', '4 channels')
    """
    if len(names) > most:
        return plural(len(names), "channel")
    return say("{names} and {last}", names=", ".join(names[:-1]), last=names[-1]) if len(names) > 1 else "".join(names)
