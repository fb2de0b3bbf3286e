"""`roas report` as a whole: several Mondays in one folder, and everything that may go wrong between them."""

from __future__ import annotations

import datetime as dt
import itertools
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from roas.errors import OutputError, RoasError, UsageError
from roas.history import open_history
from roas.report.weekly import run
from roas.report.weekly.run import Reported, weekly_report
from roas.schemas import schema
from roas.simulator import exported_on, simulate
from roas.weekly.week import Week

LAST = Week.parse("2024-W40")
WEEKS = 40


@pytest.fixture(scope="module")
def tables() -> dict[str, pd.DataFrame]:
    made, _ = simulate(seed=3, weeks=WEEKS, channels=4)
    return {name: made[name] for name in ("spend", "revenue")}


def export(tables: dict[str, pd.DataFrame], folder: Path, week: Week) -> list[str]:
    """Write what the exports hold on the Monday after a week."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in exported_on(tables, week.next.monday).items():
        table.to_csv(folder / f"{name}.csv", index=False)
    return [str(folder / "spend.csv"), str(folder / "revenue.csv")]


def monday(tables: dict[str, pd.DataFrame], folder: Path, over: Week, **asked: Any) -> Reported:
    """Report on the Monday after a week is over."""
    return weekly_report(*export(tables, folder / "in", over), folder=folder / "reports", **asked)


def files_of(folder: Path) -> dict[str, bytes]:
    """Every file of a report; the clock is taken out."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            content = path.read_bytes()
            if path.name == "report.json":
                document = json.loads(content)
                document["analysis"].pop("run")
                content = json.dumps(document).encode()
            elif path.suffix in (".html", ".txt", ".md"):
                content = b"\n".join(line for line in content.splitlines() if b"started 20" not in line)
            found[path.relative_to(folder).as_posix()] = content
    return found


@pytest.fixture(scope="module")
def two(tables: dict[str, pd.DataFrame], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with the reports of two Mondays in a row."""
    folder = tmp_path_factory.mktemp("two")
    monday(tables, folder, LAST.previous)
    monday(tables, folder, LAST)
    yield folder


@pytest.mark.slow
def test_the_second_report_tells_what_was_corrected(two: Path) -> None:
    document = json.loads((two / "reports" / str(LAST) / "report.json").read_text())
    assert document["previous"] == str(LAST.previous)
    assert {"restated_data"} <= {each["because"] for each in document["changes"]}
    named = [each for each in document["changes"] if each["figure"] == "claimed_revenue"]
    for before, after in itertools.pairwise(named):
        if before["scope"] == after["scope"]:
            assert before["after"] == after["before"]


@pytest.mark.slow
def test_the_document_is_what_the_schema_says(two: Path) -> None:
    known = Registry().with_resources(
        (schema(name)["$id"], Resource.from_contents(schema(name))) for name in ("analysis", "plan")
    )
    document = json.loads((two / "reports" / str(LAST) / "report.json").read_text())
    Draft202012Validator(schema("report"), registry=known).validate(document)


@pytest.mark.slow
def test_the_same_week_again_is_the_same(tables: dict[str, pd.DataFrame], two: Path) -> None:
    place = two / "reports" / str(LAST)
    before = files_of(place)
    monday(tables, two, LAST)
    assert files_of(place) == before


@pytest.mark.slow
def test_a_week_made_again_later_keeps_what_was_known_in_it(tables: dict[str, pd.DataFrame], two: Path) -> None:
    with open_history(two / "reports") as history:
        before = history.snapshots.as_of(str(LAST.previous))
    monday(tables, two, LAST, week=str(LAST.previous), language="nl")
    with open_history(two / "reports") as history:
        after = history.snapshots.as_of(str(LAST.previous))
    assert before is not None and after is not None
    pd.testing.assert_frame_equal(before, after)
    assert (two / "reports" / f"{LAST.previous}-nl" / "index.html").is_file()


@pytest.mark.slow
def test_missed_weeks_are_caught_up_with(tables: dict[str, pd.DataFrame], tmp_path: Path) -> None:
    monday(tables, tmp_path, LAST.previous.previous.previous)
    made = monday(tables, tmp_path, LAST)
    assert [str(each.week) for each in made.reports] == ["2024-W38", "2024-W39", "2024-W40"]
    assert made.notes == ("Caught up with 2024-W38 to 2024-W39.",)
    with open_history(tmp_path / "reports") as history:
        assert history.snapshots.weeks() == ["2024-W37", "2024-W40"]


@pytest.mark.slow
def test_a_dry_run_leaves_nothing(tables: dict[str, pd.DataFrame], tmp_path: Path) -> None:
    made = monday(tables, tmp_path, LAST, dry_run=True)
    assert made.folders == ()
    assert not (tmp_path / "reports").exists()


@pytest.mark.slow
def test_no_report_without_its_history(
    tables: dict[str, pd.DataFrame], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monday(tables, tmp_path, LAST.previous)
    place = tmp_path / "reports"
    before = files_of(place)

    def full(*_: Any, **__: Any) -> None:
        raise OutputError("the disk is full")

    monkeypatch.setattr("roas.history.book.Week.verdicts", full)
    with pytest.raises(OutputError, match="full"):
        monday(tables, tmp_path, LAST)
    monkeypatch.undo()
    after = files_of(place)
    assert {name for name in after if not name.startswith("history")} == {
        name for name in before if not name.startswith("history")
    }
    assert [str(each.week) for each in monday(tables, tmp_path, LAST).reports] == [str(LAST)]


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize("after", [2.0, 4.0, 6.0])
def test_a_killed_run_is_made_up_for(tables: dict[str, pd.DataFrame], two: Path, tmp_path: Path, after: float) -> None:
    monday(tables, tmp_path, LAST.previous)
    inputs = export(tables, tmp_path / "in", LAST)
    command = [sys.executable, "-m", "roas", "report", inputs[0], "--revenue", inputs[1], "-o"]
    process = subprocess.Popen(
        [*command, str(tmp_path / "reports"), "--quiet"], stdout=subprocess.DEVNULL, env={**os.environ}
    )
    time.sleep(after)
    process.send_signal(signal.SIGKILL)
    process.wait()
    made = weekly_report(*inputs, folder=tmp_path / "reports")
    assert files_of(made.folders[-1]).keys() == files_of(two / "reports" / str(LAST)).keys()
    assert not list((tmp_path / "reports").glob(".*.part"))


# ---- which weeks -----------------------------------------------------------------------------


def shop(folder: Path, until: dt.date, **ends: dt.date) -> list[str]:
    """Write one file per channel; those of `ends` stop earlier."""
    first = dt.date(2024, 8, 5)
    for name in ("Meta", "Search"):
        dates = pd.date_range(first, ends.get(name, until))
        pd.DataFrame({"date": dates, "channel": name, "spend": 9.0, "currency": "EUR"}).to_csv(
            folder / f"{name}.csv", index=False
        )
    return [str(folder / "Meta.csv"), str(folder / "Search.csv")]


@pytest.mark.parametrize("week", ["2024-W41", "2030-W01"])
def test_a_week_that_is_not_over_is_refused(tmp_path: Path, week: str) -> None:
    with pytest.raises(UsageError, match="report 2024-W40"):
        weekly_report(shop(tmp_path, LAST.sunday), week=week, folder=tmp_path / "reports")
    assert not (tmp_path / "reports").exists()


def test_the_file_that_holds_the_report_back_is_named(tmp_path: Path) -> None:
    given = shop(tmp_path, LAST.sunday, Meta=LAST.previous.sunday)
    with pytest.raises(UsageError, match="Meta ends on 2024-09-29"):
        weekly_report(given, week=str(LAST), folder=tmp_path / "reports")


@pytest.mark.parametrize("text", ["2024-W60", "soon", "2024-40"])
def test_a_week_that_cannot_be_read_names_its_option(tmp_path: Path, text: str) -> None:
    with pytest.raises(UsageError, match="--since"):
        weekly_report(shop(tmp_path, LAST.sunday), since=text, folder=tmp_path / "reports")


def test_since_a_week_to_come_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="after the week to report"):
        weekly_report(shop(tmp_path, LAST.sunday), since="2030-W02", folder=tmp_path / "reports")


def test_no_other_language_is_made_up(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"--lang xx: there is no such language. There are: en, nl, vi\."):
        weekly_report(shop(tmp_path, LAST.sunday), language="xx", folder=tmp_path / "reports")


def test_a_dry_run_does_not_mend_a_damaged_history(tmp_path: Path) -> None:
    place = tmp_path / "reports"
    with open_history(place):
        pass
    content = bytearray((place / "history.sqlite").read_bytes())
    content[4096:8192] = b"\xff" * 4096
    (place / "history.sqlite").write_bytes(content)
    with pytest.raises(RoasError):
        weekly_report(shop(tmp_path, LAST.sunday), dry_run=True, folder=place)
    assert (place / "history.sqlite").read_bytes() == bytes(content)


def test_at_most_eight_missed_weeks_are_made_unasked() -> None:
    class Runs:
        def weeks(self) -> list[str]:
            return ["2024-W20"]

    class Past:
        runs = Runs()

    due, notes = run._due(Past(), None, LAST, since=None, made=(), alone=False)  # type: ignore[arg-type]
    assert len(due) == run.MOST_MISSED + 1
    assert due[-1] == LAST
    assert "--since 2024-W21" in notes[0]
