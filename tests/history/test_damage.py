"""A damaged history is set aside once, and nothing of it reaches the new one."""

from __future__ import annotations

import os
import shutil
import sqlite3
from pathlib import Path

import pytest

from roas.errors import OutputError, RoasError
from roas.history import open_history
from roas.language import speaking
from tests.history.damaged import big, damage, page_of
from tests.history.noted import note, spend, three_weeks

META = spend(("Meta", "2026-11-02", 100, 4))


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
