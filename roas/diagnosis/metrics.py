"""The series a diagnosis looks at: their names, units and what they are made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Unit = Literal["money", "ratio", "share", "count"]


@dataclass(frozen=True)
class Metric:
    """A weekly series: what readers call it, and its unit."""

    name: str
    label: str
    unit: Unit
    says: str


_EACH: Final = (
    Metric("cpm", "Price of 1,000 impressions", "money", "spend per 1,000 impressions"),
    Metric("ctr", "Click-through", "share", "clicks per impression"),
    Metric("cpc", "Price of a click", "money", "spend per click"),
    Metric("cvr", "Conversion rate", "share", "claimed conversions per click"),
    Metric("response", "Sales per unit of spend", "ratio", "claimed conversions per unit of spend"),
    Metric("aov", "Claimed basket", "money", "claimed revenue per claimed conversion"),
    Metric("frequency", "Frequency", "ratio", "impressions per person reached"),
    Metric("claimed_roas", "Claimed ROAS", "ratio", "claimed revenue per unit of spend"),
    Metric("claims_over_till", "Claims over the till", "ratio", "claimed revenue per unit of shop revenue"),
    Metric("unattributed", "Revenue no platform claims", "money", "shop revenue less all claims, per week"),
    Metric("sessions", "Visits", "count", "sessions of the shop per week"),
    Metric("orders_per_session", "Orders per visit", "share", "orders of the shop per session"),
    Metric("orders", "Orders", "count", "orders of the shop per week"),
    Metric("order_value", "Basket", "money", "shop revenue per order"),
    Metric("new_share", "New customers", "share", "new customers per order"),
    Metric("revenue", "Shop revenue", "money", "shop revenue per week"),
    Metric("mer", "MER", "ratio", "shop revenue per unit of spend"),
    Metric("spend", "Spend", "money", "spend per week"),
    Metric("spend_share", "Share of spend", "share", "this channel's part of all spend"),
    Metric("campaigns", "Campaigns", "count", "campaigns with spend per week"),
)

#: By name.
METRICS: Final = {each.name: each for each in _EACH}
