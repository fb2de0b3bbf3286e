"""Big tables → one row per group of equal dimensions, in one pass of DuckDB.

Clean rows are summed by the engine as exact decimals; rows that do not fit
the expected types (totals, footers, odd cells) come back as they stand, with
their line, and go the same way as the rows of a small file.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from roas.errors import InputError
from roas.io.grouping import Query, grouped
from roas.io.headers import SYMBOLS
from roas.io.numbers import MarkReading, decide_mark, is_null, mark_vote, strip
from roas.io.raw import RawTable, Scan
from roas.io.scan import as_utf8, load_whole
from roas.tables import COUNTS, MONEY

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

_DECIMAL = "DECIMAL(18,6)"
_TIMESTAMP = r"\d{4}-\d{2}-\d{2}[T ].*"

#: Dimensions below the campaign, which the canonical table does not keep.
_FINER = frozenset({"ad_group", "ad_group_id", "creative", "creative_id", "device", "placement", "hour"})

#: Rows that may fall out of the fast pass before it is taken as the wrong one.
_MOST_ODD = 100_000


class _NotUtf8(Exception):
    """The engine met bytes that are no UTF-8."""


class _Undecided(Exception):
    """The head of the file does not settle the decimal mark."""


def _about_encoding(message: str) -> bool:
    return any(word in message.casefold() for word in ("unicode", "utf-8", "utf8", "encoding"))


def compact(raw: RawTable, columns: dict[str, int], measures: frozenset[str], *, rowwise: bool) -> pd.DataFrame:
    """Reduce a scanned table to groups of equal dimensions.

    Parameters
    ----------
    columns : dict
        Canonical name → column position.
    measures : frozenset of str
        Canonical names that are summed; all others are dimensions.
    rowwise : bool
        Fetch the mapped columns row by row instead (order exports, whose
        rows must be seen one at a time).

    Returns
    -------
    DataFrame
        Canonical columns, ``_rows``; index: line number, or a negative
        number for a group, whose lines `roas.io.locate` finds.
    """
    import duckdb

    if not rowwise and "conversion_action" not in columns:
        columns = {
            c: i for c, i in columns.items() if c not in _FINER and not (c == "campaign_id" and "campaign" in columns)
        }
    try:
        frame = _attempts(raw, columns, measures, rowwise)
    except _Undecided:  # every cell of the file must be seen
        load_whole(raw)
        return raw.cells[list(columns.values())].set_axis(list(columns), axis=1).assign(_rows=1)
    except duckdb.Error as error:
        first = str(error).splitlines()[0]
        raise InputError(f"{raw.name}: the table cannot be read ({first}). Export it again.") from None
    frame = _numbered(frame)
    raw.groups, raw.group_columns = frame.copy(), columns
    return frame


def _numbered(frame: pd.DataFrame) -> pd.DataFrame:
    """Index rows by their line, or by a negative number where it is not known."""
    import numpy as np
    import pandas as pd

    ids = -np.arange(1, len(frame) + 1)
    if "_line" in frame.columns:
        lines = frame.pop("_line").to_numpy(dtype="float64")
        ids = np.where(np.isnan(lines), ids, lines).astype("int64")
    return frame.set_axis(pd.Index(ids), axis=0)


def _attempts(raw: RawTable, columns: dict[str, int], measures: frozenset[str], rowwise: bool) -> pd.DataFrame:
    """Reduce; again with a UTF-8 copy, or row after row, where the engine asks for it."""
    import duckdb

    for _ in range(2):
        try:
            return _reduce(raw, columns, measures, rowwise)
        except (duckdb.Error, _NotUtf8) as error:
            if _about_encoding(str(error)):
                raw.scan = as_utf8(raw)
            elif raw.scan is not None and not raw.scan.in_order:
                raw.scan = replace(raw.scan, in_order=True)
            else:
                raise
    return _reduce(raw, columns, measures, rowwise)


def _reduce(raw: RawTable, columns: dict[str, int], measures: frozenset[str], rowwise: bool) -> pd.DataFrame:
    import duckdb

    scan = raw.scan
    if scan is None:
        raise ValueError(raw.name)
    with duckdb.connect(scan.database or ":memory:", read_only=bool(scan.database)) as engine:
        engine.execute(f"SET preserve_insertion_order={str(rowwise).lower()}")
        engine.execute("SET enable_progress_bar=false; SET autoinstall_known_extensions=false")
        if scan.query is not None:
            return _from_query(engine, raw, scan, columns, measures, rowwise)
        return _from_text(engine, raw, scan, columns, measures, rowwise)


def _from_query(
    engine: duckdb.DuckDBPyConnection,
    raw: RawTable,
    scan: Scan,
    columns: dict[str, int],
    measures: frozenset[str],
    rowwise: bool,
) -> pd.DataFrame:
    described = engine.execute(f"DESCRIBE {scan.query}").fetchall()
    names = ['"' + str(row[0]).replace('"', '""') + '"' for row in described]
    kinds = [str(row[1]) for row in described]
    selects = {c: names[i] for c, i in columns.items()}
    if rowwise:
        return _each_row(engine, f"({scan.query})", selects)
    typed = frozenset(c for c in measures & columns.keys() if _is_number(kinds[columns[c]]))
    frame, raw.repeats = grouped(engine, Query(f"({scan.query})", tuple(names), selects, typed))
    return _as_cells(frame, typed)


def _is_number(kind: str) -> bool:
    return kind.split("(")[0] in {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER",
                                  "UBIGINT", "UHUGEINT", "FLOAT", "DOUBLE", "DECIMAL", "REAL"}  # fmt: skip


def _each_row(engine: duckdb.DuckDBPyConnection, source: str, selects: dict[str, str]) -> pd.DataFrame:
    """Fetch the mapped columns row by row, as cells."""
    wanted = ", ".join(f'{sql} AS "{name}"' for name, sql in selects.items())
    frame = engine.execute(f"SELECT {wanted} FROM {source}").df().astype(object)
    return frame.assign(_rows=1)


def _as_cells(frame: pd.DataFrame, typed: frozenset[str]) -> pd.DataFrame:
    """Make dimensions cells, and sums floats."""
    kinds = {c: "float64" if c in typed else object for c in frame.columns if c != "_rows"}
    return frame.astype(kinds)


def _from_text(
    engine: duckdb.DuckDBPyConnection,
    raw: RawTable,
    scan: Scan,
    columns: dict[str, int],
    measures: frozenset[str],
    rowwise: bool,
) -> pd.DataFrame:
    numeric = measures & columns.keys()
    source = _reader(scan, raw, {}, rejects=False)
    if rowwise:
        return _each_row(engine, source, {c: f"c{i}" for c, i in columns.items()})
    reading = _mark_of(raw.cells, columns, numeric)
    if raw.mark is None and reading.mark is None and (reading.open_cell or reading.conflict):
        raise _Undecided(raw.name)
    mark = raw.mark or reading.mark
    if mark != "," and all(_is_plain(raw.cells[columns[c]]) for c in numeric):
        frame, comma = _typed_pass(engine, raw, scan, columns, numeric)
        if frame is not None and not (comma and mark is None):
            raw.mark = mark
            return frame
        mark = "," if comma and mark is None else mark
    raw.mark = mark
    return _styled_pass(engine, raw, source, columns, numeric, mark)


def _mark_of(sample: pd.DataFrame, columns: dict[str, int], numeric: frozenset[str]) -> MarkReading:
    cells = {c: [str(v) for v in sample[columns[c]].dropna().unique()] for c in numeric}
    money = [v for c in numeric & MONEY for v in cells[c]]
    counts = [v for c in numeric & COUNTS for v in cells[c]]
    others = [v for c in numeric - MONEY - COUNTS for v in cells[c]]
    return decide_mark([*money, *others], counts)


def _is_plain(cells: pd.Series) -> bool:
    """Return whether DuckDB's own cast reads a column's cells as we would.

    Totals and footers may stray into the sample; they fall out of the typed
    pass one by one, so the first two hundred rows decide.
    """
    for value in cells.head(200).unique():
        text = str(value).strip()
        if is_null(text):
            continue
        found = strip(text)
        if found is None or found.digits != text.lstrip("+-") or "," in found.digits:
            return False
    return True


def _null_words(sample: pd.DataFrame) -> list[str]:
    """Return the words for "no value" that the head of the file uses.

    Each one costs the engine a comparison per cell; a rarer word later in
    the file falls out of the fast pass and is read with the odd rows.
    """
    cells = {v for c in sample.columns for v in sample[c].unique() if isinstance(v, str) and len(v) < 20}
    return sorted(v for v in cells if v and is_null(v))


def _reader(scan: Scan, raw: RawTable, types: dict[int, str], *, rejects: bool) -> str:
    names = [f"c{i}" for i in range(len(raw.header) + (0 if rejects else 1))]  # one more, to see rows too wide
    columns = ", ".join(f"'{n}': '{types.get(i, 'VARCHAR')}'" for i, n in enumerate(names))
    nulls = ", ".join("'" + w.replace("'", "''") + "'" for w in ["", *_null_words(raw.cells)])
    path = str(scan.path).replace("'", "''")
    delimiter = scan.delimiter.replace("\t", "\\t")
    extra = ", store_rejects=true, rejects_limit=0" if rejects else ", null_padding=true, strict_mode=false"
    if scan.packed:
        extra += ", compression='gzip'"
    if scan.in_order:
        extra += ", parallel=false"
    return (
        f"read_csv('{path}', auto_detect=false, header=false, skip={scan.skip}, delim='{delimiter}', quote='\"', escape='\"', "
        f"columns={{{columns}}}, nullstr=[{nulls}]{extra})"
    )


def _typed_pass(
    engine: duckdb.DuckDBPyConnection,
    raw: RawTable,
    scan: Scan,
    columns: dict[str, int],
    numeric: frozenset[str],
) -> tuple[pd.DataFrame | None, bool]:
    """Sum with the engine's own number parser.

    Returns
    -------
    frame, comma
        The groups, or None when the file is not like its head; and whether a
        stray row is written with decimal commas.
    """
    import pandas as pd

    types = {columns[c]: _DECIMAL for c in numeric}
    selects = {c: f"c{i}" for c, i in columns.items()}
    _cut_times(selects, raw, columns)
    query = Query(_reader(scan, raw, types, rejects=True), _names(raw), selects, numeric)
    frame, raw.repeats = grouped(engine, query)
    frame = _as_cells(frame, numeric)
    kinds = engine.execute("SELECT DISTINCT error_type FROM reject_errors").fetchall()
    if any(_about_encoding(str(kind)) for (kind,) in kinds):
        raise _NotUtf8("invalid encoding")
    odd = engine.execute("SELECT DISTINCT line, csv_line FROM reject_errors ORDER BY line").fetchall()
    if len(odd) > _MOST_ODD:
        return None, False
    rows, lines = _odd_rows(odd, scan, raw)
    cells = (strip(r[columns[c]]) for r in rows for c in numeric)
    comma = any(c is not None and mark_vote(c.digits) == "," for c in cells)
    stray = pd.DataFrame({c: pd.Series([r[i] for r in rows], dtype=object) for c, i in columns.items()}, dtype=object)
    stray["_rows"] = 1
    stray["_line"] = lines
    return (pd.concat([frame, stray]) if len(stray) else frame), comma


def _odd_rows(odd: list[tuple[Any, ...]], scan: Scan, raw: RawTable) -> tuple[list[list[str]], list[int]]:
    rows, lines = [], []
    width = len(raw.header)
    for line, source in odd:
        text = str(source).strip("\r\n")  # empty lines come glued to the row below them
        row = next(csv.reader(io.StringIO(text, newline=""), delimiter=scan.delimiter), [])
        number = int(line) + (0 if int(line) > scan.skip else scan.skip)
        if len(row) > width and any(c.strip() for c in row[width:]):
            raw.wide[number] = " ".join(c.strip() for c in row[width:] if c.strip())
        if len(row) < width:
            raw.narrow[number] = len(row)
        if any(c.strip() for c in row):
            rows.append((row + [""] * width)[:width])
            lines.append(number)
    return rows, lines


def _names(raw: RawTable) -> tuple[str, ...]:
    return tuple(f"c{i}" for i in range(len(raw.header)))


def _cut_times(selects: dict[str, str], raw: RawTable, columns: dict[str, int]) -> None:
    """Group timestamps by their day where the sample shows ISO times."""
    if "date" in columns and raw.cells[columns["date"]].astype(str).str.fullmatch(_TIMESTAMP).any():
        raw.days_cut = True
        c = f"c{columns['date']}"
        selects["date"] = f"CASE WHEN regexp_full_match({c}, '{_TIMESTAMP}') THEN left({c}, 10) ELSE {c} END"


def _styled_pass(
    engine: duckdb.DuckDBPyConnection,
    raw: RawTable,
    source: str,
    columns: dict[str, int],
    numeric: frozenset[str],
    mark: str | None,
) -> pd.DataFrame:
    """Sum cells with group marks or symbols: strip, check the shape, cast.

    A row with any cell of another shape keeps its cells as they stand, so
    that they are read, or refused by name, like those of a small file.
    """
    import pandas as pd

    shape = _shape(mark)
    mark = mark or "."
    symbols = "|".join(re.escape(s) for s in _symbols(raw.cells, columns, numeric))
    casts, checks = {}, []
    for c in sorted(numeric):
        bare = f"regexp_replace(c{columns[c]}, '{symbols}', '', 'g')" if symbols else f"c{columns[c]}"
        cell = f"trim({bare}, ' \u00a0\u202f')"
        checks.append(f"({cell} IS NULL OR regexp_full_match({cell}, '{shape}'))")
        digits = f"regexp_replace({cell}, '[^0-9\\{mark}-]', '', 'g')"
        casts[c] = f"CAST(replace({digits}, '{mark}', '.') AS {_DECIMAL})"
    checks.append(f"c{len(raw.header)} IS NULL")
    clean = " AND ".join(checks)
    selects = {c: casts.get(c, f"c{i}") for c, i in columns.items()}
    _cut_times(selects, raw, columns)
    kept = Query(f"(SELECT * FROM {source} WHERE {clean})", _names(raw), selects, numeric)
    frame, raw.repeats = grouped(engine, kept)
    frame = _as_cells(frame, numeric)
    stray = _each_row(
        engine,
        f"(SELECT * FROM {source} WHERE NOT ({clean}))",
        {c: f"c{i}" for c, i in columns.items()} | {"_more": f"c{len(raw.header)}"},
    )
    if stray.pop("_more").notna().any():
        _find_wide_rows(engine, raw)
    return pd.concat([frame, stray]) if len(stray) else frame


def _shape(mark: str | None) -> str:
    """Return the pattern of a number in that style; without a mark, of a whole number."""
    apart = r" \x{a0}\x{202f}''"  # the quote is doubled, as SQL has it
    if mark is None:
        return rf"-?\d{{1,3}}([{apart}]\d{{3}})*|-?\d+"
    group = "," if mark == "." else "."
    return rf"-?\d{{1,3}}([{group}{apart}]\d{{3}})*(\{mark}\d*)?|-?\d+(\{mark}\d*)?|-?\d*\{mark}\d+"


def _find_wide_rows(engine: duckdb.DuckDBPyConnection, raw: RawTable) -> None:
    """Note the lines with more cells than the header, which the tolerant reading cuts short."""
    if raw.scan is None:
        return
    engine.execute(f"SELECT count(*) FROM {_reader(raw.scan, raw, {}, rejects=True)}").fetchall()
    odd = engine.execute("SELECT DISTINCT line, csv_line FROM reject_errors ORDER BY line").fetchall()
    _odd_rows(odd, raw.scan, raw)


def _symbols(sample: pd.DataFrame, columns: dict[str, int], numeric: frozenset[str]) -> list[str]:
    """Return the currency symbols that the head of the file uses; another one makes a row stand out."""
    cells = {str(v) for c in numeric for v in sample[columns[c]].unique()}
    known = sorted([*SYMBOLS, "$"], key=len, reverse=True)
    return sorted({next(s for s in known if s in v) for v in cells if any(s in v for s in known)}, key=len)[::-1]
