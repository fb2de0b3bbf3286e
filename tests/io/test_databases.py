"""Tables in databases, read only, named without their passwords."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import duckdb
import pytest

import roas
from roas.__main__ import main
from roas.errors import MissingExtra

ROWS = [("2025-01-01", "Meta", 1.5), ("2025-01-02", "Meta", 2.0), ("2025-01-03", "Görli", None)]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the same table in DuckDB, SQLite and Parquet; the working one."""
    monkeypatch.chdir(tmp_path)
    with duckdb.connect("a.duckdb") as engine:
        engine.execute("CREATE TABLE spend (date DATE, channel VARCHAR, spend DECIMAL(9, 2))")
        engine.executemany("INSERT INTO spend VALUES (?, ?, ?)", ROWS)
        engine.execute('CREATE VIEW "odd; name" AS SELECT * FROM spend')
        engine.execute("COPY spend TO 'a.parquet'")
    connection = sqlite3.connect("a.sqlite")
    connection.execute("CREATE TABLE spend (date TEXT, channel TEXT, spend REAL)")
    connection.executemany("INSERT INTO spend VALUES (?, ?, ?)", ROWS)
    connection.commit()
    connection.close()
    (tmp_path / "text.db").write_text("date,channel,spend\n" * 99)
    return tmp_path


@pytest.mark.parametrize("name", [
    "duckdb:///a.duckdb?table=spend", "duckdb:///a.duckdb?table=odd%3B+name", "sqlite:///a.sqlite?table=spend",
    "a.parquet",
])  # fmt: skip
def test_a_table_is_read(folder, name):
    result = roas.analyze(name)
    assert result.totals["spend"] == 3.5
    assert set(result.tables.spend["channel"]) == {"Meta", "Görli"}
    assert result.inputs[0].findings.notes == ['1 row without "spend": not known, which is not zero']
    assert len(result.inputs[0].sha256) == 64


def test_four_slashes_begin_at_the_root(folder):
    name = f"duckdb:///{folder.as_posix()}/a.duckdb?table=spend"
    result = roas.analyze(name)
    assert (result.totals["spend"], result.inputs[0].file) == (3.5, name)


def test_the_order_of_rows_does_not_change_the_hash(folder):
    before = roas.analyze("duckdb:///a.duckdb?table=spend").inputs[0].sha256
    with duckdb.connect("a.duckdb") as engine:
        engine.execute("CREATE TABLE again AS SELECT * FROM spend ORDER BY date DESC")
        engine.execute("UPDATE spend SET spend = 9 WHERE spend = 2")
    assert roas.analyze("duckdb:///a.duckdb?table=again").inputs[0].sha256 == before
    assert roas.analyze("duckdb:///a.duckdb?table=spend").inputs[0].sha256 != before


@pytest.mark.parametrize(("name", "says"), [
    ("duckdb:///a.duckdb?table=spnd", 'duckdb:///a.duckdb?table=spnd: no table "spnd". Did you mean "spend"?'),
    ("sqlite:///a.sqlite?table=x", 'sqlite:///a.sqlite?table=x: no table "x". It has: spend.'),
    ("duckdb:///a.duckdb", "duckdb:///a.duckdb: no table named. Add it to the address: ...?table=spend"),
    ("sqlite:///b.sqlite?table=x", "sqlite:///b.sqlite?table=x: no such database file (b.sqlite). "
     "Three slashes begin a path from here, four one from the root."),
    ("sqlite:///text.db?table=x", "sqlite:///text.db?table=x: cannot be read as a SQLite database (file is not a "
                                  "database).\n"
     "  Check the file, and that no other program is writing to it."),
    ('duckdb:///a.duckdb?table=spend"; DROP TABLE spend; --',
     'duckdb:///a.duckdb?table=spend%22%3B+DROP+TABLE+spend%3B+--: no table "spend"; DROP TABLE spend; --". '
     "It has: odd; name, spend."),
])  # fmt: skip
def test_a_table_that_cannot_be_read(folder, refusal, name, says):
    assert refusal(name) == says
    assert roas.analyze("duckdb:///a.duckdb?table=spend").totals["spend"] == 3.5


def test_a_database_of_another_kind(folder, refusal):
    assert refusal("duckdb:///text.db?table=x").startswith(
        "duckdb:///text.db?table=x: cannot be read as a DuckDB database ("
    )


@pytest.mark.parametrize("address", [
    "postgresql://bob:hush@127.0.0.1:1/shop?table=spend", "postgresql://bob:hush@127.0.0.1:1/shop",
    "postgresql://bob:hush@host:port/shop?table=spend", "postgres://127.0.0.1:1/shop?table=spend&user=bob&password=hush",
    "postgresql://bob:hush@[::1/shop?table=spend",
])  # fmt: skip
def test_a_password_reaches_no_message(refusal, capsys, address):
    assert main(["analyze", address]) == 2
    said = capsys.readouterr().err
    try:
        said += refusal(address)
    except MissingExtra as error:
        said += str(error)
    assert "hush" not in said
    assert "bob" not in said


@pytest.mark.postgres
def test_a_table_on_a_server(postgres):
    import sqlalchemy as sa

    engine = sa.create_engine(postgres)
    with engine.begin() as connection:
        connection.execute(sa.text("CREATE SCHEMA media"))
        connection.execute(sa.text("CREATE TABLE media.spend (date date, channel text, spend numeric(9, 2))"))
        for row in ROWS:
            connection.execute(
                sa.text("INSERT INTO media.spend VALUES (:d, :c, :s)"), dict(zip("dcs", row, strict=True))
            )
    engine.dispose()
    for scheme in ("postgresql+psycopg", "postgresql"):
        address = postgres.replace("postgresql+psycopg", scheme)
        result = roas.analyze(f"{address}?table=media.spend")
        assert result.totals["spend"] == 3.5
        assert "postgres@" not in result.inputs[0].file
    with pytest.raises(roas.InputError, match=r'no table "media\.spent"'):
        roas.analyze(f"{postgres}?table=media.spent")
    with pytest.raises(roas.InputError, match="the database does not answer"):
        roas.analyze(f"{postgres}x?table=spend")
