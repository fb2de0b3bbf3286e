"""The report folder: what is in it, and that it is whole."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import roas
from roas.analysis.document import dumps
from roas.errors import OutputError
from roas.report import render
from roas.report.pictures import Picture, draw
from roas.report.render import write_report

pytestmark = pytest.mark.slow


def content(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def without_run(name: str, data: bytes) -> bytes:
    if name == "analysis.json":
        return json.dumps({k: v for k, v in json.loads(data).items() if k != "run"}).encode()
    return re.sub(rb'<p id="run">.*?</p>', b"", data)


@pytest.fixture
def small(account: Any) -> roas.Analysis:
    return roas.analyze(account.spend(("A",), days=20, campaigns=0), currency="EUR")


@pytest.fixture
def one_chart(monkeypatch: pytest.MonkeyPatch) -> None:
    """Draw one chart only, where the charts are not what is looked at."""
    empty = Picture("", "t", "s", b"png", "<svg/>", "<svg/>", "<svg/>")
    monkeypatch.setattr(
        render, "draw", lambda p: draw(p) if p.name == "spend_and_revenue" else replace(empty, name=p.name)
    )


def test_folder_holds_what_is_returned(report: Path, hostile: roas.Analysis) -> None:
    names = set(content(report))
    assert {
        "analysis.json",
        "channels.csv",
        "campaigns.csv",
        "weeks.csv",
        "channel_weeks.csv",
        "labels.csv",
        "inputs.csv",
    } <= names
    assert {"tags.toml", "index.html", "charts/mer_by_week.png", "charts/mer_by_week.svg"} <= names
    charts = {n for n in names if n.startswith("charts/")}
    assert {Path(n).stem for n in charts if n.endswith("png")} == {Path(n).stem for n in charts if n.endswith("svg")}


def test_returned_names_are_the_files(small: roas.Analysis, tmp_path: Path) -> None:
    names = write_report(small, tmp_path / "out")
    assert names == sorted(content(tmp_path / "out"))
    assert "campaigns.csv" not in names
    assert "labels.csv" not in names
    assert "tags.toml" not in names


def test_json_is_the_document(report: Path, hostile: roas.Analysis) -> None:
    assert (report / "analysis.json").read_text(encoding="utf-8") == dumps(hostile.to_dict())


def test_tables_hold_every_digit_and_no_formula(report: Path, hostile: roas.Analysis) -> None:
    for path in report.glob("*.csv"):
        rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"))))
        assert not [c for row in rows for c in row if re.match(r"[=+@\t\r]|-(?![\d.])", c)], path.name
    back = pd.read_csv(report / "channels.csv", encoding="utf-8-sig")
    assert list(back["spend"]) == list(hostile.channels["spend"])
    assert list(back["claimed_roas"]) == list(hostile.channels["claimed_roas"])
    assert sorted(back["channel"].str.removeprefix("'")) == sorted(hostile.channels["channel"])


def test_charts_are_drawn_at_their_size(report: Path) -> None:
    for path in (report / "charts").glob("*.png"):
        header = path.read_bytes()[:24]
        assert header[:8] == b"\x89PNG\r\n\x1a\n"
        assert (int.from_bytes(header[16:20]), int.from_bytes(header[20:24])) == (1152, 648)
    for path in (report / "charts").glob("*.svg"):
        assert "<text" not in path.read_text(encoding="utf-8")  # letters are outlines: the same everywhere


def test_same_input_gives_the_same_bytes(account: Any, tmp_path: Path) -> None:
    made: list[dict[str, bytes]] = []
    for name in ("one", "two"):
        analysis = roas.analyze(account.spend(("A",), days=30, campaigns=0), account.revenue(30), currency="EUR")
        object.__setattr__(
            analysis, "run", type(analysis.run)(analysis.run.version, f"started {name}", len(made) + 0.5)
        )
        write_report(analysis, tmp_path / name)
        made.append(content(tmp_path / name))
    assert made[0]["index.html"] != made[1]["index.html"]
    one, two = ({n: without_run(n, d) for n, d in files.items()} for files in made)
    assert one == two


@pytest.mark.usefixtures("one_chart")
@pytest.mark.parametrize("stop", [RuntimeError, KeyboardInterrupt, OSError(28, "No space left on device")])
def test_failure_in_the_middle_leaves_the_old_report(
    small: roas.Analysis, tmp_path: Path, monkeypatch: Any, stop: Any
) -> None:
    out = tmp_path / "out"
    write_report(small, out)
    before = content(out)

    def fail(*_: Any) -> str:
        raise stop

    monkeypatch.setattr(render, "page", fail)
    with pytest.raises(OutputError if isinstance(stop, OSError) else stop):
        write_report(small, out)
    assert content(out) == before
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


def test_failure_writes_no_new_folder(small: roas.Analysis, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(render, "draw", lambda _: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        write_report(small, tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("one_chart")
def test_other_files_are_kept_and_stale_ones_go(small: roas.Analysis, tmp_path: Path) -> None:
    out = tmp_path / "out"
    write_report(small, out)
    (out / "notes.txt").write_text("mine")
    (out / "campaigns.csv").write_text("of an older report")
    write_report(small, out)
    assert (out / "notes.txt").read_text() == "mine"
    assert not (out / "campaigns.csv").exists()


@pytest.mark.usefixtures("one_chart")
def test_corrected_tags_are_never_overwritten(account: Any, tmp_path: Path) -> None:
    analysis = roas.analyze(account.spend(("A",), days=20), currency="EUR")
    out = tmp_path / "out"
    assert "tags.toml" in write_report(analysis, out)
    untouched = (out / "tags.toml").read_bytes()
    assert "tags.toml" in write_report(analysis, out)
    assert (out / "tags.toml").read_bytes() == untouched
    corrected = untouched.replace(b"brand", b"own-name")
    (out / "tags.toml").write_bytes(corrected)
    assert "tags.toml" not in write_report(analysis, out)
    assert (out / "tags.toml").read_bytes() == corrected


@pytest.mark.usefixtures("one_chart")
def test_tags_in_use_stay_in_the_folder(account: Any, tmp_path: Path) -> None:
    out = tmp_path / "out"
    write_report(roas.analyze(account.spend(("A",), days=20), currency="EUR"), out)
    before = (out / "tags.toml").read_bytes()
    used = roas.analyze(account.spend(("A",), days=20), currency="EUR", tags=str(out / "tags.toml"))
    assert not used.tags.suggested
    write_report(used, out)
    assert (out / "tags.toml").read_bytes() == before
    assert "SUGGESTED" not in (out / "index.html").read_text(encoding="utf-8")
