"""Sources → raw tables: which format a file really has, whatever its name says."""

from __future__ import annotations

import gzip
import io
import itertools
import json
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from roas.errors import InputError
from roas.io import databases, text
from roas.io.numbers import strip
from roas.io.raw import NoTable, RawTable, cells_frame
from roas.io.scan import scan_text
from roas.io.sections import is_commented, read_sections
from roas.io.sources import TABULAR, Source, read_bytes, sha256_of, shown, size_of
from roas.language import say
from roas.limits import ARCHIVE_BYTES, BIG_FILE_BYTES, HEADER_SEARCH_ROWS
from roas.problems import counted

if TYPE_CHECKING:
    import pandas as pd

_OLE = b"\xd0\xcf\x11\xe0"
_HTML = re.compile(rb"^\s*(<!doctype html|<html|<table|<\?xml)", re.I)


def read_source(source: Source, vocabulary: frozenset[str]) -> Iterator[RawTable]:
    """Read every table of a source.

    Raises
    ------
    InputError
        With the file's name, what it is, and what to do.
    """
    if source.frame is not None:
        yield read_frame(source.frame, source.name)
    elif source.url is not None:
        yield databases.read_url(source.url)
    else:
        head = read_bytes(source, 8)
        if head.startswith(b"PK\x03\x04"):
            yield from _packed(source, vocabulary)
        elif head.startswith(b"PK\x05\x06"):
            raise InputError(f"{source.name}: the archive is empty. Pack it again with the exports in it.")
        elif head.startswith(b"\x1f\x8b"):
            yield from _gzip(source, vocabulary)
        elif head.startswith(_OLE):
            yield from _workbook(source, vocabulary)
        elif head.startswith(b"PAR1"):
            yield databases.read_parquet(source)
        else:
            yield from _plain(source, vocabulary)


def _plain(source: Source, vocabulary: frozenset[str]) -> Iterator[RawTable]:
    head = read_bytes(source, 4000)
    if head.startswith(b"%PDF"):
        raise InputError(f"{source.name}: this is a PDF. Export the report as CSV or XLSX.")
    if _HTML.match(head.removeprefix(b"\xef\xbb\xbf")):
        yield _html(source, vocabulary)
    elif head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"{", b"[")):
        yield _json_lines(source)
    elif size_of(source) > BIG_FILE_BYTES and source.path is not None and not is_commented(head):
        yield scan_text(source, vocabulary)
    else:
        data = read_bytes(source)
        decoded, encoding = text.decode(data, source.name)
        digest = sha256_of(source)
        sections = read_sections(decoded, name=source.name, sha256=digest, encoding=encoding, vocabulary=vocabulary)
        if sections is not None:  # a report of several commented tables
            yield from sections
        else:
            yield text.read_text(decoded, name=source.name, sha256=digest, encoding=encoding, vocabulary=vocabulary)


def _gzip(source: Source, vocabulary: frozenset[str]) -> Iterator[RawTable]:
    if size_of(source) * 4 > BIG_FILE_BYTES and source.path is not None:
        yield scan_text(source, vocabulary)
        return
    try:
        data = gzip.decompress(read_bytes(source))
    except (OSError, EOFError, zlib.error) as error:
        raise InputError(
            f"{source.name}: the gzip file is cut off or damaged ({error}).\n  Download it again."
        ) from None
    inner = Source(source.name, data=data, role=source.role, from_folder=source.from_folder)
    for table in read_source(inner, vocabulary):
        table.sha256 = sha256_of(source)
        yield table


def _packed(source: Source, vocabulary: frozenset[str]) -> Iterator[RawTable]:
    """Read a zip: a workbook when it holds one, else every table inside."""
    try:
        archive = zipfile.ZipFile(source.path or io.BytesIO(source.data or b""))
    except (zipfile.BadZipFile, OSError) as error:
        raise InputError(f"{source.name}: the archive is cut off or damaged ({error}).\n  Download it again.") from None
    with archive:
        names = set(archive.namelist())
        if "[Content_Types].xml" in names or "mimetype" in names:
            yield from _workbook(source, vocabulary)
            return
        yield from _members(archive, source, vocabulary)


def _members(archive: zipfile.ZipFile, source: Source, vocabulary: frozenset[str]) -> Iterator[RawTable]:
    files = [i for i in archive.infolist() if not i.is_dir() and "__MACOSX" not in i.filename]
    tables = [i for i in files if PurePosixPath(i.filename).suffix.casefold() in (*TABULAR, ".gz")]
    if not tables:
        raise NoTable(
            f"{source.name}: no table inside the archive (found {counted(len(files), 'other file')}; looked for "
            f"{', '.join(TABULAR)})."
        )
    if sum(i.file_size for i in tables) > ARCHIVE_BYTES:
        raise InputError(f"{source.name}: unpacked, the archive is over {ARCHIVE_BYTES / 1e9:.0f} GB. Unpack it first.")
    for item in sorted(tables, key=lambda i: i.filename):
        name = f"{source.name}/{shown(item.filename)}"
        if item.flag_bits & 1:
            raise InputError(f"{name}: the archive is locked with a password. Unpack it first.")
        try:
            data = archive.read(item)
        except (
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            OSError,
            NotImplementedError,
            RuntimeError,
        ) as error:
            raise InputError(f"{name}: the archive is cut off or damaged ({error}).\n  Download it again.") from None
        yield from read_source(Source(name, data=data, role=source.role, from_folder=source.from_folder), vocabulary)


def _workbook(source: Source, vocabulary: frozenset[str]) -> Iterator[RawTable]:
    """Read the sheets of a workbook that look like tables.

    A sheet without a recognisable header (notes, pivot) is passed over and
    said. Of Meta's ``Raw Data Report`` and ``Formatted Report``, the same
    rows twice, the raw one is read.
    """
    from python_calamine import CalamineError, CalamineWorkbook

    data = read_bytes(source)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheets = {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}
    except (CalamineError, OSError, ValueError, zipfile.BadZipFile, zlib.error) as error:
        raise InputError(
            f"{source.name}: the workbook is damaged or locked ({error}).\n  Save it again as XLSX."
        ) from None
    except BaseException as error:  # calamine panics (a BaseException) on some damaged files
        if type(error).__name__ != "PanicException":
            raise
        raise InputError(f"{source.name}: the workbook is damaged.\n  Save it again as XLSX.") from None
    if "Raw Data Report" in sheets:
        sheets.pop("Formatted Report", None)
    tables, passed = [], []
    for title, rows in sheets.items():
        table = _sheet(rows, title, source.name, vocabulary)
        if table is None:
            passed.append(title)
        else:
            tables.append(table)
    if not tables:
        raise NoTable(
            f"{source.name}: no sheet has a header row that is known (looked at {', '.join(sheets)}).\n"
            "  A header row names at least a date and money; --map says which header means what."
        )
    sha256 = sha256_of(source)
    for table in tables:
        table.sha256 = sha256
        if len(tables) > 1:
            table.name = f"{source.name}#{table.name}"
        else:
            table.name = source.name
        if passed:
            table.findings.note(say("sheets without a table were passed over: {names}", names=", ".join(passed)))
            passed = []
        yield table


def _header_row(rows: list[list[Any]], vocabulary: frozenset[str]) -> int | None:
    """Return the first row with two known headers, else one that begins a table with one (``Week, TV``)."""
    known = [text.known_headers(row, vocabulary) for row in rows]
    sure = next((i for i, count in enumerate(known) if count >= 2), None)
    if sure is not None:
        return sure
    for i, (row, below) in enumerate(itertools.pairwise(rows)):
        cells = [c for c in row if c not in ("", None)]
        if known[i] and len(cells) > 1 and all(isinstance(c, str) for c in cells):
            filled = [c for c in below if c not in ("", None)]
            if len(filled) > 1 and any(not isinstance(c, str) or strip(c) is not None for c in filled):
                return i
    return None


def _sheet(rows: list[list[Any]], title: str, book: str, vocabulary: frozenset[str]) -> RawTable | None:
    at = _header_row(rows[:HEADER_SEARCH_ROWS], vocabulary)
    if at is None:
        return None
    top = ["" if c is None else str(c).strip() for c in rows[at]]
    while len(top) > 1 and not top[-1]:
        top.pop()
    width = len(top)
    body, lines = [], []
    for number, row in enumerate(rows[at + 1 :], start=at + 2):
        cells = list(row[:width]) + [""] * (width - len(row))
        if any(c not in ("", None) for c in cells):
            body.append(cells)
            lines.append(number)
    preamble = [" ".join(str(c) for c in r if c not in ("", None)) for r in rows[:at]]
    return RawTable(title, "", top, cells_frame(body, width, lines), "xlsx", at + 1, preamble)


def _json_lines(source: Source) -> RawTable:
    """Read JSON lines, or one JSON array, of objects; nested names join with dots."""
    import pandas as pd

    decoded, encoding = text.decode(read_bytes(source), source.name)
    decoded = decoded.lstrip("\ufeff")
    if decoded.lstrip().startswith("["):
        records = _json(decoded, source.name)
    else:
        lines = enumerate(decoded.split("\n"), start=1)
        records = _enveloped(decoded) or [_json(line, source.name, number) for number, line in lines if line.strip()]
    if not records or not all(isinstance(r, dict) for r in records):
        raise InputError(
            f"{source.name}: no rows of data. One JSON object a line, or one array of objects, is expected."
        )
    try:
        frame = pd.json_normalize(records)
    except RecursionError:
        raise InputError(f"{source.name}: nested too deeply for a table.") from None
    raw = read_frame(frame, source.name)
    raw.sha256, raw.encoding, raw.kind = sha256_of(source), encoding, "jsonl"
    return raw


def _enveloped(text_: str) -> list[Any] | None:
    """Return the rows of an API's answer (``{"data": [...]}``), if it is one."""
    try:
        answer = json.loads(text_)
    except (ValueError, RecursionError):
        return None
    rows = (
        [v for k, v in answer.items() if k in ("data", "results", "rows", "records")]
        if isinstance(answer, dict)
        else []
    )
    return rows[0] if len(rows) == 1 and isinstance(rows[0], list) else None


def _json(text_: str, name: str, line: int | None = None) -> Any:
    """Read one line, or a whole array where `line` is None."""
    try:
        found = json.loads(text_)
        return _whole_characters(found) if "\\ud" in text_ or "\\uD" in text_ else found
    except ValueError as error:
        if isinstance(error, json.JSONDecodeError):
            line, why = line or error.lineno, f"{error.msg}, at character {error.colno}"
        else:
            why = str(error)
    except RecursionError:
        why = "nested too deeply"
    raise InputError(
        f"{name}, line {line or 1}: not valid JSON ({why}).\n"
        "  One object a line, or one array of objects, is expected. If the file is cut off, download it again."
    )


def _whole_characters(value: Any) -> Any:
    """Replace halves of characters, which JSON can spell and no table can hold."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, dict):
        return {_whole_characters(name): _whole_characters(part) for name, part in value.items()}
    return [_whole_characters(part) for part in value] if isinstance(value, list) else value


def _html(source: Source, vocabulary: frozenset[str]) -> RawTable:
    from roas.io.markup import table_rows

    decoded, encoding = text.decode(read_bytes(source), source.name)
    rows = table_rows(decoded)
    table = _sheet(rows, source.name, source.name, vocabulary)
    if table is None:
        raise NoTable(f"{source.name}: a web page without a table that is known. Export it as CSV or XLSX.")
    return replace(table, name=source.name, sha256=sha256_of(source), encoding=encoding, kind="html")


def _scalar(value: Any) -> Any:
    """Return a cell as it is; a list or the like, which no column of ours can hold, as its text."""
    return str(value) if isinstance(value, list | dict | set) else value


def read_frame(frame: pd.DataFrame, name: str, *, digest: str = "") -> RawTable:
    """Take a table from memory; its hash is that of its CSV text, where no digest of its file is given."""
    import hashlib

    import pandas as pd

    named = frame.index.name is not None and frame.index.name not in frame.columns
    plain = frame.reset_index() if named else frame
    header = [str(c) for c in plain.columns]
    cells = plain.astype(object).where(plain.notna(), None).set_axis(range(len(header)), axis=1)
    for position in (i for i, kind in enumerate(plain.dtypes) if kind.kind == "O"):
        cells[position] = cells[position].map(_scalar).astype(object)
    cells.index = pd.RangeIndex(2, len(cells) + 2)
    if not digest:
        digest = hashlib.sha256(plain.to_csv(index=False).encode("utf-8", "surrogatepass")).hexdigest()
    return RawTable(name, digest, header, cells, "frame", 1)
