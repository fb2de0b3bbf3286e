"""Who gets credit: on the page, on a terminal and in files; nothing where no journeys were given."""

from __future__ import annotations

import csv
import html
import io
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from rich.console import Console

import roas
from roas.analysis.credited_rows import Row, Worth
from roas.quantiles import Q
from roas.report import credited_words as words
from roas.report.credited_plots import credited_plots
from roas.report.credited_table import attributed_frame, chart_frame, credited_table
from roas.report.page import page as render_page
from roas.report.pictures import draw
from roas.report.render import write_report
from roas.report.summary import terminal_summary

#: Whole analyses: too dear for the fast suite.
pytestmark = pytest.mark.slow

EVIL = "<script>alert(1)</script>"

USUAL = Q(5200.0, 10400.0, 15600.0)


def touches(*names: str, days: int = 130, value: float = 500.0) -> pd.DataFrame:
    """One person a day who sees each channel within the day; every second one converts."""
    rows = []
    for place, day in enumerate(pd.date_range("2025-01-06", periods=days)):
        for hour, name in enumerate(names, start=9):
            sold = place % 2 and name == names[-1]
            rows.append((place, f"{day:%Y-%m-%d}T{hour:02d}:00:00", name, int(sold), value if sold else ""))
    return pd.DataFrame(rows, columns=["user", "time", "channel", "conversion", "conversion_value"])


@pytest.fixture(scope="module")
def bare(account: Any) -> roas.Analysis:
    """A and B spend 5200 and 1300 and claim twice that; journeys hold 32 500 of 65 000 revenue, all on A then B."""
    return roas.analyze(
        account.spend(("A", "B"), campaigns=1),
        account.revenue(),
        journeys=touches("A", "B"),
        currency="EUR",
        model=False,
    )


def caused(analysis: roas.Analysis, identified: str = "identified", interval: Q = USUAL) -> roas.Analysis:
    """The analysis with an estimate for A, and one for B as large."""
    found = analysis.credited
    assert found is not None
    rows = tuple(replace(row, caused=interval, identified=identified) for row in found.rows)
    return replace(analysis, credited=replace(found, rows=rows))


def on_terminal(analysis: roas.Analysis) -> str:
    out = io.StringIO()
    terminal_summary(analysis, Console(file=out, width=80))
    return " ".join(out.getvalue().split())


def on_page(analysis: roas.Analysis) -> str:
    """The text of the section."""
    found = re.search(r'<section aria-labelledby="h-credited">.*?</section>', render_page(analysis, []), re.S)
    text = re.sub(r"<[^>]*>", " ", found[0]) if found else ""
    return " ".join(html.unescape(text).replace("\xa0", " ").split())


# ---- words -----------------------------------------------------------------------------------------------


def test_the_sentence_says_what_is_claimed_credited_and_caused(bare: roas.Analysis) -> None:
    assert words.sentence(bare) == (
        "A claims €10.4K, journeys credit it with €16.2K. What its spend caused is not estimated here. "
        "Credit is not cause."
    )
    assert words.sentence(caused(bare)) == (
        "A claims €10.4K, journeys credit it with €16.2K, and its spend caused about €10.4K (90 % interval €5.20K to "
        "€15.6K). Credit is not cause."
    )


def test_an_effect_is_said_as_surely_as_it_is_known(bare: roas.Analysis) -> None:
    wide = Q(1000.0, 10400.0, 30000.0)
    assert "and its spend caused €1.00K to €30.0K (90 % interval)." in words.sentence(caused(bare, "partly", wide))
    assert "about €10.4K" in words.sentence(caused(bare, "partly"))
    assert (
        "; what its spend caused is not known: €5.20K to €15.6K is likely, mostly by what is usual elsewhere."
        in words.sentence(caused(bare, "not identified"))
    )


def test_without_claims_the_sentence_begins_with_the_credit(account: Any) -> None:
    rows = account.spend(("A", "B"), campaigns=0, claims=False)
    analysis = roas.analyze(rows, journeys=touches("A", "B"), currency="EUR", model=False)
    assert words.sentence(analysis).startswith("Journeys credit A with €16.2K. What its spend caused")
    table = credited_table(analysis)
    assert table is not None
    assert [heading for heading, _ in table.headings] == ["Spend", "Credit", "ROAS credited"]


def test_dates_and_coverage_are_said(bare: roas.Analysis) -> None:
    assert words.dates(bare) == ("Spend and claims are of the dates of the journeys: 6 January 2025 to 15 May 2025.")
    assert words.coverage(bare) == (
        "Journeys hold €32.5K of sales, 50 % of the €65.0K that the shop took: credit is of that part of the sales only, "
        "too little beside claims and effects."
    )
    found = bare.credited
    assert found is not None
    assert words.coverage(replace(bare, credited=replace(found, revenue=33000.0))) == (
        "Journeys hold €32.5K of sales, 98 % of the €33.0K that the shop took."
    )
    assert "more than was sold" in str(words.coverage(replace(bare, credited=replace(found, revenue=9000.0))))
    assert words.coverage(replace(bare, credited=replace(found, revenue=None))) is None


def test_all_channels_together(bare: roas.Analysis) -> None:
    assert words.together(bare) == "All 2 channels in both files spent €6.50K, claim €13.0K and get €32.5K of credit."


def test_names_of_one_side_only_are_said(account: Any) -> None:
    rows = account.spend(("A", "B", "TV"), campaigns=0)
    found = roas.analyze(rows, journeys=touches("A", "Mail"), currency="EUR", model=False).credited
    assert found is not None
    assert words.unmatched(found) == [
        "In journeys only, so without spend here: Mail.",
        "With spend, but in no journey: B, TV.",
        "A channel is compared when both files call it the same.",
    ]


def test_nothing_in_common_is_said_and_not_drawn(account: Any) -> None:
    rows = account.spend(("A", "B"), campaigns=0)
    analysis = roas.analyze(rows, journeys=touches("x", "y"), currency="EUR", model=False)
    assert words.sentence(analysis).startswith("No channel of the journeys has spend under the same name")
    assert credited_table(analysis) is None
    assert [plot.name for plot in credited_plots(analysis)] == ["credit_by_model", "path_flow"]
    assert "Who gets credit" in on_page(analysis)


def test_other_dates_are_not_set_side_by_side(account: Any) -> None:
    late = touches("A", "B").assign(time=lambda f: f["time"].str.replace("2025", "2021"))
    analysis = roas.analyze(account.spend(("A", "B"), campaigns=0), journeys=late, currency="EUR", model=False)
    assert words.sentence(analysis) == (
        "Journeys and spend are of other dates, so credit cannot be compared with claims or effects. Credit is not cause."
    )
    assert words.dates(analysis).startswith("Journeys (2021-01-06 to 2021-05-15) and spend (2025-01-06 to 2025-05-15)")
    assert "attributed_against_caused" not in [plot.name for plot in credited_plots(analysis)]
    assert on_page(analysis).count("share fewer than 14 days") == 1


# ---- the table and the chart -----------------------------------------------------------------------------


def test_the_table_gives_every_side_with_its_range(bare: roas.Analysis) -> None:
    table = credited_table(caused(bare))
    assert table is not None
    assert [heading for heading, _ in table.headings] == [
        "Spend", "Claimed", "Credit", "Caused", "Credit ÷ caused", "ROAS credited", "ROAS caused",
    ]  # fmt: skip
    assert table.rows[0].channel == "A"
    assert table.rows[0].cells == (
        ("€5.20K", ""), ("€10.4K", "0.64 × credit"), ("€16.2K", "€0 to €32.5K"), ("€10.4K", "€5.20K to €15.6K"),
        ("1.56", "1.04 to 3.12"), ("3.12", ""), ("2.00", "1.00 to 3.00"),
    )  # fmt: skip


def test_an_effect_that_is_not_known_has_no_middle(bare: roas.Analysis) -> None:
    unknown = caused(bare, "not identified")
    table = credited_table(unknown)
    assert table is not None
    assert table.rows[0].cells[3:] == (
        ("not known", "€5.20K to €15.6K"), ("–", ""), ("3.12", ""), ("not known", "1.00 to 3.00"),
    )  # fmt: skip
    assert unknown.credited is not None
    assert chart_frame(unknown.credited)["caused_p50"].isna().all()


def test_an_interval_that_reaches_zero_has_no_upper_end_of_the_ratio(bare: roas.Analysis) -> None:
    table = credited_table(caused(bare, interval=Q(0.0, 10400.0, 15600.0)))
    assert table is not None
    assert table.rows[0].cells[4] == ("1.56", "1.04 or more")


def test_a_channel_keeps_its_colour(account: Any) -> None:
    rows = account.spend(("A", "B"), campaigns=0)
    analysis = roas.analyze(rows, journeys=touches("mail", " a", "B"), currency="EUR", model=False)
    by_name = {plot.name: plot.draw.keywords["colours"] for plot in credited_plots(analysis)}
    for hues in by_name.values():
        assert hues["a"] == hues["A"]
        assert len({hues["A"], hues["B"], hues["mail"]}) == 3


# ---- files, page, terminal -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def folder(account: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report with journeys of a channel that would like to run."""
    analysis = roas.analyze(
        account.spend(("A", EVIL), campaigns=0),
        account.revenue(),
        journeys=touches("A", EVIL),
        currency="EUR",
        model=False,
    )
    out = tmp_path_factory.mktemp("credited") / "out"
    write_report(analysis, out)
    return out


OURS = {"attribution.json", "attributed.csv", "credit.csv", "paths.csv", "transitions.csv"}


def test_the_folder_holds_the_whole_attribution(folder: Path) -> None:
    assert {path.name for path in folder.iterdir()} >= OURS
    whole = json.loads((folder / "attribution.json").read_text(encoding="utf-8"))
    part = json.loads((folder / "analysis.json").read_text(encoding="utf-8"))
    assert whole["schema"] == "roas.attribution/1"
    assert whole["run"] == part["run"]
    assert list(whole["models"]) == part["attribution"]["models"]
    for name in ("attributed_against_caused", "credit_by_model", "path_flow"):
        assert (folder / "charts" / f"{name}.png").stat().st_size > 5000
        assert (folder / "charts" / f"{name}.svg").exists()
    rows = list(csv.DictReader(io.StringIO((folder / "attributed.csv").read_text(encoding="utf-8-sig"))))
    assert [row["channel"] for row in rows] == ["A", EVIL]
    assert float(rows[0]["attributed_revenue"]) == pytest.approx(16250.0)


def test_names_do_nothing_on_the_page(folder: Path) -> None:
    source = (folder / "index.html").read_text(encoding="utf-8")
    assert "<script" not in source
    assert html.escape(EVIL, quote=False) in source


@pytest.mark.slow
def test_a_report_without_journeys_takes_the_files_of_an_earlier_one_away(
    account: Any, folder: Path, tmp_path: Path
) -> None:
    import shutil

    out = tmp_path / "out"
    shutil.copytree(folder, out)
    plain = roas.analyze(account.spend(("A", "B"), days=30, campaigns=0), model=False)
    write_report(plain, out)
    assert not OURS & {path.name for path in out.iterdir()}
    assert "Who gets credit" not in (out / "index.html").read_text(encoding="utf-8")
    assert words.summary_lines(plain) == []


def test_the_page_and_the_terminal_say_the_same(bare: roas.Analysis) -> None:
    page, terminal = on_page(bare), on_terminal(bare)
    for said in (words.sentence(bare), words.dates(bare), words.coverage(bare)):
        assert str(said) in page
        assert str(said) in terminal
    assert "Over-claim" in render_page(bare, [])
    assert len(words.summary_lines(bare)) == 2


def test_scaling_of_campaigns_is_pointed_to_where_it_can_be_done(bare: roas.Analysis) -> None:
    assert "--by campaign" not in on_page(bare)
    assert "roas attribute JOURNEYS --by campaign --incremental analysis.json" in on_page(caused(bare))


def test_pictures_are_drawn_for_a_page_and_a_phone(bare: roas.Analysis) -> None:
    first = draw(credited_plots(caused(bare))[0])
    assert first.name == "attributed_against_caused"
    assert first.wide
    assert first.narrow


def test_the_csv_has_a_column_for_every_figure() -> None:
    row = Row("A", 10.0, None, 1.0, Worth(5.0, 4.0, 6.0), Q(1.0, 2.0, 3.0), "partly")

    class Found:
        rows = (row,)

    frame = attributed_frame(Found())  # type: ignore[arg-type]
    assert dict(frame.iloc[0].dropna()) == {
        "channel": "A", "spend": 10.0, "attributed_conversions": 1.0, "attributed_revenue": 5.0,
        "attributed_revenue_lowest": 4.0, "attributed_revenue_highest": 6.0, "incremental_revenue_p5": 1.0,
        "incremental_revenue_p50": 2.0, "incremental_revenue_p95": 3.0, "identified": "partly",
        "credit_over_cause": 2.5, "attributed_roas": 0.5, "incremental_roas_p5": 0.1, "incremental_roas_p50": 0.2,
        "incremental_roas_p95": 0.3,
    }  # fmt: skip
