"""Accounts in which nothing can be known, or nothing is to be gained: a plan should keep its hands still.

Without claims and visits (``bare``) spend and sales are all there is; ``full`` accounts also say what platforms claim.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from accounts import FACTORS, HORIZONS, RECENT, SCALES, Account, Truth, tables_of, truth_of, world_of

from roas.simulator.shop import Shop
from roas.simulator.world import World

#: Columns of an account without claims.
BARE = ["date", "channel", "campaign", "spend", "currency"]

#: Weeks of a history too short to tell a season from an effect.
SHORT = 20


def constant(seed: int, *, bare: bool) -> Account:
    """Spend the same every day."""

    def flat(world: World) -> None:
        world.budget = np.broadcast_to(world.budget[:, -RECENT:].mean(axis=1, keepdims=True), world.budget.shape)

    return _account("constant", seed, flat, bare=bare)


def together(seed: int, *, bare: bool) -> Account:
    """Move all channels in the same proportion: their spend is perfectly collinear."""

    def joined(world: World) -> None:
        path = world.budget.sum(axis=0)
        shares = world.budget[:, -RECENT:].sum(axis=1, keepdims=True) / path[-RECENT:].sum()
        world.budget = shares * path

    return _account("together", seed, joined, bare=bare)


def short(seed: int, *, bare: bool) -> Account:
    """Show twenty weeks of history."""
    return _account("short", seed, lambda world: None, bare=bare, weeks=SHORT)


def noise(seed: int, *, bare: bool) -> Account:
    """Draw sales that ads have no part in: luck about a level."""
    account = _account("noise", seed, lambda world: None, bare=bare)
    rng = np.random.default_rng([seed, 1])
    days = len(account.revenue)
    level = account.revenue["revenue"].mean()
    revenue = account.revenue.assign(revenue=(level * np.exp(0.15 * rng.standard_normal(days))).round(2))
    nothing = {weeks: np.zeros((len(account.truth.channels), len(FACTORS))) for weeks in HORIZONS}
    return replace(account, revenue=revenue, truth=Truth(account.truth.channels, nothing))


def alike(seed: int, *, bare: bool) -> Account:
    """Let the next unit of money bring the same in every channel: today's split is the best there is."""
    how = {"weeks": 104, "scale": SCALES[seed % 3], "chase": 0.0}
    truth = truth_of(world_of(seed, **how))
    world = world_of(seed, **how)
    spend = np.array([world.spend[world.rows(c), -RECENT:].sum() / 8 for c in truth.channels])
    slopes = np.array([truth.of(c, 8)(1.05) - truth.of(c, 8)(0.95) for c in truth.channels]) / (0.1 * spend)
    level = float((slopes * spend).sum() / spend.sum())

    def even(shop: Shop) -> Shop:
        channels = tuple(
            replace(each, roas=each.roas * level / slopes[truth.channels.index(each.name)]) for each in shop.channels
        )
        return replace(shop, channels=channels)

    return _account("alike", seed, lambda world: None, bare=bare, shop=even)


def still(shop: Shop) -> Shop:
    """Let no channel's spend follow demand."""
    return replace(shop, channels=tuple(replace(each, demand_chase=0.0) for each in shop.channels))


def _account(
    kind: str,
    seed: int,
    change: Callable[[World], None],
    *,
    bare: bool,
    weeks: int = 104,
    shop: Callable[[Shop], Shop] | None = None,
) -> Account:
    made = shop if shop is not None else still
    world = world_of(seed, weeks=weeks, scale=SCALES[seed % 3], chase=0.0, shop=made)
    change(world)
    tables = tables_of(world, seed)
    spend, revenue = tables["spend"], tables["revenue"]
    if bare:
        spend, revenue = spend[BARE], revenue[["date", "revenue", "promo"]]
    name = f"{kind}-{'bare' if bare else 'full'}-{seed}"
    return Account(name, spend, revenue, truth_of(world), {"kind": kind, "bare": bare, "scale": SCALES[seed % 3]})


#: Name → what draws it, and whether claims are left out.
KINDS: dict[str, tuple[Callable[..., Account], bool]] = {
    "constant-bare": (constant, True),
    "together-bare": (together, True),
    "short-bare": (short, True),
    "noise-bare": (noise, True),
    "constant-full": (constant, False),
    "together-full": (together, False),
    "short-full": (short, False),
    "noise-full": (noise, False),
    "alike-full": (alike, False),
}
