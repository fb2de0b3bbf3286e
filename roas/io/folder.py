"""Output folders that are whole: written beside, then swapped in one step."""

from __future__ import annotations

import ctypes
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from roas.errors import OutputError

#: A folder that holds this file is a report of `roas analyze`, which another one may replace.
MARK = "analysis.json"

_AT_FDCWD = -100
_EXCHANGE = 2  # RENAME_EXCHANGE of renameat2(2), RENAME_SWAP of renamex_np(2)


@contextmanager
def whole_folder(directory: str | Path, *, written: frozenset[str], mark: str = MARK) -> Iterator[Path]:
    """Give a new folder to write into, and put it in place when all is written.

    Parameters
    ----------
    directory : path
        Where the result shall stand. An earlier report there is replaced;
        files in it that are not ours (`written`) are carried over.
    written : frozenset of str
        Names at the top of the folder that a report may write.
    mark : str
        The file by which an earlier report of the same kind is known.

    Raises
    ------
    OutputError
        When the place cannot be written, or holds other people's files.
        Nothing is left behind, and what stood there still stands.
    """
    target = Path(directory)
    _check(target, mark)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _sweep(target)
        fresh = Path(tempfile.mkdtemp(prefix=f".{target.name}.", suffix=f".{os.getpid()}.part", dir=target.parent))
    except OSError as error:
        raise OutputError(_cannot(target, error)) from None
    try:
        yield fresh
        fresh.chmod(0o777 & ~_umask())
        _carry_over(target, fresh, written)
        sync(fresh)
        _put_in_place(fresh, target)
    except OSError as error:
        raise OutputError(_cannot(target, error)) from None
    finally:
        with suppress(OSError):
            shutil.rmtree(fresh)


def _cannot(target: Path, error: OSError) -> str:
    reason = (error.strerror or str(error)).lower()
    return f"{target.as_posix()}: the report cannot be written ({reason}).\n  Choose another folder with -o, or make room; nothing was changed."


def _check(target: Path, mark: str) -> None:
    """Refuse to replace what is not a report."""
    try:
        if target.is_symlink() and not target.exists():
            raise OutputError(f"{target.as_posix()}: the link points nowhere. Choose another folder with -o.")
        if not target.exists():
            return
        if not target.is_dir():
            raise OutputError(f"{target.as_posix()}: there is a file of that name. Choose another folder with -o.")
        ours = (target / mark).exists() and (mark == MARK or not (target / MARK).exists())
        if any(target.iterdir()) and not ours:
            raise OutputError(
                f"{target.as_posix()}: the folder holds other files and no earlier report of this kind.\n"
                "  Choose an empty or a new folder with -o; roas replaces whole folders."
            )
    except OSError as error:
        raise OutputError(_cannot(target, error)) from None


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _sweep(target: Path) -> None:
    """Remove what an earlier run that was killed left beside the target."""
    for left in target.parent.glob(f".{target.name}.*.part"):
        owner = left.name.rsplit(".", 2)[-2]
        if owner.isdigit() and not _alive(int(owner)):
            shutil.rmtree(left, ignore_errors=True)


def _alive(process: int) -> bool:
    if sys.platform == "win32":
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _carry_over(target: Path, fresh: Path, written: frozenset[str]) -> None:
    """Copy files that a person put into the report's folder."""
    if not target.is_dir():
        return
    for item in target.iterdir():
        if item.name in written or (fresh / item.name).exists():
            continue
        if item.is_dir() and not item.is_symlink():
            shutil.copytree(item, fresh / item.name, symlinks=True)
        else:
            shutil.copy2(item, fresh / item.name, follow_symlinks=False)


def sync(folder: Path) -> None:
    """Force every file to the disk, so that a full one is met before the swap."""
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink():
            with path.open("rb+") as file:
                os.fsync(file.fileno())


def _put_in_place(fresh: Path, target: Path) -> None:
    """Rename the new folder over the old one: one step where the system has it."""
    place = target.resolve() if target.is_symlink() else target
    if not place.exists():
        fresh.rename(place)
    elif not _exchange(fresh, place):
        # Two renames: between them the old report stands beside, complete.
        old = fresh.with_name(fresh.name + ".old")
        place.rename(old)
        try:
            fresh.rename(place)
        except OSError:
            old.rename(place)
            raise
        shutil.rmtree(old, ignore_errors=True)


def _exchange(one: Path, other: Path) -> bool:
    """Swap two folders atomically; False where the system cannot."""
    first, second = os.fsencode(one), os.fsencode(other)
    system: str = sys.platform
    try:
        libc = ctypes.CDLL(None, use_errno=True)
        if system == "darwin":
            done = libc.renamex_np(first, second, _EXCHANGE)
        else:
            done = libc.renameat2(_AT_FDCWD, first, _AT_FDCWD, second, _EXCHANGE)
    except (OSError, AttributeError, TypeError):
        return False
    return bool(done == 0)
