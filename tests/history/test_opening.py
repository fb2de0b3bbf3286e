"""Whose file it is, and where it may stand."""

from __future__ import annotations

import os
import sqlite3
import stat
import sys
from pathlib import Path

import pytest

from roas.errors import InputError, OutputError, RoasError
from roas.history import open_history, opening, schema
from tests.history.noted import plan, three_weeks


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


def test_an_old_sqlite_is_named_and_is_no_damage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 31, 1))
    with pytest.raises(RoasError, match=r"needs SQLite 3\.37\.0 or newer"):
        open_history(tmp_path)


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


def test_a_folder_or_the_file_itself_may_be_named(tmp_path: Path) -> None:
    assert opening.history_file(tmp_path) == tmp_path / "history.sqlite"
    assert opening.history_file(tmp_path / "other.sqlite") == tmp_path / "other.sqlite"
