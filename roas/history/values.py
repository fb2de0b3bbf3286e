"""Python values ↔ what SQLite keeps: text that can be written, numbers that are known, JSON."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any, Final

#: Decimals kept of a number: exports write money in millionths at the finest.
DECIMALS: Final = 6


def text(value: object) -> str:
    r"""Write as text that any encoding can carry.

    Examples
    --------
    >>> text("Caf\u00e9"), text("bad\udcff")
    ('Café', 'bad?')
    """
    return str(value).encode("utf-8", "replace").decode("utf-8")


def text_or_none(value: object | None) -> str | None:
    r"""Write as text; None where nothing is known."""
    return None if value is None or value != value else text(value)


def number(value: Any) -> float | None:
    """Return a number; None where it is not known or not finite.

    Examples
    --------
    >>> number(3), number(float("nan")), number(None)
    (3.0, None, None)
    """
    if value is None:
        return None
    found = float(value)
    return found if math.isfinite(found) else None


def rounded(value: Any) -> float | None:
    """Return a number without the last digits, which depend on the order of a sum."""
    found = number(value)
    return None if found is None else round(found, DECIMALS) + 0.0


def whole(value: Any) -> int | None:
    """Return a whole number; None where it is not known."""
    found = number(value)
    return None if found is None else int(found)


def day(value: Any) -> str | None:
    """Write a date as ISO text; None where there is none.

    Examples
    --------
    >>> day(date(2026, 11, 16)), day("2026-11-16"), day(None)
    ('2026-11-16', '2026-11-16', None)
    """
    if value is None or value != value:
        return None
    if isinstance(value, datetime):  # a timestamp of pandas is one too
        return value.date().isoformat()
    return (value if isinstance(value, date) else date.fromisoformat(str(value)[:10])).isoformat()


def as_day(value: str | None) -> date | None:
    """Read a date that `day` wrote."""
    return None if value is None else date.fromisoformat(value)


def moment(value: datetime | str) -> str:
    """Write a point in time as UTC text, to the second.

    Examples
    --------
    >>> moment(datetime(2026, 11, 16, 6, 0, 0, 5, tzinfo=UTC))
    '2026-11-16T06:00:00Z'
    """
    if isinstance(value, str):
        return text(value)
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def to_json(value: Any) -> str:
    """Write plain data as JSON: sorted fields, so equal data is equal text; what is not finite is null.

    Examples
    --------
    >>> to_json({"b": float("nan"), "a": (1, date(2026, 11, 16))})
    '{"a":[1,"2026-11-16"],"b":null}'
    """
    return json.dumps(_plain(value), ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))


def from_json(value: str) -> Any:
    """Read what `to_json` wrote."""
    return json.loads(value)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {text(key): _plain(each) for key, each in value.items()}
    if isinstance(value, str):
        return text(value)
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Sequence):
        return [_plain(each) for each in value]
    if hasattr(value, "item"):  # a number of NumPy
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
