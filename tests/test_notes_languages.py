"""Notes, repairs and verdicts are said in the reader's language: nothing is left in English, nothing is lost."""

from __future__ import annotations

import ast
import gettext
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib import pyplot as plt

import roas
from roas import charts, language
from roas.analysis.causal import NOT_ESTIMATED, is_not_estimated
from roas.charts.unsteady_words import Break, noise_title, since
from roas.language import say, speaking
from roas.quantiles import Q
from roas.report import caused_words, change_words, glossary, tables_page, unsteady_words, verdict
from roas.report.caused_table import caused_table
from roas.report.tear_table import tear_table
from roas.response.lift import LiftCheck, LiftTest
from roas.response.model import usable
from roas.response.verdicts import EXPERIMENT
from roas.volatility.maturity.cut import conservative_cut
from tests.charts.conftest import Make
from tests.charts.test_caused import table
from tests.charts.unsteady_tables import FELL, breaks, weeks
from tests.report.conftest import Account

ROAS = Path(__file__).parents[1] / "roas"

#: Names of channels in letters of no language, so that every letter left is one of ours.
ONE, TWO = "#1", "#2"

#: What stays as it is in every language: measures, codes, units of short amounts, files and options.
KEPT = re.compile(
    r"\b(MER|ROAS|CPA|CPM|CPC|CTR|CVR|EUR|USD|UTC|sd|All channels|Day|Amount spent \(EUR\)|\w+\.csv)\b|(?<=\d)[KT]\b"
)
DATES = re.compile(r"\d{1,2} [a-z]{3,9}\.?( \d{4})?|^[a-z]{3}$", re.MULTILINE)


class Wrapped(gettext.NullTranslations):
    """A language in which every sentence is its English in brackets."""

    def gettext(self, message: str) -> str:
        return f"⟦{message}⟧"

    def ngettext(self, one: str, many: str, number: int) -> str:
        return f"⟦{one if number == 1 else many}⟧"


@pytest.fixture
def wrapped(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(language, "_translations", lambda _: Wrapped())
    with speaking("nl"):
        yield
    plt.close("all")


def unsaid(text: str) -> str:
    """What of a text was not said: letters outside brackets that are no name, measure or date."""
    before = None
    while before != text:
        before, text = text, re.sub(r"⟦[^⟦⟧]*⟧", "", text)
    return "".join(re.findall(r"[^\W\d_]+", KEPT.sub("", DATES.sub("", text))))


def assert_said(*texts: str | None) -> None:
    wrong = [text for text in texts if text and unsaid(text)]
    assert not wrong, wrong
    assert any(text and "⟦" in text for text in texts)


# ---- the tests' own means ------------------------------------------------------------------------


def test_unsaid_finds_what_stands_outside_a_sentence() -> None:
    assert unsaid("⟦Spend of ⟦2 channels⟧⟧, 12 mrt 2025: EUR") == ""
    assert unsaid("⟦Spend⟧ a week") == "aweek"


# ---- notes, read from the source: no sentence reaches one without being said ---------------------

#: Calls whose text a report shows → place of the text among the arguments.
TOLD = {"note": 0, "warn": 0, "reject": 0, "drop": 1}
SAYING = {"say", "say_many", "plural", "aside_said", "mark"}


def unsaid_calls(path: Path, *, notes: bool) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        of_list = notes and node.func.attr == "append" and ast.unparse(node.func.value) in ("notes", "out", "said")
        place = 0 if of_list else TOLD.get(node.func.attr)
        if place is not None and len(node.args) > place:
            yield from (f"{path.name}:{node.lineno}: {text}" for text in _literals(node.args[place]))


def _literals(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in SAYING:
        return
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ("join", "get"):
        return
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and re.search(r"[a-z]{3}", node.value):
        yield node.value
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.expr):
            yield from _literals(child)


@pytest.mark.parametrize("part", ["io", "response", "analysis", "volatility"])
def test_no_note_is_written_without_being_said(part: str) -> None:
    found = [text for path in sorted((ROAS / part).rglob("*.py")) for text in unsaid_calls(path, notes=part != "io")]
    assert not found, found


def test_the_search_through_the_source_would_find_one(tmp_path: Path) -> None:
    source = tmp_path / "one.py"
    source.write_text('findings.note(f"{rows} rows left out")\ntable.drop(mask, say("totals row"))\n', encoding="utf-8")
    assert list(unsaid_calls(source, notes=False)) == ["one.py:1:  rows left out"]


# ---- files ---------------------------------------------------------------------------------------


def read(folder: Path, name: str, text: str, **options: Any) -> list[str]:
    """The notes and reasons that reading a file gives."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    found = roas.inspect(path, **options).reports[0]
    assert not found.findings.errors, found.findings.errors
    return [*found.findings.notes, *(each.reason for each in found.findings.rejected)]


def test_what_was_repaired_in_a_file_is_said(wrapped: None, tmp_path: Path) -> None:
    days = "".join(f"2025-01-{d:02},#1,{10 + d}.00,{d}\n" for d in range(6, 20))
    notes = read(
        tmp_path, "spend.csv", "date,channel,spend,clicks\n" + days + "2025-01-19,#1,29.00,19\n2025-01-25,#1,,<5\nTotal,,300,\n"
    )  # fmt: skip
    assert len(notes) >= 4
    assert_said(*notes)


def test_orders_of_a_shop_say_how_revenue_was_made(wrapped: None, tmp_path: Path) -> None:
    head = "Name,Financial Status,Created at,Currency,Subtotal,Shipping,Taxes,Total,Refunded Amount,Cancelled at\n"
    rows = "".join(
        f"#{i},{status},2025-01-{6 + i:02} 10:00:00 +0000,EUR,{100 + i},5,21,{126 + i},{back},{gone}\n"
        for i, (status, back, gone) in enumerate(
            [("paid", 0, ""), ("refunded", 20, ""), ("voided", 0, ""), ("paid", 0, "2025-01-12 10:00:00 +0000")]
        )
    )
    notes = read(tmp_path, "orders.csv", head + rows)
    assert any("revenue is" in note for note in notes)
    assert_said(*notes)


def test_sums_in_notes_are_written_as_the_language_does(tmp_path: Path) -> None:
    text = "date,channel,spend\n2025-01-06,#1,5000\n2025-01-07,#1,5000\n2025-01-08,#1,-1234.5\n"
    with speaking("nl"):
        assert read(tmp_path, "a.csv", text, credits="net") == [
            "1 negatief bedrag afgetrokken als creditering (−1.234,50)"
        ]
    assert read(tmp_path, "a.csv", text, credits="net") == ["1 negative amount subtracted as credits (-1,234.50)"]


# ---- the analysis --------------------------------------------------------------------------------


def account(
    *, days: int = 130, claims: bool = True, revenue: float | None = 500.0, model: bool = False
) -> roas.Analysis:
    return _account(say("Spend"), days, claims, revenue, model)


@cache
def _account(_tongue: str, days: int, claims: bool, revenue: float | None, model: bool) -> roas.Analysis:
    """Analyse once per language, which the word for spend tells apart."""
    spent = Account.spend((ONE, TWO), days=days, claims=claims, campaigns=0)
    till = None if revenue is None else Account.revenue(days, revenue)
    return roas.analyze(spent, till, currency="EUR", model=model)


def words_of(analysis: roas.Analysis) -> list[str | None]:
    """Every sentence of ours that a report makes of an analysis."""
    numbers = verdict.numbers(analysis)
    return [
        *analysis.notes, verdict.returned(analysis), verdict.over_claim(analysis), verdict.comparison(analysis),
        *(text for each in numbers for text in (each.label, each.says)), *verdict.next_steps(analysis),
        caused_words.sentence(analysis), caused_words.caution(analysis), caused_words.claims(analysis),
        caused_words.verdict(analysis), caused_words.modelled(analysis), caused_words.summary_line(analysis),
        *caused_words.experiments(analysis), unsteady_words.sentence(analysis), *unsteady_words.breaks(analysis),
        unsteady_words.watch(analysis), unsteady_words.together(analysis), unsteady_words.judged(analysis),
        *change_words.sentences(analysis),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "given",
    [{}, {"revenue": None}, {"claims": False}, {"claims": False, "revenue": None}, {"revenue": 30.0, "days": 40}],
    ids=["all", "no revenue", "no claims", "spend alone", "over-claimed and short"],
)
def test_an_analysis_speaks_with_one_tongue(wrapped: None, given: dict[str, Any]) -> None:
    analysis = account(**given)
    assert_said(*words_of(analysis))
    found = tear_table(analysis)
    if found is not None:
        assert_said(found.caption, *(text for pair in found.headings for text in pair))
        assert_said(*(text for row in found.rows for cell in row.cells for text in cell))


@pytest.mark.parametrize(
    ("identified", "claims"),
    [
        (("identified", "identified"), True),
        (("identified", "partly"), True),
        (("not identified", "not identified"), True),
        (("identified", "partly"), False),
    ],
)
def test_what_ads_caused_is_said(wrapped: None, identified: tuple[Any, Any], claims: bool) -> None:
    known = account(claims=claims)
    narrow = Q(1.0, 1.5, 2.0)
    why = (say("its spend never varied"),)
    one = Account.channel(ONE, identified=identified[0], roas=narrow, state="saturated", reasons=why)
    two = Account.channel(TWO, identified=identified[1], roas=narrow, state="headroom", reasons=why)
    two = replace(two, marginal_roas=None, verdict=replace(two.verdict, experiment=say(EXPERIMENT, channel=TWO)))
    one = replace(one, verdict=replace(one.verdict, experiment=say(EXPERIMENT, channel=ONE)))
    analysis = Account.believed(known, one, two, excluded={})
    assert_said(*words_of(analysis))
    shown = caused_table(analysis)
    assert shown is not None
    assert_said(shown.caption, shown.unit, *(text for row in shown.rows for text in vars(row).values()))


def test_a_model_that_failed_says_so(wrapped: None) -> None:
    known = account()
    for changes in ({"converged": False}, {"excluded": {ONE: say("no spend in the window")}}):
        channels = [] if "excluded" in changes else [Account.channel(ONE)]
        assert_said(caused_words.sentence(Account.believed(known, *channels, **changes)))


@pytest.mark.parametrize("tongue", ["en", "nl", "vi"])
def test_the_note_that_nothing_was_estimated_is_found_again(tongue: str) -> None:
    with speaking(tongue):
        note = say(NOT_ESTIMATED, why="{why}")
        assert is_not_estimated(note)
        assert not is_not_estimated(say("Breaks and comparisons of claims."))
        short = account(days=40, model=True)
        assert short.response is None
        (found,) = [each for each in short.notes if is_not_estimated(each)]
        assert caused_words.sentence(short) == found


def test_lift_tests_that_are_set_aside_say_why(wrapped: None) -> None:
    from roas.response.data import MediaData

    days = np.arange("2025-01-06", "2025-03-17", dtype="datetime64[D]")
    data = MediaData(
        days, "day", (ONE,), np.full((len(days), 1), 10.0), np.full(len(days), 100.0), np.zeros((len(days), 0))
    )
    begin, end = (pd.Timestamp(day).date() for day in ("2025-02-03", "2025-02-16"))
    tests = [
        LiftTest(TWO, begin, end, 10.0, 1.0), LiftTest(ONE, begin, end.replace(year=2027), 10.0, 1.0),
        LiftTest(ONE, begin, end, 1e9, 1.0), LiftTest(ONE, begin, end, 10.0, 1.0, 1e6),
        LiftTest(ONE, begin, end, 10.0, 1.0, 0.0), LiftTest(ONE, begin, end, 10.0, 1e-6),
    ]  # fmt: skip
    kept, notes = usable(tests, data)
    assert len(kept) == 1
    assert len(set(notes)) == len(tests)
    assert_said(*notes, LiftCheck(kept[0], (1.0, 2.0, 3.0), 0.2, disagrees=False).says())


def test_the_cut_of_late_claims_says_why(wrapped: None) -> None:
    day = pd.Timestamp("2025-03-02").date()
    assert_said(*(conservative_cut(day, of="claimed_roas", window_days=d).note for d in (None, 28)))
    assert_said(conservative_cut(day, of="mer").note)


# ---- constants and tables ------------------------------------------------------------------------


def test_every_term_of_the_glossary_is_said(wrapped: None) -> None:
    for terms in (glossary.TERMS, glossary.CAUSED_TERMS, glossary.STEADY_TERMS):
        assert_said(*(text for pair in glossary.said(terms) for text in pair))


@pytest.mark.parametrize("tongue", ["nl", "vi"])
def test_every_constant_is_known_to_the_catalogues(tongue: str) -> None:
    texts = [
        *(text for terms in (glossary.TERMS, glossary.CAUSED_TERMS, glossary.STEADY_TERMS) for pair in terms for text in pair),
        *glossary.MODEL, *glossary.STEADY, *change_words.FACTOR.values(), *unsteady_words.PART.values(),
        *(text for each in tables_page.FIGURES for text in (each.heading, each.means)),
        caused_words.UNKNOWN, caused_words.UNSETTLED, caused_words.MODELLED, caused_words.NOT_CAUSED, verdict.UNCHECKED,
    ]  # fmt: skip
    with speaking(tongue):
        same = {text for text in texts if text and say(text) == text}
    assert same <= {"MER", "CPA", "CPM", "CTR", "CVR", "CPA, CPM, CPC", "CTR, CVR", "Break-even", "Recent"}


def test_a_table_has_headings_in_the_language(wrapped: None) -> None:
    frame = account().channels
    long = pd.concat([frame] * 30, ignore_index=True)
    names = [tables_page.Column("channel", "Channel", text=True)]
    found = tables_page.page_table(long, names, caption="", currency="EUR", what="channels")
    assert_said(*(text for each in found.columns for text in (each.heading, each.means)), *found.rest, *found.missing)


# ---- charts --------------------------------------------------------------------------------------


def texts(ax: Any) -> list[str]:
    own = [t.get_text() for t in ax.texts]
    ticks = [t.get_text() for t in (*ax.get_xticklabels(), *ax.get_yticklabels())] if ax.axison else []
    return [*own, *ticks]


def test_charts_of_weeks_are_said(wrapped: None) -> None:
    some = Make.weeks()
    assert_said(*texts(charts.spend_and_revenue(some, currency="EUR")))
    assert_said(*texts(charts.mer_by_week(some.assign(complete=some.index < 18), break_even=1.5)))
    assert_said(*texts(charts.claimed_roas_by_week(some.iloc[:0])))


def test_charts_of_effects_are_said(wrapped: None) -> None:
    found = table([ONE, TWO])
    assert_said(*texts(charts.claimed_against_caused(found, currency="EUR", break_even=2.0)))
    assert_said(*texts(charts.marginal_roas_by_channel(found, break_even=1.0)))


def test_the_chart_of_luck_is_said(wrapped: None) -> None:
    assert_said(*texts(charts.roas_with_noise(weeks(30, unfinished=2), breaks=breaks(FELL), shares={"sampling": 0.3})))


@pytest.mark.parametrize("sure", [0.5, 0.7, 0.97, None])
@pytest.mark.parametrize("after", [2.0, 4.0])
def test_titles_of_breaks_are_said(wrapped: None, sure: float | None, after: float) -> None:
    grid = weeks(20).assign(ripe=True, judged=True, above=False, below=False)
    one = Break(pd.Timestamp("2025-03-03"), 3.0, after, sure)
    assert_said(*(noise_title(grid, found, "MER") for found in ([one], [one, one])), since(one, brief=False))


@pytest.mark.parametrize("outside", [0, 1, 3, 12])
def test_titles_of_luck_are_said(wrapped: None, outside: int) -> None:
    grid = weeks(20).assign(ripe=True, judged=True, below=False)
    grid["above"] = grid.index < outside
    assert_said(*(noise_title(grid.iloc[:n], [], "MER") for n in (1, 5, 20)))


def test_amounts_on_an_axis_keep_their_zeros() -> None:
    from roas.charts.axis import tidy_money
    from roas.charts.causal_words import one

    with speaking("nl"):
        assert [tidy_money(v, "EUR").replace("\u00a0", " ") for v in (0, 20, 500, 1500, 20_000)] == [
            "€ 0", "€ 20", "€ 500", "€ 1,5K", "€ 20K"
        ]  # fmt: skip
        assert one("EUR").replace("\u00a0", " ") == "€ 1"
    assert [tidy_money(v, "EUR") for v in (0, 20, 1500)] == ["€0", "€20", "€1.5K"]
