"""What each channel may get: change, minimum, maximum, fixed, by channel or by label."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from roas.errors import UsageError
from roas.format import money, visible
from roas.plan.cents import money_of, share_out, to_cents
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
        The amount of a label is for all of its channels together and is
        shared out over them in proportion to today's money.
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
    """
    tags = by_tag or {}
    least, most = _amounts(minimum or {}, today, tags, "--min"), _amounts(maximum or {}, today, tags, "--max")
    kept = {channel for name in fixed for channel in _meant(name, today, tags)}
    for channel in kept:
        _refuse_both(channel, least, most, today)
    shares = _shares(max_change, today, tags)
    out = {}
    for channel, now in zip(today.channels, today.spend, strict=True):
        if channel in kept or channel in today.excluded:
            _refuse_unknown(channel, least, most, today)
            out[channel] = Limit(now, now)
        else:
            out[channel] = _limit(channel, now, shares[channel], least.get(channel), most.get(channel), today)
    return out


def _limit(
    channel: str, now: float, share: float | None, least: float | None, most: float | None, today: Today
) -> Limit:
    if share is None:
        low, high = 0.0, max(now, today.observed.get(channel, now))
    else:
        low, high = now * max(0.0, 1 - share), now * (1 + share)
    # Rounded inwards: a limit that is rounded must not be looser.
    low, high = math.ceil(round(low * 100, 6)) / 100, math.floor(round(high * 100, 6)) / 100
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


def _amounts(
    given: Mapping[str, float], today: Today, tags: Mapping[str, Sequence[str]], option: str
) -> dict[str, float]:
    """Return channel → amount, with those of labels shared out."""
    out: dict[str, float] = {}
    for name, amount in given.items():
        channels = _meant(name, today, tags)
        cents = to_cents(amount, f"{option} of {visible(name)}")
        weights = [today.of(each) for each in channels]
        parts = share_out(cents, weights if sum(weights) > 0 else [1.0] * len(channels))
        for channel, part in zip(channels, parts, strict=True):
            if channel in out:
                raise UsageError(f"{option} is given twice for {visible(channel)}. Give it once.")
            out[channel] = money_of(part)
    return out


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

    def shown(cents: int) -> str:
        return money(money_of(cents), today.currency, full=True)

    if low > total:
        raise UsageError(
            f"the limits ask for at least {shown(low)} per week, {shown(low - total)} more than the budget of "
            f"{shown(total)}.\n  Lower --min, raise --max-change, or raise the budget."
        )
    if high < total:
        raise UsageError(
            f"the limits allow at most {shown(high)} per week, {shown(total - high)} less than the budget of "
            f"{shown(total)}.\n  Raise --max or --max-change, or lower the budget."
        )
