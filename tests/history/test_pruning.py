"""Pruning forgets old weeks and nothing that a kept one knew."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings

from roas.errors import UsageError
from roas.history import open_history
from roas.history.pruning import prune
from roas.history.weeks import later
from tests.history.noted import everything, note, plan, spend
from tests.history.test_snapshots import frame_of, known, notings, open_history_in_memory

LAST = "2026-W46"


def test_old_weeks_go_and_plans_stay(tmp_path: Path) -> None:
    with open_history(tmp_path) as history:
        for back in (120, 60, 0):
            note(history, later(LAST, -back), spend(("Meta", "2024-01-01", 100, 100 - back)))
        number = plan(history)
        history.plans.score(number, later(LAST, -118), realised=None, followed=1.0, document={})
        done = prune(history, keep_weeks=104)
        assert done.pop("bytes_freed") < 10_000
        assert done == {
            "first_kept": later(LAST, -103),
            "forgotten": {"runs": 1, "inputs": 1, "verdicts": 1, "alerts": 1, "channel_values": 0, "shop_values": 0},
            "notes": [],
        }
        assert history.runs.weeks() == [later(LAST, -60), LAST]
        assert [len(each["scores"]) for each in history.plans.all()] == [1]
        again = prune(history, keep_weeks=104)
        assert not any(again["forgotten"].values())


def test_a_dry_run_forgets_nothing_and_says_the_same(tmp_path: Path) -> None:
    with open_history(tmp_path) as history:
        many = [(f"Channel {i}", "2024-01-01", 1.0, 1.0) for i in range(2000)]
        note(history, later(LAST, -120), spend(*many), document={"words": "long " * 40_000})
        note(history, later(LAST, -119), spend(*((c, d, s + 1, n) for c, d, s, n in many)))
        note(history, LAST, spend(("Meta", "2026-11-09", 1, 1)))
    before = everything(tmp_path)
    with open_history(tmp_path) as history:
        tried = prune(history, keep_weeks=104, dry_run=True)
    assert everything(tmp_path) == before
    size = (tmp_path / "history.sqlite").stat().st_size
    with open_history(tmp_path) as history:
        done = prune(history, keep_weeks=104)
    assert done["forgotten"] == tried["forgotten"]
    assert done["forgotten"]["channel_values"] == 2000
    freed = size - (tmp_path / "history.sqlite").stat().st_size
    assert freed > 200_000
    assert done["bytes_freed"] == pytest.approx(freed, abs=8192)
    assert tried["bytes_freed"] > 200_000


@settings(max_examples=5)
@given(notings)
def test_every_kept_week_knows_what_it_knew(notings: Any) -> None:
    with open_history_in_memory() as history:
        for number, export in notings:
            history.snapshots.note(later("2024-W40", number), frame_of(export))
        kept = [later("2024-W40", number) for number in range(3, 8)]
        before = [known(history.snapshots.as_of(week)) for week in kept]
        latest = history.snapshots.versions().query("~gone").groupby(["channel", "date"]).tail(1)
        history.runs.note(later(kept[0], 103), made="", version="", language="en", options={}, document={})
        assert prune(history, keep_weeks=104)["first_kept"] == kept[0]
        assert [known(history.snapshots.as_of(week)) for week in kept] == before
        left = history.snapshots.versions().query("~gone").groupby(["channel", "date"]).tail(1)
        pd.testing.assert_frame_equal(left.reset_index(drop=True), latest.reset_index(drop=True))


def test_fewer_weeks_than_the_false_alarm_rate_needs_are_refused(tmp_path: Path) -> None:
    with open_history(tmp_path) as history, pytest.raises(UsageError, match=r"--keep-weeks 52: at least 53 weeks stay"):
        prune(history, keep_weeks=52)


def test_an_empty_history_has_nothing_to_forget(tmp_path: Path) -> None:
    with open_history(tmp_path) as history:
        assert prune(history) == {"first_kept": None, "forgotten": {}, "bytes_freed": 0, "notes": []}
