"""Open the history: know whose file it is, bring it up to date, set it aside where it is damaged."""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from typing import Final

from roas.errors import InputError, OutputError, RoasError
from roas.format import visible
from roas.history.book import History
from roas.history.lock import held
from roas.history.salvage import set_aside
from roas.history.schema import APPLICATION_ID, LEAST_SQLITE, migrate, newest, version_of
from roas.history.store import BUSY_SECONDS, connect, refusal, shows_damage
from roas.language import say

#: The history's name in the folder of the reports.
FILE_NAME: Final = "history.sqlite"

#: First bytes of every SQLite file, and where it keeps its owner (sqlite.org/fileformat.html, 1.3).
_MAGIC: Final = b"SQLite format 3\x00"
_OWNER: Final = slice(68, 72)


class Damaged(Exception):  # never leaves this package
    """The file is ours and cannot be trusted; the text is what SQLite found."""


def open_history(path: str | Path, *, read_only: bool = False, _vfs: str = "") -> History:
    """Open the history, or begin one.

    Parameters
    ----------
    path : path
        The folder of the reports, or the file itself. Both are made where
        they are missing.
    read_only : bool
        Change nothing: a missing or damaged file is an error, and an older
        file is brought up to date in memory only.

    Returns
    -------
    History
        To be used in a ``with`` block. Its ``notes`` say what happened to a
        damaged file: it is renamed, what can be read is carried over.

    Raises
    ------
    InputError
        The file is not a history, is damaged (`read_only`), or is of a newer
        version of roas. It was not touched.
    OutputError
        The place cannot be read or written.
    """
    _check_sqlite()
    place = history_file(path)
    try:
        if read_only:
            return _open_to_read(place)
        place.parent.mkdir(parents=True, exist_ok=True)
        return _open_to_write(place, _vfs)
    except sqlite3.Error as error:
        raise refusal(place, error) from None
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise OutputError(
            f"{_shown(place)}: the history cannot be used ({reason}).\n  Choose another folder with -o, or give yourself permission."
        ) from None


def history_file(path: str | Path) -> Path:
    """Return the file that a path means: itself, or the history in that folder."""
    given = Path(path)
    file = given if given.suffix == ".sqlite" and not given.is_dir() else given / FILE_NAME
    return file.resolve() if file.is_symlink() else file


def _shown(place: Path) -> str:
    return visible(place.as_posix())


def _check_sqlite() -> None:
    if sqlite3.sqlite_version_info < LEAST_SQLITE:
        needed = ".".join(map(str, LEAST_SQLITE))
        raise RoasError(
            f"the history needs SQLite {needed} or newer; this Python has {sqlite3.sqlite_version}.\n"
            "  Use a Python of python.org, conda-forge or a newer system."
        )


def _open_to_write(place: Path, vfs: str) -> History:
    notes: list[str] = []
    _recognise(place)
    try:
        connection = _prepared(place, vfs, notes)
    except Damaged:
        connection = _repaired(place, vfs, notes)
    return History(place, connection, notes)


def _repaired(place: Path, vfs: str, notes: list[str]) -> sqlite3.Connection:
    """Set a damaged file aside, unless another process has done so meanwhile."""
    lock = place.with_name(f".{place.name}.lock")
    with held(lock, wait=BUSY_SECONDS):
        try:
            return _prepared(place, vfs, notes)
        except Damaged as damage:
            notes.append(set_aside(place, str(damage)))
            return _prepared(place, vfs, notes)
        finally:
            with suppress(OSError):  # Windows keeps a file that is open
                lock.unlink()


def _prepared(place: Path, vfs: str, notes: list[str]) -> sqlite3.Connection:
    connection = connect(place, extra=f"&vfs={vfs}" if vfs else "")
    try:
        version = _examined(connection, place)
        if version < newest():
            migrate(connection)
        if not _log_ahead(connection):
            notes.append(_without_log(place))
        _try_to_write(connection)
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        return connection
    except BaseException as error:
        connection.close()
        if shows_damage(error):
            raise Damaged(str(error)) from None
        raise


def _try_to_write(connection: sqlite3.Connection) -> None:
    """Meet a file that may not be written now, not in the middle of a report; nothing changes."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        connection.execute(f"PRAGMA user_version = {version_of(connection)}")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def _open_to_read(place: Path) -> History:
    if not place.exists():
        raise InputError(
            f"{_shown(place)}: there is no history here.\n  roas report begins one. Name the folder that it writes to."
        )
    _recognise(place)
    connection = _reading(place)
    try:
        version = _examined(connection, place)
    except BaseException as error:
        connection.close()
        if isinstance(error, Damaged) or shows_damage(error):
            raise InputError(
                f"{_shown(place)}: the history is damaged ({visible(error)}).\n"
                "  The next roas report sets the file aside, saves what can be read, and says what was lost."
            ) from None
        raise
    if version < newest():
        connection = _copied(connection)
    return History(place, connection)


def _reading(place: Path) -> sqlite3.Connection:
    """Connect without writing, also where the folder allows no file beside the history."""
    log = place.with_name(place.name + "-wal")
    connection = connect(place, mode="rw")  # a connection that may write leaves no log behind when it closes
    try:
        connection.execute("PRAGMA query_only = ON")
        connection.execute("PRAGMA schema_version").fetchone()
    except sqlite3.OperationalError:
        connection.close()
        still = not log.exists() or not log.stat().st_size
        return connect(place, mode="ro", extra="&immutable=1" if still else "")
    except (sqlite3.DatabaseError, UnicodeDecodeError):
        pass  # damaged: found again, and worded, by the one who asked
    return connection


def _copied(connection: sqlite3.Connection) -> sqlite3.Connection:
    """Bring a copy in memory up to date, and leave the older file as it is."""
    copy = sqlite3.connect(":memory:", isolation_level=None)
    with closing(connection):
        connection.backup(copy)
    migrate(copy)
    return copy


def _recognise(place: Path) -> None:
    """Refuse a file that somebody else wrote, before SQLite opens it."""
    if not place.exists():
        return
    with place.open("rb") as file:
        head = file.read(100)
    begun = place.with_name(place.name + "-journal").exists() and not head.strip(b"\0")
    if not head or begun or head[_OWNER] == APPLICATION_ID.to_bytes(4, "big"):
        return
    if head.startswith(_MAGIC) and _is_empty(place):
        return
    raise InputError(
        f"{_shown(place)}: this file is not a history of roas, or is damaged beyond knowing. It was not touched.\n"
        "  Move it away, or choose another folder with -o."
    )


def _is_empty(place: Path) -> bool:
    """Return whether a database has neither owner nor tables."""
    connection = connect(place, mode="ro", extra="&immutable=1")
    try:
        owner = connection.execute("PRAGMA application_id").fetchone()[0]
        return (owner, *connection.execute("SELECT count(*) FROM sqlite_master").fetchone()) == (0, 0)
    except (sqlite3.DatabaseError, UnicodeDecodeError):
        return False
    finally:
        connection.close()


def _examined(connection: sqlite3.Connection, place: Path) -> int:
    """Return the version of the file's schema; every page has been looked at.

    Raises
    ------
    InputError
        Where a newer roas wrote it.
    Damaged
        Where SQLite finds anything wrong.
    """
    version = version_of(connection)
    if version > newest():
        raise InputError(
            f"{_shown(place)}: roas {visible(_writer(connection))} wrote this history (form {version}); this roas knows "
            f"form {newest()}.\n  Install that version or a newer one: pip install --upgrade roas"
        )
    found = [str(row[0]) for row in connection.execute("PRAGMA integrity_check(3)")]
    if found != ["ok"]:
        raise Damaged("; ".join(" ".join(each.split()) for each in found))
    return version


def _writer(connection: sqlite3.Connection) -> str:
    with suppress(sqlite3.Error, TypeError, UnicodeDecodeError):
        return str(connection.execute("SELECT value FROM about WHERE name = 'written_by'").fetchone()[0])
    return "of a newer version"


def _log_ahead(connection: sqlite3.Connection) -> bool:
    """Turn the write-ahead log on; False where the disk cannot have one."""
    with suppress(sqlite3.OperationalError):
        mode = connection.execute("PRAGMA journal_mode = WAL").fetchone()[0]
        if mode == "wal":
            connection.execute("SELECT count(*) FROM runs").fetchone()  # the log's shared memory is first used here
            return True
    connection.execute("PRAGMA journal_mode = DELETE")
    return False


def _without_log(place: Path) -> str:
    return say(
        "{file} is on a disk where two programs cannot share it well (a network folder?). It works, but let only one "
        "computer write to it.",
        file=_shown(place),
    )
