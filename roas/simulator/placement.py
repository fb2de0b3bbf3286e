"""Decide where, when and how hard each requested cause hits."""

from __future__ import annotations

import datetime as dt
import difflib
import itertools
import math
from collections.abc import Iterable

from roas.errors import UsageError
from roas.simulator.causes import CAUSES, available_causes
from roas.simulator.causes.base import Cause, Placed, Planted
from roas.simulator.draws import Draws
from roas.simulator.shop import Channel, Shop
from roas.simulator.world import World

# Recent figures cover the last 8 weeks; a cause is by then fully there.
DEFAULT_WEEKS_BEFORE_END = 12
# A cause should hit a channel that matters; one of the largest is drawn.
LARGEST_CHANNELS = 3


def place_causes(causes: Iterable[str | Planted], world: World, draws: Draws) -> list[Placed]:
    """Make every open choice of the requested causes.

    Raises
    ------
    UsageError
        If a name, channel, date or factor is not one the simulator knows,
        or the same cause is asked for twice in one place.
    """
    if isinstance(causes, str | Planted):
        causes = (causes,)
    wanted = [Planted(cause) if isinstance(cause, str) else cause for cause in causes]
    placed = [_place(each, world, draws) for each in wanted]
    # In one order, so that the order of asking does not change a byte.
    placed.sort(key=lambda each: (each.cause.name, each.channel or ""))
    for one, next_one in itertools.pairwise(placed):
        if (one.cause.name, one.channel) == (next_one.cause.name, next_one.channel):
            raise UsageError(f'cause "{one.cause.name}" is asked for twice. Name it once per channel.')
    return placed


def with_causes(world: World, placed: Iterable[Placed]) -> World:
    """Return a copy of the world in which the causes act."""
    changed = world.copy()
    for each in placed:
        each.cause.apply(changed, each)
    return changed


def _place(wanted: Planted, world: World, draws: Draws) -> Placed:
    cause = _find(wanted.cause)
    channel = _channel(cause, wanted.channel, world.shop, draws)
    factor = wanted.factor if wanted.factor is not None else cause.default_factor(channel)
    if not (math.isfinite(factor) and factor > 0):
        raise UsageError(f'cause "{cause.name}": factor {factor} is not a number above 0.')
    return Placed(cause, channel.name if channel else None, _since(wanted, world), factor)


def _find(name: str) -> Cause:
    if name in CAUSES:
        return CAUSES[name]
    near = difflib.get_close_matches(name, available_causes(), n=1)
    hint = f' Did you mean "{near[0]}"?' if near else ""
    raise UsageError(f'cause "{name}" cannot be simulated.{hint}\n  Available: {", ".join(available_causes())}.')


def _channel(cause: Cause, asked: str | None, shop: Shop, draws: Draws) -> Channel | None:
    if cause.scope == "account":
        if asked is not None:
            raise UsageError(f'cause "{cause.name}" hits the whole account. Leave out channel "{asked}".')
        return None
    known = {channel.name: channel for channel in shop.channels}
    if asked is None:
        return _drawn_channel(cause, shop, draws)
    if asked not in known:
        raise UsageError(f'no channel "{asked}" in this account. Channels: {", ".join(known)}.')
    return known[asked]


def _drawn_channel(cause: Cause, shop: Shop, draws: Draws) -> Channel:
    """Draw one of the channels with the most money."""
    large = sorted(shop.channels, key=lambda channel: -channel.daily_spend)[:LARGEST_CHANNELS]
    luck = draws.uniform(f"{cause.name} channel", 1)[0]
    return large[int(luck * len(large))]


def _since(wanted: Planted, world: World) -> dt.date:
    """Read or choose the first day of the cause."""
    if wanted.since is None:
        weeks_left = min(DEFAULT_WEEKS_BEFORE_END, max(1, world.weeks // 3))
        return world.start + dt.timedelta(weeks=world.weeks - weeks_left)
    try:
        since = dt.date.fromisoformat(str(wanted.since))
    except ValueError:
        raise UsageError(f'cause "{wanted.cause}": "{wanted.since}" is not a date. Write it as 2025-10-06.') from None
    last = world.start + dt.timedelta(weeks=world.weeks, days=-1)
    if not world.start <= since <= last:
        raise UsageError(f'cause "{wanted.cause}": {since} is outside the window, {world.start} to {last}.')
    return since
