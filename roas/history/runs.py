"""The weeks that were reported, the figures they showed, and the files they were made of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from roas.history.store import Store
from roas.history.values import as_day, day, from_json, moment, text, text_or_none, to_json, whole
from roas.history.weeks import gaps, monday_of

_RUN: Final = ("week", "made", "version", "language", "options", "document", "backfilled")
_INPUT: Final = ("week", "file", "sha256", "format", "rows_read", "rows_used", "start_date", "end_date")


class Runs:
    """One row per reported week."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def note(
        self,
        week: str,
        *,
        made: datetime | str,
        version: str,
        language: str,
        options: Mapping[str, Any],
        document: Mapping[str, Any],
        backfilled: bool = False,
    ) -> None:
        """Note that a week was reported; an earlier note of the week is replaced with all that hangs on it.

        Parameters
        ----------
        week : str
            ISO week, ``2026-W46``.
        made : datetime or str
            When, with its zone; kept as UTC text.
        version, language : str
            Of the roas that made the report, and of its words.
        options, document : mapping
            What was asked, and the figures that the next report compares with.
        backfilled : bool
            Whether the week was reported after a later one.
        """
        monday_of(week)
        row = (week, moment(made), text(version), text(language), to_json(options), to_json(document), int(backfilled))
        with self._store.transaction():
            self._store.run("DELETE FROM runs WHERE week = ?", (week,))
            self._store.insert("runs", [row], _RUN)
            self._store.run("INSERT OR REPLACE INTO about VALUES ('written_by', ?)", (text(version),))

    def weeks(self) -> list[str]:
        """Return the weeks that were reported, oldest first."""
        return [week for (week,) in self._store.rows("SELECT week FROM runs ORDER BY week")]

    def gaps(self) -> list[str]:
        """Return the weeks between the first and the last that were not reported."""
        return gaps(self.weeks())

    def get(self, week: str) -> dict[str, Any] | None:
        """Return one week's run; None where it was not reported."""
        found = self._store.rows(f"SELECT {', '.join(_RUN)} FROM runs WHERE week = ?", (week,))
        return _run(found[0]) if found else None

    def before(self, week: str) -> dict[str, Any] | None:
        """Return the last run of an earlier week; None where there is none."""
        query = f"SELECT {', '.join(_RUN)} FROM runs WHERE week < ? ORDER BY week DESC LIMIT 1"
        found = self._store.rows(query, (week,))
        return _run(found[0]) if found else None

    def through(self, week: str) -> list[dict[str, Any]]:
        """Return the runs of all weeks up to and with `week`, oldest first."""
        query = f"SELECT {', '.join(_RUN)} FROM runs WHERE week <= ? ORDER BY week"
        return [_run(row) for row in self._store.rows(query, (week,))]


def _run(row: tuple[Any, ...]) -> dict[str, Any]:
    found = dict(zip(_RUN, row, strict=True))
    return {
        **found,
        "options": from_json(found["options"]),
        "document": from_json(found["document"]),
        "backfilled": bool(found["backfilled"]),
    }


class Inputs:
    """The files of each week, by name and hash: never their folder, never their rows."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def note(self, week: str, files: Iterable[Mapping[str, Any]]) -> None:
        """Note a week's files; what was noted of the week before is replaced.

        Parameters
        ----------
        week : str
            A week whose run is noted.
        files : iterable of mapping
            ``file``, and where known ``sha256``, ``format``, ``rows_read``,
            ``rows_used``, ``start``, ``end``. Other fields are left out.
        """
        rows = [
            (
                week,
                _name(file["file"]),
                text_or_none(file.get("sha256")),
                text_or_none(file.get("format")),
                whole(file.get("rows_read")),
                whole(file.get("rows_used")),
                day(file.get("start")),
                day(file.get("end")),
            )
            for file in files
        ]
        with self._store.transaction():
            self._store.run("DELETE FROM inputs WHERE week = ?", (week,))
            self._store.insert("inputs", rows, _INPUT)

    def of(self, week: str) -> list[dict[str, Any]]:
        """Return a week's files, in the order in which they were noted."""
        rows = self._store.rows(f"SELECT {', '.join(_INPUT)} FROM inputs WHERE week = ? ORDER BY id", (week,))
        return [_input(row) for row in rows]

    def weeks_of(self, sha256: str) -> list[str]:
        """Return the weeks that read a file of this hash, oldest first."""
        query = "SELECT DISTINCT week FROM inputs WHERE sha256 = ? ORDER BY week"
        return [week for (week,) in self._store.rows(query, (sha256,))]


def _name(file: object) -> str:
    r"""Return a file's name without its folder, whichever way its system writes folders.

    Examples
    --------
    >>> _name("C:\\exports\\meta.csv"), _name("/home/ann/google.csv"), _name("orders.csv")
    ('meta.csv', 'google.csv', 'orders.csv')
    """
    return re.split(r"[/\\]", text(file))[-1]


def _input(row: tuple[Any, ...]) -> dict[str, Any]:
    found = dict(zip(_INPUT, row, strict=True))
    start, end = found.pop("start_date"), found.pop("end_date")
    return {**found, "start": as_day(start), "end": as_day(end)}
