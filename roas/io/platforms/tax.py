"""Whether an order's prices hold tax, and what part of its tax lies on goods."""

from __future__ import annotations

from typing import TYPE_CHECKING

from roas.io.platforms.order_lines import amounts
from roas.language import say

if TYPE_CHECKING:
    import pandas as pd

    from roas.io.mapped import Mapped

#: Money by which an order may miss adding up: each of its amounts is rounded once.
_ROUNDING = 0.025


def tax_is_included(table: Mapped, subtotal: pd.Series, tax: pd.Series) -> pd.Series:
    """Return per order whether its subtotal holds tax; an order says so by how it adds up.

    ``Subtotal + Shipping = Total`` holds with tax included, ``Subtotal +
    Shipping + Taxes = Total`` with tax on top. One shop may do both, by the
    customer's country. Orders that add up neither way (a tip, a gift card)
    go with the majority.
    """
    import pandas as pd

    taxed = tax > _ROUNDING
    if not taxed.any() or not table.has("total"):
        if taxed.any():
            table.findings.warn(
                say("without the order's total nothing tells whether Subtotal holds tax; none was taken out."),
                'Export the orders again with the column "Total".',
            )
        return pd.Series(False, index=subtotal.index)
    beyond = amounts(table, "total") - subtotal - amounts(table, "shipping") - amounts(table, "duties")
    inside, on_top = taxed & (beyond.abs() <= _ROUNDING), taxed & ((beyond - tax).abs() <= _ROUNDING)
    both, neither = inside & on_top, taxed & ~inside & ~on_top
    inside, on_top = inside & ~both, on_top & ~both
    most = bool(inside.sum() >= on_top.sum())
    if not inside.any() and not on_top.any():
        table.findings.warn(
            say("no order adds up with or without tax; prices were taken as without tax."),
            "Check Subtotal, Shipping, Taxes and Total of one order.",
        )
        most = False
    sums = {"inside": int(inside.sum()), "on_top": int(on_top.sum())}
    if neither.any():
        said = say(
            "prices include tax in {inside} orders, tax comes on top in {on_top}; {neither} add up neither way and go "
            "with the majority.", neither=int(neither.sum()), **sums,
        )  # fmt: skip
    else:
        said = say("prices include tax in {inside} orders, tax comes on top in {on_top}.", **sums)
    table.findings.note(said)
    return inside | ((both | neither | ~taxed) & most)


def goods_share(table: Mapped, subtotal: pd.Series, tax: pd.Series, included: pd.Series) -> pd.Series:
    """Return the part of each order's tax that lies on goods, not on shipping.

    Some shops tax shipping, some do not. Orders shipped free show the rate on
    goods; the others then show whether theirs fits the goods alone or goods
    and shipping. Without free shipping to compare with, shipping counts as
    taxed like the goods, as value added tax has it.
    """
    import pandas as pd

    shipping = amounts(table, "shipping")
    share = (subtotal / (subtotal + shipping).where(subtotal + shipping > 0)).fillna(1.0)
    untaxed = pd.Series(False, index=subtotal.index)
    for group in (included, ~included):
        shipped, free = group & (shipping > 0) & (tax > 0), group & (shipping == 0) & (tax > 0)
        if shipped.any() and free.any():
            rate = tax[free].sum() / subtotal[free].sum()
            left = tax[shipped].sum() - rate * subtotal[shipped].sum()
            if abs(left) < abs(left - rate * shipping[shipped].sum()):
                untaxed |= group
    if (included & untaxed & (shipping > 0)).any():
        table.findings.note(say("shipping carries no tax here: orders with shipping pay tax on the goods alone."))
    elif (included & (shipping > 0) & (tax > 0)).any():
        table.findings.note(say("tax was split between goods and shipping by their amounts."))
    return share.where(~untaxed, 1.0)
