"""Histories of older and of newer versions."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from roas.errors import InputError
from roas.history import open_history, schema
from tests.history.noted import everything, note, plan, spend

META = spend(("Meta", "2026-11-02", 100, 4))

#: The tables of version 1 as files out there have them: written by hand, changed never.
VERSION_1 = """
    PRAGMA application_id = 1919902067;
    CREATE TABLE about (name TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE runs (week TEXT NOT NULL PRIMARY KEY, made TEXT NOT NULL, version TEXT NOT NULL,
        language TEXT NOT NULL, options TEXT NOT NULL, document TEXT NOT NULL, backfilled INTEGER NOT NULL)
        STRICT, WITHOUT ROWID;
    CREATE TABLE inputs (id INTEGER PRIMARY KEY, week TEXT NOT NULL REFERENCES runs (week) ON DELETE CASCADE,
        file TEXT NOT NULL, sha256 TEXT, format TEXT, rows_read INTEGER, rows_used INTEGER,
        start_date TEXT, end_date TEXT) STRICT;
    CREATE INDEX inputs_of_week ON inputs (week);
    CREATE TABLE snapshots (seen TEXT NOT NULL, what TEXT NOT NULL, PRIMARY KEY (seen, what)) STRICT, WITHOUT ROWID;
    CREATE TABLE channel_values (channel TEXT NOT NULL, date TEXT NOT NULL, seen TEXT NOT NULL, gone INTEGER NOT NULL,
        spend REAL, conversions REAL, conversion_value REAL, impressions REAL, clicks REAL,
        PRIMARY KEY (channel, date, seen)) STRICT, WITHOUT ROWID;
    CREATE TABLE shop_values (date TEXT NOT NULL, seen TEXT NOT NULL, gone INTEGER NOT NULL,
        revenue REAL, orders REAL, sessions REAL, PRIMARY KEY (date, seen)) STRICT, WITHOUT ROWID;
    CREATE TABLE verdicts (id INTEGER PRIMARY KEY, week TEXT NOT NULL REFERENCES runs (week) ON DELETE CASCADE,
        cause TEXT NOT NULL, channel TEXT, campaign TEXT, verdict TEXT NOT NULL, probability REAL, since TEXT,
        log_evidence REAL, effect_p5 REAL, effect_p50 REAL, effect_p95 REAL) STRICT;
    CREATE INDEX verdicts_of_week ON verdicts (week);
    CREATE TABLE alerts (id INTEGER PRIMARY KEY, week TEXT NOT NULL REFERENCES runs (week) ON DELETE CASCADE,
        cause TEXT NOT NULL, channel TEXT, campaign TEXT, since TEXT, state TEXT NOT NULL,
        level REAL, e_value REAL) STRICT;
    CREATE INDEX alerts_of_week ON alerts (week);
    CREATE TABLE plans (id INTEGER PRIMARY KEY AUTOINCREMENT, made TEXT NOT NULL, who TEXT NOT NULL,
        data_end TEXT NOT NULL, weeks INTEGER NOT NULL, name TEXT NOT NULL, plan TEXT NOT NULL,
        predicted_p5 REAL, predicted_p50 REAL, predicted_p95 REAL, probability_better REAL,
        options TEXT NOT NULL) STRICT;
    CREATE TABLE scores (plan_id INTEGER NOT NULL REFERENCES plans (id) ON DELETE CASCADE, week TEXT NOT NULL,
        realised_p5 REAL, realised_p50 REAL, realised_p95 REAL, followed REAL, document TEXT NOT NULL,
        PRIMARY KEY (plan_id, week)) STRICT, WITHOUT ROWID;
    CREATE INDEX scores_of_week ON scores (week);
    INSERT INTO about VALUES ('written_by', '0.1.0');
    INSERT INTO runs VALUES ('2026-W45', '2026-11-09T06:00:00Z', '0.1.0', 'vi', '{}', '{"roas":3.5}', 0);
    INSERT INTO snapshots VALUES ('2026-W45', 'channels');
    INSERT INTO channel_values VALUES ('Meta', '2026-11-02', '2026-W45', 0, 100.0, 4.0, NULL, NULL, NULL);
    INSERT INTO plans VALUES (3, '2026-11-09T06:00:00Z', 'Ann', '2026-11-08', 4, '', '{}', 1.0, 2.0, 3.0, 0.9, '{}');
    PRAGMA user_version = 1;
"""


def version_1(folder: Path) -> Path:
    path = folder / "history.sqlite"
    with_tables = sqlite3.connect(path)
    with_tables.executescript(f"BEGIN; {VERSION_1} COMMIT;")
    with_tables.close()
    return path


def columns(connection: sqlite3.Connection) -> dict[str, list[tuple[object, ...]]]:
    return {name: connection.execute(f"PRAGMA table_info({name})").fetchall() for name in schema.KEYS}


def add_a_column(connection: sqlite3.Connection) -> None:
    """A version 2, as one may come."""
    connection.execute("ALTER TABLE runs ADD COLUMN mood TEXT NOT NULL DEFAULT 'calm'")


def test_a_history_of_version_1_is_read_and_written(tmp_path: Path) -> None:
    version_1(tmp_path)
    with open_history(tmp_path) as history:
        run = history.runs.get("2026-W45")
        assert run is not None
        assert (run["language"], run["document"]) == ("vi", {"roas": 3.5})
        frame = history.snapshots.as_of("2026-W45")
        assert frame is not None
        assert frame["spend"].tolist() == [100.0]
        note(history, "2026-W46", META)
        assert plan(history) == 4


def test_version_1_has_not_changed(tmp_path: Path) -> None:
    old = sqlite3.connect(version_1(tmp_path))
    fresh = sqlite3.connect(":memory:", isolation_level=None)
    schema.migrate(fresh, to=1)
    assert columns(old) == columns(fresh)
    old.close()
    fresh.close()


def test_a_step_to_the_next_version_keeps_every_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    version_1(tmp_path)
    before = everything(tmp_path)
    monkeypatch.setattr(schema, "MIGRATIONS", [*schema.MIGRATIONS, add_a_column])
    with open_history(tmp_path, read_only=True) as history:
        assert history.store.rows("SELECT week, mood FROM runs") == [("2026-W45", "calm")]
    with sqlite3.connect(tmp_path / "history.sqlite") as file:
        assert schema.version_of(file) == 1  # reading changed nothing
    file.close()
    with open_history(tmp_path) as history:
        assert history.version == 2
    after = everything(tmp_path)
    assert [run.pop("mood") for run in after["runs"]] == ["calm"]
    assert after["runs"] == before["runs"]
    assert after["plans"] == before["plans"]


def test_a_step_that_fails_leaves_the_older_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(connection: sqlite3.Connection) -> None:
        connection.execute("DROP TABLE runs")
        raise KeyboardInterrupt

    version_1(tmp_path)
    before = everything(tmp_path)
    steps = list(schema.MIGRATIONS)
    monkeypatch.setattr(schema, "MIGRATIONS", [*steps, add_a_column, fails])
    with pytest.raises(KeyboardInterrupt):
        open_history(tmp_path)
    monkeypatch.setattr(schema, "MIGRATIONS", steps)
    assert everything(tmp_path) == before


@pytest.mark.parametrize("read_only", [True, False])
def test_a_history_of_a_newer_roas_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, read_only: bool
) -> None:
    steps = list(schema.MIGRATIONS)
    monkeypatch.setattr(schema, "MIGRATIONS", [*steps, add_a_column])
    monkeypatch.setattr(schema, "__version__", "9.9.0")
    open_history(tmp_path).close()
    monkeypatch.setattr(schema, "MIGRATIONS", steps)
    bytes_before = (tmp_path / "history.sqlite").read_bytes()
    with pytest.raises(InputError, match=r"roas 9\.9\.0 wrote this history \(form 2\); this roas knows form 1"):
        open_history(tmp_path, read_only=read_only)
    assert (tmp_path / "history.sqlite").read_bytes() == bytes_before
