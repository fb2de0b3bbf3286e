"""``roas history``: streams, exit codes, words, and files that a spreadsheet can open."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from roas.cli import main as program
from roas.history import open_history, report_lock
from roas.history.weeks import later
from tests.history.noted import note, spend, three_weeks

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setitem(program.COMMANDS, "history", ("roas.cli.history", "Check, export or shorten the history."))

    def call(*arguments: object) -> tuple[int, str, str]:
        code = program.main(["history", *map(str, arguments)])
        out, errors = capsys.readouterr()
        return code, out, errors

    return call


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    with open_history(tmp_path / "reports") as history:
        three_weeks(history)
        note(history, "2026-W49", spend(("=cmd()", "2026-11-23", 1, 1)), backfilled=True)
    return tmp_path / "reports"


def test_check_says_what_the_history_holds(run: Run, reports: Path) -> None:
    code, out, errors = run("check", reports)
    assert (code, errors) == (0, "")
    size = (reports / "history.sqlite").stat().st_size
    assert out.splitlines() == [
        f"{(reports / 'history.sqlite').as_posix()}",
        "  Whole:    yes, every page was read",
        "  Weeks:    4, 2026-W45 to 2026-W49; 1 of them made later",
        "  Missing:  2026-W48",
        "  Plans:    1, of which 0 not scored yet",
        "  Values:   11 values of channels, 3 of the shop",
        f"  Size:     {size / 1e3:.0f} kB" if size < 1e5 else f"  Size:     {size / 1e6:.1f} MB",
        "  Written:  by roas 0.1.0, form 1",
    ]


def test_check_json_is_one_document(run: Run, reports: Path) -> None:
    code, out, errors = run("check", reports, "--json")
    assert (code, errors) == (0, "")
    found = json.loads(out)
    assert found["whole"] is True
    assert found["weeks"] == {
        "count": 4,
        "first": "2026-W45",
        "last": "2026-W49",
        "missing": ["2026-W48"],
        "backfilled": 1,
    }
    assert found["rows"]["runs"] == 4


def test_checking_changes_no_byte_and_leaves_no_file(run: Run, reports: Path) -> None:
    before = (reports / "history.sqlite").read_bytes()
    run("check", reports)
    assert (reports / "history.sqlite").read_bytes() == before
    assert [file.name for file in reports.iterdir()] == ["history.sqlite"]


def test_check_of_a_damaged_history_ends_with_2(run: Run, reports: Path) -> None:
    path = reports / "history.sqlite"
    content = bytearray(path.read_bytes())
    content[3 * 4096 : 4 * 4096] = b"\xa5" * 4096
    path.write_bytes(content)
    code, out, errors = run("check", reports)
    assert (code, out) == (2, "")
    assert errors.startswith(f"Error: {path.as_posix()}: the history is damaged (")
    assert "The next roas report sets the file aside" in errors
    assert path.read_bytes() == content


def test_where_there_is_no_history_all_three_end_with_2(run: Run, tmp_path: Path) -> None:
    for command in (["check"], ["export", "--json"], ["prune"]):
        code, out, errors = run(*command, tmp_path / "none")
        assert (code, out) == (2, "")
        assert errors.startswith("Error: ")
        assert "there is no history here" in errors
    assert list(tmp_path.iterdir()) == []


def test_export_writes_tables_that_a_spreadsheet_runs_nothing_of(run: Run, reports: Path, tmp_path: Path) -> None:
    out_folder = tmp_path / "tables"
    code, out, errors = run("export", reports, "-o", out_folder)
    assert (code, errors) == (0, "")
    assert out == f"The history as tables: {out_folder.as_posix()}/\n"
    with (out_folder / "channel_values.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    channels = {row["channel"] for row in rows}
    assert channels == {"Meta", "Search", "'=cmd()"}
    first = {file.name: file.read_bytes() for file in out_folder.iterdir()}
    assert {"runs.csv", "plans.csv", "scores.csv", "verdicts.csv", "alerts.csv", "inputs.csv"} <= set(first)
    assert run("export", reports, "-o", out_folder)[0] == 0  # an earlier export is replaced
    assert {file.name: file.read_bytes() for file in out_folder.iterdir()} == first


def test_export_never_replaces_other_peoples_files(run: Run, reports: Path, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("mine")
    code, _, errors = run("export", reports, "-o", tmp_path / "mine")
    assert code == 2
    assert errors.startswith("Error: ")
    code, _, errors = run("export", reports, "-o", reports)
    assert code == 2
    assert (reports / "history.sqlite").exists()


def test_export_json_is_one_document(run: Run, reports: Path) -> None:
    code, out, errors = run("export", reports, "--json")
    assert (code, errors) == (0, "")
    found = json.loads(out)
    assert found["runs"][0]["document"] == {"roas": 3.5}
    assert "id" not in found["verdicts"][0]
    assert found["plans"][0]["id"] == 1


def test_export_needs_a_place(run: Run, reports: Path) -> None:
    code, _, errors = run("export", reports)
    assert code == 2
    assert "-o OUT, or --json" in errors


def test_prune_says_what_went(run: Run, reports: Path) -> None:
    with open_history(reports) as history:
        note(history, later("2026-W49", -150), spend(("Meta", "2024-01-01", 1, 1)))
    code, out, errors = run("prune", reports, "--dry-run")
    assert (code, errors) == (0, "")
    first = later("2026-W49", -103)
    assert out.startswith(f"Would forget what is older than {first}: runs 1, inputs 1, verdicts 1, alerts 1 rows; ")
    code, out, _ = run("prune", reports)
    assert code == 0
    assert out.startswith(f"Forgot what is older than {first}: runs 1, inputs 1, verdicts 1, alerts 1 rows; freed ")
    assert run("prune", "-o", reports)[1] == f"Nothing is older than {first}: nothing to forget.\n"
    code, out, _ = run("prune", reports, "--json")
    assert json.loads(out)["dry_run"] is False


def test_prune_waits_for_nobody_forever(run: Run, reports: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from roas.cli import history as command

    monkeypatch.setattr(command, "WAIT_SECONDS", 0.0)
    with report_lock(reports):
        code, out, errors = run("prune", reports)
    assert (code, out) == (2, "")
    assert "another run of roas is at work here" in errors


def test_help_shows_an_example(run: Run) -> None:
    code, out, _ = run("--help")
    assert code == 0
    assert "Example: roas history check reports" in out
