"""The page on schedules promises nothing that does not run: its scripts are executed with a program that only ends."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from roas.cli.main import cli

PAGE = (Path(__file__).parents[1] / "docs" / "schedule.md").read_text(encoding="utf-8")

posix = pytest.mark.skipif(sys.platform == "win32", reason="the scripts are written for a POSIX shell")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


def block(language: str, holding: str) -> str:
    return next(each for each in blocks(language) if holding in each)


def commands() -> list[list[str]]:
    lines = re.findall(r"^\s*(roas .*?)(?: >.*)?$", "\n".join(blocks("sh") + blocks("yaml")), re.MULTILINE)
    return [shlex.split(line) for line in lines]


@pytest.mark.parametrize("command", commands(), ids=" ".join)
def test_every_command_has_options_that_exist(command: list[str]) -> None:
    _, name, *rest = command
    found = cli.get_command(None, name)  # type: ignore[arg-type]
    assert found is not None
    found.make_context(name, rest)


def test_the_crontab_line_has_five_fields_and_a_command_without_a_percent_sign() -> None:
    *fields, script = block("cron", "weekly.sh").split()
    assert fields == ["0", "6", "*", "*", "1"]
    assert script.startswith("/")
    assert "%" not in script


def folder(place: Path, code: int) -> Path:
    """A folder with programs that only say what they were asked, and end with a code."""
    tools = place / ".venv" / "bin"
    tools.mkdir(parents=True)
    said = {
        "roas": f"echo the report; echo Error: it >&2; exit {code}",
        "mail": f'echo "$2" >>"{place}/mails"; cat >>"{place}/mails"',
    }
    for name, script in said.items():
        (tools / name).write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        (tools / name).chmod(0o755)
    return place


@posix
@pytest.mark.parametrize(
    ("code", "mailed"),
    [
        (0, ""),
        (3, "went wrong\nthe report\n"),
        (2, "(exit code 2)\nError: it\n"),
        (130, "(exit code 130)\nError: it\n"),
    ],
)
def test_the_script_of_cron_writes_to_the_right_people(code: int, mailed: str, tmp_path: Path) -> None:
    script = folder(tmp_path, code) / "weekly.sh"
    script.write_text(block("sh", "case $code"), encoding="utf-8")
    assert subprocess.run(["sh", script]).returncode == code
    mails = tmp_path / "mails"
    assert (mails.read_text(encoding="utf-8") if mails.exists() else "").endswith(mailed)


@posix
@pytest.mark.parametrize(("code", "ends"), [(0, 0), (3, 0), (2, 1)])
def test_the_workflow_goes_on_after_a_report_and_stops_after_a_refusal(code: int, ends: int, tmp_path: Path) -> None:
    step = re.search(r"id: roas\n\s+run: \|\n(.*?)\n\s+- name", block("yaml", "Weekly report"), re.DOTALL)
    assert step is not None
    home = folder(tmp_path, code)
    outside = {"GITHUB_OUTPUT": str(tmp_path / "output"), "GITHUB_STEP_SUMMARY": str(tmp_path / "summary")}
    path = f"{home / '.venv' / 'bin'}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["sh", "-e", "-c", step[1]], cwd=home, env={**os.environ, **outside, "PATH": path}, capture_output=True
    )
    assert done.returncode == ends
    assert (tmp_path / "output").read_text(encoding="utf-8") == f"code={code}\n"


class Node:
    """A task in a graph."""

    def __rshift__(self, other: object) -> object:
        return other


class Refused(Exception):
    """What tells Airflow not to try again."""


@pytest.mark.parametrize(("code", "ends"), [(0, False), (3, True), (2, Refused), (130, RuntimeError)])
def test_the_tasks_of_airflow_tell_apart_what_the_codes_mean(
    code: int, ends: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    tasks: dict[str, Any] = {}

    def task(function: Any = None, **_: Any) -> Any:
        if function is None:
            return task
        tasks[function.__name__] = function
        return lambda *_: Node()

    task.short_circuit = task  # type: ignore[attr-defined]
    airflow, sdk, exceptions = (ModuleType(name) for name in ("airflow", "airflow.sdk", "airflow.sdk.exceptions"))
    vars(sdk).update(dag=lambda **_: lambda function: function, task=task)
    vars(exceptions).update(AirflowFailException=Refused)
    for module in (airflow, sdk, exceptions):
        monkeypatch.setitem(sys.modules, module.__name__, module)
    exec(compile(block("python", "airflow"), "schedule.md", "exec"), {})
    assert list(tasks) == ["report", "something_went_wrong", "tell"]
    monkeypatch.setattr(
        subprocess, "run", lambda *_, **__: SimpleNamespace(stdout="", stderr="Error: it", returncode=code)
    )
    if isinstance(ends, bool):
        assert tasks["something_went_wrong"](tasks["report"]()) is ends
    else:
        with pytest.raises(ends):
            tasks["report"]()
