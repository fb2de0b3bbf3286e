"""Replays of real series: what is planted is what the truth says."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

FOLDER = Path(__file__).resolve().parents[2] / "benchmarks" / "diagnosis"
if not FOLDER.is_dir():
    pytest.skip("benchmarks are not part of this copy of the project", allow_module_level=True)
sys.path.insert(0, str(FOLDER))
other, replays = (importlib.import_module(name) for name in ("other_worlds", "replays"))

SPEND, TILL, _ = other.make(seed=1, cause=None)
START = SPEND["date"].max() - pd.Timedelta(days=55)


def late(table: pd.DataFrame) -> Any:
    return table[table["date"] >= START].sum(numeric_only=True)


def early(table: pd.DataFrame) -> Any:
    return table[table["date"] < START].sum(numeric_only=True)


@pytest.mark.parametrize("plant", replays.PLANTS)
def test_nothing_is_planted_before_the_start(plant):
    _, spend, till, _ = plant(SPEND, TILL, START, 0)
    pd.testing.assert_series_equal(early(spend), early(SPEND))
    pd.testing.assert_series_equal(early(till), early(TILL))


def test_a_site_break_takes_claims_and_till():
    _, spend, till, truth = replays.site(SPEND, TILL, START, 0)
    assert truth["cause"] == "conversion_rate_drop"
    for table, before, name in (
        (spend, SPEND, "conversions"),
        (spend, SPEND, "conversion_value"),
        (till, TILL, "orders"),
    ):
        assert late(table)[name] / late(before)[name] == pytest.approx(0.7, abs=0.03)
    assert late(till)["sessions"] == late(TILL)["sessions"]
    assert late(spend)["clicks"] == late(SPEND)["clicks"]


def test_a_tracking_break_leaves_the_till_alone():
    _, spend, till, truth = replays.tracking(SPEND, TILL, START, 0)
    pd.testing.assert_frame_equal(till, TILL)
    for name, rows in spend.groupby("channel"):
        kept = late(rows)["conversion_value"] / late(SPEND[SPEND["channel"] == name])["conversion_value"]
        assert kept == pytest.approx(0.7 if name == truth["channel"] else 1.0, abs=0.05)
    assert replays.tracking(SPEND, None, START, 0) is None


def test_dear_impressions_cost_the_till_what_is_no_longer_claimed():
    _, spend, till, truth = replays.price(SPEND, TILL, START, 0)
    hit, was = (late(t[t["channel"] == truth["channel"]]) for t in (spend, SPEND))
    assert hit["spend"] == was["spend"]
    assert hit["impressions"] == pytest.approx(was["impressions"] / 1.5)
    gone = was["conversion_value"] - hit["conversion_value"]
    assert late(TILL)["revenue"] - late(till)["revenue"] == pytest.approx(gone)


def test_without_the_shared_data_nothing_is_replayed(monkeypatch):
    monkeypatch.setattr(replays, "FOLDER", Path("nowhere"))
    assert list(replays.replays()) == []


def test_windows_are_of_equal_length_and_roll_back():
    history = replays.History(SPEND, TILL, window=200, every=50)
    ends = [spend["date"].max() for spend, _ in history.windows()]
    assert [(ends[0] - end).days for end in ends] == [0, 50, 100, 150]
    assert all(len(till) == 200 for _, till in history.windows())
