"""Channels that the time before a plan says nothing about."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from roas.plan.aftermath import outcome
from roas.plan.before import NotKnown
from roas.plan.noted import Noted
from roas.plan.observed import Observed
from roas.plan.score import Score, score
from roas.plan.strangers import strangers
from roas.quantiles import Q
from roas.weekly.decision_words import because
from tests.plan.weeks import BEGINS, NOW, PLAN, daily, known, observed, till


def test_a_channel_that_the_model_does_not_have_is_left_out_of_the_forecast() -> None:
    seen, now = known(spend={}, sold=[9000.0])
    outcome(seen, {**now, "Radio": 300.0}, 1)
    assert set(seen.response.asked[0][1]) == set(now)  # type: ignore[attr-defined]


def test_a_channel_the_model_does_not_have_is_taken_to_be_as_the_others() -> None:
    seen, now = known(spend={}, sold=[9000.0, 9000.0])
    bare = outcome(seen, now, 2)
    found = outcome(seen, now, 2, spent={**now, "TikTok": 400.0})
    assert (bare.unmodelled, found.unmodelled) == ((), ("TikTok",))
    assert (found.tail > 0).all()
    assert (found.expected >= found.tail).all()
    assert np.ptp(found.tail) > np.ptp(bare.tail)  # a stranger's carryover is not known
    less = outcome(seen, {**now, "TikTok": 800.0}, 2, spent={**now, "TikTok": 400.0})
    np.testing.assert_allclose(less.tail, -found.tail)  # money that was taken away
    nothing = dict.fromkeys(now, 0.0)
    with pytest.raises(NotKnown) as none:
        outcome(seen, nothing, 2, spent={"TikTok": 400.0})
    assert none.value.args == ("new_channel", "TikTok")


def test_only_money_that_moved_makes_a_stranger() -> None:
    now, spent = {"Meta": 500.0, "TV": 80.0, "Radio": 40.0}, {"Meta": 0.0, "TV": 80.004, "TikTok": 120.0}
    assert strangers(["Meta"], now, spent) == {"Radio": -40.0, "TikTok": 120.0}
    assert strangers(["Meta"], now, {}) == {}  # nothing is known of what was spent


def with_a_new_channel(*, sold: float, tiktok: float = 400.0) -> tuple[Noted, Score]:
    """A plan that starts TikTok, followed to the cent, and its score."""
    seen, now = known(spend={}, sold=[sold] * 14)
    split = {**now, "TikTok": tiktok}
    start = BEGINS - dt.timedelta(days=70)
    spend = pd.concat([daily(now, weeks=10, begins=start), daily(split, weeks=14)], ignore_index=True)
    tables = Observed(spend, till(weeks=24, begins=start), "day", "week")
    plan = Noted(now, split, 14, BEGINS, Q(100, 900, 1700))
    return plan, score(plan, tables, known=seen)


SAYS_NOTHING = (
    "The weeks before the plan say nothing about TikTok. "
    "What it still brings afterwards is taken to be as in the other channels."
)


def test_a_channel_that_is_new_since_the_plan_was_saved_is_told_beside_its_figures() -> None:
    plan, found = with_a_new_channel(sold=20_000.0)
    assert (found.state, found.about) == ("scored", ("TikTok",))
    assert found.realised is not None
    assert SAYS_NOTHING in list(because(plan, found, "EUR"))
    kept = Score.of_dict(json.loads(json.dumps(found.to_dict())))
    assert list(because(plan, kept, "EUR")) == list(because(plan, found, "EUR"))


def test_nothing_is_told_of_a_channel_whose_money_did_not_move() -> None:
    plan, found = with_a_new_channel(sold=20_000.0, tiktok=0.0)
    assert (found.state, found.about) == ("scored", ())
    assert not [each for each in because(plan, found, "EUR") if "say nothing about" in each]


def test_where_nothing_can_stand_in_for_a_new_channel_it_is_named_and_nothing_is_measured() -> None:
    plan = replace(PLAN, now=dict.fromkeys(NOW, 0.0), planned={**dict.fromkeys(NOW, 0.0), "TikTok": 400.0})
    seen, _ = known(spend={}, sold=[9000.0, 9000.0])
    found = score(plan, observed({"TikTok": 400.0}), known=replace(seen, spend=dict.fromkeys(NOW, np.zeros(2))))
    assert (found.state, found.why, found.about) == ("cannot_tell", "new_channel", ("TikTok",))
    assert found.realised is None
    assert list(because(plan, found, "EUR")) == [
        "Money of channels that were new moved in these weeks: TikTok. The weeks before say nothing of what they bring."
    ]
