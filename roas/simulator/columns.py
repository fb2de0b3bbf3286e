"""Exports that leave columns out, down to date, channel, spend and revenue."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from roas.errors import UsageError

if TYPE_CHECKING:
    import pandas as pd

FULL, BARE = "full", "bare"
SPEND_COLUMNS = ("campaign", "impressions", "reach", "clicks", "conversions", "conversion_value", "currency")
REVENUE_COLUMNS = ("revenue", "orders", "sessions", "new_customers", "promo")
ALWAYS = ("date", "channel", "spend")
# People cannot be added up: the reach of a channel does not follow from its campaigns'.
NOT_ADDABLE = "reach"


def check_columns(columns: str | Iterable[str]) -> str | tuple[str, ...]:
    """Return the asked columns in order, or "full" or "bare".

    Raises
    ------
    UsageError
        If a column is not known, or reach is asked for without campaign.
    """
    if isinstance(columns, str) and columns in (FULL, BARE):
        return columns
    asked = tuple(columns.split(",")) if isinstance(columns, str) else tuple(columns)
    known = (*ALWAYS, *SPEND_COLUMNS, *REVENUE_COLUMNS)
    for name in asked:
        if name not in known:
            raise UsageError(f'column "{name}" is not known. Use {FULL}, {BARE}, or some of {", ".join(known)}.')
    if NOT_ADDABLE in asked and "campaign" not in asked:
        raise UsageError('column "reach" needs column "campaign": people cannot be added over campaigns.')
    return tuple(name for name in known if name in asked)


def leave_out(tables: dict[str, pd.DataFrame], columns: str | tuple[str, ...]) -> dict[str, pd.DataFrame]:
    """Keep what was asked for.

    Returns
    -------
    dict of DataFrame
        ``spend`` and ``revenue``; without the second if none of its
        columns was asked for. For "bare" only ``account``: date, channel,
        spend and revenue, the last as the platform claims it.
    """
    if columns == FULL:
        return tables
    if columns == BARE:
        short = _by_channel(tables["spend"], ("conversion_value",))
        return {"account": short.rename(columns={"conversion_value": "revenue"})}
    wanted = [name for name in SPEND_COLUMNS if name in columns]
    keep = {"spend": _spend(tables["spend"], wanted)}
    till = [name for name in REVENUE_COLUMNS if name in columns]
    if till:
        keep["revenue"] = tables["revenue"][["date", *till]]
    return keep


def _spend(table: pd.DataFrame, wanted: list[str]) -> pd.DataFrame:
    if "campaign" in wanted:
        return table[[name for name in table.columns if name in wanted or name in ALWAYS]]
    added = tuple(name for name in wanted if name != "currency")
    short = _by_channel(table, added)
    return short.assign(currency=table["currency"].iloc[0]) if "currency" in wanted else short


def _by_channel(table: pd.DataFrame, added: Iterable[str]) -> pd.DataFrame:
    """Add campaigns up to channels; money stays in cents."""
    sums = table.groupby(["date", "channel"], sort=False)[["spend", *added]].sum().reset_index()
    return sums.round({"spend": 2, "conversion_value": 2})
