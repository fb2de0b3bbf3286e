"""The page of a week: one harmless file, in order, said in one language, readable without seeing it."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any

import pytest

from roas.format import visible
from roas.report.plan_page import plan_context
from roas.report.weekly import page as module
from roas.report.weekly.page import context, weekly_page
from roas.weekly.record import WeeklyReport
from tests.report.weekly.conftest import outside
from tests.report.weekly.example import NAMES, analysis, weekly_report, what_if

#: Elements without an end.
VOID = {"meta", "link", "br", "input", "col"}

#: Largest size of a page, bytes; our promise is 3 MB.
LARGEST = 3_000_000


class Reader(HTMLParser):
    """Reads a page strictly: every element ends where it should."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.feed(source)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, tag

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def all(self, name: str) -> list[dict[str, str | None]]:
        return [attrs for tag, attrs in self.elements if tag == name]


@pytest.fixture(scope="module")
def read(weekly_source: str) -> Reader:
    return Reader(weekly_source)


def words(source: str) -> str:
    """What stands on a page for eyes and ears: texts, and words of attributes."""
    body = re.sub(r"<(style|script).*?</\1>", " ", source, flags=re.S)
    heard = re.findall(r'(?:aria-label|title|data-label)="([^"]*)"', body)
    return " ".join([re.sub(r"<[^>]+>", " ", body), *heard])


def test_it_is_one_file_that_asks_for_nothing(read: Reader, weekly_source: str) -> None:
    assert not [
        a for tag, a in read.elements if tag in ("script", "img", "iframe", "object", "embed", "audio", "video")
    ]
    assert [link["href"] for link in read.all("link")] == ["data:,"]
    assert not re.search(r"https?://(?!www\.w3\.org/)|url\((?!#)|@import", weekly_source)
    assert len(weekly_source.encode()) < LARGEST
    assert "default-src 'none'" in weekly_source


def test_names_of_others_cannot_run_or_turn_lines_around(weekly_source: str) -> None:
    assert "<script>" not in weekly_source
    assert "\u202e" not in weekly_source
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in weekly_source


def test_ids_are_unique_and_every_link_has_a_target(read: Reader) -> None:
    ids = [attrs["id"] for _, attrs in read.elements if "id" in attrs]
    assert len(ids) == len(set(ids))
    inside = {str(attrs["href"])[1:] for attrs in read.all("a")}
    assert inside <= set(ids)
    for _, attrs in read.elements:
        assert set(str(attrs.get("aria-labelledby") or "").split()) <= set(ids)


def test_landmarks_and_headings_are_in_order(read: Reader) -> None:
    assert [len(read.all(name)) for name in ("header", "nav", "main", "footer", "h1")] == [1, 1, 1, 1, 1]
    levels = [int(tag[1]) for tag, _ in read.elements if re.fullmatch(r"h[1-6]", tag)]
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert read.all("a")[0]["class"] == "skip"
    assert all("aria-labelledby" in attrs for attrs in read.all("section"))


def test_every_picture_is_said_in_words(read: Reader) -> None:
    pictures = read.all("svg")
    assert len(pictures) > 20
    assert all(svg["role"] == "img" and svg["aria-label"] for svg in pictures)


def test_what_scrolls_can_be_reached_by_keyboard(read: Reader) -> None:
    scrolls = [attrs for _, attrs in read.elements if "scroll" in str(attrs.get("class") or "").split()]
    assert scrolls
    assert all(attrs["tabindex"] == "0" and attrs["role"] == "region" and attrs["aria-label"] for attrs in scrolls)


def test_the_sections_come_in_the_order_of_a_monday(weekly_source: str) -> None:
    order = ["changes", "findings", "plan", "decisions", "channels", "checked", "files", "method"]
    places = [
        weekly_source.index(f'<section id="{name}"') if name != "method" else weekly_source.index('id="method"')
        for name in order
    ]
    assert places == sorted(places)
    assert weekly_source.index("<h1") < weekly_source.index('class="numbers week"') < places[0]


def test_the_same_report_gives_the_same_bytes(weekly: WeeklyReport) -> None:
    assert weekly_page(weekly, []) == weekly_page(weekly, [])


def test_a_report_of_nothing_but_spend_has_a_page() -> None:
    bare = weekly_report(alerts=(), changes=(), decisions=(), plan=None, figures=(), previous=None, notes=())
    source = weekly_page(replace(bare, analysis=replace(bare.analysis, response=None)), [])
    Reader(source)
    for section in ('id="plan"', 'id="decisions"', 'class="groups"'):
        assert section not in source


def test_sliders_stand_on_the_page_with_their_one_script_allowed(
    weekly: WeeklyReport, monkeypatch: pytest.MonkeyPatch
) -> None:
    curves = what_if(analysis(), sliders=True)
    monkeypatch.setattr(module, "plan_context", lambda _: plan_context(curves))
    source = weekly_page(weekly, [])
    read = Reader(source)
    assert len(read.all("input")) > 0
    assert [attrs.get("type") for attrs in read.all("script")] == ["application/json", None]
    assert "script-src 'sha256-" in source
    ids = [attrs["id"] for _, attrs in read.elements if "id" in attrs]
    assert len(ids) == len(set(ids))


# ---- languages -------------------------------------------------------------------------------

#: Words that are of no language, or of the example: names, units, hashes, words that others gave.
GIVEN = re.compile(
    r"sha256 [0-9a-f]{64}|\b(EUR|MER|ROAS|W\d+)\b|\b(January|February|March|April|May|Jan|Feb|Mar|Apr|Dec)\b|"
    r"<table>|<revenue>|Mai|Move money|€|\b[KM]\b"
)


def test_every_sentence_of_the_page_is_translated(bracketed: Any, weekly: WeeklyReport) -> None:
    with bracketed():
        source = weekly_page(weekly, [])
    source = re.sub(r">(generic [a-z]+|revenue)</td>", "></td>", source)  # names of formats
    said = html.unescape(words(source)).replace("\N{NO-BREAK SPACE}", " ")
    for given in sorted(told(weekly), key=len, reverse=True):
        said = said.replace(given, " ")
    left = set(re.findall(r"[^\W\d_]{2,}", GIVEN.sub(" ", outside(said))))
    assert left == set()


def told(weekly: WeeklyReport) -> set[str]:
    """What the example was given: names, and sentences that others make before the page is."""
    found = weekly.analysis.diagnosis
    lines = [each.says for finding in found.findings for each in finding.evidence]
    lines += [text for finding in found.findings for text in (finding.title, finding.action, finding.would_refute)]
    lines += [each.says for each in found.readings] + [each.because for each in found.hypotheses]
    lines += [*weekly.analysis.notes, *weekly.notes, *(each.because for each in weekly.decisions)]
    lines += [note for file in weekly.analysis.inputs for note in file.findings.notes]
    lines += [reason for each in weekly.analysis.caused.values() for reason in each.verdict.reasons]
    return {visible(text) for text in (*NAMES, *lines)}


def test_the_page_says_its_language(weekly: WeeklyReport) -> None:
    assert '<html lang="nl">' in weekly_page(replace(weekly, language="nl"), [])


@pytest.mark.parametrize("language", ["nl", "vi"])
def test_our_words_differ_from_english(weekly: WeeklyReport, language: str) -> None:
    english, other = (weekly_page(replace(weekly, language=tag), []) for tag in ("en", language))
    heads = [re.findall(r"<h2[^>]*>([^<]+)<", source) for source in (english, other)]
    assert len(heads[0]) == len(heads[1])
    assert not set(heads[0]) & set(heads[1])


def test_context_has_no_picture_that_the_page_has_no_place_for(weekly: WeeklyReport) -> None:
    assert context(weekly, [])["charts"] == {}
