"""Output folders are replaced whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from roas.errors import OutputError
from roas.io import folder
from roas.io.folder import MARK, whole_folder

OURS = frozenset({MARK, "page.html"})


def write(target: Path, text: str) -> None:
    with whole_folder(target, written=OURS) as fresh:
        (fresh / MARK).write_text("{}", encoding="utf-8")
        (fresh / "page.html").write_text(text, encoding="utf-8")


def test_a_report_replaces_a_report(tmp_path: Path) -> None:
    write(tmp_path / "r", "one")
    write(tmp_path / "r", "two")
    assert (tmp_path / "r" / "page.html").read_text(encoding="utf-8") == "two"
    assert [p.name for p in tmp_path.iterdir()] == ["r"]


def test_the_swap_works_where_the_system_has_no_exchange(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder, "_exchange", lambda *_: False)
    test_a_report_replaces_a_report(tmp_path)


@pytest.mark.parametrize("stop", [KeyboardInterrupt, OSError(28, "No space left on device"), ValueError])
def test_a_stop_in_the_middle_leaves_the_older_report(
    tmp_path: Path, stop: BaseException | type[BaseException]
) -> None:
    write(tmp_path / "r", "one")
    with (
        pytest.raises((KeyboardInterrupt, OutputError, ValueError)),
        whole_folder(tmp_path / "r", written=OURS) as fresh,
    ):
        (fresh / "page.html").write_text("half", encoding="utf-8")
        raise stop
    assert (tmp_path / "r" / "page.html").read_text(encoding="utf-8") == "one"
    assert [p.name for p in tmp_path.iterdir()] == ["r"]


def test_a_full_disk_is_told_in_words(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="no space left"), whole_folder(tmp_path / "r", written=OURS):
        raise OSError(28, "No space left on device")
    assert not (tmp_path / "r").exists()


def test_other_peoples_folders_are_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "cat.jpg").write_bytes(b"x")
    with pytest.raises(OutputError, match="other files"):
        write(tmp_path / "photos", "no")
    assert (tmp_path / "photos" / "cat.jpg").exists()


def test_an_empty_folder_may_be_filled(tmp_path: Path) -> None:
    (tmp_path / "r").mkdir()
    write(tmp_path / "r", "one")
    assert (tmp_path / "r" / MARK).exists()


def test_files_that_a_person_added_are_carried_over(tmp_path: Path) -> None:
    write(tmp_path / "r", "one")
    (tmp_path / "r" / "notes.txt").write_text("mine", encoding="utf-8")
    (tmp_path / "r" / "deck").mkdir()
    (tmp_path / "r" / "deck" / "a.txt").write_text("mine", encoding="utf-8")
    write(tmp_path / "r", "two")
    assert (tmp_path / "r" / "notes.txt").read_text(encoding="utf-8") == "mine"
    assert (tmp_path / "r" / "deck" / "a.txt").exists()


def test_a_file_in_the_way_is_refused(tmp_path: Path) -> None:
    (tmp_path / "r").write_text("x", encoding="utf-8")
    with pytest.raises(OutputError, match="file of that name"):
        write(tmp_path / "r", "no")


def test_a_place_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(OutputError, match="cannot be written"):
        write(tmp_path / "file" / "r", "no")


@pytest.mark.skipif(not hasattr(os, "symlink"), reason="needs links")
def test_a_link_to_a_report_is_followed(tmp_path: Path) -> None:
    write(tmp_path / "real", "one")
    (tmp_path / "link").symlink_to(tmp_path / "real", target_is_directory=True)
    write(tmp_path / "link", "two")
    assert (tmp_path / "real" / "page.html").read_text(encoding="utf-8") == "two"
    assert (tmp_path / "link").is_symlink()
