"""Shopify: the orders export (a row per line item) and Analytics reports.

Revenue is what goods brought after discounts and refunds, without tax and
shipping. In the orders export that has to be worked out: whether ``Subtotal``
holds tax depends on the shop, and shows only in how the order adds up.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from roas.io.platforms.base import Platform
from roas.io.platforms.order_lines import (
    amounts,
    blank,
    drop_statuses,
    one_row_per_order,
    plain,
    refund_net_of_tax,
)
from roas.io.platforms.tax import goods_share, tax_is_included
from roas.io.written import amount
from roas.language import say

if TYPE_CHECKING:
    from roas.io.mapped import Mapped

#: Money never taken, or given back before it was taken.
_UNPAID = ("voided", "pending", "expired")
_PAID = ("paid", "partially paid", "authorized", "refunded", "partially refunded", "unpaid")


def _collapse(table: Mapped) -> None:
    """Keep one row per order and drop lines whose order is not in the file."""
    lines = len(table.frame)
    if one_row_per_order(table):
        orders = len(table.frame)
        table.findings.note(
            say(
                "{lines} line items are {orders} orders; amounts were taken once per order.", lines=lines, orders=orders
            )
        )
    table.drop(blank(table.frame["revenue"]), say("line item whose order is not in the file"))


def _orders(table: Mapped) -> None:
    """Drop unpaid orders, then take tax and refunds out of the subtotal."""
    _drop_cancelled(table)
    drop_statuses(table, _UNPAID, kept=_PAID)
    frame = table.frame = table.frame.copy()
    frame["subtotal"] = subtotal = amounts(table, "revenue")
    tax, refunded = amounts(table, "tax"), amounts(table, "refunded")
    included = tax_is_included(table, subtotal, tax)
    goods = tax * goods_share(table, subtotal, tax, included)
    net = subtotal - goods.where(included, 0.0)
    gross = subtotal + goods.where(~included, 0.0)
    back = refund_net_of_tax(refunded, gross, net)
    frame["revenue"] = (net - back).round(6)
    frame["orders"] = 1.0
    table.findings.note(
        say(
            "revenue is {revenue}: subtotal after discounts {subtotal}, less tax in it {tax}, less refunds {refunded} "
            "({goods} of them goods without tax). Shipping is left out; a refund counts on the day of its order.",
            revenue=amount(frame["revenue"].sum()),
            subtotal=amount(subtotal.sum()),
            tax=amount((subtotal - net).sum()),
            refunded=amount(refunded.sum()),
            goods=amount(back.sum()),
        )
    )


def _drop_cancelled(table: Mapped) -> None:
    if not table.has("cancelled_at"):
        return
    cancelled = ~blank(table.frame["cancelled_at"])
    if cancelled.any():
        money = table.frame.loc[cancelled, "revenue"].sum()
        table.findings.note(say(
            "{number} cancelled orders were left out (subtotal {subtotal}).",
            number=int(cancelled.sum()), subtotal=amount(money),
        ))  # fmt: skip
        table.drop(cancelled, say("cancelled order"))


def _analytics(table: Mapped) -> None:
    """Take net sales, or what total sales leave without tax and shipping; count new customers."""
    frame = table.frame = table.frame.copy()
    if not table.has("revenue") and table.has("total"):
        apart = [c for c in ("tax", "shipping", "duties", "fee") if table.has(c)]
        frame["revenue"] = frame["total"] - sum(amounts(table, c) for c in apart)
        if {"tax", "shipping"} <= set(apart):
            table.findings.note(say("revenue is total sales without tax, shipping, duties and fees."))
        else:
            table.findings.warn(
                say("revenue is total sales as exported, with tax and shipping."),
                'Add the metric "Net sales" to the report and export it again.',
            )
    if table.has("customer_type") and not table.has("new_customers"):
        counted = "customer" if table.has("customer") else "orders" if table.has("orders") else None
        if counted:
            new = plain(frame["customer_type"]).map(lambda v: bool(re.match(r"new|first", v)))
            frame["new_customers"] = amounts(table, counted).where(new, 0.0)
            head = table.header_of(counted)
            table.findings.note(say('new customers are "{header}" of the rows for new customers.', header=head))


# German, French, Spanish and Dutch names are remembered, not seen in a file.
_DAY = ("Day", "Date", "Week", "Month", "Hour", "Tag", "Jour", "Día", "Dag", "Woche", "Semaine", "Semana")
_NET = ("Net sales", "Nettoumsatz", "Ventes nettes", "Ventas netas", "Netto-omzet")
_TOTAL = ("Total sales", "Gesamtumsatz", "Ventes totales", "Ventas totales", "Totale omzet")
_SALES = {
    "date": _DAY,
    "revenue": _NET,
    "orders": ("Orders", "Order count", "Bestellungen", "Commandes", "Pedidos", "Bestellingen"),
    "new_customers": ("New customers", "First-time customers"),
    "customer_type": ("New or returning customer", "Customer type", "New vs returning customer"),
    "customer": ("Customers",),
    "total": _TOTAL,
    "tax": ("Taxes", "Tax", "Steuern", "Impuestos", "Belastingen"),
    "shipping": ("Shipping charges", "Shipping", "Versand", "Livraison", "Envío", "Verzending"),
    "duties": ("Duties",),
    "fee": ("Additional fees",),
    "sessions": ("Sessions", "Online store sessions"),
    "currency": ("Currency",),
}
# Columns of its own that Shopify always writes beside net sales; WooCommerce has coupons instead.
_OWN = ("Discounts", "Shipping charges", "Sales reversals", "Additional fees",
        "Rabatte", "Réductions", "Descuentos", "Kortingen")  # fmt: skip


def _sales(*signs: tuple[str, ...]) -> Platform:
    return Platform(
        format="shopify_analytics", channel=None, role="revenue", columns=_SALES, signs=signs,
        numbers=frozenset({"total", "tax", "shipping", "duties", "fee", "customer"}), finish=_analytics,
    )  # fmt: skip


# Names, addresses and e-mail are not listed, so they are never read.
PLATFORMS = (
    Platform(
        format="shopify_orders",
        channel=None,
        role="revenue",
        columns={
            "date": ("Created at",),
            "order_id": ("Name",),
            "internal_id": ("Id",),
            "revenue": ("Subtotal",),
            "tax": ("Taxes",),
            "shipping": ("Shipping",),
            "total": ("Total",),
            "duties": ("Duties",),
            "refunded": ("Refunded Amount",),
            "status": ("Financial Status",),
            "cancelled_at": ("Cancelled at",),
            "currency": ("Currency",),
        },
        signs=(("Name",), ("Financial Status",), ("Subtotal",), ("Created at",)),
        numbers=frozenset({"tax", "shipping", "total", "duties", "refunded"}),
        rowwise=True,
        prepare=_collapse,
        finish=_orders,
    ),
    _sales(_NET, _OWN),
    _sales(tuple(d for d in _DAY if d != "Date"), (*_NET, *_TOTAL),
           (*_SALES["orders"], "Gross sales", "Returns", "New or returning customer")),
    Platform(
        format="shopify_analytics",
        channel=None,
        role="sessions",
        columns={"date": _DAY, "sessions": ("Sessions", "Online store sessions")},
        signs=(("Sessions", "Online store sessions"),
               ("Online store visitors", "Sessions with cart additions", "Sessions that reached checkout",
                "Sessions that completed checkout")),
    ),
)  # fmt: skip
