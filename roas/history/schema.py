"""The tables of the history, their version, and the way from one version to the next.

Nothing here names a customer. A campaign is named in a verdict or an alert
about it, and nowhere else.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Final

from roas import __version__

#: ``PRAGMA application_id``: "roas" in ASCII. A file with another one is not ours.
APPLICATION_ID: Final = 0x726F6173

#: STRICT tables begin with this SQLite (release notes of 3.37.0, 2021-11-27).
LEAST_SQLITE: Final = (3, 37, 0)


def _week(column: str) -> str:
    return f"CHECK ({column} GLOB '[0-9][0-9][0-9][0-9]-W[0-9][0-9]' AND CAST(substr({column}, 7) AS INTEGER) BETWEEN 1 AND 53)"


def _day(column: str) -> str:
    return f"CHECK ({column} IS NULL OR ({column} >= '0001' AND {column} IS date({column})))"


def _json(column: str) -> str:
    return f"CHECK (json_valid({column}))"


#: Version 1. The rules on columns are checked on every opening, so that a byte
#: which a disk got wrong is met there. Keys are the tables themselves (an
#: integer key, or WITHOUT ROWID): what can be read of a damaged file needs no
#: index. ``about`` keeps its form for ever: an older roas asks it who wrote a newer file.
_VERSION_1: Final = (
    "CREATE TABLE about (name TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID",
    f"""CREATE TABLE runs (
        week TEXT NOT NULL PRIMARY KEY {_week("week")},
        made TEXT NOT NULL,
        version TEXT NOT NULL,
        language TEXT NOT NULL,
        options TEXT NOT NULL {_json("options")},
        document TEXT NOT NULL {_json("document")},
        backfilled INTEGER NOT NULL CHECK (backfilled IN (0, 1))
    ) STRICT, WITHOUT ROWID""",
    f"""CREATE TABLE inputs (
        id INTEGER PRIMARY KEY,
        week TEXT NOT NULL REFERENCES runs (week) ON DELETE CASCADE,
        file TEXT NOT NULL,
        sha256 TEXT,
        format TEXT,
        rows_read INTEGER,
        rows_used INTEGER,
        start_date TEXT {_day("start_date")},
        end_date TEXT {_day("end_date")}
    ) STRICT""",
    "CREATE INDEX inputs_of_week ON inputs (week)",
    f"""CREATE TABLE snapshots (
        seen TEXT NOT NULL {_week("seen")},
        what TEXT NOT NULL CHECK (what IN ('channels', 'shop')),
        PRIMARY KEY (seen, what)
    ) STRICT, WITHOUT ROWID""",
    f"""CREATE TABLE channel_values (
        channel TEXT NOT NULL,
        date TEXT NOT NULL {_day("date")},
        seen TEXT NOT NULL {_week("seen")},
        gone INTEGER NOT NULL CHECK (gone IN (0, 1)),
        spend REAL,
        conversions REAL,
        conversion_value REAL,
        impressions REAL,
        clicks REAL,
        PRIMARY KEY (channel, date, seen)
    ) STRICT, WITHOUT ROWID""",
    f"""CREATE TABLE shop_values (
        date TEXT NOT NULL {_day("date")},
        seen TEXT NOT NULL {_week("seen")},
        gone INTEGER NOT NULL CHECK (gone IN (0, 1)),
        revenue REAL,
        orders REAL,
        sessions REAL,
        PRIMARY KEY (date, seen)
    ) STRICT, WITHOUT ROWID""",
    f"""CREATE TABLE verdicts (
        id INTEGER PRIMARY KEY,
        week TEXT NOT NULL REFERENCES runs (week) ON DELETE CASCADE,
        cause TEXT NOT NULL,
        channel TEXT,
        campaign TEXT,
        verdict TEXT NOT NULL,
        probability REAL,
        since TEXT {_day("since")},
        log_evidence REAL,
        effect_p5 REAL,
        effect_p50 REAL,
        effect_p95 REAL
    ) STRICT""",
    "CREATE INDEX verdicts_of_week ON verdicts (week)",
    f"""CREATE TABLE alerts (
        id INTEGER PRIMARY KEY,
        week TEXT NOT NULL REFERENCES runs (week) ON DELETE CASCADE,
        cause TEXT NOT NULL,
        channel TEXT,
        campaign TEXT,
        since TEXT {_day("since")},
        state TEXT NOT NULL,
        level REAL,
        e_value REAL
    ) STRICT""",
    "CREATE INDEX alerts_of_week ON alerts (week)",
    f"""CREATE TABLE plans (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        made TEXT NOT NULL,
        who TEXT NOT NULL,
        data_end TEXT NOT NULL {_day("data_end")},
        weeks INTEGER NOT NULL,
        name TEXT NOT NULL,
        plan TEXT NOT NULL {_json("plan")},
        predicted_p5 REAL,
        predicted_p50 REAL,
        predicted_p95 REAL,
        probability_better REAL,
        options TEXT NOT NULL {_json("options")}
    ) STRICT""",
    f"""CREATE TABLE scores (
        plan_id INTEGER NOT NULL REFERENCES plans (id) ON DELETE CASCADE,
        week TEXT NOT NULL {_week("week")},
        realised_p5 REAL,
        realised_p50 REAL,
        realised_p95 REAL,
        followed REAL,
        document TEXT NOT NULL {_json("document")},
        PRIMARY KEY (plan_id, week)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX scores_of_week ON scores (week)",
)

#: Table → its key, in the order in which a row may refer to an earlier table.
KEYS: Final[dict[str, tuple[str, ...]]] = {
    "about": ("name",),
    "runs": ("week",),
    "inputs": ("id",),
    "snapshots": ("seen", "what"),
    "channel_values": ("channel", "date", "seen"),
    "shop_values": ("date", "seen"),
    "verdicts": ("id",),
    "alerts": ("id",),
    "plans": ("id",),
    "scores": ("plan_id", "week"),
}


def _create(connection: sqlite3.Connection) -> None:
    """From nothing to version 1."""
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    for statement in _VERSION_1:
        connection.execute(statement)


#: The n-th function makes version n of version n - 1. A new one is added at
#: the end; a published one never changes.
MIGRATIONS: list[Callable[[sqlite3.Connection], None]] = [_create]


def newest() -> int:
    """Return the version of the schema that this roas writes."""
    return len(MIGRATIONS)


def version_of(connection: sqlite3.Connection) -> int:
    """Return the version of the schema that a file has; 0 for an empty one."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def migrate(connection: sqlite3.Connection, *, to: int | None = None) -> None:
    """Bring a file to a version, the newest unless said, inside one transaction.

    Another process may have done it since; then nothing is left to do. A kill
    or a full disk at any point leaves the file as it was.
    """
    target = newest() if to is None else to
    if version_of(connection) >= target:
        return
    connection.execute("PRAGMA foreign_keys = OFF")  # a migration may rebuild a table that others refer to
    connection.execute("BEGIN EXCLUSIVE")
    try:
        for step in MIGRATIONS[version_of(connection) : target]:
            step(connection)
        connection.execute("INSERT OR REPLACE INTO about VALUES ('written_by', ?)", (__version__,))
        connection.execute(f"PRAGMA user_version = {target}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    finally:
        connection.execute("PRAGMA foreign_keys = ON")
