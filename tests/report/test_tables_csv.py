"""CSV: safe in a spreadsheet, complete for a program."""

from __future__ import annotations

import csv
import io

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from roas.report.tables_csv import cell, csv_text, neutral, rows_text


def read(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1", "＋1", "－1", "＠A"])
def test_formulas_become_text(text: str) -> None:
    assert neutral(text) == f"'{text}"


def test_formulas_after_a_separator_become_text() -> None:
    assert neutral("a;=1") == "a;'=1"  # a spreadsheet that splits at semicolons
    assert neutral("a\n@x") == "a\n'@x"


@pytest.mark.parametrize("text", ["Meta", "search - brand", "a=b", "1+1", "10 %", "'quoted", "a; b"])
def test_other_text_stays(text: str) -> None:
    assert neutral(text) == text


def test_headers_are_neutralised_too() -> None:
    assert read(rows_text(["=x", "y"], [])) == [["'=x", "y"]]


def test_negative_numbers_stay_numbers() -> None:
    assert [cell(-3.5), cell(-2), cell(-0.25)] == ["-3.5", "-2", "-0.25"]


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_keep_all_their_digits(value: float) -> None:
    assert float(cell(value)) == value


def test_unknown_is_empty() -> None:
    assert [cell(v) for v in (None, float("nan"), pd.NaT, float("inf"))] == [""] * 4


@given(st.lists(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\x00")), min_size=2, max_size=2)))
def test_cells_survive_quoting_and_no_formula_is_left(rows: list[list[str]]) -> None:
    back = read(rows_text(["a", "b"], rows))[1:]
    assert back == [[neutral(c) for c in row] for row in rows]
    assert not [c for row in back for c in row if c.startswith(("=", "+", "-", "@", "\t", "\r"))]


def test_file_begins_with_the_mark_and_ends_lines_with_lf() -> None:
    text = csv_text(
        pd.DataFrame({"week": pd.to_datetime(["2025-01-06"]), "n": [2.0], "ok": [True], "name": ['Tết, "x"']})
    )
    assert text == '\ufeffweek,n,ok,name\n2025-01-06,2,true,"Tết, ""x"""\n'
