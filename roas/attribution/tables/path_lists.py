"""Paths written as lists: JSON, Python, R or array text."""

from __future__ import annotations

import json
import re
from typing import Any, Final

_FRAME: Final = re.compile(r"(?s)^(?:c|list)?([\[({])(.*)([\])}])$")
_CLOSES: Final = {"[": "]", "(": ")", "{": "}"}
#: Quoted items with a comma or, as NumPy prints them, a space between.
_ITEM: Final = re.compile(r"""\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')\s*(?:,|(?=["'])|$)""")


def as_text(cell: Any) -> Any:
    """Return a typed list cell as JSON, a number as a code, anything else as it is.

    Examples
    --------
    >>> as_text(["A", "B"]), as_text(16.0), as_text("A")
    ('["A", "B"]', '16', 'A')
    """
    if isinstance(cell, str) or cell is None:
        return cell
    if hasattr(cell, "tolist"):
        cell = cell.tolist()
    if isinstance(cell, list | tuple):
        return json.dumps([as_text(item) for item in cell], ensure_ascii=False, default=str)
    if isinstance(cell, float):
        return None if cell != cell else str(int(cell)) if cell.is_integer() else str(cell)
    return str(cell)


def items_of(text: str) -> list[str] | None:
    """Return the items of a path that is written as a list; None where it is none.

    Examples
    --------
    >>> items_of('["A", "B > C"]'), items_of("c('A', 'B')"), items_of("{A,B}"), items_of("(direct) / (none)")
    (['A', 'B > C'], ['A', 'B'], ['A', 'B'], None)
    """
    frame = _FRAME.match(text)
    if frame is None or _CLOSES[frame[1]] != frame[3]:
        return None
    inner = frame[2].strip()
    if not inner:
        return []
    if text[0] == "[":
        found = _json(text)
        if found is not None:
            return found
    if inner[0] in "\"'":
        return _quoted(inner)
    bare = text[0] in "[{" and not set(inner) & set("[](){}\"'")
    return [item.strip() for item in inner.split(",")] if bare else None


def _json(text: str) -> list[str] | None:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    plain = isinstance(found, list) and all(isinstance(i, str | int | float | None) for i in found)
    return ["" if i is None else str(as_text(i)) for i in found] if plain else None


def _quoted(inner: str) -> list[str] | None:
    items, at = [], 0
    while at < len(inner):
        item = _ITEM.match(inner, at)
        if item is None or item.end() == at:
            return None
        items.append(re.sub(r"\\(.)", r"\1", item[1] if item[1] is not None else item[2]))
        at = item.end()
    return items
