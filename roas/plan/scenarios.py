"""Shifts that a person types: ``Meta=-20%``, ``Meta=+500``, ``Meta=2000``, ``Meta>Search=10%``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from roas.errors import UsageError
from roas.format import money, visible
from roas.io.numbers import decide_mark, mark_is_open, to_number
from roas.plan.cents import money_of, to_cents
from roas.plan.names import find, unknown
from roas.plan.payable import payable_change

if TYPE_CHECKING:
    from roas.plan.today import Today


@dataclass(frozen=True)
class Amount:
    """An amount of a shift: money or a share, set, added or taken away."""

    value: float
    kind: Literal["set", "change"]
    share: bool


@dataclass(frozen=True)
class Shift:
    """One shift: `source` loses and `target` gains, or `target` alone changes."""

    text: str
    target: str
    amount: Amount
    source: str | None = None


def shifted(today: Today, shifts: Sequence[str]) -> dict[str, float]:
    """Apply shifts to today's money.

    Parameters
    ----------
    today : Today
    shifts : sequence of str
        ``Meta=-20%`` and ``Meta=+500`` change a channel, ``Meta=2000`` sets
        it, ``Meta>Search=500`` and ``Meta>Search=10%`` move money (percent of
        the giving channel's money today). Taken one after the other; percents
        are always of today's money.

    Returns
    -------
    dict
        Channel → currency per week, to the cent, in the account's order.
        Percents come out in whole units where a currency has nothing smaller.

    Raises
    ------
    UsageError
        A channel or amount that cannot be read, or more money than there is.

    Examples
    --------
    >>> from roas.plan.today import Today
    >>> shifted(Today(("Meta", "Search"), (1000.0, 500.0)), ["Meta>Search=10%", "Search=+1 000"])
    {'Meta': 900.0, 'Search': 1600.0}
    """
    cents = {name: to_cents(amount) for name, amount in zip(today.channels, today.spend, strict=True)}
    now = dict(cents)
    for text in shifts:
        shift = parsed(text, today.channels)
        size, amount = shift.amount, shift.source or shift.target
        part = round(now[amount] * size.value) if size.share else round(size.value * 100)
        if size.share:
            way = 1 if shift.source is None else -1
            part = way * payable_change(cents[amount], way * part, today.currency)
        if shift.source is None:
            cents[shift.target] = part if size.kind == "set" else cents[shift.target] + part
            _refuse_debt(shift, shift.target, cents, part, today)
        else:
            cents[shift.source] -= part
            cents[shift.target] += part
            _refuse_debt(shift, shift.source, cents, -part, today)
    return {name: money_of(each) for name, each in cents.items()}


def _refuse_debt(shift: Shift, channel: str, cents: dict[str, int], part: int, today: Today) -> None:
    if cents[channel] >= 0:
        return
    had = money(money_of(cents[channel] - part), today.currency, full=True)
    wanted = money(money_of(-part), today.currency, full=True)
    raise UsageError(
        f'"{visible(shift.text)}" takes {wanted} per week from {visible(channel)}, which has {had}. '
        f"The most that can be taken is {had}."
    )


def parsed(text: str, channels: Sequence[str]) -> Shift:
    """Read one shift.

    Names may hold ``>`` and ``=``: of all ways to read the text that name
    channels of the account, the one with the longest names is taken.

    Raises
    ------
    UsageError
    """
    readings = list(_readings(text))
    for left, right in readings:
        target = find(left, channels)
        if target is not None:
            return Shift(text, target, _unmistaken(_amount(right, text), right, text))
        for place in [i for i, sign in enumerate(left) if sign == ">"]:
            source, target = find(left[:place], channels), find(left[place + 1 :], channels)
            if source is not None and target is not None:
                return _move(text, source, target, right)
    raise UsageError(_why_not(text, readings, channels))


def _readings(text: str) -> Iterator[tuple[str, str]]:
    """Go through the ways to split a text at ``=``, longest name first."""
    for place in range(len(text) - 1, -1, -1):
        if text[place] == "=":
            yield text[:place].strip(), text[place + 1 :].strip()


def _move(text: str, source: str, target: str, right: str) -> Shift:
    amount = _amount(right, text)
    if source == target:
        raise UsageError(f'"{visible(text)}" moves money from {visible(source)} to itself. Name two channels.')
    if amount.value < 0:
        raise UsageError(f'"{visible(text)}" moves a negative amount. Turn the channels round instead.')
    if amount.share and amount.value > 1:
        raise UsageError(f'"{visible(text)}" takes more than {visible(source)} has. Use 100% or less.')
    return Shift(text, target, Amount(amount.value, "change", amount.share), source)


def _amount(right: str, text: str) -> Amount:
    """Read an amount; a sign makes it a change, as does a percent sign."""
    bare = right.strip()
    if mark_is_open(bare.lstrip("+-−")):
        raise UsageError(
            f'"{visible(text)}": {visible(bare)} could be thousands or decimals. '
            "Write it without a separator, for example 1500."
        )
    try:
        value = to_number(bare, decide_mark([bare]).mark or ".")
    except ValueError:
        value = None
    if value is None:
        raise UsageError(
            f'"{visible(text)}": {visible(bare) or "nothing"} is no amount. Write -20%, +500 or 2000 (money per week).'
        )
    share = "%" in bare
    signed = bare[:1] in "+-−" or value < 0
    return Amount(value, "change" if signed or share else "set", share)


def _unmistaken(amount: Amount, right: str, text: str) -> Amount:
    """Refuse a percent without a sign: it could be a change, or the share that is left."""
    if amount.share and right.strip()[:1] not in "+-−":
        raise UsageError(
            f'"{visible(text)}": does {visible(right)} mean more or less? Write +{visible(right)} or -{visible(right)}.'
        )
    return amount


def _why_not(text: str, readings: Sequence[tuple[str, str]], channels: Sequence[str]) -> str:
    """Say which part of a shift cannot be read."""
    if not readings or not readings[0][0]:
        return (
            f'"{visible(text)}" is no shift. Write CHANNEL=-20%, CHANNEL=+500, CHANNEL=2000 '
            "or CHANNEL>CHANNEL=500 (money per week)."
        )
    left = readings[0][0]
    parts = [part.strip() for part in left.split(">")]
    missing = next((part for part in parts if find(part, channels) is None), left)
    return unknown(missing, channels)
