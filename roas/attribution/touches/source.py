"""Where rows of touches come from, as the engine reads them: text, Parquet, a database or a frame."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from roas.io.numbers import is_null

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

    from roas.io.raw import RawTable, Scan

Format = Literal["csv", "parquet", "query", "frame"]
Kind = Literal["text", "whole", "number", "timestamp", "zoned", "date", "boolean"]

_PARQUET = re.compile(r"SELECT \* FROM read_parquet\('(.+)'\)", re.DOTALL)
_FROM = "SELECT * FROM "

#: Name under which a frame or a database is known to the engine.
_GIVEN = "given_touches"

_KINDS: dict[str, Kind] = {
    **dict.fromkeys(("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER"), "whole"),
    **dict.fromkeys(("HUGEINT", "UHUGEINT", "UBIGINT", "FLOAT", "DOUBLE", "REAL", "DECIMAL"), "number"),
    **dict.fromkeys(("TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS"), "timestamp"),
    "TIMESTAMP WITH TIME ZONE": "zoned", "DATE": "date", "BOOLEAN": "boolean",
}  # fmt: skip


@dataclass(frozen=True)
class TouchSource:
    """What the engine reads, a column ``c0``, ``c1`` … per column of the file.

    Attributes
    ----------
    format : {"csv", "parquet", "query", "frame"}
    relation : str
        What stands after FROM in DuckDB, once `register` was called.
    kinds : dict of str to str
        Kind of each column: ``text``, ``whole``, ``number``, ``timestamp``,
        ``zoned``, ``date`` or ``boolean``; of text files all are ``text``.
    headers : tuple of str
        As the file spells them; ``c{i}`` is the i-th.
    scan : Scan or None
        Path, delimiter and header line of big text (always UTF-8), for engines other than DuckDB.
    path : Path or None
        The file behind ``csv`` and ``parquet``.
    frame : DataFrame or None
        The cells, each column of one type, with their line as ``line``.
    padded : bool
        Whether rows with fewer cells than the header are filled up.
    """

    format: Format
    relation: str
    kinds: dict[str, Kind]
    headers: tuple[str, ...]
    scan: Scan | None = None
    path: Path | None = None
    frame: pd.DataFrame | None = None
    padded: bool = False
    holder: Any = field(default=None, repr=False)

    def register(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Make the relation known to a connection, where it is not a file."""
        if self.frame is not None:
            connection.register(_GIVEN, self.frame)
        elif self.scan is not None and self.scan.database:
            path = self.scan.database.replace("'", "''")
            connection.execute(f"ATTACH IF NOT EXISTS '{path}' AS {_GIVEN} (READ_ONLY)")

    @contextmanager
    def connect(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Open a connection of our own on the relation, with times in UTC."""
        import duckdb

        with duckdb.connect() as connection:
            connection.execute(
                "SET TimeZone='UTC'; SET preserve_insertion_order=false; SET enable_progress_bar=false; "
                "SET autoinstall_known_extensions=false"
            )
            self.register(connection)
            yield connection


def touch_source(
    raw: RawTable, used: Sequence[int], *, padded: bool = False, leave_out: Sequence[int] = ()
) -> TouchSource:
    """Say how the engine reads a raw table.

    Parameters
    ----------
    used : sequence of int
        Positions of the columns that are read.
    padded : bool
        Fill up rows of big text files that have fewer cells than the header.
    leave_out : sequence of int
        Lines of a small file to leave out.
    """
    headers = tuple(h.strip() for h in raw.header)
    scan = raw.scan
    if scan is None:
        return _of_frame(raw, used, headers, frozenset(leave_out))
    if scan.query is not None:
        return _of_query(scan, headers)
    kinds: dict[str, Kind] = {f"c{i}": "text" for i in range(len(headers))}
    source = TouchSource("csv", "", kinds, headers, scan, scan.path, padded=padded, holder=scan.holder)
    return replace(source, relation=csv_relation(source, "ignore_errors=true"))


def csv_relation(source: TouchSource, errors: str) -> str:
    """Write the reader of a big text file; `errors` says what becomes of rows that do not fit."""
    scan = source.scan
    if scan is None or scan.path is None:
        raise ValueError(source)
    width = len(source.headers) + source.padded  # one more, to see rows too wide
    columns = ", ".join(f"'c{i}': 'VARCHAR'" for i in range(width))
    path, delimiter = str(scan.path).replace("'", "''"), scan.delimiter.replace("\t", "\\t")
    extra = "null_padding=true, strict_mode=false, parallel=false" if source.padded else errors
    if scan.packed:
        extra += ", compression='gzip'"
    return (
        f"read_csv('{path}', auto_detect=false, header=false, skip={scan.skip}, delim='{delimiter}', quote='\"', "
        f"escape='\"', columns={{{columns}}}, nullstr='', {extra})"
    )


def _of_query(scan: Scan, headers: tuple[str, ...]) -> TouchSource:
    import duckdb

    query = str(scan.query)
    parquet = _PARQUET.fullmatch(query)
    with duckdb.connect(scan.database or ":memory:", read_only=bool(scan.database)) as connection:
        described = connection.execute(f"DESCRIBE {query}").fetchall()
    names = ", ".join('"' + str(row[0]).replace('"', '""') + f'" AS c{i}' for i, row in enumerate(described))
    origin = f"{_GIVEN}.{query.removeprefix(_FROM)}" if scan.database else query.removeprefix(_FROM)
    kinds: dict[str, Kind] = {f"c{i}": _KINDS.get(str(row[1]).split("(")[0], "text") for i, row in enumerate(described)}
    return TouchSource(
        "parquet" if parquet else "query", f"(SELECT {names} FROM {origin})", kinds, headers, scan,
        Path(parquet[1].replace("''", "'")) if parquet else None, holder=scan.holder,
    )  # fmt: skip


def _of_frame(raw: RawTable, used: Sequence[int], headers: tuple[str, ...], gone: frozenset[int]) -> TouchSource:
    import pandas as pd

    cells = raw.cells[~raw.cells.index.isin(list(gone))] if gone else raw.cells
    columns, kinds = {}, {}
    for i in sorted(set(used)):
        columns[f"c{i}"], kinds[f"c{i}"] = one_type(cells[i])
    frame = pd.DataFrame(columns, index=cells.index)
    frame["line"] = cells.index.astype("int64")
    return TouchSource("frame", _GIVEN, kinds, headers, frame=frame.reset_index(drop=True))


def one_type(cells: pd.Series) -> tuple[pd.Series, Kind]:
    """Give a column of cells one type; text where they differ.

    Numbers of a spreadsheet are all floats: whole ones become integers.
    """
    import pandas as pd
    from pandas.api.types import infer_dtype

    cells = cells.where(cells.map(lambda v: not (isinstance(v, str) and not v.strip())), None)
    found = infer_dtype(cells, skipna=True)
    try:
        if found in ("integer", "floating", "mixed-integer-float", "decimal"):
            return _number(cells)
        if found == "boolean":
            return cells.astype("boolean"), "boolean"
        if found in ("datetime", "datetime64"):
            times = pd.to_datetime(cells, utc=True).dt.tz_localize(None)
            return times.astype("datetime64[us]"), "timestamp"
    except (ValueError, TypeError, OverflowError):
        pass
    texts = cells.map(_text)
    try:
        return texts.astype("str"), "text"
    except UnicodeEncodeError:  # half a character, as broken JSON has it
        return texts.map(lambda v: v.encode("utf-8", "replace").decode() if isinstance(v, str) else v).astype(
            "str"
        ), "text"


def _number(cells: pd.Series) -> tuple[pd.Series, Kind]:
    import pandas as pd

    if pd.api.types.infer_dtype(cells, skipna=True) == "integer":
        return cells.astype("Int64"), "whole"
    floats = cells.astype("float64")
    known = floats.dropna()
    if len(known) and (known.abs() < 2**53).all() and (known == known.round()).all():
        return floats.astype("Int64"), "whole"
    return floats, "number"


def _text(value: Any) -> Any:
    if not isinstance(value, str) and is_null(value):
        return None
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
