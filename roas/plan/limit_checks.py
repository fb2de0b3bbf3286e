"""Limits that contradict each other or cannot meet a total: refused, with the amount that is missing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from roas.errors import UsageError
from roas.format import money, visible
from roas.plan.cents import money_of, to_cents
from roas.plan.results import Limit

if TYPE_CHECKING:
    from roas.plan.today import Today


def shown(cents: int, today: Today) -> str:
    """Write cents in full, in the account's currency."""
    return money(money_of(cents), today.currency, full=True)


def check_kept(channel: str, least: Mapping[str, float], most: Mapping[str, float], today: Today) -> None:
    """Refuse a minimum or maximum that does not allow the money that a channel keeps.

    Raises
    ------
    UsageError
        Saying why it keeps it: it is fixed, or not in the model.
    """
    now = today.of(channel)
    if least.get(channel, now) <= now <= most.get(channel, now):
        return
    amount = money(now, today.currency, full=True)
    if channel in today.excluded:
        raise UsageError(
            f"{visible(channel)} keeps its {amount} per week: what it brings is not "
            f"known ({visible(today.excluded[channel])}). Leave its minimum or maximum out, or use --shift."
        )
    raise UsageError(
        f"{visible(channel)} is fixed at {amount} per week, "
        "which its minimum or maximum does not allow. Leave one of them out."
    )


def check_order(channel: str, least: float | None, most: float | None, today: Today) -> None:
    """Refuse a minimum above the maximum.

    Raises
    ------
    UsageError
        Saying by how much.
    """
    if least is None or most is None or least <= most:
        return
    low, high, apart = (money(amount, today.currency, full=True) for amount in (least, most, least - most))
    raise UsageError(f"{visible(channel)}: the minimum of {low} per week is above the maximum of {high}, by {apart}.")


def limits_in_order(today: Today, limits: Mapping[str, Limit]) -> dict[str, Limit]:
    """Return the limits of every channel in the account's order.

    Raises
    ------
    UsageError
        Where a channel has none, or a lower limit stands above the upper one.
    """
    for channel in today.channels:
        if channel not in limits:
            raise UsageError(f"there is no limit for {visible(channel)}. limits_of(today) gives one to every channel.")
        if limits[channel].low > limits[channel].high:
            raise UsageError(f"{visible(channel)}: its lower limit stands above its upper limit.")
    return {channel: limits[channel] for channel in today.channels}


def check_total(limits: Mapping[str, Limit], total: int, today: Today) -> None:
    """Refuse limits that cannot meet a total of cents per week.

    Raises
    ------
    UsageError
        Saying which side and by how much.
    """
    low = sum(to_cents(each.low) for each in limits.values())
    high = sum(to_cents(each.high) for each in limits.values())
    if low > total:
        raise UsageError(
            f"the limits ask for at least {shown(low, today)} per week, {shown(low - total, today)} more than the "
            f"budget of {shown(total, today)}.\n  Lower --min, raise --max-change, or raise the budget."
        )
    if high < total:
        raise UsageError(
            f"the limits allow at most {shown(high, today)} per week, {shown(total - high, today)} less than the "
            f"budget of {shown(total, today)}.\n  Raise --max or --max-change, or lower the budget."
        )
