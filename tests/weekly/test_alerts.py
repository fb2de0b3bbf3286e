"""Alerts open, stand, and are taken back."""

from __future__ import annotations

import datetime as dt
import math
import random
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roas.diagnosis.base import Hypothesis
from roas.diagnosis.calibration import cautious_evidence
from roas.diagnosis.candidate import Candidate
from roas.diagnosis.causes import SIGNATURES
from roas.diagnosis.results import Diagnosis, Finding
from roas.diagnosis.weigh import Weighed
from roas.quantiles import Q
from roas.weekly.alerts import Seen, alerts_of, open_alerts, verdicts_of
from roas.weekly.record import Alert, Ledger
from roas.weekly.week import Week

FIRST = Week.parse("2025-W10")
STRONG, WEAK = math.log(600.0), math.log(100.0)
LOSS = Q(100.0, 200.0, 300.0)


def week(number: int) -> Week:
    return Week(FIRST.monday + dt.timedelta(days=7 * number))


def seen(number: int, log: float | None = STRONG, **more: Any) -> Seen:
    """A report in which Meta's tracking is broken."""
    usual: dict[str, Any] = {
        "cause": "tracking_break", "channel": "Meta", "campaign": None, "verdict": "supported", "probability": 0.9,
        "since": week(number).monday - dt.timedelta(days=35), "effect": LOSS,
    }  # fmt: skip
    return Seen(week(number), log_evidence=log, **{**usual, **more})


def quiet(number: int, verdict: str = "cannot_tell", channel: str | None = None, **more: Any) -> Seen:
    """A report that says nothing of it."""
    plain: dict[str, Any] = {"probability": None, "since": None, "effect": None, "log": None}
    return seen(number, verdict=verdict, channel=channel, **{**plain, **more})


def states(history: list[Seen], upto: int) -> str:
    """One letter per week: what the report says of the alert."""
    said = (alerts_of(history, week(k))[0] for k in range(upto))
    return "".join({"opened": "O", "confirmed": "C", "withdrawn": "W"}[a[0].state] if a else "." for a in said)


def test_opens_with_enough_evidence_and_is_confirmed_four_weeks_on() -> None:
    assert states([seen(k) for k in range(7)], 7) == "O...CCC"


def test_weak_evidence_opens_nothing_however_often_it_is_seen() -> None:
    assert states([seen(k, WEAK) for k in range(7)], 7) == "......."


def test_late_reporting_is_said_and_alarms_nobody() -> None:
    late = [seen(k, None, cause="reporting_lag", effect=Q(0.0, 0.0, 0.0)) for k in range(3)]
    assert states(late, 3) == "..."


def test_only_supported_findings_open() -> None:
    assert states([seen(k, verdict="possible", probability=0.84) for k in range(3)], 3) == "..."


def test_the_alert_holds_what_the_report_needs() -> None:
    (alert,), ledger = alerts_of([seen(0)], week(0))
    assert alert == Alert(
        "tracking_break", "Meta", None, dt.date(2025, 1, 27), "opened", FIRST, 0.9, LOSS, alert.e_value, 520.0
    )
    assert alert.e_value == pytest.approx(600)
    assert ledger == Ledger(0.1, 1, 0, 1)


def test_two_reports_without_it_take_it_back() -> None:
    history = [seen(0), quiet(1), quiet(2), quiet(3)]
    assert states(history, 4) == "O.W."
    (alert,), ledger = alerts_of(history, week(2))
    assert (alert.effect_per_week, alert.probability, alert.e_value) == (None, 0.0, 0.0)
    assert ledger == Ledger(0.1, 1, 1, 3)
    assert open_alerts(history, week(1)) and not open_alerts(history, week(2))


def test_one_odd_report_takes_nothing_back() -> None:
    assert states([seen(0), quiet(1), seen(2), quiet(3), seen(4)], 5) == "O...C"


def test_still_likely_and_with_evidence_is_silent_not_withdrawn() -> None:
    doubtful = [seen(k, verdict="possible", probability=0.6, log=1.0) for k in range(1, 8)]
    assert states([seen(0), *doubtful], 8) == "O......."
    assert [a.state for a in open_alerts([seen(0), *doubtful], week(2))] == ["opened"]
    assert [a.state for a in open_alerts([seen(0), *doubtful], week(7))] == ["confirmed"]


def test_an_e_value_under_one_counts_as_gone_though_it_looks_likely() -> None:
    doubtful = [seen(k, verdict="possible", probability=0.6, log=-0.1) for k in (1, 2)]
    assert states([seen(0), *doubtful], 3) == "O.W"


def test_a_supported_finding_is_never_withdrawn() -> None:
    assert states([seen(0), seen(1, log=-5.0, probability=0.4), seen(2, log=-5.0, probability=0.4)], 3) == "O.."


def test_a_column_that_is_gone_says_nothing_either_way() -> None:
    history = [seen(0), *(quiet(k, "untestable") for k in range(1, 6)), seen(6)]
    assert states(history, 7) == "O.....C"


def test_a_loss_too_old_to_be_asked_about_ends_in_silence() -> None:
    old: dict[str, Any] = {"since": FIRST.monday - dt.timedelta(weeks=41)}
    history = [seen(0, **old), quiet(1), quiet(2)]
    assert states(history, 3) == "O.."
    assert alerts_of(history, week(2))[1].withdrawn == 0
    assert not open_alerts(history, week(2))


def test_the_first_day_may_move_by_weeks() -> None:
    history = [seen(0), seen(4, since=dt.date(2024, 12, 2))]
    assert states(history, 5) == "O...C"
    assert alerts_of(history, week(4))[0][0].since == dt.date(2024, 12, 2)


def test_another_channel_is_another_alert() -> None:
    both = [seen(0), seen(1), seen(1, math.log(270.0), channel="Search")]
    opened, ledger = alerts_of(both, week(1))
    assert [(a.channel, a.state, a.level) for a in opened] == [("Search", "opened", 260.0)]
    assert ledger.opened == 2


def test_reopened_counts_again() -> None:
    history = [seen(0), quiet(1), quiet(2), seen(3, math.log(270.0))]
    assert states(history, 4) == "O.WO"
    assert alerts_of(history, week(3))[1] == Ledger(0.1, 2, 1, 4)


def test_the_budget_restarts_with_the_iso_year() -> None:
    late, early = Week.parse("2025-W52"), Week.parse("2026-W01")
    rows = [
        Seen(late, "tracking_break", "Meta", None, "supported", 0.9, late.monday, LOSS, STRONG),
        Seen(early, "tracking_break", "Meta", None, "supported", 0.9, late.monday, LOSS, STRONG),
        Seen(early, "harvesting", "Search", None, "supported", 0.9, late.monday, LOSS, math.log(300.0)),
    ]
    assert alerts_of(rows, late)[1].opened == 1
    assert alerts_of(rows, early) == ((), Ledger(0.1, 0, 0, 1))  # 300 would do as second of a year, not as first


def test_the_costliest_comes_first() -> None:
    rows = [seen(0), seen(0, channel="Search", effect=Q(0.0, 900.0, 1000.0)), seen(0, channel="App", effect=None)]
    assert [a.channel for a in alerts_of(rows, week(0))[0]] == ["Search", "Meta", "App"]


def test_no_history_no_alerts() -> None:
    assert alerts_of([], FIRST) == ((), Ledger(0.1, 0, 0, 0))


verdict = st.sampled_from(["supported", "possible", "cannot_tell", "ruled_out", "untestable"])
row = st.builds(
    lambda n, v, p, log, channel: seen(n, log, verdict=v, probability=p, channel=channel),
    st.integers(0, 9), verdict, st.floats(0, 1), st.none() | st.floats(-5, 12), st.sampled_from(["Meta", None]),
)  # fmt: skip


@settings(max_examples=30)
@given(st.lists(row, max_size=25), st.randoms(use_true_random=False))
def test_order_repetition_and_later_weeks_do_not_count(rows: list[Seen], rng: random.Random) -> None:
    mixed = [*rows, *rows[:3]]
    rng.shuffle(mixed)
    for k in range(10):
        known = [each for each in rows if each.week <= week(k)]
        assert alerts_of(mixed, week(k)) == alerts_of(known, week(k))


@settings(max_examples=30)
@given(st.lists(row, max_size=25))
def test_every_life_opens_once_and_ends_once(rows: list[Seen]) -> None:
    standing: set[tuple[str, str | None]] = set()
    opened = withdrawn = 0
    for k in range(10):
        said, ledger = alerts_of(rows, week(k))
        for each in said:
            key = (each.cause, each.channel)
            assert (key in standing) == (each.state != "opened")
            standing = standing - {key} if each.state == "withdrawn" else standing | {key}
            assert each.state != "opened" or each.e_value >= each.level
        opened += sum(each.state == "opened" for each in said)
        withdrawn += sum(each.state == "withdrawn" for each in said)
        assert (ledger.opened, ledger.withdrawn) == (opened, withdrawn)
        assert {(a.cause, a.channel) for a in open_alerts(rows, week(k))} == standing


def test_a_diagnosis_is_kept_cause_by_cause_and_read_back() -> None:
    day = dt.date(2025, 2, 3)
    finding = Finding("harvesting", "Meta", None, "supported", 0.9, day, (day, day), LOSS, (), log_evidence=STRONG)
    hypotheses = (
        Hypothesis("harvesting", "supported", "because", "Meta"),
        Hypothesis("demand_shift", "ruled_out", "because"),
    )
    kept = verdicts_of(Diagnosis((finding,), hypotheses))
    assert kept[1] == {
        "cause": "demand_shift", "channel": None, "campaign": None, "verdict": "ruled_out", "probability": None,
        "since": None, "effect": None, "log_evidence": None,
    }  # fmt: skip
    rows = [Seen.of({**each, "week": "2025-W10"}) for each in kept]
    assert rows[0] == Seen(FIRST, "harvesting", "Meta", None, "supported", 0.9, day, LOSS, STRONG)
    assert [a.cause for a in alerts_of([{**each, "week": "2025-W10"} for each in kept], FIRST)[0]] == ["harvesting"]


# ---- the evidence of a finding ---------------------------------------------------------------------


def candidate(name: str | None, channel: int | None, *, possible: bool = True, harmless: bool = False) -> Candidate:
    ratio = np.zeros((1, 1)) if possible else np.full((1, 1), -np.inf)
    return Candidate(SIGNATURES[name] if name else None, channel, ratio, np.ones((1, 1)), None, harmless)


def weighed(candidates: list[Candidate], evidence: list[float]) -> Weighed:
    logs = np.array(evidence)
    return Weighed(tuple(candidates), logs, 0.5, logs, logs)


def test_one_unit_is_laid_out_over_all_causes_and_their_open_places() -> None:
    everywhere = [candidate(name, place) for name in SIGNATURES for place in (0, 1, 2)]
    one_open = [candidate("saturation", 0, possible=False), candidate("saturation", 1)]
    every = weighed(everywhere, [0.0] * len(everywhere))
    total = sum(math.exp(every.log_share(k)) for k in range(len(everywhere)))
    assert total == pytest.approx(1.0)
    assert math.exp(weighed(one_open, [0.0, 0.0]).log_share(1)) == pytest.approx(1 / len(SIGNATURES))


def test_the_best_innocent_explanation_is_what_evidence_is_held_against() -> None:
    found = [candidate("harvesting", 0), candidate(None, 0, harmless=True), candidate(None, 1, harmless=True)]
    assert weighed(found, [9.0, 2.0, 3.0]).innocent() == 3.0
    assert weighed(found, [9.0, -2.0, -3.0]).innocent() == 0.0
    assert weighed(found[:1], [9.0]).innocent() == 0.0
    assert weighed([*found, candidate(None, None)], [9.0, 1.0, 1.0, 8.0]).innocent() == 1.0  # something else may harm


@given(st.lists(st.tuples(st.floats(1e-6, 1), st.floats(1e-3, 1e3)), min_size=2, max_size=8))
def test_caution_keeps_a_mean_of_one_at_most_one(draws: list[tuple[float, float]]) -> None:
    """Any e-value with mean 1 under some law has at most mean 1 after the power."""
    weight = sum(p for p, _ in draws)
    mean = sum(p * e for p, e in draws) / weight
    cautious = sum(p * math.exp(cautious_evidence(math.log(e / mean), 0.0)) for p, e in draws) / weight
    assert cautious <= 1.001
