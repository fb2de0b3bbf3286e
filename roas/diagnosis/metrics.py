"""The series a diagnosis looks at: their names, units and what they are made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from roas.language import mark

Unit = Literal["money", "ratio", "share", "count"]


@dataclass(frozen=True)
class Metric:
    """A weekly series: what readers call it, and its unit."""

    name: str
    label: str
    unit: Unit
    says: str


_EACH: Final = (
    Metric("cpm", mark("Price of 1,000 impressions"), "money", mark("spend per 1,000 impressions")),
    Metric("ctr", mark("Click-through"), "share", mark("clicks per impression")),
    Metric("cpc", mark("Price of a click"), "money", mark("spend per click")),
    Metric("cvr", mark("Conversion rate"), "share", mark("claimed conversions per click")),
    Metric("response", mark("Sales per unit of spend"), "ratio", mark("claimed conversions per unit of spend")),
    Metric("aov", mark("Claimed basket"), "money", mark("claimed revenue per claimed conversion")),
    Metric("frequency", mark("Frequency"), "ratio", mark("impressions per person reached")),
    Metric("claimed_roas", mark("Claimed ROAS"), "ratio", mark("claimed revenue per unit of spend")),
    Metric("claims_over_till", mark("Claims over the till"), "ratio", mark("claimed revenue per unit of shop revenue")),
    Metric("unattributed", mark("Revenue no platform claims"), "money", mark("shop revenue less all claims, per week")),
    Metric("sessions", mark("Visits"), "count", mark("sessions of the shop per week")),
    Metric("orders_per_session", mark("Orders per visit"), "share", mark("orders of the shop per session")),
    Metric("orders", mark("Orders"), "count", mark("orders of the shop per week")),
    Metric("order_value", mark("Basket"), "money", mark("shop revenue per order")),
    Metric("new_share", mark("New customers"), "share", mark("new customers per order")),
    Metric("revenue", mark("Shop revenue"), "money", mark("shop revenue per week")),
    Metric("mer", mark("MER"), "ratio", mark("shop revenue per unit of spend")),
    Metric("spend", mark("Spend"), "money", mark("spend per week")),
    Metric("spend_share", mark("Share of spend"), "share", mark("this channel's part of all spend")),
    Metric("campaigns", mark("Campaigns"), "count", mark("campaigns with spend per week")),
)

#: By name.
METRICS: Final = {each.name: each for each in _EACH}
