"""docs/whatif.md runs as it is printed, on the account that comes with the project."""

from __future__ import annotations

import re
import shlex
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import roas
from roas.analysis.python_names import RENAMED
from roas.cli.main import main

REPOSITORY = Path(__file__).parents[2]
PAGE = (REPOSITORY / "docs" / "whatif.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


def commands() -> list[list[str]]:
    lines = [line for block in blocks("sh") for line in block.splitlines() if line]
    return [shlex.split(line, comments=True) for line in lines]


@pytest.fixture(scope="module")
def analyzed() -> roas.Analysis:
    """The small shop, estimated once: margin and plan are put on top."""
    return roas.analyze(str(REPOSITORY / "datasets" / "small-shop"))


@pytest.fixture
def beside(analyzed: roas.Analysis, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A folder with the bundled data and the files that the page prints."""
    from roas.analysis import run

    def analyze(spend: Any, revenue: Any = None, *, margin: float | None = None, **options: Any) -> roas.Analysis:
        assert spend in ("datasets/small-shop", ["datasets/small-shop"])
        assert revenue is None
        options.pop("progress", None)
        assert not any(options[name] for name in options if name not in ("as_of", "overlap"))
        return replace(analyzed, margin=margin)

    monkeypatch.setattr(run, "analyze", analyze)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "plans.toml").write_text(blocks("toml")[0], encoding="utf-8")
    (tmp_path / "plans.csv").write_text(blocks("text")[0], encoding="utf-8")
    return tmp_path


@pytest.mark.slow
def test_every_command_runs_as_printed(beside: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert len(commands()) >= 6
    for command in commands():
        assert command[0] == "roas"
        code = main(command[1:])
        out, errors = capsys.readouterr()
        assert (code, "Traceback" in errors) == (0, False), f"{' '.join(command)}: {errors}"
        assert out
    assert (beside / "plan" / "plan.csv").is_file()
    assert (beside / "reports" / "history.sqlite").is_file()


@pytest.mark.slow
def test_every_line_of_python_runs_as_printed(beside: Path) -> None:
    inline = re.search(r"`(analysis\.plan\(.*?\)\.save\(.*?\))`", PAGE)
    assert inline is not None
    names: dict[str, Any] = {}
    for code in (*blocks("python"), inline[1]):
        exec(compile(code, "docs/whatif.md", "exec"), names)
    whole = re.search(r"does both steps: `(roas\.whatif\(.*?\))`", PAGE)
    assert whole is not None
    assert eval(whole[1], names).to_dict()["plan"]


@pytest.mark.slow
def test_a_plan_asked_again_is_the_same_plan(beside: Path) -> None:
    names: dict[str, Any] = {"roas": roas}
    found = roas.whatif("datasets/small-shop", optimize=True, margin=0.6)
    names["found"] = found
    for call in re.findall(r"\| `(roas\.report\.plan_tables\.write_plan\(.*?\))` \|", PAGE):
        exec(f"import roas.report.plan_tables\n{call}", names)
    again = roas.whatif("datasets/small-shop", scenarios="plan/plan.csv", margin=0.6)
    assert [plan.name for plan in again.plans] == ["plan"]
    split = {move.channel: move.planned for move in found.plan.moves}
    assert {move.channel: move.planned for move in again.plans[0].moves} == split


def test_names_that_python_has_not_are_named_right() -> None:
    for name, right in RENAMED.items():
        given: dict[str, Any] = {name: 1}
        with pytest.raises(roas.UsageError, match=re.escape(right)):
            roas.whatif("nowhere.csv", **given)
    for option, right in {"--min": "minimum=", "--for": 'objective="profit"', "--save": "found.save("}.items():
        row = next(line for line in PAGE.splitlines() if line.startswith(f"| `{option}"))
        assert right in row
