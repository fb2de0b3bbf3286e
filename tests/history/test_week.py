"""A week is replaced whole or stays as it was: errors, a full disk, a kill."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from roas.errors import OutputError
from roas.history import open_history
from tests.history.noted import everything, note, spend, three_weeks

META = spend(("Meta", "2026-11-02", 100, 4))


def test_noting_a_week_again_leaves_the_same_export(tmp_path: Path) -> None:
    with open_history(tmp_path) as history:
        three_weeks(history)
        plan = history.plans.all()[0]["id"]
    before = everything(tmp_path)
    with open_history(tmp_path) as history:
        frame, till = history.snapshots.as_of("2026-W46"), history.snapshots.as_of("2026-W46", shop=True)
        assert frame is not None
        note(history, "2026-W46", frame, till)
        history.plans.score(plan, "2026-W47", **{k: before["scores"][0][k] for k in ("followed", "document")},
                            realised={"p5": 0.0, "p50": 80.0, "p95": 160.0})  # fmt: skip
    assert everything(tmp_path) == before


def test_an_error_inside_a_week_leaves_the_week_as_it_was(tmp_path: Path) -> None:
    with open_history(tmp_path) as history:
        three_weeks(history)
    before = everything(tmp_path)
    with open_history(tmp_path) as history, pytest.raises(KeyError), history.week("2026-W46") as week:
        week.run(made="now", version="0.2", language="nl", options={}, document={})
        week.snapshot(META)
        week.verdicts([{"cause": "saturation"}])  # says no verdict
    assert everything(tmp_path) == before


def test_a_week_without_a_run_is_not_noted(tmp_path: Path) -> None:
    with open_history(tmp_path) as history:
        with (
            pytest.raises(ValueError, match="nothing was noted of the run of 2026-W46"),
            history.week("2026-W46") as week,
        ):
            week.snapshot(META)
        assert history.snapshots.weeks() == []


def test_a_full_disk_leaves_the_history_as_it_was(tmp_path: Path) -> None:
    with open_history(tmp_path) as history:
        three_weeks(history)
    before = everything(tmp_path)
    many = spend(*((f"Channel {i}", "2026-11-02", float(i), 1.0) for i in range(4000)))
    with open_history(tmp_path) as history:
        pages = history.store.rows("PRAGMA page_count")[0][0]
        history.store.run(f"PRAGMA max_page_count = {pages + 2}")
        with pytest.raises(OutputError, match="the disk is full") as refused:
            note(history, "2026-W48", many)
        assert "Make room and run again. Nothing was left half-written." in str(refused.value)
        assert history.runs.weeks() == ["2026-W45", "2026-W46", "2026-W47"]
        history.store.run("PRAGMA max_page_count = 100000")
        note(history, "2026-W47", META)  # the same connection goes on
    assert everything(tmp_path)["runs"] == before["runs"]


def test_a_reader_sees_the_old_week_until_the_new_one_is_whole(tmp_path: Path) -> None:
    with open_history(tmp_path) as history:
        three_weeks(history)
        before = everything(tmp_path)
        with history.week("2026-W48") as week:
            week.run(made="now", version="0.1.0", language="en", options={}, document={})
            week.snapshot(META)
            assert everything(tmp_path) == before
        assert everything(tmp_path)["runs"][-1]["week"] == "2026-W48"


#: Writes a week in another process and is killed at the point that the argument names.
KILLED = """
    import os, signal, sys
    from tests.history.noted import spend, MADE
    from roas.history import open_history

    many = spend(*((f"Channel {i}", "2026-11-02", float(i), 1.0) for i in range(20000)))
    with open_history(sys.argv[1]) as history:
        history.store.run("PRAGMA cache_size = 10")  # pages reach the disk before the end
        with history.week("2026-W47") as week:
            week.run(made=MADE, version="0.2", language="nl", options={}, document={"roas": 9})
            week.snapshot(many)
            if sys.argv[2] == "inside":
                os.kill(os.getpid(), signal.SIGKILL)
        os.kill(os.getpid(), signal.SIGKILL)  # before anything is closed
"""


@pytest.mark.slow  # starts processes that import pandas
@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL")
@pytest.mark.parametrize("point", ["inside", "after"])
def test_a_kill_leaves_the_old_week_or_the_new_one(tmp_path: Path, point: str) -> None:
    with open_history(tmp_path) as history:
        three_weeks(history)
    before = everything(tmp_path)
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(KILLED), str(tmp_path), point], cwd=Path(__file__).parents[2]
    )
    assert done.returncode == -signal.SIGKILL
    assert (tmp_path / "history.sqlite-wal").stat().st_size > 1e6  # it was in the middle of writing
    with open_history(tmp_path) as history:
        assert history.notes == ()
        run = history.runs.get("2026-W47")
    assert run is not None
    assert run["language"] == ("en" if point == "inside" else "nl")
    if point == "inside":
        assert everything(tmp_path) == before


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="no limit on the size of files")
def test_a_disk_that_ends_while_writing_leaves_the_old_week(tmp_path: Path) -> None:
    with open_history(tmp_path) as history:
        three_weeks(history)
    before = everything(tmp_path)
    limited = "import resource\nresource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))\n" + textwrap.dedent(
        KILLED
    )
    done = subprocess.run(
        [sys.executable, "-c", limited, str(tmp_path), "after"],
        cwd=Path(__file__).parents[2], capture_output=True, text=True, env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
    )  # fmt: skip
    assert done.returncode == 1
    assert "OutputError" in done.stderr
    assert everything(tmp_path) == before
