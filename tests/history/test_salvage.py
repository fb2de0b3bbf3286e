"""What is saved of a damaged history, and what is said of the rest."""

from __future__ import annotations

from pathlib import Path

import pytest

from roas.errors import InputError
from roas.history import open_history
from tests.history.damaged import big, damage, page_of
from tests.history.noted import everything, note, spend, three_weeks

META = spend(("Meta", "2026-11-02", 100, 4))


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
