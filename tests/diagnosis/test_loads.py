"""From a signature to the changes it expects."""

from __future__ import annotations

import numpy as np
import pytest

from roas.diagnosis.causes import SIGNATURES
from roas.diagnosis.loads import available, loads_of, response_of, spread
from roas.diagnosis.seen import Seen, look
from roas.diagnosis.series import RATIOS
from tests.diagnosis.accounts import even_spend, even_till, panel_of
from tests.diagnosis.readings.accounts import tables_of

THREE = ("Meta", "Search", "Video")
CHANNEL = [name for name, each in SIGNATURES.items() if each.scope == "channel"]


def seen(*missing: str, till: bool = True) -> Seen:
    spend = even_spend(84, channels=THREE).drop(columns=list(missing))
    return look(panel_of(tables_of(spend, even_till(84) if till else None)))


FULL = seen()


def test_a_range_has_the_mean_and_spread_of_a_uniform():
    draws = np.random.default_rng(0).uniform(-0.9, -0.2, 100_000)
    assert spread((-0.9, -0.2)) == pytest.approx((draws.mean(), draws.std()), abs=0.003)
    assert spread((1.0, 1.0)) == (1.0, 0.0)


@pytest.mark.parametrize("name", SIGNATURES)
def test_loads_are_ranges_of_series_that_exist(name):
    signature = SIGNATURES[name]
    till = {"orders", "orders_per_session", "revenue", "sessions", "order_value", "new_share", "claims_over_till"}
    assert set(signature.hit) <= set(RATIOS) and set(signature.till) <= till
    assert all(low <= high for low, high in (*signature.hit.values(), *signature.till.values(), signature.sells))
    assert 0.05 <= signature.by_chance <= 1
    assert bool(signature.gate) or signature.requires is None


@pytest.mark.parametrize("name", SIGNATURES)
def test_all_columns_there_change_nothing(name):
    assert available(FULL, SIGNATURES[name]) == {k: v for k, v in SIGNATURES[name].hit.items() if k in RATIOS}


def test_without_impressions_prices_are_those_of_clicks():
    found = available(seen("impressions", "reach"), SIGNATURES["creative_fatigue"])
    assert found["cpc"] == pytest.approx((0.85, 1.3)) and "ctr" not in found and "cpm" not in found


def test_without_clicks_the_chain_is_added_up():
    found = available(seen("clicks", "impressions", "reach"), SIGNATURES["auction_inflation"])
    assert set(found) == {"response"} and found["response"] == pytest.approx((-1.15, -0.6))


def test_with_claimed_value_alone_the_whole_chain_is_added_up():
    few = seen("clicks", "impressions", "reach", "conversions")
    assert available(few, SIGNATURES["order_value_drop"]) == {"claimed_roas": (-1.05, -0.85)}
    assert available(few, SIGNATURES["tracking_break"]) == {"claimed_roas": (-1.0, -1.0)}


@pytest.mark.parametrize("name", ["auction_inflation", "creative_fatigue", "fragmentation"])
def test_the_till_loses_a_part_of_what_the_channel_loses(name):
    signature = SIGNATURES[name]
    share = float(FULL.claim_share[0])
    mean, sd = loads_of(FULL, signature, 0).till["revenue"]
    whole, _ = response_of(signature)
    assert whole < mean / share < 0.3 * whole < 0
    assert sd > 0


@pytest.mark.parametrize("name", ["tracking_break", "harvesting"])
def test_the_till_does_not_notice_a_wrong_count(name):
    mean, _ = loads_of(FULL, SIGNATURES[name], 0).till["orders"]
    assert abs(mean) < 0.03


def test_broken_counts_show_in_claims_over_the_till():
    alone, _ = loads_of(FULL, SIGNATURES["tracking_break"], 0).till["claims_over_till"]
    every, _ = loads_of(FULL, SIGNATURES["tracking_break"], None).till["claims_over_till"]
    assert alone == pytest.approx(-float(FULL.part_of_claims[0]), abs=0.03)
    assert every == pytest.approx(-1.0, abs=0.06)


@pytest.mark.slow
@pytest.mark.parametrize("name", CHANNEL)
def test_without_a_till_nothing_is_expected_of_it(name):
    found = loads_of(seen(till=False), SIGNATURES[name], 0)
    assert set(found.till) == set(SIGNATURES[name].till)


def test_a_channel_stands_in_the_shared_part_by_its_weight():
    loads = loads_of(FULL, SIGNATURES["tracking_break"], 1)
    assert loads.weight(FULL, "cvr", 1) == float(FULL.shared.weights["cvr"][1])
    assert loads.weight(FULL, "cvr", None) == 1.0 and loads.weight(FULL, "revenue", 1) == 1.0
