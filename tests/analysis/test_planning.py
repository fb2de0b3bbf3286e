"""What-if on an account with chosen curves: money to the cent, limits, labels, documents, scenario files."""

from __future__ import annotations

import json
import math
import pickle
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

import roas
from roas.analysis import planning
from roas.analysis.asked import Asked, amount, named_amounts, share
from roas.analysis.document import dumps
from roas.analysis.plan_document import free, plan_document
from roas.analysis.scenario_files import read_scenarios
from roas.plan.evaluate import evaluate
from roas.plan.today import Today
from tests.analysis import planned_account
from tests.analysis.planned_account import CEILING, NOW, response, spend


@pytest.fixture(scope="session")
def bare() -> roas.Analysis:
    return planned_account.bare()


@pytest.fixture
def account(bare: roas.Analysis) -> roas.Analysis:
    return replace(bare, response=response())


def money_of(result: planning.WhatIf) -> dict[str, float]:
    return {each["channel"]: each["spend_per_week"] for each in result.to_dict()["plan"]}


# ---- amounts ---------------------------------------------------------------------------------


@given(st.integers(0, 10**11))
def test_an_amount_in_cents_reads_back(cents: int) -> None:
    assert round(amount(f"{cents / 100:.2f}", option="--budget") * 100) == cents


@pytest.mark.parametrize("text", ["-5", "abc", "", "20%", "nan", "inf", "1.200", "1e13"])
def test_what_is_no_amount_is_refused_by_its_option(text: str) -> None:
    with pytest.raises(roas.UsageError, match="--budget"):
        amount(text, option="--budget")


@pytest.mark.parametrize("text", ["30", "-10%", "lots", "nan"])
def test_what_is_no_share_is_refused(text: str) -> None:
    with pytest.raises(roas.UsageError, match="--max-change"):
        share(text, option="--max-change")


@pytest.mark.parametrize("texts", [["TikTok"], ["=5"], ["a=1", "a=2"]])
def test_a_limit_needs_one_name_and_one_amount(texts: list[str]) -> None:
    with pytest.raises(roas.UsageError, match="--min"):
        named_amounts(texts, option="--min")


@given(
    st.lists(st.integers(1, 10**7), min_size=1, max_size=6),
    st.integers(0, 10**9),
)
def test_a_scaled_split_meets_the_budget_to_the_cent(cents: list[int], budget: int) -> None:
    names = tuple(f"c{i}" for i in range(len(cents)))
    today = Today(names, tuple(c / 100 for c in cents))
    found = planning.scaled(today, budget / 100)
    assert sum(round(v * 100) for v in found.values()) == budget
    for name, c in zip(names, cents, strict=True):
        assert abs(found[name] * 100 - budget * c / sum(cents)) <= 1.0001


def test_scaling_leaves_channels_without_a_curve_and_says_when_they_cost_too_much() -> None:
    today = Today(("a", "b"), (100.0, 50.0), excluded={"b": "new"})
    assert planning.scaled(today, 250.0) == {"a": 200.0, "b": 50.0}
    with pytest.raises(roas.UsageError, match=r"50\.00"):
        planning.scaled(today, 49.99)


# ---- answers ---------------------------------------------------------------------------------


def test_a_shift_is_valued_as_the_plan_that_it_names(account: roas.Analysis) -> None:
    result = account.plan(shift="Search=+400")
    assert money_of(result) == NOW | {"Search": 800.0}
    same = evaluate(account.response, result.today, NOW | {"Search": 800.0}, margin=0.5)  # type: ignore[arg-type]
    assert result.plan.revenue_change == same.revenue_change
    profit, change = result.plan.profit_change, result.plan.revenue_change
    assert profit is not None
    assert (profit.p5, profit.p95) == pytest.approx((0.5 * change.p5 - 400, 0.5 * change.p95 - 400), abs=1e-2)
    # Half saturated at 400, so x / (x + 400) at 800 is two thirds: about a sixth of the ceiling more.
    assert change.p50 == pytest.approx(CEILING["Search"] / 6, rel=0.1)


def test_the_best_split_keeps_the_total_and_takes_from_the_full_channel(account: roas.Analysis) -> None:
    result = account.optimize(max_change="20%")
    planned = money_of(result)
    assert sum(round(v * 100) for v in planned.values()) == 150000
    assert planned["Meta"] < NOW["Meta"]
    assert planned["Search"] == 480.0
    assert result.plan.probability_better > 0.5


def test_a_budget_alone_scales_and_says_so(account: roas.Analysis) -> None:
    result = account.plan(budget=3000)
    assert money_of(result) == {name: 2 * money for name, money in NOW.items()}
    assert any("spread as today's money is" in note for note in result.notes)


def test_a_label_limits_its_channels_together_and_a_channel_wins(account: roas.Analysis) -> None:
    result = account.optimize(maximum={"brand": 450}, max_change=0.5)
    planned = money_of(result)
    assert planned["Search"] + planned["TikTok"] <= 450.0
    assert any("brand: Search, TikTok" in note for note in result.notes)


def test_a_label_of_a_part_of_a_channel_is_refused(account: roas.Analysis) -> None:
    table = spend(campaigns=True)
    table.loc[(table["channel"] == "Search") & (table.index % 2 == 0), "campaign"] = "Search generic"
    mixed = replace(account, tables=replace(account.tables, spend=_like(account.tables.spend, table)))
    with pytest.raises(roas.UsageError, match=r'"brand" covers only some campaigns of Search'):
        mixed.optimize(fix=["brand"])


def _like(canonical: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    """Give the canonical table the campaigns of another, row by row."""
    named = {(d, c): k for d, c, k in zip(table["date"], table["channel"], table["campaign"], strict=True)}
    keys = zip(canonical["date"], canonical["channel"], strict=True)
    return canonical.assign(campaign=pd.Series([named[key] for key in keys], canonical.index, dtype=object))


def test_estimates_that_did_not_settle_recommend_nothing(account: roas.Analysis) -> None:
    loose = replace(account, response=response(converged=False))
    for result in (loose.optimize(), loose.plan(shift="Meta=-20%")):
        document = result.to_dict()
        assert document["held"] is True
        assert money_of(result) == NOW
        assert document["probability_better"] == 0
        assert [each["marginal_roas"] for each in document["moves"]] == [None] * 3
        assert "did not settle" in document["warnings"][0]["reason"]


def test_a_channel_without_a_curve_keeps_its_money_and_is_named(account: roas.Analysis) -> None:
    result = replace(account, response=response(excluded=("TikTok",))).optimize()
    assert money_of(result)["TikTok"] == 100.0
    move = next(each for each in result.to_dict()["moves"] if each["channel"] == "TikTok")
    assert (move["modelled"], move["marginal_roas"], move["fixed"]) == (False, None, True)
    assert ("TikTok", "not_modelled") in [(w.channel, w.kind) for w in result.plan.warnings]


def test_without_a_model_the_message_says_what_is_needed(bare: roas.Analysis) -> None:
    with pytest.raises(roas.InputError, match="without its model"):
        bare.optimize()
    unfit: Any = SimpleNamespace(fitting=None, channels=(), excluded={"a": "too short"})
    nothing = replace(bare, response=unfit)
    with pytest.raises(roas.InputError, match="too short"):
        nothing.optimize()


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"shift": ["Meta=-20%"], "budget": 100}, "--budget"),
        ({"shift": ["Meta=-20%"], "spend": {"Meta": 1}}, "not both"),
        ({"spend": {"Metta": 1}}, "Meta"),
        ({"spend": {"Meta": 1, "meta": 2}}, "twice"),
        ({}, "nothing is asked"),
        ({"budget": 100, "weeks": 0}, "weeks"),
        ({"budget": 100, "weeks": 53}, "weeks"),
    ],
)
def test_a_question_that_contradicts_itself_is_refused(account: roas.Analysis, asked: Any, says: str) -> None:
    with pytest.raises(roas.UsageError, match=says):
        account.plan(**asked)


def test_profit_needs_a_margin(account: roas.Analysis) -> None:
    with pytest.raises(roas.UsageError, match="--margin"):
        replace(account, margin=None).optimize(objective="profit")


# ---- the document ----------------------------------------------------------------------------


def schema_errors(document: Any) -> list[str]:
    found = Draft202012Validator(roas.schema("plan")).iter_errors(json.loads(json.dumps(document)))
    return [f"{each.json_path}: {each.message}" for each in found]


def test_the_document_is_valid_and_the_same_twice(account: roas.Analysis) -> None:
    first, second = (dumps(account.optimize().to_dict()) for _ in range(2))
    assert first == second
    assert schema_errors(json.loads(first)) == []


def test_the_order_of_files_rows_and_cores_does_not_move_a_cent(account: roas.Analysis) -> None:
    turned = replace(account, tables=replace(account.tables, spend=account.tables.spend.iloc[::-1]))
    assert money_of(turned.optimize()) == money_of(account.optimize())


def test_percent_is_null_where_nothing_is_spent_today(account: roas.Analysis) -> None:
    table = account.tables.spend
    quiet = table.assign(spend=table["spend"].where(table["channel"] != "TikTok", 0.0))
    result = replace(account, tables=replace(account.tables, spend=quiet)).plan(shift="TikTok=+50")
    row = next(each for each in result.to_dict()["plan"] if each["channel"] == "TikTok")
    assert (row["change"], row["change_pct"]) == (50.0, None)
    assert schema_errors(result.to_dict()) == []


@pytest.mark.parametrize("broken", ["held", "regret", "moves", "facts", "plan_total", "objective"])
def test_a_scenario_without_a_field_is_rejected(account: roas.Analysis, tmp_path: Path, broken: str) -> None:
    document = planning.compare(account, read_scenarios(scenario_file(tmp_path), Asked())).to_dict()
    assert schema_errors(document) == []
    del document["scenarios"][0][broken]
    assert schema_errors(document) != []


def test_facts_are_plain_and_finite() -> None:
    assert free({"a": np.float64(1 / 3), "b": (1, math.nan), "c": {"d": np.array([1.0])}, "e": True}) == {
        "a": 0.333333, "b": [1, None], "c": {"d": [1.0]}, "e": True,
    }  # fmt: skip


def test_a_frame_has_a_row_per_channel_that_adds_up(account: roas.Analysis) -> None:
    frame = account.optimize().to_frame()
    assert list(frame["channel"]) == list(NOW)
    assert frame["change"].sum() == pytest.approx(0, abs=1e-9)


# ---- scenarios -------------------------------------------------------------------------------

TOML = """
[scenario.calm]
shift = ["Meta>Search=100"]

[scenario.bold]
optimize = true
max_change = "50%"
fix = ["TikTok"]

[scenario.poor]
spend = {Search = 100}
"""


def scenario_file(folder: Path, text: str = TOML, name: str = "s.toml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_scenarios_are_compared_and_the_best_leads(account: roas.Analysis, tmp_path: Path) -> None:
    result = planning.compare(account, read_scenarios(scenario_file(tmp_path), Asked()))
    assert [plan.name for plan in result.plans] == ["calm", "bold", "poor"]
    assert [plan.name for plan in result.order] == ["bold", "calm", "poor"]
    assert result.plan.name == "bold"
    assert result.lead is not None
    assert result.lead > 0.5
    document = result.to_dict()
    assert document["name"] == "bold"
    assert document["lead"] == round(result.lead, 4)
    assert [each["name"] for each in document["scenarios"]] == ["calm", "bold", "poor"]
    assert list(result.scenarios_frame()["best"]) == [False, True, False]


def test_where_no_scenario_beats_today_todays_split_leads(account: roas.Analysis, tmp_path: Path) -> None:
    path = scenario_file(tmp_path, "[scenario.poor]\nspend = {Search = 100}\n")
    result = planning.compare(account, read_scenarios(path, Asked()))
    assert result.plan is result.keep
    assert result.to_dict()["held"] is True
    assert money_of(result) == NOW


def test_a_table_of_scenarios_leaves_others_as_they_are(account: roas.Analysis, tmp_path: Path) -> None:
    text = "Scenario;Channel;spend_per_week\nhalf;Meta;500\nhalf;Search;900,50\n\nmore;TikTok;200\n"
    result = planning.compare(account, read_scenarios(scenario_file(tmp_path, text, "s.csv"), Asked(weeks=6)))
    spent = {plan.name: {m.channel: m.planned for m in plan.moves} for plan in result.plans}
    assert spent["half"] == {"Meta": 500.0, "Search": 900.5, "TikTok": 100.0}
    assert spent["more"] == NOW | {"TikTok": 200.0}
    assert {plan.weeks for plan in result.plans} == {6}


def test_every_error_of_a_file_is_in_one_message(account: roas.Analysis, tmp_path: Path) -> None:
    text = """
budget = 5
[scenario.a]
shift = ["Nope=-20%"]
[scenario.b]
budgt = 3
[scenario.c]
budget = "lots"
for = "money"
max_change = 30
[scenario.d]
optimize = true
min = {Meta = 99999}
[scenario.e]
"""
    with pytest.raises(roas.InputError) as caught:
        planning.compare(account, read_scenarios(scenario_file(tmp_path, text), Asked()))
    said = str(caught.value)
    assert "8 errors" in said
    for part in (
        '"budget"',
        "Nope",
        'Did you mean "budget"',
        "lots",
        "money",
        "max_change",
        "[scenario.d]",
        "[scenario.e]",
    ):
        assert part in said


def test_errors_of_a_table_name_their_lines_in_order(account: roas.Analysis, tmp_path: Path) -> None:
    text = "scenario,channel,spend_per_week\nh,Metta,30\nh,Search,abc\n,TikTok,8\nh,Meta,1\nh,Meta,2\n"
    with pytest.raises(roas.InputError) as caught:
        planning.compare(account, read_scenarios(scenario_file(tmp_path, text, "s.csv"), Asked()))
    lines = [line.split(":")[0].strip() for line in str(caught.value).splitlines()[1:]]
    assert lines == ["line 2", "line 3", "line 4", "line 6"]


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("s.toml", "not = = toml", "not a file of scenarios"),
        ("s.toml", "", "no scenario"),
        ("s.toml", "scenario = 3", '"scenario"'),
        ("s.csv", "a,b\n1,2\n", "no column scenario, channel, spend_per_week"),
        ("s.csv", "scenario,channel,spend_per_week\n", "no scenario"),
    ],
)
def test_a_file_of_something_else_is_refused_by_name(tmp_path: Path, name: str, text: str, says: str) -> None:
    path = scenario_file(tmp_path, text, name)
    with pytest.raises(roas.InputError, match=says) as caught:
        read_scenarios(path, Asked()).refuse()
    assert name in str(caught.value)


@pytest.mark.slow
@settings(max_examples=40)
@given(st.text(max_size=60))
def test_no_scenario_file_crashes(text: str) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        for name in ("s.toml", "s.csv"):
            path = Path(folder) / name
            path.write_text(text, encoding="utf-8", errors="replace")
            try:
                read_scenarios(path, Asked()).refuse()
            except roas.InputError as error:
                assert name in str(error)


def test_a_plan_survives_pickling(account: roas.Analysis) -> None:
    plan = account.optimize().plan
    assert pickle.loads(pickle.dumps(plan)).total == plan.total


def test_the_document_function_and_the_method_agree(account: roas.Analysis) -> None:
    result = account.optimize()
    assert plan_document(result) == result.to_dict()
