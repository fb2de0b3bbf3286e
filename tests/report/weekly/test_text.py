"""Markdown and plain text: narrow enough, and names are letters, never markup."""

from __future__ import annotations

import math
import re
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from roas.format import visible, width
from roas.report.weekly import lately
from roas.report.weekly.digest import Grid
from roas.report.weekly.text import CHAT, COLUMNS, escaped, table, weekly_markdown, weekly_text, wrapped
from roas.weekly.record import WeeklyReport
from tests.report.weekly.example import NAMES

LINES = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=40)


def shown(markdown: str) -> tuple[str, set[str]]:
    """The letters that a reader of Markdown shows, and the kinds of markup it found."""
    inline = [each for token in MarkdownIt("commonmark").parse(markdown) for each in token.children or ()]
    kinds = {token.type for token in MarkdownIt("commonmark").parse(markdown)} | {each.type for each in inline}
    return "".join(each.content for each in inline), kinds


@given(LINES)
@example("[x](javascript:alert(1))")
@example("<img src=x onerror=alert(1)>")
@example("- a *b* _c_ `d` ~e~ #f 1. ![g](h)")
@example("1. one")
@example("&amp;")
@example("<!channel> @here")
def test_a_name_is_shown_letter_by_letter(text: str) -> None:
    found, kinds = shown(f"- *x* {escaped(text)}")
    assert "".join(found.split()) == "".join(f"x{visible(text)}".split())
    assert not kinds & {"link_open", "image", "html_inline", "html_block", "code_inline", "strong_open", "heading_open"}


@given(LINES)
def test_a_name_alone_on_its_line_makes_no_list_and_no_heading(text: str) -> None:
    _, kinds = shown(escaped(text))
    assert not kinds & {"bullet_list_open", "ordered_list_open", "heading_open", "hr", "fence", "blockquote_open"}


@given(LINES, st.integers(2, 30))
def test_lines_are_no_wider_than_asked_and_lose_nothing(text: str, columns: int) -> None:
    lines = list(wrapped(text, columns))
    assert all(width(line) <= columns for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


def test_wide_characters_take_two_columns() -> None:
    assert list(wrapped("日本語", 4)) == ["日本", "語"]


@given(st.lists(LINES, min_size=1, max_size=4), st.sampled_from([CHAT, COLUMNS]))
def test_a_table_fits_and_its_numbers_stand_under_each_other(names: list[str], columns: int) -> None:
    rows = tuple((visible(name), "€1,234", "−€5") for name in names)
    lines = table(Grid(("Channel", "Now", "Change"), rows), columns)
    assert all(width(line) <= columns for line in lines)
    assert len({width(line) for line in lines}) == 1


def test_plain_text_is_72_columns_wide(weekly: WeeklyReport) -> None:
    text = weekly_text(weekly)
    assert max(width(line) for line in text.splitlines()) <= COLUMNS
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert NAMES[3] in text


def test_tables_of_a_chat_are_60_columns_wide(weekly: WeeklyReport) -> None:
    tables = re.findall(r"^```\n(.*?)\n```$", weekly_markdown(weekly), flags=re.S | re.M)
    assert len(tables) == 2
    assert max(width(line) for each in tables for line in each.splitlines()) <= CHAT


def test_markdown_holds_no_markup_of_names(weekly: WeeklyReport) -> None:
    found, kinds = shown(weekly_markdown(weekly))
    assert not kinds & {"link_open", "image", "html_inline", "html_block", "code_inline", "strong_open", "heading_open"}
    assert NAMES[3] in found


@pytest.mark.parametrize("write", [weekly_markdown, weekly_text])
def test_both_begin_with_the_week_and_its_verdict(weekly: WeeklyReport, write: object) -> None:
    assert callable(write)
    text = write(weekly)
    assert text.lstrip("*").startswith("Week 19, 5 May to 11 May 2025")
    assert text.index("New this week") < text.index("What changed") < text.index("Where money should go")
    assert text.endswith(".\n")


@pytest.mark.parametrize("write", [weekly_markdown, weekly_text])
@pytest.mark.parametrize("modelled", [True, False])
def test_without_claims_nothing_is_said_of_claims(
    weekly: WeeklyReport, write: object, modelled: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert callable(write)
    if not modelled:
        monkeypatch.setattr(lately, "window", lambda _: None)
    assert "Claimed" in write(weekly)
    silent = replace(weekly.analysis)
    for name in ("weeks", "channel_weeks"):  # worked out once
        vars(silent)[name] = getattr(weekly.analysis, name)
    vars(silent)["channels"] = weekly.analysis.channels.assign(claimed_roas=math.nan)
    text = " ".join(write(replace(weekly, analysis=silent)).split("Channels")[-1].split("Data and method")[0].split())
    assert "laim" not in text
    assert "Spend of the week; beside it the ROAS that spend caused" in text if modelled else "Caused" not in text


@pytest.mark.parametrize("write", [weekly_markdown, weekly_text])
@pytest.mark.parametrize("known", ["prior", "known"])
def test_whose_answer_is_usual_elsewhere_is_said(weekly: WeeklyReport, write: object, known: str) -> None:
    assert callable(write)
    assert weekly.plan is not None
    plan = weekly.plan.plan
    moves = tuple(
        replace(move, now=100.0, planned=100.0 + 9 * (-1) ** n, known=known) for n, move in enumerate(plan.moves)
    )
    report = replace(weekly, plan=replace(weekly.plan, plans=(replace(plan, moves=moves, held=False),)))
    text = " ".join(write(report).split())
    assert text.count("rests on what is usual elsewhere, not on this account's data.") == (known == "prior")


def test_a_percent_sign_stays_with_its_number(weekly: WeeklyReport) -> None:
    assert not re.search(r"^\s*%", weekly_text(weekly), flags=re.M)


@pytest.mark.parametrize("write", [weekly_markdown, weekly_text])
def test_both_name_what_is_possible_with_its_probability_and_its_money(weekly: WeeklyReport, write: object) -> None:
    assert callable(write)
    text = " ".join(write(weekly).split())
    assert "Search: its count of sales broke." in text
    assert "Not proven; chance that this is the cause: 41 in 100. No profit lost." in text
    vague = "Not proven; chance that this is the cause: 22 in 100. €130 a week (90 % range −€40.0 to €380)."
    assert vague in text


def test_the_plan_of_a_message_shows_last_week_and_says_what_now_is(weekly: WeeklyReport) -> None:
    text = weekly_text(weekly)
    assert re.search(r"^Channel +Last week +Now +Planned$", text, flags=re.M)
    assert "“Now” is the mean of the last 8 weeks." in text
