"""What is said of a score."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, get_args

import pytest

from roas.language import speaking
from roas.plan.aftermath import HOLIDAYS
from roas.plan.noted import Noted, Spent
from roas.plan.score import Score, Why
from roas.quantiles import Q
from roas.weekly.decision_words import MEASURED, NOT_MEASURED, because, signed
from roas.weekly.scores import ENDED


def test_what_the_time_before_did_not_have_is_named() -> None:
    spent = Spent(4, {}, 1.0, 0.0)
    for why, name in (("new_control", "promo"), ("new_channel", "Tik\nTok")):
        score = Score("cannot_tell", why, spent, about=(name, HOLIDAYS))  # type: ignore[arg-type]
        (said,) = because(PLAN, score, "EUR")
        assert name.replace("\n", "\\n") + ", holidays" in said


PLAN = Noted({"Meta": 1000.0}, {"Meta": 900.0}, 4, dt.date(2025, 9, 15), Q(50, 100, 150))


def every_score() -> Iterator[tuple[Noted, Score]]:
    """Every verdict, of plans that move money and of those that keep it."""
    held = replace(PLAN, planned=PLAN.now, predicted=Q(0, 0, 0))
    q, spent = Q(-300.0, -200.0, 1200.0), Spent(4, {"Meta": 900.0}, 0.4, 250.0)
    for plan in (PLAN, held):
        yield plan, Score("waiting", "no_week", Spent(0, {}, None, None))
        yield plan, Score("running", "weeks_left", Spent(3, {}, 0.8, 10.0))
        for why in NOT_MEASURED:
            yield plan, Score("cannot_tell", why, spent)  # type: ignore[arg-type]
        for reason in ("moved_little", "moved_otherwise"):
            yield plan, Score("not_followed", reason, spent, q, q, q)
        for why in MEASURED:
            state: Any = "cannot_tell" if why == "too_noisy" else "scored"
            yield plan, Score(state, why, spent, q, q, Q(-90, -80, -70))  # type: ignore[arg-type]


def test_every_verdict_has_words() -> None:
    assert {score.why for _, score in every_score()} == set(get_args(Why))
    assert {score.state for _, score in every_score()} >= ENDED


def test_cannot_tell_names_the_range() -> None:
    score = Score("cannot_tell", "too_noisy", Spent(4, {}, 1.0, 0.0), Q(-410, 50, 520), Q(0, 1, 2), Q(0, 0, 0))
    assert list(because(PLAN, score, "EUR")) == [
        "Between −€410 and +€520 a week: the sales of these weeks cannot tell the plan from no plan. "
        "+€100 was predicted."
    ]


def test_what_is_still_to_arrive_is_said_where_it_matters() -> None:
    spent = Spent(4, {}, 1.0, 0.0)
    said = list(because(PLAN, Score("scored", "as_predicted", spent, Q(20, 90, 160), Q(0, 1, 2), Q(20, 30, 40)), "EUR"))
    assert said == [
        "Revenue changed by +€90.0 a week (+€20.0 to +€160) against an unchanged split. "
        "That fits the prediction of +€100.",
        "+€30.0 of that is still to arrive, by the model.",
        "This holds if nothing else changed in these weeks.",
    ]
    little = Score("scored", "as_predicted", spent, Q(20, 90, 160), Q(0, 1, 2), Q(1, 2, 3))
    assert len(list(because(PLAN, little, "EUR"))) == 2


def test_a_plan_that_was_not_followed_says_what_was_done_instead() -> None:
    spent = Spent(4, {}, 0.4, 250.0)
    said = " ".join(because(PLAN, Score("not_followed", "moved_little", spent, Q(-10, 5, 20), Q(1, 2, 3)), "EUR"))
    assert said.startswith("Only 40 % of the planned moves were made, so this is no test of the plan. ")
    assert "between −€10.0 and +€20.0 a week" in said
    assert said.endswith("the model expects +€2.00.")


def test_signed_money_has_one_sign() -> None:
    assert [signed(x, "EUR") for x in (12.0, -12.0, 0.0)] == ["+€12.0", "−€12.0", "€0"]


@pytest.mark.usefixtures("bracketed")
def test_every_word_is_translated() -> None:
    for plan, score in every_score():
        for sentence in because(plan, score, "EUR"):
            assert re.fullmatch(r"⟦[^⟦⟧]*⟧", sentence), sentence


@pytest.mark.parametrize("tag", ["nl", "vi"])
def test_the_catalogues_know_every_sentence(tag: str) -> None:
    english = [" ".join(because(plan, score, "EUR")) for plan, score in every_score()]
    with speaking(tag):
        said = [" ".join(because(plan, score, "EUR")) for plan, score in every_score()]
    assert all(a != b for a, b in zip(english, said, strict=True))
