"""Decisions: each plan with its state, told in whole sentences."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

import roas
from roas.plan.noted import Spent
from roas.plan.score import Score
from roas.quantiles import Q
from roas.weekly.decisions import decisions
from roas.weekly.week import Week
from tests.weekly.plans import LAST, NOW, row


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


def test_without_revenue_what_was_spent_is_still_told(account: Any) -> None:
    bare = replace(account, tables=replace(account.tables, revenue=None))
    rows = [row(1, "2025-09-14", plan=NOW), row(2, "2025-10-05"), row(3, "2025-10-12")]
    found = {each.name: each for each in decisions(bare, rows, LAST)}
    assert [found[f"plan {n}"].state for n in (1, 2, 3)] == ["cannot_tell", "running", "waiting"]
    assert found["plan 1"].followed == pytest.approx(1.0)
    assert "not known" in found["plan 1"].because


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
