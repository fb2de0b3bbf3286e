"""Tables in DuckDB, SQLite, PostgreSQL and Parquet files."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit, urlunsplit

from roas.errors import InputError, MissingExtra
from roas.io.raw import RawTable, Scan
from roas.io.sources import Source, public_name, sha256_of

if TYPE_CHECKING:
    import pandas as pd

_NO_ADDRESS = "not an address of a database: postgresql://user@host/database?table=spend"

#: Rows of a typed table fetched to look at; a larger one is reduced by the engine.
SAMPLE_ROWS = 50_000


def read_url(url: str) -> RawTable:
    """Read the table that a URL names: ``duckdb:///file.db?table=spend``.

    The URL's password never reaches messages or JSON.
    """
    name = public_name(url)
    try:
        parts = urlsplit(url)
    except ValueError:
        raise InputError(f"{name}: {_NO_ADDRESS}") from None
    table = parse_qs(parts.query).get("table", [""])[0]
    if not table:
        raise InputError(f"{name}: no table named. Add it to the address: ...?table=spend")
    if parts.scheme == "duckdb":
        return _duckdb(_file(parts.path, name), table, name)
    if parts.scheme == "sqlite":
        return _sqlite(_file(parts.path, name), table, name)
    return _sqlalchemy(url, table, name)


def _file(path: str, name: str) -> Path:
    """Resolve ``///relative`` and ``////absolute`` as SQLAlchemy does."""
    file = Path(path[1:] if path.startswith("/") else path)
    if not file.exists():
        raise InputError(
            f"{name}: no such database file ({file.as_posix()}). Three slashes begin a path from here, four one from "
            "the root."
        )
    return file


def quoted(table: str) -> str:
    """Quote ``schema.table`` so that a name can never be more than a name."""
    return ".".join('"' + part.replace('"', '""') + '"' for part in table.split("."))


def _duckdb(path: Path, table: str, name: str) -> RawTable:
    import duckdb

    try:
        with duckdb.connect(str(path), read_only=True) as engine:
            known = [r[0] for r in engine.execute("SELECT table_name FROM information_schema.tables").fetchall()]
            if table.split(".")[-1] not in known:
                raise InputError(_no_table(name, table, known))
            return _relation(engine, f"SELECT * FROM {quoted(table)}", name, str(path))
    except duckdb.Error as error:
        raise InputError(
            f"{name}: cannot be read as a DuckDB database ({str(error).splitlines()[0]}).\n"
            "  Check the file, and that no other program is writing to it."
        ) from None


def read_parquet(source: Source) -> RawTable:
    """Read a Parquet file; a big one stays with the engine."""
    import tempfile

    import duckdb

    path, holder = source.path, None
    if path is None:
        holder = tempfile.TemporaryDirectory(prefix="roas-")
        path = Path(holder.name, "data.parquet")
        path.write_bytes(source.data or b"")
    literal = str(path).replace("'", "''")
    try:
        with duckdb.connect() as engine:
            raw = _relation(
                engine, f"SELECT * FROM read_parquet('{literal}')", source.name, None, digest=sha256_of(source)
            )
    except duckdb.Error as error:
        raise InputError(
            f"{source.name}: the Parquet file is cut off or damaged ({str(error).splitlines()[0]}).\n"
            "  Download it again."
        ) from None
    if raw.scan is not None:
        raw.scan = Scan(query=raw.scan.query, database=raw.scan.database, holder=holder)
    return raw


def _relation(engine: Any, query: str, name: str, database: str | None, *, digest: str = "") -> RawTable:
    """Read a typed table; without a `digest` its hash is over its rows, in any order."""
    rows = int(engine.execute(f"SELECT count(*) FROM ({query})").fetchone()[0])
    frame = engine.execute(f"{query} LIMIT {SAMPLE_ROWS}").df()
    raw = _typed_table(frame, name, digest=digest)
    if rows > SAMPLE_ROWS:
        raw.scan = Scan(query=query, database=database)
    if rows > SAMPLE_ROWS and not digest:
        total = engine.execute(f"SELECT count(*), sum(hash(t)::HUGEINT) FROM ({query}) t").fetchone()
        raw.sha256 = hashlib.sha256(repr((raw.header, total)).encode()).hexdigest()
    return raw


def all_cells(scan: Scan) -> pd.DataFrame:
    """Return every row of a scanned query, as cells."""
    import duckdb

    from roas.io.readers import read_frame

    with duckdb.connect(scan.database or ":memory:", read_only=bool(scan.database)) as engine:
        return read_frame(engine.execute(str(scan.query)).df(), "").cells


def _typed_table(frame: pd.DataFrame, name: str, *, digest: str = "") -> RawTable:
    """Turn a frame with types into a raw table; its hash is over its sorted rows where no digest is given."""
    from roas.io.readers import read_frame

    raw = read_frame(frame.reset_index(drop=True), name, digest=digest)
    raw.kind = "table"
    if digest:
        return raw
    lines = sorted(frame.to_csv(index=False, header=False).splitlines())
    raw.sha256 = hashlib.sha256("\n".join([*raw.header, *lines]).encode()).hexdigest()
    return raw


def _no_table(name: str, table: str, known: list[str]) -> str:
    import difflib

    known = sorted(known)
    near = difflib.get_close_matches(table, known, n=1)
    hint = f' Did you mean "{near[0]}"?' if near else f" It has: {', '.join(known[:8]) or 'no tables'}."
    return f'{name}: no table "{table}".{hint}'


def _sqlite(path: Path, table: str, name: str) -> RawTable:
    import sqlite3

    import pandas as pd

    try:
        connection = sqlite3.connect(f"file:{path.as_posix()}?mode=ro", uri=True)
        try:
            rows = connection.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')").fetchall()
            known = [r[0] for r in rows]
            if table not in known:
                raise InputError(_no_table(name, table, known))
            return _typed_table(pd.read_sql_query(f"SELECT * FROM {quoted(table)}", connection), name)
        finally:
            connection.close()
    except sqlite3.Error as error:
        raise InputError(
            f"{name}: cannot be read as a SQLite database ({error}).\n"
            "  Check the file, and that no other program is writing to it."
        ) from None


def _sqlalchemy(url: str, table: str, name: str) -> RawTable:
    try:
        import sqlalchemy as sa
    except ImportError:
        raise MissingExtra(f'{name}: reading PostgreSQL needs two packages more: pip install "roas[sql]"') from None
    import pandas as pd

    parts = urlsplit(url)
    plain = urlunsplit(("postgresql+psycopg", parts.netloc, parts.path, "", ""))
    schema, _, bare = table.rpartition(".")
    try:
        engine = sa.create_engine(plain)
    except ImportError:
        raise MissingExtra(f'{name}: reading PostgreSQL needs two packages more: pip install "roas[sql]"') from None
    except (sa.exc.ArgumentError, ValueError):
        raise InputError(f"{name}: {_NO_ADDRESS}") from None
    try:
        with engine.connect() as connection:
            inspector = sa.inspect(connection)
            known = [*inspector.get_table_names(schema or None), *inspector.get_view_names(schema or None)]
            if bare not in known:
                raise InputError(_no_table(name, table, known))
            query = sa.text(f"SELECT * FROM {quoted(table)}".replace(":", r"\:"))  # no parameter in a name
            return _typed_table(pd.read_sql_query(query, connection), name)
    except sa.exc.SQLAlchemyError as error:
        reason = str(getattr(error, "orig", error)).strip().splitlines()[0]
        raise InputError(
            f"{name}: the database does not answer ({reason}).\n  Check the address, the user and the server."
        ) from None
    finally:
        engine.dispose()
