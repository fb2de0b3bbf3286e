"""What each channel may get: change, minimum, maximum, fixed, by channel or by label."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from roas.errors import UsageError
from roas.plan.labels import Asked, amounts_of, at_least, at_most, meant
from roas.plan.limit_checks import check_kept, check_order
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
    kept = {channel for name in fixed for channel in meant(name, today, tags)} | set(today.excluded)
    least, lows = amounts_of(minimum or {}, today, tags, "--min")
    most, highs = amounts_of(maximum or {}, today, tags, "--max")
    for channel in today.channels:
        if channel in kept:
            check_kept(channel, least, most, today)
    asked = Asked(today, least, most, frozenset(kept), _usual_limits(today, _shares(max_change, today, tags)))
    # Upper limits first: what they leave is what lower ones can ask for.
    for label in highs:
        asked.most.update(at_most(label, asked))
    for label in lows:
        asked.least.update(at_least(label, asked))
    return {channel: _limit(channel, asked) for channel in today.channels}


def _shares(
    given: float | Mapping[str, float] | None, today: Today, tags: Mapping[str, Sequence[str]]
) -> dict[str, float | None]:
    """Return by what share of today's money each channel may move; None is any."""
    if given is None:
        return dict.fromkeys(today.channels)
    named = given if isinstance(given, Mapping) else dict.fromkeys(today.channels, given)
    out: dict[str, float | None] = dict.fromkeys(today.channels, MAX_CHANGE)
    for name, share in named.items():
        if not (math.isfinite(share) and share >= 0):
            raise UsageError(f"--max-change {share}: give a share of zero or more, for example 30%.")
        for channel in meant(name, today, tags):
            out[channel] = float(share)
    return out


def _usual_limits(today: Today, shares: Mapping[str, float | None]) -> dict[str, Limit]:
    """Return what each channel may get where nothing else is said of it."""
    money = zip(today.channels, today.spend, strict=True)
    return {channel: _usual(now, shares[channel], today.observed.get(channel, now)) for channel, now in money}


def _usual(now: float, share: float | None, observed: float) -> Limit:
    if share is None:
        low, high = 0.0, max(now, observed)
    else:
        low, high = now * max(0.0, 1 - share), now * (1 + share)
    # Rounded inwards: a limit that is rounded must not be looser.
    return Limit(math.ceil(round(low * 100, 6)) / 100, math.floor(round(high * 100, 6)) / 100)


def _limit(channel: str, asked: Asked) -> Limit:
    """Return a channel's limits: what is said of it stands above what is usual."""
    if channel in asked.kept:
        now = asked.today.of(channel)
        return Limit(now, now)
    least, most, usual = asked.least.get(channel), asked.most.get(channel), asked.usual[channel]
    check_order(channel, least, most, asked.today)
    low = min(usual.low, math.inf if most is None else most) if least is None else least
    high = max(usual.high, 0.0 if least is None else least) if most is None else most
    return Limit(low, high)
