"""The accounts that somebody else might have written: do they show what they claim to hold?"""

from __future__ import annotations

import importlib
import sys
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

pytestmark = pytest.mark.slow

FOLDER = Path(__file__).resolve().parents[2] / "benchmarks" / "diagnosis"
if not FOLDER.is_dir():
    pytest.skip("benchmarks are not part of this copy of the project", allow_module_level=True)
sys.path.insert(0, str(FOLDER))
other = importlib.import_module("other_worlds")

SEEDS = (0, 1, 2)

#: cause → figure of the unit that is hit → up, down or flat, after the published signatures. "attr" is claimed over
#: till, "rest" the till less what is claimed, "till" the till's revenue, "visits" its sessions.
SIGNATURES = {
    "saturation": {"spend": "+", "roas": "-", "ctr": "0", "cvr": "-", "aov": "0", "till": "+"},
    "auction_inflation": {"spend": "0", "cpm": "+", "ctr": "0", "cvr": "0", "aov": "0", "till": "-"},
    "creative_fatigue": {"spend": "0", "cpm": "0", "ctr": "-", "cvr": "0", "aov": "0", "freq": "0"},
    "audience_exhaustion": {"spend": "0", "cpm": "+", "ctr": "-", "cvr": "-", "aov": "0", "freq": "+"},
    "tracking_break": {"cpm": "0", "ctr": "0", "cvr": "-", "aov": "0", "attr": "-", "rest": "+", "till": "0"},
    "harvesting": {"aov": "0", "attr": "+", "rest": "-", "till": "0", "orders": "0", "visits": "0"},
    "reporting_lag": {"cpm": "0", "ctr": "0", "cvr": "-", "aov": "0", "attr": "-", "rest": "+", "till": "0"},
    "fragmentation": {"spend": "0", "cpm": "+", "ctr": "0", "cvr": "-", "aov": "0", "freq": "0"},
    "conversion_rate_drop": {"ctr": "0", "cvr": "-", "aov": "0", "rest": "-", "orders": "-", "visits": "0"},
    "order_value_drop": {"ctr": "0", "cvr": "0", "aov": "-", "rest": "-", "orders": "0", "till": "-"},
    "mix_shift": {"spend": "+", "cpm": "0", "ctr": "0", "cvr": "0", "aov": "0", "freq": "0", "till": "-"},
    "demand_shift": {"ctr": "-", "cvr": "-", "aov": "0", "rest": "-", "till": "-", "visits": "-"},
    "baseline_erosion": {"rest": "-", "till": "-", "orders": "-", "visits": "-"},
    "promotion_hangover": {"cvr": "-", "aov": "-", "rest": "-", "till": "-", "orders": "-"},
}

#: What counts as flat: view-through claims follow volume less than in proportion and bend other figures a little.
FLAT = 0.04


def figures(tables: tuple[pd.DataFrame, pd.DataFrame], truth: dict[str, Any]) -> dict[str, float]:
    since, (spend, till) = truth["since"], tables
    all_, till = spend[spend["date"] >= since], till[till["date"] >= since]
    unit = all_[all_["channel"].isin(truth["channels"])] if truth["channels"] else all_
    seen, reached = unit[unit["impressions"].notna()], unit[unit["reach"].notna()]
    total = {"impressions": seen["impressions"].sum(), "clicks": unit["clicks"].sum(), "reach": reached["reach"].sum()}
    with np.errstate(divide="ignore", invalid="ignore"):
        return {
            "spend": unit["spend"].sum(),
            "roas": unit["conversion_value"].sum() / unit["spend"].sum(),
            "cpm": np.divide(seen["spend"].sum(), total["impressions"]),
            "ctr": np.divide(seen["clicks"].sum(), total["impressions"]),
            "cvr": np.divide(unit["conversions"].sum(), total["clicks"]),
            "aov": np.divide(unit["conversion_value"].sum(), unit["conversions"].sum()),
            "freq": np.divide(reached["impressions"].sum(), total["reach"]),
            "attr": all_["conversion_value"].sum() / till["revenue"].sum(),
            "rest": till["revenue"].sum() - all_["conversion_value"].sum(),
            "till": till["revenue"].sum(),
            "orders": till["orders"].sum(),
            "visits": till["sessions"].sum(),
        }


@cache
def pair(seed: int, cause: str, shape: str = "step") -> tuple[Any, Any, dict[str, Any]]:
    """The account with and without the cause, without luck."""
    spend, till, truth = other.make(seed=seed, cause=cause, shape=shape, luck=False)
    return (spend, till), other.make(seed=seed, cause=cause, shape=shape, luck=False, hit=False)[:2], truth


def test_the_fourteen_causes_are_those_of_the_project():
    from roas.diagnosis.base import CAUSES

    assert set(other.CAUSES) == {each.name for each in CAUSES} == set(SIGNATURES)


@pytest.mark.parametrize("cause", SIGNATURES)
def test_figures_move_as_the_signature_says(cause):
    for seed in SEEDS:
        ill, well, truth = pair(seed, cause)
        after, before = figures(ill, truth), figures(well, truth)
        for name, way in SIGNATURES[cause].items():
            change = after[name] / before[name] - 1
            if np.isnan(change):
                continue  # the channel's export lacks the column
            right = {"+": change > 0.005, "-": change < -0.005, "0": abs(change) < FLAT}[way]
            assert right, (cause, seed, name, way, round(change, 3))


@pytest.mark.parametrize("cause", ["auction_inflation", "conversion_rate_drop", "order_value_drop", "tracking_break"])
def test_the_unit_that_is_hit_loses_its_size(cause):
    for seed in SEEDS:
        ill, well, truth = pair(seed, cause)
        change = figures(ill, truth)["roas"] / figures(well, truth)["roas"] - 1
        assert change == pytest.approx(-0.3, abs=0.03)


@pytest.mark.parametrize("shape", ["step", "slow"])
@pytest.mark.parametrize("cause", sorted(set(SIGNATURES) - {"saturation", "baseline_erosion", "demand_shift"}))
def test_effect_is_what_the_till_lost(cause, shape):
    for seed in SEEDS:
        (_, ill), (_, well), truth = pair(seed, cause, shape)
        lost = (well["revenue"] - ill["revenue"])[ill["date"] >= truth["since"]]
        assert truth["effect_per_week"] == pytest.approx(lost.sum() / len(lost) * 7, rel=1e-6, abs=1e-6)
        assert (truth["effect_per_week"] > 0) == (cause not in ("tracking_break", "reporting_lag", "harvesting"))


def test_effect_of_saturation_is_less_than_the_added_money_could_have_brought():
    for seed in range(6):
        (spend, till), (spend0, till0), truth = pair(seed, "saturation")
        gained = (till["revenue"] - till0["revenue"]).sum() / 8
        added = (spend["spend"].sum() - spend0["spend"].sum()) / 8
        assert gained > 0
        assert 0 < truth["effect_per_week"] < 4 * added


def world() -> Any:
    rngs = (np.random.default_rng(1), np.random.default_rng(2))
    return other._account(*rngs, ["mix_shift"], None, 100.0, 30, 8)[0]


def test_loss_counts_what_the_money_should_have_brought():
    books = importlib.import_module("other_books")
    without, since = world(), 22 * 7
    most = max(range(len(without.channels)), key=lambda i: without.channels[i].claims)
    rows, channel = without.of(most), without.channels[most]
    channel.delay, channel.bend = 0, "none"
    expected = books.expect(without)
    sold = (expected.caused[rows] * without.basket)[:, since:].sum() / 8
    free = (expected.base * without.basket)[since:].sum() / 8

    def loss(change: str) -> float:
        hit = without.copy()
        if change in ("double", "double for nothing"):
            hit.spend[rows, since:] *= 2
        if change in ("half as good", "double for nothing"):
            hit.cvr[rows, since:] /= 2
        if change == "fewer free sales":
            hit.base[since:] *= 0.9
        return float(books.loss_per_week(without, hit, since=since, moved=False))

    assert loss("nothing") == pytest.approx(0, abs=1e-6)
    assert loss("double") == pytest.approx(0, abs=1e-6)
    assert loss("half as good") == pytest.approx(sold / 2)
    assert loss("double for nothing") == pytest.approx(sold)
    assert loss("fewer free sales") == pytest.approx(free / 10)


def test_nothing_changes_before_the_cause_begins():
    for cause in SIGNATURES:
        (spend, till), (spend0, till0), truth = pair(0, cause)
        for ill, well in ((spend, spend0), (till, till0)):
            sums = [each[each["date"] < truth["since"]].sum(numeric_only=True) for each in (ill, well)]
            assert np.allclose(sums[0], sums[1], rtol=1e-9), cause


def test_same_seed_same_bytes():
    once, again = (other.make(seed=4, cause="fragmentation", second="demand_shift", decoy="gap") for _ in range(2))
    assert once[2] == again[2]
    pd.testing.assert_frame_equal(once[0], again[0])
    pd.testing.assert_frame_equal(once[1], again[1])
    assert not once[1]["revenue"].equals(other.make(seed=5, cause=None)[1]["revenue"])


def test_luck_has_the_right_mean():
    spend, till, _ = other.make(seed=2, cause=None, sales_per_day=600)
    plain, sure, _ = other.make(seed=2, cause=None, sales_per_day=600, luck=False)
    for name in ("impressions", "clicks", "conversions", "conversion_value"):
        assert spend[name].sum() == pytest.approx(plain[name].sum(), rel=0.02), name
    for name in ("revenue", "orders", "sessions", "new_customers"):
        assert till[name].sum() == pytest.approx(sure[name].sum(), rel=0.02), name


def test_every_set_of_columns_is_the_same_account():
    full, funnel, claims, bare = (
        other.make(seed=1, cause="mix_shift", columns=columns) for columns in ("full", "funnel", "claims", "bare")
    )
    assert list(full[1]) == ["date", "revenue", "orders", "sessions", "new_customers", "promo"]
    assert list(funnel[1]) == ["date", "revenue", "orders"]
    assert "reach" not in funnel[0]
    assert list(claims[0]) == ["date", "channel", "spend", "conversions", "conversion_value"]
    assert list(claims[1]) == ["date", "revenue"]
    assert list(bare[0]) == ["date", "channel", "spend", "revenue"]
    assert bare[1] is None
    for each in (funnel, claims, bare):
        assert each[0]["spend"].sum() == pytest.approx(full[0]["spend"].sum())
    assert bare[0]["revenue"].sum() == pytest.approx(full[0]["conversion_value"].sum())


def test_counts_are_counts_and_people_are_not_more_than_impressions():
    spend, till, _ = other.make(seed=3, cause="audience_exhaustion")
    assert (spend["clicks"].dropna() % 1 == 0).all()
    assert (spend["clicks"] <= spend["impressions"]).sum() == spend["impressions"].notna().sum()
    assert (spend["reach"] <= spend["impressions"]).sum() == spend["reach"].notna().sum()
    assert (till["new_customers"] <= till["orders"]).all()
    assert (till["orders"] <= till["sessions"]).all()
    assert (till.drop(columns="date") >= 0).all(axis=None)


def test_volume_and_share_of_claims_are_as_asked():
    for seed in range(6):
        spend, till, truth = other.make(seed=seed, cause=None, sales_per_day=80, luck=False)
        assert spend["conversions"].sum() / till["date"].nunique() == pytest.approx(80, rel=0.35)
        assert 0.25 < truth["attributed_share"] < 0.85


def test_two_causes_have_two_effects():
    _, _, truth = other.make(seed=0, cause="auction_inflation", second="creative_fatigue")
    assert truth["channel"] != truth["second"]["channel"]
    assert truth["effect_per_week"] > 0
    assert truth["second"]["effect_per_week"] > 0


@pytest.mark.parametrize("decoy", other.DECOYS)
def test_decoys_are_no_cause(decoy):
    spend, till, truth = other.make(seed=3, cause=None, decoy=decoy)
    assert truth["cause"] is None
    assert truth["effect_per_week"] == 0
    assert len(till) == 56 * 7
    assert (spend["spend"] >= 0).all()


@pytest.mark.parametrize("decoy", ["doubled", "pause", "launch", "even_shift", "scale_down", "renamed"])
def test_decoys_that_move_money_leave_returns_as_they_were(decoy):
    changes = []
    for seed in range(12):
        spend, _, _ = other.make(seed=seed, cause=None, decoy=decoy, luck=False)
        weeks = (spend["date"].max() - spend["date"]).dt.days // 7
        late, early = (spend[part].sum(numeric_only=True) for part in (weeks < 4, (weeks >= 13) & (weeks < 17)))
        changes.append(
            np.log((late["conversion_value"] / late["spend"]) / (early["conversion_value"] / early["spend"]))
        )
    assert abs(np.mean(changes)) < 0.06


def test_what_does_not_exist_is_refused():
    for wrong in ({"cause": "bad luck"}, {"cause": None, "decoy": "fog"}, {"cause": "mix_shift", "size": 1.0}):
        with pytest.raises(ValueError, match=r"no such|size"):
            other.make(seed=0, **wrong)
