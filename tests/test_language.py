"""Sentences in the reader's language: what is looked up, what is filled in, what falls back."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roas.errors import UsageError
from roas.format import plural, say_many
from roas.language import ENGLISH, FOLDER, catalogue, choose, languages, mark, say, speaking, spoken

KNOWN = "Spend"
UNKNOWN = "Nobody has translated {this}."


def test_english_comes_first_and_the_others_have_a_folder_each() -> None:
    assert languages()[0] == ENGLISH
    assert set(languages()[1:]) == {each.name for each in FOLDER.iterdir() if any(each.glob("*.po"))}
    assert {"nl", "vi"} <= set(languages())
    assert list(languages()[1:]) == sorted(languages()[1:])


def test_english_is_said_where_nobody_asks_for_more() -> None:
    assert spoken() == ENGLISH
    assert say(KNOWN) == KNOWN


def test_a_block_speaks_and_gives_the_language_back() -> None:
    with speaking("nl"):
        assert (spoken(), say(KNOWN)) == ("nl", "Uitgaven")
        with speaking("vi"):
            assert (spoken(), say(KNOWN)) == ("vi", "Chi tiêu")
        assert (spoken(), say(KNOWN)) == ("nl", "Uitgaven")
        with speaking(ENGLISH):
            assert say(KNOWN) == KNOWN
    assert spoken() == ENGLISH


def test_an_error_inside_gives_the_language_back() -> None:
    with pytest.raises(ZeroDivisionError), speaking("nl"):
        _ = 1 / 0
    assert spoken() == ENGLISH


@pytest.mark.parametrize("language", ["", "de", "NL", "nl_NL", "../nl", "nl\n"])
def test_another_language_is_refused_and_nothing_changes(language: str) -> None:
    with pytest.raises(UsageError, match=r"there is no such language\. There are: en, nl, vi"), speaking(language):
        pass
    assert spoken() == ENGLISH


def test_threads_do_not_hear_one_another() -> None:
    with speaking("nl"), ThreadPoolExecutor(1) as pool:
        assert pool.submit(spoken).result() == ENGLISH


def test_a_sentence_that_nobody_translated_is_said_in_english() -> None:
    for language in languages():
        with speaking(language):
            assert say(UNKNOWN, this="it") == "Nobody has translated it."


def test_nothing_is_nothing_in_every_language() -> None:
    for language in languages():  # a catalogue keeps its own head under the empty sentence
        with speaking(language):
            assert say("") == ""


@settings(max_examples=25)
@given(name=st.text())
def test_what_a_person_named_is_not_looked_into(name: str) -> None:
    for language in languages():
        with speaking(language):
            assert name in say("the effect of {channels} is known", channels=name)


@pytest.mark.parametrize("name", ["{Meta}", "{", "}}", "{0}", "{channels.__class__}", "%s %(a)s"])
def test_braces_in_a_name_stay(name: str) -> None:
    with speaking("nl"):
        assert say("the effect of {channels} is known", channels=name) == f"het effect van {name} is bekend"


def test_a_sentence_without_fields_is_not_filled_in() -> None:
    assert say("100 % {of} it") == "100 % {of} it"


def test_a_marked_constant_stays_as_it_is() -> None:
    with speaking("nl"):
        assert mark(KNOWN) == KNOWN
        assert say(mark(KNOWN)) == "Uitgaven"


@pytest.mark.parametrize(
    ("language", "one", "none", "several"),
    [("en", "1 row", "0 rows", "1,200 rows"), ("nl", "1 rij", "0 rijen", "1.200 rijen"),
     ("vi", "1 dòng", "0 dòng", "1.200 dòng")],
)  # fmt: skip
def test_plural_forms_follow_the_language(language: str, one: str, none: str, several: str) -> None:
    with speaking(language):
        assert (plural(1, "row"), plural(0, "row"), plural(1200, "row")) == (one, none, several)


def test_a_broken_number_counts_as_several() -> None:
    assert say_many("{number} week", "{number} weeks", 1.5) == "1.5 weeks"
    assert say_many("{number} week", "{number} weeks", 1.0) == "1 week"


def test_each_language_has_the_forms_its_grammar_asks_for() -> None:
    assert {language: catalogue(language).num_plurals for language in ("nl", "vi")} == {"nl": 2, "vi": 1}
    with speaking("vi"):
        assert choose("{number} row", "{number} rows", 1) == choose("{number} row", "{number} rows", 7)
    with speaking("nl"):
        assert choose("{number} row", "{number} rows", 1) != choose("{number} row", "{number} rows", 7)
