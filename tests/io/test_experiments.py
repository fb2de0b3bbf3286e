"""Tables of lift tests: what is read, and what is refused word for word."""

from __future__ import annotations

import io
import math
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

import roas
from roas.__main__ import main
from roas.errors import RoasError
from roas.io.load import LoadOptions, read_files
from roas.io.normalise import ReadOptions

HEAD = "channel,start,end,incremental_revenue,standard_error\n"
ROW = "Meta,2025-02-01,2025-02-14,500,50\n"
GIVE_AN_ERROR = "Give it: without its error a measurement has no weight. A 90 % interval is 3.29 standard errors wide."
AS_MONEY = "Write it as money of those days, for example 1250.00."


def spend() -> pd.DataFrame:
    days = pd.date_range("2025-01-01", periods=10).strftime("%Y-%m-%d")
    return pd.DataFrame({"date": days, "channel": "Meta", "spend": 10.0})


@pytest.fixture
def tests(place):
    """The rows that are read from one file, as dicts."""

    def read(content: str | bytes, name: str = "lift.csv", **options: Any) -> list[dict[Any, Any]]:
        loaded = read_files(place(name, content), options=LoadOptions(ReadOptions(**options)))
        assert [problem.says for problem in loaded.reports[0].findings.errors] == []
        (rows,) = loaded.experiments
        found: list[dict[Any, Any]] = rows.to_dict("records")
        return found

    return read


@pytest.fixture
def refused(place):
    """The message with which one file is refused."""

    def refuse(content: str | bytes, name: str = "lift.csv", **options: Any) -> str:
        with pytest.raises(RoasError) as caught:
            roas.analyze(spend(), experiments=place(name, content), model=False, **options)
        return str(caught.value)

    return refuse


# -- what is read ------------------------------------------------------------


def test_a_row_is_a_test(tests) -> None:
    (row,) = tests(HEAD + ROW)
    assert math.isnan(row.pop("spend_change"))
    assert row == {
        "channel": "Meta", "start": pd.Timestamp(2025, 2, 1), "end": pd.Timestamp(2025, 2, 14),
        "incremental_revenue": 500.0, "standard_error": 50.0, "geo": None, "currency": None,
    }  # fmt: skip


def test_spend_change_and_geo_may_be_given_for_some(tests) -> None:
    rows = tests(
        HEAD.strip() + ",spend_change,geo\nMeta,2025-02-01,2025-02-14,500,50,-80,Berlin\n"
        "Meta,2025-03-01,2025-03-14,500,50,,\n"
    )
    assert (rows[0]["spend_change"], rows[0]["geo"]) == (-80.0, "Berlin")
    assert math.isnan(rows[1]["spend_change"]) and rows[1]["geo"] is None


def test_headers_may_be_words(tests) -> None:
    head = "Channel ,Start date,End date,Incremental revenue,SE\n"
    assert tests(head + ROW)[0]["standard_error"] == 50.0


def test_rows_are_put_in_order(tests) -> None:
    rows = ["TV,2025-03-01,2025-03-02,1,1\n", ROW, "A,2025-02-01,2025-02-14,500,50\n"]
    one, other = tests(HEAD + "".join(rows)), tests(HEAD + "".join(rows[::-1]))
    assert [row["channel"] for row in one] == ["A", "Meta", "TV"] == [row["channel"] for row in other]


def test_a_decimal_comma_is_read(tests) -> None:
    (row,) = tests(HEAD.replace(",", ";") + "Meta;01.02.2025;14.02.2025;1.500,25;50,5\n")
    assert (row["incremental_revenue"], row["standard_error"]) == (1500.25, 50.5)
    assert row["end"] == pd.Timestamp(2025, 2, 14)


@pytest.mark.parametrize(
    ("symbol", "currency"), [("€", "EUR"), ("£", "GBP"), ("US$", "USD"), ("R$", "BRL"), ("$", None)]
)
def test_a_symbol_says_the_currency(tests, symbol: str, currency: str | None) -> None:
    (row,) = tests(HEAD + f"Meta,2025-02-01,2025-02-14,{symbol}500.50,{symbol}50\n")
    assert (row["incremental_revenue"], row["currency"]) == (500.5, currency)


def test_a_column_says_the_currency(tests) -> None:
    (row,) = tests(HEAD.strip() + ",Currency\n" + ROW.strip() + ",usd\n")
    assert row["currency"] == "USD"


def test_a_workbook_is_read(tests) -> None:
    book, file = openpyxl.Workbook(), io.BytesIO()
    for line in (HEAD + ROW).splitlines():
        book.active.append([float(cell) if cell.isdigit() else cell for cell in line.split(",")])
    book.save(file)
    assert tests(file.getvalue(), "lift.xlsx")[0]["incremental_revenue"] == 500.0


def test_a_frame_is_read() -> None:
    frame = pd.read_csv(io.StringIO(HEAD + ROW), parse_dates=["start", "end"])
    result = roas.analyze(spend(), experiments=frame, model=False)
    assert [each.format for each in result.inputs] == ["generic_long", "experiments"]


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "=cmd()", "@SUM(1)", "'; DROP TABLE", "Café ☕"])
def test_names_are_kept_to_the_letter(tests, name: str) -> None:
    assert tests(HEAD + ROW.replace("Meta", f'"{name}"'))[0]["channel"] == name


def test_one_row_settles_the_order_of_day_and_month(tests) -> None:
    rows = tests(HEAD + "Meta,03/04/2025,05/04/2025,500,50\nMeta,01/05/2025,15/05/2025,1,1\n")
    assert rows[0]["start"] == pd.Timestamp(2025, 4, 3)


def test_a_date_format_settles_it_too(tests) -> None:
    (row,) = tests(HEAD + "Meta,03/04/2025,05/06/2025,500,50\n", date_format="%m/%d/%Y")
    assert row["start"] == pd.Timestamp(2025, 3, 4)


def test_the_same_row_twice_is_one_test(place) -> None:
    loaded = read_files(
        place("lift.csv", HEAD + ROW + ROW + ROW.replace("500", "600")), options=LoadOptions(ReadOptions())
    )
    assert loaded.experiments[0]["incremental_revenue"].tolist() == [500.0, 600.0]
    (rejected,) = loaded.reports[0].findings.rejected
    assert (rejected.reason, rejected.count, rejected.first_line) == ("the same lift test again, counted once", 1, 3)


def test_a_negative_lift_is_a_measurement(tests) -> None:
    assert tests(HEAD + "Meta,2025-02-01,2025-02-14,-500,50\n")[0]["incremental_revenue"] == -500.0


def test_one_day_is_a_test(tests) -> None:
    (row,) = tests(HEAD + "Meta,2025-02-01,2025-02-01,5,5\n")
    assert row["start"] == row["end"]


# -- what is refused ---------------------------------------------------------


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        (
            "Meta,2025-02-14,2025-02-01,500,50\n",
            "lift.csv, line 2: 1 lift test with an end before the start.\n  Correct the dates.",
        ),
        ("Meta,2025-02-01,2025-02-14,500,0\n", f"lift.csv, line 2: 1 lift test without a standard_error above zero.\n  {GIVE_AN_ERROR}"),
        ("Meta,2025-02-01,2025-02-14,500,\n", f"lift.csv, line 2: 1 lift test without a standard_error above zero.\n  {GIVE_AN_ERROR}"),
        ("Meta,2025-02-01,2025-02-14,500,-3\n", f"lift.csv, line 2: 1 lift test without a standard_error above zero.\n  {GIVE_AN_ERROR}"),
        (
            ROW + "TV,2025-02-01,2025-02-14,500,0\nTV,2025-03-01,2025-03-14,500,-1\n",
            f"lift.csv, line 3: 2 lift tests without a standard_error above zero (lines 3, 4).\n  {GIVE_AN_ERROR}",
        ),
        (
            "Meta,2025-02-01,2025-02-14,,50\n",
            "lift.csv, line 2: 1 lift test without incremental_revenue.\n  Fill it in, or remove the row.",
        ),
        (
            ",2025-02-01,2025-02-14,500,50\n",
            "lift.csv, line 2: 1 lift test without a channel.\n  Name the channel as the spend table does.",
        ),
        ("Meta,2025-02-01,2025-02-14,500,about 50\n", f'lift.csv, line 2, column "standard_error": 1 lift test with no amount of money as standard_error.\n  {AS_MONEY}'),
        ("Meta,2025-02-01,2025-02-14,500,10%\n", f'lift.csv, line 2, column "standard_error": 1 lift test with no amount of money as standard_error.\n  {AS_MONEY}'),
        ("Meta,2025-02-01,2025-02-14,inf,50\n", f'lift.csv, line 2, column "incremental_revenue": 1 lift test with no amount of money as incremental_revenue.\n  {AS_MONEY}'),
        (
            "Meta,03/04/2025,05/06/2025,500,50\n",
            'lift.csv, line 2, column "start": "03/04/2025" could be 3 April or March 4, and no row settles it.\n'
            '  Use --date-format "%d/%m/%Y" or "%m/%d/%Y".',
        ),
        (
            "Meta,13/02/2025,02/15/2025,500,50\n",
            'lift.csv: "13/02/2025" has the day first and "02/15/2025" the month first.\n'
            '  Use --date-format "%d/%m/%Y" or "%m/%d/%Y", or correct the cells.',
        ),
        (
            "Meta,soon,2025-02-14,500,50\n",
            'lift.csv, line 2, column "start": 1 lift test without a readable start.\n  Write dates as 2026-03-31.',
        ),
        (
            "Meta,2025-02-01,,500,50\n",
            'lift.csv, line 2, column "end": 1 lift test without a readable end.\n  Write dates as 2026-03-31.',
        ),
        (
            "Meta,2025-02-01,2025-02-14,€500,£50\n",
            "lift.csv: amounts in EUR and GBP stand in one table of lift tests.\n"
            "  Give all of them in the currency of the account.",
        ),
        ("", "lift.csv, line 1: no rows of data below the header.\n  Export it again for a period with activity."),
    ],
)  # fmt: skip
def test_refusals_word_for_word(refused, rows: str, says: str) -> None:
    assert refused(HEAD + rows) == says


def test_a_change_of_spend_that_cannot_be_read_is_no_holdout(refused) -> None:
    message = refused(HEAD.strip() + ",spend_change\n" + ROW.strip() + ",half\n")
    assert message.startswith('lift.csv, line 2, column "spend_change": 1 lift test with no amount of money')


def test_missing_columns_are_named(refused) -> None:
    assert refused("channel,start,incremental_revenue,standard_error\nMeta,2025-02-01,500,50\n") == (
        'lift.csv, line 1: no column "end". Found: "channel", "start", "incremental_revenue", "standard_error".\n'
        "  A table of lift tests has channel, start, end, incremental_revenue and standard_error; "
        "spend_change and geo where they are known."
    )


@pytest.mark.parametrize("missing", ["standard_error", "incremental_revenue"])
def test_a_missing_amount_is_named(refused, missing: str) -> None:
    frame = pd.read_csv(io.StringIO(HEAD + ROW)).drop(columns=missing)
    assert f'no column "{missing}"' in refused(frame.to_csv(index=False))


def test_an_empty_file_is_refused(refused) -> None:
    assert refused("") == "lift.csv: the file is empty. Export it again."


def test_a_binary_file_is_refused(refused) -> None:
    assert refused(b"\0\1\2").startswith("lift.csv: this is a binary file, not a table.")


def test_a_missing_file_is_refused() -> None:
    with pytest.raises(RoasError, match="nowhere"):
        roas.analyze(spend(), experiments="nowhere.csv", model=False)


# -- on the command line -----------------------------------------------------


@pytest.mark.parametrize("rows", ["Meta,2025-02-14,2025-02-01,500,50\n", "Meta,03/04/2025,05/06/2025,500,50\n"])
def test_a_refusal_is_one_error_and_exit_code_2(place, capsys, rows: str) -> None:
    files = place("spend.csv", spend().to_csv(index=False)), place("lift.csv", HEAD + rows)
    assert main(["analyze", files[0], "--experiments", files[1], "-o", "out"]) == 2
    out, errors = capsys.readouterr()
    assert out == ""
    assert errors.startswith("Error: lift.csv, line 2")
    assert errors.count("Error:") == 1 and "Traceback" not in errors
    assert not Path("out").exists()


def test_a_spend_file_is_no_table_of_tests(place, capsys) -> None:
    file = place("spend.csv", spend().to_csv(index=False))
    assert main(["analyze", file, "--experiments", file]) == 2
    out, errors = capsys.readouterr()
    assert out == ""
    assert errors == (
        "Error: spend.csv: --experiments expects lift tests (channel, start, end, incremental_revenue, "
            "standard_error); this reads as generic_long.\n"
    )  # fmt: skip


def test_hostile_names_reach_the_page_as_text(place, capsys) -> None:
    tests = HEAD + ROW.replace("Meta", "<script>alert(1)</script>") + ROW.replace("Meta", "=cmd()")
    files = place("spend.csv", spend().to_csv(index=False)), place("lift.csv", tests)
    assert main(["analyze", files[0], "--experiments", files[1], "--no-model", "-o", "out", "--quiet"]) == 0
    capsys.readouterr()
    assert "<script>alert" not in Path("out/index.html").read_text(encoding="utf-8")
