"""Catalogues: up to date with the source, complete, and true to the sentences they translate."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from string import Formatter
from types import ModuleType
from typing import Any, NamedTuple

import pytest
from babel.messages.pofile import read_po

from roas.format import (
    change,
    count,
    day,
    day_and_month,
    decimal,
    money,
    month,
    percent,
    ratio,
    short_day,
    swing,
)
from roas.language import catalogue, languages, speaking

OTHERS = languages()[1:]

#: Translations that are the English word for word, and rightly so.
SAME = {
    # names of measures, of files, and frames that hold only fields and signs
    "*": {
        "MER", "{cause} ({place})", "{channel} {amount}", "{figure}: {value}, {state}. {range}.", "{instruction}.",
        "{number} {reason}", "{found} {advice}", "{figure} {before} → {after}",
    },
    # words that Dutch shares with English
    "nl": {
        "Break-even", "break-even", "{depth} in {weeks}", "{number} label", "{number} labels", "{number} week",
        "Download CSV", "Plan", "Recent", "Scenario", "Week", "{breaks} in breaks.csv.", "{number} alarm",
    },
    "vi": set(),
}  # fmt: skip

#: Words of English that none of the other languages has: a translation that holds one was not finished.
ENGLISH_WORDS = re.compile(r"\b(the|and|which|spend|revenue|weeks|channels|cannot|whose|their|this|are|from)\b")

#: What is quoted as it is typed or as a file spells it: options, names of files and of columns.
AS_TYPED = re.compile(r"--[a-z-]+|\"[^\"]*\"|`[^`]*`|\b\w+\.(csv|json|toml|po)\b|\b\w+_\w+\b|\broas [a-z]+\b[^:]*")


class Entry(NamedTuple):
    language: str
    ids: tuple[str, ...]
    strings: tuple[str, ...]
    fuzzy: bool


@cache
def builder() -> ModuleType:
    path = Path(__file__).parents[1] / "docs" / "build_catalogues.py"
    spec = importlib.util.spec_from_file_location("build_catalogues", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@cache
def extracted() -> Any:
    return builder().extracted()


@cache
def entries() -> tuple[Entry, ...]:
    return tuple(each for language in OTHERS for each in _read(language))


def _read(language: str) -> Iterator[Entry]:
    for path in sorted((builder().LOCALE / language).glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale=language, abort_invalid=True):
                if message.id:
                    yield Entry(language, _all(message.id), _all(message.string), message.fuzzy)


def _all(text: Any) -> tuple[str, ...]:
    return tuple(text) if isinstance(text, list | tuple) else (text,)


def fields(text: str) -> list[str]:
    return sorted(name for _, name, _, _ in Formatter().parse(text) if name is not None)


def failing(wrong: list[str]) -> str:
    return f"{len(wrong)} in all:\n" + "\n".join(wrong[:20])


def test_there_is_something_to_check() -> None:
    assert len(entries()) > 1000
    assert {each.language for each in entries()} == set(OTHERS)


@pytest.mark.parametrize("language", OTHERS)
def test_catalogues_are_up_to_date_with_the_source(language: str) -> None:
    parts, before = extracted(), builder().known(language)
    folder = builder().LOCALE / language
    wanted = {f"{part}.po": builder().written(language, sentences, before) for part, sentences in parts.items()}
    found = {path.name: path.read_bytes() for path in folder.glob("*.po")}
    stale = sorted(name for name in {*wanted, *found} if wanted.get(name) != found.get(name))
    assert not stale, f"run docs/build_catalogues.py: {stale}"


def test_every_sentence_is_translated() -> None:
    wrong = [f"{e.language}: {e.ids[0]}" for e in entries() if not all(s.strip() for s in e.strings)]
    assert not wrong, failing(wrong)


def test_nothing_is_left_fuzzy() -> None:
    assert not [f"{e.language}: {e.ids[0]}" for e in entries() if e.fuzzy]


def test_plural_entries_have_every_form() -> None:
    wanted = {language: catalogue(language).num_plurals for language in OTHERS}
    wrong = [e for e in entries() if len(e.ids) > 1 and len(e.strings) != wanted[e.language]]
    assert not wrong


def test_translations_have_the_fields_of_their_sentence() -> None:
    """A form for one thing may leave the number out where the sentence for one does, or where all are counted in one form."""
    wrong = [
        f"{each.language}: {each.ids[0]} → {text}"
        for each in entries()
        for text in each.strings
        if set(fields(text)) not in _allowed(each.ids)
    ]
    assert not wrong, failing(wrong)


def _allowed(ids: tuple[str, ...]) -> list[set[str]]:
    forms = [set(fields(text)) for text in ids]
    return [*forms, set.union(*forms)]


def test_no_translation_is_the_english_sentence() -> None:
    wrong = [
        f"{e.language}: {text}"
        for e in entries()
        for text in e.strings
        if text in e.ids and text not in SAME["*"] | SAME[e.language]
    ]
    assert not wrong, failing(wrong)


def test_the_list_of_equal_words_holds_no_word_too_many() -> None:
    for language in OTHERS:
        said = {text for e in entries() if e.language == language for text in e.strings if text in e.ids}
        assert SAME["*"] | SAME[language] == said


def test_no_english_word_is_left_in_a_translation() -> None:
    wrong = [
        f"{e.language}: {text}"
        for e in entries()
        for text in e.strings
        if ENGLISH_WORDS.search(AS_TYPED.sub("", re.sub(r"\{\w+\}", "", text)))
    ]
    assert not wrong, failing(wrong)


def test_percent_signs_and_dashes_are_those_of_the_language() -> None:
    odd = re.compile(r"[\d}]\s%|(?<![\w-])-\d| - |—")
    wrong = [f"{each.language}: {text}" for each in entries() for text in each.strings if odd.search(text)]
    assert not wrong, failing(wrong)


def test_sentences_end_and_are_spaced_as_in_english() -> None:
    wrong = []
    for each in entries():
        for text in each.strings:
            english = each.ids[-1]
            if text != text.strip() and english == english.strip():
                wrong.append(f"{each.language}: {text!r}")
            if "  " in text.replace("\n  ", ""):
                wrong.append(f"{each.language}: {text!r}")
            if (english[-1:] in ".:?") != (text[-1:] in ".:?"):
                wrong.append(f"{each.language}: {english!r} → {text!r}")
    assert not wrong, failing(wrong)


def test_one_sentence_stands_in_one_file() -> None:
    for language in OTHERS:
        named = [each.ids for each in entries() if each.language == language]
        assert len(named) == len(set(named))


WRITTEN: dict[str, dict[str, str]] = {
    "en": {
        "full": "€1,234.50", "minus": "−€380", "million": "€1.24M", "dong": "₫1,240,000", "percent": "43 %",
        "small": "< 0.1 %", "down": "−5.0 %", "up": "+12 %", "ratio": "3.56", "count": "1,908.1", "decimal": "-1,234.5",
        "day": "24 March 2025", "short_day": "24 Mar 2025", "day_and_month": "24 Mar", "month": "Mar", "swing": "±13 %",
    },
    "nl": {
        "full": "€ 1.234,50", "minus": "−€ 380", "million": "€ 1,24 mln.", "dong": "₫ 1.240.000", "percent": "43%",
        "small": "< 0,1%", "down": "−5,0%", "up": "+12%", "ratio": "3,56", "count": "1.908,1", "decimal": "−1.234,5",
        "day": "24 maart 2025", "short_day": "24 mrt 2025", "day_and_month": "24 mrt", "month": "mrt", "swing": "±13%",
    },
    "vi": {
        "full": "1.234,50 €", "minus": "−380 €", "million": "1,24 triệu €", "dong": "1.240.000 ₫", "percent": "43%",
        "small": "< 0,1%", "down": "−5,0%", "up": "+12%", "ratio": "3,56", "count": "1.908,1", "decimal": "−1.234,5",
        "day": "24 tháng 3 năm 2025", "short_day": "24 thg 3, 2025", "day_and_month": "24 thg 3", "month": "Tháng 3",
        "swing": "±13%",
    },
}  # fmt: skip


@pytest.mark.parametrize("language", WRITTEN)
def test_money_percents_and_dates_are_written_as_the_language_does(language: str) -> None:
    with speaking(language):
        found = {
            "full": money(1234.5, "EUR", full=True), "minus": money(-380, "EUR"), "million": money(1_240_000, "EUR"),
            "dong": money(1_240_000, "VND", full=True), "percent": percent(0.431), "small": percent(0.0002),
            "down": change(-0.05), "up": change(0.121), "ratio": ratio(3.5623), "count": count(1908.07),
            "decimal": decimal(-1234.5, 1), "day": day("2025-03-24"), "short_day": short_day("2025-03-24"),
            "day_and_month": day_and_month("2025-03-24"), "month": month("2025-03-24"), "swing": swing(0.12),
        }  # fmt: skip
    assert {name: text.replace("\u00a0", " ") for name, text in found.items()} == WRITTEN[language]
