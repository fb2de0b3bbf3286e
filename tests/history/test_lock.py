"""One run at a time, and a dead one holds nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from roas.errors import OutputError
from roas.history import report_lock

HOLDS = """
import sys, time
from roas.history.lock import report_lock
with report_lock(sys.argv[1]):
    print("held", flush=True)
    time.sleep(60)
"""


def holder(folder: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen([sys.executable, "-c", HOLDS, str(folder)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_a_second_run_is_told_who_is_at_work(tmp_path: Path) -> None:
    first = holder(tmp_path)
    try:
        with pytest.raises(OutputError) as refused, report_lock(tmp_path):
            pytest.fail("two runs at once")
        message = str(refused.value)
        assert message.startswith(
            f"{tmp_path.as_posix()}: another run of roas is at work here: process {first.pid} on "
        )
        assert " UTC.\n  Wait for it to end, then run again. Nothing was changed." in message
    finally:
        first.kill()
        first.communicate()
    with report_lock(tmp_path):  # killed: the system has freed it
        pass


def test_a_run_waits_for_the_one_before(tmp_path: Path) -> None:
    slept: list[float] = []
    with report_lock(tmp_path):

        def sleep(seconds: float) -> None:
            slept.append(seconds)
            if len(slept) == 3:
                raise InterruptedError  # stands for the end of the test's patience

        with pytest.raises(OutputError, match="cannot be locked"), report_lock(tmp_path, wait=60, sleep=sleep):
            pytest.fail("two runs at once")
    assert len(slept) == 3


def test_a_run_that_waited_gets_the_folder(tmp_path: Path) -> None:
    first = holder(tmp_path)

    def sleep(_: float) -> None:
        first.kill()
        first.communicate()

    with report_lock(tmp_path, wait=60, sleep=sleep):
        assert str(os.getpid()) in (tmp_path / ".roas.lock").read_text()


def test_the_lock_comes_back_after_an_error(tmp_path: Path) -> None:
    with pytest.raises(KeyError), report_lock(tmp_path):
        raise KeyError
    with report_lock(tmp_path):
        pass


def test_a_lock_file_that_somebody_removed_is_no_lock(tmp_path: Path) -> None:
    with report_lock(tmp_path):
        (tmp_path / ".roas.lock").unlink(missing_ok=True)
        with report_lock(tmp_path):
            assert (tmp_path / ".roas.lock").exists()


@pytest.mark.parametrize("content", [b"", b"not json", b"[]", b'{"process": 1}', b"\xff\xfe"])
def test_a_lock_file_that_says_nothing_still_locks(tmp_path: Path, content: bytes) -> None:
    with report_lock(tmp_path):
        (tmp_path / ".roas.lock").write_bytes(content)
        with pytest.raises(OutputError, match=r"another run of roas is at work here\."), report_lock(tmp_path):
            pytest.fail("two runs at once")


def test_a_folder_that_cannot_be_made_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(OutputError, match="cannot be locked"), report_lock(tmp_path / "file"):
        pytest.fail("locked a file")


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGSTOP")
def test_a_run_that_hangs_still_holds_the_folder(tmp_path: Path) -> None:
    first = holder(tmp_path)
    try:
        os.kill(first.pid, signal.SIGSTOP)
        with pytest.raises(OutputError, match=f"process {first.pid}"), report_lock(tmp_path):
            pytest.fail("two runs at once")
    finally:
        first.kill()
        first.communicate()
