"""Columns of a table with one row a touch: who, when, where, and what came of it."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from roas.errors import InputError
from roas.io.headers import fold, header, quoted, repair_mojibake, words
from roas.io.mapped import Mapped
from roas.io.numbers import is_null
from roas.io.platforms.generic import JOURNEYS, LONG, ORDER_ROWS
from roas.language import say

if TYPE_CHECKING:
    from roas.io.raw import RawTable

#: Share of empty ids from which another column of ids is looked for: visitors
#: who never log in have no user id, and a cookie all the same.
EMPTY_IDS = 0.05


#: Numbers of orders and events, the first kind before the second: a purchase that
#: was sent twice keeps the number of its order and gets a new one as an event.
ORDERS = (*ORDER_ROWS.keys("order_id"), "orderId", "transactionId", "ecommerce transaction id", "order name",
          "receipt", "receipt id", "receipt number", "receipt no", "invoice id", "invoice number", "purchase id",
          "conversion id", "bestellnr", "rechnungsnummer", "ordernummer", "ma don hang",
          "event id", "eventId", "event uuid", "message id", "messageId", "insert id", "$insert id")  # fmt: skip


def is_touches(keys: set[str]) -> bool:
    """Return whether a header row is that of touches, not of spend or of orders."""
    if not JOURNEYS.has_signs(keys):
        return False
    mapped = JOURNEYS.map(sorted(keys))
    orders = ORDER_ROWS.map(sorted(keys))
    is_orders = "order_id" in orders and "revenue" in orders and not {"conversion", "event"} & mapped.keys()
    return "spend" not in LONG.map(sorted(keys)) and not is_orders


def touch_columns(raw: RawTable, given: Mapping[str, tuple[int, ...]]) -> dict[str, int]:
    """Map the canonical columns of a table of touches to positions.

    Parameters
    ----------
    given : dict of str to tuple of int
        What ``--map`` says; it stands above every header.

    Raises
    ------
    InputError
        Without an id, a time or a channel: names the headers and the option.
    """
    keys = [words(header(repair_mojibake(h)).key) for h in raw.header]
    single = {c: g[0] for c, g in given.items() if c in JOURNEYS.columns}
    free = ["" if i in single.values() else k for i, k in enumerate(keys)]
    columns = {c: i for c, i in JOURNEYS.map(free).items() if c not in single} | single
    if "date" in single and "time" not in single:
        columns.pop("time", None)
    if "time" in single and "date" not in single:
        columns.pop("date", None)
    if "event" in single and "conversion" not in single:
        columns.pop("conversion", None)
    if "conversion" in single and "event" not in single:
        columns.pop("event", None)
    if {"source", "medium"} & single.keys() and "channel" not in single:
        columns.pop("channel", None)
    columns |= _order(keys, columns, given)
    if "user" not in single:
        _fuller_id(raw, keys, columns)
    _refuse_missing(raw, keys, columns)
    if "channel" in columns:
        columns = {c: i for c, i in columns.items() if c not in ("source", "medium")}
    return columns


def _order(keys: Sequence[str], columns: Mapping[str, int], given: Mapping[str, tuple[int, ...]]) -> dict[str, int]:
    """Find the column with the number of the order or event, if there is one."""
    if "order_id" in given:
        return {"order_id": given["order_id"][0]}
    free = {key: i for i, key in reversed(list(enumerate(keys))) if i not in columns.values()}
    spelled = (spelling for word in ORDERS for spelling in (words(word), fold(word)))
    return next(({"order_id": free[word]} for word in spelled if word in free), {})


def _fuller_id(raw: RawTable, keys: Sequence[str], columns: dict[str, int]) -> None:
    """Take the fullest column of ids where the usual one has gaps."""
    first = columns.get("user")
    if first is None or not len(raw.cells):
        return
    rivals = [i for i, k in enumerate(keys) if k in JOURNEYS.keys("user") and i not in columns.values()]
    empty = {i: float(raw.cells[i].map(is_null).mean()) for i in (first, *rivals)}
    if empty[first] <= EMPTY_IDS:
        return
    best = min((first, *rivals), key=lambda i: empty[i])
    if best != first:
        columns["user"] = best
        raw.findings.note(
            say(
                '"{one}" says who it was: "{other}" is empty in {share} of the rows looked at',
                one=raw.header[best].strip(),
                other=raw.header[first].strip(),
                share=f"{empty[first]:.0%}",
            )
        )


def _refuse_missing(raw: RawTable, keys: Sequence[str], columns: Mapping[str, int]) -> None:
    for canonical, others, name in (
        ("user", (), "user or journey id"), ("time", ("date",), "time"), ("channel", ("source", "medium"), "channel"),
    ):  # fmt: skip
        if columns.keys() & {canonical, *others}:
            continue
        left = [k for i, k in enumerate(keys) if k and i not in columns.values()]
        near = next((m for k in left if (m := difflib.get_close_matches(k, JOURNEYS.keys(canonical), 1, 0.75))), None)
        close = next((h for h, k in zip(raw.header, keys, strict=True) if near and k in left and
                      difflib.get_close_matches(k, JOURNEYS.keys(canonical), 1, 0.75)), None)  # fmt: skip
        hint = f'Did you mean "{close.strip()}"? ' if close else ""
        raise InputError(
            f"{raw.name}, line {raw.header_line}: no {name} column. Found: {quoted(raw.header)}.\n"
            f'  {hint}Use --map {canonical}="{close.strip() if close else "Header"}".'
        )


def touches(raw: RawTable, given: Mapping[str, tuple[int, ...]]) -> Mapped:
    """Map a table of touches; of a big one the frame holds the head only, for nothing of it is read here."""
    columns = touch_columns(raw, given)
    frame = raw.cells[list(columns.values())].set_axis(list(columns), axis=1)
    frame["_rows"] = 1
    heads = {c: raw.header[i].strip() for c, i in columns.items()}
    money = columns.get("conversion_value")
    currency = header(raw.header[money]).currency if money is not None else None
    return Mapped(raw, JOURNEYS, frame, heads, "journeys", raw.findings, currency, rows_read=_rows(raw))


def _rows(raw: RawTable) -> int:
    """Count the rows, of a big table by the engine."""
    if raw.scan is None:
        return len(raw.cells)
    import duckdb

    from roas.io.compact import _reader

    scan = raw.scan
    source = f"({scan.query})" if scan.query is not None else _reader(scan, raw, {}, rejects=True)
    try:
        with duckdb.connect(scan.database or ":memory:", read_only=bool(scan.database)) as engine:
            engine.execute("SET enable_progress_bar=false; SET autoinstall_known_extensions=false")
            return int((engine.execute(f"SELECT count(*) FROM {source}").fetchone() or (0,))[0])
    except duckdb.Error as error:
        raise InputError(
            f"{raw.name}: the table cannot be read ({str(error).splitlines()[0]}). Export it again."
        ) from None
