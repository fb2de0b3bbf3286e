"""A score is used again while what it rests on stays."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pandas as pd

from roas.plan.fingerprint import fingerprint
from tests.plan.weeks import BEGINS, NOW, PLAN, daily, observed


def test_the_fingerprint_changes_with_what_counts_and_nothing_else() -> None:
    seen = observed(PLAN.planned)
    mark = fingerprint(PLAN, seen)
    mixed = replace(seen, spend=seen.spend.sample(frac=1, random_state=1), revenue=seen.revenue[::-1])
    assert fingerprint(PLAN, mixed) == mark
    later = pd.concat([seen.spend, daily({"Meta": 5.0}, weeks=1, begins=PLAN.ends + dt.timedelta(days=1))])
    assert fingerprint(PLAN, replace(seen, spend=later)) == mark
    assert fingerprint(PLAN, replace(seen, spend=seen.spend.assign(spend=seen.spend["spend"] + 0.01))) != mark
    assert fingerprint(PLAN, replace(seen, revenue=seen.revenue.assign(revenue=1.0))) != mark
    assert fingerprint(PLAN, replace(seen, revenue=seen.revenue.assign(promo=1.0))) != mark
    assert fingerprint(replace(PLAN, planned=NOW), seen) != mark
    fine, finer = (replace(seen, revenue=seen.revenue.assign(**{"control: price": x})) for x in (0.001, 0.0011))
    assert fingerprint(PLAN, fine) != fingerprint(PLAN, finer)


def test_claims_count_of_the_time_before_alone() -> None:
    """Platforms correct their claims for weeks; what the model does not read must not have it fitted again."""
    seen = observed(PLAN.planned)
    old = seen.spend["date"] < pd.Timestamp(BEGINS)
    marks = {
        fingerprint(PLAN, replace(seen, spend=seen.spend.assign(conversion_value=np.where(old, before_, after))))
        for before_, after in ((1.0, 1.0), (1.0, 2.0), (2.0, 1.0))
    }
    assert len(marks) == 2
