"""Order exports in parts: every order counts once, by its number."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from roas.errors import InputError
from roas.format import plural
from roas.io.canonical import add_up
from roas.language import say

if TYPE_CHECKING:
    import pandas as pd

    from roas.io.mapped import Mapped
    from roas.io.merge import Part


def order_rows(table: Mapped) -> pd.DataFrame | None:
    """Return ``order_id``, ``date``, ``revenue`` of a table of orders in one currency; None for any other."""
    frame = table.frame
    if "order_id" not in frame.columns or "revenue" not in frame.columns or bool(frame["order_id"].isna().any()):
        return None
    if "currency" in frame.columns and frame["currency"].nunique(dropna=False) > 1:
        return None
    rows = frame[["order_id", "date", "revenue"]].assign(order_id=frame["order_id"].astype(str))
    return rows.groupby("order_id", as_index=False).agg(date=("date", "first"), revenue=("revenue", "sum"))


def one_order_book(parts: list[Part]) -> list[Part]:
    """Join order exports of one format and currency into one part.

    Raises
    ------
    InputError
        When one order number has two dates: two shops number alike.
    """

    def kind(part: Part) -> tuple[str, ...]:
        return (part.orders.attrs["format"], *sorted(part.currencies)) if part.orders is not None else ("", part.name)

    books = groupby(sorted(parts, key=kind), key=kind)
    return [part for _, same in books for part in _joined(list(same))]


def _joined(parts: list[Part]) -> list[Part]:
    import pandas as pd

    if len(parts) < 2 or any(p.orders is None for p in parts):
        return parts
    # The export that ends later knows the later refunds.
    newest_last = sorted(parts, key=lambda p: p.rows["date"].max())
    book = pd.concat([p.orders.assign(part=p.name) for p in newest_last if p.orders is not None], ignore_index=True)
    _refuse_two_shops(book)
    again = book["order_id"].duplicated(keep="last")
    for part in newest_last:
        count = int((again & (book["part"] == part.name)).sum())
        if count:
            orders = plural(count, "order")
            part.findings.note(say("{orders} also in a later export: counted once, from there", orders=orders))
    kept = book[~again].assign(orders=1.0, currency=next(iter(parts[0].currencies), None))
    last = newest_last[-1]
    last.rows = add_up(kept, ["date"], ["revenue", "orders"]).assign(currency=kept["currency"].iloc[0], _rows=0)
    return [last]


def _refuse_two_shops(book: pd.DataFrame) -> None:
    dates = book.groupby("order_id")["date"].nunique()
    odd = dates.index[dates > 1]
    if len(odd):
        rows = book[book["order_id"] == odd[0]]
        first, second = rows.iloc[0], rows.iloc[-1]
        raise InputError(
            f'order "{odd[0]}" is dated {first["date"].date()} in {first["part"]} and {second["date"].date()} in '
            f"{second['part']}: two shops that number alike.\n  Analyse one shop at a time, or give revenue per day."
        )
