"""Since which report a finding has been said."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from roas.diagnosis.results import Diagnosis, Finding
from roas.quantiles import Q
from roas.weekly.told import Told, told_since
from roas.weekly.week import Week

THIS = Week.parse("2025-W12")


def finding(channel: str | None = "Meta", verdict: Any = "supported") -> Finding:
    day = dt.date(2025, 2, 3)
    return Finding("saturation", channel, None, verdict, 0.9, day, (day, day), Q(1.0, 2.0, 3.0), ())


def verdict(week: int, said: str, channel: str | None = "Meta") -> dict[str, Any]:
    return {"week": f"2025-W{week:02}", "cause": "saturation", "channel": channel, "campaign": None, "verdict": said}


def told(*rows: dict[str, Any]) -> tuple[str, str]:
    (only,) = told_since(Diagnosis((finding(),), ()), rows, THIS)
    return only.state, str(only.since)


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ([], ("first", "2025-W12")),
        (["cannot_tell"], ("new", "2025-W12")),
        (["possible"], ("new", "2025-W12")),
        (["supported", "ruled_out"], ("new", "2025-W12")),
        (["supported"], ("still", "2025-W11")),
        (["supported", "supported", "supported"], ("still", "2025-W09")),
        (["supported", "cannot_tell", "supported"], ("still", "2025-W11")),
        (["supported", "untestable", "supported"], ("still", "2025-W09")),
        (["supported", "untestable"], ("still", "2025-W10")),
        (["untestable"], ("new", "2025-W12")),
    ],
)
def test_the_unbroken_reports_before_it_count(said: list[str], found: tuple[str, str]) -> None:
    rows = [verdict(12 - len(said) + k, each) for k, each in enumerate(said)]
    assert told(*rows) == told(*reversed(rows)) == found


def test_a_cause_that_could_be_tested_nowhere_is_no_break() -> None:
    assert told(verdict(9, "supported"), verdict(10, "untestable", None)) == ("still", "2025-W09")
    assert told(verdict(9, "supported"), verdict(10, "supported", "Search")) == ("new", "2025-W12")


def test_reports_of_this_week_and_later_say_nothing() -> None:
    assert told(verdict(12, "supported"), verdict(13, "supported")) == ("first", "2025-W12")


def test_only_supported_findings_are_told_in_their_order() -> None:
    diagnosis = Diagnosis((finding("Search"), finding(verdict="possible"), finding(None)), ())
    found = told_since(diagnosis, [verdict(11, "supported", None)], THIS)
    assert found == (
        Told("saturation", "Search", None, "new", THIS),
        Told("saturation", None, None, "still", THIS.previous),
    )
