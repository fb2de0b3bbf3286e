"""What each channel may get: change, minimum, maximum, fixed, by channel or by label."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from roas.errors import UsageError
from roas.format import money, visible
from roas.plan.cents import fill, money_of, to_cents
from roas.plan.names import find, unknown
from roas.plan.results import Limit

if TYPE_CHECKING:
    from roas.plan.today import Today

#: Share of a channel's money that may move by default, up or down: about what
#: accounts' own budgets do between blocks of weeks, so curves were seen there.
MAX_CHANGE: Final = 0.30


def limits_of(
    today: Today,
    *,
    max_change: float | Mapping[str, float] | None = MAX_CHANGE,
    minimum: Mapping[str, float] | None = None,
    maximum: Mapping[str, float] | None = None,
    fixed: Sequence[str] = (),
    by_tag: Mapping[str, Sequence[str]] | None = None,
) -> dict[str, Limit]:
    """Put every channel's limits together.

    Parameters
    ----------
    today : Today
    max_change : float, mapping or None
        Largest change as a share of today's money, up and down; a mapping
        gives it by channel or label, the others keep `MAX_CHANGE`. None sets
        no share: from nothing to the most that was ever at work.
    minimum, maximum : mapping, optional
        Channel or label → currency per week. They stand above `max_change`.
        The amount of a label is for all of its channels together. It is
        shared out over them in proportion to today's money, as far as the
        limits of each one allow; where one can take less (or must take more),
        the others make up for it.
    fixed : sequence of str
        Channels or labels that keep today's money.
    by_tag : mapping, optional
        Label → its channels.

    Returns
    -------
    dict
        Channel → `Limit`, in the account's order, to the cent. Channels that
        are not in the model keep today's money.

    Raises
    ------
    UsageError
        Unknown names, and limits that contradict each other.

    Examples
    --------
    >>> from roas.plan.today import Today
    >>> limits_of(Today(("Meta", "Search"), (1000.0, 500.0)), maximum={"Search": 550})
    {'Meta': Limit(low=700.0, high=1300.0), 'Search': Limit(low=350.0, high=550.0)}
    >>> both = {"minimum": {"paid": 1400}, "fixed": ["Meta"], "by_tag": {"paid": ["Meta", "Search"]}}
    >>> limits_of(Today(("Meta", "Search"), (1000.0, 500.0)), **both)
    {'Meta': Limit(low=1000.0, high=1000.0), 'Search': Limit(low=400.0, high=650.0)}
    """
    tags = by_tag or {}
    kept = {channel for name in fixed for channel in _meant(name, today, tags)} | set(today.excluded)
    least, lows = _amounts(minimum or {}, today, tags, "--min")
    most, highs = _amounts(maximum or {}, today, tags, "--max")
    for channel in kept:
        refuse = _refuse_unknown if channel in today.excluded else _refuse_both
        refuse(channel, least, most, today)
    shares = _shares(max_change, today, tags)
    usual = {
        n: _usual(now, shares[n], today.observed.get(n, now))
        for n, now in zip(today.channels, today.spend, strict=True)
    }
    # Upper limits first: what they leave is what lower ones can ask for.
    for label in highs:
        most |= _at_most(label, least, most, usual, kept, today)
    for label in lows:
        least |= _at_least(label, least, most, usual, kept, today)
    out = {}
    for channel, now in zip(today.channels, today.spend, strict=True):
        if channel in kept:
            out[channel] = Limit(now, now)
        else:
            out[channel] = _limit(channel, usual[channel], least.get(channel), most.get(channel), today)
    return out


def _usual(now: float, share: float | None, observed: float) -> Limit:
    """Return what a channel may get where nothing is said of it."""
    if share is None:
        low, high = 0.0, max(now, observed)
    else:
        low, high = now * max(0.0, 1 - share), now * (1 + share)
    # Rounded inwards: a limit that is rounded must not be looser.
    return Limit(math.ceil(round(low * 100, 6)) / 100, math.floor(round(high * 100, 6)) / 100)


def _limit(channel: str, usual: Limit, least: float | None, most: float | None, today: Today) -> Limit:
    low, high = usual.low, usual.high
    if least is not None and most is not None and least > most:
        raise UsageError(
            f"{visible(channel)}: the minimum of {money(least, today.currency, full=True)} per week is above the "
            f"maximum of {money(most, today.currency, full=True)}, by {money(least - most, today.currency, full=True)}."
        )
    low = min(low, most) if most is not None else low
    high = max(high, least) if least is not None else high
    low = least if least is not None else low
    high = most if most is not None else high
    return Limit(low, high)


@dataclass(frozen=True)
class _Label:
    """An amount for several channels together, cents per week."""

    name: str
    channels: tuple[str, ...]
    cents: int


def _amounts(
    given: Mapping[str, float], today: Today, tags: Mapping[str, Sequence[str]], option: str
) -> tuple[dict[str, float], list[_Label]]:
    """Return channel → amount, and the amounts of labels."""
    out: dict[str, float] = {}
    labels = []
    for name, amount in given.items():
        cents = to_cents(amount, f"{option} of {visible(name)}")
        channel = find(name, today.channels)
        if channel is None:
            labels.append(_Label(name, _meant(name, today, tags), cents))
        elif channel in out:
            raise UsageError(f"{option} is given twice for {visible(channel)}. Give it once.")
        else:
            out[channel] = money_of(cents)
    return out, labels


def _at_most(
    label: _Label,
    least: Mapping[str, float],
    most: Mapping[str, float],
    usual: Mapping[str, Limit],
    kept: set[str],
    today: Today,
) -> dict[str, float]:
    """Share a label's maximum out over its channels: none below what it must get."""
    low, high = _bounds(label, least, most, kept, today)
    if sum(high) <= label.cents and all(channel in most or channel in kept for channel in label.channels):
        return {}  # their own limits say more
    if sum(low) > label.cents:
        raise UsageError(
            f"--max of {visible(label.name)}: its channels must get at least {_shown(sum(low), today)} per week, "
            f"{_shown(sum(low) - label.cents, today)} more. Raise it, or leave a minimum or --fix out."
        )
    return _shared(label, low, high, usual, kept, today)


def _at_least(
    label: _Label,
    least: Mapping[str, float],
    most: Mapping[str, float],
    usual: Mapping[str, Limit],
    kept: set[str],
    today: Today,
) -> dict[str, float]:
    """Share a label's minimum out over its channels: none above what it may get."""
    low, high = _bounds(label, least, most, kept, today)
    if sum(low) >= label.cents:
        return {}  # what they must get anyway is enough
    if sum(high) < label.cents:
        raise UsageError(
            f"--min of {visible(label.name)}: its channels may get at most {_shown(sum(high), today)} per week, "
            f"{_shown(label.cents - sum(high), today)} less. Lower it, or leave a maximum or --fix out."
        )
    # Below the usual limit a minimum asks for nothing, so it counts from zero.
    from_zero = {name: Limit(0.0, limit.high) for name, limit in usual.items()}
    return _shared(label, low, high, from_zero, kept, today)


def _bounds(
    label: _Label, least: Mapping[str, float], most: Mapping[str, float], kept: set[str], today: Today
) -> tuple[list[int], list[int]]:
    """Return what each channel of a label must and may get, by what is said of it alone, cents."""
    low, high = [], []
    for channel in label.channels:
        now = today.of(channel)
        low.append(to_cents(now if channel in kept else least.get(channel, 0.0)))
        # Without a maximum of its own a channel could take the label's whole amount.
        none = money_of(max(label.cents, low[-1]))
        high.append(to_cents(now if channel in kept else most.get(channel, none)))
    return low, high


def _shared(
    label: _Label, low: list[int], high: list[int], usual: Mapping[str, Limit], kept: set[str], today: Today
) -> dict[str, float]:
    """Share an amount out in today's proportions, inside the usual limits too where that can be."""
    now = [to_cents(today.of(channel)) for channel in label.channels]
    inner = [(to_cents(usual[n].low), to_cents(usual[n].high)) for n in label.channels]
    near = [min(max(a, x), b) for (a, _), x, b in zip(inner, low, high, strict=True)]
    far = [max(min(b, y), x) for (_, b), x, y in zip(inner, low, high, strict=True)]
    if sum(near) <= label.cents <= sum(far):
        low, high = near, far
    parts = fill(label.cents, now, low, high)
    return {name: money_of(part) for name, part in zip(label.channels, parts, strict=True) if name not in kept}


def _shown(cents: int, today: Today) -> str:
    return money(money_of(cents), today.currency, full=True)


def _meant(name: str, today: Today, tags: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """Return the channels of a name: a channel's own stands above a label's."""
    channel = find(name, today.channels)
    if channel is not None:
        return (channel,)
    label = find(name, tags)
    if label is None:
        raise UsageError(unknown(name, (*today.channels, *tags)))
    return tuple(each for each in today.channels if each in set(tags[label]))


def _shares(
    given: float | Mapping[str, float] | None, today: Today, tags: Mapping[str, Sequence[str]]
) -> dict[str, float | None]:
    if given is None:
        return dict.fromkeys(today.channels)
    named = given if isinstance(given, Mapping) else dict.fromkeys(today.channels, given)
    out: dict[str, float | None] = dict.fromkeys(today.channels, MAX_CHANGE)
    for name, share in named.items():
        if not (math.isfinite(share) and share >= 0):
            raise UsageError(f"--max-change {share}: give a share of zero or more, for example 30%.")
        for channel in _meant(name, today, tags):
            out[channel] = float(share)
    return out


def _refuse_both(channel: str, least: Mapping[str, float], most: Mapping[str, float], today: Today) -> None:
    now = today.of(channel)
    if least.get(channel, now) > now or most.get(channel, now) < now:
        raise UsageError(
            f"{visible(channel)} is fixed at {money(now, today.currency, full=True)} per week, "
            "which its minimum or maximum does not allow. Leave one of them out."
        )


def _refuse_unknown(channel: str, least: Mapping[str, float], most: Mapping[str, float], today: Today) -> None:
    now = today.of(channel)
    if channel in today.excluded and (least.get(channel, now) > now or most.get(channel, now) < now):
        raise UsageError(
            f"{visible(channel)} keeps its {money(now, today.currency, full=True)} per week: what it brings is not "
            f"known ({visible(today.excluded[channel])}). Leave its minimum or maximum out, or use --shift."
        )


def limits_in_order(today: Today, limits: Mapping[str, Limit]) -> dict[str, Limit]:
    """Return the limits of every channel in the account's order.

    Raises
    ------
    UsageError
        Where a channel has none, or a lower limit stands above the upper one.
    """
    for channel in today.channels:
        if channel not in limits:
            raise UsageError(f"there is no limit for {visible(channel)}. limits_of(today) gives one to every channel.")
        if limits[channel].low > limits[channel].high:
            raise UsageError(f"{visible(channel)}: its lower limit stands above its upper limit.")
    return {channel: limits[channel] for channel in today.channels}


def check_total(limits: Mapping[str, Limit], total: int, today: Today) -> None:
    """Refuse limits that cannot meet a total of cents per week.

    Raises
    ------
    UsageError
        Saying which side and by how much.
    """
    low = sum(to_cents(each.low) for each in limits.values())
    high = sum(to_cents(each.high) for each in limits.values())
    if low > total:
        raise UsageError(
            f"the limits ask for at least {_shown(low, today)} per week, {_shown(low - total, today)} more than the "
            f"budget of {_shown(total, today)}.\n  Lower --min, raise --max-change, or raise the budget."
        )
    if high < total:
        raise UsageError(
            f"the limits allow at most {_shown(high, today)} per week, {_shown(total - high, today)} less than the "
            f"budget of {_shown(total, today)}.\n  Raise --max or --max-change, or lower the budget."
        )
