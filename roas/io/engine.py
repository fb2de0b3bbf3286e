"""Where SQL on events runs: DuckDB in this process, or Spark. One SQL text, written for DuckDB, serves both."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeVar

from roas.errors import InputError, OutputError

if TYPE_CHECKING:
    import duckdb
    import numpy as np
    import pandas as pd

    from roas.io.raw import Scan

    Arrays = Mapping[str, np.ndarray[Any, Any]]

T = TypeVar("T")

#: Vectors of 2,048 rows that are fetched at a time: half a million rows, some 10 MB.
_VECTORS: Final = 512


class Touches(Protocol):
    """Rows that an engine can open; see `roas.attribution.touches.source.TouchSource`."""

    @property
    def format(self) -> str:
        """``csv``, ``parquet``, ``query`` or ``frame``."""

    @property
    def relation(self) -> str:
        """What stands after FROM in DuckDB, once registered."""

    @property
    def frame(self) -> pd.DataFrame | None:
        """The cells, of a frame."""

    @property
    def path(self) -> Path | None:
        """The file, of ``csv`` and ``parquet``."""

    @property
    def scan(self) -> Scan | None:
        """How text is delimited."""

    @property
    def headers(self) -> tuple[str, ...]:
        """As the file spells them."""

    def register(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Make the relation known to a connection."""


class Engine(Protocol):
    """What attribution asks of an engine.

    Besides standard SQL a query may call ``salted(text, salt)``: a hash of 63
    or 64 bits in which equal inputs stay equal, and nothing else is kept.
    """

    name: str

    def add(self, table: str, columns: Mapping[str, Sequence[Any]]) -> None:
        """Make a small table known under a name."""

    def open(self, name: str, source: Touches) -> str:
        """Make rows known, their columns ``c0``, ``c1`` …, and return what stands after FROM."""

    def keep(self, name: str, sql: str) -> str:
        """Keep the rows of a query until the engine closes, and return what stands after FROM."""

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Return the rows of a small result."""

    def fold(
        self, sql: str, bit: int, fold: Callable[[Iterable[Arrays]], T], order: Sequence[str] = ("person", "key")
    ) -> list[T]:
        """Sort the rows of a query by its integer columns, and fold the stream.

        Parameters
        ----------
        sql : str
            Gives ``person`` and ``key`` (BIGINT), ``sold`` (BOOLEAN) and ``value`` (DOUBLE).
        bit : int
            The bit of the key that is set where `sold` is.
        fold : function
            Takes blocks {person, key, …, value}; `value` has those rows alone,
            in the order of `order` and value. A person is in one stream.
        order : sequence of str
            Integer columns that are sorted by and handed over.

        Returns
        -------
        list
            One result per stream.
        """

    def close(self) -> None:
        """Give everything back."""


class DuckDb:
    """The default: in this process, spilling to a temporary folder what memory cannot hold."""

    name = "duckdb"

    def __init__(self) -> None:
        import duckdb

        self._folder = tempfile.TemporaryDirectory(prefix="roas-")
        self.connection = duckdb.connect()
        spill = self._folder.name.replace("'", "''")
        self.connection.execute(
            f"SET temp_directory='{spill}'; SET preserve_insertion_order=false; SET enable_progress_bar=false; "
            "SET TimeZone='UTC'; SET autoinstall_known_extensions=false; "
            "CREATE MACRO salted(x, salt) AS CAST(hash(x, salt) >> 1 AS BIGINT)"
        )

    def add(self, table: str, columns: Mapping[str, Sequence[Any]]) -> None:
        """Make a small table known under a name."""
        import pandas as pd

        self._table(table, pd.DataFrame(dict(columns)))

    def _table(self, name: str, frame: pd.DataFrame) -> None:
        """Copy a frame: other cursors of the connection do not see one that is only registered."""
        self.connection.register("_given", frame)
        self.connection.execute(f"CREATE OR REPLACE TABLE {name} AS SELECT * FROM _given")
        self.connection.unregister("_given")

    def open(self, name: str, source: Touches) -> str:
        """Files are read where they are; a frame becomes a table."""
        if source.frame is not None:
            self._table(name, source.frame)
            return name
        source.register(self.connection)
        return source.relation

    def keep(self, name: str, sql: str) -> str:
        """Write the rows to the temporary folder, packed."""
        path = str(Path(self._folder.name, f"{name}.parquet")).replace("'", "''")
        with _told():
            self.connection.execute(f"COPY ({sql}) TO '{path}' (FORMAT parquet)")
        return f"read_parquet('{path}')"

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Return the rows of a small result."""
        with _told():
            return self.connection.execute(sql).fetchall()

    def fold(
        self, sql: str, bit: int, fold: Callable[[Iterable[Arrays]], T], order: Sequence[str] = ("person", "key")
    ) -> list[T]:
        """Fold one stream: sorted integers, and beside them the values of the few rows that have one."""
        with _told():
            return [fold(self._blocks(sql, bit, ", ".join(order)))]

    def _blocks(self, sql: str, bit: int, order: str) -> Iterator[Arrays]:
        # A column of values would make the sort half as dear again, and few rows have one.
        valued = self._stream(f"SELECT value FROM ({sql}) WHERE sold ORDER BY {order}, value")
        values = _Ahead(block["value"] for block in valued)
        for block in self._stream(f"SELECT {order} FROM ({sql}) ORDER BY {order}"):
            yield {**block, "value": values.take(int(((block["key"] >> bit) & 1).sum()))}

    def _stream(self, sql: str) -> Iterator[Arrays]:
        cursor = self.connection.cursor()
        cursor.execute(sql)
        while len(chunk := cursor.fetch_df_chunk(_VECTORS)):
            yield {str(name): chunk[name].to_numpy() for name in chunk.columns}

    def close(self) -> None:
        """Close the connection and remove what was spilled."""
        self.connection.close()
        self._folder.cleanup()


class _Ahead:
    """Numbers of a stream, handed out in the amounts that another stream asks for."""

    def __init__(self, blocks: Iterator[np.ndarray[Any, Any]]) -> None:
        import numpy as np

        self._blocks, self._left = blocks, np.zeros(0)

    def take(self, count: int) -> np.ndarray[Any, Any]:
        """Return the next `count` numbers."""
        import numpy as np

        held = [self._left]
        while sum(map(len, held)) < count:
            held.append(next(self._blocks))
        whole = np.concatenate(held)
        self._left = whole[count:]
        return whole[:count]


@contextmanager
def _told() -> Iterator[None]:
    """Say what the engine cannot do in our words."""
    import duckdb

    try:
        yield
    except duckdb.OutOfMemoryException:
        raise OutputError(
            "journeys: neither memory nor the temporary folder has room to sort the touches.\n"
            "  Free some disk, point TMPDIR at a larger one, or use --engine spark."
        ) from None
    except duckdb.IOException as error:
        raise OutputError(f"journeys: {str(error).splitlines()[0]}.\n  Is the disk full?") from None
    except duckdb.Error as error:
        raise InputError(
            f"journeys: the table cannot be read ({str(error).splitlines()[0]}). Export it again."
        ) from None
