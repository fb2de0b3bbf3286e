"""What attribution asks of an engine, of the one in this process; and of Spark what needs no Spark."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roas.errors import InputError, OutputError, UsageError
from roas.io.engine import DuckDb

rows = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 50), st.booleans(), st.sampled_from([0.0, 1.5, 2.5])),
    min_size=1,
    max_size=30,
)


def read(engine: DuckDb, sql: str, bit: int = 0) -> list[tuple[int, int, float | None]]:
    found: list[tuple[int, int, float | None]] = []
    for blocks in engine.fold(sql, bit, list):
        for block in blocks:
            values = iter(block["value"].tolist())
            for person, key in zip(block["person"].tolist(), block["key"].tolist(), strict=True):
                found.append((person, key, next(values) if key >> bit & 1 else None))
            assert next(values, None) is None
    return found


@settings(max_examples=25)
@given(rows=rows)
def test_a_stream_is_sorted_and_values_stand_by_their_rows(rows):
    engine = DuckDb()
    engine.add("given", {
        "person": [r[0] for r in rows], "key": [2 * r[1] + r[2] for r in rows], "sold": [r[2] for r in rows],
        "value": [r[3] for r in rows],
    })  # fmt: skip
    try:
        found = read(engine, "SELECT * FROM given")
    finally:
        engine.close()
    assert found == sorted(
        ((p, 2 * t + sold, value if sold else None) for p, t, sold, value in rows),
        key=lambda r: (r[0], r[1], r[2] or 0),
    )


def test_equal_ids_keep_one_hash_and_others_get_another():
    engine = DuckDb()
    [row] = engine.rows("SELECT salted('a', 1), salted('a', 1), salted('b', 1), salted('a', 2)")
    engine.close()
    assert row[0] == row[1]
    assert len({*row}) == 3
    assert all(isinstance(each, int) and 0 <= each < 2**63 for each in row)


def test_rows_are_kept_and_the_folder_goes_with_the_engine():
    engine = DuckDb()
    relation = engine.keep("few", "SELECT 42 AS answer")
    folder = Path(relation.split("'")[1]).parent
    assert engine.rows(f"SELECT answer FROM {relation}") == [(42,)]
    engine.close()
    assert not folder.exists()


@pytest.mark.parametrize(
    ("error", "raised", "words"),
    [
        ("OutOfMemoryException", OutputError, "room to sort"),
        ("IOException", OutputError, "disk full"),
        ("ConversionException", InputError, "cannot be read"),
    ],
)
def test_what_the_engine_cannot_do_is_said_in_our_words(monkeypatch, error, raised, words):
    import duckdb

    class Broken:
        def execute(self, sql: str) -> None:
            raise getattr(duckdb, error)("No space left on device")

    engine = DuckDb()
    real = engine.connection
    monkeypatch.setattr(engine, "connection", Broken())
    with pytest.raises(raised, match=words):
        engine.rows("SELECT 1")
    monkeypatch.setattr(engine, "connection", real)
    engine.close()


def test_spark_without_its_packages_names_the_extra(monkeypatch):
    from roas.io.spark import Spark

    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    with pytest.raises(UsageError, match=r"roas\[spark\]"):
        Spark()


@pytest.mark.slow
@pytest.mark.spark
def test_hashes_are_written_in_sparks_words():
    from roas.io.spark import transpiled

    said = transpiled("SELECT salted(person, 5) AS p, (moment << 3) | 1 AS k FROM touches")
    assert "XXHASH64(person, 5)" in said
    assert "SALTED" not in said.upper()


@pytest.mark.slow
@pytest.mark.spark
def test_spark_folds_as_duckdb_does():
    from roas.io.spark import Spark

    rng = np.random.default_rng(1)
    columns = {
        "person": rng.integers(0, 20, 500).tolist(), "key": rng.integers(0, 1000, 500).tolist(),
        "value": rng.integers(0, 9, 500).astype(float).tolist(),
    }  # fmt: skip
    columns["sold"] = [key & 1 == 1 for key in columns["key"]]
    duck, spark = DuckDb(), Spark("local[2]")
    for engine in (duck, spark):
        engine.add("given", columns)
    parts = spark.fold("SELECT * FROM given", 0, lambda blocks: [{**block} for block in blocks])
    people = [set(block["person"].tolist()) for part in parts for block in part]
    assert sum(map(len, people)) == len(set().union(*people))  # no person is in two streams
    merged = sorted(
        (person, key)
        for part in parts
        for block in part
        for person, key in zip(block["person"].tolist(), block["key"].tolist(), strict=True)
    )
    assert merged == [(person, key) for person, key, _ in read(duck, "SELECT * FROM given")]
    duck.close()
