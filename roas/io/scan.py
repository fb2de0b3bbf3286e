"""Big text files: look at the head, leave the rest to DuckDB."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import shutil
import tempfile
import zlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import IO, Any

from roas.errors import InputError, OutputError
from roas.io import text
from roas.io.raw import RawTable, Scan
from roas.io.sources import Source, sha256_of

#: Bytes looked at before DuckDB takes over: enough for header, dialect,
#: decimal mark and the look of the dates.
HEAD = 300_000

#: Bytes at the end in which the last row is looked for.
TAIL = 64_000


def scan_text(source: Source, vocabulary: frozenset[str]) -> RawTable:
    """Read the head of a big text file and hand the rest over as a scan."""
    if source.path is None:
        raise ValueError(source)
    path, holder = source.path, None
    with open_text(path) as file:
        head = _read(file, HEAD, source.name)
    encoding = text.sniff_encoding(head, source.name)
    if encoding is None:
        # Only the head is looked at: the engine checks every byte, see `as_utf8`.
        encoding = "utf-8" if _decodes(head) else "windows-1252"
    if encoding not in ("utf-8", "utf-8-sig"):
        path, holder = _transcode(path, _CODECS.get(encoding, encoding), source.name)
        with open_text(path) as file:
            head = _read(file, HEAD, source.name)
    whole_lines = head[: head.rfind(b"\n") + 1] or head
    raw = text.read_text(
        whole_lines.decode("utf-8-sig", "replace"),
        name=source.name,
        sha256="",
        encoding=encoding,
        vocabulary=vocabulary,
    )
    raw.cut_off = None if _packed(path) else _cut_off(path, raw.delimiter or ",", len(raw.header))
    _forget_last_line(raw)  # the head ends where we cut it
    pool = ThreadPoolExecutor(1)
    raw.hashing = pool.submit(sha256_of, source)
    pool.shutdown(wait=False)
    raw.scan = Scan(path, raw.delimiter or ",", raw.header_line, holder=holder, packed=_packed(path))
    return raw


def open_text(path: Path) -> IO[bytes]:
    """Open a file's bytes, unpacked where it is packed by gzip."""
    return gzip.open(path) if _packed(path) else path.open("rb")  # type: ignore[return-value]


def _packed(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(2) == b"\x1f\x8b"


def _forget_last_line(raw: RawTable) -> None:
    last = int(raw.cells.index[-1]) if len(raw.cells) else 0
    raw.wide.pop(last, None)
    raw.narrow.pop(last, None)


def _cut_off(path: Path, delimiter: str, width: int) -> int | None:
    """Return the last line of a file that ends in the middle of a row."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - TAIL))
        tail = file.read().decode("utf-8", "replace")
        if _ends_whole(tail, delimiter, width):
            return None
        file.seek(0)
        return sum(block.count(b"\n") for block in iter(lambda: file.read(1 << 24), b"")) + 1


def _ends_whole(tail: str, delimiter: str, width: int) -> bool:
    """Return whether the last row is complete, wherever among the last lines it begins."""
    lines = list(io.StringIO(tail, newline=""))[-20:]
    for start in reversed(range(len(lines))):
        try:
            last = list(csv.reader(lines[start:], delimiter=delimiter, strict=True))[-1]
        except csv.Error as error:
            if "unexpected end" in str(error):
                continue  # perhaps the row begins further up
            return True  # odd quotes, which are not for us to judge
        if tail.endswith(("\n", "\r")) or len(last) >= width or len(last) <= 1:
            return True
    return not lines


def _read(file: IO[bytes], size: int, name: str) -> bytes:
    try:
        return file.read(size)
    except (OSError, EOFError, zlib.error) as error:
        raise InputError(f"{name}: the file is cut off or damaged ({error}).\n  Download it again.") from None


_CODECS = {"windows-1252": "cp1252"}


def _decodes(head: bytes) -> bool:
    """Return whether bytes are UTF-8, but for a character cut off at the end."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return False
    return True


def load_whole(raw: RawTable) -> None:
    """Read all cells of a scanned table, for layouts that the engine does not reduce.

    Tables with one column a channel, or with outcomes and controls, have a
    row a day and place: they fit into memory however long they are.
    """
    from roas.io import databases
    from roas.io.platforms import vocabulary

    scan = raw.scan
    if scan is None:
        return
    if scan.query is not None:
        raw.cells = databases.all_cells(scan)
    elif scan.path is not None:
        with open_text(scan.path) as file:
            decoded, encoding = text.decode(_read(file, -1, raw.name), raw.name)
        words = vocabulary() | text.header_words(raw.header)
        whole = text.read_text(decoded, name=raw.name, sha256=raw.sha256, encoding=encoding, vocabulary=words)
        raw.cells, raw.wide, raw.narrow, raw.cut_off = whole.cells, whole.wide, whole.narrow, whole.cut_off
        raw.encoding = encoding if scan.holder is None else raw.encoding
    raw.close()
    raw.scan = None


def as_utf8(raw: RawTable) -> Scan:
    """Return the scan of a copy in UTF-8, for a file whose tail turned out to be Windows-1252."""
    scan = raw.scan
    if scan is None or scan.path is None or scan.holder is not None:
        raise InputError(f"{raw.name}: the file is neither UTF-8 nor Windows-1252. Save it as UTF-8.")
    path, holder = _transcode(scan.path, "cp1252", raw.name)
    raw.encoding = "windows-1252"
    return replace(scan, path=path, holder=holder, packed=False)


def _transcode(path: Path, codec: str, name: str) -> tuple[Path, Any]:
    """Copy a file into UTF-8 beside nothing: in a temporary folder of its own."""
    holder = tempfile.TemporaryDirectory(prefix="roas-")
    copy = Path(holder.name, "utf8.csv")
    try:
        with open_text(path) as raw, copy.open("w", encoding="utf-8", newline="") as out:
            reader = codecs.getreader(codec)(raw, "strict" if codec != "cp1252" else "replace")
            shutil.copyfileobj(reader, out, 1 << 20)
    except UnicodeError:
        raise InputError(f"{name}: the file says it is {codec} and then is not.\n  Download it again.") from None
    except OSError as error:
        raise OutputError(f"{name}: no room to unpack the file ({error.strerror}).") from None
    return copy, holder
