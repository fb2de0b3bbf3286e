"""Reports of three weeks, the second in another currency."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from roas.analysis.account import read_account
from roas.history import open_history
from roas.simulator import simulate
from roas.weekly.build import build
from roas.weekly.record import WeeklyReport
from roas.weekly.week import Week
from tests.weekly.plans import row

FIRST = Week.parse("2024-W28")


@pytest.mark.slow
def test_findings_and_plans_go_on_when_the_currency_changes_and_changes_back(tmp_path: Path) -> None:
    tables, _ = simulate(seed=31, weeks=40, channels=4, causes=["tracking_break"])
    spend = tables["spend"].drop(columns="currency", errors="ignore")
    made: list[WeeklyReport] = []
    with open_history(tmp_path) as history:
        plan: dict[str, Any] = {**row(1, str(FIRST.previous.sunday)), "options": {"currency": "EUR"}}
        history.plans.note(**{name: each for name, each in plan.items() if name not in ("id", "scores")})
        for k, currency in enumerate(("EUR", "USD", "EUR")):
            week = Week(FIRST.monday + dt.timedelta(weeks=k))
            account = read_account(
                spend[spend["date"] <= str(week.sunday)], tables["revenue"], options={"currency": currency}
            ).until(week.sunday)
            found = build(account, week, history)
            made.append(found.report)
            with history.week(str(week)) as into:
                found.note(into, options={})
    assert [each.previous for each in made] == [None, None, FIRST]
    assert [each.earlier_currency for each in made] == [None, "EUR", None]
    assert [len(each.decisions) for each in made] == [1, 0, 1]
    assert (made[1].changes, made[1].corrections) == ((), ())
    assert made[1].to_dict()["notes"][:2] == [
        "Earlier reports are in EUR; this one is in USD, so nothing is compared.",
        "1 saved plan is in EUR; this report is in USD, so it is neither shown nor scored.",
    ]
    assert "restated_data" not in {each.because for each in made[2].changes}
    assert {each.state for each in made[0].told} <= {"first"}
    assert {each.state for report in made[1:] for each in report.told} <= {"new", "still"}
    for report in made:
        supported = [each for each in report.analysis.diagnosis.findings if each.verdict == "supported"]
        assert [report.told_of(each) for each in supported] == list(report.told)
