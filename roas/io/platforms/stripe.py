"""Stripe: payments as the Dashboard exports them, in units of the currency.

One payment is one order. What the customer paid holds tax and shipping, and
the export does not say how much: revenue is as exported, less refunds. Days
are UTC days. The API's minor units never appear in these files.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from roas.io.platforms.base import Platform
from roas.io.platforms.order_lines import amounts, blank, plain
from roas.io.written import amount
from roas.language import say

if TYPE_CHECKING:
    from roas.io.mapped import Mapped

_PAID = ("paid", "succeeded", "refunded", "partially refunded", "partial refund")
_YES = ("true", "yes", "1", "wahr")


def _select(table: Mapped) -> None:
    """Keep live, captured, paid payments once, in the currency they settle in."""
    frame = table.frame
    if table.has("order_id"):
        twice = frame["order_id"].duplicated() & ~blank(frame["order_id"])
        table.drop(twice, say("the same payment a second time"))
    if table.has("mode"):
        table.drop(~plain(table.frame["mode"]).isin(("live", "")), say("test payment"))
    if table.has("status"):
        status = plain(table.frame["status"]).str.replace("_", " ")
        for word in sorted(set(status) - set(_PAID)):
            reason = say("payment with status {status}", status=word) if word else say("payment with status unknown")
            table.drop(status == word, reason)
            status = status[status != word]
    if table.has("captured"):
        table.drop(~plain(table.frame["captured"]).isin((*_YES, "")), say("payment not captured"))
    _settle(table)


def _settle(table: Mapped) -> None:
    """Replace amounts by the converted ones where the export has them."""
    frame = table.frame = table.frame.copy()
    if table.has("currency"):
        frame["currency"] = plain(frame["currency"]).str.upper().mask(blank(frame["currency"]), None)
    if not table.has("converted", "converted_currency"):
        return
    settled = ~blank(frame["converted"]) & ~blank(frame["converted_currency"])
    code = plain(frame["converted_currency"]).str.upper()
    foreign = settled & (code != frame["currency"]) if table.has("currency") else settled
    frame["revenue"] = frame["converted"].where(settled, frame["revenue"])
    if table.has("converted_refunded"):
        back = frame["refunded"] if table.has("refunded") else None
        frame["refunded"] = frame["converted_refunded"].where(settled, back)
    frame["currency"] = code.where(settled, frame["currency"] if table.has("currency") else None)
    if foreign.any():
        table.findings.note(
            say(
                "{number} payments in other currencies are read in the one they settle in ({currencies}), "
                "as Stripe converted them.",
                number=int(foreign.sum()),
                currencies=", ".join(sorted(set(code[settled]))),
            )
        )


def _net(table: Mapped) -> None:
    """Take refunds off; count each payment as an order."""
    frame = table.frame = table.frame.copy()
    paid, refunded = amounts(table, "revenue"), amounts(table, "refunded").abs()
    frame["total"], frame["refunded"] = paid, refunded
    frame["revenue"] = (paid - refunded).round(6)
    frame["orders"] = 1.0
    table.findings.note(
        say(
            "revenue is {revenue}: payments {paid} less refunds {refunded}, with tax and shipping, which Stripe does not "
            "tell apart. A refund counts on the day of its payment; days are UTC.",
            revenue=amount(frame["revenue"].sum()),
            paid=amount(paid.sum()),
            refunded=amount(refunded.sum()),
        )
    )


PLATFORMS = (
    Platform(
        format="stripe",
        channel=None,
        role="revenue",
        columns={
            "date": ("Created date (UTC)", "Created (UTC)", "Created date", "Created"),
            "order_id": ("id", "Payment ID", "PaymentIntent ID"),
            "revenue": ("Amount",),
            "refunded": ("Amount Refunded",),
            "currency": ("Currency",),
            "converted": ("Converted Amount",),
            "converted_refunded": ("Converted Amount Refunded",),
            "converted_currency": ("Converted Currency",),
            "status": ("Status",),
            "captured": ("Captured",),
            "mode": ("Mode",),
        },
        signs=(
            ("Created date (UTC)", "Created (UTC)"),
            ("Amount",),
            ("Amount Refunded",),
            ("Status", "Captured"),
        ),
        numbers=frozenset({"refunded"}),
        rowwise=True,
        prepare=_select,
        finish=_net,
    ),
)
