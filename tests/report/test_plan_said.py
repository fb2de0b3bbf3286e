"""What is said of a plan is of that plan, adds up as it is read, and doubts where there is doubt."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from roas.analysis.asked import Asked
from roas.plan.results import Limit, Plan, Warned
from roas.quantiles import Q
from roas.report import plan_words as words
from roas.report.plan_moves import about, same_total, times
from roas.report.plan_total import total_state, total_words
from tests.report.test_plan import SWAP, answered, made, move, printed


def amount(text: str) -> float:
    unit = {"K": 1e3, "M": 1e6, "B": 1e9, "T": 1e12}.get(text[-1], 1.0)
    return float(text.strip("€KMBT").replace(",", "")) * unit


@given(st.floats(0.05, 9e5), st.integers(1, 52))
def test_weekly_and_horizon_amounts_multiply_as_read(value: float, weeks: int) -> None:
    whole = weeks * amount(about(value, "EUR"))
    # From a million on three digits are shown, from a hundred on no cents.
    assert amount(times(value, weeks, "EUR")) == pytest.approx(whole, rel=5e-3 if whole >= 1e6 else 1e-9, abs=0.5)


def test_doing_nothing_costs_only_where_that_is_sure() -> None:
    doubtful = replace(SWAP, regret=Q(0.0, 640.0, 1300.0), revenue_change=Q(-50.0, 640.0, 1300.0))
    said = words.gains(answered(doubtful), doubtful)
    assert not any("Doing nothing" in each for each in said)
    assert "€640 more revenue a week (90 % interval: €50 less to €1,300 more)" in said[0]
    assert any("Doing nothing costs about €640" in each for each in words.gains(answered(SWAP), SWAP))


def test_another_total_without_a_margin_says_what_is_left_with_its_range() -> None:
    plan = made(move("Meta", 1000, 1500), draws=np.linspace(300, 1100, 101), regret=Q(0.0, 200.0, 560.0))
    said = words.doing_nothing(answered(plan), plan)
    assert said == "In revenue less spend that is about €200 more a week (90 % interval: €160 less to €560 more)."


def forced(**changes: object) -> Plan:
    facts = {"objective": "revenue", "why_held": "x"}
    return replace(SWAP, probability_better=0.52, regret=Q(0.0, 40.0, 200.0), facts=facts, **changes)  # type: ignore[arg-type]


def test_a_plan_that_only_carries_out_limits_is_headlined_as_that() -> None:
    assert words.verdict(answered(forced()), forced()).startswith("Only your limits move money: take €1,200")
    costs = forced()
    costs = replace(costs, facts={**costs.facts, "cost_of_limits": 877.3})
    assert words.verdict(answered(costs), costs).startswith("Your limits cost about €880 a week")


def test_the_cost_of_limits_is_said_once() -> None:
    from roas.format import money
    from roas.plan.cost_of_limits import LIMITS_COST
    from roas.plan.sentences import Sentence

    cost = Warned(None, "other", Sentence(LIMITS_COST, cost=(money, 877.3, "EUR")))
    plan = forced(warnings=(cost,))
    plan = replace(plan, facts={**plan.facts, "cost_of_limits": 877.3})
    out = " ".join(printed(answered(plan)).split())
    assert out.count("880") == 1
    assert "877" not in out


def target(**changes: object) -> Plan:
    facts = {"objective": "target_roas", "target_marginal_roas": 10.0}
    down = made(move("Meta", 6000, 4800), draws=np.full(9, -2000.0), facts=facts, probability_better=0.98,
                revenue_change=Q(-3000.0, -2000.0, -1000.0), regret=Q(9000.0, 10000.0, 11000.0))  # fmt: skip
    return replace(down, **changes)  # type: ignore[arg-type]


def test_a_target_is_judged_by_the_target_and_says_so() -> None:
    plan = target()
    result = answered(plan, asked=(Asked(target_marginal_roas=10.0),))
    assert words.verdict(result, plan) == "To bring the next €1 closer to 10.0: take €1,200 a week from Meta."
    said = words.gains(result, plan)
    assert said[0].endswith(
        "If every €1 must bring 10.0, that is worth about €10,000 a week, "
        "and the chance that it beats today's split is 98 %."
    )
    assert said[1].endswith("What is saved is less than what is lost.")
    assert not any("Doing nothing" in each for each in said)


def test_a_target_in_a_file_of_scenarios_gets_the_same_advice() -> None:
    plan = target(name="t10")
    result = answered(plan, asked=(Asked("t10", target_marginal_roas=10.0),), compared=True)
    assert result.plan is plan
    assert words.comparison(result) == "t10 is the best split for its target."
    assert words.verdict(result, result.plan).startswith("To bring the next €1 closer to 10.0")


def test_a_budget_that_is_todays_total_as_shown_says_the_difference() -> None:
    plan = made(move("Meta", 6000.12, 6000), move("Search", 1000.31, 1000), probability_better=0.39)
    result = answered(plan, asked=(Asked(budget=7000.0),))
    assert words.verdict(result, plan) == (
        "€7,000 a week is what you spend today, but for €0.43: nothing worth moving."
    )
    assert words.gains(result, plan) == []
    large = made(move("Meta", 6000.12, 7000), move("Search", 1000.31, 0))
    assert "the plan spends" not in " ".join(words.gains(answered(large), large)).lower()
    assert same_total(7000.43, 7000.0)
    assert not same_total(7001.43, 7000.0)
    assert not same_total(70.43, 70.0)


def pilot(*moves: object, **options: object) -> str:
    plan = made(*moves, held=True, probability_better=0.0)  # type: ignore[arg-type]
    return words.pilot(answered(plan, **options), plan)  # type: ignore[arg-type]


def test_no_pilot_in_a_channel_that_stays_fixed_or_closed() -> None:
    fixed = move("Shopping", 9000, 9000, known="prior")
    free = replace(move("Meta", 600, 600, known="prior"), limit=Limit(420, 780))
    nan = replace(free, channel="Radio", marginal_roas=Q(np.nan, np.nan, np.nan), now=0.0, planned=0.0)
    assert "change Meta alone" in pilot(fixed, nan, free)
    assert pilot(fixed) == ""


def test_a_pilot_in_an_account_of_one_channel_leaves_no_others() -> None:
    from types import MappingProxyType

    from roas.plan.doubts import PILOT

    only = replace(move("Meta", 600, 600, known="prior"), limit=Limit(420, 780))
    plan = made(only, held=True, probability_better=0.0)
    result = answered(plan)
    told = MappingProxyType({"Meta": PILOT.format(channel="Meta")})
    result = replace(result, today=replace(result.today, experiments=told))
    assert words.pilot(result, plan) == "The pilot that would settle most: change Meta for four weeks, by half or more."
    assert "channels" not in words.would_change(replace(result, today=replace(result.today, experiments={})), plan)


def test_whether_money_pays_is_said_once_and_not_by_estimates_that_did_not_settle() -> None:
    facts = {"next_unit": "No channel's next €1 pays.", "next_unit_state": "none_pays"}
    held = made(move("Meta", 600, 600), held=True, facts=facts,
                warnings=(Warned(None, "held", "Kept."), Warned(None, "other", facts["next_unit"])))  # fmt: skip
    assert words.gains(answered(held), held) == ["Kept.", facts["next_unit"]]
    assert total_state(answered(held), held) == "none_pays"
    assert len(re.findall("next €1 pays", printed(answered(held)))) == 1
    unsettled = answered(held, converged=False)
    assert (total_words(unsettled, held), total_state(unsettled, held)) == ("", "")
