"""Beside a week's claims stands what spend caused lately; data of weeks run to the end of the last one."""

from __future__ import annotations

import datetime as dt
import html
import io
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import roas
from roas.quantiles import Q
from roas.report.weekly import alerted, changed, channels, lately, trust
from roas.report.weekly.page import weekly_page
from roas.report.weekly.text import weekly_markdown, weekly_text
from roas.report.weekly.workbook import write_workbook
from roas.weekly.record import Change, WeeklyReport
from roas.weekly.told import Told
from roas.weekly.week import Week
from tests.report import conftest as accounts
from tests.report.weekly.example import FIGURES, NAMES, alert, analysis, weekly_report

#: What Meta caused in the last weeks; over the whole period it is 1 to 3, with 2 in the middle.
LATELY = Q(0.81, 1.37, 2.06)

MESSAGES = [weekly_markdown, weekly_text]
Write = Callable[[WeeklyReport], str]


@pytest.fixture(scope="module")
def report() -> WeeklyReport:
    """Search is known, Meta partly, a third channel not, a fourth spent nothing lately; the others are in no model."""
    search, meta, third = accounts.channel(NAMES[0]), accounts.channel(NAMES[1], identified="partly"), NAMES[2]
    unknown = accounts.channel(third, state="unknown", identified="not identified")
    paused = replace(accounts.channel(NAMES[3]), roas_recent=None)
    found = accounts.believed(analysis(), search, replace(meta, roas_recent=LATELY), unknown, paused)
    return weekly_report(analysis=found, plan=None)


def row(text: str, place: int) -> str:
    """A channel's row in the last table of a message, and the line below it where that is a note."""
    lines = text[text.rindex("Claimed") :].splitlines()[2:]
    return re.split(r"\n(?! )", "\n".join(lines))[place]


# ---- what spend caused lately ----------------------------------------------------------------


def test_a_row_has_the_last_weeks_and_their_range_not_the_whole_period(report: WeeklyReport) -> None:
    found = {row.channel: (row.caused, row.caused_range, row.doubt) for row in channels.channels(report)}
    assert found["Meta"] == ("1.37", "0.81 to 2.06", "partly known")
    assert found["Search"] == ("2.00", "1.00 to 3.00", "")


def test_the_weeks_that_are_recent_are_named(report: WeeklyReport) -> None:
    assert lately.window(report.analysis) == (8, "2025-05-11")
    assert channels.heading(report) == "ROAS caused, 8 weeks to 11 May"


def test_a_short_model_names_the_weeks_that_it_has(report: WeeklyReport) -> None:
    response: Any = report.analysis.response
    short = replace(response, dates=response.dates[:35], revenue=response.revenue[:35])
    brief = replace(report, analysis=replace(report.analysis, response=short))
    assert lately.window(brief.analysis) == (5, "2025-02-09")
    assert channels.heading(brief) == "ROAS caused, 5 weeks to 9 Feb"


@pytest.mark.parametrize("write", MESSAGES)
def test_a_message_says_the_range_the_weeks_and_how_well_each_is_known(report: WeeklyReport, write: Write) -> None:
    text = write(report)
    assert "ROAS that spend caused in the 8 weeks to 11 May 2025 (90 % range)." in " ".join(text.split())
    found = {line.split()[0]: line for line in (row(text, place) for place in range(len(NAMES)))}
    assert found["Search"].endswith(" 2.00 (1.00 to 3.00)")
    assert found["Meta"].endswith(" 1.37 (0.81 to 2.06)\n  partly known")
    assert found["=cmd|'"].endswith(" 2.00 (1.00 to 3.00)\n  not known")
    assert next(line for name, line in found.items() if name.startswith("<script")).endswith(" –\n  no spend lately")
    assert found["*a*"].endswith(" –\n  not in the model")


@pytest.mark.parametrize("language", ["en", "nl", "vi"])
def test_no_number_of_a_table_is_cut_in_any_language(report: WeeklyReport, language: str) -> None:
    rows = [row for row in weekly_markdown(replace(report, language=language)).splitlines() if re.search(r"\d", row)]
    assert sum("(" in row for row in rows) >= 3
    assert not [row for row in rows if re.search(r"\d…|…\S*\d", row)]


@pytest.mark.parametrize("write", MESSAGES)
def test_without_estimates_a_message_has_no_column_for_them(report: WeeklyReport, write: Write) -> None:
    bare = replace(report, analysis=replace(report.analysis, response=None))
    text = " ".join(write(bare).split())
    assert "Channel Spend Claimed" in text
    assert "Caused" not in text
    assert "What spend caused cannot be told." in text


def test_the_page_has_both_and_says_which_is_which(report: WeeklyReport) -> None:
    source = weekly_page(report, [])
    said = html.unescape(re.sub(r"<[^>]+>", "|", source))
    assert re.search(r"1\.37\|+0\.81 to 2\.06\|+partly known\|", said.replace("\N{NO-BREAK SPACE}", " "))
    assert source.count('data-label="ROAS caused, 8 weeks to 11 May"') == len(NAMES)
    whole = source[source.index("ROAS over all weeks") :]
    assert "1.00 to 3.00" in whole.replace("\N{NO-BREAK SPACE}", " ")
    assert "partly known: its spend varied too little" in whole.replace("\N{NO-BREAK SPACE}", " ")
    assert channels.over_all(replace(report, analysis=replace(report.analysis, response=None))) == []


def opened(report: WeeklyReport, folder: Path, sheet: str) -> list[dict[str, Any]]:
    write_workbook(report, folder / "report.xlsx")
    book: Any = openpyxl.load_workbook(io.BytesIO((folder / "report.xlsx").read_bytes()))
    head, *below = book[sheet].iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in below]


@pytest.mark.filterwarnings("ignore:Sparkline Group extension")
def test_the_workbook_has_both_with_their_ends(report: WeeklyReport, tmp_path: Path) -> None:
    meta = next(row for row in opened(report, tmp_path, "Channels") if row["Channel"] == "Meta")
    name = "ROAS caused, 8 weeks to 11 May"
    ends = [meta[f"{name}: {end} end, 90 % range"] for end in ("low", "high")]
    assert [meta[name], *ends] == [1.37, 0.81, 2.06]
    assert meta["ROAS caused, whole period"] == 2.0
    assert meta["How well it is known"].startswith("partly known: ")


def test_a_change_of_roas_caused_says_that_it_is_of_the_whole_period(report: WeeklyReport) -> None:
    moved = replace(report, changes=(Change("incremental_roas", "Meta", 2.2, 1.1, "new_data", "ratio"),))
    assert changed.groups(moved)[0].rows[0].figure == "ROAS caused, whole period"


def test_small_pictures_name_the_weeks_that_they_have(report: WeeklyReport) -> None:
    assert channels.pictured(report) == "last 18 weeks"
    assert channels.pictured(replace(report, week=Week.parse("2025-W02"))) == "last 1 week"


# ---- what changed ----------------------------------------------------------------------------


def news(*changes: Change, **more: Any) -> WeeklyReport:
    return weekly_report(changes=changes, alerts=(), plan=None, **more)


@pytest.mark.parametrize("write", MESSAGES)
def test_a_message_lists_what_became_of_the_three_numbers(write: Write) -> None:
    text = write(
        news(
            Change("spend", None, 890.0, 980.0, "new_data", "money"),
            Change("mer", None, 4.04, 3.57, "new_data", "ratio"),
            Change("claimed_roas", "Meta", 2.0, 2.1, "new_data", "ratio"),
        )
    ).replace("*", "")
    part = text[text.index("What changed") : text.index("Of all alerts")]
    assert "- Spend: €890 → €980 (+10 %), usual\n" in part
    assert "- MER, revenue over spend: 4.04 → 3.57 (−12 %), usual\n" in part
    assert "Meta" not in part


def test_a_number_outside_its_range_is_said_to_be(weekly: WeeklyReport) -> None:
    odd = (replace(FIGURES[0], value=1200.0), *FIGURES[1:])
    report = news(Change("spend", None, 890.0, 1200.0, "new_data", "money"), figures=odd)
    assert changed.of_account(report)[0].usual == "above the usual"
    assert changed.of_account(news(Change("spend", None, 890.0, 1200.0, "real", "money"))) == []


def test_another_currency_is_no_first_report() -> None:
    said = changed.since(news(previous=None, earlier_currency="USD"))
    assert said == "Earlier reports are in USD; this one is in EUR, so nothing is compared."


@pytest.mark.parametrize(
    ("state", "says"),
    [("new", "New in this report: {}."), ("still", "Still there, named since the report of week 17 of 2025: {}.")],
)
def test_a_proven_finding_without_an_alert_is_new_or_still_there(state: Any, says: str) -> None:
    finding = next(each for each in analysis().diagnosis.findings if each.verdict == "supported")
    told = Told(finding.cause, finding.channel, finding.campaign, state, Week.parse("2025-W17"))
    report = news(told=(told,))
    line = alerted.told(report)[0]
    assert line.startswith(says.split("{")[0])
    for write in MESSAGES:
        text = " ".join(write(report).split())
        assert line.split(":")[0] in text[text.index("What changed") : text.index("Of all alerts")]
    assert html.escape(line.split(":")[0]) in weekly_page(report, []).replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.filterwarnings("ignore:Sparkline Group extension")
def test_the_workbook_says_too_that_a_finding_is_new(tmp_path: Path) -> None:
    finding = next(each for each in analysis().diagnosis.findings if each.verdict == "supported")
    told = Told(finding.cause, finding.channel, finding.campaign, "new", Week.parse("2025-W19"))
    report = news(told=(told,))
    said = [value for row in opened(report, tmp_path, "Summary") for value in row.values()]
    assert alerted.told(report)[0] in said


def test_a_finding_that_an_alert_names_is_not_said_twice() -> None:
    finding = next(each for each in analysis().diagnosis.findings if each.verdict == "supported")
    told = Told(finding.cause, finding.channel, finding.campaign, "new", Week.parse("2025-W19"))
    named = alert("opened", finding.cause, finding.channel, campaign=finding.campaign)
    assert alerted.told(weekly_report(alerts=(named,), told=(told,))) == []
    assert alerted.told(weekly_report(alerts=(), standing=(named,), told=(told,))) == []
    assert alerted.told(weekly_report(alerts=(), told=(replace(told, state="first"),))) == []


# ---- the end of the data ---------------------------------------------------------------------


@pytest.mark.filterwarnings("ignore:Sparkline Group extension")
def test_data_of_weeks_run_to_the_end_of_the_last_week(tmp_path: Path) -> None:
    days = accounts.spend(("A",), days=8 * 7, campaigns=0)
    weeks = days[::7]
    found = roas.analyze(weeks, currency="EUR", model=False)
    report = weekly_report(analysis=found, week=Week.parse("2025-W09"), plan=None, alerts=(), changes=(), figures=())
    assert found.window["end"] == "2025-02-24"
    assert trust.data(report)["covers"] == "The data run from 6 January 2025 to 2 March 2025."
    assert trust.origin(report)["as_of"] == "Data up to 2 March 2025."
    assert "24 February" not in weekly_page(report, [])
    assert opened(report, tmp_path, "Files")[0]["Last day"] == dt.datetime(2025, 3, 2)


def test_claims_that_arrived_by_the_last_day_are_all_there(weekly: WeeklyReport) -> None:
    settled = replace(weekly.analysis)
    settled.__dict__["window"] = {
        **weekly.analysis.window,
        "grain": "week",
        "end": "2025-05-05",
        "mature_until": "2025-05-07",
    }
    assert "Claims after 7 May 2025" in trust.data(replace(weekly, analysis=settled))["settled"]
