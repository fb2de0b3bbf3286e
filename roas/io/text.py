"""Bytes → encoding → delimiter → header row → cells, for delimited text."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Any

from roas.errors import InputError
from roas.io.headers import header, repair_mojibake, words
from roas.io.raw import NoTable, RawTable, cells_frame
from roas.limits import HEADER_SEARCH_ROWS

DELIMITERS = (",", "\t", ";", "|")
_NOTHING = re.compile(r"^\s*(no data available\.?|no results( found)?\.?|keine daten.*|aucune donn.*|geen gegevens.*|"
                      r"no hay datos.*|nenhum dado.*|khong co du lieu.*)\s*$", re.I)  # fmt: skip

csv.field_size_limit(16_000_000)


@dataclass(frozen=True)
class Dialect:
    """Where the header stands and what separates cells."""

    delimiter: str
    header_row: int
    known: int


def decode(data: bytes, name: str) -> tuple[str, str]:
    """Decode a file's bytes; returns (text, encoding).

    Byte-order mark first, then zero bytes in every second place, then UTF-8,
    then Windows-1252 (survey rule 1).
    """
    encoding = sniff_encoding(data, name)
    if encoding is None:
        try:
            return data.decode("utf-8"), "utf-8"
        except UnicodeDecodeError:
            return data.decode("cp1252", "replace"), "windows-1252"
    try:
        return data.decode(encoding), encoding
    except UnicodeDecodeError as error:
        raise InputError(
            f"{name}: the file says it is {encoding} and then is not (byte {error.start + 1}); it is cut off or "
            "was glued together.\n  Download it again."
        ) from None


def sniff_encoding(data: bytes, name: str) -> str | None:
    """Return the encoding that marks or zero bytes prove; None for 8-bit text."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    if data.startswith(b"\xef\xbb\xbf"):
        return "utf-8-sig"
    head = data[:4000]
    if head and head.count(0) > len(head) // 4:
        even, odd = head[::2].count(0), head[1::2].count(0)
        if odd > 3 * max(even, 1):
            return "utf-16-le"
        if even > 3 * max(odd, 1):
            return "utf-16-be"
    if b"\x00" in data[:1_000_000] and not _stray_zero(data[:1_000_000]):
        raise InputError(f"{name}: this is a binary file, not a table. Export it as CSV or XLSX.")
    return None


def _stray_zero(head: bytes) -> bool:
    """Tell UTF-8 text with a zero byte in some name from a binary file."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return False
    return head.count(0) * 100 < len(head) and head[:1] != b"\x00"


def find_dialect(lines: list[str], vocabulary: frozenset[str]) -> Dialect | None:
    """Find delimiter and header row together.

    The delimiter is the one under which some row near the top has the most
    known headers (survey rule 2); the header is the first row with at least
    two. Without any known header the most regular delimiter wins.
    """
    best: Dialect | None = None
    for delimiter in DELIMITERS:
        rows = list(csv.reader(lines, delimiter=delimiter))
        for number, row in enumerate(rows):
            known = known_headers(row, vocabulary)
            if known >= 2:
                if best is None or known > best.known:
                    best = Dialect(delimiter, number, known)
                break
    return best or _regular(lines)


def known_headers(row: Iterable[Any], vocabulary: frozenset[str]) -> int:
    """Count the distinct known headers in a row of cells."""
    texts = {str(c) for c in row if isinstance(c, str) and c.strip() and len(c) < 120}
    keys = {words(header(repair_mojibake(t)).key) for t in texts}
    return sum(1 for k in keys if k in vocabulary or is_wide_header(k))


def header_words(headers: Iterable[str]) -> frozenset[str]:
    """Return headers folded as a vocabulary has them."""
    return frozenset(words(header(h).key) for h in headers if h.strip())


def is_wide_header(key: str) -> bool:
    """Return whether a folded header names a channel's spend (``tv spend``)."""
    return bool(re.search(r"\S (spend|cost|kosten|ausgaben|cout|gasto|costo|spesa|chi phi)$", key))


def _regular(lines: list[str]) -> Dialect | None:
    best, width = None, 1
    for delimiter in DELIMITERS:
        rows = [r for r in csv.reader(lines, delimiter=delimiter) if r]
        if rows and len(rows[0]) > width and all(len(r) == len(rows[0]) for r in rows[:-1]):
            best, width = Dialect(delimiter, 0, 0), len(rows[0])
    return best


@dataclass(frozen=True)
class Parsed:
    """Rows of a text with the line each begins at.

    ``open_quote``: the last row opens a quote that is never closed.
    ``swallowed``: first and last line of a row that a stray quote made of several.
    """

    rows: list[list[str]]
    lines: list[int]
    open_quote: bool
    swallowed: tuple[int, int] | None = None


def parse_rows(text: str, delimiter: str) -> Parsed:
    """Split text into rows of cells; quoted cells may hold line breaks."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    rows, lines, at = [], [], 1
    spans = []
    for row in reader:
        rows.append(row)
        lines.append(at)
        if reader.line_num > at:
            spans.append((at, reader.line_num))
        at = reader.line_num + 1
    never_closed = bool(rows) and text.count('"') % 2 == 1 and _never_closed(text, lines[-1], delimiter)
    return Parsed(rows, lines, never_closed, None if never_closed else _swallowed(text, spans, delimiter))


def _swallowed(text: str, spans: list[tuple[int, int]], delimiter: str) -> tuple[int, int] | None:
    """Find a row of several lines whose quotes do not close where a cell ends."""
    source, at = io.StringIO(text, newline=""), 1
    for first, last in spans:
        part = list(islice(source, first - at, last - at + 1))
        at = last + 1
        try:
            list(csv.reader(part, delimiter=delimiter, strict=True))
        except csv.Error:
            return first, last
    return None


def _never_closed(text: str, last: int, delimiter: str) -> bool:
    """Return whether the last row opens a quote that the file never closes."""
    tail = "".join(islice(io.StringIO(text, newline=""), last - 1, None))
    try:
        for _ in csv.reader(io.StringIO(tail, newline=""), delimiter=delimiter, strict=True):
            pass
    except csv.Error as error:
        return "unexpected end" in str(error)
    return False


def read_text(text: str, *, name: str, sha256: str, encoding: str, vocabulary: frozenset[str]) -> RawTable:
    """Read one delimited table out of decoded text.

    Raises
    ------
    InputError
        Empty, header only, no header row found, or cut off inside a quote.
    """
    text = text.lstrip("\ufeff")
    if not text.strip():
        raise InputError(f"{name}: the file is empty. Export it again.")
    lines = list(islice(io.StringIO(text, newline=""), HEADER_SEARCH_ROWS + 40))
    separator = re.match(r"^sep=(.)\s*$", lines[0].strip('"').strip(), re.I)  # Excel's own hint
    dialect = find_dialect(lines[:HEADER_SEARCH_ROWS], vocabulary)
    if dialect is None:
        raise NoTable(f"{name}: no table found; looked for a header row with cells between , ; | or tabs.\n"
                      f"  The file begins with {lines[0].strip()[:60]!r}. Export it as CSV or XLSX.")  # fmt: skip
    try:
        parsed = parse_rows(text, dialect.delimiter)
    except csv.Error as error:
        raise InputError(f"{name}: the table cannot be read ({error}). Export it again.") from None
    if parsed.swallowed:
        first, last = parsed.swallowed
        raise InputError(
            f"{name}, line {first}: a quotation mark opens a cell that runs to line {last} and takes rows with it.\n"
            "  Double the quotation marks inside names, or export the file again."
        )
    raw = frame_rows(parsed, dialect, name=name, sha256=sha256)
    raw.encoding = encoding
    if separator:
        raw.preamble = raw.preamble[1:]
    if parsed.open_quote:
        raw.cut_off = parsed.lines[-1]
    elif raw.cut_off is None and not text.endswith(("\n", "\r")) and raw.narrow:
        last = parsed.lines[-1]
        if last in raw.narrow and raw.narrow[last] > 1:
            raw.cut_off = last
    return raw


def frame_rows(parsed: Parsed, dialect: Dialect, *, name: str, sha256: str) -> RawTable:
    """Cut rows into preamble, header and cells of the header's width."""
    rows, lines = parsed.rows, parsed.lines
    top = [repair_mojibake(c) for c in rows[dialect.header_row]]
    while len(top) > 1 and not top[-1].strip():
        top.pop()
    width = len(top)
    wide: dict[int, str] = {}
    narrow: dict[int, int] = {}
    kept, at = [], []
    for row, line in zip(rows[dialect.header_row + 1 :], lines[dialect.header_row + 1 :], strict=True):
        if not any(c and not c.isspace() for c in row):
            continue
        if len(row) > width:
            if any(c.strip() for c in row[width:]):
                wide[line] = " ".join(c.strip() for c in row[width:] if c.strip())
            row = row[:width]
        elif len(row) < width:
            narrow[line] = len(row)
            row = row + [""] * (width - len(row))
        kept.append(row)
        at.append(line)
    preamble = [dialect.delimiter.join(r).strip() for r in rows[: dialect.header_row]]
    return RawTable(name, sha256, top, cells_frame(kept, width, at), "text", lines[dialect.header_row],
                    preamble, None, dialect.delimiter, wide, narrow)  # fmt: skip


def says_nothing(raw: RawTable) -> str | None:
    """Return a platform's own words for "no rows", when that is all there is."""
    if len(raw.cells) > 2:
        return None
    for cell in raw.cells.to_numpy(dtype=object).ravel():
        if isinstance(cell, str) and _NOTHING.match(words_lite(cell)):
            return cell.strip()
    return None


def words_lite(text: str) -> str:
    """Fold accents and case but keep punctuation."""
    from roas.io.headers import fold

    return fold(text)
