"""From drivers to expected outcomes: the response, without luck.

``expected_outcome`` is a pure function of a world. Run on the same world
with and without a cause it gives that cause's effect.

The adstock and Hill functions are written here on purpose, not taken from
`roas.response`: a mistake shared by a model and its truth cannot be seen.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from roas.simulator.draws import Array
from roas.simulator.shop import Channel
from roas.simulator.world import MAX_LAG, World

# A baseline buyer who meets an ad is claimed; doubling the presence of an ad
# never doubles its claims, because the same buyers are met again.
LARGEST_HARVEST = 2.0
LANDING_RATE = 0.85  # clicks that become a session


@dataclass(frozen=True)
class Outcome:
    """What a world leads to on average, from the first warm-up day on.

    Money is in currency per day. Shapes: (campaigns, T), (channels, T) or (T,).
    """

    spend: Array  # (campaigns, T)
    impressions: Array  # (campaigns, T)
    clicks: Array  # (campaigns, T)
    claims: Array  # (campaigns, T) orders the platform counts
    contribution: Array  # (channels, T) revenue caused
    elasticity: Array  # (channels, T) d log contribution / d log spend
    baseline: Array  # (T,) revenue without ads
    baseline_orders: Array  # (T,)
    caused_orders: Array  # (T,)
    sessions: Array  # (T,)
    order_value: Array  # (T,) currency per order


def expected_outcome(world: World) -> Outcome:
    """Work out what the drivers lead to, on average."""
    shop = world.shop
    spend = world.spend
    effective = _effective_spend(world, spend)
    order_value = shop.order_value * world.order_value
    baseline_orders = shop.baseline_orders * world.demand * world.baseline * world.site_conversion
    caused, elasticity, shares = _channel_orders(world, effective)
    impressions = world.impressions
    # People on their way to the shop anyway click, but are no further visit.
    landing = impressions * world.ctr * world.appeal
    clicks = landing * (1 + world.diverted)
    return Outcome(
        spend=spend,
        impressions=impressions,
        clicks=clicks,
        claims=_claims(world, effective, shares, baseline_orders),
        contribution=caused * order_value,
        elasticity=elasticity,
        baseline=baseline_orders * order_value,
        baseline_orders=baseline_orders,
        caused_orders=caused.sum(axis=0),
        sessions=_sessions(world, landing),
        order_value=order_value,
    )


def adstock(spend: Array, *, alpha: float, max_lag: int = MAX_LAG) -> Array:
    """Carry spend forward with geometric decay, weights normalised to 1.

    Notes
    -----
    ``y[t] = sum(w[l] * spend[t - l])``, ``w[l] = alpha**l / sum(alpha**j)``,
    l = 0 … `max_lag`. Spend before the first period is taken as zero.

    Examples
    --------
    >>> adstock(np.array([3.0, 0.0, 0.0]), alpha=0.5, max_lag=1)
    array([2., 1., 0.])
    """
    weights = alpha ** np.arange(max_lag + 1)
    weights = weights / weights.sum()
    carried = np.zeros_like(spend)
    for lag, weight in enumerate(weights[: spend.shape[-1]]):
        carried[..., lag:] += weight * spend[..., : spend.shape[-1] - lag]
    return carried


def hill(spend: Array, *, half_saturation: float, slope: float) -> Array:
    """Return the share of the ceiling reached, ``x**s / (k**s + x**s)``."""
    power: Array = np.power(spend / half_saturation, slope)
    return power / (1 + power)


def _effective_spend(world: World, spend: Array) -> Array:
    """Price the clicks bought at the campaign's reference cost per click.

    Dearer impressions or duller ads buy less effect with the same money.
    """
    reference_cpm = np.array([[campaign.cpm] for campaign in world.shop.campaigns])
    reference_ctr = np.array([[campaign.ctr] for campaign in world.shop.campaigns])
    effective: Array = spend * (reference_cpm / world.cpm) * (world.ctr / reference_ctr)
    return effective


def _channel_orders(world: World, effective: Array) -> tuple[Array, Array, Array]:
    """Return orders caused per channel, their elasticity, and per campaign.

    Where the channel stands on its curve depends on the market it spends
    in; how many orders follow, on how well its ads and clicks work.
    """
    caused, elasticity, shares = [], [], np.zeros_like(effective)
    for channel in world.shop.channels:
        rows = world.rows(channel.name)
        money = effective[rows] * np.array([[campaign.quality] for campaign in channel.campaigns])
        total = adstock(money / world.room[rows], alpha=channel.alpha).sum(axis=0)
        working = adstock(money * world.appeal[rows] * world.click_worth[rows], alpha=channel.alpha)
        orders, reached = _response(world, channel, total)
        active, divisor = total > 0, np.where(total > 0, total, 1.0)
        caused.append(orders * np.where(active, working.sum(axis=0) / divisor, 1.0))
        elasticity.append(channel.slope * (1 - reached))
        shares[rows] = np.where(active, working / divisor, 0.0) * orders
    return np.array(caused), np.array(elasticity), shares


def _response(world: World, channel: Channel, carried: Array) -> tuple[Array, Array]:
    """Return the orders a channel causes, and the share of its ceiling."""
    reached = hill(carried, half_saturation=channel.half_saturation, slope=channel.slope)
    ceiling = channel.ceiling / world.shop.order_value
    orders = ceiling * reached * world.demand**channel.demand_response * world.site_conversion
    return orders, reached


def _claims(world: World, effective: Array, caused: Array, baseline_orders: Array) -> Array:
    """Return the orders each campaign's platform counts as its own.

    Claimed are the orders it caused, times the channel's claim rate, and
    baseline orders of people who would have bought anyway.
    """
    rate = np.array([[channel.claim_rate] for channel in world.shop.channels for _ in channel.campaigns])
    claims: Array = world.tracking * (rate * caused + _met(world, effective, baseline_orders))
    return claims


def _met(world: World, effective: Array, baseline_orders: Array) -> Array:
    """Return baseline orders of people who met each campaign on their way."""
    presence = effective / world.usual_spend / world.room
    met = LARGEST_HARVEST * presence / (1 + presence) * world.room * world.appeal * world.click_worth
    harvest = np.array([[campaign.harvest] for campaign in world.shop.campaigns]) * world.harvest
    orders: Array = harvest * met * baseline_orders
    return orders


def meetings(world: World, outcome: Outcome) -> tuple[Array, Array]:
    """Return the orders each campaign caused, and the baseline orders it met.

    Parameters
    ----------
    world : World
    outcome : Outcome
        What it leads to.

    Returns
    -------
    two arrays, shape (campaigns, T)
        Expected orders per day, whatever its platform counts of them.
    """
    effective = _effective_spend(world, outcome.spend)
    return _channel_orders(world, effective)[2], _met(world, effective, outcome.baseline_orders)


def _sessions(world: World, clicks: Array) -> Array:
    """Return visits: people who come by themselves, and clicks that bring others."""
    own = world.shop.baseline_orders / world.shop.site_conversion * world.demand * world.baseline
    sessions: Array = own + LANDING_RATE * clicks.sum(axis=0)
    return sessions
