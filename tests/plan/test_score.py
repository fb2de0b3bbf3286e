"""Plans beside what came of them, or why that cannot be said."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from roas.plan.before import NotKnown
from roas.plan.score import Score, score
from roas.quantiles import Q
from tests.plan.weeks import BEGINS, PLAN, observed, scored


def test_waiting_and_running_need_no_model() -> None:
    seen = observed({"Meta": 900.0, "Search": 600.0}, weeks=1)
    never = NotKnown("no_model")
    assert score(replace(PLAN, begins=BEGINS + dt.timedelta(days=7)), seen, known=never).state == "waiting"
    running = score(PLAN, seen, known=never)
    assert (running.state, running.spent.weeks) == ("running", 1)
    assert running.spent.followed == pytest.approx(0.5)
    assert running.realised is None


def test_a_reason_why_nothing_can_be_said_is_kept() -> None:
    found = score(PLAN, observed(PLAN.planned), known=NotKnown("gap"))
    assert (found.state, found.why, found.realised) == ("cannot_tell", "gap", None)
    assert found.spent.followed == pytest.approx(1.0)


def test_too_short_a_past_cannot_tell() -> None:
    seen = observed(PLAN.planned)
    late = pd.Timestamp(BEGINS) - pd.Timedelta(days=40)
    short = replace(
        seen, spend=seen.spend[seen.spend["date"] >= late], revenue=seen.revenue[seen.revenue["date"] >= late]
    )
    assert (score(PLAN, short).state, score(PLAN, short).why) == ("cannot_tell", "short")


def test_a_hole_right_before_the_plan_cannot_tell() -> None:
    seen = observed(PLAN.planned)
    hole = pd.Timestamp(BEGINS) - pd.Timedelta(days=3)
    kept = (seen.spend["date"] < hole) | (seen.spend["date"] >= pd.Timestamp(BEGINS))
    found = score(PLAN, replace(seen, spend=seen.spend[kept]))
    assert (found.state, found.why) == ("cannot_tell", "gap")


@pytest.mark.parametrize("grain", ["day", "week"])
def test_a_shop_that_sold_nothing_before_cannot_tell(grain: Any) -> None:
    seen = replace(observed(PLAN.planned), model_grain=grain)
    nothing = seen.revenue.assign(revenue=np.where(seen.revenue["date"] < pd.Timestamp(BEGINS), 0.0, 10.0))
    found = score(PLAN, replace(seen, revenue=nothing))
    assert (found.state, found.why) == ("cannot_tell", "no_model")
    assert found.spent.followed == pytest.approx(1.0)


def test_a_score_survives_json() -> None:
    full = scored(dict(PLAN.planned), PLAN, realised=Q(300, 400, 500))
    for each in (full, score(PLAN, observed(PLAN.planned), known=NotKnown("short"))):
        assert Score.of_dict(json.loads(json.dumps(each.to_dict()))) == each
