"""What is said of several channels at once: a label's minimum or maximum, shared out over its channels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from roas.errors import UsageError
from roas.format import visible
from roas.plan.cents import fill, money_of, to_cents
from roas.plan.limit_checks import shown
from roas.plan.names import find, unknown
from roas.plan.results import Limit

if TYPE_CHECKING:
    from roas.plan.today import Today


@dataclass(frozen=True)
class Label:
    """An amount for several channels together, cents per week."""

    name: str
    channels: tuple[str, ...]
    cents: int


@dataclass(frozen=True)
class Asked:
    """What is said of channels alone, and what holds where nothing is said.

    Attributes
    ----------
    today : Today
    least, most : dict
        Channel → currency per week. What a label gives its channels is added to them.
    kept : frozenset of str
        Channels that keep today's money.
    usual : mapping
        Channel → `Limit` where nothing is said of it.
    """

    today: Today
    least: dict[str, float]
    most: dict[str, float]
    kept: frozenset[str]
    usual: Mapping[str, Limit]


def meant(name: str, today: Today, tags: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """Return the channels of a name: a channel's own stands above a label's.

    Raises
    ------
    UsageError
        Naming the nearest channel or label.
    """
    channel = find(name, today.channels)
    if channel is not None:
        return (channel,)
    label = find(name, tags)
    if label is None:
        raise UsageError(unknown(name, (*today.channels, *tags)))
    return tuple(each for each in today.channels if each in set(tags[label]))


def amounts_of(
    given: Mapping[str, float], today: Today, tags: Mapping[str, Sequence[str]], option: str
) -> tuple[dict[str, float], list[Label]]:
    """Return channel → amount, and the amounts of labels.

    Raises
    ------
    UsageError
        Unknown names, amounts that are none, a channel that is named twice.
    """
    own: dict[str, float] = {}
    labels = []
    for name, amount in given.items():
        cents = to_cents(amount, f"{option} of {visible(name)}")
        channel = find(name, today.channels)
        if channel is None:
            labels.append(Label(name, meant(name, today, tags), cents))
        elif channel in own:
            raise UsageError(f"{option} is given twice for {visible(channel)}. Give it once.")
        else:
            own[channel] = money_of(cents)
    return own, labels


def at_most(label: Label, asked: Asked) -> dict[str, float]:
    """Share a label's maximum out over its channels: none below what it must get."""
    low, high = _bounds(label, asked)
    if sum(high) <= label.cents and all(channel in asked.most or channel in asked.kept for channel in label.channels):
        return {}  # their own limits say more
    if sum(low) > label.cents:
        least, more = shown(sum(low), asked.today), shown(sum(low) - label.cents, asked.today)
        raise UsageError(
            f"--max of {visible(label.name)}: its channels must get at least {least} per week, "
            f"{more} more. Raise it, or leave a minimum or --fix out."
        )
    return _shared(label, low, high, asked, asked.usual)


def at_least(label: Label, asked: Asked) -> dict[str, float]:
    """Share a label's minimum out over its channels: none above what it may get."""
    low, high = _bounds(label, asked)
    if sum(low) >= label.cents:
        return {}  # what they must get anyway is enough
    if sum(high) < label.cents:
        most, less = shown(sum(high), asked.today), shown(label.cents - sum(high), asked.today)
        raise UsageError(
            f"--min of {visible(label.name)}: its channels may get at most {most} per week, "
            f"{less} less. Lower it, or leave a maximum or --fix out."
        )
    # Below the usual limit a minimum asks for nothing, so it counts from zero.
    from_zero = {name: Limit(0.0, limit.high) for name, limit in asked.usual.items()}
    return _shared(label, low, high, asked, from_zero)


def _bounds(label: Label, asked: Asked) -> tuple[list[int], list[int]]:
    """Return what each channel of a label must and may get, by what is said of it alone, cents."""
    low, high = [], []
    for channel in label.channels:
        now, keeps = asked.today.of(channel), channel in asked.kept
        low.append(to_cents(now if keeps else asked.least.get(channel, 0.0)))
        # Without a maximum of its own a channel could take the label's whole amount.
        none = money_of(max(label.cents, low[-1]))
        high.append(to_cents(now if keeps else asked.most.get(channel, none)))
    return low, high


def _shared(
    label: Label, low: list[int], high: list[int], asked: Asked, usual: Mapping[str, Limit]
) -> dict[str, float]:
    """Share an amount out in today's proportions, inside the usual limits too where that can be."""
    now = [to_cents(asked.today.of(channel)) for channel in label.channels]
    inner = [(to_cents(usual[n].low), to_cents(usual[n].high)) for n in label.channels]
    near = [min(max(a, x), b) for (a, _), x, b in zip(inner, low, high, strict=True)]
    far = [max(min(b, y), x) for (_, b), x, y in zip(inner, low, high, strict=True)]
    if sum(near) <= label.cents <= sum(far):
        low, high = near, far
    parts = fill(label.cents, now, low, high)
    return {name: money_of(part) for name, part in zip(label.channels, parts, strict=True) if name not in asked.kept}
