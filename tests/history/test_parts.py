"""What goes in comes out, as plain data."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from roas.errors import UsageError
from roas.history import History, open_history
from tests.history.noted import MADE, note, plan, spend, three_weeks

META = spend(("Meta", "2026-11-02", 100, 4))


@pytest.fixture
def history(tmp_path: Path) -> Iterator[History]:
    with open_history(tmp_path) as opened:
        yield opened


def test_a_run_comes_back_as_it_was_noted(history: History) -> None:
    note(history, "2026-W46", META, document={"figures": [{"figure": "roas", "value": 3.25, "none": float("nan")}]})
    assert history.runs.get("2026-W46") == {
        "week": "2026-W46",
        "made": "2026-11-16T06:00:00Z",
        "version": "0.1.0",
        "language": "en",
        "options": {"margin": 0.6},
        "document": {"figures": [{"figure": "roas", "value": 3.25, "none": None}]},
        "backfilled": False,
    }
    assert history.runs.get("2026-W45") is None


def test_the_run_before_a_week_is_of_an_earlier_week(history: History) -> None:
    note(history, "2026-W53", META)
    note(history, "2027-W02", META, backfilled=True)
    before = history.runs.before("2027-W02")
    assert before is not None
    assert before["week"] == "2026-W53"
    assert history.runs.before("2026-W53") is None
    assert history.runs.gaps() == ["2027-W01"]
    assert [run["backfilled"] for run in history.runs.through("2027-W02")] == [False, True]


def test_inputs_keep_the_name_of_a_file_and_never_its_folder(history: History) -> None:
    note(history, "2026-W46", META)
    assert history.inputs.of("2026-W46") == [
        {
            "week": "2026-W46",
            "file": "meta.csv",
            "sha256": "ab" * 32,
            "format": "meta_ads",
            "rows_read": 3,
            "rows_used": None,
            "start": None,
            "end": None,
        }
    ]
    assert history.inputs.weeks_of("ab" * 32) == ["2026-W46"]
    assert history.inputs.weeks_of("cd" * 32) == []


def test_verdicts_and_alerts_through_a_week_leave_later_ones_out(history: History) -> None:
    for week in ("2026-W47", "2026-W45", "2026-W46"):  # a ledger is folded in the order of weeks, not of notes
        note(history, week, META)
    assert [each["week"] for each in history.verdicts.through("2026-W46")] == ["2026-W45", "2026-W46"]
    assert [each["week"] for each in history.alerts.through("2026-W46")] == ["2026-W45", "2026-W46"]
    assert history.verdicts.of("2026-W47") == [
        {
            "week": "2026-W47",
            "cause": "saturation",
            "channel": "Meta",
            "campaign": None,
            "verdict": "possible",
            "probability": 0.61,
            "since": date(2026, 10, 5),
            "log_evidence": 0.4,
            "effect": {"p5": 10.0, "p50": 50.5, "p95": 90.0},
        }
    ]
    assert history.alerts.of("2026-W47")[0]["e_value"] == 21.0


def test_a_plan_waits_open_until_it_is_scored(history: History) -> None:
    number = plan(history, name="Autumn")
    assert [each["id"] for each in history.plans.open()] == [number]
    history.plans.score(number, "2026-W48", realised=None, followed=None, document={})
    history.plans.score(number, "2026-W48", realised={"p5": 1, "p50": 2, "p95": 3}, followed=0.5, document={"n": 1})
    assert history.plans.open() == []
    found = history.plans.get(number)
    assert found is not None
    assert found["data_end"] == date(2026, 11, 15)
    assert found["plan"] == {"Meta": {"now": 1000.0, "planned": 1200.0}}
    assert found["predicted"] == {"p5": -20.0, "p50": 120.0, "p95": 300.0}
    assert found["scores"] == [
        {
            "plan_id": number,
            "week": "2026-W48",
            "realised": {"p5": 1.0, "p50": 2.0, "p95": 3.0},
            "followed": 0.5,
            "document": {"n": 1},
        }
    ]


def test_the_number_of_a_removed_plan_is_never_given_again(history: History) -> None:
    first = plan(history)
    history.plans.remove(first)
    assert plan(history) == first + 1
    with pytest.raises(UsageError, match=r"no plan 1 in the history. There are: 2\."):
        history.plans.remove(first)


def test_a_score_of_a_plan_that_is_not_there_is_refused(history: History) -> None:
    with pytest.raises(ValueError, match="FOREIGN KEY"):
        history.plans.score(7, "2026-W48", realised=None, followed=None, document={})


def test_noting_a_week_again_keeps_plans_and_forgets_its_scores(history: History) -> None:
    three_weeks(history)
    note(history, "2026-W47", META)
    assert [(each["who"], each["scores"]) for each in history.plans.all()] == [("Ann", [])]


@pytest.mark.parametrize("week", ["2026-46", "2026-W54", "2025-W53", "W46", "", "2026-W00"])
def test_a_week_that_does_not_exist_is_refused(history: History, week: str) -> None:
    with pytest.raises(ValueError, match="week"):
        note(history, week, META)
    assert history.runs.weeks() == []


def test_names_that_no_encoding_can_carry_are_kept_readable(history: History) -> None:
    note(history, "2026-W46", META)
    history.inputs.note("2026-W46", [{"file": "caf\udce9.csv"}, {"file": 'a"; DROP TABLE runs;--.csv'}])
    assert [each["file"] for each in history.inputs.of("2026-W46")] == ["caf?.csv", 'a"; DROP TABLE runs;--.csv']


def test_times_are_kept_in_utc(history: History) -> None:
    from datetime import timedelta, timezone

    note(history, "2026-W46", META, made=MADE.astimezone(timezone(timedelta(hours=7))))
    run = history.runs.get("2026-W46")
    assert run is not None
    assert run["made"] == "2026-11-16T06:00:00Z"
