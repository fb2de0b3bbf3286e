"""The command line: exit codes, streams, and nothing half-written."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SHOP = ROOT / "datasets" / "small-shop"


def run(*arguments: object, stdin: bytes = b"", **environment: str) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, "-m", "roas", *map(str, arguments)],
        input=stdin, capture_output=True, check=False, env={**os.environ, "COLUMNS": "80", **environment},
    )  # fmt: skip
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())


@pytest.fixture
def spend(tmp_path: Path) -> Path:
    file = tmp_path / "spend.csv"
    rows = [f"2025-01-{d:02d},{c},{10 * d}.50,{20 * d}" for d in range(1, 29) for c in ("Search", "Social")]
    file.write_text("date,channel,spend,conversion_value\n" + "\n".join(rows) + "\n", encoding="utf-8")
    return file


def refused(done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode == 2
    assert not done.stdout.strip()
    assert "Traceback" not in done.stderr
    assert [line for line in done.stderr.splitlines() if line.startswith("Error:")] == [done.stderr.splitlines()[0]]
    return done.stderr


def test_help_names_every_command_and_each_has_an_example() -> None:
    assert run("--help").returncode == 0
    for name in ("analyze", "attribute", "whatif", "report", "inspect", "simulate", "schema"):
        assert name in run("--help").stdout
        assert run(name, "--help").returncode == 0


def test_version_is_told() -> None:
    assert run("--version").stdout.strip() == "roas, version 0.1.0"


def test_json_is_one_document_and_nothing_else(spend: Path) -> None:
    done = run("analyze", spend, "--json", "--quiet")
    assert json.loads(done.stdout)["schema"] == "roas.analysis/1"
    assert done.stderr == ""


def test_the_summary_names_channels_and_roas(spend: Path) -> None:
    out = run("analyze", spend).stdout
    for word in ("Search", "Social", "ROAS"):
        assert word in out
    assert max(map(len, out.splitlines())) <= 80
    assert "\x1b" not in out


@pytest.mark.slow
def test_notes_go_to_standard_error_and_quiet_silences_them(spend: Path, tmp_path: Path) -> None:
    twice = tmp_path / "again.csv"
    twice.write_bytes(spend.read_bytes())
    loud, quiet = run("analyze", spend, twice), run("analyze", spend, twice, "--quiet")
    assert "counted once" in loud.stderr
    assert quiet.stderr == ""
    assert loud.stdout == quiet.stdout


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("analyze", "x.csv", "--no-such-option"), "--no-such-option"),
        (("no-such-command",), "no-such-command"),
        (("schema", "no-such-schema"), "no-such-schema"),
        (("analyze",), "SPEND"),
        (("analyze", "nowhere.csv"), "nowhere.csv"),
        (("simulate", "somewhere", "--cause", "saturatoin"), "saturation"),
    ],
)
def test_wrong_usage_is_one_error(arguments: tuple[str, ...], says: str) -> None:
    assert says in refused(run(*arguments))


def test_fail_on_takes_only_causes(spend: Path) -> None:
    assert 'Did you mean "saturation"' in refused(run("analyze", spend, "--fail-on", "saturaton"))
    assert run("analyze", spend, "--fail-on", "any", "--quiet").returncode == 0


def test_standard_input_is_a_file(spend: Path) -> None:
    done = run("analyze", "-", "--json", "--quiet", stdin=spend.read_bytes())
    document = json.loads(done.stdout)
    assert document["inputs"][0]["file"] == "-"
    assert document["totals"]["spend"] == pytest.approx(2 * sum(10 * d + 0.5 for d in range(1, 29)))


@pytest.mark.slow
def test_surroundings_change_nothing(spend: Path) -> None:
    here = json.loads(run("analyze", spend, "--json", "--quiet").stdout)
    there = json.loads(
        run("analyze", spend, "--json", "--quiet", LC_ALL="C", TZ="Pacific/Kiritimati", OMP_NUM_THREADS="1").stdout
    )
    for document in (here, there):
        document.pop("run")
    assert json.dumps(here) == json.dumps(there)


def test_inspect_shows_every_problem_and_exits_zero(tmp_path: Path) -> None:
    bad = tmp_path / "bad.csv"
    bad.write_text("date,channel,spend\n2025-01-01,A,abc\n2025-01-02,A,-5\n", encoding="utf-8")
    done = run("inspect", bad, "--json", "--quiet")
    problems = json.loads(done.stdout)["inputs"][0]["problems"]
    assert done.returncode == 0
    assert [p["severity"] for p in problems if p["line"] == 2] == ["error"]
    assert "Error" in run("inspect", bad).stdout


@pytest.mark.slow
def test_simulate_analyze_and_read_the_truth(tmp_path: Path) -> None:
    account = tmp_path / "account"
    assert run("simulate", account, "--cause", "saturation", "--seed", "7", "--weeks", "30").returncode == 0
    truth = json.loads((account / "truth.json").read_text(encoding="utf-8"))
    assert [c["cause"] for c in truth["causes"]] == ["saturation"]
    document = json.loads(run("analyze", account, "--no-model", "--json", "--quiet").stdout)
    assert document["window"]["periods"] == 210


@pytest.mark.slow
def test_a_reader_that_leaves_is_no_error(spend: Path) -> None:
    command = f'"{sys.executable}" -m roas analyze "{spend}" --json --quiet | head -c 10'
    done = subprocess.run(["bash", "-c", f"set -o pipefail; {command}"], capture_output=True, check=False, cwd=ROOT)
    assert done.returncode == 0
    assert not done.stderr


@pytest.mark.slow
def test_a_refusal_leaves_the_older_report_as_it_was(spend: Path, tmp_path: Path) -> None:
    report = tmp_path / "report"
    assert run("analyze", spend, "-o", report, "--quiet").returncode == 0
    before = {p.name: p.read_bytes() for p in report.rglob("*") if p.is_file()}
    (tmp_path / "empty.csv").write_bytes(b"")
    refused(run("analyze", tmp_path / "empty.csv", "-o", report))
    assert before == {p.name: p.read_bytes() for p in report.rglob("*") if p.is_file()}


def whole(report: Path) -> bool:
    """Whether a report is complete and of one run: page and JSON tell the same spend."""
    document = json.loads((report / "analysis.json").read_text(encoding="utf-8"))
    page = (report / "index.html").read_text(encoding="utf-8")
    return page.rstrip().endswith("</html>") and document["inputs"][0]["sha256"] in page


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX")
@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGKILL, pytest.param(signal.SIGTERM, marks=pytest.mark.slow)])
def test_a_stop_while_writing_leaves_one_whole_report(spend: Path, tmp_path: Path, stop: signal.Signals) -> None:
    report = tmp_path / "out" / "report"
    assert run("analyze", spend, "-o", report, "--quiet").returncode == 0
    spend.write_text(spend.read_text(encoding="utf-8").replace("10.50", "99.99"), encoding="utf-8")
    for wait in (0.9, 1.6):
        process = subprocess.Popen(
            [sys.executable, "-m", "roas", "analyze", str(spend), "-o", str(report)],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT,
        )  # fmt: skip
        time.sleep(wait)
        process.send_signal(stop)
        _, errors = process.communicate(timeout=60)
        assert b"Traceback" not in errors
        assert process.returncode in (0, 130, -stop)
        assert whole(report)
    assert run("analyze", spend, "-o", report, "--quiet").returncode == 0
    assert [p.name for p in report.parent.iterdir()] == ["report"], "a killed run's remains are swept by the next"
