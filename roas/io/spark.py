"""Apache Spark as an engine: the same SQL, transpiled; streams are folded where their rows are."""

from __future__ import annotations

import os
import pickle
import re
import shutil
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from roas.errors import InputError, UsageError

if TYPE_CHECKING:
    import pyarrow as pa

    from roas.io.engine import Arrays, Touches

T = TypeVar("T")

#: Functions of DuckDB that Spark has under another name, or not at all.
FUNCTIONS = (
    "CREATE OR REPLACE TEMPORARY FUNCTION epoch_us(t TIMESTAMP) RETURNS BIGINT RETURN unix_micros(t)",
    "CREATE OR REPLACE TEMPORARY FUNCTION try_strptime(t STRING, f STRING) RETURNS TIMESTAMP RETURN "
    "try_to_timestamp(t, "
    + "replace(" * 12
    + "f"
    + "".join(
        f", '%{ours}', '{theirs}')"
        for ours, theirs in zip(
            "YymdHIMSpbBz", ("yyyy", "yy", "M", "d", "H", "h", "m", "s", "a", "MMM", "MMMM", "Z"), strict=True
        )
    )
    + ")",
)

_JAVA = re.compile(r"JAVA|java", re.ASCII)


class Spark:
    """An engine (see `roas.io.engine.Engine`) on a Spark session."""

    name = "spark"

    def __init__(self, master: str | None = None) -> None:
        self.session = _session(master)
        self.tables = 0
        for statement in FUNCTIONS:
            self.session.sql(statement)

    def add(self, table: str, columns: Mapping[str, Sequence[Any]]) -> None:
        """Make a small table known under a name."""
        import pyarrow as pa

        self.session.createDataFrame(pa.table(dict(columns))).createOrReplaceTempView(table)

    def open(self, name: str, source: Touches) -> str:
        """Parquet and plain text are read by the executors; what else there is goes through this process."""
        if source.format == "parquet" and source.path is not None:
            found = self.session.read.parquet(str(source.path))
        elif source.format == "csv" and source.scan is not None and source.scan.skip == 1:
            found = self._text(source)
        else:
            found = self.session.createDataFrame(_arrow(source))
        if source.frame is None:
            found = found.toDF(*(f"c{i}" for i in range(len(found.columns))))
        found.createOrReplaceTempView(name)
        return name

    def _text(self, source: Touches) -> Any:
        names = ", ".join(f"c{i} STRING" for i in range(len(source.headers)))
        return self.session.read.csv(
            str(source.path), schema=names, sep=source.scan.delimiter if source.scan else ",", quote='"', escape='"',
            header=True, enforceSchema=True, multiLine=True, mode="PERMISSIVE",
        )  # fmt: skip

    def keep(self, name: str, sql: str) -> str:
        """Name the rows; Spark reads them where they lie."""
        with _told():
            self.session.sql(transpiled(sql)).createOrReplaceTempView(name)
        return name

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Return the rows of a small result."""
        with _told():
            return [tuple(row) for row in self.session.sql(transpiled(sql)).collect()]

    def fold(
        self, sql: str, bit: int, fold: Callable[[Iterable[Arrays]], T], order: Sequence[str] = ("person", "key")
    ) -> list[T]:
        """Fold one stream per partition, on the executors; only what comes out travels."""

        def work(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
            import pyarrow

            result = pickle.dumps(fold(_blocks(batches, bit, order)), protocol=5)
            yield pyarrow.record_batch({"result": pyarrow.array([result], pyarrow.large_binary())})

        with _told():
            touches = self.session.sql(transpiled(f"SELECT {', '.join(order)}, value FROM ({sql})"))
            ordered = touches.repartition("person").sortWithinPartitions(*order, "value")
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", FutureWarning)  # about pandas, which nothing here goes through
                rows = ordered.mapInArrow(work, "result binary").collect()
        return [pickle.loads(bytes(row["result"])) for row in rows]

    def close(self) -> None:
        """Leave the session to the next one: starting another costs seconds."""


def _arrow(source: Touches) -> pa.Table:
    """Fetch rows through DuckDB, as a table that Spark takes over."""
    import duckdb

    with duckdb.connect() as connection:
        source.register(connection)
        return connection.sql(f"SELECT * FROM {source.relation}").to_arrow_table()


def _blocks(batches: Iterator[pa.RecordBatch], bit: int, order: Sequence[str]) -> Iterator[Arrays]:
    for batch in batches:
        block = {str(name): batch.column(name).to_numpy(zero_copy_only=False) for name in (*order, "value")}
        yield {**block, "value": block["value"][((block["key"] >> bit) & 1) == 1]}


def transpiled(sql: str) -> str:
    """Write a query in Spark's words."""
    import sqlglot

    [found] = sqlglot.transpile(sql, read="duckdb", write="spark")
    return re.sub(r"\bSALTED\(", "XXHASH64(", found, flags=re.IGNORECASE)


def _session(master: str | None) -> Any:
    """Start Spark, or join the session that runs."""
    try:
        import pyarrow  # noqa: F401 - arrays travel in its format
        import sqlglot  # noqa: F401
        from pyspark.sql import SparkSession
    except ImportError:
        raise UsageError('--engine spark needs more packages: pip install "roas[spark]".') from None
    here = master is None or master.startswith("local")
    if here and not (os.environ.get("JAVA_HOME") or shutil.which("java")):
        raise UsageError("--engine spark needs Java 17 or later on this machine. Install it, or use --engine duckdb.")
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = (
        SparkSession.builder.appName("roas")
        .master(master or "local[*]")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.sql.execution.arrow.pyspark.enabled", "true")
        .config("spark.ui.enabled", "false")
        .config("spark.ui.showConsoleProgress", "false")
        .config("spark.log.level", "ERROR")
    )
    if here:  # no name of this machine is looked up, and no port is open to others
        builder = builder.config("spark.driver.bindAddress", "127.0.0.1").config("spark.driver.host", "127.0.0.1")
        builder = builder.config("spark.sql.shuffle.partitions", str(2 * (os.cpu_count() or 1)))
    with _quiet(), _told(master):
        found = builder.getOrCreate()
    if not here or (master or "").startswith(
        "local-cluster"
    ):  # executors elsewhere have numpy, scipy and pyarrow; roas itself is sent along
        found.sparkContext.addPyFile(_ourselves())
    return found


def _ourselves() -> str:
    """Pack this package's own source for executors on other machines."""
    home = Path(__file__).parents[1]
    folder = tempfile.mkdtemp(prefix="roas-")
    return shutil.make_archive(str(Path(folder, "roas")), "zip", home.parent, home.name)


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep what the Java process prints while it starts from standard error."""
    sys.stderr.flush()
    kept = os.dup(2)
    try:
        with Path(os.devnull).open("w") as nothing:
            os.dup2(nothing.fileno(), 2)
            yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


@contextmanager
def _told(master: str | None = None) -> Iterator[None]:
    """Say what Spark cannot do in our words."""
    from pyspark.errors import PySparkException, PySparkRuntimeError

    try:
        yield
    except PySparkRuntimeError as error:
        raise UsageError(f"Spark does not start: {_first(error)}\n  Is Java 17 or later installed?") from None
    except PySparkException as error:
        raise InputError(f"journeys: Spark cannot read them ({_first(error)}).") from None
    except OSError as error:
        raise UsageError(f"Spark does not start on {master or 'this machine'}: {error}") from None


def _first(error: Exception) -> str:
    return str(error).strip().splitlines()[0][:300]
