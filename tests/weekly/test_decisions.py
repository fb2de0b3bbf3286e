"""Decisions: each plan scored once its weeks are over, told in whole sentences."""

from __future__ import annotations

import datetime as dt
import gettext
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, get_args

import pandas as pd
import pytest

import roas
from roas import language
from roas.history import open_history
from roas.language import speaking
from roas.plan.aftermath import HOLIDAYS, NotKnown
from roas.plan.noted import Noted, Spent
from roas.plan.score import Score, Why
from roas.quantiles import Q
from roas.tables import Tables
from roas.weekly import decisions as module
from roas.weekly.decisions import ENDED, MEASURED, NOT_MEASURED, because, decisions, noted, scores_of, signed
from roas.weekly.week import Week
from tests.analysis import planned_account

LAST = Week.parse("2025-W41")
NOW = {name: {"now": money, "planned": money} for name, money in planned_account.NOW.items()}
MOVED = {**NOW, "Meta": {"now": 1000.0, "planned": 900.0}, "Search": {"now": 400.0, "planned": 500.0}}


@dataclass(frozen=True)
class Light:
    """What is read of an analysis."""

    tables: Tables
    response: Any = None


@pytest.fixture
def account() -> Any:
    """Forty weeks up to Sunday 12 October 2025, all at today's money in the end."""
    spend = planned_account.spend()
    revenue = pd.DataFrame({"date": spend["date"].unique(), "revenue": 9000.0})
    return Light(Tables(spend, revenue, "week", "EUR"))


def row(number: int, ended: str, *, plan: Any = None, weeks: int = 2, **more: Any) -> dict[str, Any]:
    """A plan as the history gives it."""
    return {
        "id": number, "made": f"{ended}T08:00:00Z", "who": "Jo", "data_end": dt.date.fromisoformat(ended),
        "weeks": weeks, "name": f"plan {number}", "plan": plan or MOVED, "probability_better": 0.9, "options": {},
        "predicted": {"p5": 50.0, "p50": 100.0, "p95": 150.0}, "scores": [], **more,
    }  # fmt: skip


@pytest.fixture
def fits(monkeypatch: pytest.MonkeyPatch) -> list[dt.date]:
    """Days that a model was asked for; none is fitted."""
    asked: list[dt.date] = []

    def before(seen: Any, begins: dt.date, **_: Any) -> Any:
        asked.append(begins)
        raise NotKnown("not_settled")

    monkeypatch.setattr(module, "before", before)
    return asked


def test_plans_are_told_newest_first_with_their_states(account: Any, fits: list[dt.date]) -> None:
    rows = [row(1, "2025-09-14"), row(2, "2025-10-05"), row(3, "2025-10-12"), row(4, "2025-10-13")]
    found = decisions(account, rows, LAST)
    assert [(each.name, each.state) for each in found] == [
        ("plan 3", "waiting"), ("plan 2", "running"), ("plan 1", "cannot_tell"),
    ]  # fmt: skip
    assert fits == [dt.date(2025, 9, 15)]
    first = found[-1]
    assert (first.made, first.who, first.begins, first.weeks) == (dt.date(2025, 9, 14), "Jo", dt.date(2025, 9, 15), 2)
    assert (first.predicted, first.realised, first.followed) == (Q(50, 100, 150), None, 0.0)
    assert found[1].because == "Week 1 of 2 is over. So far 0 % of the planned moves were made."
    assert found[0].because == (
        "No whole week of the plan is in the exports yet. It runs from 13 October 2025 to 26 October 2025."
    )


def test_a_report_of_an_earlier_week_knows_nothing_of_later_plans(account: Any) -> None:
    assert decisions(account, [row(1, "2025-10-12")], Week.parse("2025-W40")) == ()


def test_plans_of_one_day_share_a_model(account: Any, fits: list[dt.date]) -> None:
    rows = [row(1, "2025-09-14"), row(2, "2025-09-14", plan=NOW), row(3, "2025-09-21")]
    scores_of(account, rows, LAST)
    assert fits == [dt.date(2025, 9, 15), dt.date(2025, 9, 22)]


def test_a_score_is_used_again_until_the_data_change(account: Any, fits: list[dt.date]) -> None:
    fresh = row(1, "2025-09-14")
    document = scores_of(account, [fresh], LAST)[1].to_dict()
    kept = {**fresh, "scores": [{"week": "2025-W40", "document": {}}, {"week": "2025-W41", "document": document}]}
    assert scores_of(account, [kept], LAST)[1].to_dict() == document
    assert len(fits) == 1
    assert account.tables.revenue is not None
    other = replace(account.tables, revenue=account.tables.revenue.assign(revenue=1.0))
    scores_of(replace(account, tables=other), [kept], LAST)
    assert len(fits) == 2


def test_scores_that_are_given_are_told_without_asking_again(account: Any, fits: list[dt.date]) -> None:
    rows = [row(1, "2025-09-14"), row(2, "2025-09-21")]
    score = Score("scored", "as_predicted", Spent(2, {}, 1.0, 0.0), Q(1, 2, 3), Q(1, 2, 3), Q(0, 0, 0))
    (only,) = decisions(account, rows, LAST, scores={2: score})
    assert (only.name, only.realised, fits) == ("plan 2", Q(1, 2, 3), [])


def test_a_plan_that_was_not_followed_has_no_result_beside_its_prediction(account: Any) -> None:
    score = Score("not_followed", "moved_little", Spent(2, {}, 0.0, 0.0), Q(1, 2, 3), Q(1, 2, 3), Q(0, 0, 0))
    (only,) = decisions(account, [row(1, "2025-09-14")], LAST, scores={1: score})
    assert (only.state, only.realised, only.to_dict()["realised"]) == ("not_followed", None, None)
    assert "0 % of the planned moves" in only.because and "the model expects +€2.00" in only.because


def test_what_the_time_before_did_not_have_is_named() -> None:
    spent = Spent(4, {}, 1.0, 0.0)
    for why, name in (("new_control", "promo"), ("new_channel", "Tik\nTok")):
        score = Score("cannot_tell", why, spent, about=(name, HOLIDAYS))  # type: ignore[arg-type]
        (said,) = because(PLAN, score, "EUR")
        assert name.replace("\n", "\\n") + ", holidays" in said


def test_without_revenue_what_was_spent_is_still_told(account: Any) -> None:
    bare = replace(account, tables=replace(account.tables, revenue=None))
    rows = [row(1, "2025-09-14", plan=NOW), row(2, "2025-10-05"), row(3, "2025-10-12")]
    found = {each.name: each for each in decisions(bare, rows, LAST)}
    assert [found[f"plan {n}"].state for n in (1, 2, 3)] == ["cannot_tell", "running", "waiting"]
    assert found["plan 1"].followed == pytest.approx(1.0)
    assert "not known" in found["plan 1"].because


def test_what_the_history_keeps_comes_back(account: Any, fits: list[dt.date], tmp_path: Path) -> None:
    with open_history(tmp_path) as history:
        history.plans.note(
            made=dt.datetime(2025, 9, 14, 8, tzinfo=dt.UTC), who="Jo", data_end="2025-09-14", weeks=2, plan=MOVED,
            predicted={"p5": 50.0, "p50": 100.0, "p95": 150.0}, probability_better=0.9, options={}, name="plan 1",
        )  # fmt: skip
        rows = history.plans.all()
        (score,) = scores_of(account, rows, LAST).values()
        history.plans.score(1, str(LAST), realised=None, followed=score.spent.followed, document=score.to_dict())
        again = scores_of(account, history.plans.all(), LAST)
    assert decisions(account, rows, LAST) == decisions(account, [row(1, "2025-09-14")], LAST)
    assert again == {1: score}
    assert fits[1:] == [dt.date(2025, 9, 15)] * 2  # only what was told without the history's score


def test_a_row_without_a_prediction_is_no_traceback(account: Any, fits: list[dt.date]) -> None:
    for none in (None, {"p5": None, "p50": None, "p95": None}):
        assert noted(row(1, "2025-09-14", predicted=none)).predicted == Q(0, 0, 0)


# ---- words -----------------------------------------------------------------------------------

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


class Bracketed(gettext.NullTranslations):
    """Every sentence translated, to itself in brackets."""

    def gettext(self, message: str) -> str:
        return f"⟦{message}⟧"

    def ngettext(self, one: str, many: str, n: int) -> str:
        return f"⟦{one if n == 1 else many}⟧"


def test_every_word_is_translated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(language, "_translations", lambda _: Bracketed())
    for plan, score in every_score():
        for sentence in because(plan, score, "EUR"):
            assert re.fullmatch(r"⟦[^⟦⟧]*⟧", sentence), sentence


@pytest.mark.parametrize("tag", ["nl", "vi"])
def test_the_catalogues_know_every_sentence(tag: str) -> None:
    english = [" ".join(because(plan, score, "EUR")) for plan, score in every_score()]
    with speaking(tag):
        said = [" ".join(because(plan, score, "EUR")) for plan, score in every_score()]
    assert all(a != b for a, b in zip(english, said, strict=True))


@pytest.mark.slow
def test_a_year_of_an_account_scores_its_plan() -> None:
    from roas.simulator import simulate

    tables, _ = simulate(seed=1, weeks=60, grain="week")
    analysis = roas.analyze(tables["spend"], tables["revenue"])
    end = tables["revenue"]["date"].max()
    ended = (end - pd.Timedelta(days=22)).date()
    week = Week.of(end.date())
    channels = tables["spend"]["channel"].unique()
    recent = tables["spend"][tables["spend"]["date"] > pd.Timestamp(ended) - pd.Timedelta(days=56)]
    now = (recent.groupby("channel")["spend"].sum() / 8).to_dict()
    plan = {str(name): {"now": now[name], "planned": 2 * now[name]} for name in channels}
    (found,) = decisions(analysis, [row(1, ended.isoformat(), plan=plan, weeks=4)], week)
    # Spend stayed as it was: what was sold says nothing of a plan that nobody followed.
    assert (found.state, found.realised) == ("not_followed", None)
    assert found.followed is not None
    assert found.followed < 0.5
