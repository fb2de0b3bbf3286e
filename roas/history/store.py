"""One connection to the file: transactions, and SQLite's errors in words that help."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from roas.errors import InputError, OutputError, RoasError

#: Seconds to wait for another program's transaction. Ours last well under one.
BUSY_SECONDS: Final = 15.0

#: SQLite's primary result codes (sqlite.org/rescode.html) that mean the file is damaged.
DAMAGED: Final = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})

_REASONS: Final = {
    sqlite3.SQLITE_FULL: ("the disk is full", "Make room and run again"),
    sqlite3.SQLITE_READONLY: ("the file or its folder may not be written", "Give yourself write permission"),
    sqlite3.SQLITE_PERM: ("the file or its folder may not be used", "Give yourself permission"),
    sqlite3.SQLITE_CANTOPEN: ("it cannot be opened", "Check that the folder exists and may be written"),
    sqlite3.SQLITE_BUSY: ("another program is using it", "Wait for it to end, or close it, and run again"),
    sqlite3.SQLITE_LOCKED: ("another program is using it", "Wait for it to end, or close it, and run again"),
    sqlite3.SQLITE_IOERR: ("the disk does not answer as it should", "Check the disk and the room on it"),
}


def connect(path: Path, *, mode: str = "rwc", extra: str = "") -> sqlite3.Connection:
    """Open a file with SQLite; transactions are begun by hand.

    Parameters
    ----------
    path : Path
    mode : str
        ``ro``, ``rw`` or ``rwc`` (create), of SQLite's URI form.
    extra : str
        More parameters of the URI, such as ``&immutable=1``.
    """
    place = path.absolute().as_posix()
    address = f"file://{'' if place.startswith('/') else '/'}{quote(place)}?mode={mode}{extra}"
    connection = sqlite3.connect(address, uri=True, isolation_level=None, timeout=BUSY_SECONDS)
    connection.text_factory = _decoded
    return connection


def _decoded(raw: bytes) -> str:
    """Read text; a byte that a disk got wrong is shown as such and stops nothing."""
    return raw.decode("utf-8", "replace")


def primary(error: sqlite3.Error) -> int | None:
    """Return SQLite's primary result code of an error."""
    code = getattr(error, "sqlite_errorcode", None)
    return None if code is None else code & 0xFF


def shows_damage(error: BaseException) -> bool:
    """Return whether an error says that the file is damaged.

    Names in a damaged list of tables may not be text, which Python notices
    before SQLite does.
    """
    return isinstance(error, UnicodeDecodeError) or (isinstance(error, sqlite3.Error) and primary(error) in DAMAGED)


def refusal(path: Path, error: sqlite3.Error | UnicodeDecodeError) -> RoasError:
    """Word an error of SQLite: where, what, the next step."""
    name, code = path.as_posix(), None if isinstance(error, UnicodeDecodeError) else primary(error)
    if shows_damage(error):
        return InputError(
            f'{name}: the history is damaged ({error}).\n  See "roas history check"; the next run of roas report sets the file aside and saves what can be read.'
        )
    reason, step = _REASONS.get(code or 0, (f"SQLite says: {error}", "Check the disk and the file's permissions"))
    return OutputError(f"{name}: the history cannot be used: {reason}.\n  {step}. Nothing was left half-written.")


class Store:
    """A connection and the path of its file."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path = path
        self.connection = connection

    @contextmanager
    def worded(self) -> Iterator[None]:
        """Turn errors of SQLite into errors for a person."""
        try:
            yield
        except (sqlite3.Error, UnicodeDecodeError) as error:
            if isinstance(error, sqlite3.Error) and primary(error) == sqlite3.SQLITE_CONSTRAINT:
                raise ValueError(f"not a row of the history: {error}") from error
            raise refusal(self.path, error) from None

    def inside(self) -> bool:
        """Return whether a transaction is open."""
        return self.connection.in_transaction

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Do everything inside the block or nothing; a block inside another belongs to it."""
        if self.inside():
            yield
            return
        self.run("BEGIN IMMEDIATE")
        try:
            yield
            self.run("COMMIT")
        except BaseException:
            if self.inside():  # SQLite itself rolls back after some errors
                with suppress(sqlite3.Error):  # a disk that fails: the next opening rolls back
                    self.connection.execute("ROLLBACK")
            raise

    def run(self, statement: str, values: Sequence[Any] = ()) -> sqlite3.Cursor:
        """Execute one statement."""
        with self.worded():
            return self.connection.execute(statement, values)

    def insert(self, table: str, rows: Iterable[Sequence[Any]], columns: Sequence[str]) -> None:
        """Write rows into a table."""
        marks = ", ".join("?" * len(columns))
        with self.worded():
            self.connection.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", rows)

    def rows(self, statement: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Return the rows of a query."""
        with self.worded():
            return self.connection.execute(statement, values).fetchall()
