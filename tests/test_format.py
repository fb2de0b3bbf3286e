"""Amounts: the same digits in every language, no number without its unit, ranges in few letters."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roas.format import compact, money, round_money, span
from roas.language import languages, speaking

AMOUNTS = st.floats(0.01, 9.9e14)


def digits(text: str) -> str:
    """The number in a text as English writes it."""
    found = re.search(r"\d[\d.,]*\d|\d", text)
    assert found is not None
    return found[0]


def english(text: str) -> str:
    return digits(text).replace(".", "").replace(",", ".")


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


@settings(max_examples=200)
@given(AMOUNTS, st.sampled_from(["EUR", "VND", "CHF", None]))
def test_every_language_writes_the_same_digits(value: float, currency: str | None) -> None:
    wanted = digits(money(value, currency))
    for language in languages()[1:]:
        with speaking(language):
            assert english(money(value, currency)) == wanted


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("en", ["€25.0K", "€6.35K", "€8.00M", "€1.00", "€0", "€0.50", "€1.00K", "−€20.0"]),
        ("nl", ["€ 25,0K", "€ 6,35K", "€ 8,00 mln.", "€ 1,00", "€ 0", "€ 0,50", "€ 1,00K", "−€ 20,0"]),
        ("vi", ["25,0 nghìn €", "6,35 nghìn €", "8,00 triệu €", "1,00 €", "0 €", "0,50 €", "1,00 nghìn €", "−20,0 €"]),
    ],
)
def test_amounts_have_three_significant_digits(language: str, written: list[str]) -> None:
    with speaking(language):
        found = [money(v, "EUR") for v in (25_000, 6_350, 8e6, 1, 0, 0.5, 999.6, -20)]
    assert [plain(text) for text in found] == written


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("en", ["€0", "€1", "€20", "€1.5K", "€20K", "€1.25M", "€105"]),
        ("nl", ["€ 0", "€ 1", "€ 20", "€ 1,5K", "€ 20K", "€ 1,25 mln.", "€ 105"]),
        ("vi", ["0 €", "1 €", "20 €", "1,5 nghìn €", "20 nghìn €", "1,25 triệu €", "105 €"]),
    ],
)
def test_round_amounts_have_no_zeros_for_precision(language: str, written: list[str]) -> None:
    with speaking(language):
        found = [round_money(v, "EUR") for v in (0, 1, 20, 1_500, 20_000, 1.25e6, 105)]
    assert [plain(text) for text in found] == written


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        ("19,3 nghìn €", "31,8 nghìn €", "19,3–31,8 nghìn €"),
        ("€ 800", "€ 1,20K", "€ 800 – € 1,20K"),
        ("€8.00M", "€9.00M", "€8.00–9.00M"),
        ("−€20.0", "−€10.0", "−€20.0 – −€10.0"),
        ("3.56", "4.10", "3.56–4.10"),
        ("–", "€5.00", "– – €5.00"),
    ],
)
def test_a_range_says_once_what_both_ends_share(low: str, high: str, said: str) -> None:
    assert span(low, high) == said


def test_a_magnitude_has_no_currency() -> None:
    with speaking("vi"):
        assert compact(25_000) == "25,0 nghìn"
