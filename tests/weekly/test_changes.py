"""What changed since the last report, and why."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from roas.volatility.maturity.cut import Maturity
from roas.weekly.changes import changes
from roas.weekly.record import Change
from roas.weekly.steps import SAME_RATIO, SAME_SUM
from roas.weekly.stored import COMPARED, figures_document
from tests.weekly.accounts import MONDAY, analysis_of, steady

LAST, THIS = "2025-W10", "2025-W11"

OWN: dict[str, Any] = {"spend": 100.0, "claimed_revenue": 300.0, "claimed_roas": 3.0, "conversions": 10.0}


def q(middle: float, half: float = 1.0) -> dict[str, float]:
    return {"p5": middle - half, "p50": middle, "p95": middle + half}


def document(weeks: dict[str, dict[str, float | None]], **more: Any) -> dict[str, Any]:
    """A stored document with one channel that is the whole account."""
    states = {"saturation": more.pop("saturation", "headroom"), "volatility": "calm"}
    estimates = {name: more.pop(name, None) for name in ("incremental_roas", "marginal_roas")}
    unlikely = more.pop("unlikely", {})
    return {
        "schema": "roas.figures/1", "version": more.pop("version", "1.0"), "currency": "EUR", "window": {},
        "week": max(weeks), "weeks": {week: {"totals": {}, "channels": {"Meta": sums}} for week, sums in weeks.items()},
        "bands": {"totals": {}, "channels": {}}, "unlikely": {"totals": {}, "channels": {"Meta": unlikely}}, "totals": {},
        "channels": {"Meta": {**states, **estimates}}, **more,
    }  # fmt: skip


def rows(found: tuple[Change, ...], figure: str) -> list[tuple[object, object, str]]:
    return [(each.before, each.after, each.because) for each in found if each.figure == figure]


def test_the_first_report_has_nothing_to_compare_with() -> None:
    assert changes(None, document({LAST: OWN})) == ()


def test_a_week_goes_from_printed_over_corrected_to_new() -> None:
    after = document({LAST: {**OWN, "claimed_revenue": 330.0, "claimed_roas": 3.3}, THIS: {**OWN, "spend": 110.0}})
    found = changes(document({LAST: OWN}), after)
    assert rows(found, "claimed_revenue") == [(300.0, 330.0, "restated_data"), (330.0, 300.0, "new_data")]
    assert rows(found, "claimed_roas") == [(3.0, 3.3, "restated_data"), (3.3, 3.0, "new_data")]
    assert rows(found, "spend") == [(100.0, 110.0, "new_data")]
    assert rows(found, "conversions") == []


def test_a_week_that_luck_seldom_brings_is_real() -> None:
    after = document({LAST: OWN, THIS: {**OWN, "spend": 200.0, "claimed_revenue": 310.0}},
                     unlikely={"spend": [0.001], "claimed_revenue": [0.2], "claimed_roas": None})  # fmt: skip
    found = changes(document({LAST: OWN}), after)
    assert rows(found, "spend") == [(100.0, 200.0, "real")]
    assert rows(found, "claimed_revenue") == [(300.0, 310.0, "new_data")]


def test_figures_are_judged_together() -> None:
    """Alone 0.04 is seldom; of four figures that nothing happened to, one is so odd too often to say so."""
    before, new = document({LAST: OWN}), {LAST: OWN, THIS: {**OWN, "spend": 200.0}}
    alone = changes(before, document(new, unlikely={"spend": [0.04]}))
    beside = changes(before, document(new, unlikely={"spend": [0.04], **{name: [0.6] for name in list(OWN)[1:]}}))
    assert (rows(alone, "spend")[0][2], rows(beside, "spend")[0][2]) == ("real", "new_data")


def test_over_several_weeks_the_level_counts() -> None:
    """Week 7 to week 11: each week was little beside the one before, all four together were much."""
    before, new = document({"2025-W07": OWN}), {"2025-W07": OWN, THIS: {**OWN, "spend": 200.0}}
    for told, because in (
        ([0.3, 0.2, 0.1, 0.004], "real"), ([0.004, 0.2, 0.3, 0.4], "real"),
        ([0.06, 0.9, 0.9, 0.06], "new_data"), ([0.004, None, None, None], "real"), ([0.3], "new_data"),
    ):  # fmt: skip
        found = changes(before, document(new, unlikely={"spend": told}))
        assert rows(found, "spend") == [(100.0, 200.0, because)]


def test_spend_that_grew_by_steps_over_skipped_weeks_is_really_different() -> None:
    spend = steady(30)
    spend["spend"] *= np.exp(0.03 * np.random.default_rng(3).normal(size=30)).repeat(7)
    for k, factor in enumerate((1.1, 1.25, 1.35, 1.3)):
        begin = pd.Timestamp(MONDAY) + pd.Timedelta(days=7 * (26 + k))
        spend.loc[spend["date"].between(begin, begin + pd.Timedelta(days=6)), "spend"] *= factor
    cut = spend[spend["date"] < pd.Timestamp(MONDAY) + pd.Timedelta(days=7 * 26)]
    almost = spend[spend["date"] < pd.Timestamp(MONDAY) + pd.Timedelta(days=7 * 29)]
    last, week_before, now = (figures_document(analysis_of(each)) for each in (cut, almost, spend))
    assert {c.because for c in changes(last, now) if c.figure == "spend"} == {"real"}
    assert {c.because for c in changes(week_before, now) if c.figure == "spend"} == {"new_data"}


def test_claims_that_still_arrive_are_never_really_different() -> None:
    spend = steady(20)
    spend.loc[spend["date"] >= "2025-05-19", ["conversions", "conversion_value"]] *= 0.4
    late = {"Meta": Maturity(dt.date(2025, 5, 19), 7, "default", "")}
    before = figures_document(analysis_of(spend[spend["date"] < "2025-05-19"]))
    ready, growing = (figures_document(analysis_of(spend, maturity=each)) for each in (None, late))
    assert {c.figure for c in changes(before, ready) if c.because == "real"} >= {"claimed_revenue", "conversions"}
    assert not [c for c in changes(before, growing) if c.because == "real"]
    assert growing["bands"]["channels"]["Meta"]["claimed_revenue"] is None
    assert growing["unlikely"]["channels"]["Meta"]["conversions"] is None


def test_a_channel_that_comes_and_one_that_goes() -> None:
    gone = document({LAST: OWN})
    gone["channels"]["Old"] = {}
    gone["weeks"][LAST]["channels"]["Old"] = {"spend": 5.0}
    found = changes(gone, document({LAST: OWN, THIS: {**OWN, "claimed_roas": None}}))
    assert [(c.channel, c.before, c.after, c.because) for c in found] == [
        ("Meta", 3.0, None, "new_data"),
        ("Old", 5.0, None, "restated_data"),
    ]


def test_a_report_missed_for_months_is_compared_without_corrections() -> None:
    found = changes(document({"2024-W10": OWN}), document({THIS: {**OWN, "spend": 120.0}}))
    assert rows(found, "spend") == [(100.0, 120.0, "new_data")]


def test_a_change_inside_the_interval_is_no_news() -> None:
    weeks = {LAST: OWN}
    before = document(weeks, incremental_roas=q(2.0), marginal_roas=q(1.0, 0.1))
    found = changes(before, document(weeks, incremental_roas=q(2.9), marginal_roas=q(1.2, 0.1)))
    assert [(c.figure, c.before, c.after, c.because) for c in found] == [("marginal_roas", 1.0, 1.2, "new_data")]


def test_an_estimate_goes_over_the_model_and_the_corrected_rows() -> None:
    weeks = {LAST: OWN}
    steps = [document(weeks, marginal_roas=q(value, 0.1), version=version)
             for value, version in ((1.0, "1.0"), (1.5, "1.1"), (1.7, "1.1"), (2.0, "1.1"))]  # fmt: skip
    before, other, corrected, after = steps
    assert rows(changes(before, after, corrected, remodelled=other), "marginal_roas") == [
        (1.0, 1.5, "model"), (1.5, 1.7, "restated_data"), (1.7, 2.0, "new_data")
    ]  # fmt: skip
    assert rows(changes(before, after, corrected), "marginal_roas") == [(1.0, 1.7, "model"), (1.7, 2.0, "new_data")]
    assert rows(changes(before, after), "marginal_roas") == [(1.0, 2.0, "model")]
    same = {**after, "version": "1.0"}
    assert rows(changes(before, same), "marginal_roas") == [(1.0, 2.0, "new_data")]
    assert rows(changes(before, same, {**corrected, "version": "1.0"}), "marginal_roas")[0][2] == "restated_data"


def test_a_state_is_news_when_its_word_changes() -> None:
    found = changes(document({LAST: OWN}), document({LAST: OWN}, saturation="saturated"))
    assert [(c.figure, c.before, c.after, c.unit) for c in found] == [("saturation", "headroom", "saturated", "word")]


def test_what_cannot_be_read_is_no_change() -> None:
    after = document({LAST: {**OWN, "spend": 100.004, "claimed_roas": 3.0004}, THIS: {**OWN, "spend": 100.004}})
    assert changes(document({LAST: OWN}), after) == ()


def test_a_channel_beyond_the_largest_is_neither_new_nor_gone() -> None:
    few, many = document({LAST: OWN}), document({LAST: OWN})
    for k in range(COMPARED):
        many["channels"][f"C{k}"] = {}
        many["weeks"][LAST]["channels"][f"C{k}"] = {"spend": 5.0}
    del many["channels"]["Meta"]
    assert {c.channel for c in changes(few, many)} == {f"C{k}" for k in range(COMPARED)}
    assert "Meta" not in {c.channel for c in changes(many, few)}


value = st.none() | st.floats(0, 1e6)

sums = st.fixed_dictionaries(dict.fromkeys(OWN, value))


@settings(max_examples=60)
@given(sums, sums, sums)
def test_the_steps_of_a_figure_join_and_add_up(then: dict[str, Any], now: dict[str, Any], new: dict[str, Any]) -> None:
    found = changes(document({LAST: then}), document({LAST: now, THIS: new}))
    for name in OWN:
        steps = [each for each in found if each.figure == name]
        assert all(one.after == other.before for one, other in pairwise(steps))
        if steps:
            same = SAME_SUM if name != "claimed_roas" else SAME_RATIO
            assert steps[0].before == then[name]
            last = steps[-1].after
            assert last == new[name] or (last is not None and abs(float(last) - new[name]) < same)
