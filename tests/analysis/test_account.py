"""What is known up to when: the account as it was read, and as it stood on an earlier day."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest

from roas.analysis.account import PAUSED, Account, read_account
from roas.errors import UsageError

MONDAY = dt.date(2025, 3, 3)


def days(channel: str, first: dt.date, last: dt.date) -> pd.DataFrame:
    dates = pd.date_range(first, last)
    return pd.DataFrame({"date": dates, "channel": channel, "spend": 10.0, "currency": "EUR"})


def account(folder: Path, **frames: pd.DataFrame) -> Account:
    for name, frame in frames.items():
        frame.to_csv(folder / f"{name}.csv", index=False)
    return read_account([str(folder / f"{name}.csv") for name in frames], options={})


def test_one_late_file_holds_the_week_back(tmp_path: Path) -> None:
    end = MONDAY + dt.timedelta(27)
    found = account(
        tmp_path, meta=days("Meta", MONDAY, end - dt.timedelta(7)), search=days("Search", MONDAY, end)
    )  # fmt: skip
    assert (found.last_day, found.newest_day) == (end - dt.timedelta(7), end)


def test_a_pause_inside_a_file_that_goes_on_is_a_pause(tmp_path: Path) -> None:
    end = MONDAY + dt.timedelta(27)
    both = pd.concat([days("Meta", MONDAY, end - dt.timedelta(7)), days("Search", MONDAY, end)])
    assert account(tmp_path, both=both).last_day == end


def test_a_channel_long_without_rows_counts_as_paused(tmp_path: Path) -> None:
    end = MONDAY + dt.timedelta(40)
    old, edge = (days("Meta", MONDAY, end - dt.timedelta(PAUSED + more)) for more in (1, 0))
    search = days("Search", MONDAY, end)
    assert account(tmp_path, meta=old, search=search).last_day == end
    assert account(tmp_path, meta=edge, search=search).last_day == end - dt.timedelta(PAUSED)


def test_a_file_per_week_is_one_account(tmp_path: Path) -> None:
    weeks = {
        f"w{n}": days("Meta", MONDAY + dt.timedelta(7 * n), MONDAY + dt.timedelta(7 * n + 6)) for n in range(4)
    }  # fmt: skip
    assert account(tmp_path, **weeks).last_day == MONDAY + dt.timedelta(27)


def test_the_shop_holds_back_too(tmp_path: Path) -> None:
    days("Meta", MONDAY, MONDAY + dt.timedelta(20)).to_csv(tmp_path / "spend.csv", index=False)
    shop = pd.DataFrame({"date": pd.date_range(MONDAY, periods=14), "revenue": 50.0})
    shop.to_csv(tmp_path / "shop.csv", index=False)
    found = read_account(str(tmp_path / "spend.csv"), str(tmp_path / "shop.csv"), options={"currency": "EUR"})
    assert found.last_day == MONDAY + dt.timedelta(13)


@pytest.mark.parametrize("begins", range(-3, 4))
def test_weeks_of_any_weekday_become_iso_weeks(tmp_path: Path, begins: int) -> None:
    starts = pd.date_range(MONDAY + dt.timedelta(begins), periods=12, freq="7D")
    frame = pd.DataFrame({"date": starts, "channel": "Meta", "spend": range(1, 13), "currency": "EUR"})
    found = account(tmp_path, weeks=frame).in_iso_weeks()
    expected = pd.date_range(MONDAY, periods=12, freq="7D")
    assert list(found.tables.spend["date"]) == list(expected)
    assert found.tables.spend["spend"].tolist() == list(range(1, 13))
    assert found.last_day >= MONDAY + dt.timedelta(7 * 12 - 1)
    assert bool(begins) == any("begin on" in note for note in found.tables.notes)


def test_until_leaves_out_what_came_later_and_knows_how_far_files_reach(tmp_path: Path) -> None:
    whole = account(tmp_path, meta=days("Meta", MONDAY, MONDAY + dt.timedelta(20)))
    cut = whole.until(MONDAY + dt.timedelta(6))
    assert len(cut.tables.spend) == 7
    assert cut.exported == MONDAY + dt.timedelta(20)
    assert cut.until(MONDAY + dt.timedelta(3)).exported == MONDAY + dt.timedelta(20)
    with pytest.raises(UsageError, match="no spend up to"):
        whole.until(MONDAY - dt.timedelta(1))
