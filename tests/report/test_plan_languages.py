"""What-if in every language: nothing is left in English, and amounts are written as the language writes them."""

from __future__ import annotations

import gettext
import html
import io
import json
import pickle
import re
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path
from string import Formatter
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from roas import language
from roas.analysis.asked import Asked
from roas.analysis.planning import optimize, plan
from roas.analysis.what_if import WhatIf
from roas.calendar import last_day
from roas.charts.layout import said
from roas.charts.plan import planned_spend
from roas.format import change, day, money, percent
from roas.language import catalogue, speaking
from roas.plan.doubts import PILOT
from roas.plan.evaluate import evaluate
from roas.plan.results import Warned
from roas.plan.sentences import Sentence, told
from roas.quantiles import Q
from roas.report import plan_sliders
from roas.report import plan_words as words
from roas.report.plan_data import plan_data
from roas.report.plan_gains import brings
from roas.report.plan_moves import about, exact, interval, sure
from roas.report.plan_page import context, page
from roas.report.plan_page_words import WORDS, numbers, page_words
from roas.report.plan_sliders import IDS, SCRIPTS, script
from roas.report.plan_summary import plan_summary
from roas.response.verdicts import EXPERIMENT
from tests.analysis import planned_account
from tests.report.plan_page.accounts import account
from tests.report.plan_page.browser import visited
from tests.report.test_plan import answered, made, move

LANGUAGES = ("nl", "vi")

#: Names of an account: nothing of them may be translated.
NAMES = ("Meta", "Search", "TikTok", "Radio", "c0", "c1", "c2", "c3", "c4", "c5")


class Brackets(gettext.NullTranslations):
    """A language in which every sentence is in brackets, so that what is not said through it stands out."""

    def gettext(self, message: str) -> str:
        return f"⟦{message}⟧"

    def ngettext(self, one: str, many: str, number: int) -> str:
        return f"⟦{one if number == 1 else many}⟧"


@pytest.fixture
def bracketed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    def of(tag: str) -> gettext.NullTranslations:
        return gettext.NullTranslations() if tag == "en" else Brackets()

    monkeypatch.setattr(language, "_translations", of)
    with speaking("nl"):
        yield


def outside(text: str) -> str:
    """What stands outside brackets; names, amounts and shares are left out."""
    depth, found = 0, ""
    for character in text:
        depth += (character == "⟦") - (character == "⟧")
        found += character if depth == 0 and character != "⟧" else ""
    for name in sorted(NAMES, key=len, reverse=True):
        found = found.replace(name, "")
    return re.sub(r"(€|EUR|mln\.|K)|[^\w]|\d", "", found)


# ---- nothing left in English -----------------------------------------------------------------

CUT = Q(-900.0, -500.0, -200.0)
GAIN = Q(700.0, 1150.0, 1900.0)
OPEN = Q(-70.0, 50.0, 190.0)


def plans() -> Iterator[WhatIf]:
    """What-ifs in which every sentence comes up."""
    swap = made(move("Meta", 6000, 4800, gain=CUT), move("Search", 1000, 2200, gain=GAIN, known="partly"))
    many = made(move("Meta", 1000, 400, gain=CUT), *(move(f"c{i}", 100, 200, gain=GAIN) for i in range(6)))
    cuts = made(*(replace(m, planned=m.now, now=m.planned) for m in many.moves), revenue_change=CUT)
    two = made(move("Meta", 600, 480, known="prior"), move("Search", 100, 250.5, known="prior"))
    for asked in (Asked(optimize=True), Asked(shift=("x",))):
        for chance in (0.96, 0.7, 0.5, 0.3, 0.02):
            yield answered(replace(swap, probability_better=chance), asked=(asked,))
    for each in (many, cuts, two, made(*swap.moves[:1]), made(*swap.moves[1:])):
        for chance in (0.96, 0.001):
            yield answered(replace(each, probability_better=chance, revenue_change=OPEN))
    for revenue in (GAIN, CUT):
        for profit in (GAIN, CUT):
            worth = replace(many, revenue_change=revenue, profit_change=profit)
            yield answered(worth, margin=0.5, asked=(Asked(optimize=True, budget=1.0),))
    yield answered(replace(swap, held=True), asked=(Asked(optimize=True),))
    still = made(move("Meta", 6000, 6000, known="partly"), move("Search", 1000, 1000))
    yield answered(still)
    yield answered(replace(still, held=True))
    yield answered(replace(still, held=True), converged=False)
    yield answered(made(move("Meta", 6000, 6000), held=True))
    facts = {"reached": True, "probability_reached": 0.6, "revenue_now": 9000.0}
    yield answered(replace(swap, facts=facts), asked=(Asked(target_revenue=1e4),))
    yield answered(replace(still, facts={"reached": False}), asked=(Asked(target_revenue=1e4),))
    kinds: Any = ("beyond_observed", "ramp", "binding", "not_modelled")
    doubted = tuple(Warned(name, kind, "") for kind in kinds for name in ("Meta", "Search"))
    yield answered(replace(swap, warnings=doubted))
    yield answered(swap, excluded={"Meta": "no spend in the window"})
    low = replace(swap, name="c0", draws=np.linspace(0, 100, 50), revenue_change=Q(5.0, 50.0, 95.0))
    high = replace(swap, name="c1")
    yield answered(low, high, compared=True)
    yield answered(low, high, compared=True, margin=0.5)
    yield answered(low, replace(many, name="c2"), compared=True)
    yield answered(low, compared=True)
    bad = replace(low, name="c3", probability_better=0.1)
    yield answered(bad, compared=True)


def spoken_of(result: WhatIf) -> list[str]:
    plan = result.plan
    compared = [words.comparison(result)] if result.compared else []
    every = [words.verdict(result, plan), *words.gains(result, plan), *words.cautions(result, plan)]
    return [*compared, *every, words.caution(result), *words.notes(result)]


@pytest.mark.usefixtures("bracketed")
def test_every_sentence_on_a_plan_is_said_in_the_language() -> None:
    for result in plans():
        for text in spoken_of(result):
            assert outside(text) == "", text


@pytest.fixture(scope="module")
def answers() -> list[WhatIf]:
    """Answers of the planner itself, with its reasons and notes, made while English is spoken."""
    bare = planned_account.bare()
    known, partly, wide, lost = (
        replace(bare, response=planned_account.response(**changes))
        for changes in ({}, {"excluded": ("TikTok",)}, {"spread": 1.5}, {"converged": False})
    )
    return [
        optimize(known, max_change="90%"),
        optimize(known, fix=["Meta", "Search", "TikTok"]),
        optimize(known, fix=["brand"]),
        optimize(known, target_revenue=99_100),
        plan(known, shift=["Meta=+5000", "Search=-90%", "TikTok=+80"]),
        plan(known, budget=2500),
        optimize(partly),
        plan(partly, shift="TikTok>Meta=50"),
        optimize(wide),
        optimize(lost),
    ]


@pytest.mark.usefixtures("bracketed")
def test_reasons_kept_with_a_plan_are_said_in_the_language_of_the_reader(answers: list[WhatIf]) -> None:
    kinds = set()
    for result in answers:
        for warned in result.plan.warnings:
            kinds.add(warned.kind)
            text = told(warned.reason).replace("it spent in two weeks only", "")
            assert outside(text) == "", text
        for text in spoken_of(result):
            assert outside(text) == "", text
        for warned in result.to_dict()["warnings"]:
            assert warned["reason"].startswith("⟦")
    assert kinds >= {"held", "other", "ramp", "prior", "beyond_observed", "not_modelled"}


def test_a_document_is_in_english_by_default(answers: list[WhatIf]) -> None:
    for result in answers:
        for warned, document in zip(result.plan.warnings, result.to_dict()["warnings"], strict=True):
            assert document["reason"] == warned.reason == str(warned.reason)
            assert "⟦" not in warned.reason


class Texts(HTMLParser):
    """Every text and label of a page, but for styles, scripts and names."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.open: list[str] = []
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append(tag)
        self.found += [value or "" for key, value in attrs if key in ("aria-label", "alt", "title", "data-label")]

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] not in ("script", "style", "bdi"):
            self.found.append(data)


@pytest.mark.usefixtures("bracketed")
def test_the_page_and_its_data_hold_no_english() -> None:
    result = next(r for r in plans() if r.compared)
    shown = context(result)
    period = [day(result.analysis.window[of]) for of in ("start", "end")]
    for text in Texts(page(result)).found:
        for date in period:
            text = text.replace(date, "")
        assert outside(text) == "", text
    assert shown["language"] == "nl"
    assert all(text.startswith("⟦") and text.endswith("⟧") for text in page_words().values())


@pytest.mark.usefixtures("bracketed")
def test_the_sliders_and_their_presets_hold_no_english() -> None:
    made_up = account(("Meta", "Search"), n=30)
    result = made_up.ask(evaluate(made_up.model, made_up.today, {"Meta": 500.0}), optimized=False)
    text = page(result)
    assert '<html lang="nl">' in text
    for each in Texts(text).found:
        window = result.analysis.window
        for date in (window["start"], last_day(window)):
            each = each.replace(day(date), "")
        assert outside(each) == "", each
    data = plan_data(result)
    assert data is not None
    assert data["presets"][0]["name"] == "⟦Your plan⟧"
    assert set(data["words"]) == set(WORDS)


@pytest.mark.usefixtures("bracketed")
def test_a_terminal_and_the_chart_are_in_the_language() -> None:
    for result in plans():
        out = io.StringIO()
        plan_summary(result, Console(width=400, file=out, highlight=False, color_system=None))
        text = out.getvalue().replace("2025-01-06", "").replace("2025-06-01", "")
        assert outside(text.replace("─", "")) == "", text
    frame = answered(made(move("Meta", 600, 480), move("Search", 100, 220))).to_frame()
    for table in (frame, frame.head(1), frame.tail(1), frame.head(0)):
        ax = planned_spend(table, currency="EUR")
        assert outside(said(ax, "title")) == outside(said(ax, "subtitle")) == ""
    plt.close("all")


# ---- catalogues ------------------------------------------------------------------------------


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("tag", LANGUAGES)
def test_every_message_of_the_page_is_translated_with_its_fields(tag: str) -> None:
    known = catalogue(tag)
    for message in (*WORDS.values(), PILOT, words.CAUTION):
        found = known.get(message)
        assert found is not None, message
        assert found.string, message
        assert fields(str(found.string)) == fields(message)


@pytest.mark.parametrize("tag", LANGUAGES)
def test_answers_are_whole_in_every_language(tag: str) -> None:
    """No sentence falls back to English, and every field finds its place."""
    for result in plans():
        english = spoken_of(result)
        with speaking(tag):
            there = spoken_of(result)
        assert len(there) == len(english)
        for one, other in zip(english, there, strict=True):
            assert (one != other) == bool(one), one
            assert "{" not in other


def test_the_pilot_has_the_words_of_the_model() -> None:
    assert PILOT == EXPERIMENT


# ---- sentences that are kept -----------------------------------------------------------------


def test_a_kept_sentence_is_english_until_it_is_said() -> None:
    with speaking("nl"):
        kept = Sentence("{amount} now", amount=(money, 1234.5, "EUR"))
        assert kept == "€1.23K now"
        assert told(kept) == "€\u00a01,23K now"
    again = pickle.loads(pickle.dumps(kept))
    assert again == kept
    assert again.fields == kept.fields
    with speaking("vi"):
        assert again.said() == "1,23 nghìn\u00a0€ now"


@given(st.text())
def test_a_text_of_someone_else_is_told_as_it_is(text: str) -> None:
    assert told(text) == text


# ---- amounts ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tag", "whole", "small", "large", "spread"),
    [
        ("en", "€1,200", "€7.50", "€1.24M", "90 % interval: €120 less to €1,300 more"),
        ("nl", "€ 1.200", "€ 7,50", "€ 1,24 mln.", "90%-bandbreedte: € 120 minder tot € 1.300 meer"),
        ("vi", "1.200 €", "7,50 €", "1,24 triệu €", "khoảng tin cậy 90%: giảm 120 € đến tăng 1.300 €"),
    ],
)
def test_amounts_are_written_as_the_language_has_them(
    tag: str, whole: str, small: str, large: str, spread: str
) -> None:
    with speaking(tag):
        found = [exact(1200, "EUR"), about(7.5, "EUR"), about(1.24e6, "EUR"), interval(Q(-120, 400, 1300), "EUR")]
    assert [text.replace("\u00a0", " ") for text in found] == [whole, small, large, spread]


@pytest.mark.parametrize("tag", ["en", *LANGUAGES])
@pytest.mark.parametrize("currency", ["EUR", "VND", "JPY", "CHF", "KWD", None])
def test_the_pages_patterns_write_what_the_command_writes(tag: str, currency: str | None) -> None:
    with speaking(tag):
        found = numbers(currency)
        assert found["full"].count("{n}") == 1
        assert [size for size, _ in found["units"]] == [1e12, 1e9, 1e6, 1e3, 1.0]
        for size, pattern in found["units"]:
            number = "2.5" if tag == "en" else "2,5"
            written = money(2.5 * size, currency)
            assert pattern.replace("{n}", number) == written.replace("2.50", "2.5").replace("2,50", "2,5")
        assert found["percent"].replace("{n}", "75") == percent(0.75)


# ---- the scripts -----------------------------------------------------------------------------


def test_scripts_say_what_python_gives_them_and_nothing_else() -> None:
    code = script()
    asked = set(re.findall(r'\bsay\("(\w+)"', code))
    asked |= {key for found in re.findall(r'say\([^()]*\? "(\w+)" : "(\w+)"', code) for key in found}
    asked |= {f"in_{unit}" for unit in ("profit", "revenue", "rest")} | {
        f"as_{u}" for u in ("profit", "revenue", "rest")
    }
    asked |= {"more", "less", "more_more", "more_less", "less_more", "less_less", "partly", "prior"}
    asked |= {"no_number", "open"}  # what is wrong with an amount that was typed
    assert asked == set(WORDS)
    literals = re.findall(r'"([^"\n]*)"', re.sub(r"(?m)//.*$|/[^/ \n]*\"[^/\n]*/g?", "", code))
    # Classes of elements and a directive are no words.
    assert {text for text in literals if re.search(r"[A-Za-z]{3,} [a-z]{2,}", text)} == {
        "use strict", "check hold", "mover fixed",
    }  # fmt: skip
    assert not re.search(r"`[^`$\n]*[A-Za-z]{3,} [a-z]{2,}", code)


def test_the_ids_of_the_sliders_are_named() -> None:
    partial = files("roas.report").joinpath("templates/plan_sliders.html.j2").read_text(encoding="utf-8")
    assert set(re.findall(r'\bid="([^"]+)"', partial)) == IDS
    used = set(re.findall(r'element\("([^"]+)"\)', script()))
    assert used <= IDS
    assert len(SCRIPTS) == len(set(SCRIPTS))


def test_a_page_around_gets_nothing_where_nothing_may_move() -> None:
    result = optimize(replace(planned_account.bare(), response=planned_account.response(converged=False)))
    assert plan_sliders.plan_context(result)["sliders"] is None


# ---- in a real browser -----------------------------------------------------------------------


@pytest.mark.chromium
@pytest.mark.slow
@pytest.mark.parametrize("tag", ["en", *LANGUAGES])
def test_the_browser_writes_amounts_in_the_language(chromium: str, tmp_path: Path, tag: str) -> None:
    made_up = account(("Meta", "Search"), n=200)
    meta, search = made_up.today.spend
    best = evaluate(made_up.model, made_up.today, {"Meta": meta - 100, "Search": search + 100})
    result = made_up.ask(best)
    rng = np.random.default_rng(1)
    values = [float(f"{v:.6g}") for v in 10 ** rng.uniform(-1.9, 13, 150)] + [9.5, 99.5, 999.4, 9995.0, 999_500.0, 1e6]
    cents = [*(int(c) for c in 10 ** rng.uniform(0, 12, 150)), 115250, 100]
    chances = [0, 0.005, 0.0994, 0.0995, 0.5, 0.945, 0.99, 0.995, 1]
    moves = [(1000, 1000), (1000, 1003), (1000, 1120), (1000, 950), (0, 5), (100, 2000), (100, 250000)]
    with speaking(tag):
        text = page(result)
        ours = [about(v, "EUR") for v in values] + [exact(c / 100, "EUR") for c in cents] + [sure(p) for p in chances]
        ours += ["–" if now == to else change(to / now - 1) if now else language.say("new") for now, to in moves]
        brought = brings(result, best)
    written = f"""document.documentElement.dataset.words = JSON.stringify([...{values}.map(about), ...{cents}.map(exact),
      ...{chances}.map(sure), ...{[list(m) for m in moves]}.map((m) => changeOf(...m))]);\n  // ---- start ---"""
    found = visited(chromium, tmp_path, text.replace("  // ---- start ---", written), "#check", then="0")
    theirs = json.loads(found["words"])
    assert [each.replace("\u00a0", " ") for each in theirs] == [each.replace("\u00a0", " ") for each in ours]
    # The interval of the live sentence is the command's.
    inside = re.findall(r"\(([^)]*)\)", brought)
    assert html.unescape(found["live"]).replace("\u00a0", " ").count(inside[0].replace("\u00a0", " ")) == 1
    assert found["overflow"] == "0"
