"""Log series: what all channels share, what is a channel's own, what the till says."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from roas.diagnosis.panel import Panel
from roas.diagnosis.series import BASKET_CV, FEWEST_WEEKS, LARGEST_WEIGHT, RATIOS, Series, Shared, build_series
from tests.diagnosis.accounts import even_account, even_spend, even_till, panel_of
from tests.diagnosis.readings.accounts import tables_of

THREE = ("Meta", "Search", "Video")


def built(panel: Panel, taken=None) -> tuple[dict[tuple[str, int | None], Series], Shared]:
    found, shared = build_series(panel, taken or {})
    assert len({(each.metric, each.channel) for each in found}) == len(found)
    return {(each.metric, each.channel): each for each in found}, shared


def without(*columns: str, till: tuple[str, ...] | None = ()) -> Panel:
    spend = even_spend(channels=THREE).drop(columns=list(columns))
    return panel_of(tables_of(spend, None if till is None else even_till().drop(columns=list(till))))


@pytest.mark.parametrize("metric", ["cpm", "ctr", "cvr", "aov", "frequency"])
def test_shared_and_own_parts_add_up_to_the_log(metric):
    panel = panel_of(even_account(channels=THREE))
    found, _ = built(panel)
    top, bottom = RATIOS[metric]
    half = 0.5 if metric in ("cvr", "ctr") else 0.0
    for k in range(3):
        log = np.log((panel.sums[top][k] + half) / panel.sums[bottom][k])
        whole = found[metric, None].values + found[metric, k].values
        assert whole == pytest.approx(log - log.mean(), abs=1e-12)


@pytest.mark.parametrize("metric", ["cpm", "ctr", "cvr", "aov"])
def test_own_parts_weighted_add_up_to_nothing(metric):
    found, shared = built(panel_of(even_account(channels=THREE)))
    weights = shared.weights[metric]
    assert weights.sum() == pytest.approx(1.0) and (weights >= 0).all()
    assert weights @ np.array([found[metric, k].values for k in range(3)]) == pytest.approx(0.0, abs=1e-12)


def test_a_hit_of_all_channels_stands_in_the_shared_part_alone():
    panel = panel_of(even_account(channels=THREE))
    hit = np.where(np.arange(panel.weeks) >= 12, 0.6, 1.0)
    worse = replace(panel, sums={**panel.sums, "impressions": panel.sums["impressions"] * hit})
    (was, _), (now, _) = built(panel), built(worse)
    moved = now["cpm", None].values - was["cpm", None].values
    # How steady a channel is, and with it its weight, is hardly changed by one step.
    assert moved[-1] - moved[0] == pytest.approx(-np.log(0.6), abs=0.01)
    for k in range(3):
        assert now["cpm", k].values == pytest.approx(was["cpm", k].values, abs=0.02)


def test_a_hit_of_one_channel_stands_in_the_shared_part_by_its_weight():
    panel = panel_of(even_account(channels=THREE))
    hit = np.ones((3, panel.weeks))
    hit[1, 12:] = 0.6
    worse = replace(panel, sums={**panel.sums, "impressions": panel.sums["impressions"] * hit})
    (was, _), (now, shared) = built(panel), built(worse)
    for k, part in ((None, shared.weights["cpm"][1]), (1, 1 - shared.weights["cpm"][1])):
        moved = now["cpm", k].values - was["cpm", k].values
        assert moved[-1] - moved[0] == pytest.approx(-part * np.log(0.6), abs=0.01)


def test_no_channel_of_several_makes_the_market():
    for channels in (THREE[:2], THREE):
        _, shared = built(panel_of(even_account(channels=channels)))
        for weights in shared.weights.values():
            assert weights.max() <= LARGEST_WEIGHT + 1e-9


def test_one_channel_is_all_there_is():
    found, shared = built(panel_of(even_account(channels=("Meta",))))
    assert shared.weights["cpm"].tolist() == [1.0]
    assert ("cpm", None) in found and ("cpm", 0) not in found


def test_counting_variance_is_one_over_the_count():
    panel = panel_of(even_account(channels=THREE))
    found, _ = built(panel)
    sold, clicks = panel.sums["conversions"], panel.sums["clicks"]
    for k in range(3):
        assert found["cvr", k].counting == pytest.approx(1 / (sold[k] + 0.5))
        assert found["ctr", k].counting == pytest.approx(1 / (clicks[k] + 0.5))
        assert found["aov", k].counting == pytest.approx(BASKET_CV**2 / sold[k])
        assert (found["cpm", k].counting == 0).all()
    orders = panel.till["orders"]
    assert found["orders_per_session", None].counting == pytest.approx(1 / orders)
    assert found["order_value", None].counting == pytest.approx(BASKET_CV**2 / orders)


def test_what_is_shared_counts_with_less_noise_than_its_parts():
    found, shared = built(panel_of(even_account(channels=THREE)))
    each = np.array([found["cvr", k].counting for k in range(3)])
    assert found["cvr", None].counting == pytest.approx(shared.weights["cvr"] ** 2 @ each)


@pytest.mark.parametrize(
    ("missing", "chain"),
    [
        ((), {"cpm", "ctr", "cvr", "aov", "frequency"}),
        (("reach",), {"cpm", "ctr", "cvr", "aov"}),
        (("impressions", "reach"), {"cpc", "cvr", "aov"}),
        (("clicks", "reach"), {"cpm", "response", "aov"}),
        (("impressions", "clicks", "reach"), {"response", "aov"}),
        (("impressions", "clicks", "reach", "conversion_value"), {"response"}),
        (("impressions", "clicks", "reach", "conversions"), {"claimed_roas"}),
        (("impressions", "clicks", "reach", "conversions", "conversion_value"), set()),
    ],
)
def test_missing_columns_give_the_finest_chain_that_is_left(missing, chain):
    found, _ = built(without(*missing, till=None))
    assert {metric for metric, _ in found} == chain


@pytest.mark.parametrize(
    ("missing", "series"),
    [
        ((), {"orders_per_session", "order_value", "sessions", "new_share", "claims_over_till"}),
        (("sessions",), {"orders", "order_value", "new_share", "claims_over_till"}),
        (("orders",), {"revenue", "sessions"}),
        (("orders", "sessions", "new_customers"), {"revenue"}),
    ],
)
def test_the_till_gives_what_it_has(missing, series):
    found, _ = built(without(till=missing))
    rates = {*RATIOS}
    assert {metric for metric, _ in found} - rates == series


def test_the_chain_multiplies_to_claimed_roas():
    panel = panel_of(even_account(channels=THREE))
    found, _ = built(panel)
    for k in range(3):
        whole = sum(sign * found[m, c].values for m, sign in (("cvr", 1), ("ctr", 1), ("cpm", -1), ("aov", 1)) for c in (None, k))  # fmt: skip
        log = np.log(panel.sums["conversion_value"][k] / panel.sums["spend"][k])
        assert whole == pytest.approx(log - log.mean(), abs=0.01)


def test_the_till_multiplies_to_revenue():
    panel = panel_of(even_account())
    found, _ = built(panel)
    whole = sum(found[name, None].values for name in ("sessions", "orders_per_session", "order_value"))
    assert whole == pytest.approx(np.log(panel.till["revenue"]))


def test_what_was_taken_out_is_gone():
    panel = panel_of(even_account(channels=THREE))
    path = np.where(np.arange(panel.weeks) >= 10, -0.4, 0.0)
    was, _ = built(panel)
    now, _ = built(panel, {("cvr", 1): path, ("order_value", None): path})
    whole = {id(each): each["cvr", None].values + each["cvr", 1].values for each in (was, now)}
    moved = whole[id(now)] - whole[id(was)]
    assert moved - moved[0] == pytest.approx(-path, abs=1e-12)
    assert now["order_value", None].values - was["order_value", None].values == pytest.approx(-path)
    assert now["cpm", 1].values == pytest.approx(was["cpm", 1].values)


def test_weeks_without_a_sale_are_kept_and_counted_as_uncertain():
    panel = panel_of(even_account(channels=THREE))
    sold = panel.sums["conversions"].copy()
    sold[0, 5] = 0.0
    found, _ = built(replace(panel, sums={**panel.sums, "conversions": sold}))
    assert np.isfinite(found["cvr", 0].values[5]) and found["cvr", 0].counting[5] == 2.0
    assert np.isnan(found["aov", 0].values[5])


def test_a_channel_known_for_a_few_weeks_has_no_series():
    panel = panel_of(even_account(channels=THREE))
    few = panel.sums["impressions"].copy()
    few[2, : panel.weeks - FEWEST_WEEKS + 1] = np.nan
    found, shared = built(replace(panel, sums={**panel.sums, "impressions": few}))
    assert ("cpm", 2) not in found and shared.weights["cpm"][2] == 0


def test_gaps_stay_gaps():
    panel = panel_of(even_account(channels=THREE))
    holes = {name: np.where(np.arange(panel.weeks) == 7, np.nan, values) for name, values in panel.sums.items()}
    found, _ = built(replace(panel, sums=holes))
    assert np.isnan(found["cpm", None].values[7]) and np.isnan(found["cpm", 0].values[7])
    assert np.isfinite(np.delete(found["cpm", None].values, 7)).all()


@pytest.mark.parametrize("factor", [0.01, 1e6])
def test_units_of_money_only_move_levels(factor):
    spend, till = even_spend(channels=THREE), even_till()
    money = {name: spend[name] * factor for name in ("spend", "conversion_value")}
    one, _ = built(panel_of(tables_of(spend, till)))
    two, _ = built(panel_of(tables_of(spend.assign(**money), till.assign(revenue=till["revenue"] * factor))))
    assert one.keys() == two.keys()
    for key, each in one.items():
        moved = two[key].values - each.values
        assert moved == pytest.approx(np.full(len(moved), moved[0]), abs=1e-9)
        assert two[key].counting == pytest.approx(each.counting)
