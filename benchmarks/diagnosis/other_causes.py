"""Fourteen causes as somebody else would write them: each changes a world from a day on.

`size` is what the rate of the unit that is hit loses: sales per unit of money, per visit, per basket. For
`harvesting` it is what the caused share of the claims loses, for `mix_shift` it sets how much money moves
(1.6 · size + 0.1 of the donor's), for `baseline_erosion` the sales without ads at the end.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from other_books import expect
from other_channels import Array
from other_market import World

Shape = Literal["step", "ramp", "slow"]

#: Days until a cause has its full size.
DAYS_TO_FULL = {"step": 1, "ramp": 21, "slow": 70}

#: Causes after which money is only elsewhere: what is lost is what the till lost.
MOVES_MONEY = frozenset({"mix_shift", "fragmentation"})

#: Causes that leave the till alone.
COSTS_NOTHING = frozenset({"tracking_break", "reporting_lag", "harvesting"})


@dataclass
class Hit:
    """A planted cause.

    Attributes
    ----------
    channel : int or None
        The channel that is hit; in `mix_shift` the one that loses the money.
    gainer : int or None
        In `mix_shift`, the weaker channel.
    since : int
        First day.
    """

    cause: str
    size: float
    shape: Shape
    since: int
    rng: np.random.Generator
    channel: int | None = None
    gainer: int | None = None
    channels: list[int] = field(default_factory=list)
    flavour: str = ""

    def course(self, days: int) -> Array:
        """Progress from 0 to 1."""
        age = np.arange(days) - self.since
        return np.asarray(np.clip((age + 1) / DAYS_TO_FULL[self.shape], 0, 1) * (age >= 0))

    @property
    def at(self) -> int:
        """The channel, where there must be one."""
        assert self.channel is not None
        return self.channel


def saturation(world: World, hit: Hit) -> None:
    """Raise a channel's budget until its average return has lost `size` on its bend."""
    channel, p = world.channels[hit.at], hit.course(world.days)
    if channel.bend == "power":
        more = (1 - hit.size) ** (1 / (channel.power - 1))
    else:
        more = channel.knee * (1 - channel.slope) / max(1 - hit.size - channel.slope, 0.05)
    rows = world.of(hit.at)
    hit.flavour = channel.bend
    grown = 1 + (min(more, 8.0) - 1) * p
    world.spend[rows] *= grown
    world.cpm[rows] *= grown**0.04


def auction_inflation(world: World, hit: Hit) -> None:
    """Make impressions dearer: in one channel, or one time in four in all of its kind."""
    kind = world.channels[hit.at].kind
    alike = [i for i, c in enumerate(world.channels) if c.kind == kind and "i" in c.shows]
    hit.channels = alike if hit.rng.random() < 0.25 else [hit.at]
    hit.flavour = "kind" if len(hit.channels) > 1 else "channel"
    for each in hit.channels:
        world.cpm[world.of(each)] /= 1 - hit.size * hit.course(world.days)


def creative_fatigue(world: World, hit: Hit) -> None:
    """Wear click-through out in a logistic curve from the launch; some accounts refresh one campaign on the way."""
    rows = world.of(hit.at)
    middle = {"step": 12.0, "ramp": 18.0, "slow": 32.0}[hit.shape]
    weight = world.spend[rows].sum(axis=1) / world.spend[rows].sum()
    launch = hit.since + hit.rng.integers(0, 8, len(rows))
    launch[np.argmax(weight)] = hit.since
    minor = [k for k in range(len(rows)) if weight[k] < 0.25]
    refreshed = int(hit.rng.choice(minor)) if len(rows) > 2 and minor and hit.rng.random() < 0.5 else None
    hit.flavour = "one refreshed" if refreshed is not None else "none refreshed"
    days = np.arange(world.days)
    for k, row in enumerate(rows):
        age = (days - launch[k]).astype(float)
        if refreshed == k:
            again = launch[k] + int(2 * middle)
            age = np.where(days >= again, days - again, age)
        world.ctr[row] *= 1 - hit.size * _worn(age, middle)


def _worn(age: Array, middle: float) -> Array:
    def curve(a: Array) -> Array:
        return np.asarray(1 / (1 + np.exp(-np.clip((a - middle) / (middle / 3), -60, 60))))

    start = curve(np.zeros(1))[0]
    return np.asarray(np.clip((curve(age) - start) / (1 - start), 0, 1) * (age >= 0))


def audience_exhaustion(world: World, hit: Hit) -> None:
    """Shrink the people within reach: frequency up, click-through, conversion and price worse, together `size`."""
    p, rows = hit.course(world.days), world.of(hit.at)
    log_loss = np.log(1 - hit.size) * p
    parts = {"tired": (0.5, 0.3, 0.2), "clicks": (0.65, 0.25, 0.1)}
    hit.flavour = str(hit.rng.choice(list(parts)))
    clicks, sales, price = parts[hit.flavour]
    world.pool[hit.at] *= 1 - min(0.75, 1.8 * hit.size) * p
    world.ctr[rows] *= np.exp(clicks * log_loss)
    world.cvr[rows] *= np.exp(sales * log_loss)
    world.cpm[rows] *= np.exp(-price * log_loss)


def tracking_break(world: World, hit: Hit) -> None:
    """Let the platform miss a share of its sales."""
    world.counted[hit.at] *= 1 - hit.size * hit.course(world.days)


def harvesting(world: World, hit: Hit) -> None:
    """Let a channel claim more of what would come anyway: on the same money, or on more of it."""
    p, rows = hit.course(world.days), world.of(hit.at)
    grow = 1 / (1 - hit.size) - 1
    hit.flavour = str(hit.rng.choice(["same money", "more money"]))
    before = expect(world)
    if hit.flavour == "more money":
        more = 1 + grow * p
        world.spend[rows] *= more
        world.pool[hit.at] *= more**0.5
    else:
        more = 1 + 0.5 * grow * p
        world.ctr[rows] *= more
    world.cvr[rows] /= more
    after = expect(world)
    # The clicks won cost nobody's sales: they would have come as free visits.
    extra = (after.clicks - before.clicks)[rows].sum(axis=0)
    world.visits = np.maximum(world.visits - world.landing * extra, 0.3 * world.visits)
    claims, caused = before.claims[rows].sum(axis=0), world.channels[hit.at].rate * after.caused[rows].sum(axis=0)
    wanted = claims.mean() / world.base.mean() * world.base * grow * p + np.maximum(claims - caused, 0)
    per_unit = after.harvested[rows].sum(axis=0) / np.maximum(world.harvest[hit.at], 1e-12)
    factor = np.where(per_unit > 0, np.minimum(wanted, 0.8 * world.base) / np.maximum(per_unit, 1e-12), 0)
    world.harvest[hit.at] = np.where(p > 0, factor, world.harvest[hit.at])


def reporting_lag(world: World, hit: Hit) -> None:
    """Let the last days be incomplete: ``F(a) = f + (1 − f) (a / W)^0.6``, the mean loss over W days is `size`."""
    span = {"step": 10, "ramp": 14, "slow": 21}[hit.shape]
    hit.since = world.days - span
    first = float(np.clip(1 - hit.size / 0.375, 0.08, 1))
    age = world.days - 1 - np.arange(world.days)
    done = np.where(age < span, first + (1 - first) * (age / span) ** 0.6, 1.0)
    all_ = [i for i, c in enumerate(world.channels) if "v" in c.shows]
    hit.channels = all_ if hit.rng.random() < 0.6 else [hit.at]
    hit.flavour = "all" if len(hit.channels) > 1 else "channel"
    for each in hit.channels:
        world.counted[each] *= done


def fragmentation(world: World, hit: Hit) -> None:
    """Move most of a channel's money to many short-lived campaigns that sell less until they have learned."""
    rows, p = world.of(hit.at), hit.course(world.days)
    moved, life = float(hit.rng.uniform(0.65, 0.85)), int(hit.rng.integers(18, 29))
    many = int(np.clip(len(rows) * hit.rng.integers(3, 6), 6, 24))
    days, generations = np.arange(world.days), range(hit.since, world.days, life)
    money = world.spend[rows].sum(axis=0) * moved * p
    weight = hit.rng.dirichlet(np.full(many, 5.0))
    parts = np.stack([weight[k] * money * ((days >= g) & (days < g + life)) for g in generations for k in range(many)])
    share = world.spend[rows].mean(axis=1)
    mean = {name: np.average(getattr(world, name)[rows], axis=0, weights=share) for name in ("cpm", "ctr", "cvr")}
    sales = parts / mean["cpm"] * 1000 * mean["ctr"] * mean["cvr"]
    learned = np.cumsum(sales, axis=1)
    # A campaign is said to have learned after some 50 sales; here at least a fortnight's worth.
    knows = np.exp(-learned / max(50.0, 14 * float(sales[sales > 0].mean())))
    late = days >= (hit.since + world.days) // 2
    naive = (parts * knows)[:, late].sum() / world.spend[rows][:, late].sum()
    penalty = min(hit.size / max(naive, 1e-9), 0.9)
    hit.flavour = f"{many} campaigns for {life} days"
    world.spend[rows] *= 1 - moved * p
    world.owner = np.concatenate([world.owner, np.full(len(parts), hit.at)])
    world.names += [f"New {1 + g}-{1 + k:02d}" for g in range(len(generations)) for k in range(many)]
    world.spend = np.vstack([world.spend, parts])
    world.cpm = np.vstack([world.cpm, np.broadcast_to(mean["cpm"] * 1.04, parts.shape)])
    world.ctr = np.vstack([world.ctr, np.broadcast_to(mean["ctr"], parts.shape)])
    world.cvr = np.vstack([world.cvr, mean["cvr"] * (1 - penalty * knows)])


def conversion_rate_drop(world: World, hit: Hit) -> None:
    """Let the site sell less to everybody, a little more so to some channels."""
    p = hit.course(world.days)
    world.base *= 1 - hit.size * p
    factor = hit.rng.uniform(0.9, 1.1, len(world.channels))[world.owner, None]
    world.cvr *= 1 - np.minimum(hit.size * factor, 0.95) * p


def order_value_drop(world: World, hit: Hit) -> None:
    """Shrink every basket."""
    world.basket *= 1 - hit.size * hit.course(world.days)


def mix_shift(world: World, hit: Hit) -> None:
    """Move money from a strong to a weak channel; both keep their rates, and people enough."""
    assert hit.gainer is not None
    share = min(0.9, 1.6 * hit.size + 0.1) * hit.course(world.days)
    donor, gainer = world.of(hit.at), world.of(hit.gainer)
    money = world.spend[donor].sum(axis=0) * share
    old = world.spend[gainer].sum(axis=0)
    per_campaign = world.spend[gainer].mean(axis=1)
    world.spend[donor] *= 1 - share
    world.spend[gainer] += (per_campaign / per_campaign.sum())[:, None] * money
    world.pool[hit.gainer] *= 1 + money / max(float(old.mean()), 1e-9)
    world.pool[hit.at] *= 1 - share


def demand_shift(world: World, hit: Hit) -> None:
    """Let the market shrink: visits, free sales, paid conversion, and in some accounts what search can spend."""
    p = hit.course(world.days) * hit.size
    world.visits *= 1 - p
    world.base *= 1 - p
    world.pull *= 1 - p * hit.rng.uniform(0.6, 1.0)
    world.ctr *= 1 - 0.12 * p
    hit.flavour = str(hit.rng.choice(["money stays", "search follows"]))
    if hit.flavour == "search follows":
        for i, channel in enumerate(world.channels):
            if channel.kind == "search":
                world.spend[world.of(i)] *= 1 - 0.8 * p


def baseline_erosion(world: World, hit: Hit) -> None:
    """Cut brand money, and let the sales without ads slide in a straight line to the end."""
    days = np.arange(world.days)
    slide = hit.size * np.clip((days - hit.since + 1) / (world.days - hit.since), 0, 1)
    brand = [i for i, c in enumerate(world.channels) if c.kind == "brand"]
    hit.channels = brand
    for each in brand:
        world.spend[world.of(each)] *= np.where(days >= hit.since, hit.rng.choice([0.0, 0.1, 0.2]), 1.0)
    others = ~np.isin(world.owner, brand)
    world.base *= 1 - slide
    world.visits *= 1 - 0.8 * slide
    world.basket *= 1 - 0.08 * slide
    world.ctr[others] *= 1 - 0.12 * slide
    world.cpm[others] *= 1 + 0.08 * slide


def promotion_hangover(world: World, hit: Hit) -> None:
    """Let orders sag after a promotion: `size` at first, back in a straight line over five to seven weeks."""
    span = {"step": 35, "ramp": 42, "slow": 49}[hit.shape]
    age = np.arange(world.days) - hit.since
    sag = hit.size * np.clip((span - age) / (0.4 * span), 0, 1) * (age >= 0)
    world.base *= 1 - sag
    world.visits *= (1 - sag) ** 0.4
    world.pull *= 1 - sag
    world.basket *= (1 - sag) ** 0.15
    world.cpm *= (1 - sag) ** -0.08


CAUSES: dict[str, Callable[[World, Hit], None]] = {
    each.__name__: each
    for each in (
        saturation,
        auction_inflation,
        creative_fatigue,
        audience_exhaustion,
        tracking_break,
        harvesting,
        reporting_lag,
        fragmentation,
        conversion_rate_drop,
        order_value_drop,
        mix_shift,
        demand_shift,
        baseline_erosion,
        promotion_hangover,
    )
}


def first_day(cause: str, *, weeks: int, onset_weeks: int) -> int:
    """Day of the onset. Erosion takes at least half a year, or 45 % of a short history."""
    long = max(onset_weeks, min(26, int(0.45 * weeks)))
    return (weeks - (long if cause == "baseline_erosion" else onset_weeks)) * 7


def hold_promotion(world: World, *, until: int, rng: np.random.Generator) -> None:
    """Hold a promotion of one to two weeks that ends the day before `until`."""
    start = max(0, until - int(rng.integers(7, 13)))
    lift = float(rng.uniform(1.4, 1.9))
    world.promo[start:until] = 1
    world.base[start:until] *= lift
    world.visits[start:until] *= lift**0.6
    world.pull[start:until] *= lift**0.7
    world.basket[start:until] *= 0.93
