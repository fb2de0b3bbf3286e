"""Big tables → one row per group of equal dimensions, in one pass of DuckDB.

Clean rows are summed by the engine as exact decimals; rows that do not fit
the expected types (totals, footers, odd cells) come back as they stand, with
their line, and go the same way as the rows of a small file.
"""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Any

from roas.errors import InputError
from roas.io.numbers import decide_mark, is_null, mark_vote, strip
from roas.io.raw import RawTable, Scan
from roas.io.scan import as_utf8
from roas.tables import COUNTS, MONEY, REACH

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


def _about_encoding(message: str) -> bool:
    return any(word in message.casefold() for word in ("unicode", "utf-8", "utf8", "encoding"))


def compact(
    raw: RawTable, columns: dict[str, int], measures: frozenset[str], *, rowwise: bool
) -> pd.DataFrame:
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
        Canonical columns, ``_rows``; index: line number, 0 for a group.
    """
    import duckdb

    if not rowwise and "conversion_action" not in columns:
        columns = {
            c: i
            for c, i in columns.items()
            if c not in _FINER and not (c == "campaign_id" and "campaign" in columns)
        }
    try:
        try:
            return _reduce(raw, columns, measures, rowwise)
        except (duckdb.Error, _NotUtf8) as error:
            if not _about_encoding(str(error)):
                raise
            raw.scan = as_utf8(raw)
            return _reduce(raw, columns, measures, rowwise)
    except (duckdb.Error, _NotUtf8) as error:
        first = str(error).splitlines()[0]
        raise InputError(f"{raw.name}: the table cannot be read ({first}).") from None


def _reduce(raw: RawTable, columns: dict[str, int], measures: frozenset[str], rowwise: bool) -> pd.DataFrame:
    import duckdb

    scan = raw.scan
    if scan is None:
        raise ValueError(raw.name)
    with duckdb.connect(scan.database or ":memory:", read_only=bool(scan.database)) as engine:
        engine.execute(
            "SET preserve_insertion_order=false; SET enable_progress_bar=false; SET autoinstall_known_extensions=false"
        )
        if scan.query is not None:
            return _from_query(engine, scan, columns, measures, rowwise)
        return _from_text(engine, raw, scan, columns, measures, rowwise)


def _from_query(
    engine: duckdb.DuckDBPyConnection,
    scan: Scan,
    columns: dict[str, int],
    measures: frozenset[str],
    rowwise: bool,
) -> pd.DataFrame:
    described = engine.execute(f"DESCRIBE {scan.query}").fetchall()
    names = ['"' + str(row[0]).replace('"', '""') + '"' for row in described]
    kinds = [str(row[1]) for row in described]
    source = f"({scan.query})"
    typed = {c for c in measures & columns.keys() if _is_number(kinds[columns[c]])}
    selects = {c: names[i] for c, i in columns.items()}
    return _grouped(engine, source, selects, typed, rowwise)


def _is_number(kind: str) -> bool:
    return kind.split("(")[0] in {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER",
                                  "UBIGINT", "UHUGEINT", "FLOAT", "DOUBLE", "DECIMAL", "REAL"}  # fmt: skip


def _grouped(
    engine: duckdb.DuckDBPyConnection,
    source: str,
    selects: dict[str, str],
    typed: set[str],
    rowwise: bool,
) -> pd.DataFrame:
    """Group by every dimension; sum the typed measures.

    A sum of nothing stays null. Reach is no sum: it is kept where a group is
    one row.
    """
    if rowwise:
        wanted = ", ".join(f'{sql} AS "{name}"' for name, sql in selects.items())
        frame = engine.execute(f"SELECT {wanted} FROM {source}").df()
        frame["_rows"] = 1
    else:
        parts = []
        for name, sql in selects.items():
            if name == REACH:
                parts.append(f'CASE WHEN count(*) = 1 THEN any_value({sql}) END AS "{name}"')
            elif name in typed:
                parts.append(f'sum({sql}) AS "{name}"')
            else:
                parts.append(f'{sql} AS "{name}"')
        frame = engine.execute(
            f"SELECT {', '.join(parts)}, count(*) AS _rows FROM {source} GROUP BY ALL"
        ).df()
    frame.index = frame.index * 0
    for name in frame.columns.difference([*typed, "_rows"]):
        frame[name] = frame[name].astype(object)
    for name in typed:
        frame[name] = frame[name].astype("float64")
    return frame


def _from_text(
    engine: duckdb.DuckDBPyConnection,
    raw: RawTable,
    scan: Scan,
    columns: dict[str, int],
    measures: frozenset[str],
    rowwise: bool,
) -> pd.DataFrame:
    numeric = measures & columns.keys()
    mark = _mark_of(raw.cells, columns, numeric)
    plain = {c for c in numeric if not rowwise and _is_plain(raw.cells[columns[c]])} if mark != "," else set()
    if not rowwise and plain == numeric:
        frame, comma = _typed_pass(engine, raw, scan, columns, numeric)
        if frame is not None and not (comma and mark is None):
            raw.mark = mark
            return frame
        mark = "," if comma and mark is None else mark
    raw.mark = mark
    return _styled_pass(engine, raw, scan, columns, numeric, mark, rowwise)


def _mark_of(sample: pd.DataFrame, columns: dict[str, int], numeric: frozenset[str]) -> str | None:
    cells = {c: [str(v) for v in sample[columns[c]].dropna().unique()] for c in numeric}
    money = [v for c in numeric & MONEY for v in cells[c]]
    counts = [v for c in numeric & COUNTS for v in cells[c]]
    return decide_mark(money, counts).mark


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
    names = [f"c{i}" for i in range(len(raw.header))]
    columns = ", ".join(f"'{n}': '{types.get(i, 'VARCHAR')}'" for i, n in enumerate(names))
    nulls = ", ".join("'" + w.replace("'", "''") + "'" for w in ["", *_null_words(raw.cells)])
    path = str(scan.path).replace("'", "''")
    delimiter = scan.delimiter.replace("\t", "\\t")
    extra = ", store_rejects=true, rejects_limit=0" if rejects else ", null_padding=true, strict_mode=false"
    return (
        f"read_csv('{path}', auto_detect=false, header=false, skip={scan.skip}, delim='{delimiter}', quote='\"', escape='\"', "
        f"columns={{{columns}}}, nullstr=[{nulls}], max_line_size=16000000{extra})"
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
    _cut_times(selects, raw.cells, columns)
    frame = _grouped(engine, _reader(scan, raw, types, rejects=True), selects, set(numeric), False)
    kinds = engine.execute("SELECT DISTINCT error_type FROM reject_errors").fetchall()
    if any(_about_encoding(str(kind)) for (kind,) in kinds):
        raise _NotUtf8("invalid encoding")
    odd = engine.execute("SELECT DISTINCT line, csv_line FROM reject_errors ORDER BY line").fetchall()
    if len(odd) > _MOST_ODD:
        return None, False
    rows, lines = _odd_rows(odd, scan, raw)
    cells = (strip(r[columns[c]]) for r in rows for c in numeric)
    comma = any(c is not None and mark_vote(c.digits) == "," for c in cells)
    stray = pd.DataFrame(
        {c: pd.Series([r[i] for r in rows], dtype=object) for c, i in columns.items()}, dtype=object
    )
    stray["_rows"] = 1
    stray.index = pd.Index(lines, dtype="int64")
    return (pd.concat([frame, stray]) if len(stray) else frame), comma


def _odd_rows(odd: list[tuple[Any, ...]], scan: Scan, raw: RawTable) -> tuple[list[list[str]], list[int]]:
    rows, lines = [], []
    width = len(raw.header)
    for line, source in odd:
        row = next(csv.reader([str(source).rstrip("\r\n")], delimiter=scan.delimiter), [])
        number = int(line) + (0 if int(line) > scan.skip else scan.skip)
        if len(row) > width and any(c.strip() for c in row[width:]):
            raw.wide[number] = " ".join(c.strip() for c in row[width:] if c.strip())
        if len(row) < width:
            raw.narrow[number] = len(row)
        if any(c.strip() for c in row):
            rows.append((row + [""] * width)[:width])
            lines.append(number)
    return rows, lines


def _cut_times(selects: dict[str, str], sample: pd.DataFrame, columns: dict[str, int]) -> None:
    """Group timestamps by their day where the sample shows ISO times."""
    if "date" in columns and sample[columns["date"]].astype(str).str.fullmatch(_TIMESTAMP).any():
        c = f"c{columns['date']}"
        selects["date"] = f"CASE WHEN regexp_full_match({c}, '{_TIMESTAMP}') THEN left({c}, 10) ELSE {c} END"


def _styled_pass(
    engine: duckdb.DuckDBPyConnection,
    raw: RawTable,
    scan: Scan,
    columns: dict[str, int],
    numeric: frozenset[str],
    mark: str | None,
    rowwise: bool,
) -> pd.DataFrame:
    """Sum cells with group marks or symbols: strip, check the shape, cast.

    A row with any cell of another shape keeps its cells as they stand, so
    that they are read, or refused by name, like those of a small file.
    """
    source = _reader(scan, raw, {}, rejects=False)
    if rowwise:
        return _rowwise(engine, source, columns)
    import pandas as pd

    mark = mark or "."
    group = "," if mark == "." else "."
    shape = rf"-?\d{{1,3}}([{group} \x{{a0}}\x{{202f}}'']\d{{3}})*(\{mark}\d*)?|-?\d+(\{mark}\d*)?|-?\d*\{mark}\d+"
    casts, checks = {}, []
    for c in sorted(numeric):
        cell = f"trim(regexp_replace(c{columns[c]}, '[$€£₫]|R\\$', '', 'g'), ' \u00a0\u202f')"
        checks.append(f"({cell} IS NULL OR regexp_full_match({cell}, '{shape}'))")
        digits = f"regexp_replace({cell}, '[^0-9\\{mark}-]', '', 'g')"
        casts[c] = f"CAST(replace({digits}, '{mark}', '.') AS {_DECIMAL})"
    clean = " AND ".join(checks) or "true"
    selects = {c: casts.get(c, f"c{i}") for c, i in columns.items()}
    _cut_times(selects, raw.cells, columns)
    frame = _grouped(engine, f"(SELECT * FROM {source} WHERE {clean})", selects, set(numeric), False)
    stray = _rowwise(engine, f"(SELECT * FROM {source} WHERE NOT ({clean}))", columns)
    return pd.concat([frame, stray]) if len(stray) else frame


def _rowwise(engine: duckdb.DuckDBPyConnection, source: str, columns: dict[str, int]) -> pd.DataFrame:
    frame = _grouped(engine, source, {c: f"c{i}" for c, i in columns.items()}, set(), True)
    return frame.astype(object)
