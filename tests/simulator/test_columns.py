"""Exports with columns left out hold what the full export holds."""

from __future__ import annotations

import pandas as pd
import pytest

from roas.errors import UsageError
from roas.simulator import Planted, simulate, write_account
from roas.simulator.asking import read_cause


@pytest.fixture(scope="module")
def full():
    return simulate(seed=2, weeks=6)[0]


def kept(columns):
    return simulate(seed=2, weeks=6, columns=columns)


def test_a_bare_account_is_one_table_of_claims(full, tmp_path):
    tables, truth = kept("bare")
    assert list(tables) == ["account"]
    assert list(tables["account"]) == ["date", "channel", "spend", "revenue"]
    assert truth["columns"] == "bare"
    assert tables["account"]["revenue"].sum() == pytest.approx(full["spend"]["conversion_value"].sum())
    assert not tables["account"].duplicated(["date", "channel"]).any()
    written = write_account(tmp_path / "bare", tables, truth)
    assert [path.name for path in written] == ["account.csv", "truth.json"]


def test_named_columns_are_kept_as_they_are(full):
    tables, truth = kept(["sessions", "campaign", "clicks", "revenue"])
    expected = full["spend"][["date", "channel", "campaign", "spend", "clicks"]]
    pd.testing.assert_frame_equal(tables["spend"], expected)
    pd.testing.assert_frame_equal(tables["revenue"], full["revenue"][["date", "revenue", "sessions"]])
    assert truth["columns"] == ["campaign", "clicks", "revenue", "sessions"]


def test_without_campaigns_rows_are_added_up(full):
    tables, _ = kept("clicks,currency")
    assert list(tables) == ["spend"]
    assert list(tables["spend"]) == ["date", "channel", "spend", "clicks", "currency"]
    sums = full["spend"].groupby(["date", "channel"])[["spend", "clicks"]].sum()
    found = tables["spend"].set_index(["date", "channel"])[["spend", "clicks"]].sort_index()
    pd.testing.assert_frame_equal(found, sums.round({"spend": 2}))


@pytest.mark.parametrize(
    ("columns", "says"),
    [
        ("cliks", 'column "cliks" is not known. Use full, bare, or some of date, channel'),
        (["reach"], 'column "reach" needs column "campaign"'),
    ],
)
def test_columns_that_cannot_be_kept_are_refused(columns, says):
    with pytest.raises(UsageError) as refusal:
        kept(columns)
    assert says in str(refusal.value)


def test_the_wide_layout_needs_the_till(tmp_path):
    tables, truth = kept("bare")
    with pytest.raises(UsageError, match="needs the columns revenue and promo"):
        write_account(tmp_path / "wide", tables, truth, layout="wide")


def test_a_cause_is_read_from_text():
    assert read_cause("saturation") == Planted("saturation")
    text = "creative_fatigue:channel=Meta, since=2025-03-03,size=0.3"
    assert read_cause(text) == Planted("creative_fatigue", channel="Meta", since="2025-03-03", size=0.3)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("saturation:siz=0.3", '"siz=0.3" is not one of channel=…'),
        ("saturation:Meta", '"Meta" is not one of channel=…'),
        ("saturation:size=much", 'size "much" is not a number'),
    ],
)
def test_a_cause_that_cannot_be_read_is_refused(text, says):
    with pytest.raises(UsageError) as refusal:
        read_cause(text)
    assert says in str(refusal.value)


@pytest.mark.parametrize(
    ("wanted", "says"),
    [
        (Planted("saturation", size=0.99), "a hit of 0.99 is more than it can do"),
        (Planted("fragmentation", size=0.6), "a hit of 0.6 is more than it can do"),
        (Planted("saturation", size=1.5), "size 1.5 is out of range"),
        (Planted("saturation", size=0.3, factor=2.0), "give a factor or a size, not both"),
        (Planted("harvesting", factor=0.5), "factor 0.5 is out of range. Use 1 to 20."),
        ("saturation:shape=wave", 'shape "wave" is not known. Use step, ramp, slow.'),
        (Planted("creative_fatigue", shape="step"), "has a course of its own"),
        (Planted("mix_shift", channel="Search"), "no channel is stronger than Search"),
    ],
)
def test_a_hit_that_cannot_be_planted_is_refused(wanted, says):
    with pytest.raises(UsageError) as refusal:
        simulate(seed=2, weeks=6, causes=[wanted])
    assert says in str(refusal.value)
