"""The arithmetic of a plan's page is the command's."""

from __future__ import annotations

import re
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import roas
from roas.analysis.planning import optimize, plan
from roas.analysis.what_if import WhatIf
from roas.plan.evaluate import evaluate
from roas.plan.limits import limits_of
from roas.plan.optimize import optimize as best_of
from roas.quantiles import LEVELS
from roas.report.plan_data import DRAWS, POINTS, WHOLE, amounts, as_json, packed, plan_data, thinned
from roas.report.plan_page import page
from tests.analysis import planned_account
from tests.report.plan_page.accounts import NAMES, account
from tests.report.plan_page.draws import drawn


@pytest.mark.parametrize("margin", [None, 0.4])
@pytest.mark.parametrize("wanted", ["best", "given"])
def test_the_page_computes_what_the_command_says(margin: float | None, wanted: str) -> None:
    made_up = account(NAMES, margin=margin, n=1000)
    if wanted == "best":
        limits = limits_of(made_up.today, max_change=0.5)
        found = best_of(made_up.model, made_up.today, limits=limits, margin=margin)
        assert not found.held
    else:
        found = evaluate(made_up.model, made_up.today, {"Meta": 1.0, "Search": 4000.0}, margin=margin)
    data = plan_data(made_up.ask(found))
    assert data is not None
    assert data["draws"] == DRAWS
    assert found.draws is not None
    low, middle, high = np.quantile(drawn(data, data["presets"][0]["cents"]), LEVELS)
    # Draws kept are evenly spread over the plan's own change, so a quantile is
    # off by half a step of them at most.
    order = np.sort(found.draws)
    step = len(order) // DRAWS
    for level, value in zip(LEVELS, (low, middle, high), strict=True):
        at = round(level * (len(order) - 1))
        rounding = 1e-4 * float(np.abs(order).max())
        assert order[max(at - step, 0)] - rounding <= value <= order[min(at + step, len(order) - 1)] + rounding


def test_today_changes_nothing_and_sums_are_joint() -> None:
    made_up = account(("A", "B"), n=150)
    data = plan_data(made_up.ask(evaluate(made_up.model, made_up.today, {"A": 100.0}), optimized=False))
    assert data is not None
    assert not drawn(data, [channel["now"] for channel in data["channels"]]).any()
    # With all draws kept and amounts among the points, the sum is the command's own, draw by draw.
    found = evaluate(made_up.model, made_up.today, {"A": data["channels"][0]["money"][20] / 100})
    assert found.draws is not None
    cents = [data["channels"][0]["money"][20], data["channels"][1]["now"]]
    assert np.allclose(drawn(data, cents), found.draws, atol=1e-4 * np.abs(found.draws).max())


def test_chords_stay_close_to_the_curves() -> None:
    made_up = account(("A", "B", "C"), n=100)
    given_plan = made_up.ask(evaluate(made_up.model, made_up.today, {}), optimized=False)
    data = plan_data(given_plan)
    assert data is not None
    for share in (0.55, 0.83, 1.17, 1.9):
        cents = [round(share * channel["now"]) for channel in data["channels"]]
        asked = {channel["name"]: x / 100 for channel, x in zip(data["channels"], cents, strict=True)}
        exact = evaluate(made_up.model, made_up.today, asked).revenue_change
        assert np.median(drawn(data, cents)) == pytest.approx(exact.p50, rel=0.02)


def test_marginal_roas_at_the_plan_is_the_commands(hostile: WhatIf) -> None:
    data = plan_data(hostile)
    assert data is not None
    for channel, move, cents in zip(data["channels"], hostile.plan.moves, data["presets"][0]["cents"], strict=True):
        if "money" in channel:
            q = move.marginal_roas
            assert channel["next"][channel["money"].index(cents)] == pytest.approx([q.p5, q.p50, q.p95], rel=1e-3)


def test_never_tried_begins_where_the_command_warns() -> None:
    made_up = account(("Meta", "Search"), n=80)
    data = plan_data(made_up.ask(evaluate(made_up.model, made_up.today, {}), optimized=False))
    assert data is not None
    for channel in data["channels"]:
        name, seen = channel["name"], channel["seen"]
        assert channel["now"] <= seen < channel["money"][-1]
        for cents, warned in ((0.99 * seen, False), (1.01 * seen, True)):
            found = evaluate(made_up.model, made_up.today, {name: round(cents) / 100})
            assert ("beyond_observed" in {w.kind for w in found.warnings}) == warned


@given(st.integers(1, 10**12), st.lists(st.integers(0, 10**12), max_size=8))
def test_amounts_rise_and_hold_what_is_wanted(top: int, wanted: list[int]) -> None:
    found = amounts(top, wanted).tolist()
    assert found == sorted(set(found))
    assert (found[0], found[-1]) == (0, top)
    assert {min(each, top) for each in wanted} <= set(found)
    assert len(found) == min(max(POINTS, len({0, top, *(min(w, top) for w in wanted)})), top + 1)


@given(st.lists(st.lists(st.floats(-1e9, 1e9), min_size=4, max_size=4), min_size=1, max_size=5))
def test_packing_is_off_by_half_a_unit_of_each_draw(rows: list[list[float]]) -> None:
    gains = np.array(rows)
    scale, whole = packed(gains)
    assert np.abs(whole).max() <= WHOLE
    largest = np.abs(gains).max(axis=1, keepdims=True)
    assert (np.abs(whole * scale[:, None].astype(float) - gains) <= 0.51 * largest / WHOLE + 1e-30).all()


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=900), st.integers(1, 300))
def test_thinning_keeps_the_spread(values: list[float], count: int) -> None:
    kept = thinned(np.array(values), count)
    assert len(set(kept.tolist())) == len(kept) == min(count, len(values))
    places = np.sort(np.argsort(np.argsort(values, kind="stable"), kind="stable")[kept])
    if np.ptp(values) > 0 and len(values) > 1:
        assert places[0] <= len(values) / count
        assert np.diff(places).max(initial=0) <= len(values) / min(count, len(values)) + 1


@pytest.mark.slow
def test_twenty_channels_fit_into_three_hundred_kilobytes() -> None:
    names = tuple(f"Channel {i:02d} of a large account" for i in range(20))
    made_up = account(names, n=800, margin=0.4)
    data = plan_data(made_up.ask(evaluate(made_up.model, made_up.today, {names[0]: 1.0}, margin=0.4)))
    assert data is not None
    assert data["draws"] == DRAWS
    assert len(as_json(data)) < 300_000


def test_estimates_that_did_not_settle_offer_no_sliders(bare: roas.Analysis) -> None:
    result = optimize(replace(bare, response=planned_account.response(converged=False)))
    text = page(result)
    assert plan_data(result) is None
    assert "<script" not in text
    assert "script-src" not in text
    assert "Keep today&#39;s split." in text


def test_the_same_question_gives_the_same_page(bare: roas.Analysis) -> None:
    one, two = (page(optimize(replace(bare, response=planned_account.response()))) for _ in range(2))
    assert one == two


def test_a_move_of_ones_own_is_not_called_best(bare: roas.Analysis) -> None:
    found = plan(replace(bare, response=planned_account.response()), shift="Meta=+500")
    data = plan_data(found)
    assert data is not None
    assert data["presets"][0]["name"] == "Your plan"
    assert not any(channel["fixed"] for channel in data["channels"])


def test_scenarios_are_offered_with_what_the_command_says_of_them() -> None:
    made_up = account(("Meta", "Search"), n=100)
    plans = [
        evaluate(made_up.model, made_up.today, {"Meta": x}, name=n) for n, x in (("<b>low</b>", 500.0), ("up", 9e3))
    ]
    result = made_up.ask(*plans, optimized=False, compared=True)
    data = plan_data(result)
    assert data is not None
    assert [each["name"] for each in data["presets"]] == ["Best plan", *(p.name for p in result.order)]
    for preset, asked in zip(data["presets"], (result.plan, *result.order), strict=True):
        q = asked.revenue_change
        assert preset["cents"] == [round(100 * move.planned) for move in asked.moves]
        assert preset["said"]["revenue"] == [q.p5, q.p50, q.p95]
        # Without a margin and with another total it is revenue less spend that is judged.
        more = asked.total - made_up.today.total
        assert preset["said"]["judged"] == pytest.approx([q.p5 - more, q.p50 - more, q.p95 - more], abs=0.01)
    other = evaluate(made_up.model, made_up.today, {"Meta": 1.0}, name="longer", weeks=9)
    longer = plan_data(made_up.ask(*plans, other, optimized=False, compared=True))
    assert longer is not None
    assert "longer" not in [each["name"] for each in longer["presets"]]


@pytest.mark.parametrize("currency", [None, "JPY", "CHF"])
@pytest.mark.parametrize("scale", [1e-4, 1e7])
def test_odd_accounts_have_a_page(currency: str | None, scale: float) -> None:
    made_up = account(("A", "B"), n=3, scale=scale)
    today = replace(made_up.today, spend=(0.0, made_up.today.spend[1]), observed={})
    found = evaluate(made_up.model, today, {})
    result = made_up.ask(found, optimized=False)
    analysis: Any = SimpleNamespace(**vars(result.analysis) | {"tables": SimpleNamespace(currency=currency)})
    odd = replace(result, today=today, keep=found, analysis=analysis)
    data = plan_data(odd)
    assert data is not None
    assert data["symbol"] == {None: "", "JPY": "¥", "CHF": "CHF "}[currency]
    for channel in data["channels"]:
        assert channel["now"] in channel["money"]
        assert channel["now"] <= channel["seen"] <= channel["money"][-1]
        assert np.diff(channel["money"]).min() > 0
    assert "nan" not in re.sub(r"<(script|style).*?</\1>", "", page(odd), flags=re.S)


def test_fixed_channels_stay_fixed(bare: roas.Analysis) -> None:
    data = plan_data(optimize(replace(bare, response=planned_account.response()), fix="Meta"))
    assert data is not None
    assert {channel["name"]: channel["fixed"] for channel in data["channels"]} == {
        "Meta": True, "Search": False, "TikTok": False,
    }  # fmt: skip
