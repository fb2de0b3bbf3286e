"""Whose file it is, of which version, and what happens to a damaged one."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
import sys
from pathlib import Path

import pytest

from roas.errors import InputError, OutputError, RoasError
from roas.history import History, open_history, opening, schema
from roas.language import speaking
from tests.history.noted import everything, note, plan, spend, three_weeks

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


# -- beginning, versions ------------------------------------------------------


def test_a_new_history_is_ours_and_safe(tmp_path: Path) -> None:
    with open_history(tmp_path / "new" / "reports") as history:
        assert history.version == schema.newest()
        assert history.notes == ()
        settings = {
            name: history.store.rows(f"PRAGMA {name}")[0][0] for name in ("journal_mode", "synchronous", "foreign_keys")
        }
        assert settings == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
        path = history.path
    assert path == tmp_path / "new" / "reports" / "history.sqlite"
    assert path.read_bytes()[68:72] == b"roas"
    assert [file.name for file in path.parent.iterdir()] == ["history.sqlite"]


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


def test_an_old_sqlite_is_named_and_is_no_damage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 31, 1))
    with pytest.raises(RoasError, match=r"needs SQLite 3\.37\.0 or newer"):
        open_history(tmp_path)


# -- files that are not ours, places that cannot be used -----------------------


@pytest.mark.parametrize(
    "content", [b"week,roas\n2026-W46,3.5\n", b"SQLite format 3\0 but not really", b"\0" * 5000, b"x"]
)
def test_a_file_that_is_not_ours_is_never_touched(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "history.sqlite"
    path.write_bytes(content)
    for read_only in (True, False):
        with pytest.raises(
            InputError, match=r"not a history of roas, or is damaged beyond knowing\. It was not touched"
        ):
            open_history(tmp_path, read_only=read_only)
    assert path.read_bytes() == content
    assert list(tmp_path.iterdir()) == [path]


def test_somebody_elses_database_is_never_touched(tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite"
    with sqlite3.connect(path) as theirs:
        theirs.execute("CREATE TABLE urls (url TEXT)")
    theirs.close()
    before = path.read_bytes()
    with pytest.raises(InputError, match="not a history of roas"):
        open_history(tmp_path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_an_empty_file_becomes_a_history(tmp_path: Path) -> None:
    (tmp_path / "history.sqlite").touch()
    with open_history(tmp_path) as history:
        assert history.version == schema.newest()


def test_reading_begins_nothing(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no history here"):
        open_history(tmp_path, read_only=True)
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_is_a_file_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "reports").write_text("mine")
    with pytest.raises(OutputError, match="the history cannot be used"):
        open_history(tmp_path / "reports")
    assert (tmp_path / "reports").read_text() == "mine"


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="no folder that even root cannot write to")
def test_a_folder_that_cannot_be_written_is_an_error() -> None:
    with pytest.raises(OutputError, match="it cannot be opened"):
        open_history("/proc/self")


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="permissions do not bind this user")
def test_a_history_without_permission_is_an_error(tmp_path: Path) -> None:
    open_history(tmp_path).close()
    (tmp_path / "history.sqlite").chmod(stat.S_IRUSR)
    tmp_path.chmod(stat.S_IRUSR | stat.S_IXUSR)
    try:
        with open_history(tmp_path, read_only=True) as history:
            assert history.runs.weeks() == []
        with pytest.raises(OutputError, match="may not be written"):
            open_history(tmp_path)
    finally:
        tmp_path.chmod(stat.S_IRWXU)


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="permissions do not bind this user")
def test_a_history_that_may_not_be_written_is_met_on_opening(tmp_path: Path) -> None:
    open_history(tmp_path).close()
    (tmp_path / "history.sqlite").chmod(stat.S_IRUSR)
    with pytest.raises(OutputError, match="may not be written"):
        open_history(tmp_path)


def test_two_processes_that_find_the_damage_repair_it_once(tmp_path: Path) -> None:
    from threading import Thread

    with open_history(tmp_path) as history:
        three_weeks(history)
    path = tmp_path / "history.sqlite"
    damage(path, page_of(path, "root", "alerts"))
    said: list[tuple[str, ...]] = []

    def opens() -> None:
        with open_history(tmp_path) as history:
            said.append(history.notes)

    threads = [Thread(target=opens) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(len, said)) == [0, 0, 1]
    assert not (tmp_path / "history.corrupt-2.sqlite").exists()


def test_a_reader_may_not_write(tmp_path: Path) -> None:
    open_history(tmp_path).close()
    with open_history(tmp_path, read_only=True) as history, pytest.raises(OutputError, match="may not be written"):
        plan(history)


@pytest.mark.skipif(sys.platform == "win32", reason="a Unix file system layer")
def test_a_disk_without_shared_memory_gets_along_without_a_log(tmp_path: Path) -> None:
    with open_history(tmp_path, _vfs="unix-dotfile") as history:
        assert len(history.notes) == 1
        assert "let only one computer write to it" in history.notes[0]
        assert history.store.rows("PRAGMA journal_mode") == [("delete",)]
        three_weeks(history)
    with open_history(tmp_path) as history:
        assert history.runs.weeks() == ["2026-W45", "2026-W46", "2026-W47"]


# -- damage --------------------------------------------------------------------


def big(history: History) -> None:
    """Enough rows for many pages."""
    rows = [
        (f"Channel {i % 20}", f"2026-{1 + i // 200:02d}-{1 + i // 20 % 10:02d}", float(i), 1.0) for i in range(2000)
    ]
    for week in ("2026-W44", "2026-W45", "2026-W46"):
        note(history, week, spend(*rows), document={"words": "long " * 2000})
    plan(history)


def damage(path: Path, page: int, with_: bytes = b"\xa5") -> None:
    with path.open("rb+") as file:
        file.seek((page - 1) * 4096)
        file.write(with_ * 4096)


def page_of(path: Path, kind: str, table: str) -> int:
    """A page in the middle of a table, as SQLite's own statistics name it; its root where there are none."""
    with sqlite3.connect(path) as file:
        root = file.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)).fetchone()[0]
    file.close()
    if kind == "root":
        return int(root)
    content = path.read_bytes()
    start = (root - 1) * 4096
    cells = int.from_bytes(content[start + 3 : start + 5], "big")
    middle = int.from_bytes(
        content[start + 12 + cells // 2 * 2 :][:2], "big"
    )  # an interior page: 12 bytes, then pointers
    return int.from_bytes(content[start + middle :][:4], "big")


def test_a_damaged_page_of_values_is_found_and_the_rest_saved(tmp_path: Path) -> None:
    with open_history(tmp_path) as history:
        big(history)
    before = everything(tmp_path)
    path = tmp_path / "history.sqlite"
    damage(path, page_of(path, "middle", "channel_values"))
    bytes_before = path.read_bytes()
    with pytest.raises(InputError, match="the history is damaged"):
        open_history(tmp_path, read_only=True)
    assert path.read_bytes() == bytes_before
    with open_history(tmp_path) as history:
        (said,) = history.notes
        assert history.snapshots.as_of("2026-W46") is None  # not known rather than known in part
        assert history.snapshots.restated("2026-W47", META) is None
        kept = len(history.snapshots.versions())
        assert 1000 < kept < 2000
        note(history, "2026-W47", META)
        frame = history.snapshots.as_of("2026-W47")
        assert frame is not None
        assert frame["spend"].tolist() == [100.0]
    assert said.startswith(f"{path.as_posix()} was damaged (")
    assert (
        f"It is kept as history.corrupt-1.sqlite, and what could be read was saved. Not complete any more: past values of channels ({kept:,} saved, an unknown number lost)."
        in said
    )
    assert (tmp_path / "history.corrupt-1.sqlite").read_bytes() == bytes_before
    after = everything(tmp_path)
    for table in ("inputs", "verdicts", "alerts", "plans", "shop_values"):
        assert after[table][: len(before[table])] == before[table]
    assert after["runs"][:3] == before["runs"]


def test_a_damaged_root_loses_one_table(tmp_path: Path) -> None:
    with open_history(tmp_path) as history:
        big(history)
    before = everything(tmp_path)
    path = tmp_path / "history.sqlite"
    damage(path, page_of(path, "root", "verdicts"))
    with open_history(tmp_path) as history:
        (said,) = history.notes
    assert "Not complete any more: past findings (0 saved, an unknown number lost)." in said
    after = everything(tmp_path)
    assert after.pop("verdicts") == []
    del before["verdicts"]
    assert after == before


def test_a_lost_week_takes_what_hangs_on_it_and_says_so(tmp_path: Path) -> None:
    with open_history(tmp_path) as history:
        three_weeks(history)
    path = tmp_path / "history.sqlite"
    damage(path, page_of(path, "root", "runs"))
    with open_history(tmp_path) as history:
        (said,) = history.notes
        assert history.runs.weeks() == []
        assert len(history.plans.all()) == 1
        assert history.store.rows("PRAGMA foreign_key_check") == []
        assert history.store.rows("PRAGMA integrity_check") == [("ok",)]
    assert "reported weeks (0 saved, an unknown number lost), files read (0 saved, 3 lost)" in said


def test_a_damaged_index_loses_nothing(tmp_path: Path) -> None:
    with open_history(tmp_path) as history:
        three_weeks(history)
    before = everything(tmp_path)
    path = tmp_path / "history.sqlite"
    with path.open("rb+") as file:  # one entry of the index points to another row
        content = path.read_bytes()
        start = (page_of(path, "root", "verdicts_of_week") - 1) * 4096
        at = content.index(b"2026-W46", start)
        file.seek(at)
        file.write(b"2026-W44")
    with open_history(tmp_path) as history:
        (said,) = history.notes
    assert said.endswith("It is kept as history.corrupt-1.sqlite; every row could be read, and nothing was lost.")
    assert everything(tmp_path) == before


def test_a_date_that_a_disk_got_wrong_is_met_on_opening(tmp_path: Path) -> None:
    with open_history(tmp_path) as history:
        three_weeks(history)
    path = tmp_path / "history.sqlite"
    content = path.read_bytes()
    assert content.count(b"2026-10-05") == 3  # `since` of each verdict
    path.write_bytes(content.replace(b"2026-10-05", b"2026-19-05", 1))
    with open_history(tmp_path) as history:
        assert "past findings (2 saved, 1 lost)" in history.notes[0]
        assert len(history.verdicts.through("2026-W47")) == 2


def test_a_full_disk_while_saving_leaves_the_damaged_file_for_another_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from roas.history import salvage
    from roas.history.store import connect

    with open_history(tmp_path) as history:
        three_weeks(history)
    path = tmp_path / "history.sqlite"
    damage(path, page_of(path, "root", "alerts"))
    before = path.read_bytes()

    def small(place: Path, **options: str) -> sqlite3.Connection:
        found = connect(place, **options)
        found.execute("PRAGMA max_page_count = 5")
        return found

    monkeypatch.setattr(salvage, "connect", small)
    with pytest.raises(OutputError, match="the disk is full"):
        open_history(tmp_path)
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["history.sqlite"]
    monkeypatch.setattr(salvage, "connect", connect)
    with open_history(tmp_path) as history:
        assert history.runs.weeks() == ["2026-W45", "2026-W46", "2026-W47"]


def test_a_second_damage_gets_a_second_name(tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite"
    for _ in range(2):
        with open_history(tmp_path) as history:
            three_weeks(history)
        damage(path, page_of(path, "root", "alerts"))
        open_history(tmp_path).close()
    assert {file.name for file in tmp_path.iterdir()} == {
        "history.sqlite",
        "history.corrupt-1.sqlite",
        "history.corrupt-2.sqlite",
    }


def test_a_file_that_was_cut_off_is_set_aside(tmp_path: Path) -> None:
    with open_history(tmp_path) as history:
        big(history)
    path = tmp_path / "history.sqlite"
    os.truncate(path, path.stat().st_size // 2)
    with open_history(tmp_path) as history:
        assert "was damaged" in history.notes[0]
        note(history, "2026-W47", META)
    assert (tmp_path / "history.corrupt-1.sqlite").exists()


def test_a_damaged_list_of_tables_leaves_an_empty_history_and_the_old_file(tmp_path: Path) -> None:
    with open_history(tmp_path) as history:
        three_weeks(history)
    path = tmp_path / "history.sqlite"
    with path.open("rb+") as file:
        file.seek(100)
        file.write(b"\xff" * 3000)
    with open_history(tmp_path) as history:
        assert "reported weeks (0 saved, an unknown number lost)" in history.notes[0]
        assert history.runs.weeks() == []
    assert (tmp_path / "history.corrupt-1.sqlite").exists()


def test_the_log_of_a_damaged_file_goes_with_it(tmp_path: Path) -> None:
    """A kill left a log; the file beneath it is damaged; nothing of the log may reach the new file."""
    with open_history(tmp_path) as history:
        three_weeks(history)
        history.close()
        again = open_history(tmp_path)
        again.store.run("PRAGMA wal_autocheckpoint = 0")
        note(again, "2026-W48", META)
        crashed = tmp_path / "crashed"
        crashed.mkdir()
        for end in ("", "-wal"):
            shutil.copy(tmp_path / f"history.sqlite{end}", crashed)
        again.close()
    path = crashed / "history.sqlite"
    page = page_of(tmp_path / "history.sqlite", "root", "shop_values")
    damage(path, page)
    with open_history(crashed) as history:
        assert "past values of the shop (0 saved, an unknown number lost)" in history.notes[0]
        assert history.runs.weeks()[-1] == "2026-W48"  # it was in the log alone
        assert history.store.rows("PRAGMA integrity_check") == [("ok",)]


@pytest.mark.slow  # opens eighty damaged files
def test_damage_anywhere_ends_in_a_sound_history_or_a_refusal(tmp_path: Path) -> None:
    import random

    with open_history(tmp_path) as history:
        big(history)
    whole = (tmp_path / "history.sqlite").read_bytes()
    draw = random.Random(7)
    for number in range(80):
        folder = tmp_path / str(number)
        folder.mkdir()
        content = bytearray(whole)
        for _ in range(draw.randint(1, 3)):
            start = draw.randrange(100, len(content))
            content[start : start + draw.choice([1, 40, 4096])] = draw.randbytes(40)
        (folder / "history.sqlite").write_bytes(content)
        try:
            with open_history(folder) as history:
                note(history, "2026-W47", META)
                history.runs.through("2026-W47")
                history.inputs.of("2026-W45")
                history.verdicts.through("2026-W47")
                history.alerts.through("2026-W47")
                history.plans.all()
                history.snapshots.versions()
                history.snapshots.restated("2026-W48", META)
                assert history.snapshots.as_of("2026-W47") is not None
                assert history.store.rows("PRAGMA integrity_check") == [("ok",)]
                assert (folder / "history.corrupt-1.sqlite").exists() == bool(history.notes)
        except RoasError as refused:
            assert "history" in str(refused)


def test_the_sentence_is_in_the_language_in_force(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from roas import language

    monkeypatch.setattr(language, "languages", lambda: ("en", "nl"))

    class Upper:
        def gettext(self, message: str) -> str:
            return "XX " + message

    monkeypatch.setattr(language, "_translations", lambda spoken: Upper())
    with open_history(tmp_path) as history:
        three_weeks(history)
    path = tmp_path / "history.sqlite"
    damage(path, page_of(path, "root", "alerts"))
    with speaking("nl"), open_history(tmp_path) as history:
        assert history.notes[0].startswith("XX ")
        assert "XX past alerts" in history.notes[0]


def test_a_folder_or_the_file_itself_may_be_named(tmp_path: Path) -> None:
    assert opening.history_file(tmp_path) == tmp_path / "history.sqlite"
    assert opening.history_file(tmp_path / "other.sqlite") == tmp_path / "other.sqlite"
