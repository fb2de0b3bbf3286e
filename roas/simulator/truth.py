"""The truth of a simulated account, as one JSON-ready document."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from roas.limits import RECENT_WEEKS
from roas.simulator import observe as observing
from roas.simulator.books import Books, keep_books, lost_revenue
from roas.simulator.causes.base import OWN_COURSE, Placed
from roas.simulator.draws import Array
from roas.simulator.observe import Observed
from roas.simulator.outcome import Outcome, expected_outcome
from roas.simulator.placement import with_causes
from roas.simulator.shop import Channel
from roas.simulator.world import MAX_LAG, WARM_UP_DAYS, World

TRUTH_SCHEMA = "roas.truth/1"


def describe(
    healthy: World,
    world: World,
    placed: Sequence[Placed],
    outcome: Outcome,
    observed: Observed,
    setting: dict[str, Any],
) -> dict[str, Any]:
    """Assemble the truth document.

    Parameters
    ----------
    healthy : World
        The account before any cause.
    world : World
        The account with its causes; it may have more campaigns.
    placed : sequence of Placed
        What acts on it.
    outcome : Outcome
        What the account with its causes leads to.
    observed : Observed
        What was drawn.
    setting : dict
        The arguments that rebuild the account.
    """
    books = keep_books(world, outcome)
    return {
        "schema": TRUTH_SCHEMA,
        **setting,
        "process": _process(healthy),
        "totals": _totals(books, observed),
        "channels": [_channel(number, world, outcome, books, observed) for number in range(len(world.shop.channels))],
        "causes": [_cause(number, healthy, placed, books) for number in range(len(placed))],
        "weekly": _weekly_record(healthy, books),
    }


def _process(world: World) -> dict[str, Any]:
    """State the account-wide parameters of the generating process."""
    shop = world.shop
    return {
        "adstock": "geometric",
        "normalize": True,
        "max_lag_days": MAX_LAG,
        "saturation": "hill",
        "baseline_orders_per_day": _ratio(shop.baseline_orders),
        "baseline_growth_per_year": _ratio(float(np.expm1(shop.growth))),
        "site_conversion": _ratio(shop.site_conversion),
        "order_value": shop.order_value,
        "order_value_variation": shop.order_value_variation,
        "order_count_size": observing.ORDER_SIZE,
        "claim_count_size": observing.CLAIM_SIZE,
    }


def _totals(books: Books, observed: Observed) -> dict[str, Any]:
    spend, caused = _sum(books.spend), _sum(books.contribution)
    expected, claimed = _sum(books.expected_revenue), _sum(observed.conversion_value)
    return {
        "spend": spend,
        "revenue": _sum(observed.revenue),
        "expected_revenue": expected,
        "baseline_revenue": _sum(books.baseline),
        "baseline_share": _ratio(_sum(books.baseline) / expected),
        "incremental_revenue": caused,
        "roas": _ratio(caused / spend),
        "claimed_revenue": claimed,
        "over_claim": _ratio(claimed / caused),
    }


def _channel(number: int, world: World, outcome: Outcome, books: Books, observed: Observed) -> dict[str, Any]:
    """Describe one channel: what it did, what it claims, how it responds."""
    channel = world.shop.channels[number]
    spend, caused = books.spend[number], books.contribution[number]
    claimed = _sum(observed.conversion_value[world.rows(channel.name)])
    marginal = _marginal_roas(number, world, outcome)
    recent = spend[-RECENT_WEEKS:]
    return {
        "channel": channel.name,
        "spend": _sum(spend),
        "spend_per_week_recent": round(_sum(recent) / len(recent), 2),
        "incremental_revenue": _sum(caused),
        "roas": _ratio(_sum(caused) / _sum(spend)),
        "roas_recent": _ratio(_sum(caused[-RECENT_WEEKS:]) / _sum(recent)),
        "marginal_roas": marginal,
        "saturated": marginal < 1,
        "claimed_revenue": claimed,
        "claimed_roas": _ratio(claimed / _sum(spend)),
        "response": _response(channel),
        "campaigns": [
            {
                "campaign": campaign.name,
                "quality": _ratio(campaign.quality),
                "harvest": _ratio(campaign.harvest),
                "cpm": _ratio(campaign.cpm),
                "ctr": _ratio(campaign.ctr),
                "audience": round(campaign.audience),
            }
            for campaign in channel.campaigns
        ],
    }


def _response(channel: Channel) -> dict[str, Any]:
    """State the response curve, in currency per day at reference prices."""
    return {
        "alpha": _ratio(channel.alpha),
        "half_life_days": _ratio(channel.half_life),
        "half_saturation_per_day": round(channel.half_saturation, 2),
        "slope": _ratio(channel.slope),
        "ceiling_per_day": round(channel.ceiling, 2),
        "reference_spend_per_day": round(channel.daily_spend, 2),
        "demand_response": channel.demand_response,
        "demand_chase": channel.demand_chase,
        "claim_rate": _ratio(channel.claim_rate),
    }


def _marginal_roas(number: int, world: World, outcome: Outcome) -> float:
    """Return the marginal ROAS of recent weeks, carryover included.

    The derivative of the contribution when the whole spend path rises
    by the same small proportion: what flows in from earlier days then
    stands for what flows out to later ones.
    """
    recent = slice(-7 * min(RECENT_WEEKS, world.weeks), None)
    rows = world.rows(world.shop.channels[number].name)
    gain = (outcome.contribution[number] * outcome.elasticity[number])[recent].sum()
    return _ratio(float(gain / outcome.spend[rows, recent].sum()))


def _cause(number: int, healthy: World, placed: Sequence[Placed], books: Books) -> dict[str, Any]:
    """Describe one cause and its effect against the account without it."""
    this = placed[number]
    others = [each for each in placed if each is not this]
    other_world = with_causes(healthy, others)
    without = keep_books(other_world, expected_outcome(other_world))
    first = (this.since - healthy.start).days // 7
    lost = lost_revenue(books, without, keeps_budget=this.cause.keeps_budget)
    return {
        "cause": this.cause.name,
        "scope": {"channel": this.channel, "campaign": None},
        "since": this.since.isoformat(),
        "factor": this.factor,
        "multiplies": this.cause.says,
        "ramp_days": None if this.ramp_days == OWN_COURSE else this.ramp_days,
        "effect_per_week": _mean(lost[first:]),
        "effect_per_week_recent": _mean(lost[max(first, healthy.weeks - RECENT_WEEKS) :]),
        "revenue_change_per_week": _mean((books.expected_revenue - without.expected_revenue)[first:]),
        "spend_change_per_week": _mean((books.spend - without.spend).sum(axis=0)[first:]),
        "claimed_revenue_change_per_week": _mean((books.claimed - without.claimed).sum(axis=0)[first:]),
        **this.cause.tell(healthy, this),
    }


def _weekly_record(world: World, books: Books) -> dict[str, Any]:
    """List expected revenue week by week and part by part."""
    mondays = world.days[WARM_UP_DAYS::7]
    return {
        "week": [str(day) for day in mondays],
        "expected_revenue": books.expected_revenue.tolist(),
        "baseline": books.baseline.tolist(),
        "channels": {
            channel.name: books.contribution[number].tolist() for number, channel in enumerate(world.shop.channels)
        },
    }


def _sum(money: Array) -> float:
    return round(float(money.sum()), 2)


def _mean(money: Array) -> float:
    # Adding 0 turns the minus zero of an untouched account into zero.
    return round(float(money.mean()), 2) + 0.0


def _ratio(value: float) -> float:
    return round(value, 6)
