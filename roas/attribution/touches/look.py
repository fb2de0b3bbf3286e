"""One pass over a table of touches before it is used: its rows, its words, its broken records."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from roas.attribution.touches.source import TouchSource, csv_relation, touch_source
from roas.errors import InputError
from roas.io.numbers import is_null
from roas.io.scan import as_utf8
from roas.problems import Findings, aside, counted, several

if TYPE_CHECKING:
    from roas.io.raw import RawTable

#: Share of broken records from which a file is refused: a few are torn in any
#: log, more say that the file as a whole is not what it seems.
MOST_BROKEN: Final = 0.01

#: Distinct words of a column that are fetched, most frequent first.
_WORDS: Final = 5_000

#: Broken records that are looked at one by one.
_LOOKED_AT: Final = 2_000

#: Digits of a day of a spreadsheet; dates have more, flags and most amounts fewer.
_DATE_DIGITS: Final = 5

BROKEN: Final = "broken over two lines, or more cells than the header"


@dataclass
class Look:
    """What one pass over a table saw.

    Attributes
    ----------
    rows : int
        Rows that the relation gives.
    words : dict of str to dict
        Column → its distinct cells as text, with their rows; empty ones left out.
    marked : set of str
        Columns with a point or comma in some cell.
    broken : int
        Records that do not fit the header, which the relation does not give.
    mended : list of list of str
        Rows whose two halves stand on two lines, put together again: not
        read, but what they held is told.
    """

    rows: int = 0
    words: dict[str, dict[str, int]] = field(default_factory=dict)
    marked: set[str] = field(default_factory=set)
    broken: int = 0
    mended: list[list[str]] = field(default_factory=list)


@dataclass(frozen=True)
class Shape:
    """What a row must have: `needed` cells to say who, when and where, with a time at `dated`."""

    needed: int
    dated: int


def look(
    raw: RawTable, used: Sequence[int], worded: Sequence[str], valued: str | None, shape: Shape
) -> tuple[TouchSource, Look]:
    """Look at every row once, and settle how the table is read.

    Parameters
    ----------
    used : sequence of int
        Positions of the columns that are read.
    worded : sequence of str
        Columns (``c3``) whose distinct cells are wanted.
    valued : str or None
        Column of text amounts.
    shape : Shape
        What a row must have.

    Raises
    ------
    InputError
        Where the engine cannot read the file at all.
    """
    import duckdb

    try:
        if raw.scan is None or raw.scan.query is not None:
            torn = torn_lines(raw, shape) if raw.scan is None else []
            source = touch_source(raw, used, leave_out=torn)
            found = _ask(source, source.relation, worded, valued)
            _tell_broken(raw.findings, len(torn), torn, found)
            found.mended = _mended([(line, _written(raw, line)) for line in torn], len(raw.header))
            return source, found
        return _look_at_text(raw, used, worded, valued, shape)
    except duckdb.Error as error:
        first = str(error).splitlines()[0]
        raise InputError(f"{raw.name}: the table cannot be read ({first}). Export it again.") from None


def _look_at_text(
    raw: RawTable, used: Sequence[int], worded: Sequence[str], valued: str | None, shape: Shape
) -> tuple[TouchSource, Look]:
    """Look at a big text file: as it should be, else in UTF-8, else with short rows filled up."""
    import duckdb

    padded = bool(_trimmed(raw, shape))
    for _ in range(3):
        source = touch_source(raw, used, padded=padded)
        with source.connect() as connection:
            relation = csv_relation(source, "store_rejects=true, rejects_limit=0")
            try:
                # Cells that nobody asks for are not decoded: those that will be read later are asked for now.
                found = _asked(connection, relation, worded, valued, [f"c{i}" for i in used])
                broken = [] if padded else _rejects(connection)
            except duckdb.Error as error:
                if not _about_encoding(str(error)):
                    raise
                broken = [(0, "INVALID ENCODING", "")]
        if any(_about_encoding(kind) for _, kind, _ in broken):
            raw.scan = as_utf8(raw)
        elif _only_trailing(broken, source):
            padded = True
        else:
            break
    found.broken = len(broken)
    lines = [line + (0 if raw.scan is None or line > raw.scan.skip else raw.scan.skip) for line, _, _ in broken]
    _refuse_ends(raw, broken, lines, source)
    _tell_broken(raw.findings, len(broken), lines, found)
    delimiter = source.scan.delimiter if source.scan else ","
    records = [(line, _split(text, delimiter)) for line, (_, _, text) in zip(lines, broken[:_LOOKED_AT], strict=False)]
    found.mended = _mended(records, len(source.headers))
    return source, found


def _split(text: str, delimiter: str) -> list[str]:
    return next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), [])


def _written(raw: RawTable, line: int) -> list[str]:
    """Return the cells that a short line has."""
    cells = [raw.cells[i].loc[line] for i in range(raw.narrow.get(line, 0))]
    return ["" if is_null(cell) else str(cell) for cell in cells]


def _mended(records: Sequence[tuple[int, list[str]]], width: int) -> list[list[str]]:
    """Put two lines together that are the halves of one row, cut inside or at the end of a cell."""
    rows, taken = [], -1
    for (line, above), (below, rest) in pairwise(records):
        if below == line + 1 and line != taken and above and rest and len(above) + len(rest) == width + 1:
            rows.append([*above[:-1], f"{above[-1]} {rest[0]}".strip(), *rest[1:]])
            taken = below
    return rows


def _about_encoding(message: str) -> bool:
    return any(word in message.casefold() for word in ("unicode", "utf-8", "utf8", "encoding"))


def _ask(source: TouchSource, relation: str, worded: Sequence[str], valued: str | None) -> Look:
    with source.connect() as connection:
        return _asked(connection, relation, worded, valued)


def _asked(
    connection: Any, relation: str, worded: Sequence[str], valued: str | None, decoded: Sequence[str] = ()
) -> Look:
    """Count the rows and the words of some columns, in one pass."""
    every = dict.fromkeys([*worded, *([valued] if valued else []), *decoded])
    texts = [f"CAST({c} AS VARCHAR) AS {c}" for c in every]
    marked = f"count(*) FILTER (WHERE {valued} LIKE '%.%' OR {valued} LIKE '%,%')" if valued else "0"
    marked += "".join(f" + 0 * count({c})" for c in decoded)
    sets = ", ".join(["()", *(f"({c})" for c in worded)])
    columns = "".join(f", {c}, grouping({c})" for c in worded)
    inner = f"(SELECT {', '.join(texts)} FROM {relation})" if texts else relation
    group = f"GROUP BY GROUPING SETS ({sets})" if worded else ""
    rows = connection.execute(
        f"SELECT count(*) AS n, {marked}{columns} FROM {inner} {group} ORDER BY n DESC LIMIT {_WORDS}"
    ).fetchall()
    found = Look(words={c: {} for c in worded})
    for n, marks, *cells in rows:
        pairs = list(zip(worded, cells[::2], cells[1::2], strict=True))
        here = [(c, text) for c, text, rolled in pairs if not rolled]
        if not here:
            found.rows = n
            found.marked = {valued} if valued and marks else set()
        elif here[0][1] is not None and str(here[0][1]).strip():
            found.words[here[0][0]][str(here[0][1])] = n
    return found


def _rejects(connection: Any) -> list[tuple[int, str, str]]:
    """Return the records that did not fit: line, why, text."""
    rows = connection.execute(
        "SELECT line, any_value(error_type), any_value(csv_line) FROM reject_errors GROUP BY line, byte_position "
        "ORDER BY line"
    ).fetchall()
    return [(int(line), str(kind), str(text).strip("\r\n")) for line, kind, text in rows
            if str(text).strip() or _about_encoding(str(kind))]  # fmt: skip


def _only_trailing(broken: list[tuple[int, str, str]], source: TouchSource) -> bool:
    """Return whether rows merely end in separators with nothing behind them."""
    wide = [text for _, kind, text in broken[:_LOOKED_AT] if "MANY" in kind]
    delimiter = source.scan.delimiter if source.scan else ","
    width = len(source.headers)
    rows = [_split(t, delimiter) for t in wide]
    return any(not any(c.strip() for c in row[width:]) for row in rows)


def _refuse_ends(raw: RawTable, broken: list[tuple[int, str, str]], lines: list[int], source: TouchSource) -> None:
    """Refuse a line with the lone end of a cell: the row above it, read as whole, is not."""
    delimiter = source.scan.delimiter if source.scan else ","
    ends = [
        line for (_, kind, text), line, before in zip(broken, lines, [0, *lines], strict=False)
        if "MISSING" in kind and delimiter not in text and line - 1 != before
    ]  # fmt: skip
    if ends and raw.cut_off not in ends:
        raw.findings.error(
            f"{counted(len(ends), 'line')} with a single cell{aside(lines=several(ends))}: a line break inside a name "
            "cut the row above.",
            "Export the file again with names in quotes, or without line breaks in them.", line=ends[0],
        )  # fmt: skip


def _tell_broken(findings: Findings, count: int, lines: Sequence[int], found: Look) -> None:
    """Count broken records, and refuse a file that is full of them."""
    if not count:
        return
    found.broken = count
    findings.reject(BROKEN, count, lines[0])
    says = f"{counted(count, 'line')} left out{aside(lines=several(list(lines)))}: {BROKEN}."
    fix = "Export the file again with names in quotes, or without line breaks in them."
    tell = findings.error if count > MOST_BROKEN * (found.rows + count) else findings.warn
    tell(says, fix, line=lines[0])


def _trimmed(raw: RawTable, shape: Shape) -> list[int]:
    """Return short rows of the head that are whole: their last cells are empty and were left out."""
    torn = set(torn_lines(raw, shape))
    return [line for line, cells in raw.narrow.items() if line not in torn and cells >= shape.needed]


def _dated(cell: Any) -> bool:
    """Return whether a cell may be a time: a flag or an amount has fewer digits than the shortest date."""
    return sum(c.isdigit() for c in str(cell)) >= _DATE_DIGITS


def torn_lines(raw: RawTable, shape: Shape) -> list[int]:
    """Return the lines of a small file, or of a head, that are pieces of rows or slipped sideways."""
    width = len(raw.header)
    every = [int(i) for i in raw.cells.index]
    before: Mapping[int, int] = dict(zip(every[1:], every, strict=False))
    torn = {line for line in raw.wide if line in before or line == (every or [0])[0]}
    for line, cells in raw.narrow.items():
        above = before.get(line)
        whole = cells >= shape.needed and _dated(raw.cells[shape.dated].loc[line])
        if above in raw.narrow and raw.narrow[above] + cells == width + 1 and not whole:
            torn |= {above, line}
        elif not whole:
            torn.add(line)
            if above is not None and above not in raw.narrow and cells == 1 and line != raw.cut_off:
                torn.add(above)  # its last cell goes on here
    if raw.cut_off is not None and raw.cut_off in raw.narrow:
        torn.add(raw.cut_off)
    return sorted(torn)
