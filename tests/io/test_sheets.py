"""Workbooks, JSON and data frames: typed cells, titles, several tables in one file."""

from __future__ import annotations

import datetime as dt
import io
import json
from collections.abc import Sequence
from typing import Any

import openpyxl
import pandas as pd
import pytest

import roas

ONE, TWO = dt.date(2025, 1, 1), dt.date(2025, 1, 2)
HEAD = ["date", "channel", "spend"]

Rows = Sequence[Any]


def workbook(rows: Rows, *, merge: Sequence[str] = (), **sheets: Rows) -> bytes:
    """A workbook as bytes: a first sheet, and others by name."""
    book = openpyxl.Workbook()
    for title, lines in {"Data": rows, **sheets}.items():
        sheet = book.active if title == "Data" else book.create_sheet(title)
        sheet.title = title
        for line in lines:
            sheet.append(list(line))
        for cells in merge if title == "Data" else ():
            sheet.merge_cells(cells)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def test_titles_merged_cells_totals_and_notes(place):
    rows = [["Media report"], [], HEAD, [ONE, "Meta", 1.5], [TWO, "Meta", 2], ["Total", None, 3.5]]
    result = roas.analyze(place("a.xlsx", workbook(rows, merge=["A1:C1"], Notes=[["Call", "Anna"]])))
    assert result.totals["spend"] == 3.5
    source = result.inputs[0]
    assert (source.file, source.header_line, source.rows_read, source.rows_used) == ("a.xlsx", 3, 3, 2)
    assert source.findings.notes == [
        "sheets without a table were passed over: Notes", "the rows add up to the file's own totals row (spend)",
    ]  # fmt: skip


def test_subtotals_between_the_rows(place):
    rows = [["date", "channel", "campaign", "spend"], [ONE, "M", "a", 1.5], [ONE, "M", "b", 2],
     [ONE, "Subtotal", None, 3.5],
            [TWO, "M", "a", 1], ["Total", None, None, 4.5]]  # fmt: skip
    assert roas.analyze(place("a.xlsx", workbook(rows))).totals["spend"] == 4.5


@pytest.mark.parametrize(("first", "second"), [
    (ONE, TWO), (dt.datetime(2025, 1, 1, 23, 59), dt.datetime(2025, 1, 2)), ("2025-01-01", TWO), (45658, 45659),
    ("01.01.2025", "02.01.2025"),
])  # fmt: skip
@pytest.mark.parametrize("amounts", [(1.5, 2), ("1.5", 2), ("1,5", "2"), ("€1.50", "€2.00")])
def test_typed_and_written_cells(place, first, second, amounts):
    rows = [HEAD, [first, "M", amounts[0]], [second, "M", amounts[1]]]
    result = roas.analyze(place("a.xlsx", workbook(rows)))
    assert (result.totals["spend"], result.window["start"]) == (3.5, "2025-01-01")


def test_two_tables_in_two_sheets(place):
    book = workbook([HEAD, [ONE, "Meta", 1], [TWO, "Meta", 2]], Google=[HEAD, [ONE, "Google", 4]])
    result = roas.analyze(place("a.xlsx", book))
    assert result.totals["spend"] == 7.0
    assert [r.file for r in result.inputs] == ["a.xlsx#Data", "a.xlsx#Google"]


def test_a_sheet_with_one_column_a_channel(place):
    for names in (["Week", "Google", "Meta"], ["Week", "Alpha", "Beta"]):
        result = roas.analyze(place("a.xlsx", workbook([["Plan"], names, ["2025-W13", 1, 2], ["2025-W14", 3, 4]])))
        assert (result.totals["spend"], result.tables.grain) == (10.0, "week")


def test_names_that_are_numbers(place):
    rows = [["date", "channel", "campaign", "spend"], [ONE, "M", 123, 1], [TWO, "M", 123.0, 2], [TWO, "M", "0123", 4]]
    result = roas.analyze(place("a.xlsx", workbook(rows)))
    assert dict(zip(result.campaigns["campaign"], result.campaigns["spend"], strict=True)) == {"0123": 4.0, "123": 3.0}


def test_a_formula_without_a_result_is_not_known(place):
    rows = [[*HEAD, "roas"], [ONE, "M", 1.5, "=C2*2"], [TWO, "M", "=1+1", 2]]
    result = roas.analyze(place("a.xlsx", workbook(rows)))
    assert result.totals["spend"] == 1.5
    assert result.inputs[0].findings.notes == ['1 row without "spend": not known, which is not zero']


def test_a_date_that_covers_merged_rows_is_refused(place, refusal):
    rows = [HEAD, [ONE, "M", 1], [None, "G", 2], [TWO, "M", 2]]
    assert refusal(place("a.xlsx", workbook(rows, merge=["A2:A3"]))) == (
        'a.xlsx, line 3, column "date": 1 row with figures but without a readable date (empty).\n'
        "  Correct the dates, or use --date-format."
    )


@pytest.mark.parametrize(("rows", "says"), [
    ([], "a.xlsx: no sheet has a header row that is known (looked at Data).\n"
     "  A header row names at least a date and money; --map says which header means what."),
    ([HEAD], "a.xlsx, line 1: no rows of data below the header.\n  Export it again for a period with activity."),
    ([HEAD, [ONE, "M", True]], 'a.xlsx, line 2, column "spend": 1 cell is no number (\'True\').\n'
     "  Correct the cells, or empty them where nothing is known."),
])  # fmt: skip
def test_a_workbook_without_figures(place, refusal, rows, says):
    assert refusal(place("a.xlsx", workbook(rows))) == says


def test_a_damaged_workbook(place, refusal):
    book = workbook([HEAD, [ONE, "M", 1]])
    assert refusal(place("a.xlsx", book[:-200])).startswith("a.xlsx: the archive is cut off or damaged (")
    broken = bytearray(book)
    middle = len(broken) // 2
    broken[middle : middle + 40] = bytes(40)
    assert refusal(place("b.xlsx", bytes(broken))).startswith("b.xlsx: the workbook is damaged")


def test_a_web_page_that_calls_itself_a_workbook(place):
    page = (
        "<html><table><tr><th>Day</th><th>Channel</th><th>Cost</th></tr>"
        "<tr><td>2025-01-01</td><td>A &amp; B</td><td>1.50</td></tr><tr><td>2025-01-02</td><td>A &amp; "
        "B</td><td>2</td></tr>"
    )
    result = roas.analyze(place("a.xls", page))
    assert result.totals["spend"] == 3.5
    assert result.channels["channel"].tolist() == ["A & B"]


# ---- JSON -----------------------------------------------------------------------------------------

LINES = [{"date": f"2025-01-0{i}", "channel": "M", "spend": i} for i in (1, 2)]


@pytest.mark.parametrize("text", [
    "\n".join(map(json.dumps, LINES)), "\r\n\r\n".join(map(json.dumps, LINES)) + "\r\n", json.dumps(LINES),
    json.dumps(LINES, indent=1),
    "\ufeff" + json.dumps(LINES), json.dumps([{"segments": {"date": r["date"]}, "campaign": {"name": "x"}, "metrics": {
        "costMicros": str(r["spend"] * 10**6), "impressions": "5"}} for r in LINES]),
])  # fmt: skip
def test_json_of_every_shape(place, text):
    assert roas.analyze(place("a.json", text)).totals["spend"] == 3.0


@pytest.mark.parametrize(("text", "says"), [
    (json.dumps(LINES[0]) + '\n{"date":"2025-01-02","chan', "a.json, line 2: not valid JSON (Unterminated string "
        "starting at, "
     "at character 22).\n  One object a line, or one array of objects, is expected. If the file is cut off, download "
     "it again."),
    (json.dumps(LINES, indent=1)[:-9], "a.json, line 10: not valid JSON (Unterminated string starting at, at "
                                       "character 3).\n"
     "  One object a line, or one array of objects, is expected. If the file is cut off, download it again."),
    ("[1, 2]", "a.json: no rows of data. One JSON object a line, or one array of objects, is expected."),
    ("[]", "a.json: no rows of data. One JSON object a line, or one array of objects, is expected."),
    ("[" * 100_000, "a.json, line 1: not valid JSON (nested too deeply).\n"
     "  One object a line, or one array of objects, is expected. If the file is cut off, download it again."),
    ('[{"date": "2025-01-01", "channel": "M", "spend": [1]}]',
     'a.json, line 2, column "spend": 1 cell is no number (\'[1]\').\n'
     "  Correct the cells, or empty them where nothing is known."),
    ('[{"date": "2025-01-01", "channel": "M", "spend": 1e999}]',
     'a.json, line 2, column "spend": 1 cell is no number (\'inf\').\n'
     "  Correct the cells, or empty them where nothing is known."),
])  # fmt: skip
def test_broken_json(place, refusal, text, says):
    assert refusal(place("a.json", text)) == says


def test_a_line_separator_inside_a_json_name(place):
    text = '{"date": "2025-01-01", "channel": "a\u2028b", "spend": 1}\n'
    assert roas.analyze(place("a.jsonl", text)).channels["channel"].tolist() == ["a\u2028b"]


# ---- data frames ----------------------------------------------------------------------------------

FRAME = pd.DataFrame({"date": pd.to_datetime(["2025-01-01", "2025-01-02"]), "channel": ["M", "M"], "spend": [1.5, 2.0]})


@pytest.mark.parametrize("frame", [
    FRAME, FRAME.set_index("date"), FRAME.set_index("date", drop=False),
    FRAME.assign(date=FRAME["date"].dt.tz_localize("UTC")),
    FRAME.assign(channel=FRAME["channel"].astype("category")), FRAME.assign(spend=["1.5", "2"]),
    FRAME.assign(spend=["1,5", "2"]),
    FRAME.assign(date=FRAME["date"].dt.date), FRAME.assign(date=["2025-01-01", "2025-01-02"]), FRAME.convert_dtypes(),
    FRAME.iloc[::-1], FRAME.set_axis(["a", "b"], axis=0),
])  # fmt: skip
def test_a_frame_is_a_file(frame):
    before = frame.copy(deep=True)
    result = roas.analyze(frame)
    assert (result.totals["spend"], result.inputs[0].file, result.window["periods"]) == (3.5, "<table>", 2)
    pd.testing.assert_frame_equal(frame, before)


def test_frames_are_told_apart(refusal):
    bad = FRAME.assign(spend=["x", "y"])
    assert refusal([FRAME, bad]).startswith(
        "<table 2>, line 2, column \"spend\": 2 cells are not numbers (lines 2, 3; 'x', 'y')."
    )


def test_an_empty_frame(refusal):
    assert refusal(FRAME[:0]) == (
        "<table>, line 1: no rows of data below the header.\n  Export it again for a period with activity."
    )
