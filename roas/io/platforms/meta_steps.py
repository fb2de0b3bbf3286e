"""Which of Meta's many counts is a purchase: results, windows, action lists."""

from __future__ import annotations

import ast
import json
import re
from typing import TYPE_CHECKING, Any

from roas.io.headers import fold
from roas.io.numbers import is_null
from roas.io.platforms.steps import plain_number, put, settle_range
from roas.language import say
from roas.problems import examples

if TYPE_CHECKING:
    from roas.io.mapped import Mapped

#: Action types that count the same purchases; one is taken, never their sum.
PURCHASE_TYPES = ("purchase", "omni_purchase", "offsite_conversion.fb_pixel_purchase")

#: How a column compared by attribution window spells it, after the metric.
WINDOWS = tuple(
    pattern.replace("window", window)
    for window in ("7-day click", "1-day click", "28-day click")
    for pattern in ("{}: window", "{} - window", "{} (window)", "{} [window]", "{} window")
)

_PURCHASE = re.compile(
    r"purchase|(?<!ein)kaufe?\b|\bachats?\b|\bcompras?\b|aankop|\bacquist|luot mua|\bkop\b|\bkøb\b|\bzakup"
    r"|購入"
)
_NOT_PURCHASE = re.compile(
    r"cart|checkout|finaliza|carrito|carrinho|panier|carrello|warenkorb|winkelwagen|gio hang|initiat|iniciad"
)
_WINDOW = re.compile(r"\b\d+[ -]day (click|view)\b")


def prepare(table: Mapped) -> None:
    """Take purchases from the results where they have no column of their own."""
    settle_range(table)
    _say_window(table)
    _take_results(table)


def is_purchase(result_type: Any) -> bool:
    """Return whether a result indicator or type is a purchase, in any language.

    Examples
    --------
    >>> is_purchase("actions:offsite_conversion.fb_pixel_purchase"), is_purchase("Link clicks")
    (True, False)
    """
    text = fold(str(result_type)) if not is_null(result_type) else ""
    return bool(_PURCHASE.search(text)) and not _NOT_PURCHASE.search(text)


def _say_window(table: Mapped) -> None:
    for column in ("conversions", "conversion_value"):
        head = table.header_of(column)
        if table.has(column) and _WINDOW.search(fold(head)):
            table.findings.note(
                say(
                    'no column for the account\'s own attribution setting; "{header}" is read, and other windows are not '
                    "added to it",
                    header=head,
                ),
                column=head,
            )


def _take_results(table: Mapped) -> None:
    """Use ``Results`` on the rows whose result is a purchase, and only there."""
    helpers = [c for c in ("results", "results_value", "result_type") if table.has(c)]
    if table.has("results") and not table.has("conversions"):
        head = table.header_of("results")
        if not table.has("result_type"):
            table.findings.note(
                say('"{header}" may count anything, and no column says what; conversions are not known', header=head),
                column=head,
            )
        else:
            _results_of_purchases(table, head)
    table.frame = table.frame.drop(columns=helpers)


def _results_of_purchases(table: Mapped, head: str) -> None:
    bought = table.frame["result_type"].map(is_purchase)
    other = ~bought & ~table.frame["result_type"].map(is_null)
    if bought.any():
        table.frame["conversions"] = table.frame["results"].where(bought, None).astype(object)
        table.headers["conversions"] = head
        if table.has("results_value") and not table.has("conversion_value"):
            table.frame["conversion_value"] = table.frame["results_value"].where(bought, None).astype(object)
            table.headers["conversion_value"] = table.header_of("results_value")
    if other.any():
        kinds = table.frame.loc[other, "result_type"].astype(str).str.strip().unique()
        table.findings.note(
            say(
                '"{header}" counts purchases on {bought} rows and something else on {other} ({kinds}); '
                "conversions are not known there",
                header=head,
                bought=int(bought.sum()),
                other=int(other.sum()),
                kinds=examples(list(kinds)),
            ),
            column=head,
        )


def prepare_insights(table: Mapped) -> None:
    """Take one kind of purchase out of the lists of actions."""
    settle_range(table)
    lists = {c: [_actions(v) for v in table.frame[c].tolist()] for c in ("actions", "action_values") if table.has(c)}
    table.frame = table.frame.drop(columns=list(lists))
    present = {kind for rows in lists.values() for row in rows for kind in row}
    kind = next((k for k in PURCHASE_TYPES if k in present), None)
    for column, source in (("conversions", "actions"), ("conversion_value", "action_values")):
        if source not in lists or table.has(column):
            continue
        if kind is None:
            table.findings.note(
                say('"{header}" holds no purchase; what was bought is not known', header=source), column=source
            )
            continue
        # The list leaves out what did not happen: no entry is none, not unknown.
        put(table, column, [row.get(kind, 0.0) for row in lists[source]])
        table.headers[column] = table.header_of(source)
        table.findings.note(
            say(
                '"{header}": "{kind}" is read; other kinds of purchase count the same sales again',
                header=source,
                kind=kind,
            ),
            column=source,
        )


def _actions(cell: Any) -> dict[str, float]:
    """Read one list of actions: a list, its JSON, or its Python spelling."""
    if isinstance(cell, str):
        cell = _parsed(cell)
    if not isinstance(cell, list | tuple):
        return {}
    found: dict[str, float] = {}
    for action in cell:
        if isinstance(action, dict) and (value := plain_number(action.get("value"))) is not None:
            found.setdefault(str(action.get("action_type")), value)
    return found


def _parsed(text: str) -> Any:
    for read in (json.loads, ast.literal_eval):
        try:
            return read(text)
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            continue
    return None


def say_side_table(table: Mapped) -> None:
    """Say why a table of actions adds nothing by itself."""
    table.findings.note(
        say(
            "a table of actions beside the ads: one row per kind of action, several for one sale, and counts and "
            "values look alike; it is not read. Join its purchases to the ads' own table, or export from "
            "Ads Manager"
        )
    )
