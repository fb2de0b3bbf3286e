"""A plan and its page, made once."""

from __future__ import annotations

import pytest

import roas
from roas.analysis.what_if import WhatIf
from roas.plan.limits import limits_of
from roas.plan.optimize import optimize as best_of
from roas.report.plan_page import page
from tests.analysis import planned_account
from tests.report.plan_page.accounts import account


@pytest.fixture(scope="module")
def hostile() -> WhatIf:
    """A best plan of channels with names that would like to run, and one that is not in the model."""
    made_up = account(excluded={"New": "too new"}, margin=0.4)
    limits = limits_of(made_up.today, max_change=0.3)
    best = best_of(made_up.model, made_up.today, limits=limits, margin=0.4)
    assert not best.held
    return made_up.ask(best)  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def source(hostile: WhatIf) -> str:
    return page(hostile)


@pytest.fixture(scope="module")
def bare() -> roas.Analysis:
    return planned_account.bare()
