"""Accounts on disk: the same bytes, whole or not at all, nobody's files lost."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from roas.errors import OutputError, UsageError
from roas.simulator import simulate, write_account


@pytest.fixture(scope="module")
def account():
    return simulate(seed=4, weeks=6, causes=["tracking_break"])


def contents(directory):
    return {path.name: path.read_bytes() for path in directory.iterdir()}


def test_long_layout_reads_back_as_the_tables(tmp_path, account):
    tables, truth = account
    written = write_account(tmp_path / "a", tables, truth)
    assert [path.name for path in written] == ["revenue.csv", "spend.csv", "truth.json"]
    for name, table in tables.items():
        found = pd.read_csv(tmp_path / "a" / f"{name}.csv", parse_dates=["date"])
        pd.testing.assert_frame_equal(found, table, check_dtype=False)
    assert json.loads((tmp_path / "a" / "truth.json").read_text(encoding="utf-8")) == truth


def test_wide_layout_holds_the_spend_of_each_channel(tmp_path, account):
    tables, truth = account
    write_account(tmp_path / "a", tables, truth, layout="wide")
    assert set(contents(tmp_path / "a")) == {"account.csv", "truth.json"}
    wide = pd.read_csv(tmp_path / "a" / "account.csv")
    for channel in truth["channels"]:
        assert wide[f"{channel['channel'].lower()}_spend"].sum() == pytest.approx(channel["spend"])
    assert wide["revenue"].tolist() == pytest.approx(tables["revenue"]["revenue"].tolist())
    first, *_, last_but_one, last = wide.columns
    assert (first, last_but_one, last) == ("date", "revenue", "promo")


@pytest.mark.parametrize("layout", ["long", "wide"])
def test_bytes_are_the_same_every_time(tmp_path, layout):
    for name in ("a", "b"):
        tables, truth = simulate(seed=9, weeks=4)
        write_account(tmp_path / name, tables, truth, layout=layout)
    assert contents(tmp_path / "a") == contents(tmp_path / "b")


def test_files_end_lines_with_a_line_feed_alone(tmp_path, account):
    write_account(tmp_path / "a", *account)
    for content in contents(tmp_path / "a").values():
        assert b"\r" not in content
        assert content.endswith(b"\n")


def test_an_earlier_simulation_is_replaced_and_other_files_stay(tmp_path, account):
    home = tmp_path / "a"
    write_account(home, *account, layout="long")
    (home / "notes.md").write_text("mine")
    (home / "charts").mkdir()
    (home / "charts" / "one.txt").write_text("mine too")
    write_account(home, *account, layout="wide")
    names = {path.name for path in home.iterdir()}
    assert names == {"account.csv", "truth.json", "notes.md", "charts"}
    assert (home / "charts" / "one.txt").read_text() == "mine too"
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_an_empty_directory_and_missing_parents_are_fine(tmp_path, account):
    (tmp_path / "empty").mkdir()
    write_account(tmp_path / "empty", *account)
    write_account(tmp_path / "not" / "yet" / "there", *account)
    assert (tmp_path / "empty" / "truth.json").is_file()
    assert (tmp_path / "not" / "yet" / "there" / "truth.json").is_file()


def test_a_directory_with_something_else_is_refused_and_untouched(tmp_path, account):
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(UsageError, match=r"holds no truth\.json"):
        write_account(tmp_path, *account)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_file_in_the_way_is_refused(tmp_path, account):
    (tmp_path / "a").write_text("a file")
    with pytest.raises(UsageError, match="is a file"):
        write_account(tmp_path / "a", *account)


def test_an_unknown_layout_is_refused(tmp_path, account):
    layout: Any = "tall"
    with pytest.raises(UsageError, match='layout "tall" is not known'):
        write_account(tmp_path / "a", *account, layout=layout)


def fail(*_args, **_kwargs):
    raise OSError(28, "No space left on device")


@pytest.mark.parametrize("step", ["write_bytes", "mkdir"])
def test_a_failure_while_writing_leaves_nothing(tmp_path, account, monkeypatch, step):
    with monkeypatch.context() as patch:
        patch.setattr(Path, step, fail)
        with pytest.raises(OutputError, match="No space left on device"):
            write_account(tmp_path / "a", *account)
    assert list(tmp_path.iterdir()) == []


def test_a_failure_while_replacing_keeps_the_earlier_simulation(tmp_path, account, monkeypatch):
    home = tmp_path / "a"
    write_account(home, *account)
    before = contents(home)
    rename = Path.rename

    def fail_for_the_new_one(self, target):
        return fail() if self.name.endswith(".new") else rename(self, target)

    monkeypatch.setattr(Path, "rename", fail_for_the_new_one)
    with pytest.raises(OutputError):
        write_account(home, *account, layout="wide")
    assert contents(home) == before
    assert [path.name for path in tmp_path.iterdir()] == ["a"]
