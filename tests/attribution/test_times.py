"""Times of touches: every way of writing one, read to the microsecond or refused by name."""

from __future__ import annotations

import datetime as dt
import warnings
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roas.attribution.touches.query import touch_query
from roas.attribution.touches.time_sql import SPARK_FUNCTIONS
from roas.attribution.touches.times import bounds_us, check_pattern
from roas.errors import InputError, UsageError
from roas.io import databases
from roas.io.platforms import vocabulary
from roas.io.readers import read_source
from roas.io.reading import ReadOptions
from roas.io.sources import sources_of
from tests.attribution.touching import TODAY, csv_of, query_of, rows_of, times_of, told

STYLES = [
    ("2024-03-31T20:40:41Z", "2024-03-31T20:40:41"),
    ("2024-03-31 20:40:41", "2024-03-31T20:40:41"),
    ("2024-03-31 20:40:41.123", "2024-03-31T20:40:41.123000"),
    ("2024-03-31T20:40:41,123", "2024-03-31T20:40:41.123000"),
    ("2024-03-31 20:40:41+02:00", "2024-03-31T18:40:41"),
    ("2024-03-31 20:40:41+02", "2024-03-31T18:40:41"),
    ("2024-03-31 20:40+02", "2024-03-31T18:40:00"),
    ("2024-03-31 20:40:41 +0200", "2024-03-31T18:40:41"),
    ("2024-03-31T20:40:41.5-0530", "2024-04-01T02:10:41.500000"),
    ("2024-03-31 20:40:41 UTC", "2024-03-31T20:40:41"),
    ("2024-03-31 8:40 PM", "2024-03-31T20:40:00"),
    ("2024/03/31 20:40", "2024-03-31T20:40:00"),
    ("2024.03.31 20:40:41", "2024-03-31T20:40:41"),
    ("31/03/2024 20:40:41", "2024-03-31T20:40:41"),
    ("31/3/24 20:40", "2024-03-31T20:40:00"),
    ("31.03.2024 20:40:41.5", "2024-03-31T20:40:41.500000"),
    ("31.03.2024, 20:40", "2024-03-31T20:40:00"),
    ("31-03-2024 20:40:41", "2024-03-31T20:40:41"),
    ("3/31/2024 8:40 PM", "2024-03-31T20:40:00"),
    ("3/31/2024, 12:40:41 AM", "2024-03-31T00:40:41"),
    ("3/31/2024 12:40:41 p.m.", "2024-03-31T12:40:41"),
    ("31 Mar 2024 20:40:41", "2024-03-31T20:40:41"),
    ("March 31, 2024 8:40 PM", "2024-03-31T20:40:00"),
    ("Mar 31, 2024, 8:40:41 PM", "2024-03-31T20:40:41"),
    ("1711917641", "2024-03-31T20:40:41"),
    ("1711917641.25", "2024-03-31T20:40:41.250000"),
    ("1711917641123", "2024-03-31T20:40:41.123000"),
    ("1711917641123456", "2024-03-31T20:40:41.123456"),
    ("20240331204041", "2024-03-31T20:40:41"),
    ("202403312040", "2024-03-31T20:40:00"),
    ("45382.5", "2024-03-31T12:00:00"),
]


@pytest.mark.parametrize(("cell", "iso"), STYLES)
def test_every_style_is_read_to_the_microsecond(tmp_path: Path, cell: str, iso: str) -> None:
    query = query_of(csv_of(tmp_path, [cell, cell], delimiter=";"))
    assert times_of(query) == [iso, iso]
    assert query.fine


@pytest.mark.parametrize(("cell", "iso"), [STYLES[0], STYLES[13], STYLES[-4]])
def test_the_engine_reads_big_text_alike(tmp_path: Path, cell: str, iso: str) -> None:
    assert times_of(query_of(csv_of(tmp_path, [cell, cell], delimiter=";"), big=True)) == [iso, iso]


@pytest.mark.parametrize(
    "cell", ["2024-03-31", "31/03/2024", "31.3.24", "20240331", "45382", "31 Mar 2024", "2024/03/31"]
)
def test_days_without_times_are_said(tmp_path: Path, cell: str) -> None:
    query = query_of(csv_of(tmp_path, [cell, cell]))
    assert times_of(query) == ["2024-03-31T00:00:00"] * 2
    assert not query.fine
    assert "only days are known: the order of touches inside a day is not" in query.findings.notes


def test_cells_with_and_without_a_zone_meet_in_utc(tmp_path: Path) -> None:
    path = csv_of(tmp_path, ["2024-03-31 20:40:41", "2024-03-31T20:40:41+01:00", "2024-03-31 20:40:41.5", "2024-03-31"])
    assert times_of(query_of(path)) == [
        "2024-03-31T20:40:41", "2024-03-31T19:40:41", "2024-03-31T20:40:41.500000", "2024-03-31T00:00:00",
    ]  # fmt: skip


def test_one_cell_settles_day_and_month_for_the_column(tmp_path: Path) -> None:
    path = csv_of(tmp_path, ["03/04/2024 10:00", "04/13/2024 10:00"])
    assert times_of(query_of(path)) == ["2024-03-04T10:00:00", "2024-04-13T10:00:00"]


def test_a_cell_far_below_the_head_settles_it_too(tmp_path: Path) -> None:
    path = csv_of(tmp_path, ["03/04/2024 10:00"] * 20_000 + ["04/13/2024 10:00"])
    assert set(times_of(query_of(path, big=True))) == {"2024-03-04T10:00:00", "2024-04-13T10:00:00"}


def test_undecided_day_and_month_are_refused_with_their_line(tmp_path: Path) -> None:
    with pytest.raises(InputError) as refusal:
        query_of(csv_of(tmp_path, ["03/03/2024 10:00", "03/04/2024 10:00"])).refuse()
    assert str(refusal.value).split("touches.csv")[1] == (
        ', line 3, column "time": "03/04/2024" could be 3 April or March 4, and no row settles it.\n'
        '  Use --date-format "%d/%m/%Y %H:%M:%S" or "%m/%d/%Y %H:%M:%S", written as the cells are.'
    )


def test_date_format_settles_it(tmp_path: Path) -> None:
    path = csv_of(tmp_path, ["03/04/2024 10:00"])
    assert times_of(query_of(path, date_format="%d/%m/%Y %H:%M")) == ["2024-04-03T10:00:00"]
    assert times_of(query_of(path, date_format="%m/%d/%Y %H:%M")) == ["2024-03-04T10:00:00"]


def test_day_first_and_month_first_in_one_column_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r'"31/03/2024" has the day first and "03/31/2024" the month first'):
        query_of(csv_of(tmp_path, ["31/03/2024 10:00", "03/31/2024 10:00"])).refuse()


def test_unreadable_times_are_counted(tmp_path: Path) -> None:
    path = csv_of(tmp_path, ["2024-03-31 20:40:41", "yesterday", "2024-03-31 10:00 junk", "2024-13-31", "2024-03-30"])
    query = query_of(path)
    assert "3 rows left out: no readable time." in told(query)
    assert [(r.reason, r.count, r.first_line) for r in query.findings.rejected] == [("no readable time", 3, 3)]


def test_a_column_without_any_time_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match='no readable time in "yesterday", "today"'):
        query_of(csv_of(tmp_path, ["yesterday", "today"])).refuse()


def test_numbers_that_are_no_times_are_refused_and_a_unit_accepts_them(tmp_path: Path) -> None:
    path = csv_of(tmp_path, ["17", "2671199"])
    with pytest.raises(InputError, match="numbers from 17 to 2,671,199, which are no times"):
        query_of(path).refuse()
    assert times_of(query_of(path, date_format="seconds"))[0] == "1970-01-01T00:00:17"


def test_times_before_2000_and_in_the_future_are_counted_apart(tmp_path: Path) -> None:
    path = csv_of(tmp_path, ["1970-01-01 00:00:00", "1999-12-31 23:59:59", "2000-01-01 00:00:00", "2026-01-02 23:59:59",
                             "2026-01-03 00:00:00", "2024-01-01 00:00:00"])  # fmt: skip
    query = query_of(path)
    told(query)
    assert {(r.reason, r.count) for r in query.findings.rejected} == {
        ("a time before 2000", 2),
        ("a time in the future", 1),
    }


@pytest.mark.parametrize(
    ("cells", "isos", "fine"),
    [
        ([dt.datetime(2024, 3, 31, 20, 40, 41, 5)], ["2024-03-31T20:40:41.000005"], True),
        ([pd.Timestamp("2024-03-31 20:40", tz="Europe/Berlin")], ["2024-03-31T18:40:00"], True),
        ([dt.date(2024, 3, 31)], ["2024-03-31T00:00:00"], False),
        ([1711917641123456], ["2024-03-31T20:40:41.123456"], True),
        ([45382.5], ["2024-03-31T12:00:00"], True),
        ([45382], ["2024-03-31T00:00:00"], False),
        ([20240331], ["2024-03-31T00:00:00"], False),
        ([dt.datetime(2024, 3, 31, 10), "2024-03-31 11:00"], ["2024-03-31T10:00:00", "2024-03-31T11:00:00"], True),
        ([dt.datetime(2024, 3, 31, 10), None], ["2024-03-31T10:00:00", None], True),
    ],
)
def test_typed_cells_of_a_frame(cells: list[Any], isos: list[str | None], fine: bool) -> None:
    users = [f"u{i}" for i in range(len(cells))]
    frame = pd.DataFrame({"user_id": users, "time": pd.Series(cells, dtype=object), "channel": "A", "conversion": 1})
    query = query_of(frame)
    assert times_of(query) == isos
    assert query.fine == fine


def test_typed_columns_of_a_big_parquet_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import duckdb

    monkeypatch.setattr(databases, "SAMPLE_ROWS", 100)

    kinds = ("TIMESTAMP", "TIMESTAMP_NS", "TIMESTAMP_S", "DATE", "VARCHAR", "TIMESTAMP WITH TIME ZONE", "BIGINT")
    path = tmp_path / "touches.parquet"
    casts = ", ".join(f"CAST(TIMESTAMP '2024-03-31' AS {k}) AS t{i}" for i, k in enumerate(kinds[:-1]))
    with duckdb.connect() as engine:
        engine.execute("SET TimeZone='UTC'")
        engine.execute(
            f"COPY (SELECT range AS user_id, 'A' AS channel, range = 7 AS conversion, {casts}, "
            f"epoch_ms(TIMESTAMP '2024-03-31') AS t6 FROM range(201)) TO '{path}'"
        )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # DuckDB 2.0 hands pandas 3.1 zoned times by an old way
        warnings.simplefilter("ignore", DeprecationWarning)
        warnings.filterwarnings("ignore", "The inplace keyword")
        raw = next(iter(read_source(sources_of(str(path))[0], vocabulary())))
    us = int((dt.datetime(2024, 3, 31) - dt.datetime(1970, 1, 1)).total_seconds()) * 1_000_000
    for i, kind in enumerate(kinds):
        query = touch_query(
            raw, {"user": 0, "channel": 1, "conversion": 2, "time": 3 + i}, options=ReadOptions(today=TODAY)
        )
        assert (query.source.format, query.source.path, query.rows) == ("parquet", path, 201)
        assert query.fine == (kind != "DATE") or kind == "VARCHAR"
        with query.source.connect() as connection:
            found = connection.execute(
                f"SELECT min(time_us), max(time_us), count(*), sum(person) FILTER (converted) FROM ({query.select()})"
            ).fetchone()
        assert found == (us, us, 201, 7), kind


def test_the_finer_of_two_time_columns_is_read() -> None:
    frame = pd.DataFrame({
        "user_pseudo_id": ["a"], "event_date": ["20240331"], "event_timestamp": [1711917641123456],
        "event_name": ["purchase"], "channel": ["A"],
    })  # fmt: skip
    assert times_of(query_of(frame)) == ["2024-03-31T20:40:41.123456"]
    coarse = pd.DataFrame(
        {"user": ["a"], "time": ["2024-03-31"], "date": ["2024-03-31 10:00"], "channel": ["A"], "conversion": [1]}
    )
    assert times_of(query_of(coarse)) == ["2024-03-31T10:00:00"]


def test_a_time_of_day_takes_its_date_from_the_column_beside_it() -> None:
    frame = pd.DataFrame({"user": ["a", "b", "c"], "date": ["31.03.2024", "31.03.2024", "1.4.2024"],
                          "time": ["20:40:41.5", "9:05", "12:05 AM"], "channel": "A", "conversion": 1})  # fmt: skip
    assert times_of(query_of(frame)) == ["2024-03-31T20:40:41.500000", "2024-03-31T09:05:00", "2024-04-01T00:05:00"]
    with pytest.raises(InputError, match="holds times of day without a date"):
        query_of(frame.drop(columns="date")).refuse()


@given(
    st.datetimes(dt.datetime(2000, 1, 1), dt.datetime(2025, 12, 31)),
    st.sampled_from(["%Y-%m-%d %H:%M:%S.%f", "%Y-%m-%dT%H:%M:%S.%fZ", "%d.%m.%Y %H:%M:%S.%f", "%Y/%m/%d %H:%M:%S.%f"]),
)
@settings(max_examples=8, deadline=None)
def test_what_is_written_is_read(moment: dt.datetime, pattern: str) -> None:
    frame = pd.DataFrame({"user": ["a"], "time": [moment.strftime(pattern)], "channel": ["A"], "conversion": [1]})
    us = (moment - dt.datetime(1970, 1, 1)) // dt.timedelta(microseconds=1)
    assert rows_of(query_of(frame), "time_us", kept=False) == [(us,)]


def test_bounds_are_whole_days_to_the_end_of_tomorrow() -> None:
    low, high = bounds_us(TODAY)
    assert dt.timedelta(microseconds=low) == dt.datetime(2000, 1, 1) - dt.datetime(1970, 1, 1)
    assert dt.timedelta(microseconds=high) == dt.datetime(2026, 1, 3) - dt.datetime(1970, 1, 1)


def test_expressions_are_spark_sql_too(tmp_path: Path) -> None:
    sqlglot = pytest.importorskip("sqlglot")
    ours = {name.split("FUNCTION ")[1].split("(")[0] for name in SPARK_FUNCTIONS}
    for cell, _ in STYLES[::6]:
        query = query_of(csv_of(tmp_path, [cell], delimiter=";"))
        sql = sqlglot.transpile(query.select(), read="duckdb", write="spark")[0]
        tree = sqlglot.parse_one(sql, read="spark")
        assert {node.name.lower() for node in tree.find_all(sqlglot.exp.Anonymous)} <= ours


@pytest.mark.parametrize("pattern", ["%q", "%d/%m/%Y %Q", "dd/mm/yyyy", "", "100%%"])
def test_a_pattern_that_is_none_is_the_option_at_fault_and_not_the_file(pattern: str) -> None:
    with pytest.raises(UsageError, match=r'--date-format ".*".*\n  Write it as "%d/%m/%Y %H:%M:%S"'):
        check_pattern(pattern)


@pytest.mark.parametrize(
    "pattern", [None, "seconds", "%d.%m.%Y %H:%M", "%Y-%m-%dT%H:%M:%S.%f%z", "%-d %b %Y %I:%M %p", "it's %Y"]
)
def test_a_pattern_that_is_one_passes(pattern: str | None) -> None:
    check_pattern(pattern)
