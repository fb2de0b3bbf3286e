"""Sentences: every one can be said, and none shows its seams."""

from __future__ import annotations

import datetime as dt
import re
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roas.diagnosis import evidence_words, sentences, verdict_words
from roas.diagnosis.base import CAUSES
from roas.diagnosis.causes import SIGNATURES
from roas.diagnosis.evidence_words import evidence_says
from roas.diagnosis.gates import Missing
from roas.diagnosis.metrics import METRICS
from roas.diagnosis.results import Evidence, Finding
from roas.diagnosis.series import RATIOS
from roas.diagnosis.verdict_words import because
from roas.quantiles import Q

NAMES = [each.name for each in CAUSES]
DAY = dt.date(2026, 3, 2)

#: Sentences never hold these: what was not filled in, and what only the code calls so.
SEAMS = re.compile(r"\bNone\b|\b[Nn]a[Nn]\b|\binf\b|[{}]|[a-z]_[a-z]|  ")

CHANNELS = (None, "Meta")
RIVALS = (None, *NAMES)


def finding(cause: str, channel: str | None = "Meta", verdict="supported", rival: str | None = None) -> Finding:
    return Finding(cause, channel, None, verdict, 0.91, DAY, (DAY, DAY), Q(1.0, 2.0, 3.0), (), (), rival)


def check(sentence: str, *, stop: bool = True) -> None:
    assert not SEAMS.search(sentence), sentence
    assert sentence[0].isupper() or not sentence[0].isalpha(), sentence
    assert sentence.endswith(".") == stop and not sentence.endswith(".."), sentence


@pytest.mark.parametrize("cause", NAMES)
@pytest.mark.parametrize("channel", CHANNELS)
def test_titles_have_no_full_stop(cause, channel):
    check(finding(cause, channel).title, stop=False)


@pytest.mark.parametrize("cause", NAMES)
def test_what_would_refute_is_a_sentence(cause):
    check(finding(cause).would_refute)


@pytest.mark.parametrize(("cause", "channel"), list(product(NAMES, CHANNELS)))
def test_every_action_is_a_sentence(cause, channel):
    check(finding(cause, channel).action)
    for rival in RIVALS:
        if rival != cause:
            check(finding(cause, channel, "possible", rival).action)


@pytest.mark.parametrize("cause", [name for name, each in SIGNATURES.items() if each.scope == "channel"])
def test_a_channels_title_and_action_name_it(cause):
    assert "Meta" in finding(cause, "Meta").title
    if cause != "demand_shift":
        assert "Meta" in finding(cause, "Meta").action
    assert "Meta" not in finding(cause, None).title + finding(cause, None).action


def test_pilots_are_between_causes_and_said_first():
    for pair in sentences.PILOTS:
        assert len(pair) == 2 and pair <= set(NAMES)
        one, two = sorted(pair)
        for cause, rival in ((one, two), (two, one)):
            assert finding(cause, "Meta", "possible", rival).action.startswith("First tell it from")
            assert sentences.PILOTS[pair] in because(cause, "tie", {"rival": rival})


def test_every_cause_has_all_its_words():
    for table in (sentences.NAMES, sentences.TITLES, sentences.REFUTE, sentences.ACTIONS):
        assert sorted(table) == sorted(NAMES)


def test_every_gate_has_words():
    gates = {each.gate for each in SIGNATURES.values() if each.gate} | {"no_onset"}
    assert gates <= set(sentences.GATES)


def test_every_column_has_a_place():
    assert {column for cause in CAUSES for column in cause.needs} | {"days"} <= set(sentences.WHERE)


FACTS: dict[str, list[dict[str, Any]]] = {
    "missing": [
        {"missing": Missing(columns=("reach",))}, {"missing": Missing(("impressions", "clicks"), 40, 2)},
        {"missing": Missing(weeks=12)}, {"missing": Missing(channels=2)},
    ],
    "supported": [{"probability": 0.99, "rival": None, "young": False}],
    "possible": [{"probability": 0.5, "rival": None, "young": True}, {"probability": 0.5, "rival": "saturation", "young": False}],
    "gate": [{"gate": gate} for gate in sentences.GATES],
    "would_show": [{}, {"metric": "cvr", "change": -0.02, "least": 0.1}],
    "power": [{}, {"metric": "cpm", "change": 0.3, "least": 0.2}, {"metric": "cpm", "change": 0.0, "least": 1.0}],
    "tie": [{"rival": name} for name in NAMES],
    "on_time": [{"channel": "Meta", "missing": 0.1}],
    "perhaps_late": [{"channel": "Meta", "missing": 1.2}],
    "few_sales": [{}],
    "short": [{}],
}  # fmt: skip


def test_every_reason_is_tried():
    assert set(FACTS) == set(verdict_words._BECAUSE)


@pytest.mark.parametrize("why", FACTS)
@pytest.mark.parametrize("cause", NAMES)
def test_every_reason_is_a_sentence(cause, why):
    for facts in FACTS[why]:
        check(because(cause, why, facts))


@pytest.mark.parametrize("metric", METRICS)
def test_every_metric_can_be_said_to_have_moved_or_stayed(metric):
    for channel, kind, value in product(CHANNELS, ("moved", "stayed"), (-0.35, 0.0, 2.5)):
        facts = {"metric": metric, "channel": channel, "kind": kind, "low": value - 0.1, "high": value + 0.1}
        check(evidence_says(Evidence(f"change_in_{metric}", value, 0.1, facts)))
        check(because("saturation", "power", {"metric": metric, "change": value, "least": 0.2}))


@pytest.mark.parametrize(
    "metric",
    list(RATIOS),
)
def test_every_rate_that_is_looked_at_has_words(metric):
    assert metric in METRICS


def test_what_a_cause_shows_has_words():
    shown = {each.shows for each in SIGNATURES.values()}
    loaded = {metric for each in SIGNATURES.values() for metric in (*each.hit, *each.till)}
    assert shown | loaded <= set(METRICS)


EVIDENCE = [
    Evidence("spend_rose", 1.2, 0.5, {"channel": "Meta"}),
    Evidence("spend_rose", 1.2, 0.5, {"channel": None}),
    Evidence("campaigns_multiplied", 2.0, 0.5, {"channel": "Meta", "young": 0.4}),
    Evidence("campaigns_multiplied", 2.0, 0.5, {"channel": "Meta", "young": -0.01}),
    Evidence("money_moved", 0.08, 0.03, {"channel": "Meta", "moved": 12_345.0}),
    Evidence("evidence_ratio", 1e6, 20.0, {"rival": None}),
    Evidence("evidence_ratio", 35.0, 20.0, {"rival": "saturation"}),
    Evidence("evidence_ratio", 1.2, 20.0, {"rival": "mix_shift"}),
    Evidence("days_missing", 3.4, 1.5, {"channel": "Meta", "arrived": 0.2, "days": 9}),
    Evidence("days_missing", 3.4, 1.5, {"channel": None, "arrived": 0.0, "days": 9}),
    Evidence("late_over_step", 900.0, 3.0, {"channel": "Meta"}),
]


def test_every_kind_of_evidence_is_tried():
    assert {each.test for each in EVIDENCE} == set(evidence_words._EVIDENCE)


@pytest.mark.parametrize("evidence", EVIDENCE, ids=lambda each: each.test)
def test_every_kind_of_evidence_is_a_sentence(evidence):
    check(evidence.says)
    assert evidence.to_dict()["says"] == evidence.says


FORGED = "Meta\x1b[31m\n<script>\u202e{where}"


@pytest.mark.parametrize("cause", NAMES)
def test_names_are_shown_as_they_are_and_forge_nothing(cause):
    one = finding(cause, FORGED)
    for sentence in (one.title, one.action, finding(cause, FORGED, "possible", "saturation").action):
        assert not re.search(r"[\x00-\x1f\u202a-\u202e]", sentence)
    if SIGNATURES.get(cause) and SIGNATURES[cause].scope == "channel":
        assert "\\x1b[31m\\n<script>\\u202e{where}" in one.title


@given(name=st.text(min_size=1, max_size=30))
def test_any_name_can_be_said(name):
    said = [
        finding("saturation", name).title,
        finding("saturation", name).action,
        because("reporting_lag", "perhaps_late", {"channel": name, "missing": 1.0}),
        Evidence("spend_rose", 1.0, 0.5, {"channel": name}).says,
        Evidence("money_moved", 0.1, 0.03, {"channel": name, "moved": 9.0}).says,
        Evidence(
            "change_in_cpm", 0.1, 0.1, {"metric": "cpm", "channel": name, "kind": "moved", "low": 0.0, "high": 0.2}
        ).says,
    ]
    assert all("\n" not in each and "\x1b" not in each for each in said)
