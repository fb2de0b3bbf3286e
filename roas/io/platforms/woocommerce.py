"""WooCommerce: Analytics reports, order tables and the usual order export plugins."""

from __future__ import annotations

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
from roas.io.written import amount
from roas.language import say

if TYPE_CHECKING:
    from roas.io.mapped import Mapped

#: Never paid. WooCommerce's own reports leave these out too, and count orders on hold.
_UNPAID = (
    "failed", "cancelled", "canceled", "pending", "pending payment", "draft", "checkout draft", "auto draft",
    "trash",
)  # fmt: skip
_KEPT = ("completed", "processing", "on hold", "refunded", "partially refunded")

_CURRENCY = ("Currency", "Order Currency", "order_currency", "Currency Code")


def _select(table: Mapped) -> None:
    """Drop orders that were never paid."""
    drop_statuses(table, _UNPAID, kept=_KEPT)


def _count(table: Mapped) -> None:
    """Count sales, not refund lines, as orders; and who is new."""
    frame = table.frame = table.frame.copy()
    sale = amounts(table, "revenue") >= 0
    if table.has("parent_id"):
        sale &= plain(frame["parent_id"]).isin(("", "0", "0.0"))
    frame["orders"] = sale.astype("float64")
    if table.has("customer_type"):
        new = plain(frame["customer_type"]).isin(("new", "0", "0.0", "false"))
        frame["new_customers"] = frame["orders"].where(new, 0.0)


def _collapse(table: Mapped) -> None:
    """Keep one row per order, and drop those never paid."""
    if table.has("order_id"):
        lines = len(table.frame)
        if one_row_per_order(table):
            orders = len(table.frame)
            table.findings.note(
                say("{lines} lines are {orders} orders; amounts were taken once per order.", lines=lines, orders=orders)
            )
    table.drop(blank(table.frame["revenue"]), say("line item whose order is not in the file"))
    _select(table)


def _net(table: Mapped) -> None:
    """Take tax, shipping and refunds out of the order's total.

    WooCommerce keeps shipping without its tax, and counts that tax in the
    order's total tax; so total − tax − shipping is goods alone.
    """
    frame = table.frame = table.frame.copy()
    total, tax, shipping, refunded = (amounts(table, c) for c in ("revenue", "tax", "shipping", "refunded"))
    frame["total"] = total
    net = total - tax - shipping
    # Of what is paid back, the same part is tax as of what was paid.
    back = refund_net_of_tax(refunded, total, total - tax)
    back = back.where(back < net, net.clip(lower=0.0))
    if table.has("status"):
        # The status says that all was paid back, even where no column says how much.
        whole = (plain(frame["status"]).str.removeprefix("wc-") == "refunded") & (net > 0)
        count = int((whole & (refunded == 0)).sum())
        if count:
            table.findings.note(say(
                "{number} orders with status refunded, and no amount, count as paid back in full.", number=count
            ))  # fmt: skip
        back = back.where(~whole, net)
    frame["revenue"] = (net - back).round(6)
    table.findings.note(
        say(
            "revenue is {revenue}: orders' totals {total}, less tax {tax}, shipping {shipping} and refunds of goods "
            "{refunded}. A refund counts on the day of its order.",
            revenue=amount(frame["revenue"].sum()),
            total=amount(total.sum()),
            tax=amount(tax.sum()),
            shipping=amount(shipping.sum()),
            refunded=amount(back.sum()),
        )
    )
    if not table.has("refunded"):
        table.findings.note(say("no column of refunded amounts: partial refunds are not taken off."))
    _say_missing(table)
    _count(table)


def _say_missing(table: Mapped) -> None:
    """Say which of tax and shipping the export does not name."""
    if not table.has("tax") and not table.has("shipping"):
        says = say("the export has no column of tax or shipping: revenue holds it.")
    elif not table.has("tax"):
        says = say("the export has no column of tax: revenue holds it.")
    elif not table.has("shipping"):
        says = say("the export has no column of shipping: revenue holds it.")
    else:
        return
    table.findings.warn(says, "Add the order's total tax and shipping to the export.")


_REVENUE_REPORT = Platform(
    format="woocommerce",
    channel=None,
    role="revenue",
    columns={
        "date": ("Date",),
        "revenue": ("Net sales", "Net revenue"),
        "orders": ("Orders",),
        "currency": _CURRENCY,
    },
    signs=(
        ("Date",),
        ("Net sales", "Net revenue"),
        ("Coupons",),
        ("Total sales", "Gross sales", "Gross revenue"),
    ),
)

_ORDERS_REPORT = Platform(
    format="woocommerce",
    channel=None,
    role="revenue",
    columns={
        "date": ("Date", "date_created"),
        "order_id": ("Order #", "order_id"),
        "revenue": ("Net sales", "Net revenue", "N. Revenue", "N. Sales", "net_total"),
        "status": ("Status",),
        "customer_type": ("Customer type", "returning_customer"),
        "parent_id": ("parent_id",),
        "currency": _CURRENCY,
    },
    signs=(("Order #", "order_id"), ("Net sales", "Net revenue", "N. Revenue", "N. Sales", "net_total"),
           ("Customer type", "Product(s)", "returning_customer"), ("Date", "date_created")),
    rowwise=True,
    prepare=_select,
    finish=_count,
)  # fmt: skip

_PLUGIN_EXPORT = Platform(
    format="woocommerce",
    channel=None,
    role="revenue",
    columns={
        "date": ("Order Date", "order_date", "date_created"),
        "order_id": ("Order Number", "Order ID", "order_number", "order_id", "number", "id"),
        "revenue": ("Order Total Amount", "Order Total", "order_total", "total"),
        "tax": ("Order Total Tax Amount", "Order Total Tax", "Order Tax Total", "tax_total", "total_tax"),
        "shipping": ("Order Shipping Amount", "Order Shipping", "shipping_total"),
        "refunded": ("Order Refund Amount", "Refund Amount", "refund_amount", "total_refunded"),
        "status": ("Order Status", "order_status", "status"),
        "currency": _CURRENCY,
    },
    signs=(("Order Total Amount", "Order Total", "order_total", "total"),
           ("Order Total Tax Amount", "Order Total Tax", "Order Tax Total", "tax_total", "total_tax"),
           ("Order Status", "order_status", "status"), ("Order Date", "order_date", "date_created")),
    numbers=frozenset({"tax", "shipping", "refunded"}),
    rowwise=True,
    prepare=_collapse,
    finish=_net,
)  # fmt: skip

PLATFORMS = (_REVENUE_REPORT, _ORDERS_REPORT, _PLUGIN_EXPORT)
