"""What it takes to reach a revenue: the least money, where anything observed reaches it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from roas.errors import UsageError
from roas.language import mark
from roas.plan.allocate import Split, best_split
from roas.plan.amounts import about, exact
from roas.plan.cents import money_of, to_cents
from roas.plan.effects import CurvesOf, effects_of
from roas.plan.evaluate import check_margin
from roas.plan.limit_checks import limits_in_order
from roas.plan.limits import MAX_CHANGE
from roas.plan.outcome import Proposal, plan_of
from roas.plan.payable import payable
from roas.plan.results import Limit, Plan, Warned
from roas.plan.sentences import Sentence
from roas.plan.tables import Tables, tables_of
from roas.plan.task import DRAWS

if TYPE_CHECKING:
    from roas.plan.today import Today

#: Largest revenue per week that is taken for one.
LARGEST: Final = 1e15


def observed_limits(today: Today) -> dict[str, Limit]:
    """Return limits from today's money less 30 % to the most that was ever at work."""
    out = {}
    for channel, now in zip(today.channels, today.spend, strict=True):
        most = math.floor(max(now, today.observed.get(channel, now)) * 100 + 1e-6) / 100
        low = math.ceil(now * (1 - MAX_CHANGE) * 100 - 1e-6) / 100
        out[channel] = Limit(now, now) if channel in today.excluded else Limit(low, max(most, low))
    return out


def target_revenue(
    response: CurvesOf,
    today: Today,
    amount: float,
    *,
    limits: Mapping[str, Limit] | None = None,
    weeks: int = 4,
    margin: float | None = None,
    name: str = "",
) -> Plan:
    """Find the least money per week with which a revenue is expected.

    Parameters
    ----------
    response : ResponseResults, or anything with ``curves`` and ``data``
    today : Today
        With the revenue of recent weeks.
    amount : float
        All revenue per week that is wanted, currency. What does not come
        from ads is taken to stay as in the last 8 weeks.
    limits : mapping, optional
        By default from 30 % below today's money to the most that was ever at
        work in each channel.
    weeks : int
        Horizon.
    margin : float, optional
    name : str

    Returns
    -------
    Plan
        ``facts["reached"]`` tells whether any split inside the limits is
        expected to reach it. If none is, the plan is today's split, and a
        warning says what most can be expected.

    Raises
    ------
    UsageError
        When revenue of recent weeks is not known, or `amount` is no money.
    """
    check_margin(margin)
    now = today.revenue_per_week
    if now is None:
        raise UsageError("a target revenue needs the revenue of recent weeks. Give the shop's revenue with --revenue.")
    if not 0 < amount <= LARGEST:
        raise UsageError(f"a target revenue must be an amount of money per week above zero, not {amount}.")
    inside = observed_limits(today) if limits is None else limits_in_order(today, limits)
    fast = effects_of(response, today, weeks, draws=DRAWS, fast=True)
    tables = tables_of(fast, today, {name: each for name, each in inside.items() if name not in today.excluded})
    split, reached = cheapest(tables, amount - now)
    fixed = {channel: inside[channel].low for channel in today.channels}
    cents = payable(split.cents, tables.now, today.currency, low=tables.low, high=tables.high, fixed=False)
    planned = fixed | {n: money_of(x) for n, x in zip(tables.names, cents, strict=True)}
    facts: dict[str, Any] = {
        "objective": "target_revenue",
        "target": float(amount),
        "revenue_now": now,
        "reached": reached,
        "optimality_gap": round(split.gap, 2),
    }
    if not reached:
        facts |= {"most": now + split.value, "most_money": sum(to_cents(each) for each in planned.values()) / 100}
        planned = dict(zip(today.channels, today.spend, strict=True))
    effects = effects_of(response, today, weeks)
    plan = plan_of(
        effects,
        today,
        Proposal(planned),
        limits=inside,
        margin=margin,
        name=name,
        facts=facts,
        extra=() if reached else (_out_of_reach(today, amount, facts),),
        held=not reached,
        price=split.price if reached else None,
    )
    chance = 0.0 if plan.draws is None else float(np.mean(now + plan.draws >= amount))
    return replace(plan, facts={**plan.facts, "probability_reached": chance})


def _out_of_reach(today: Today, amount: float, facts: Mapping[str, Any]) -> Warned:
    said = Sentence(
        mark(
            "Nothing inside the limits is expected to reach {target} per week. "
            "The most is about {most}, with {spend} of spend; now it is about {now}."
        ),
        target=(exact, amount, today.currency),
        most=(about, facts["most"], today.currency),
        spend=(exact, facts["most_money"], today.currency),
        now=(about, facts["revenue_now"], today.currency),
    )
    return Warned(None, "other", said)


def cheapest(tables: Tables, needed: float) -> tuple[Split, bool]:
    """Return the cheapest best split that is expected to gain `needed`, and whether there is one.

    Halves the range of totals down to the cent: more money never earns less.
    """
    if not tables.names:
        return Split((), 0.0, 0.0, 0.0), needed <= 0
    values = tables.values(1.0, 0.0)
    low, high = sum(tables.low), sum(tables.high)
    best = best_split(values, tables.low, tables.high, high)
    if best.value < needed:
        return best, False
    while low < high:
        middle = (low + high) // 2
        split = best_split(values, tables.low, tables.high, middle)
        if split.value >= needed:
            high, best = middle, split
        else:
            low = middle + 1
    return best, True
