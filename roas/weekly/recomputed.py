"""The last report's figures, worked out again: from corrected data, and by today's version."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from roas.analysis.run import analyze_account
from roas.weekly import currencies, fingerprint
from roas.weekly.late import with_earlier_exports
from roas.weekly.stored import figures_document
from roas.weekly.week import Week

if TYPE_CHECKING:
    from roas.analysis.account import Account
    from roas.history import History
    from roas.io.load import Progress

Figures = Mapping[str, Any]

#: Days by which files may begin later and still be of the same time: a month, as "the last two years" moves on.
SHORTER: Final = 31


def recomputed(
    account: Account, earlier: Mapping[str, Any], history: History, *, progress: Progress | None = None
) -> tuple[Figures, Figures | None]:
    """Return the last report's figures from today's rows, and from the rows of then; both by this version.

    Parameters
    ----------
    account : Account
        Everything the files say.
    earlier : mapping
        The run of the last report, as the history has it.

    Returns
    -------
    restated : mapping
        `figures_document` of the last report's weeks, from the rows as they are known now.
    remodelled : mapping or None
        The same from the rows as they were known then; None where the history does not have them.

    Notes
    -----
    What is printed is worked out again only where it can differ: equal data
    and equal settings give equal figures.
    """
    printed: Figures = earlier["document"]
    week = Week.parse(earlier["week"])
    then = account.until(week.sunday)
    same_data = fingerprint.of_data(then) == printed.get("data")
    same_way = fingerprint.of_settings(then) == printed.get("settings")
    if same_data and same_way:
        return printed, printed
    restated = _figures(with_earlier_exports(then, history, str(week)), progress)
    if same_data:
        return restated, restated
    if same_way:
        return restated, printed
    known = as_known(then, history, str(week))
    return restated, None if known is None else _figures(known, progress)


def shorter(account: Account, earlier: Mapping[str, Any]) -> bool:
    """Tell whether the files begin so much later than those of the last report that the two are of other times."""
    began = dt.date.fromisoformat(earlier["document"]["window"]["start"])
    return (account.first_day - began).days > SHORTER


def _figures(account: Account, progress: Progress | None) -> Figures:
    return figures_document(analyze_account(account, explain=False, progress=progress))


def as_known(account: Account, history: History, week: str) -> Account | None:
    """Return the account with the rows that a week's report knew: channels by day, without campaigns."""
    import pandas as pd

    noted_in = currencies.of_snapshot(history.runs.get(week))
    if week not in history.snapshots.weeks() or currencies.others(noted_in, account.tables.currency):
        return None
    spend, shop = history.snapshots.as_of(week), history.snapshots.as_of(week, shop=True)
    if spend is None:
        return None
    now = account.tables
    missing = dict.fromkeys(now.spend.columns.difference(spend.columns))
    rows = spend.assign(**missing)[list(now.spend.columns)].assign(currency=now.currency)
    till = now.revenue
    if till is not None and shop is not None:
        beside = till[till.columns.difference(shop.columns).union(["date"])]
        till = shop.merge(beside, on="date", how="left").assign(date=lambda f: pd.to_datetime(f["date"]))
    return replace(account, tables=replace(now, spend=rows, revenue=till, regions=None, snapshots=None))
