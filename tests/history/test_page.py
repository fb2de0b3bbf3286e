"""The page on the history promises nothing that does not run."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from roas.history import open_history

REPOSITORY = Path(__file__).parents[2]
PAGE = (REPOSITORY / "docs" / "history.md").read_text(encoding="utf-8")


def test_the_lines_of_python_run_as_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "datasets").symlink_to(REPOSITORY / "datasets")
    monkeypatch.chdir(tmp_path)
    blocks = re.findall(r"^```python\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    assert len(blocks) == 1
    exec(compile(blocks[0], "history.md", "exec"), {})
    printed = re.fullmatch(r"(\d+) values were known; (\d+) were restated\.\n", capsys.readouterr().out)
    assert printed is not None
    assert 0 < int(printed[2]) <= int(printed[1])
    with open_history(tmp_path / "example", read_only=True) as history:
        assert history.runs.weeks() == history.snapshots.weeks() == ["2025-W51", "2025-W52"]


def test_every_table_of_the_file_is_on_the_page(tmp_path: Path) -> None:
    with open_history(tmp_path) as history:
        tables = {name for (name,) in history.store.rows("SELECT name FROM sqlite_master WHERE type = 'table'")}
    named = set(re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE))
    assert named == {name for name in tables if not name.startswith("sqlite_")} - {"about"}
