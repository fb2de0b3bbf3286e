"""Tables of touches, from the header to typed rows: nobody, nowhere, broken, big."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest

from roas.errors import InputError
from roas.io import databases
from tests.attribution.touching import query_of, rows_of, told

HEADER = "user_id,time,channel,conversion,value\n"


def write(folder: Path, text: str, encoding: str = "utf-8") -> str:
    path = folder / "touches.csv"
    path.write_bytes(text.encode(encoding))
    return str(path)


@pytest.mark.parametrize(
    "header",
    [
        "user_id,timestamp,channel,conversion,conversion_value,campaign",
        "visitor_id,event_time,channel_grouping,converted,value,utm_campaign",
        "cookie,time,touchpoint,event,revenue,campaign_name",
        "customer_id,date,channel,interaction,amount,campaign",
        "User Pseudo ID,Event timestamp,Default channel group,Event name,Purchase revenue,Campaign",
        "anonymousId,ts,utm_source,event,value,utm_campaign",
        "distinct_id,time,source,event_name,revenue,campaign",
        "Journey ID,Datetime,Marketing Channel,Conversion,Conversion Value (EUR),Campaign",
        "client_id,date,session_source,event_name,purchase_revenue,session_campaign",
    ],
)
def test_headers_of_other_tools(tmp_path: Path, header: str) -> None:
    path = write(
        tmp_path, f"{header}\na,2024-01-01 10:00:00,Search,,,Spring\na,2024-01-01 11:00:00,Social,purchase,10.5,\n"
    )
    columns = "person, channel, converted, value, campaign"
    assert rows_of(query_of(path, conversion=["purchase"]), columns) == [
        ("a", "Search", False, 0.0, "Spring"), ("a", "Social", True, 10.5, None),
    ]  # fmt: skip


def test_source_and_medium_name_the_channel_together() -> None:
    frame = pd.DataFrame({
        "user_pseudo_id": list("abcd"), "event_timestamp": [1711917641123456 + i for i in range(4)],
        "event_name": ["page_view", "page_view", "page_view", "purchase"],
        "traffic_source.source": ["google", None, "newsletter", None], "traffic_source.medium": ["cpc", "referral", "", None],
    })  # fmt: skip
    query = query_of(frame)
    assert rows_of(query, "channel, converted") == [
        ("google / cpc", False), ("(direct) / referral", False), ("newsletter / (none)", False), (None, True),
    ]  # fmt: skip
    assert any(
        '"traffic_source.source" and "traffic_source.medium" name the channel' in n for n in query.findings.notes
    )


def test_map_stands_above_headers(tmp_path: Path) -> None:
    path = write(
        tmp_path, "user_id,who,time,when,channel,where,conversion,sold\nx,a,2020-01-01,2024-01-01 10:00,A,B,0,1\n"
    )
    maps = ["user=who", "time=when", "channel=where", "conversion=sold"]
    assert rows_of(query_of(path, maps=maps), "person, channel, converted") == [("a", "B", True)]


@pytest.mark.parametrize(
    ("header", "says"),
    [
        ("whoever,time,channel", 'no user or journey id column. Found: "whoever", "time", "channel", "conversion".\n  Use --map user="Header".'),
        ("user_id,when,channel", 'no time column. Found: "user_id", "when", "channel", "conversion".\n  Use --map time="Header".'),
        ("user_id,time,chanel", 'no channel column. Found: "user_id", "time", "chanel", "conversion".\n'
                                '  Did you mean "chanel"? Use --map channel="chanel".'),
    ],
)  # fmt: skip
def test_a_missing_column_is_named(tmp_path: Path, header: str, says: str) -> None:
    with pytest.raises(InputError) as caught:
        query_of(write(tmp_path, f"{header},conversion\na,2024-01-01,A,1\n"))
    assert str(caught.value).split("touches.csv, line 1: ")[1] == says


def test_the_fuller_of_two_ids_is_read(tmp_path: Path) -> None:
    path = write(tmp_path, "user_id,anonymous_id,time,channel,conversion\n,a,2024-01-01,A,0\nu,a,2024-01-02,B,1\n")
    query = query_of(path)
    assert {person for (person,) in rows_of(query, "person")} == {"a"}
    assert any("is empty in 50% of the rows" in n for n in query.findings.notes)


@pytest.mark.parametrize(
    "nobody", ["", "null", "NULL", "None", "(not set)", "undefined", "\\N", "00000000-0000-0000-0000-000000000000"]
)
def test_nobody_is_left_out_with_what_is_lost(tmp_path: Path, nobody: str) -> None:
    rows = "".join(f"u{i},2024-01-0{i},A,0,\n" for i in range(1, 6))
    path = write(tmp_path, f"{HEADER}{rows}{nobody},2024-01-01,A,1,30.5\n{nobody},2024-01-02,A,0,\n")
    assert "2 rows left out, 1 conversion among them worth 30.50: no user or journey id." in told(
        query_of(path, big=nobody == "null")
    )


def test_a_touch_without_a_channel_is_left_out_and_a_conversion_is_not(tmp_path: Path) -> None:
    path = write(tmp_path, f"{HEADER}a,2024-01-01,,0,\na,2024-01-02, Search ,0,\na,2024-01-03,(not set),1,9\n")
    query = query_of(path)
    assert "1 row left out: no channel, and no conversion." in told(query)
    assert rows_of(query, "channel, converted, value") == [("Search", False, 0.0), (None, True, 9.0)]


def test_a_file_mostly_left_out_is_refused(tmp_path: Path) -> None:
    query = query_of(write(tmp_path, f"{HEADER}a,2024-01-01,A,0,\n,2024-01-02,A,0,\n,2024-01-03,A,1,9\n"))
    told(query)
    with pytest.raises(
        InputError, match=r"2 rows left out, 1 conversion among them worth 9\.00: no user or journey id"
    ):
        query.refuse()


LONG = "".join(f"u{i},2024-01-01 10:00:00,Search,{int(i % 50 == 0)},{5 if i % 50 == 0 else ''}\n" for i in range(300))


@pytest.mark.parametrize("big", [False, True])
def test_names_with_line_breaks_in_quotes_are_read(tmp_path: Path, big: bool) -> None:
    query = query_of(write(tmp_path, f'{HEADER}{LONG}a,2024-01-02,"Paid\nSocial",1,9\n'), big=big)
    assert rows_of(query, "channel, value")[0] == ("Paid\nSocial", 9.0)
    assert query.rows == 301
    assert told(query) == []


@pytest.mark.parametrize("big", [False, True])
@pytest.mark.parametrize(
    ("torn", "lines"),
    [
        ("a,2024-01-02,Paid\nSocial,1,9\n", 2),  # a line break in the channel
        ("a,2024-01-02,Paid Social\n,1,9\n", 2),  # before a separator
        ("a,2024-01-02,Search, brand,1,9\n", 1),  # an unquoted separator shifts conversion and value
    ],
)
def test_broken_records_move_no_money(tmp_path: Path, torn: str, lines: int, big: bool) -> None:
    query = query_of(write(tmp_path, HEADER + LONG + torn + "b,2024-01-03,Search,1,7\n"), big=big)
    word = "line" if lines == 1 else "lines"
    sentences = told(query)
    assert any(s.startswith(f"{lines} {word} left out") for s in sentences)
    assert [r.count for r in query.findings.rejected] == [lines]
    assert query.findings.rejected[0].first_line == 302
    with query.source.connect() as connection:
        found = connection.execute(f"SELECT sum(value), count(*) FROM ({query.select()}) WHERE rejected = 0").fetchone()
    assert found == (37.0, 301)


@pytest.mark.parametrize("big", [False, True])
def test_the_end_of_a_last_cell_on_a_line_of_its_own_is_not_passed_over(tmp_path: Path, big: bool) -> None:
    text = "time,user_id,conversion,channel\n" + "2024-01-01,a,0,Search\n" * 300 + "2024-01-01,b,1,Paid\nSocial\n"
    path = write(tmp_path, text + "2024-01-02,c,1,Email\n")
    if big:
        with pytest.raises(
            InputError, match="line 303: 1 line with a single cell: a line break inside a name cut the row above"
        ):
            query_of(path, big=True).refuse()
    else:
        query = query_of(path)
        assert "2 lines left out (lines 302, 303): broken over two lines, or more cells than the header." in told(query)
        assert ("b",) not in rows_of(query, "person")


def test_a_file_full_of_broken_records_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="2 lines left out"):
        query_of(write(tmp_path, f"{HEADER}a,2024-01-02,Paid\nSocial,1,9\nb,2024-01-03,Search,1,7\n")).refuse()


@pytest.mark.parametrize("big", [False, True])
def test_rows_whose_empty_end_was_left_out_are_whole(tmp_path: Path, big: bool) -> None:
    rows = "".join(f"u{i},2024-01-01 10:00,Search\n" for i in range(100)) + "a,2024-01-02,Email,1,9\n"
    query = query_of(write(tmp_path, HEADER + rows), big=big)
    assert told(query) == []
    assert len(rows_of(query)) == 101


@pytest.mark.parametrize("big", [False, True])
def test_separators_with_nothing_behind_them_are_harmless(tmp_path: Path, big: bool) -> None:
    rows = "".join(f"u{i},2024-01-01 10:00,Search,0,,\n" for i in range(100)) + "a,2024-01-02,Email,1,9,\n"
    query = query_of(write(tmp_path, HEADER + rows), big=big)
    assert told(query) == []
    assert len(rows_of(query)) == 101


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16", "utf-8-sig"])
@pytest.mark.parametrize("big", [False, True])
def test_encodings(tmp_path: Path, encoding: str, big: bool) -> None:
    rows = "".join(f"u{i},2024-01-01,Search,0,\n" for i in range(100))
    path = write(tmp_path, f"{HEADER}{rows}a,2024-01-02,Prospección,1,9\n", encoding)
    query = query_of(path, big=big)
    assert rows_of(query, "person, channel")[0] == ("a", "Prospección")
    query.close()


def test_a_tail_in_another_encoding_is_read(tmp_path: Path) -> None:
    path = tmp_path / "touches.csv"
    head = HEADER + "u,2024-01-01,Search,0,\n" * 20_000
    path.write_bytes(head.encode() + "a,2024-01-02,Prospección,1,9\n".encode("cp1252"))
    query = query_of(str(path), big=True)
    assert rows_of(query, "person, channel")[0] == ("a", "Prospección")
    assert query.rows == 20_001
    query.close()


@pytest.mark.parametrize("suffix", ["csv", "tsv", "xlsx", "jsonl", "parquet", "csv.gz"])
def test_every_format_gives_the_same_rows(tmp_path: Path, suffix: str) -> None:
    frame = pd.DataFrame({
        "user_id": ["a", "b", "b"], "time": pd.to_datetime(["2024-01-01 10:00:00", "2024-01-02 11:30:15", "2024-01-03 00:00:00"]),
        "channel": ["Search", "Social", None], "conversion": [0, 0, 1], "conversion_value": [0.0, 0.0, 12.5],
    })  # fmt: skip
    path = tmp_path / f"touches.{suffix}"
    if suffix == "xlsx":
        frame.to_excel(path, index=False)
    elif suffix == "jsonl":
        frame.to_json(path, orient="records", lines=True, date_format="iso")
    elif suffix == "parquet":
        with duckdb.connect() as connection:
            connection.register("given", frame)
            connection.execute(f"COPY given TO '{path}' (FORMAT parquet)")
    else:
        frame.to_csv(path, index=False, sep="\t" if suffix == "tsv" else ",", date_format="%Y-%m-%d %H:%M:%S")
    query = query_of(str(path))
    assert rows_of(query, "person, epoch_us(make_timestamp(time_us))::VARCHAR, channel, converted, value") == [
        ("a", "1704103200000000", "Search", False, 0.0), ("b", "1704195015000000", "Social", False, 0.0),
        ("b", "1704240000000000", None, True, 12.5),
    ]  # fmt: skip


def test_a_table_in_a_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import duckdb

    monkeypatch.setattr(databases, "SAMPLE_ROWS", 100)

    with duckdb.connect(str(tmp_path / "shop.db")) as engine:
        engine.execute("CREATE SCHEMA raw")
        engine.execute(
            "CREATE TABLE raw.touches AS SELECT range % 100 AS user_id, TIMESTAMP '2024-01-01' + to_seconds(range) AS ts, "
            "'Search' AS channel, range = 9 AS converted FROM range(600)"
        )
    query = query_of(f"duckdb:///{tmp_path}/shop.db?table=raw.touches")
    assert (query.source.format, query.rows) == ("query", 600)
    assert [row for row in rows_of(query, "person, converted") if row[1]] == [(9, True)]


def test_whole_ids_stay_numbers_and_mixed_ones_are_text() -> None:
    rest: dict[str, Any] = {"time": "2024-01-01", "channel": "A", "conversion": 1}
    assert rows_of(query_of(pd.DataFrame({"user_id": [2**62, 7], **rest})), "person") == [(7,), (2**62,)]
    assert rows_of(query_of(pd.DataFrame({"user_id": [7.0, "x"], **rest})), "person") == [("7",), ("x",)]
    assert rows_of(query_of(pd.DataFrame({"user_id": [7, None], **rest})), "person", kept=False) == [(7,), (None,)]


def test_every_problem_at_once(tmp_path: Path) -> None:
    path = write(tmp_path, f"{HEADER}a,03/04/2024,A,what,1.234\n")
    with pytest.raises(InputError) as caught:
        query_of(path).refuse()
    assert str(caught.value).count("touches.csv") == 3
    assert "Also: " in str(caught.value)


@pytest.mark.parametrize("big", [False, True])
def test_the_journeys_of_2018(shared_data: Path, big: bool) -> None:
    query = query_of(str(shared_data / "journeys" / "touchpoints_5ch_2018.csv"), big=big)
    query.refuse()
    with query.source.connect() as connection:
        found = connection.execute(
            "SELECT count(*), count(DISTINCT person), sum(CAST(converted AS INTEGER)), round(sum(value), 6), min(rejected), "
            f"max(rejected), count(time_us) FROM ({query.select()})"
        ).fetchone()
    assert found == (62_483, 7_896, 1_838, 11_423.5, 0, 0, 62_483)
    assert query.rows == 62_483


@pytest.mark.parametrize(
    "header",
    [
        "order_id",
        "Order number",
        "transactionId",
        "ecommerce.transaction_id",
        "event_id",
        "Receipt",
        "messageId",
        "Invoice",
    ],
)
def test_the_number_of_an_order_or_event_is_read(header: str) -> None:
    frame = pd.DataFrame({
        "user_id": ["a", "a", "a"], "time": ["2024-01-01", "2024-01-02", "2024-01-02"], "channel": "A",
        "conversion": [0, 1, 1], header: [None, " A1 ", "A2"],
    })  # fmt: skip
    assert sorted(str(event) for (event,) in rows_of(query_of(frame), "event")) == ["A1", "A2", "None"]


def test_an_order_stands_above_an_event_and_map_above_both() -> None:
    frame = pd.DataFrame({
        "user_id": "a", "time": "2024-01-01", "channel": "A", "conversion": [1], "event_id": [7], "order_id": [8], "x": [9],
    })  # fmt: skip
    assert rows_of(query_of(frame), "event") == [("8",)]
    assert rows_of(query_of(frame, maps=["order_id=x"]), "event") == [("9",)]
    assert rows_of(query_of(frame.drop(columns=["event_id", "order_id"])), "event") == [(None,)]


@pytest.mark.parametrize("big", [False, True])
def test_money_of_a_row_cut_in_two_is_told(tmp_path: Path, big: bool) -> None:
    rows = (
        HEADER
        + LONG
        + LONG
        + "a,2024-01-02,Paid\nSocial,1,822.48\nb,2024-01-02,Paid Social,\n1,10\nc,2024-01-03,A,1,7\n"
    )
    sentences = told(query_of(write(tmp_path, rows), big=big))
    assert "2 conversions worth 832.48 went with lines that are broken over two." in sentences
