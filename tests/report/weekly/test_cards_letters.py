"""Text on a card: no number is ever cut or broken, and a sentence ends where a clause does."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roas.format import money
from roas.language import languages, speaking
from roas.report.weekly.card.blank import HIGH
from roas.report.weekly.card.letters import cut, fits, glued, named, placed, width_of, wrapped
from roas.report.weekly.card.numbers import numbers_card
from roas.weekly.record import Figure, WeeklyReport
from tests.report.weekly.test_cards import drawing

LINES = st.text(st.characters(codec="latin-1", exclude_categories=["Cc", "Cf", "Zs"]) | st.just(" "), max_size=60)

#: Words and amounts as sentences have them.
WORDS = st.sampled_from(
    ["doanh", "thu", "per", "week", "costs,", "that;", "(90", "%:", "€4.25K", "6,35 nghìn €", "9,27 triệu", "43 %",
     "CHF 12.3M", "1,00 nghìn tỷ €", "wordsofmanylettersthatgoon"]
)  # fmt: skip
SENTENCES = st.lists(WORDS, min_size=1, max_size=25).map(" ".join)

#: A week of a large shop: figures and ranges as wide as they come.
LARGE = (
    Figure("spend", "money", 7_320.0, 8_900.0, 7_320.0, 16_300.0),
    Figure("revenue", "money", 888_500_000.0, 360_000_000.0, 714_000_000.0, 985_000_000.0),
    Figure("mer", "ratio", 9.5, 4.0, 3.0, 4.0),
)


def numbers(texts: Iterable[str]) -> set[str]:
    """The numbers of texts, each with its unit and currency."""
    return {word.rstrip(".,;:") for text in texts for word in glued(text).split(" ") if re.search(r"\d", word)}


@settings(max_examples=25)
@given(LINES, st.floats(40, 300), st.booleans())
def test_lines_are_no_wider_than_their_column_and_lose_nothing(text: str, wide: float, bold: bool) -> None:
    lines = wrapped(text, wide, 13.0, bold=bold)
    assert all(width_of(line, 13.0, bold) <= wide for line in lines)
    assert "".join(lines).replace(" ", "").replace("\xa0", "") == text.replace(" ", "").replace("\xa0", "")


@settings(max_examples=25)
@given(LINES.filter(str.strip), st.floats(40, 300))
def test_a_text_that_is_cut_takes_one_line(text: str, wide: float) -> None:
    assert not (said := cut(text, wide, 13.0)) or width_of(said, 13.0, False) <= wide
    assert width_of(named(text, wide), 13.0, True) <= wide


@pytest.mark.parametrize("language", languages())
@settings(max_examples=20)
@given(text=SENTENCES, wide=st.floats(100, 500), lines=st.integers(1, 4))
def test_no_number_is_broken_nor_parted_from_its_unit(language: str, text: str, wide: float, lines: int) -> None:
    with speaking(language):
        size, broken = placed(text, wide, (16.0, 13.0), lines=lines)
        assert len(broken) <= lines
        assert all(width_of(line, size, False) <= wide for line in broken)
        assert numbers(broken) <= numbers([text])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Wat de site nu kost, is niet bewezen (90% zeker), wat je € 4,25K omzet per week zou kosten.",
         "Wat de site nu kost, is niet bewezen …"),
        ("Một tuần bình thường; nếu đúng, bạn mất 9,27 nghìn € doanh thu mỗi tuần.", "Một tuần bình thường …"),
        ("The site converts less and that costs €4.25K of revenue per week in all",
         "The site converts less and that costs …"),
        ("€4.25K of revenue per week", ""),
    ],
)  # fmt: skip
def test_a_sentence_is_cut_at_a_clause_or_before_the_number(text: str, said: str) -> None:
    with speaking("vi"):
        assert cut(text, 0.7 * width_of(text, 13.0, False), 13.0) == said


@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "CHF_12.3M, 43_%, 7_September 2026"), ("nl", "7_september 2026: 8,00_mln."),
     ("vi", "1,00_nghìn_tỷ_₫ đến 9,27_triệu_₫")],
)  # fmt: skip
def test_a_number_and_its_unit_stand_on_one_line(language: str, text: str) -> None:
    with speaking(language):
        plain = text.replace("_", "\xa0" if language == "nl" else " ").replace(" ₫", "\xa0₫")
        assert glued(plain) == text.replace("_", "\xa0")


def test_a_lone_number_gets_smaller_until_it_fits() -> None:
    size, lines = placed("−₫1,240,000,000", 100.0, (27.0, 19.0), bold=True)
    assert lines == ["−₫1,240,000,000"]
    assert size < 19.0


@pytest.mark.parametrize(("language", "currency"), [("en", "CHF"), ("nl", "EUR"), ("vi", "VND")])
def test_the_card_of_numbers_shows_every_number_whole(weekly: WeeklyReport, language: str, currency: str) -> None:
    tables = replace(weekly.analysis.tables, currency=currency)
    large = replace(weekly, figures=LARGE, analysis=replace(weekly.analysis, tables=tables))
    with drawing(language):
        card = numbers_card(large)
    assert not [line for line in card.lines if "…" in line]
    assert max(low for *_, low in card.ends) <= HIGH
    for end in (LARGE[0].low, LARGE[0].high, LARGE[1].low, LARGE[1].high):
        with speaking(language):
            written = english(glued(money(end, currency)))
        assert any(written in english(line) for line in card.lines)


def english(text: str) -> str:
    """The digits of a text, with a point before decimals."""
    return " ".join(found.replace(",", ".") for found in re.findall(r"\d[\d.,]*\d|\d", text))


@given(SENTENCES, st.floats(60, 400))
@settings(max_examples=25)
def test_what_fits_is_not_changed(text: str, wide: float) -> None:
    if fits(text, wide, 13.0, 30):
        size, lines = placed(text, wide, (13.0,), lines=30)
        assert (size, re.sub(r"\s", "", "".join(lines))) == (13.0, re.sub(r"\s", "", text))
