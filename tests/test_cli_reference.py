"""The page of commands is written from their help."""

from __future__ import annotations

import runpy
from pathlib import Path
from types import SimpleNamespace

import click
import pytest

SCRIPT = Path(__file__).parents[1] / "docs" / "build_cli_reference.py"


@pytest.fixture
def build() -> SimpleNamespace:
    return SimpleNamespace(**runpy.run_path(str(SCRIPT)))


@pytest.fixture
def program() -> click.Group:
    @click.group()
    def roas() -> None:
        """Explain ad spend."""

    @roas.command()
    @click.option("--budget", help="Money per week. " * 12)
    def plan(budget: str) -> None:
        """Move money."""

    @roas.command(hidden=True)
    def secret() -> None:
        """Not for people."""

    return roas


def test_every_command_has_its_section(build: SimpleNamespace, program: click.Group) -> None:
    page = build.page(program)
    assert "## roas\n" in page
    assert "## roas plan\n" in page
    assert "Usage: roas plan [OPTIONS]" in page
    assert "secret" not in page


def test_help_is_eighty_wide_in_any_terminal(
    build: SimpleNamespace, program: click.Group, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = set()
    for columns in ("40", "200"):
        monkeypatch.setenv("COLUMNS", columns)
        pages.add(build.page(program))
    assert len(pages) == 1
    help_text = pages.pop().split("```text", 1)[1]
    assert max(map(len, help_text.splitlines())) <= build.WIDTH


def test_page_is_current(build: SimpleNamespace, capsys: pytest.CaptureFixture[str]) -> None:
    assert build.main(["--check"]) == 0, capsys.readouterr().err
