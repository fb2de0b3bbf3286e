"""What order exports share: one row per order, statuses, refunds net of tax."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from roas.io.numbers import is_null
from roas.language import say
from roas.problems import examples

if TYPE_CHECKING:
    import pandas as pd

    from roas.io.mapped import Mapped


def plain(cells: pd.Series) -> pd.Series:
    """Return cells as folded text; ``""`` where there is no value.

    Distinct cells are folded once: a status column has six of them.
    """
    known: dict[Any, str] = {c: "" if is_null(c) else str(c).strip().casefold() for c in cells.unique()}
    return cells.map(known).astype(object)


def blank(cells: pd.Series) -> pd.Series:
    """Return a mask of the cells without a value."""
    return plain(cells) == ""


def amounts(table: Mapped, canonical: str) -> pd.Series:
    """Return a read number column with zero for "no value"; zeros when it is not there."""
    import pandas as pd

    if not table.has(canonical):
        return pd.Series(0.0, index=table.frame.index)
    return table.frame[canonical].astype("float64").fillna(0.0)


def one_row_per_order(table: Mapped) -> int:
    """Collapse line items into orders; returns the number of rows collapsed.

    The first cell with a value counts, so it makes no difference whether an
    export writes the order's amounts on its first line or on all of them. An
    order is its number, and its internal id where the export has one: two
    shops in one file may both have an order ``#1001``.
    """
    import pandas as pd

    table.drop(blank(table.frame["order_id"]), say("row without an order number"))
    frame = table.frame.reset_index(drop=True)
    cells = frame.columns.difference(["_rows"], sort=False)
    for name in cells:
        frame[name] = frame[name].astype(object).mask(blank(frame[name]), None)
    keys = ["order_id"]
    if table.has("internal_id"):
        of_the_order = frame.groupby("order_id")["internal_id"].transform("first")
        frame["internal_id"] = frame["internal_id"].fillna(of_the_order)
        keys.append("internal_id")
    frame["line"] = table.frame.index
    groups = frame.groupby(keys, sort=False, dropna=False)
    orders = groups[[c for c in cells if c not in keys]].first().reset_index()
    orders["_rows"] = groups["_rows"].sum().to_numpy()
    # The index is the order's first line; in a big file it is a number that stands for one.
    orders.index = pd.Index(groups["line"].first().to_numpy(), dtype="int64")
    collapsed = len(frame) - len(orders)
    table.frame = orders
    return collapsed


def drop_statuses(table: Mapped, dropped: Collection[str], *, kept: Collection[str]) -> None:
    """Drop orders by status, one reason a status; name statuses that nobody knows."""
    if not table.has("status"):
        return
    status = plain(table.frame["status"]).str.removeprefix("wc-").str.replace("_", " ").str.replace("-", " ")
    for word in sorted(set(status) & set(dropped)):
        table.drop(status == word, say("order with status {status}", status=word))
        status = status.loc[status != word]
    unknown = sorted(set(status) - set(kept) - {""})
    if unknown:
        table.findings.warn(
            say("orders with a status that is not known were kept: {names}.", names=examples(list(unknown))),
            "Leave out those that were never paid.",
            column=table.header_of("status"),
        )


def refund_net_of_tax(refunded: pd.Series, gross: pd.Series, net: pd.Series) -> pd.Series:
    """Return what a refund takes from net revenue.

    Refunds are written as paid back: with tax, and perhaps with shipping. The
    goods' share without tax is ``refunded * net / gross``, and never more
    than the order's `net`: what is beyond it was shipping.
    """
    share = (net / gross.where(gross > 0)).fillna(0.0)
    owed = refunded.abs() * share
    return owed.where(owed < net, net.clip(lower=0.0))
