"""The state of a history, in plain data: what it holds, what is missing, whether it is whole."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any, Final

from roas.history.book import History
from roas.history.opening import open_history
from roas.history.schema import KEYS

#: Problems that SQLite is asked to name at most; more say nothing new.
_MOST_PROBLEMS: Final = 20


def state(path: str | Path) -> dict[str, Any]:
    """Describe a history without changing it.

    Parameters
    ----------
    path : path
        The folder of the reports, or the file.

    Returns
    -------
    dict
        ``file``, ``form`` (version of the schema), ``written_by`` (version of
        roas), ``size_bytes``, ``whole``, ``problems``, ``weeks`` (``count``,
        ``first``, ``last``, ``missing``, ``backfilled``), ``rows`` by table,
        ``plans`` (``count``, ``open``).

    Raises
    ------
    InputError
        There is no history, or none that can be opened.
    """
    with open_history(path, read_only=True) as history, history.consistent():
        weeks = history.runs.weeks()
        backfilled = history.store.rows("SELECT count(*) FROM runs WHERE backfilled")[0][0]
        problems = _problems(history)
        return {
            "file": history.path.as_posix(),
            "form": history.version,
            "written_by": history.store.rows("SELECT value FROM about WHERE name = 'written_by'")[0][0],
            "size_bytes": size_of(history.path),
            "whole": not problems,
            "problems": problems,
            "weeks": {
                "count": len(weeks),
                "first": weeks[0] if weeks else None,
                "last": weeks[-1] if weeks else None,
                "missing": history.runs.gaps(),
                "backfilled": backfilled,
            },
            "rows": {
                name: history.store.rows(f"SELECT count(*) FROM {name}")[0][0] for name in KEYS if name != "about"
            },
            "plans": {"count": len(history.plans.all()), "open": len(history.plans.open())},
        }


def size_of(path: Path) -> int:
    """Return the bytes of a history with its write-ahead log."""
    files = (path, path.with_name(path.name + "-wal"))
    return sum(file.stat().st_size for file in files if file.exists())


def _problems(history: History) -> list[str]:
    """Read every page and every index entry, and follow every reference."""
    try:
        found = [str(row[0]) for row in history.store.connection.execute(f"PRAGMA integrity_check({_MOST_PROBLEMS})")]
        found = [] if found == ["ok"] else [" ".join(each.split()) for each in found]
        loose = history.store.connection.execute("PRAGMA foreign_key_check").fetchall()
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
        return [str(error)]
    return found + [f"{table}: a row refers to {parent}, where there is none" for table, _, parent, _ in loose]
