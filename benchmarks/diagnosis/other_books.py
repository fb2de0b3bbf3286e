"""From a world to what it is expected to bring, and from there to the exports: luck, rounding, missing columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from other_channels import Array
from other_market import World

Columns = Literal["bare", "claims", "funnel", "full"]

#: Sums of more baskets than this are drawn as normal: nobody can tell.
MANY = 4000


@dataclass(frozen=True)
class Expected:
    """Expectations by campaign and day (N, T) or by day (T,)."""

    impressions: Array
    clicks: Array
    reach: Array
    caused: Array
    harvested: Array
    claims: Array
    base: Array
    sessions: Array
    revenue: Array
    new: Array


def expect(world: World) -> Expected:
    """Work out what a world brings.

    ``caused = pull · lags * (clicks · cvr · reaction(volume))`` with ``*`` the convolution over days, and
    ``claims = counted · (rate · caused + harvested)``, ``harvested`` a share of the sales without ads.
    """
    owner, channels = world.owner, world.channels
    impressions = 1000 * world.spend / world.cpm
    clicks = impressions * world.ctr
    by_spend = _by_channel(world.spend, world) / world.reference[:, None]
    by_clicks = _by_channel(clicks, world) / world.clicks_reference[:, None]
    reaction = np.stack(
        [c.reaction(by_spend[i] if c.bend_on == "spend" else by_clicks[i]) for i, c in enumerate(channels)]
    )
    acts = clicks * world.cvr * reaction[owner]
    caused = np.empty_like(acts)
    for i, channel in enumerate(channels):
        caused[owner == i] = _carried(acts[owner == i], channel.lags)
    caused *= world.pull
    # View-through claims follow volume less than in proportion.
    seen = np.stack([np.minimum(x, 8.0) ** 0.7 for x in by_clicks])
    mass = np.maximum(_by_channel(clicks, world), 1e-12)[owner]
    harvested = (world.harvest * seen)[owner] * clicks / mass * world.base
    rate = np.array([c.rate for c in channels])[owner, None]
    claims = world.counted[owner] * (rate * caused + harvested)
    weight = impressions / np.maximum(_by_channel(impressions, world), 1e-12)[owner]
    pool = np.maximum(world.pool[owner] * weight, 1e-12)
    reach = np.where(impressions > 0, pool * -np.expm1(-impressions / pool), 0.0)
    total = caused.sum(axis=0) + world.base
    return Expected(
        impressions=impressions,
        clicks=clicks,
        reach=reach,
        caused=caused,
        harvested=harvested * world.counted[owner],
        claims=claims,
        base=world.base,
        sessions=world.visits + world.landing * clicks.sum(axis=0),
        revenue=total * world.basket,
        new=(0.6 * caused.sum(axis=0) + 0.33 * world.base) / total,
    )


def _by_channel(rows: Array, world: World) -> Array:
    out = np.zeros((len(world.channels), rows.shape[1]))
    np.add.at(out, world.owner, rows)
    return out


def _carried(rows: Array, lags: Array) -> Array:
    """Spread each day's effect over the days after it; the first days are filled up to a steady state."""
    days = rows.shape[1]
    out = np.zeros_like(rows)
    for lag, share in enumerate(lags[:days]):
        out[:, lag:] += share * rows[:, : days - lag]
    return out / np.minimum(np.cumsum(lags), 1.0)[np.minimum(np.arange(days), len(lags) - 1)]


def loss_per_week(without: World, hit: World, *, since: int, moved: bool) -> float:
    """Revenue lost per week from day `since` to the end.

    What the money would have brought at each channel's ROAS without the cause, less what it brought, plus the
    sales without ads that are gone; where money only moved, plainly the revenue that is gone.
    """
    before, after = expect(without), expect(hit)
    weeks = (without.days - since) / 7
    if moved:
        return float((before.revenue - after.revenue)[since:].sum() / weeks)
    sums = [
        np.bincount(w.owner, (rows * w.basket)[:, since:].sum(axis=1), len(w.channels))
        for w, rows in ((without, before.caused), (hit, after.caused))
    ]
    spends = [np.bincount(w.owner, w.spend[:, since:].sum(axis=1), len(w.channels)) for w in (without, hit)]
    scale = np.where(spends[0] > 0, spends[1] / np.where(spends[0] > 0, spends[0], 1.0), 1.0)
    base = (before.base * without.basket - after.base * hit.basket)[since:].sum()
    return float(((scale * sums[0] - sums[1]).sum() + base) / weeks)


def exports(
    world: World, rng: np.random.Generator, *, columns: Columns, luck: bool = True
) -> tuple[pd.DataFrame, pd.DataFrame | None]:
    """Draw the account's files. Without `luck` every cell is its expectation."""
    drawn = _draw(world, expect(world), rng) if luck else _plain(world, expect(world))
    spend = _spend_table(world, drawn, columns)
    if columns == "bare":
        return spend, None
    till = {"date": pd.to_datetime(world.dates), "revenue": drawn["revenue"], "orders": drawn["orders"]}
    till |= {"sessions": drawn["sessions"], "new_customers": drawn["new"], "promo": world.promo.astype(int)}
    keep = {"claims": ["date", "revenue"], "funnel": ["date", "revenue", "orders"], "full": list(till)}[columns]
    return spend, pd.DataFrame(till)[keep]


def _plain(world: World, e: Expected) -> dict[str, Array]:
    orders = e.base + e.caused.sum(axis=0)
    return {
        "impressions": e.impressions,
        "reach": e.reach,
        "clicks": e.clicks,
        "conversions": e.claims,
        "conversion_value": e.claims * world.basket,
        "revenue": e.revenue,
        "orders": orders,
        "sessions": e.sessions,
        "new": orders * e.new,
    }


def _draw(world: World, e: Expected, rng: np.random.Generator) -> dict[str, Array]:
    """Draw counts: caused sales first, claims among them, then what platforms claim beside them."""
    rows, days = e.caused.shape
    spread = 0.08
    caused = rng.poisson(e.caused * np.exp(rng.normal(-(spread**2) / 2, spread, (rows, days))))
    base = rng.poisson(e.base * np.exp(rng.normal(-0.0002, 0.02, days)))
    share = world.counted[world.owner] * np.array([c.rate for c in world.channels])[world.owner, None]
    claims = rng.binomial(caused, np.minimum(share, 1.0)) + rng.poisson(np.maximum(share - 1, 0) * e.caused)
    claims = (claims + rng.poisson(e.harvested)).astype(float)
    halves = np.array([c.name == "Google Ads" for c in world.channels])[world.owner]
    claims[halves] = (claims[halves] + rng.poisson(e.claims[halves])) / 2
    orders = base + caused.sum(axis=0)
    value = _baskets(rng, np.round(claims * 2).astype(int), world.basket[None, :] * np.ones((rows, 1)), world.basket_cv)
    impressions = np.round(e.impressions)
    reach = np.minimum(np.round(e.reach * np.exp(rng.normal(0, 0.01, (rows, days)))), impressions)
    return {
        "impressions": impressions,
        "reach": reach,
        "clicks": np.minimum(rng.poisson(e.clicks), impressions).astype(float),
        "conversions": claims,
        "conversion_value": np.round(value / 2, 2),
        "revenue": np.round(_baskets(rng, orders, world.basket, world.basket_cv), 2),
        "orders": orders.astype(float),
        "sessions": rng.poisson(e.sessions).astype(float),
        "new": rng.binomial(orders, e.new).astype(float),
    }


def _baskets(rng: np.random.Generator, counts: np.ndarray, mean: Array, cv: float) -> Array:
    """Sum `counts` log-normal baskets per cell."""
    flat, means = counts.ravel(), np.broadcast_to(mean, counts.shape).ravel()
    few = np.where(flat <= MANY, flat, 0)
    sigma = np.sqrt(np.log1p(cv**2))
    drawn = np.exp(rng.normal(-(sigma**2) / 2, sigma, int(few.sum())))
    ends = np.cumsum(few)
    running = np.concatenate([[0.0], np.cumsum(drawn)])
    sums = running[ends] - running[ends - few]
    many = flat > MANY
    sums[many] = flat[many] + cv * np.sqrt(flat[many]) * rng.standard_normal(int(many.sum()))
    return (sums * means).reshape(counts.shape)


def _spend_table(world: World, drawn: dict[str, Array], columns: Columns) -> pd.DataFrame:
    names = ["impressions", "reach", "clicks", "conversions", "conversion_value"]
    letters = dict(zip(names, "ircvv", strict=True))
    cells = {"spend": np.round(world.spend, 2)} | {name: drawn[name].astype(float) for name in names}
    for name, letter in letters.items():
        hidden = [i for i, c in enumerate(world.channels) if letter not in c.shows]
        cells[name][np.isin(world.owner, hidden)] = np.nan
    active = (cells["spend"] > 0) | (np.nan_to_num(cells["conversions"]) > 0)
    if world.keeps_zero_rows:
        first, last = active.argmax(axis=1), world.days - active[:, ::-1].argmax(axis=1)
        days = np.arange(world.days)
        active = active.any(axis=1)[:, None] & (days >= first[:, None]) & (days < last[:, None])
    rows, days = np.nonzero(active & world.exported)
    table = pd.DataFrame(
        {
            "date": pd.to_datetime(world.dates[days]),
            "channel": np.array([c.name for c in world.channels], dtype=object)[world.owner[rows]],
            "campaign": np.array(world.names, dtype=object)[rows],
            **{name: cell[rows, days] for name, cell in cells.items()},
        }
    ).sort_values(["date", "channel", "campaign"], ignore_index=True)
    if columns == "full":
        return table
    if columns == "funnel":
        return table.drop(columns="reach")
    sums = table.groupby(["date", "channel"], as_index=False)[["spend", "conversions", "conversion_value"]].sum(
        min_count=1
    )
    if columns == "claims":
        return sums
    return sums.drop(columns="conversions").rename(columns={"conversion_value": "revenue"})
