"""The year's budget of false alarms."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roas.weekly.ledger import PROMISED, asked_for, e_value, open_now, weeks_of, year_of
from roas.weekly.week import Week

WEEK = Week.parse("2025-W10")
evidence = st.dictionaries(st.integers(0, 20), st.floats(0, 1e6), max_size=12)


def test_the_first_alert_of_a_year_needs_ten_times_its_weeks() -> None:
    assert asked_for(WEEK, 1) == 520
    assert asked_for(Week.parse("2026-W30"), 1) == 530
    assert asked_for(WEEK, 4) == 130


def test_the_last_days_of_december_may_belong_to_the_next_year() -> None:
    assert year_of(Week.parse("2026-W01")) == 2026
    assert Week.parse("2026-W01").monday.year == 2025
    assert (weeks_of(2020), weeks_of(2024), weeks_of(2026)) == (53, 52, 53)


def test_two_findings_together_need_half_as_much_each() -> None:
    assert open_now({"a": 300.0, "b": 260.0, "c": 10.0}, WEEK, opened=0) == (frozenset("ab"), 260.0)
    assert open_now({"a": 300.0}, WEEK, opened=0) == (frozenset(), 520.0)
    assert open_now({"a": 300.0}, WEEK, opened=1) == (frozenset("a"), 260.0)


@settings(max_examples=30)
@given(evidence, st.integers(0, 10))
def test_whatever_opens_reaches_the_level_and_what_stays_out_does_not(found: dict[int, float], opened: int) -> None:
    chosen, level = open_now(found, WEEK, opened=opened)
    assert all((found[key] >= level) == (key in chosen) for key in found)
    assert level == asked_for(WEEK, opened + max(len(chosen), 1))


@settings(max_examples=30)
@given(evidence, st.integers(0, 10), st.integers(0, 20), st.floats(1, 100))
def test_more_evidence_never_closes_an_alert(found: dict[int, float], opened: int, key: int, more: float) -> None:
    before, _ = open_now(found, WEEK, opened=opened)
    after, _ = open_now({**found, key: found.get(key, 0.0) * more}, WEEK, opened=opened)
    assert before <= after | {key} and (key not in before or key in after)


@settings(max_examples=30)
@given(evidence)
def test_more_alerts_before_never_ask_for_more(found: dict[int, float]) -> None:
    assert open_now(found, WEEK, opened=0)[0] <= open_now(found, WEEK, opened=3)[0]


def test_unknown_evidence_is_none() -> None:
    assert e_value(None) == e_value(math.nan) == e_value(-math.inf) == 0
    assert e_value(math.log(7)) == pytest.approx(7)
    assert math.isfinite(e_value(1e9)) and e_value(math.inf) == e_value(1e9)


def false_share(rng: np.random.Generator, *, true: int, strength: float) -> float:
    """Run a year of 20 questions a week, of which `true` are real, and return the share of false alerts.

    Evidence of a week is a mean of 20 e-values of which each remembers the week before: exp(x - v/2) of a normal x.
    """
    shocks = rng.normal(size=(52, 20))
    for week in range(1, 52):
        shocks[week] = 0.95 * shocks[week - 1] + math.sqrt(1 - 0.95**2) * shocks[week]
    spread = 3.0
    logs = spread * shocks - spread**2 / 2 - math.log(20)
    logs[20:, :true] += strength
    opened: dict[int, Week] = {}
    week_now = Week.parse("2025-W01")
    for row in logs:
        new = {k: e_value(float(v)) for k, v in enumerate(row) if k not in opened}
        chosen, _ = open_now(new, week_now, opened=len(opened))
        opened |= dict.fromkeys(chosen, week_now)
        week_now = week_now.next
    false = sum(k >= true for k in opened)
    return false / len(opened) if opened else 0.0


@pytest.mark.parametrize("true", [0, 1, 5])
def test_false_alerts_keep_the_promise_though_weeks_hang_together(true: int) -> None:
    rng = np.random.default_rng(1)
    shares = [false_share(rng, true=true, strength=14.0) for _ in range(60)]
    assert np.mean(shares) <= PROMISED


def test_twice_the_evidence_of_an_honest_account_breaks_the_promise() -> None:
    """The test above can fail: log evidence that is doubled is no e-value."""
    rng = np.random.default_rng(1)

    def year() -> bool:
        logs = 2 * (3.0 * rng.normal(size=(52, 20)) - 4.5) - math.log(20)
        weeks = Week.parse("2025-W01").to(Week.parse("2025-W52"))
        return any(open_now({k: e_value(float(v)) for k, v in enumerate(row)}, w, opened=0)[0]
                   for w, row in zip(weeks, logs, strict=True))  # fmt: skip

    assert np.mean([year() for _ in range(100)]) > 2 * PROMISED
