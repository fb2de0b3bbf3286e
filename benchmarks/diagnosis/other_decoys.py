"""Healthy accounts that look ill, or at least busy. None of these is a cause; naming one is an error."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from other_causes import hold_promotion
from other_channels import Channel, straighten
from other_market import World, wander

#: What the plan must give before the market is drawn.
Preparation = Callable[[list[Channel], np.random.Generator], None]


def holiday(world: World, at: int, rng: np.random.Generator) -> None:
    """Hold a week in which few people buy, or many."""
    stop = min(at + int(rng.integers(5, 10)), world.days)
    factor = float(rng.choice([0.72, 1.35]))
    world.base[at:stop] *= factor
    world.visits[at:stop] *= factor**0.8
    world.pull[at:stop] *= factor**0.6


def price_wobble(world: World, at: int, rng: np.random.Generator) -> None:
    """Make impressions of a channel dear for ten to sixteen days, then as before."""
    rows = world.of(_main(world.channels))
    world.cpm[rows, at : at + int(rng.integers(10, 17))] *= 1.3


def doubled(world: World, at: int, rng: np.random.Generator) -> None:
    """Double a channel's spend: it brings twice as much, from twice as many people."""
    each = _main(world.channels)
    world.spend[world.of(each), at:] *= 2
    world.pool[each, at:] *= 2
    # Claims of view-through grow in proportion too.
    world.harvest[each, at:] *= 2**0.3


def strong_season(world: World, at: int, rng: np.random.Generator) -> None:
    """Do nothing more: the market was drawn with a strong fourth quarter."""


def pause(world: World, at: int, rng: np.random.Generator) -> None:
    """Stop an average channel, for a month or for good."""
    stop = world.days if rng.random() < 0.5 else at + 28
    world.spend[world.of(_main(world.channels)), at:stop] = 0.0


def launch(world: World, at: int, rng: np.random.Generator) -> None:
    """Start an average channel that did not exist before."""
    world.spend[world.of(_main(world.channels)), :at] = 0.0


def promotion(world: World, at: int, rng: np.random.Generator) -> None:
    """Hold a sale after which life goes on as before."""
    hold_promotion(world, until=at, rng=rng)


def even_shift(world: World, at: int, rng: np.random.Generator) -> None:
    """Move half of the money of a channel to one that is just as good."""
    giver, taker = _pair(world.channels)
    money = 0.5 * world.spend[world.of(giver)][:, at:].sum(axis=0)
    old = world.spend[world.of(taker)].sum(axis=0).mean()
    part = world.spend[world.of(taker)].mean(axis=1)
    world.spend[world.of(giver), at:] *= 0.5
    world.spend[world.of(taker), at:] += (part / part.sum())[:, None] * money
    world.pool[giver, at:] *= 0.5
    world.pool[taker, at:] *= 1 + money / old


def refresh(world: World, at: int, rng: np.random.Generator) -> None:
    """Wear click-through out by a sixth and renew it every five weeks or so, all year."""
    days, every = np.arange(world.days), int(rng.integers(28, 43))
    for row in range(len(world.owner)):
        age = (days + int(rng.integers(0, every))) % every
        world.ctr[row] *= 1 - 0.17 * (age / every) ** 1.5


def scale_down(world: World, at: int, rng: np.random.Generator) -> None:
    """Take all budgets down by a third over ten weeks, and with them what they bring."""
    world.spend *= 1 - 0.35 * np.clip((np.arange(world.days) - at + 1) / 70, 0, 1)


def growth(world: World, at: int, rng: np.random.Generator) -> None:
    """Grow the whole business by a half over the window, budgets with it."""
    rise = 1 + 0.5 * np.arange(world.days) / world.days
    for name in ("base", "visits", "spend", "pool"):
        setattr(world, name, getattr(world, name) * rise)
    world.harvest *= rise**-0.7


def renamed(world: World, at: int, rng: np.random.Generator) -> None:
    """Let campaigns of a channel go on under new names."""
    rows = world.of(_main(world.channels))
    old = world.spend[rows]
    world.owner = np.concatenate([world.owner, world.owner[rows]])
    world.names += [f"{world.names[row]} v2" for row in rows]
    before = np.arange(world.days) < at
    world.spend[rows] = old * before
    world.spend = np.vstack([world.spend, old * ~before])
    for name in ("cpm", "ctr", "cvr"):
        rates = getattr(world, name)
        setattr(world, name, np.vstack([rates, rates[rows]]))


def rough(world: World, at: int, rng: np.random.Generator) -> None:
    """Double the usual unrest of demand, and let three days stand out."""
    unrest = wander(rng, (world.days,), 0.11, 0.5)
    unrest[rng.integers(0, world.days, 3)] *= rng.choice([0.5, 1.8], 3)
    world.base *= unrest
    world.visits *= unrest**0.8
    world.pull *= unrest**0.6


def gap(world: World, at: int, rng: np.random.Generator) -> None:
    """Take four days out of every ad export; the till knows them."""
    world.exported[at : at + 4] = False


DECOYS: dict[str, Callable[[World, int, np.random.Generator], None]] = {
    each.__name__: each
    for each in (
        holiday,
        price_wobble,
        doubled,
        strong_season,
        pause,
        launch,
        promotion,
        even_shift,
        refresh,
        scale_down,
        growth,
        renamed,
        rough,
        gap,
    )
}


def _main(channels: list[Channel]) -> int:
    """Find the largest channel of search, social or display: the one that decoys move."""
    fits = [i for i, c in enumerate(channels) if c.kind in ("search", "social", "display")]
    return max(fits, key=lambda i: channels[i].claims)


def _pair(channels: list[Channel]) -> tuple[int, int]:
    fits = [i for i, c in enumerate(channels) if c.kind in ("search", "social", "display")]
    first, second = sorted(fits, key=lambda i: -channels[i].claims)[:2]
    return first, second


def _average(channels: list[Channel], rng: np.random.Generator) -> None:
    """Give the main channel the claimed and the true return of the others together."""
    main = _main(channels)
    others = [c for i, c in enumerate(channels) if i != main and "v" in c.shows]
    channel = channels[main]
    channel.roas = sum(c.claims for c in others) / sum(c.claims / c.roas for c in others)
    share = sum(c.caused for c in others) / sum(c.claims for c in others)
    channel.rate = (1 - channel.harvest) / share
    straighten(channel)


def _straight_main(channels: list[Channel], rng: np.random.Generator) -> None:
    straighten(channels[_main(channels)])


def _equals(channels: list[Channel], rng: np.random.Generator) -> None:
    giver, taker = _pair(channels)
    for name in ("roas", "rate", "harvest"):
        setattr(channels[taker], name, getattr(channels[giver], name))
    straighten(channels[giver])
    straighten(channels[taker])


def _all_straight(channels: list[Channel], rng: np.random.Generator) -> None:
    for channel in channels:
        straighten(channel)


#: What each needs of the plan, so that it is no cause.
PREPARE: dict[str, Preparation] = {
    "doubled": _straight_main,
    "pause": _average,
    "launch": _average,
    "even_shift": _equals,
    "scale_down": _all_straight,
    "growth": _all_straight,
}
