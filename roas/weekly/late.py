"""Conversions that arrive late, learned from what the exports of earlier weeks said."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

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

    Counts have no currency, so exports whose money is in another one tell as much.

    Parameters
    ----------
    account : Account
        Up to the week's Sunday.
    week : str
        ISO week of the report; exports of earlier weeks are used.
    """
    import pandas as pd

    if account.tables.grain != "day":
        return account
    earlier = [_known(run, history) for run in history.runs.through(week) if run["week"] < week and _live(run)]
    told = [each for each in earlier[-EXPORTS:] if each is not None]
    if not told:
        return account
    spend, before = account.tables.spend, account.tables.snapshots
    now = spend.groupby(["channel", "date"])["conversions"].sum(min_count=1).reset_index()
    every = pd.concat(
        [*([] if before is None else [before]), *told, _counts(now, account.exported or account.newest_day)],
        ignore_index=True,
    )
    # Unlike exports in one folder these were read on days that are known: one that did not grow tells, too.
    kept = every.drop_duplicates(["as_of", "channel", "date"], keep="last")
    kept = kept.sort_values(["channel", "as_of", "date"], kind="stable").reset_index(drop=True)
    return replace(account, tables=replace(account.tables, snapshots=kept))


def _known(run: Mapping[str, Any], history: History) -> pd.DataFrame | None:
    """Return the conversions that a week's export knew, by channel and day."""
    known = history.snapshots.as_of(run["week"])
    return None if known is None else _counts(known, dt.date.fromisoformat(run["document"]["exported_until"]))


def _live(run: Mapping[str, Any]) -> bool:
    """Tell whether a report was made from an export of its own week, not caught up with later."""
    document = run["document"]
    return isinstance(document, dict) and bool(document.get("live")) and bool(document.get("exported_until"))


def _counts(known: pd.DataFrame, as_of: dt.date) -> pd.DataFrame:
    import pandas as pd

    end = pd.Timestamp(as_of)
    rows = known.dropna(subset=["conversions"])
    rows = rows[rows["date"] > end - pd.Timedelta(days=DAYS)]
    return rows[["channel", "date", "conversions"]].assign(as_of=end)[["as_of", "channel", "date", "conversions"]]
