"""Sentences made from numbers, on the page and on a terminal."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from rich.console import Console

import roas
from roas.report import verdict as words
from roas.report.page import page
from roas.report.summary import terminal_summary


def said(analysis: roas.Analysis, width: int = 80) -> str:
    out = io.StringIO()
    terminal_summary(analysis, Console(file=out, width=width))
    return out.getvalue()


def test_claims_under_the_till(account: Any) -> None:
    analysis = roas.analyze(
        account.spend(("A", "B"), campaigns=1), account.revenue(amount=400.0), currency="EUR", model=False
    )
    assert words.verdict(analysis) == (
        "The shop took €52.0K from 6 Jan 2025 to 15 May 2025, 8.00 times the €6.50K spent on ads; "
        "platforms claim 25 % of that revenue as theirs."
    )
    assert words.over_claim(analysis).startswith("From 6 Jan 2025 to 15 May 2025, claims are 0.25 times the till.")
    assert "does not make them right" in words.over_claim(analysis)


def test_claims_over_the_till(account: Any) -> None:
    analysis = roas.analyze(
        account.spend(("A", "B"), campaigns=1), account.revenue(amount=50.0), currency="EUR", model=False
    )
    assert words.verdict(analysis) == (
        "The shop took €6.50K from 6 Jan 2025 to 15 May 2025, 1.00 times the €6.50K spent on ads; "
        "platforms together claim 2.00 times that, €6.50K more than was taken."
    )


def test_revenue_without_claims(account: Any) -> None:
    analysis = roas.analyze(account.spend(("A", "B"), claims=False), account.revenue(), currency="EUR", model=False)
    assert words.verdict(analysis).endswith("the exports hold no platform claims to set beside it.")


def test_claims_without_revenue(account: Any) -> None:
    analysis = roas.analyze(account.spend(("A", "B")), currency="EUR")
    assert words.verdict(analysis) == (
        "Platforms claim €26.0K from 6 Jan 2025 to 15 May 2025, 2.00 per 1 of spend; "
        "without the shop's revenue nothing checks what they claim."
    )
    assert [n.label for n in words.numbers(analysis)] == [
        "Spend",
        "Claimed ROAS",
        "Revenue claimed by platforms",
    ]


def test_spend_alone(account: Any) -> None:
    analysis = roas.analyze(account.spend(("A", "B"), claims=False, campaigns=0), currency="EUR")
    assert words.verdict(analysis) == (
        "€6.50K was spent on 2 channels from 6 Jan 2025 to 15 May 2025, 80 % of it on A; "
        "the files say nothing of what came back."
    )
    assert [n.value for n in words.numbers(analysis)] == ["€6.50K", "–", "–"]


def test_no_spend(account: Any) -> None:
    analysis = roas.analyze(
        account.spend(("A",), days=3).assign(spend=0.0), account.revenue(3), currency="EUR", model=False
    )
    assert words.verdict(analysis) == "No money was spent on one channel, A, 6 January 2025 to 8 January 2025."


def test_revenue_of_some_dates_is_set_beside_the_spend_of_those(account: Any) -> None:
    analysis = roas.analyze(
        account.spend(("A",), campaigns=0), account.revenue(65, amount=80.0), currency="EUR", model=False
    )
    assert not words.covers_all(analysis)
    assert words.verdict(analysis).startswith(
        "Over the dates that its revenue covers, 6 Jan 2025 to 11 Mar 2025, the shop took €5.20K, 2.00 times"
    )
    assert words.over_claim(analysis).startswith("From 6 Jan 2025 to 11 Mar 2025, claims are 1.00 times the till.")


@pytest.mark.parametrize("amount", [40.0, 0.0])
def test_weeks_end_on_their_last_day(account: Any, amount: float) -> None:
    spend, revenue = account.spend(("A",), days=56, campaigns=0)[::7], account.revenue(56)[::7]
    analysis = roas.analyze(spend.assign(spend=amount), revenue, currency="EUR", model=False)
    assert analysis.window["end"] == "2025-02-24"
    shown = f"{said(analysis)} {page(analysis, [])} {words.returned(analysis)} {words.over_claim(analysis)}"
    assert said(analysis).startswith("2025-01-06 to 2025-03-02, EUR")
    assert "Advertising from 6 Jan 2025 to 2 Mar 2025" in shown
    assert "6 January 2025 – 2 March 2025" in shown
    assert "8 weeks, 6 January 2025 to 2 March 2025." in shown
    assert "2 Mar" in words.returned(analysis)
    assert "2 Mar 2025, claims are" in words.over_claim(analysis)
    for end in ("24 Feb", "2025-02-24"):
        assert end not in shown


def test_changes_are_ratios_of_sums_over_complete_weeks(account: Any) -> None:
    spend, revenue = account.spend(("A",), campaigns=0), account.revenue()  # 18 whole weeks and four days
    revenue.loc[revenue["date"] >= "2025-05-12", "revenue"] = 1e9  # the incomplete week
    late = (revenue["date"] >= "2025-03-17") & (revenue["date"] < "2025-05-12")
    revenue.loc[late, "revenue"] = 600.0
    analysis = roas.analyze(spend, revenue, currency="EUR", model=False)
    money, mer, till = words.numbers(analysis)
    assert money.says == "€280 a week, 0 %"
    assert mer.says == "15.0 against 12.5, +20 %"
    assert till.says == "€4.20K a week, +20 %"
    assert "17 March 2025 to 11 May 2025" in words.comparison(analysis)
    assert "more than luck and drift" in words.comparison(analysis)


def test_short_accounts_show_no_change(account: Any) -> None:
    analysis = roas.analyze(account.spend(("A",), days=60), account.revenue(60), currency="EUR", model=False)
    assert [n.says for n in words.numbers(analysis)] == ["", "", ""]
    assert words.comparison(analysis) == "No change is shown: it needs 16 complete weeks in a row."


def test_next_steps_name_what_is_missing(account: Any) -> None:
    bare = roas.analyze(account.spend(("A",), claims=False, campaigns=0), currency="EUR")
    assert [re.split(r" \(|:| with", s)[0] for s in words.next_steps(bare)] == [
        "Add the shop's revenue per day", "Export conversion value", "Export spend by campaign",
    ]  # fmt: skip


@pytest.mark.parametrize("claims", [True, False])
def test_terminal_names_channels_and_roas(account: Any, claims: bool) -> None:
    text = said(
        roas.analyze(account.spend(("Search", "Meta"), claims=claims), account.revenue(), currency="EUR", model=False)
    )
    assert "Search" in text
    assert "Meta" in text
    assert "ROAS" in text
    assert "MER" in text
    assert "What spend causes is not estimated here." in " ".join(text.split())
    assert max(map(len, text.splitlines())) <= 80
    assert "\x1b" not in text


def test_terminal_writes_names_literally(account: Any) -> None:
    names = ("[bold red]x[/]", "[/]", "a\x1b[31m\nb", "\u202eevil", "\\[x]", "n" * 90)
    text = said(roas.analyze(account.spend(names, days=5, campaigns=0), currency="EUR"))
    for shown in ("[bold red]x[/]", "[/]", r"a\x1b[31m\nb", r"\u202eevil", r"\[x]"):
        assert shown in text
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert max(map(len, text.splitlines())) <= 80


def test_terminal_lists_the_largest_channels(account: Any) -> None:
    text = said(roas.analyze(account.spend(tuple(f"c{i:02}" for i in range(40)), days=3, campaigns=0), currency="EUR"))
    assert "25 others" in text
    assert "c20" not in text


def test_no_colour_without_a_terminal_and_with_no_color(account: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    analysis = roas.analyze(account.spend(("A",), days=3), currency="EUR")
    monkeypatch.setenv("NO_COLOR", "1")
    out = io.StringIO()
    terminal_summary(analysis, Console(file=out, width=80, force_terminal=True))
    assert not any(f"\x1b[{code}m" in out.getvalue() for code in (31, 32, 33, 34, 35, 36))
