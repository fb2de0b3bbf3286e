"""Paths, globs, folders, archives, URLs and frames → named sources of bytes."""

from __future__ import annotations

import glob
import hashlib
import os
import sys
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from roas.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

#: Extensions opened when a folder is read; everything else there is left alone.
TABULAR = (
    ".csv",
    ".tsv",
    ".txt",
    ".xlsx",
    ".xlsm",
    ".xls",
    ".xlsb",
    ".ods",
    ".parquet",
    ".pq",
    ".jsonl",
    ".ndjson",
)
PACKED = (".gz", ".zip")

_URL_SCHEMES = ("duckdb://", "sqlite://", "postgresql://", "postgres://", "postgresql+psycopg://")
_REMOTE = ("http://", "https://", "s3://", "gs://", "ftp://")


@dataclass(frozen=True)
class Source:
    """One thing to read.

    Exactly one of `path`, `data`, `frame`, `url` is set. `name` is what
    messages and ``inputs[].file`` call it. `from_folder` marks a file that
    was found, not named: when it is no table it is passed over and said.
    """

    name: str
    path: Path | None = None
    data: bytes | None = None
    frame: pd.DataFrame | None = None
    url: str | None = None
    role: str | None = None
    from_folder: bool = False


def shown(name: str) -> str:
    r"""Write a file's name so that it stays on one line and drives no terminal.

    Examples
    --------
    >>> shown("new\nline.csv")
    'new\\nline.csv'
    """
    odd = ("Cc", "Cf", "Cs", "Zl", "Zp")  # controls, directions, bytes that are no text, line breaks
    return "".join(repr(c)[1:-1] if unicodedata.category(c) in odd else c for c in name)


def public_name(url: str) -> str:
    """Return an address without user and password.

    Examples
    --------
    >>> public_name("postgresql://bob:secret@host:5432/db?table=spend&password=secret")
    'postgresql://host:5432/db?table=spend'
    """
    try:
        parts = urlsplit(url)
    except ValueError:  # no address at all: nothing of it is shown
        return f"{url.partition('://')[0]}://…"
    host = parts.netloc.rpartition("@")[2]
    query = [(k, v) for k, v in parse_qsl(parts.query) if k.casefold() not in ("user", "password")]
    return shown(f"{parts.scheme}://{host}{parts.path}" + (f"?{urlencode(query, safe='.')}" if query else ""))


def sources_of(given: Any, *, role: str | None = None) -> list[Source]:
    """Expand what a person named into sources, in a stable order.

    Parameters
    ----------
    given : path, str, DataFrame, or a sequence of them
        A file, a folder (read recursively), a glob, ``-`` for standard
        input, a database URL, or a table.
    role : {"spend", "revenue"}, optional
        What the option says the files are.

    Raises
    ------
    InputError
        Nothing there, not readable, a loop of links, or a folder without tables.
    """
    items = list(given) if isinstance(given, Sequence) and not isinstance(given, str | bytes) else [given]
    found: list[Source] = []
    for number, item in enumerate(items, start=1):
        found.extend(_expand(item, role, number if len(items) > 1 else None))
    unique: dict[Any, Source] = {}
    for source in found:
        unique.setdefault(_identity(source), source)
    return list(unique.values())


def _identity(source: Source) -> Any:
    """Return what two names of one file, or one table, have in common."""
    if source.path is None:
        return source.url or id(source)
    try:
        return source.path.resolve()
    except (OSError, RuntimeError):  # a loop of links, reported when it is read
        return source.path.absolute()


def _expand(item: Any, role: str | None, number: int | None) -> Iterator[Source]:
    if hasattr(item, "columns") and hasattr(item, "index"):
        label = role or "table"
        yield Source(f"<{label} {number}>" if number else f"<{label}>", frame=item, role=role)
        return
    text = os.fspath(item)
    if isinstance(text, bytes):
        text = os.fsdecode(text)
    if text == "-":
        yield Source("-", data=sys.stdin.buffer.read(), role=role)
    elif text.startswith(_URL_SCHEMES):
        yield Source(public_name(text), url=text, role=role)
    elif text.startswith(_REMOTE):
        raise InputError(f"{public_name(text)}: roas opens no network addresses. Download the file and give its path.")
    else:
        yield from _paths(text, role)


def _paths(text: str, role: str | None) -> Iterator[Source]:
    path = Path(text)
    try:
        is_folder, exists = path.is_dir(), path.exists()
    except (OSError, ValueError) as error:
        raise InputError(f"{shown(text)}: cannot be opened ({_reason(error)}).") from None
    if is_folder:
        yield from _folder(path, role)
    elif exists and not path.is_file():  # a pipe gives its bytes once
        yield Source(shown(text), data=path.read_bytes(), role=role)
    elif exists:
        yield Source(shown(text), path=path, role=role)
    elif any(c in text for c in "*?["):
        matches = sorted(glob.glob(text, recursive=True))  # noqa: PTH207 - Path.glob refuses absolute patterns
        if not matches:
            raise InputError(f"{shown(text)}: no file matches. Check the folder and the pattern.")
        for match in matches:
            if Path(match).is_dir():
                yield from _folder(Path(match), role)
            else:
                yield Source(shown(match), path=Path(match), role=role, from_folder=True)
    else:
        raise InputError(_missing(path, text))


def _folder(folder: Path, role: str | None) -> Iterator[Source]:
    """Walk a folder in name order; links to folders are not followed."""
    found = 0
    for root, folders, files in os.walk(folder, onerror=_raise):
        folders[:] = sorted(d for d in folders if not d.startswith("."))
        for file in sorted(files):
            suffixes = [s.casefold() for s in Path(file).suffixes]
            path = Path(root, file)
            if file.startswith((".", "~$")) or not suffixes or suffixes[-1] not in TABULAR + PACKED:
                continue
            if not path.is_file() and not path.is_symlink():  # a pipe would keep us waiting
                continue
            found += 1
            yield Source(shown(path.as_posix()), path=path, role=role, from_folder=True)
    if not found:
        raise InputError(
            f"{shown(folder.as_posix())}: the folder holds no export (looked for {', '.join(TABULAR + PACKED)}).\n"
            "  Put the exports there, or name a file."
        )


def _raise(error: OSError) -> None:
    raise InputError(
        f"{shown(str(error.filename))}: the folder cannot be read ({_reason(error)}). Check its permissions."
    )


def _missing(path: Path, text: str) -> str:
    if path.is_symlink():
        return f"{shown(text)}: the link points nowhere, or in a circle. Give the file itself."
    import difflib

    message = f"{shown(text)}: no such file."
    try:
        near = difflib.get_close_matches(path.name, [p.name for p in path.parent.iterdir()], n=1, cutoff=0.7)
    except OSError:
        near = []
    return message + (f' Did you mean "{shown(near[0])}"?' if near else " Check the name and the folder.")


def _reason(error: Exception) -> str:
    return (getattr(error, "strerror", None) or str(error)).lower()


def _unreadable(source: Source, error: OSError) -> InputError:
    return InputError(
        f"{source.name}: cannot be read ({_reason(error)}).\n  Check the link, the drive and the permissions."
    )


def read_bytes(source: Source, limit: int | None = None) -> bytes:
    """Return a source's bytes (the first `limit`), or say why they can't be had."""
    if source.data is not None:
        return source.data[:limit]
    if source.path is None:
        raise ValueError(source)
    try:
        with source.path.open("rb") as file:
            return file.read() if limit is None else file.read(limit)
    except OSError as error:
        raise _unreadable(source, error) from None


def sha256_of(source: Source) -> str:
    """Return the SHA-256 of a source's bytes, as hexadecimal digits."""
    if source.data is not None:
        return hashlib.sha256(source.data).hexdigest()
    if source.path is None:
        raise ValueError(source)
    try:
        with source.path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise _unreadable(source, error) from None


def size_of(source: Source) -> int:
    """Return a source's size in bytes."""
    if source.data is not None:
        return len(source.data)
    try:
        return source.path.stat().st_size if source.path else 0
    except OSError as error:
        raise _unreadable(source, error) from None
