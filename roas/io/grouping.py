"""Rows → one row per group of equal dimensions, by DuckDB, each repeated day counted once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from roas.tables import REACH

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

#: Columns that may hold a row's date, the preferred first.
_DATES = ("date", "range_start", "week", "month")


@dataclass(frozen=True)
class Query:
    """What is grouped.

    Attributes
    ----------
    source : str
        SQL of a relation, as it stands after ``FROM``.
    every : tuple of str
        SQL names of all of its columns.
    selects : dict of str to str
        Canonical name → SQL expression.
    typed : frozenset of str
        Canonical names whose expressions are numbers, to be summed.
    """

    source: str
    every: tuple[str, ...]
    selects: dict[str, str]
    typed: frozenset[str]

    @property
    def money(self) -> str | None:
        """The expression of the money column, where the engine reads it."""
        return next((self.selects[c] for c in ("spend", "revenue") if c in self.typed), None)

    @property
    def day(self) -> str | None:
        """The expression of the date as text."""
        return next((f"CAST({self.selects[c]} AS VARCHAR)" for c in _DATES if c in self.selects), None)


@dataclass(frozen=True)
class Repeats:
    """Days of which every row with money stands twice (or four times): how many, and the rows left out."""

    days: int
    rows: int


def grouped(engine: duckdb.DuckDBPyConnection, query: Query) -> tuple[pd.DataFrame, Repeats | None]:
    """Group by every dimension and sum the typed measures.

    A sum of nothing stays null. Reach is no sum: it is kept where a group is
    one row. Negative spend makes a group of its own, so that no sum hides it.

    Returns
    -------
    frame, repeats
        Canonical columns and ``_rows``; and what was counted once, see
        `roas.io.repeats` for the rule.
    """
    frame = _sums(engine, query, checked=True)
    credits = "_least" in frame.columns and bool((frame["_least"] < 0).any())
    if credits:  # rare, so only then is the file read again with its credits apart
        frame = _sums(engine, query, checked=True, credits=True)
    days = _repeated_days(engine, query, _suspects(frame))
    if not days:
        return frame.drop(columns=["_day", "_even", "_least"], errors="ignore"), None
    listed = ", ".join("'" + d.replace("'", "''") + "'" for d in days)
    again = f"coalesce({query.day} IN ({listed}), false)"
    once = (
        f"(SELECT * FROM {query.source} WHERE NOT {again} UNION ALL "
        f"SELECT DISTINCT * FROM {query.source} WHERE {again})"
    )
    clean = _sums(engine, Query(once, query.every, query.selects, query.typed), checked=False, credits=credits)
    return clean, Repeats(len(days), int(frame["_rows"].sum() - clean["_rows"].sum()))


def _sums(engine: duckdb.DuckDBPyConnection, query: Query, *, checked: bool, credits: bool = False) -> pd.DataFrame:
    parts = [_select(name, sql, name in query.typed) for name, sql in query.selects.items()]
    if "spend" in query.typed:
        spend = query.selects["spend"]
        parts.append(f"coalesce({spend} < 0, false) AS _credit" if credits else f"min({spend}) AS _least")
    parts.append("count(*) AS _rows")
    if checked and query.money and query.day:
        # The hashes of amounts that all stand there twice cancel out. It costs little, since the
        # amounts are read anyway, and is proven afterwards over all columns for the days it points at.
        parts += [f"any_value({query.day}) AS _day", f"bit_xor(hash({query.money})) AS _even"]
    frame = engine.execute(f"SELECT {', '.join(parts)} FROM {query.source} GROUP BY ALL").df()
    return frame.drop(columns=["_credit"] if checked else ["_credit", "_least"], errors="ignore")


def _select(name: str, sql: str, typed: bool) -> str:
    if name == REACH:
        return f'CASE WHEN count(*) = 1 THEN any_value({sql}) END AS "{name}"'
    return f'sum({sql}) AS "{name}"' if typed else f'{sql} AS "{name}"'


def _suspects(frame: pd.DataFrame) -> list[str]:
    """Return the days whose every group looks as if each of its rows stood there twice."""
    if "_day" not in frame.columns or not (frame["_even"] == 0).any():
        return []
    whole = (frame["_even"] == 0).groupby(frame["_day"]).all()
    return sorted(whole.index[whole])


def _repeated_days(engine: duckdb.DuckDBPyConnection, query: Query, suspects: list[str]) -> list[str]:
    if not suspects:
        return []
    listed = ", ".join("'" + d.replace("'", "''") + "'" for d in suspects)
    counts = (
        f"SELECT {query.day} AS day, count(*) AS copies FROM {query.source} "
        f"WHERE {query.money} <> 0 AND {query.day} IN ({listed}) GROUP BY day, {', '.join(query.every)}"
    )
    rows = engine.execute(
        f"SELECT day FROM ({counts}) GROUP BY day HAVING min(copies) = max(copies) AND min(copies) > 1"
    ).fetchall()
    return sorted(str(day) for (day,) in rows)
