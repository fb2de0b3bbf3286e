"""A yen is not divided: what the tool chooses is whole, what was spent stays exact, totals stay to the hundredth."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roas.analysis.answers import scaled
from roas.plan.limits import limits_of
from roas.plan.optimize import optimize
from roas.plan.payable import payable, payable_change
from roas.plan.scenarios import shifted
from roas.plan.target import target_revenue
from roas.plan.today import Today
from tests.plan.made import made

AMOUNT = st.integers(0, 10**9)


@given(st.lists(st.tuples(AMOUNT, AMOUNT, st.integers(0, 10**6), st.integers(0, 10**6)), min_size=1, max_size=6))
def test_amounts_are_whole_inside_limits_and_add_up(rows: list[tuple[int, int, int, int]]) -> None:
    plan, start = [row[0] for row in rows], [row[1] for row in rows]
    low = [max(amount - less, 0) for amount, _, less, _ in rows]
    high = [amount + more for amount, _, _, more in rows]
    found = payable(plan, start, "JPY", low=low, high=high, fixed=True)
    assert sum(found) == sum(plan)
    assert all(a <= each <= b for each, a, b in zip(found, low, high, strict=True))
    assert all(each == had for each, chosen, had in zip(found, plan, start, strict=True) if chosen == had)
    free = payable(plan, start, "VND", low=low, high=high, fixed=False)
    for each, chosen, had, a, b in zip(free, plan, start, low, high, strict=True):
        if chosen == had or -(-a // 100) > b // 100:  # nobody moved it, or no whole unit is allowed
            assert each == chosen
        else:
            assert each % 100 == 0
            assert a <= each <= b
            assert abs(each - chosen) <= 100
    wide = payable(plan, start, "JPY", fixed=True)
    assert sum(each % 100 != 0 for each, had in zip(wide, start, strict=True) if each != had) <= 1
    assert payable(plan, start, "EUR", low=low, high=high, fixed=True) == plan
    assert payable(plan, start, None, fixed=True) == plan


@given(AMOUNT, st.integers(-(10**9), 10**9))
def test_a_change_ends_at_whole_units(had: int, change: int) -> None:
    change = max(change, -had)
    found = payable_change(had, change, "JPY")
    assert found == 0 if change == 0 else (had + found) % 100 == 0
    assert abs(found - change) <= 50
    assert had + found >= 0


def moved(plan: Any) -> list[int]:
    return [round(100 * move.planned) for move in plan.moves if move.planned != move.now]


@pytest.mark.parametrize("currency", ["JPY", "VND"])
def test_plans_are_in_whole_units(currency: str) -> None:
    model, bare = made(("Meta", "Search", "TikTok"), n=200, spread=0.2, seed=3, scale=123.4567)
    today = replace(bare, currency=currency)
    assert any(round(100 * each) % 100 for each in today.spend)
    limits = limits_of(today, max_change=0.5)
    best = optimize(model, today, limits=limits)
    assert moved(best)
    assert sum(each % 100 != 0 for each in moved(best)) <= 1
    assert round(100 * best.total) == round(100 * today.total)
    assert {move.channel: move.now for move in best.moves} == dict(zip(today.channels, today.spend, strict=True))
    budget = float(round(1.1 * today.total))
    assert not any(each % 100 for each in moved(optimize(model, today, limits=limits, budget=budget)))
    assert today.revenue_per_week is not None
    aimed = target_revenue(model, today, today.revenue_per_week * 1.01, limits=limits)
    assert moved(aimed)
    assert not any(each % 100 for each in moved(aimed))
    assert not any(round(100 * each) % 100 for each in scaled(today, budget).values())


def test_percents_of_a_shift_end_at_whole_units() -> None:
    today = Today(("Meta", "Search"), (668206.24, 1000.5), currency="JPY")
    assert shifted(today, ["Meta=-20%"]) == {"Meta": 534565.0, "Search": 1000.5}
    assert shifted(today, ["Meta>Search=10%"]) == {"Meta": 601386.0, "Search": 67820.74}
    assert shifted(today, ["Meta>Search=100%"]) == {"Meta": 0.0, "Search": 669206.74}
    assert shifted(today, ["Meta=+500"]) == {"Meta": 668706.24, "Search": 1000.5}  # as it was asked
    assert shifted(replace(today, currency="EUR"), ["Meta=-20%"])["Meta"] == 534564.99
