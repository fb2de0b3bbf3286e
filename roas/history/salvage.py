"""Set a damaged history aside, and carry over what can still be read."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from roas.format import count, visible
from roas.history.schema import KEYS, migrate, newest, version_of
from roas.history.store import connect
from roas.language import mark, say

#: SQLite's logs beside a database: they belong to it, whatever its name.
_LOGS: Final = ("-wal", "-journal")

#: Table → what a person calls its rows.
_NAMES: Final = {
    "runs": mark("reported weeks"),
    "inputs": mark("files read"),
    "snapshots": mark("snapshots of exports"),
    "channel_values": mark("past values of channels"),
    "shop_values": mark("past values of the shop"),
    "verdicts": mark("past findings"),
    "alerts": mark("past alerts"),
    "plans": mark("plans"),
    "scores": mark("scores of plans"),
}

#: Table of values → what `snapshots` calls it.
_VALUES_OF: Final = {"channel_values": "channels", "shop_values": "shop"}


@dataclass(frozen=True)
class Saved:
    """What came out of one table; `lost` is at least how many rows did not, `whole` whether all keys could be read."""

    table: str
    rows: int
    lost: int
    whole: bool

    @property
    def complete(self) -> bool:
        """Whether nothing of the table is missing."""
        return self.whole and not self.lost


def set_aside(place: Path, reason: str) -> str:
    """Rename a damaged history and put a new one with its readable rows in its place.

    The damaged file gets its second name first and the new file comes with
    one rename, so a kill at any point loses nothing.

    Parameters
    ----------
    place : Path
        The damaged file; nobody else has it open.
    reason : str
        What SQLite found.

    Returns
    -------
    str
        One sentence or two for a person: what happened, what was lost.
    """
    aside = _free_name(place)
    fresh = place.with_name(f".{place.name}.{os.getpid()}.part")
    fresh.unlink(missing_ok=True)
    try:
        try:
            for end in ("", *_LOGS):
                beside = place.with_name(place.name + end)
                if beside.exists():
                    _second_name(beside, aside.with_name(aside.name + end))
            saved = _carry_over(aside, fresh)
        except BaseException:  # a full disk: the next run tries again, and second names do not pile up
            _drop(aside)
            raise
        aside.with_name(aside.name + "-shm").unlink(missing_ok=True)
        for end in (*_LOGS, "-shm"):  # a log left behind would be played into the new file
            place.with_name(place.name + end).unlink(missing_ok=True)
        fresh.replace(place)
    finally:
        for end in ("", "-journal"):
            fresh.with_name(fresh.name + end).unlink(missing_ok=True)
    return _told(place, aside, reason, saved)


def _free_name(place: Path) -> Path:
    number = 1
    while (found := place.with_name(f"{place.stem}.corrupt-{number}{place.suffix}")).exists():
        number += 1
    return found


def _second_name(file: Path, name: Path) -> None:
    """Give a file a second name; copy it where the disk knows no second names."""
    with suppress(OSError):
        os.link(file, name)
        return
    shutil.copy2(file, name)


def _drop(aside: Path) -> None:
    """Take the second names away again; the files keep their first."""
    for end in ("", *_LOGS, "-shm"):
        with suppress(OSError):
            aside.with_name(aside.name + end).unlink(missing_ok=True)


def _carry_over(source: Path, target: Path) -> list[Saved]:
    """Write a new history with every readable row of a damaged one."""
    log = source.with_name(source.name + "-wal")
    extra = "" if log.exists() else "&immutable=1"  # which makes no files beside it
    with closing(connect(source, mode="ro", extra=extra)) as old, closing(connect(target)) as new:
        version = newest()
        with suppress(sqlite3.Error, UnicodeDecodeError):
            version = version_of(old) or version
        migrate(new, to=version)  # into tables of its own version first, so that a migration sees what it expects
        new.execute("PRAGMA foreign_keys = OFF")
        new.execute("BEGIN")
        saved = [_table(old, new, name) for name in KEYS]
        saved = _without_orphans(new, saved)
        _forget_doubtful(new, saved)
        new.execute("COMMIT")
        migrate(new)
        return saved


def _table(old: sqlite3.Connection, new: sqlite3.Connection, name: str) -> Saved:
    columns = [row[1] for row in new.execute(f"PRAGMA table_info({name})")]
    if not columns:  # a table of a later version
        return Saved(name, 0, 0, whole=True)
    keys, whole = _keys(old, name)
    insert = f"INSERT OR REPLACE INTO {name} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"
    where = " AND ".join(f"{key} = ?" for key in KEYS[name])
    select = f"SELECT {', '.join(columns)} FROM {name} WHERE {where}"
    kept = 0
    for key in keys:
        with suppress(sqlite3.Error, UnicodeError):  # a row that cannot be read, or that breaks a rule of its table
            row = old.execute(select, key).fetchone()
            if row is not None:
                new.execute(insert, row)
                kept += 1
    return Saved(name, kept, len(keys) - kept, whole)


def _keys(old: sqlite3.Connection, name: str) -> tuple[list[tuple[Any, ...]], bool]:
    """Return the keys that can be read, from the front and, where a page is damaged, from the back."""
    found: dict[tuple[Any, ...], None] = {}
    if _read_into(found, old, name, "ASC"):
        return list(found), True
    _read_into(found, old, name, "DESC")
    return list(found), False


def _read_into(found: dict[tuple[Any, ...], None], old: sqlite3.Connection, name: str, way: str) -> bool:
    """Read keys one way; returns whether the end was reached."""
    keys = KEYS[name]
    order = ", ".join(f"{key} {way}" for key in keys)
    try:
        for key in old.execute(f"SELECT {', '.join(keys)} FROM {name} ORDER BY {order}"):
            found[key] = None
    except (sqlite3.Error, UnicodeDecodeError):
        return False
    return True


def _without_orphans(new: sqlite3.Connection, saved: list[Saved]) -> list[Saved]:
    """Drop rows whose week or plan is lost: nothing could say what they belong to."""
    dropped: dict[str, int] = {}
    for table, parent, theirs, key in _references():
        query = f"DELETE FROM {table} WHERE {theirs} NOT IN (SELECT {key} FROM {parent})"
        dropped[table] = new.execute(query).rowcount
    return [
        Saved(each.table, each.rows - dropped.get(each.table, 0), each.lost + dropped.get(each.table, 0), each.whole)
        for each in saved
    ]


def _references() -> Iterator[tuple[str, str, str, str]]:
    for table in ("inputs", "verdicts", "alerts"):
        yield table, "runs", "week", "week"
    yield "scores", "plans", "plan_id", "id"


def _forget_doubtful(new: sqlite3.Connection, saved: list[Saved]) -> None:
    """Unmark snapshots whose values are not all there: better not known than known wrong.

    The values stay, and the next snapshot is written as its difference from
    them, so it is right; what earlier weeks knew is said to be unknown.
    """
    by_table = {each.table: each for each in saved}
    for table, what in _VALUES_OF.items():
        if not by_table[table].complete:
            new.execute("DELETE FROM snapshots WHERE what = ?", (what,))


def _told(place: Path, aside: Path, reason: str, saved: list[Saved]) -> str:
    names = {"file": visible(place.as_posix()), "aside": visible(aside.name), "reason": visible(reason)}
    lost = [each for each in saved if not each.complete and each.table in _NAMES]
    if not lost:
        return say(
            "{file} was damaged ({reason}). It is kept as {aside}; every row could be read, and nothing was lost.",
            **names,
        )
    parts = ", ".join(f"{say(_NAMES[each.table])} ({_counted(each)})" for each in lost)
    return say(
        "{file} was damaged ({reason}). It is kept as {aside}, and what could be read was saved. Not complete any more: "
        "{parts}.",
        parts=parts,
        **names,
    )


def _counted(each: Saved) -> str:
    if each.whole:
        return say("{saved} saved, {lost} lost", saved=count(each.rows), lost=count(each.lost))
    return say("{saved} saved, an unknown number lost", saved=count(each.rows))
