"""The whole history as plain tables, for spreadsheets and for people who want to leave."""

from __future__ import annotations

from typing import Any, Final

from roas.history.book import History
from roas.history.schema import KEYS
from roas.history.values import from_json

#: Columns that hold JSON.
_JSON: Final = frozenset({"options", "document", "plan"})


def tables(history: History) -> dict[str, tuple[list[str], list[tuple[Any, ...]]]]:
    """Return every table: name → (columns, rows), rows in the order of the key.

    Row numbers of inputs, verdicts and alerts are left out: a week that is
    noted again gets new ones, and the tables are the same.
    """
    found = {}
    with history.consistent():
        for name, keys in KEYS.items():
            every = [row[1] for row in history.store.rows(f"PRAGMA table_info({name})")]
            numbered = keys == ("id",) and name != "plans"
            columns = [column for column in every if not (numbered and column == "id")]
            order = "week, id" if numbered else ", ".join(keys)
            found[name] = (columns, history.store.rows(f"SELECT {', '.join(columns)} FROM {name} ORDER BY {order}"))
    return found


def document(history: History) -> dict[str, Any]:
    """Return every table as a list of rows by column name, JSON columns unfolded."""
    return {
        name: [
            {column: from_json(value) if column in _JSON else value for column, value in zip(columns, row, strict=True)}
            for row in rows
        ]
        for name, (columns, rows) in tables(history).items()
    }
