"""What went wrong: on the page, on a terminal, in CSV, as charts and as an exit code."""

from __future__ import annotations

import csv
import html
import io
import json
import re
import subprocess
from collections.abc import Sequence
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

import roas
from roas.analysis import run
from roas.diagnosis.base import CAUSES, Verdict
from roas.diagnosis.results import Diagnosis, Explained
from roas.errors import UsageError
from roas.quantiles import Q
from roas.report import finding_words as words
from roas.report import outcome_words, rates_words, verdict
from roas.report.finding_plots import MOST, chart_names, finding_plots
from roas.report.finding_tables import finding_tables
from roas.report.findings import SHOWN, findings, hypotheses
from roas.report.page import _environment
from roas.report.page import page as render_page
from roas.report.pictures import draw, plots
from roas.report.summary import terminal_summary
from roas.report.tables_csv import csv_text
from tests.report import diagnosis_example as example
from tests.report.test_page import FRAME, PROBE

HOSTILE = "<script>alert(1)</script>\u202e\x1b[31m"


@pytest.fixture(scope="module")
def plain(account: Any) -> roas.Analysis:
    names = ("Meta", "Search", "TikTok")
    return roas.analyze(account.spend(names, days=60, campaigns=0), account.revenue(60), currency="EUR", model=False)


@pytest.fixture(scope="module")
def ill(plain: roas.Analysis) -> roas.Analysis:
    return replace(plain, diagnosis=example.diagnosis())


@pytest.fixture(scope="module")
def ill_page(ill: roas.Analysis) -> str:
    return render_page(ill, [draw(plot) for plot in finding_plots(ill)])


def text_of(page: str) -> str:
    """What a page says, in one line."""
    bare = re.sub(r"<(style|svg)\b.*?</\1>", " ", page, flags=re.DOTALL)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", bare)).replace("\u00a0", " "))


def section(analysis: roas.Analysis, diagnosis: Diagnosis) -> str:
    """The section on what went wrong, without charts."""
    account = replace(analysis, diagnosis=diagnosis)
    return _environment().get_template("findings.html.j2").render(findings=findings(account), charts={})


def rendered(analysis: roas.Analysis, diagnosis: Diagnosis) -> str:
    return text_of(section(analysis, diagnosis))


def printed(analysis: roas.Analysis) -> str:
    out = io.StringIO()
    terminal_summary(analysis, Console(file=out, width=80))
    return out.getvalue()


def with_verdicts(*verdicts: Verdict) -> Diagnosis:
    return Diagnosis((), example.hypotheses(*verdicts))


# ---- words ---------------------------------------------------------------------------------------


def test_headline_says_what_where_since_when_and_how_much(ill: roas.Analysis) -> None:
    assert verdict.verdict(ill) == (
        "Meta: click-through wears out as the ads age, since about 12 May 2025: "
        "€1.20K of revenue lost a week (90 % range €400 to €2.10K)."
    )
    assert verdict.beside(ill) == verdict.returned(ill)


def test_headline_is_the_costliest_supported_finding(plain: roas.Analysis) -> None:
    cheap = example.finding(effect=Q(1.0, 2.0, 3.0), title="Cheap")
    dear = example.finding(effect=Q(10.0, 20.0, 30.0), title="Dear")
    maybe = example.finding(effect=Q(100.0, 200.0, 300.0), verdict="possible", title="Maybe")
    said = words.headline(replace(plain, diagnosis=Diagnosis((cheap, dear, maybe), ())))
    assert said is not None and said.startswith("Dear, since about")


def test_without_a_supported_finding_the_verdict_is_about_the_money(plain: roas.Analysis) -> None:
    maybe = replace(plain, diagnosis=Diagnosis((example.finding(verdict="possible"),), ()))
    assert words.headline(maybe) is None
    assert verdict.beside(maybe) is None
    assert verdict.verdict(maybe) == verdict.returned(maybe)


def test_profit_is_said_with_a_margin(ill: roas.Analysis) -> None:
    assert "€1.20K of profit lost a week" in verdict.verdict(replace(ill, margin=0.5))


def test_a_count_that_broke_loses_nothing(plain: roas.Analysis) -> None:
    broken = example.finding("tracking_break", effect=Q(0.0, 0.0, 0.0), title="Meta: its count of sales broke")
    account = replace(plain, diagnosis=Diagnosis((broken,), ()))
    assert verdict.verdict(account) == "Meta: its count of sales broke, since about 12 May 2025."
    assert "No revenue lost" in rendered(plain, account.diagnosis)


@pytest.mark.parametrize(
    ("verdicts", "says"),
    [
        (("ruled_out",), "Nothing got worse beyond luck: all 14 causes were tested and ruled out."),
        (
            ("ruled_out", "ruled_out", "untestable", "ruled_out", "ruled_out", "ruled_out"),
            "Nothing got worse beyond luck, as far as these files tell: 11 of 14 causes were tested and ruled out, "
            "3 lack a column or history.",
        ),
        (
            ("ruled_out", "cannot_tell"),
            "No cause is named: 6 causes ruled out, 8 cannot be told from these data. That is not a clean bill of health.",
        ),
        (
            ("untestable",),
            "What went wrong cannot be told from these files: no cause could be tested. That is not a clean bill of health.",
        ),
    ],
)
def test_nothing_found_is_said_no_better_than_it_is(
    plain: roas.Analysis, verdicts: tuple[Verdict, ...], says: str
) -> None:
    account = replace(plain, diagnosis=with_verdicts(*verdicts))
    assert outcome_words.outcome(account) == says
    assert says in rendered(plain, account.diagnosis)
    assert says in " ".join(printed(account).split())


def test_a_cause_left_open_anywhere_is_not_counted_as_ruled_out() -> None:
    found = outcome_words.counts(with_verdicts("ruled_out", "cannot_tell"))
    assert found["ruled_out"] + found["cannot_tell"] == len(CAUSES)
    assert outcome_words.counts(with_verdicts("ruled_out", "untestable"))["untestable"] == 8


def test_several_findings_are_counted(plain: roas.Analysis) -> None:
    one, maybe = example.finding(), example.finding(verdict="possible")
    told = [
        ((one,), "One cause is supported by the data, and no other explains the same as well."),
        ((one, one, maybe), "2 causes are supported by the data, and no other explains the same as well. One more is possible, not proven."),
        ((maybe,), "No cause is proven. One cause is possible: the data do not tell it from others."),
        ((maybe, maybe), "No cause is proven. 2 causes are possible: the data do not tell them from others."),
    ]  # fmt: skip
    for found, says in told:
        assert outcome_words.outcome(replace(plain, diagnosis=Diagnosis(found, ()))) == says


@pytest.mark.parametrize(
    ("found", "says", "bar"),
    [
        (Explained(500.0, (("saturation", "Meta", 300.0),), 200.0), "€500 a week below what was to be expected at today's spend; €200 of it is not explained.", True),
        (Explained(500.0, (("saturation", "Meta", 700.0),), -200.0), "the findings explain more than that, by €200: something else made up for it.", False),
        (Explained(-90.0, (("saturation", "Meta", 10.0),), -100.0), "€90.0 a week above what was to be expected at today's spend: what was lost was made up for elsewhere.", False),
        (Explained(-90.0, (("tracking_break", "Meta", 0.0),), -90.0), "€90.0 a week above what was to be expected at today's spend.", False),
        (Explained(500.0, (("tracking_break", "Meta", 0.0),), 500.0), "no finding explains it.", True),
        (Explained(500.0, (), 500.0), "no finding explains it.", False),
    ],
)  # fmt: skip
def test_what_is_lost_in_all(plain: roas.Analysis, found: Explained, says: str, bar: bool) -> None:
    diagnosis = example.diagnosis(explained=found)
    said = outcome_words.explained(replace(plain, diagnosis=diagnosis))
    assert said is not None and said.startswith("In all, revenue is ") and says in said
    assert ('class="bar"' in section(plain, diagnosis)) == bar


def test_rates_are_of_accounts_like_this_or_not_measured(plain: roas.Analysis, ill_page: str) -> None:
    says = (
        "In 600 simulated accounts like yours (30 to 100 sales a day; 52 to 156 weeks of history): where something was "
        "wrong, its cause was named in 96 of 100 and a wrong cause in 1 of 100. Of healthy accounts, 3 in 100 were "
        "accused of something."
    )
    assert says in text_of(ill_page)
    assert rates_words.rates(
        replace(example.RATES, cell={"sales": [300, 1e9], "columns": "full", "weeks": [0, 52]})
    ).startswith("In 600 simulated accounts like yours (300 sales a day or more; under 52 weeks of history):")
    assert "has not been measured" in rendered(plain, example.diagnosis(rates=None))
    assert "has not been measured" not in rendered(plain, with_verdicts("untestable"))


def test_every_verdict_and_state_has_words() -> None:
    from typing import get_args

    from roas.diagnosis.readings.base import State

    assert set(words.HEADINGS) == set(get_args(Verdict))
    assert set(words.STATES) == set(get_args(State))


# ---- the page ------------------------------------------------------------------------------------


def test_page_shows_findings_in_their_order(ill_page: str) -> None:
    said = text_of(ill_page)
    places = [said.index(part) for part in (
        "What went wrong", "1 Meta: click-through wears out", "2 The site sells less", "In all, revenue is", "Possible, not proven",
        "Search: its count of sales broke", "Beside that", "14 causes: 2 supported, 2 possible", "Claimed against the till",
    )]  # fmt: skip
    assert places == sorted(places)


def test_page_shows_stakes_with_their_ranges(ill_page: str) -> None:
    said = text_of(ill_page)
    assert "Revenue lost €1.20K a week 90 % range €400 to €2.10K" in said
    assert "Since about 12 May 2025 between 28 April 2025 and 26 May 2025" in said
    assert "Probability 96 in 100" in said
    assert "Probability over 99 in 100" in said


def test_evidence_beyond_the_third_is_folded(ill_page: str) -> None:
    first = ill_page[ill_page.index('id="finding-1"') : ill_page.index('id="finding-2"')]
    shown, folded = first.split('<details class="fold">')
    assert shown.count("<li>") == SHOWN
    assert "<summary>2 more</summary>" in folded
    assert folded.split("</details>")[0].count("<li>") == 2
    assert "What would prove this wrong" in folded
    assert "What to do" in folded


def test_readings_say_their_state_in_words_what_worries_first(ill_page: str) -> None:
    listed = re.search(r'<ul class="readings">(.*?)</ul>', ill_page, re.S)
    assert listed is not None
    assert re.findall(r'<li class="(\w+)"><span class="state">([\w ]+)</span>', listed[1]) == [
        ("concern", "Concern"), ("unclear", "Unclear"), ("fine", "Fine"), ("unknown", "Not known"),
    ]  # fmt: skip


def test_every_hypothesis_is_listed_under_its_verdict(ill: roas.Analysis) -> None:
    groups = dict(hypotheses(ill.diagnosis))
    assert list(groups) == [heading for heading in words.HEADINGS.values() if heading in groups]
    assert sum(map(len, groups.values())) == len(ill.diagnosis.hypotheses) == 16
    assert "Saturation (Meta)" in dict(groups["Ruled out"])


def test_places_with_one_reason_stand_together() -> None:
    one = with_verdicts("untestable").hypotheses[0]
    found = hypotheses(Diagnosis((), tuple(replace(one, channel=name) for name in ("A", "B", "C"))))
    assert found == [("Not testable: something is missing", [("Saturation (A; B; C)", one.because)])]


def test_a_diagnosis_is_markup_safe(plain: roas.Analysis) -> None:
    bad = example.finding(
        channel=HOSTILE, title=f"{HOSTILE}: worn", action=HOSTILE, would_refute=HOSTILE, exhibits=(example.exhibit(channel=HOSTILE),)
    )  # fmt: skip
    told = example.reading("x", "concern", HOSTILE)
    shares = Explained(10.0, (("creative_fatigue", HOSTILE, 8.0),), 2.0)
    account = replace(
        plain, diagnosis=Diagnosis((bad,), example.hypotheses("ruled_out", channels=(HOSTILE,)), (told,), shares)
    )
    page = render_page(account, [draw(plot) for plot in finding_plots(account)])
    for text in (page, printed(account)):
        assert "\x1b" not in text
        assert "\u202e" not in text
    assert "<script" not in page
    HTMLParser().feed(page)


def test_ids_stay_unique_and_headings_in_order(ill_page: str) -> None:
    ids = re.findall(r'\sid="([^"]+)"', ill_page)
    assert len(ids) == len(set(ids))
    levels = [int(level) for level in re.findall(r"<h([1-6])\b", ill_page)]
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert all("open" not in tag for tag in re.findall(r"<details[^>]*>", ill_page))


def test_the_oddest_diagnosis_renders(plain: roas.Analysis) -> None:
    nan = float("nan")
    odd = example.finding(effect=Q(nan, nan, nan), probability=nan, lines=0, exhibits=())
    for diagnosis in (Diagnosis((), ()), Diagnosis((odd,), (), explained=Explained(nan, (), nan))):
        account = replace(plain, diagnosis=diagnosis)
        assert "What went wrong" in render_page(account, [])
        assert printed(account)


@pytest.mark.chromium
def test_nothing_is_wider_than_a_small_phone(chromium: str, ill_page: str, tmp_path: Path) -> None:
    source = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", ill_page).replace(
        "<details", "<details open"
    )
    (tmp_path / "page.html").write_text(source.replace("</body>", f"{PROBE}</body>"), encoding="utf-8")
    (tmp_path / "frame.html").write_text(FRAME.format(width=320), encoding="utf-8")
    command = [
        chromium, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
        f"--user-data-dir={tmp_path / 'profile'}", "--window-size=1400,900", "--virtual-time-budget=5000", "--dump-dom",
        (tmp_path / "frame.html").as_uri(),
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, encoding="utf-8")
    titled = re.search(r"<title>(.*?)</title>", done.stdout, re.S)
    assert titled is not None
    found = json.loads(html.unescape(titled[1]))
    assert (found["client"], found["scroll"], found["wide"]) == (320, 320, [])
    assert found["letters"] >= 9.5


# ---- charts --------------------------------------------------------------------------------------


def test_a_chart_per_finding_that_has_a_series(ill: roas.Analysis, ill_page: str) -> None:
    names = ["finding_1_creative_fatigue", "finding_2_conversion_rate_drop", "finding_3_tracking_break"]
    assert chart_names(ill.diagnosis) == [*names, None]
    assert [plot.name for plot in plots(ill)][:3] == names
    assert [name for name in re.findall(r'<figure id="([^"]+)"', ill_page) if name.startswith("finding")] == names


def test_no_more_than_four_charts(plain: roas.Analysis) -> None:
    many = replace(plain, diagnosis=Diagnosis((example.finding(),) * 9, ()))
    assert len(finding_plots(many)) == MOST == 4
    assert chart_names(many.diagnosis)[MOST:] == [None] * 5


def test_python_draws_a_finding(ill: roas.Analysis) -> None:
    from matplotlib import pyplot as plt

    from roas.charts import layout

    assert layout.said(ill.plot_finding(0), "title").startswith("Meta: click-through is 2")
    assert layout.said(ill.plot_finding(1), "title").startswith("Orders per visit is ")
    plt.close("all")
    with pytest.raises(UsageError, match="There is no finding 4: this analysis has 4, counted from 0"):
        ill.plot_finding(4)
    with pytest.raises(UsageError, match="Finding 3 has no series 0: it has 0, counted from 0"):
        ill.plot_finding(3)


# ---- the terminal --------------------------------------------------------------------------------


def test_terminal_says_findings_by_money_in_80_columns(ill: roas.Analysis) -> None:
    said = printed(ill)
    assert max(map(len, said.splitlines())) <= 80
    assert [line for line in said.splitlines() if line.startswith("   ") and line.endswith(" ")] == []
    flat = " ".join(said.split())
    assert (
        "1. Meta: click-through wears out as the ads age €1.20K a week of revenue lost (€400 to €2.10K), "
        "since about 12 May 2025; probability 96 in 100 Click-through fell by 28 %"
    ) in flat
    assert "Do: Replace the three oldest ads first" in flat
    assert (
        "Possible, not proven: Search: its count of sales broke (no revenue lost, 41 in 100; nearly as well explained by harvesting)."
        in flat
    )
    assert "14 causes: 2 supported, 2 possible, 4 ruled out, 4 cannot be told, 2 not testable." in flat


# ---- tables --------------------------------------------------------------------------------------


def rows(frame: Any) -> Sequence[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(csv_text(frame).removeprefix("\ufeff"))))


def test_tables_hold_what_the_page_says(ill: roas.Analysis) -> None:
    tables = finding_tables(ill)
    assert list(tables) == ["findings.csv", "finding_weeks.csv", "hypotheses.csv", "readings.csv"]
    first = rows(tables["findings.csv"])[0]
    assert (first["cause"], first["channel"], first["since"]) == ("creative_fatigue", "Meta", "2025-05-12")
    assert (first["effect_per_week_p50"], first["probability"]) == ("1200", "0.96")
    assert len(first["evidence"].split(" | ")) == 5
    weeks = rows(tables["finding_weeks.csv"])
    assert len(weeks) == 3 * 104
    assert weeks[34]["observed"] == ""
    assert len(rows(tables["hypotheses.csv"])) == 16
    assert {row["state"] for row in rows(tables["readings.csv"])} == {"concern", "fine", "unclear", "unknown"}


def test_tables_run_nothing_in_a_spreadsheet(plain: roas.Analysis) -> None:
    bad = "=1+1"
    found = example.finding(channel=bad, title=bad, action=bad, exhibits=(example.exhibit(channel=bad),))
    told = example.reading(bad, "concern", bad)
    account = replace(plain, diagnosis=Diagnosis((found,), example.hypotheses("possible", channels=(bad,)), (told,)))
    for frame in finding_tables(account).values():
        assert not [c for row in rows(frame) for c in row.values() if re.match(r"[=+@\t\r]|-(?![\d.])", c)]


def test_empty_tables_are_not_written(plain: roas.Analysis) -> None:
    assert list(finding_tables(replace(plain, diagnosis=with_verdicts("ruled_out")))) == ["hypotheses.csv"]


# ---- the command ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "code"),
    [((), 0), (("any",), 3), (("creative_fatigue",), 3), (("saturation",), 0), (("saturation", "conversion_rate_drop"), 3),
     (("tracking_break",), 0)],
)  # fmt: skip
def test_fail_on_ends_with_three_on_a_supported_finding(
    account: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
    asked: tuple[str, ...], code: int,
) -> None:  # fmt: skip
    from roas.cli.main import cli

    monkeypatch.setattr(run, "diagnose", lambda *_, **__: example.diagnosis())
    file = tmp_path / "spend.csv"
    account.spend(("Meta",), days=20, campaigns=0).to_csv(file, index=False)
    options = [part for cause in asked for part in ("--fail-on", cause)]
    assert cli.main(args=["analyze", str(file), "--json", "--quiet", *options], standalone_mode=False) == code
    assert json.loads(capsys.readouterr().out)["diagnosis"]["healthy"] is False
