"""Decide where, when and how hard each requested cause hits."""

from __future__ import annotations

import datetime as dt
import difflib
import itertools
import math
from collections.abc import Iterable
from typing import get_args

from roas.errors import UsageError
from roas.simulator.asking import read_cause
from roas.simulator.causes import CAUSES, available_causes
from roas.simulator.causes.base import OWN_COURSE, RAMP_DAYS, SLOW_DAYS, Cause, Placed, Planted, Shape
from roas.simulator.draws import Draws
from roas.simulator.shop import Channel, Shop
from roas.simulator.world import World


def place_causes(causes: Iterable[str | Planted], world: World, draws: Draws) -> list[Placed]:
    """Make every open choice of the requested causes.

    Raises
    ------
    UsageError
        If a name, channel, date, size or shape is not one the simulator
        knows, or the same cause is asked for twice in one place.
    """
    if isinstance(causes, str | Planted):
        causes = (causes,)
    wanted = [read_cause(cause) if isinstance(cause, str) else cause for cause in causes]
    placed = [_place(each, world, draws) for each in wanted]
    # In one order, so that the order of asking does not change a byte.
    placed.sort(key=lambda each: (each.cause.name, each.channel or ""))
    for one, next_one in itertools.pairwise(placed):
        if (one.cause.name, one.channel) == (next_one.cause.name, next_one.channel):
            raise UsageError(f'cause "{one.cause.name}" is asked for twice. Name it once per channel.')
    return placed


def prepared_for(world: World, placed: Iterable[Placed]) -> World:
    """Return a copy of the world with what the causes act on in it."""
    changed = world.copy()
    for each in placed:
        each.cause.prepare(changed, each)
    return changed


def with_causes(world: World, placed: Iterable[Placed]) -> World:
    """Return a copy of the world in which the causes act."""
    changed = world.copy()
    for each in sorted(placed, key=lambda one: one.cause.stage):
        each.cause.apply(changed, each)
    return changed


def _place(wanted: Planted, world: World, draws: Draws) -> Placed:
    cause = _find(wanted.cause)
    channel = _channel(cause, wanted.channel, world.shop, draws)
    factor = _factor(cause, wanted, channel, world.shop)
    since, ramp_days = _since(cause, wanted, world), _ramp_days(cause, wanted.shape)
    return Placed(cause, channel.name if channel else None, since, factor, ramp_days, draws)


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
        candidates = cause.candidates(shop)
        luck = draws.uniform(f"{cause.name} channel", 1)[0]
        return candidates[int(luck * len(candidates))]
    if asked not in known:
        raise UsageError(f'no channel "{asked}" in this account. Channels: {", ".join(known)}.')
    return known[asked]


def _factor(cause: Cause, wanted: Planted, channel: Channel | None, shop: Shop) -> float:
    """Read or choose how hard the cause hits."""
    low, high = cause.allowed(channel, shop)
    if wanted.factor is not None and wanted.size is not None:
        raise UsageError(f'cause "{cause.name}": give a factor or a size, not both.')
    if wanted.size is not None:
        return _factor_for_size(cause, wanted.size, channel, shop)
    if wanted.factor is None:
        return cause.default_factor(channel, shop)
    factor = wanted.factor
    if not (math.isfinite(factor) and factor > 0):
        raise UsageError(f'cause "{cause.name}": factor {factor} is not a number above 0.')
    if not low <= factor <= high:
        raise UsageError(f'cause "{cause.name}": factor {factor:g} is out of range. Use {low:g} to {high:g}.')
    return factor


def _factor_for_size(cause: Cause, size: float, channel: Channel | None, shop: Shop) -> float:
    if not 0 < size < 1:
        raise UsageError(f'cause "{cause.name}": size {size} is out of range. Use a share such as 0.3.')
    low, high = cause.allowed(channel, shop)
    factor = round(cause.factor_for(size, channel, shop), 4)
    if not (0 < factor < math.inf and low <= factor <= high):
        raise UsageError(f'cause "{cause.name}": a hit of {size:g} is more than it can do. Use a smaller size.')
    return factor


def _ramp_days(cause: Cause, shape: Shape | None) -> int:
    """Return the days until the cause is fully there."""
    if shape is None:
        return cause.ramp_days
    if shape not in get_args(Shape):
        raise UsageError(f'cause "{cause.name}": shape "{shape}" is not known. Use {", ".join(get_args(Shape))}.')
    if cause.ramp_days == OWN_COURSE:
        raise UsageError(f'cause "{cause.name}" has a course of its own. Leave out shape "{shape}".')
    return {"step": 0, "ramp": RAMP_DAYS, "slow": SLOW_DAYS}[shape]


def _since(cause: Cause, wanted: Planted, world: World) -> dt.date:
    """Read or choose the first day of the cause."""
    if wanted.since is None:
        return cause.onset(world)
    try:
        since = dt.date.fromisoformat(str(wanted.since))
    except ValueError:
        raise UsageError(f'cause "{wanted.cause}": "{wanted.since}" is not a date. Write it as 2025-10-06.') from None
    last = world.start + dt.timedelta(weeks=world.weeks, days=-1)
    if not world.start <= since <= last:
        raise UsageError(f'cause "{wanted.cause}": {since} is outside the window, {world.start} to {last}.')
    return since
