"""Controls that the time before a plan did not have."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from roas.plan.new_controls import new_controls
from roas.plan.score import Score, score
from tests.plan.weeks import BEGINS, NOW, PLAN, daily, observed, till


def with_control(name: str, before_: float, after: float, *, once: float | None = None) -> pd.DataFrame:
    seen = observed(PLAN.planned).revenue.assign(**{name: before_})
    late = seen["date"] >= pd.Timestamp(BEGINS)
    seen.loc[late, name] = after
    seen.loc[seen.index[-1], name] = before_  # so that it is not the same all along
    if once is not None:
        seen.loc[seen.index[3], name] = once
    return seen


@pytest.mark.parametrize(
    ("before_", "after", "once", "new"),
    [
        (0.0, 1.0, None, True),  # the first promotion
        (0.0, 1.0, 1.0, False),  # one as before
        (1.0, 0.0, None, True),  # the end of something that always was
        (0.0, 1.05, 1.0, False),  # within a tenth of the range it had
        (0.0, 1.2, 1.0, True),
        (np.nan, 1.0, None, True),  # nobody noted it before
    ],
)
def test_a_control_that_leaves_its_range_cannot_be_told_from_the_plan(
    before_: float, after: float, once: float | None, new: bool
) -> None:
    revenue = with_control("promo", before_, after, once=once)
    if np.isnan(before_):
        revenue.loc[revenue.index[-1], "promo"] = 0.0
    assert new_controls(revenue, pd.Timestamp(BEGINS)) == (("promo",) if new else ())


def test_a_first_promotion_is_named_without_a_fit() -> None:
    seen = observed(PLAN.planned)
    longer = pd.concat([daily(NOW, weeks=40, begins=BEGINS - dt.timedelta(days=350)), seen.spend], ignore_index=True)
    older = till(weeks=40, begins=BEGINS - dt.timedelta(days=350)).assign(promo=0.0)
    revenue = pd.concat([older, with_control("promo", 0.0, 1.0)], ignore_index=True)
    found = score(PLAN, replace(seen, spend=longer, revenue=revenue))
    assert (found.state, found.why, found.about) == ("cannot_tell", "new_control", ("promo",))
    assert Score.of_dict(json.loads(json.dumps(found.to_dict()))) == found


def test_holidays_that_the_time_before_did_not_have_are_named() -> None:
    table, first = till(weeks=4), pd.Timestamp(BEGINS)
    inside, earlier = BEGINS + dt.timedelta(days=3), BEGINS - dt.timedelta(days=3)
    assert new_controls(table, first, [inside]) == ("holidays",)
    assert new_controls(table, first, [earlier, inside]) == ()
    assert new_controls(table, first) == ()
