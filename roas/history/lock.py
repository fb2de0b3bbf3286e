"""One run at a time: a lock on a file that the system frees when its holder dies."""

from __future__ import annotations

import json
import os
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from roas.errors import OutputError
from roas.format import visible

#: The lock file, in the folder of the reports. It stays; only the lock on it comes and goes.
LOCK_NAME: Final = ".roas.lock"

#: Seconds between two tries: short beside a run, long beside a try.
_PAUSE: Final = 0.1

#: Windows keeps others from reading what is locked: the lock lies far behind the text.
_FAR: Final = 1 << 30


@contextmanager
def report_lock(
    folder: str | Path, *, wait: float = 0.0, sleep: Callable[[float], object] = time.sleep
) -> Iterator[None]:
    """Keep other runs of roas out of a folder while the block runs.

    The lock is the operating system's (``flock``, on Windows ``LockFile``):
    it ends with the process, however that ends.

    Parameters
    ----------
    folder : path
        Where the reports and the history are; made where it is missing.
    wait : float
        Seconds to wait for another run.

    Raises
    ------
    OutputError
        Where another run still has the folder after `wait` (its process and
        start are named), or the folder cannot be written.
    """
    with held(Path(folder) / LOCK_NAME, wait=wait, sleep=sleep):
        yield


@contextmanager
def held(path: Path, *, wait: float, sleep: Callable[[float], object] = time.sleep) -> Iterator[None]:
    """Hold a lock file while the block runs. See `report_lock`."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = _take(path, wait, sleep)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise OutputError(
            f"{path.parent.as_posix()}: the folder of the reports cannot be locked ({reason}).\n"
            "  Choose a folder on a local disk that you may write to."
        ) from None
    try:
        yield
    finally:
        with suppress(OSError):
            os.ftruncate(lock, 0)
        os.close(lock)


def _take(path: Path, wait: float, sleep: Callable[[float], object]) -> int:
    until = time.monotonic() + wait
    while True:
        lock = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            if _try(lock):
                if _is_at(lock, path):
                    _sign(lock)
                    return lock
            elif time.monotonic() >= until:
                raise OutputError(_taken(path))
            else:
                sleep(_PAUSE)
        except BaseException:
            os.close(lock)
            raise
        os.close(lock)


def _is_at(lock: int, path: Path) -> bool:
    """Return whether the file that is locked is still the one that others find."""
    try:
        return sys.platform == "win32" or os.path.samestat(os.fstat(lock), path.stat())
    except FileNotFoundError:
        return False


def _try(lock: int) -> bool:
    if sys.platform == "win32":
        import msvcrt

        os.lseek(lock, _FAR, os.SEEK_SET)
        try:
            msvcrt.locking(lock, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
    import fcntl

    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _sign(lock: int) -> None:
    """Write who has the lock, for the message that others get."""
    started = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    signed = json.dumps({"process": os.getpid(), "machine": socket.gethostname(), "started": started})
    os.ftruncate(lock, 0)
    os.lseek(lock, 0, os.SEEK_SET)
    os.write(lock, signed.encode())


def _taken(path: Path) -> str:
    holder = ""
    with suppress(OSError, ValueError, KeyError, TypeError):  # being written, or not ours
        signed = json.loads(path.read_text(encoding="utf-8"))
        holder = f": process {signed['process']} on {signed['machine']}, started {signed['started']}"
    return (
        f"{path.parent.as_posix()}: another run of roas is at work here{visible(holder)}.\n"
        "  Wait for it to end, then run again. Nothing was changed."
    )
