"""A plan that was looked for hears the findings of the same analysis, and says why it gives money where it loses."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from roas.analysis.asked import Asked
from roas.diagnosis.results import Finding
from roas.plan.results import ChannelMove, Limit, Plan
from roas.quantiles import Q
from roas.report import plan_words as words
from roas.report.page import _options
from roas.report.plan_page import context
from roas.report.plan_tables import files
from roas.report.plan_total import kept_words
from tests.report.test_plan import GAIN, SWAP, answered, made, move, printed

DAY = dt.date(2025, 9, 1)
BROKEN = Finding(
    "tracking_break", "Meta", None, "supported", 0.95, DAY, (DAY, DAY), Q(100.0, 200.0, 300.0), ()
)  # fmt: skip
HANGOVER = replace(BROKEN, cause="promotion_hangover", channel=None, effect_per_week=Q(1.0, 2.0, 3.0))
MEND = "Wait with moving money: part of the sales of Meta is not counted any more, so have the tracking mended first."


def heard(plan: Plan = SWAP, *findings: Finding, **changes: Any) -> Any:
    return answered(plan, findings=findings or (BROKEN,), **changes)


def test_a_plan_that_was_looked_for_waits_as_the_weekly_report_does() -> None:
    assert words.verdict(heard(), SWAP) == f"{MEND} After that: take €1,200 a week from Meta and give it to Search."
    doubtful = replace(SWAP, probability_better=0.8)
    assert words.verdict(heard(doubtful), doubtful).startswith(f"{MEND} After that, probably best: take")


def test_beside_a_finding_that_is_not_proven_no_split_is_an_instruction() -> None:
    agrees = replace(BROKEN, cause="saturation", verdict="possible")
    assert words.verdict(heard(SWAP, agrees), SWAP).startswith("Probably best: take €1,200")
    differs = replace(agrees, channel="Search")
    assert "is not proven yet. After that, probably best: take" in words.verdict(heard(SWAP, differs), SWAP)
    own = (Asked(shift=("Meta>Search=1200",)),)
    assert words.verdict(heard(SWAP, differs, asked=own), SWAP).startswith("Worth doing: take")


def test_every_place_says_it() -> None:
    result = heard(SWAP, HANGOVER, BROKEN)
    out = " ".join(printed(result).split())
    assert out.count("Wait with moving money: part of the sales of Meta") == 1
    assert out.count("Another reason to wait: the last promotion took sales") == 1
    assert context(result)["cautions"][0].startswith("Another reason to wait: the last promotion")
    first, second = result.to_dict()["warnings"][:2]
    assert first == {"channel": None, "reason": MEND, "kind": "other"}
    assert second["reason"].startswith("Another reason to wait")
    assert MEND in str(files(result)["plan.json"])


def test_an_answer_to_a_figure_stands_after_what_to_wait_for() -> None:
    plan = made(move("Meta", 1000, 1500))
    asked = (Asked(budget=1500.0, optimize=True),)
    assert words.verdict(heard(plan, asked=asked), plan) == (
        f"{MEND} The best split of €1,500 a week: give €500 a week to Meta."
    )


@pytest.mark.parametrize(
    ("plan", "changes"),
    [
        (SWAP, {"asked": (Asked(shift=("Meta>Search=1200",)),)}),
        (replace(SWAP, held=True), {}),
        (replace(SWAP, facts={"why_held": "x"}), {}),
        (replace(SWAP, facts={"cost_of_limits": 12.0}), {}),
        (made(move("Meta", 6000, 5950), move("Search", 1000, 1050)), {}),
        (made(move("Meta", 6000, 6000)), {}),
    ],
)
def test_what_nobody_looked_for_or_what_is_small_does_not_wait(plan: Plan, changes: dict[str, Any]) -> None:
    result = heard(plan, **changes)
    assert "Wait" not in words.verdict(result, plan)
    assert not any("ait" in each["reason"] for each in result.to_dict()["warnings"])


def test_each_scenario_has_its_own_warning() -> None:
    named = replace(SWAP, name="best"), replace(SWAP, name="mine")
    asked = (Asked("best", optimize=True), Asked("mine", shift=("Meta>Search=1200",)))
    result = answered(*named, findings=(BROKEN,), asked=asked, compared=True)
    said = [[w["reason"] for w in each["warnings"]] for each in result.to_dict()["scenarios"]]
    assert said == [[MEND], []]


# ---- why money goes where it loses ---------------------------------------------------------------

KEPT = "The total is kept, so money goes where it loses least."
FACTS = {"next_unit": "The next €1 of A and B pays at no margin.", "next_unit_state": "some"}


def given(cut: float, gift: float, *, low: float = 700.0, **changes: Any) -> Plan:
    moves = (
        ChannelMove("A", 1000.0, 800.0, Limit(700.0, 1300.0), GAIN, Q(0.1, cut, 3.0), "known"),
        ChannelMove("B", 1000.0, 1200.0, Limit(low, 1300.0), GAIN, Q(0.1, gift, 3.0), "known"),
    )
    return made(*moves, **({"facts": FACTS} | changes))


def test_money_that_goes_where_it_loses_has_its_reason() -> None:
    plan = given(0.6, 0.8)
    said = words.gains(answered(plan), plan)
    assert said[said.index(FACTS["next_unit"]) + 1] == KEPT


def cases() -> Iterator[tuple[Plan, dict[str, Any]]]:
    """Yield plans of which it would not be true."""
    yield given(0.6, 1.2), {}
    yield given(0.9, 0.8), {}
    yield given(0.6, 0.8, low=1200.0), {}
    yield given(0.6, 0.8, held=True), {}
    yield given(0.6, 0.8, facts=FACTS | {"free_total": True}), {}
    yield given(0.6, 0.8), {"asked": (Asked(shift=("A>B=200",)),)}
    yield given(0.6, 0.8), {"converged": False}
    yield made(move("A", 1000, 1200), facts=FACTS), {}


@pytest.mark.parametrize(("plan", "changes"), list(cases()))
def test_and_only_then(plan: Plan, changes: dict[str, Any]) -> None:
    assert kept_words(answered(plan, **changes), plan) == ""


def test_a_margin_moves_what_is_lost() -> None:
    plan = given(1.0, 1.5)
    assert kept_words(answered(plan, margin=0.5), plan) == KEPT
    assert kept_words(answered(plan, margin=1.0), plan) == ""


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("with --optimize --for profit says", "with <code>--optimize --for profit</code> says"),
        ("(--max-change, --min)", "(<code>--max-change</code>, <code>--min</code>)"),
        ("give it with --margin.", "give it with <code>--margin</code>."),
    ],
)
def test_options_are_set_apart_whole(text: str, shown: str) -> None:
    assert str(_options(text)) == shown
