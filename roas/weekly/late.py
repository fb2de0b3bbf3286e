"""Conversions that arrive late, learned from what the exports of earlier weeks said."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import pandas as pd

    from roas.analysis.account import Account
    from roas.history import History

#: Exports that are learned from: a quarter of a year, so that an old way of counting is forgotten.
EXPORTS: Final = 13

#: Days before each export that are learned from: attribution windows of platforms end at 90 days at the most.
DAYS: Final = 120


def with_earlier_exports(account: Account, history: History, week: str) -> Account:
    """Add what earlier exports said of the same days, where that differs: how late sales are reported is in it.

    Parameters
    ----------
    week : str
        ISO week of the report; exports of earlier weeks are used.
    """
    import pandas as pd

    if account.tables.grain != "day":
        return account
    found = [] if account.tables.snapshots is None else [account.tables.snapshots]
    earlier = [each for each in history.runs.through(week) if each["week"] < week and _live(each)]
    for run in earlier[-EXPORTS:]:
        known = history.snapshots.as_of(run["week"])
        if known is not None:
            found.append(_counts(known, dt.date.fromisoformat(run["document"]["exported_until"])))
    if not found or found == [account.tables.snapshots]:
        return account
    now = account.tables.spend.groupby(["channel", "date"])["conversions"].sum(min_count=1).reset_index()
    found.append(_counts(now, account.tables.spend["date"].max().date()))
    every = pd.concat(found, ignore_index=True).drop_duplicates(["as_of", "channel", "date"], keep="last")
    grew = _grown(every)
    if not len(grew):
        return account
    return replace(account, tables=replace(account.tables, snapshots=grew))


def _live(run: dict[str, object]) -> bool:
    """Tell whether a report was made from an export of its own week, not caught up with later."""
    document = run["document"]
    return isinstance(document, dict) and bool(document.get("live")) and bool(document.get("exported_until"))


def _counts(known: pd.DataFrame, as_of: dt.date) -> pd.DataFrame:
    import pandas as pd

    end = pd.Timestamp(as_of)
    rows = known.dropna(subset=["conversions"])
    rows = rows[rows["date"] > end - pd.Timedelta(days=DAYS)]
    return rows[["channel", "date", "conversions"]].assign(as_of=end)[["as_of", "channel", "date", "conversions"]]


def _grown(every: pd.DataFrame) -> pd.DataFrame:
    """Keep the channels of which a later export holds more of some day than an earlier one."""
    ordered = every.sort_values("as_of", kind="stable")
    by_day = ordered.groupby(["channel", "date"])["conversions"]
    growing = ordered["channel"][(by_day.transform("max") > by_day.transform("first"))].unique()
    kept: pd.DataFrame = ordered[ordered["channel"].isin(growing)]
    return kept.sort_values(["channel", "as_of", "date"], kind="stable").reset_index(drop=True)
