"""States of a journey that are no channel: one spelling for tables, models and charts."""

from __future__ import annotations

from typing import Final

START: Final = "(start)"
CONVERSION: Final = "(conversion)"
NULL: Final = "(null)"

#: What few journeys stand for, together.
OTHER: Final = "(other)"
