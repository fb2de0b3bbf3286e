"""The workbook: real numbers, texts that stay texts, totals that add up, the same bytes."""

from __future__ import annotations

import datetime as dt
import io
import math
import re
import warnings
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

import roas
from roas.language import languages, speaking
from roas.report.weekly.sheet.book import LONGEST
from roas.report.weekly.sheet.formats import money_format
from roas.report.weekly.workbook import write_workbook
from roas.weekly.corrections import Correction
from roas.weekly.record import Change, Figure, WeeklyReport
from roas.weekly.week import Week
from tests.report import conftest as accounts
from tests.report.weekly.conftest import outside
from tests.report.weekly.example import NAMES, alert, weekly_report

SHEETS = ["Summary", "Channels", "Weeks", "Channels by week", "Changes", "Alerts", "Plan", "Decisions", "Files"]

#: What a spreadsheet does not allow in the name of a sheet.
FORBIDDEN = set("[]:*?/\\'")


def written(report: WeeklyReport, folder: Path) -> bytes:
    write_workbook(report, folder / "report.xlsx")
    return (folder / "report.xlsx").read_bytes()


def opened(content: bytes) -> Any:
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Sparkline Group extension", category=UserWarning)
        return openpyxl.load_workbook(io.BytesIO(content))


@pytest.fixture(scope="module")
def content(weekly: WeeklyReport, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return written(weekly, tmp_path_factory.mktemp("book"))


@pytest.fixture(scope="module")
def book(content: bytes) -> Any:
    return opened(content)


@pytest.fixture(scope="module")
def values(content: bytes) -> dict[str, list[list[Any]]]:
    return {name: table(content, name) for name in SHEETS}


def table(content: bytes, sheet: str) -> list[list[Any]]:
    """What another reader finds in a sheet, formulas by the value that they carry."""
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name(sheet).to_python()


def rows(book: Any, sheet: str) -> list[dict[str, Any]]:
    head, *below = book[sheet].iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in below]


# ---- sheets ----------------------------------------------------------------------------------


def test_there_is_one_sheet_for_each_part(book: Any, content: bytes) -> None:
    assert book.sheetnames == SHEETS == CalamineWorkbook.from_filelike(io.BytesIO(content)).sheet_names


def test_headings_stay_in_sight_and_filter_their_columns(book: Any) -> None:
    for sheet in book.worksheets[1:]:
        assert sheet.freeze_panes == "B2"
        last = sheet.max_row if sheet.title in ("Changes", "Alerts", "Decisions") else None
        assert sheet.auto_filter.ref.startswith("A1:")
        assert last is None or sheet.auto_filter.ref.endswith(str(last))  # a row of totals is not filtered away


def test_the_summary_begins_with_the_week_and_its_verdict(values: dict[str, Any]) -> None:
    first = [row[0] for row in values["Summary"]]
    assert first[0] == "Week 19, 5 May to 11 May 2025"
    assert "New this week, it costs" in first[1]
    spend = next(row for row in values["Summary"] if row[0] == "Spend")
    assert spend[1:3] + spend[4:] == [980.0, 890.0, 800.0, 1000.0, "usual"]
    assert spend[3] == pytest.approx(980 / 890 - 1)


def test_numbers_are_numbers_and_dates_are_dates(book: Any) -> None:
    week = rows(book, "Weeks")[-2]
    assert week["Week from"] == dt.datetime(2025, 5, 5)
    assert (week["Whole week"], week["All claims have arrived"]) == (True, False)
    assert (week["Spend"], week["Orders"]) == (1260, 63)
    assert book["Weeks"]["A2"].is_date
    assert rows(book, "Alerts")[0]["Since"] == dt.datetime(2025, 5, 12)
    assert rows(book, "Decisions")[1]["Share of the moves made"] == 0.93


def test_what_is_not_known_is_empty(book: Any) -> None:
    channels = {row["Channel"]: row for row in rows(book, "Channels")}
    assert channels["Meta"]["ROAS caused, whole period"] == 2.0
    assert channels[NAMES[3]]["ROAS caused, whole period"] is None
    assert rows(book, "Alerts")[2]["Profit lost a week"] is None  # taken back
    assert rows(book, "Decisions")[0]["Revenue change a week, realised"] is None


def test_changes_have_their_own_unit_and_come_news_first(book: Any) -> None:
    found = rows(book, "Changes")
    assert [row["Why"] for row in found] == [
        "Really different",
        "Corrected data",
        "Worked out another way",
        "New data",
    ]
    assert (found[2]["Before"], found[2]["After"], found[2]["Change"]) == ("efficient", "saturated", None)
    assert [book["Changes"][f"D{n}"].number_format for n in (2, 3)] == ["0.00", '"€"#,##0.00']


# ---- texts -----------------------------------------------------------------------------------


def test_no_text_of_others_is_a_formula_or_a_link(book: Any) -> None:
    ours = re.compile(r"=(SUM\([A-Z]+2:[A-Z]+\d+\)|[A-Z]+\d+-[A-Z]+\d+|IF\([A-Z]+\d+=0,\"\",[A-Z]+\d+/[A-Z]+\d+\))")
    hostile = 0
    for sheet in book.worksheets:
        for cell in (cell for row in sheet.iter_rows() for cell in row):
            assert cell.hyperlink is None
            if cell.data_type == "f":
                assert ours.fullmatch(cell.value)
            elif isinstance(cell.value, str):
                hostile += cell.value == NAMES[2]
                assert "\u202e" not in cell.value
    assert hostile >= 3  # channels, channels by week, plan


def test_a_text_that_no_cell_can_hold_is_cut_and_says_so(weekly: WeeklyReport, tmp_path: Path) -> None:
    long = replace(weekly, notes=("x" * 40_000, "\ufffe_x0041_\x00"))
    found = [row[0] for row in table(written(long, tmp_path), "Summary")]
    cut = next(str(text) for text in found if str(text).startswith("xxx"))
    assert len(cut) == LONGEST
    assert cut.endswith("…")


@pytest.mark.parametrize("language", languages())
def test_every_language_names_its_sheets_as_spreadsheets_allow(
    weekly: WeeklyReport, language: str, tmp_path: Path
) -> None:
    names = opened(written(replace(weekly, language=language), tmp_path)).sheetnames
    assert len({name.casefold() for name in names}) == len(SHEETS)
    assert all(0 < len(name) <= 31 and not FORBIDDEN & set(name) for name in names)


def test_every_word_is_said(weekly: WeeklyReport, bracketed: Any, tmp_path: Path) -> None:
    short = replace(weekly, plan=None, decisions=())  # sheets of their own words: names of sheets have 31 letters
    with bracketed():
        book = opened(written(short, tmp_path))
    titles = [each.title for each in weekly.analysis.diagnosis.findings]
    given = re.compile(r"<(table|revenue)>|generic (long|wide)|[0-9a-f]{64}|its spend varied too little[^.⟦]*")
    for sheet in book.worksheets:
        assert sheet.title.startswith("⟦")
        for value in (value for row in sheet.iter_rows(values_only=True) for value in row if isinstance(value, str)):
            left = given.sub("", outside(value))
            for name in (*titles, *NAMES, "\\u202eevil\\x1b[31m", "Week 17 was made late."):
                left = left.replace(name, "")
            if not value.startswith(("=", "Breaks and comparisons")):  # a formula; a note of the analysis
                assert not re.search(r"[A-Za-z]{2}", left), value


# ---- totals ----------------------------------------------------------------------------------


def test_totals_carry_the_value_that_their_formula_gives(book: Any, values: dict[str, Any]) -> None:
    seen = 0
    for sheet in book.worksheets[1:]:
        for cell in (cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"):
            total = re.fullmatch(r"=SUM\(([A-Z]+)2:[A-Z]+(\d+)\)", cell.value)
            if total is None:
                continue
            whole = values[sheet.title]
            column = [row[cell.column - 1] for row in whole[1 : int(total[2])]]
            assert whole[cell.row - 1][cell.column - 1] == pytest.approx(math.fsum(v for v in column if v != ""))
            assert int(total[2]) == cell.row - 1
            seen += 1
    assert seen > 15


def test_the_total_of_a_ratio_is_a_ratio_of_totals(values: dict[str, Any]) -> None:
    head, *_, total = values["Channels"]
    found = dict(zip(head, total, strict=True))
    assert found["Claimed ROAS this week"] == pytest.approx(
        found["Revenue claimed this week"] / found["Spend this week"]
    )


def test_a_ratio_of_other_rows_has_no_total(weekly: WeeklyReport, tmp_path: Path) -> None:
    weeks = weekly.analysis.weeks.copy()
    weeks.loc[3, "revenue"] = float("nan")
    partly = replace(weekly.analysis)
    partly.__dict__["weeks"] = weeks
    head, *_, last = table(written(replace(weekly, analysis=partly), tmp_path), "Weeks")
    total = dict(zip(head, last, strict=True))
    assert total["MER, revenue over spend"] == ""
    assert total["Claimed ROAS"] == 2.0


def test_a_changed_plan_is_worked_out_again(book: Any, values: dict[str, Any]) -> None:
    assert book["Plan"]["D2"].value == "=C2-B2"
    assert values["Plan"][1][3] == pytest.approx(-50.0)
    assert values["Plan"][4][1] == pytest.approx(values["Plan"][4][2])


# ---- looks -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "currency", "looks"),
    [
        ("en", "EUR", '"€"#,##0.00'), ("nl", "EUR", '"€ "#,##0.00'), ("vi", "EUR", '#,##0.00" €"'),
        ("vi", "VND", '#,##0" ₫"'), ("en", "CHF", '"CHF "#,##0.00'), ("en", None, "#,##0.00"),
    ],
)  # fmt: skip
def test_money_is_written_as_the_language_writes_it(language: str, currency: str | None, looks: str) -> None:
    with speaking(language):
        assert money_format(currency) == looks


def test_every_channel_has_its_spend_as_a_small_picture(content: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        sheet = file.read("xl/worksheets/sheet2.xml").decode()
    lines = re.findall(r"<xm:f>([^<]+)</xm:f><xm:sqref>([^<]+)</xm:sqref>", sheet)
    assert sorted(place for _, place in lines) == [f"T{n}" for n in range(2, 8)]
    assert min(lines)[0] == "'Channels by week'!B2:B19"  # 18 weeks of data
    assert len({cells for cells, _ in lines}) == 6


def test_the_same_report_gives_the_same_bytes(weekly: WeeklyReport, content: bytes, tmp_path: Path) -> None:
    assert written(weekly, tmp_path) == content
    later = replace(weekly, run=replace(weekly.run, started="2031-01-01T00:00:00Z", seconds=99.0))
    assert written(later, tmp_path) == content
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        assert b"2025-05-11T00:00:00Z" in file.read("docProps/core.xml")


# ---- odd reports -----------------------------------------------------------------------------


def test_a_report_of_nothing_but_spend_says_what_is_missing(tmp_path: Path) -> None:
    bare = weekly_report(alerts=(), changes=(), decisions=(), plan=None, figures=(), previous=None, notes=())
    book = opened(written(bare, tmp_path))
    said = {name: book[name]["A2"].value for name in ("Changes", "Alerts", "Plan", "Decisions")}
    assert said == {
        "Changes": "This is the first report here: there is none before to compare with.",
        "Alerts": "There is no alert.",
        "Plan": "Where money should go cannot be told: what spend causes is not estimated here.",
        "Decisions": "No plan was noted so far.",
    }


def test_columns_that_nothing_is_known_of_are_left_out(tmp_path: Path) -> None:
    days = 28
    found = roas.analyze(accounts.spend(("A",), days=days, claims=False, campaigns=0), currency="EUR", model=False)
    report = weekly_report(analysis=found, week=Week.parse("2025-W05"), plan=None, alerts=(), changes=(), decisions=())
    book = opened(written(report, tmp_path))
    assert [cell.value for cell in book["Weeks"][1]] == ["Week from", "Whole week", "Spend"]
    assert [cell.value for cell in book["Channels"][1]] == [
        "Channel",
        "Spend this week",
        "Saturation",
        "Spend, last 4 weeks",
    ]
    assert [row["Saturation"] for row in rows(book, "Channels")] == ["cannot be told", None]


def test_open_alerts_and_corrections_are_listed(tmp_path: Path) -> None:
    shop = Correction(None, dt.date(2025, 5, 1), dt.date(2025, 5, 3), 3, {"revenue": 1500.0}, {"revenue": 1450.0}, None)
    report = weekly_report(
        alerts=(alert("opened"),), standing=(alert("confirmed", "mix_shift", None),), corrections=(shop,)
    )
    book = opened(written(report, tmp_path))
    assert [row["State"] for row in rows(book, "Alerts")] == ["New", "Still open, nothing new"]
    said = [row["Why"] for row in rows(book, "Changes")]
    assert said[-1] == shop.says("EUR")


def test_values_that_no_cell_can_hold_are_empty_or_words(tmp_path: Path) -> None:
    odd = weekly_report(
        figures=(Figure("spend", "money", math.nan, None), Figure("mer", "ratio", math.inf, 0.0)),
        changes=(Change("mer", None, None, math.inf, "real", "ratio"),),
        alerts=(alert("opened", e_value=math.inf, level=math.inf),),
    )
    book = opened(written(odd, tmp_path))
    assert rows(book, "Alerts")[0]["Evidence (e-value)"] == "∞"
    assert (rows(book, "Changes")[0]["Before"], rows(book, "Changes")[0]["After"]) == (None, None)


def test_a_place_that_cannot_be_written_is_an_os_error(weekly: WeeklyReport, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        write_workbook(weekly, tmp_path / "missing" / "report.xlsx")
