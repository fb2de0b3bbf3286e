"""The canonical tables: their columns, units and keys.

``spend`` has one row per day or week, channel, campaign and whatever finer
dimension the export carries; ``revenue`` one row per day or week. Money is in
one currency per table, dates are midnight timestamps without a zone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import pandas as pd

#: What a row of spend is about, from coarse to fine.
SPEND_KEYS: Final = ("date", "channel", "account", "campaign", "geo", "currency")

#: Sums over rows are meaningful for these; counts may be fractional.
SPEND_MEASURES: Final = (
    "spend",
    "impressions",
    "clicks",
    "conversions",
    "conversion_value",
    "new_conversions",
)

#: People reached: never added over days, ads or breakdowns.
REACH: Final = "reach"

REVENUE_KEYS: Final = ("date", "currency")
REVENUE_MEASURES: Final = ("revenue", "orders", "sessions", "new_customers")

#: Columns in money of the table's currency.
MONEY: Final = frozenset({"spend", "conversion_value", "revenue", "new_value"})

#: Columns that count something, where a lone mark before three digits groups.
COUNTS: Final = frozenset({"impressions", "reach", "clicks", "orders", "sessions", "new_customers"})


@dataclass(frozen=True)
class Tables:
    """What an account's files say, read, checked and merged.

    Attributes
    ----------
    spend : DataFrame
        Columns ``SPEND_KEYS`` + ``SPEND_MEASURES`` + ``reach`` + ``platform``;
        sorted by every key, so that sums do not depend on the files' order.
    revenue : DataFrame or None
        Columns ``date`` + ``REVENUE_MEASURES`` + ``promo`` + controls.
    grain : str
        ``"day"`` or ``"week"``; the same for both tables.
    currency : str or None
        ISO 4217 code of all money, None where no file says one.
    notes : tuple of str
        What merging the files had to decide.
    regions : DataFrame or None
        ``date``, ``geo``, ``revenue``, ``promo`` and controls, where one file
        tells revenue by region.
    snapshots : DataFrame or None
        ``as_of``, ``channel``, ``date``, ``conversions``, where several
        exports say different things of the same days.
    """

    spend: pd.DataFrame
    revenue: pd.DataFrame | None
    grain: str
    currency: str | None
    notes: tuple[str, ...] = ()
    regions: pd.DataFrame | None = None
    snapshots: pd.DataFrame | None = None


def has_values(frame: pd.DataFrame, column: str) -> bool:
    """Return whether `column` exists and holds at least one value."""
    return column in frame.columns and bool(frame[column].notna().any())
