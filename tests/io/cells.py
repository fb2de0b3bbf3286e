"""Small tables as text, for exports that mislead."""

from __future__ import annotations

from collections.abc import Iterable

HEAD = "date,channel,spend\n"
OK = HEAD + "2025-01-01,Meta,10\n2025-01-02,Meta,20\n"
WITH_CURRENCY = "date,channel,spend,currency\n"
UNKNOWN = '1 row without "spend": not known, which is not zero'


def days(dates: Iterable[object], channel: str = "Meta", spend: str = "10") -> str:
    """Write one row a day."""
    return "".join(f"{d},{channel},{spend}\n" for d in dates)
