"""Big text files: look at the head, leave the rest to DuckDB."""

from __future__ import annotations

import codecs
import gzip
import shutil
import tempfile
import zlib
from pathlib import Path
from typing import IO, Any

from roas.errors import InputError, OutputError
from roas.io import text
from roas.io.raw import RawTable, Scan
from roas.io.sources import Source, sha256_of

#: Bytes looked at before DuckDB takes over: enough for header, dialect,
#: decimal mark and the look of the dates.
HEAD = 1_000_000


def scan_text(source: Source, vocabulary: frozenset[str]) -> RawTable:
    """Read the head of a big text file and hand the rest over as a scan."""
    if source.path is None:
        raise ValueError(source)
    path, holder = source.path, None
    with _open(path) as file:
        head = _read(file, HEAD, source.name)
    encoding = text.sniff_encoding(head, source.name)
    if encoding is None:
        encoding = "utf-8" if _is_utf8(path, source.name) else "windows-1252"
    if encoding not in ("utf-8", "utf-8-sig"):
        codec = "cp1252" if encoding == "windows-1252" else encoding
        path, holder = _transcode(path, codec, source.name)
        with _open(path) as file:
            head = _read(file, HEAD, source.name)
    whole_lines = head[: head.rfind(b"\n") + 1] or head
    raw = text.read_text(
        whole_lines.decode("utf-8-sig", "replace"), name=source.name, sha256="", encoding=encoding, vocabulary=vocabulary
    )
    raw.cut_off = None if raw.cut_off is None else raw.cut_off
    raw.sha256 = sha256_of(source)
    raw.scan = Scan(path, raw.delimiter or ",", raw.header_line, holder=holder)
    return raw


def _open(path: Path) -> IO[bytes]:
    with path.open("rb") as file:
        packed = file.read(2) == b"\x1f\x8b"
    return gzip.open(path) if packed else path.open("rb")  # type: ignore[return-value]


def _read(file: IO[bytes], size: int, name: str) -> bytes:
    try:
        return file.read(size)
    except (OSError, EOFError, zlib.error) as error:
        raise InputError(f"{name}: the file is cut off or damaged ({error}).\n  Download it again.") from None


def _is_utf8(path: Path, name: str) -> bool:
    """Return whether the whole file decodes; ASCII passes at memory speed."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    with _open(path) as file:
        while block := _read(file, 1 << 24, name):
            if block.isascii() and not decoder.getstate()[0]:
                continue
            try:
                decoder.decode(block)
            except UnicodeDecodeError:
                return False
    return True


def _transcode(path: Path, codec: str, name: str) -> tuple[Path, Any]:
    """Copy a file into UTF-8 beside nothing: in a temporary folder of its own."""
    holder = tempfile.TemporaryDirectory(prefix="roas-")
    copy = Path(holder.name, "utf8.csv")
    try:
        with _open(path) as raw, copy.open("w", encoding="utf-8", newline="") as out:
            reader = codecs.getreader(codec)(raw, "strict" if codec != "cp1252" else "replace")
            shutil.copyfileobj(reader, out, 1 << 20)
    except UnicodeError:
        raise InputError(f"{name}: the file says it is {codec} and then is not.\n  Download it again.") from None
    except OSError as error:
        raise OutputError(f"{name}: no room to unpack the file ({error.strerror}).") from None
    return copy, holder
