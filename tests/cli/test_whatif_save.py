"""``roas whatif --save`` and ``--by-week``: plans that are remembered, and money week by week."""

from __future__ import annotations

import csv
import datetime as dt
import getpass
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from jsonschema import Draft202012Validator

import roas
from roas.analysis import flights, planning
from roas.analysis.saving import NOBODY, login, save
from roas.analysis.what_if import WhatIf
from roas.cli.main import main
from roas.history import open_history
from roas.language import speaking
from roas.plan import flighting
from roas.plan.scenarios import shifted
from roas.report.plan_tables import tables
from tests.analysis import planned_account

Run = Callable[..., tuple[int, str, str]]
MOVE = ("--shift", "Meta>Search=200")


@pytest.fixture(scope="session")
def account() -> roas.Analysis:
    return replace(planned_account.bare(), response=planned_account.response())


@pytest.fixture
def run(
    account: roas.Analysis, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Run:
    """Run the command in an empty folder, on an account of chosen curves."""
    from roas.analysis import run as analysis_run

    monkeypatch.setattr(analysis_run, "analyze", lambda *_, margin=None, **__: replace(account, margin=margin))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")

    def call(*arguments: object) -> tuple[int, str, str]:
        code = main(["whatif", "spend.csv", "--revenue", "shop.csv", *map(str, arguments)])
        out, errors = capsys.readouterr()
        return code, out, errors

    return call


def plans(place: str | Path = "reports") -> list[dict[str, Any]]:
    with open_history(place, read_only=True) as history:
        return history.plans.all()


# ---- the note --------------------------------------------------------------------------------


def test_a_plan_is_noted_with_what_it_promises(run: Run) -> None:
    code, out, _ = run(*MOVE, "--weeks", "6", "--save", "--who", "Jo Ann", "--name", "less Meta", "--margin", "0.5")
    assert code == 0
    assert "reports/history.sqlite as plan 1 by Jo Ann. It runs from 13 October 2025 to 23 November 2025" in out
    (plan,) = plans()
    assert (plan["who"], plan["name"], plan["weeks"]) == ("Jo Ann", "less Meta", 6)
    assert plan["data_end"] == dt.date(2025, 10, 12)
    assert plan["plan"] == {
        "Meta": {"now": 1000.0, "planned": 800.0},
        "Search": {"now": 400.0, "planned": 600.0},
        "TikTok": {"now": 100.0, "planned": 100.0},
    }
    assert plan["predicted"]["p5"] < plan["predicted"]["p50"] < plan["predicted"]["p95"]
    assert plan["probability_better"] > 0.9
    assert plan["options"] == {
        "shift": ["Meta>Search=200"], "weeks": 6, "held": False, "currency": "EUR", "margin": 0.5,
    }  # fmt: skip
    assert dt.datetime.fromisoformat(plan["made"]).utcoffset() == dt.timedelta(0)


def test_the_same_plan_on_the_same_data_is_noted_once(run: Run) -> None:
    run(*MOVE, "--save", "--who", "Jo")
    code, out, _ = run(*MOVE, "--save", "--who", "Kim")
    assert code == 0
    assert "already, as number 1 by Jo: it is not noted twice" in " ".join(out.split())
    assert run("--shift", "Meta>Search=201", "--save")[0] == 0
    assert run(*MOVE, "--weeks", "5", "--save")[0] == 0
    assert [each["id"] for each in plans()] == [1, 2, 3]


def test_json_stays_one_document_and_the_note_goes_to_standard_error(run: Run) -> None:
    _, out, errors = run(*MOVE, "--save", "--json")
    json.loads(out)
    assert "as plan 1 by" in errors
    _, out, errors = run(*MOVE, "--save", "--json", "--quiet")
    json.loads(out)
    assert errors == ""


@pytest.mark.parametrize("place", ["elsewhere", "elsewhere/history.sqlite", "elsewhere/own name.sqlite"])
def test_another_history_may_be_named(run: Run, tmp_path: Path, place: str) -> None:
    assert run(*MOVE, "--save", "--history", place)[0] == 0
    assert len(plans(tmp_path / place)) == 1
    assert not (tmp_path / "reports").exists()


@pytest.mark.parametrize("words", [("--who", "Jo"), ("--name", "x"), ("--history", "h")])
def test_words_about_a_note_need_the_note(run: Run, words: tuple[str, str]) -> None:
    code, out, errors = run(*MOVE, *words)
    assert (code, out) == (2, "")
    assert errors.startswith(f"Error: {words[0]} go")
    assert "--save" in errors


def test_a_file_that_is_no_history_is_left_alone(run: Run, tmp_path: Path) -> None:
    (tmp_path / "mine.sqlite").write_text("my own notes", encoding="utf-8")
    code, _, errors = run(*MOVE, "--save", "--history", "mine.sqlite")
    assert code == 2
    assert errors.startswith("Error: ")
    assert (tmp_path / "mine.sqlite").read_text(encoding="utf-8") == "my own notes"


def test_todays_split_is_a_decision_too(account: roas.Analysis, tmp_path: Path) -> None:
    result = account.plan(shift="Meta>Search=200")
    held = replace(result, plans=(result.keep,), asked=result.asked)
    assert held.save(tmp_path, who="Jo").new
    (plan,) = plans(tmp_path)
    assert all(each["now"] == each["planned"] for each in plan["plan"].values())
    assert plan["options"]["held"] is True


def test_a_name_is_one_line_and_nobody_is_said(account: roas.Analysis, tmp_path: Path) -> None:
    result = account.plan(shift="Meta>Search=200")
    saved = save(
        result, tmp_path, who="  ", name="two\nlines\x1b[31m", made=dt.datetime(2025, 10, 13, 8, tzinfo=dt.UTC)
    )
    (plan,) = plans(tmp_path)
    assert (plan["who"], plan["name"], plan["made"]) == (NOBODY, "two lines\x1b[31m", "2025-10-13T08:00:00Z")
    assert "\x1b" not in saved.sentence()


def test_the_login_name_never_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody() -> str:
        raise OSError("no such user")

    monkeypatch.setattr(getpass, "getuser", nobody)
    assert login() == NOBODY


@pytest.mark.parametrize("tag", ["nl", "vi"])
def test_the_note_is_said_in_every_language(account: roas.Analysis, tmp_path: Path, tag: str) -> None:
    result = account.plan(shift="Meta>Search=200")
    first, second = result.save(tmp_path, who="Jo"), result.save(tmp_path, who="Jo")
    english = first.sentence(), second.sentence()
    with speaking(tag):
        assert all(a != b for a, b in zip((first.sentence(), second.sentence()), english, strict=True))


# ---- week by week ----------------------------------------------------------------------------


def weekly(found: dict[str, Any]) -> dict[str, list[float]]:
    """Channel → money of each week."""
    out: dict[str, list[float]] = {}
    for week in found["by_week"]:
        for each in week["spend"]:
            out.setdefault(each["channel"], []).append(each["spend"])
    return out


def test_even_weeks_are_written_out_where_they_are_asked_for(run: Run, account: roas.Analysis) -> None:
    assert "Even spend is as good" in run(*MOVE, "--by-week")[1]
    found = json.loads(run(*MOVE, "--by-week", "--json")[1])
    assert [e.message for e in Draft202012Validator(roas.schema("plan")).iter_errors(found)] == []
    assert weekly(found) == {"Meta": [800.0] * 4, "Search": [600.0] * 4, "TikTok": [100.0] * 4}
    assert json.loads(run(*MOVE, "--json")[1])["by_week"] is None  # nobody asked
    table = tables(planning.plan(account, shift=MOVE[1], by_week=True))["plan_weeks.csv"]
    rows = list(csv.DictReader(table.lstrip("\ufeff").splitlines()))
    assert [row["week"] for row in rows] == ["1"] * 3 + ["2"] * 3 + ["3"] * 3 + ["4"] * 3
    assert "plan_weeks.csv" not in tables(planning.plan(account, shift=MOVE[1]))


@pytest.fixture
def pulsed(account: roas.Analysis, monkeypatch: pytest.MonkeyPatch) -> WhatIf:
    """A plan in which two weeks of Search pay for four."""

    def best(effects: Any, today: Any, channel: str, planned: float, paths: Any) -> Any:
        return np.array([2 * planned, 0.0, 2 * planned, 0.0]) if channel == "Search" else None

    monkeypatch.setattr(flighting, "_best_path", best)
    return planning.plan(account, shift="Meta>Search=200", by_week=True)


def test_pulses_keep_each_channels_money(pulsed: WhatIf) -> None:
    found = pulsed.to_dict()
    assert weekly(found)["Search"] == [1200.0, 0.0, 1200.0, 0.0]
    for each in found["plan"]:
        assert sum(weekly(found)[each["channel"]]) == pytest.approx(4 * each["spend_per_week"], abs=1e-9)
    assert dict(shifted(pulsed.today, ["Meta>Search=200"])) == {
        e["channel"]: e["spend_per_week"] for e in found["plan"]
    }


def test_pulses_stand_in_the_summary(pulsed: WhatIf, capsys: pytest.CaptureFixture[str]) -> None:
    from rich.console import Console

    from roas.report.plan_summary import plan_summary

    plan_summary(pulsed, Console(width=80, highlight=False))
    out = capsys.readouterr().out
    assert "Pulses pay." in out
    assert [line.split() for line in out.splitlines() if line.strip().startswith(("1 ", "2 "))] == [
        ["1", "€1,200"], ["2", "€0"],
    ]  # fmt: skip


def test_estimates_that_did_not_settle_say_nothing_of_weeks(account: roas.Analysis) -> None:
    loose = replace(account, response=planned_account.response(converged=False))
    result = loose.optimize(by_week=True)
    assert flights.by_week(result) is result
    assert result.to_dict()["by_week"] is None
