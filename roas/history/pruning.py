"""Forget old weeks, and nothing that a later report needs."""

from __future__ import annotations

import sqlite3
from typing import Any, Final

from roas.errors import UsageError
from roas.history.book import History
from roas.history.checking import size_of
from roas.history.snapshots import CHANNELS, SHOP, Sort
from roas.history.weeks import later
from roas.language import say

#: Weeks kept unless said: this year and the last, so that a year can be compared with the one before.
KEPT_WEEKS: Final = 104

#: Weeks that must stay: false alarms are counted over a year, from that year's verdicts.
LEAST_WEEKS: Final = 53


class _Undone(Exception):
    """Ends the transaction of a dry run."""


def prune(history: History, *, keep_weeks: int = KEPT_WEEKS, dry_run: bool = False) -> dict[str, Any]:
    """Forget runs, files, verdicts, alerts and superseded values of old weeks.

    Kept whatever their age: plans, their scores, the latest value of every
    day, and what each kept week knew.

    Parameters
    ----------
    history : History
    keep_weeks : int
        Weeks up to and with the last reported one that stay.
    dry_run : bool
        Only say what would be forgotten.

    Returns
    -------
    dict
        ``first_kept`` (week; None where nothing is reported yet),
        ``forgotten`` (rows by table), ``bytes_freed`` (estimated for a dry
        run), ``notes``.

    Raises
    ------
    UsageError
        Where fewer than `LEAST_WEEKS` would be kept.
    """
    if keep_weeks < LEAST_WEEKS:
        raise UsageError(
            f"--keep-weeks {keep_weeks}: at least {LEAST_WEEKS} weeks stay, because false alarms are counted over a year."
        )
    weeks = history.runs.weeks()
    first = later(weeks[-1], 1 - keep_weeks) if weeks else None
    history.store.run("PRAGMA wal_checkpoint(TRUNCATE)")  # so that the sizes before and after compare
    size = size_of(history.path)
    done: dict[str, Any] = {"first_kept": first, "forgotten": {}, "bytes_freed": 0, "notes": []}
    if first is None:
        return done
    try:
        with history.store.transaction():
            done["forgotten"] = _forget(history, first)
            free, page = (history.store.rows(f"PRAGMA {name}")[0][0] for name in ("freelist_count", "page_size"))
            if dry_run:
                raise _Undone
    except _Undone:
        return {**done, "bytes_freed": free * page}
    if not any(done["forgotten"].values()):
        return done
    done["notes"] = _compact(history)
    return {**done, "bytes_freed": max(size - size_of(history.path), 0)}


def _forget(history: History, first: str) -> dict[str, int]:
    store = history.store
    counted = {
        name: store.rows(f"SELECT count(*) FROM {name} WHERE week < ?", (first,))[0][0]
        for name in ("runs", "inputs", "verdicts", "alerts")
    }
    store.run("DELETE FROM runs WHERE week < ?", (first,))
    return {**counted, **{sort.table: _forget_superseded(history, sort, first) for sort in (CHANNELS, SHOP)}}


def _forget_superseded(history: History, sort: Sort, first: str) -> int:
    """Forget values that a later one replaced before the first kept week began to look.

    A row that is gone keeps its last value and the mark that it is gone. The
    last snapshot before the kept weeks stays too: the first of them may have
    had no export of its own.
    """
    store = history.store
    query = "SELECT max(seen) FROM snapshots WHERE what = ? AND seen <= ?"
    base = store.rows(query, (sort.what, first))[0][0]
    if base is None:
        return 0
    store.run("DELETE FROM snapshots WHERE what = ? AND seen < ?", (sort.what, base))
    same = " AND ".join(f"newer.{key} = {sort.table}.{key}" for key in sort.keys)
    # a value goes when a newer value stands; a mark goes when anything newer stands
    return store.run(
        f"DELETE FROM {sort.table} WHERE seen < ? AND EXISTS (SELECT 1 FROM {sort.table} AS newer WHERE {same} "
        f"AND newer.seen > {sort.table}.seen AND newer.seen <= ? AND ({sort.table}.gone OR NOT newer.gone))",
        (base, base),
    ).rowcount


def _compact(history: History) -> list[str]:
    """Give the room back to the disk; the rows are gone either way."""
    connection = history.store.connection
    try:
        connection.execute("VACUUM")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except sqlite3.OperationalError as error:
        return [
            say(
                "The old weeks are forgotten, but the file could not be made smaller ({reason}). The room is used again "
                "by the next weeks.",
                reason=str(error),
            )
        ]
    return []
