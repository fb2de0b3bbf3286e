"""The account week by week: sums, blocks, gaps."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roas.diagnosis.panel import (
    HANGOVER_WEEKS,
    LEAST_AFTER,
    LONGEST_WEEKS,
    MOST_CHANNELS,
    SHORTEST_PROMOTION,
    Panel,
    build_panel,
)
from tests.diagnosis.accounts import COUNTED, START, even_account, even_spend, even_till, panel_of
from tests.diagnosis.readings.accounts import tables_of


def same(one: Panel, two: Panel) -> bool:
    pairs = [(one.sums[name], two.sums[name]) for name in one.sums]
    pairs += [(one.makeup[name], two.makeup[name]) for name in one.makeup]
    pairs += [(one.till[name], two.till[name]) for name in one.till]
    pairs += [(one.total[name], two.total[name]) for name in one.total]
    pairs += [(one.campaigns, two.campaigns), (one.young, two.young)]
    same_names = (one.starts, one.channels, set(one.till)) == (two.starts, two.channels, set(two.till))
    return same_names and all(np.allclose(a, b, rtol=1e-12, atol=1e-9, equal_nan=True) for a, b in pairs)


@pytest.mark.parametrize("name", COUNTED)
def test_sums_of_blocks_are_the_tables_to_the_cent(name):
    panel, spend = panel_of(even_account(days=140, campaigns=3)), even_spend(days=140, campaigns=3)
    for k, channel in enumerate(panel.channels):
        assert panel.sums[name][k].sum() == pytest.approx(spend.loc[spend["channel"] == channel, name].sum(), abs=0.005)


def test_totals_are_the_tables_small_channels_too():
    spend = even_spend(channels=("Meta", "Search", "Tiny"))
    spend.loc[spend["channel"] == "Tiny", ["spend", "clicks"]] *= 1e-4
    panel = panel_of(tables_of(spend))
    assert "Tiny" not in panel.channels
    for name in ("spend", "clicks", "conversions", "conversion_value"):
        assert panel.total[name].sum() == pytest.approx(spend[name].sum(), abs=0.005)


@pytest.mark.parametrize("name", ["revenue", "orders", "sessions", "new_customers"])
def test_till_is_the_tables_to_the_cent(name):
    assert panel_of(even_account()).till[name].sum() == pytest.approx(even_till()[name].sum(), abs=0.005)


def test_reach_is_added_over_rows():
    panel, spend = panel_of(even_account()), even_spend()
    first = spend[(spend["channel"] == "Meta") & (spend["date"] < pd.Timestamp(START) + pd.Timedelta(days=7))]
    assert panel.sums["reach"][panel.channels.index("Meta"), 0] == pytest.approx(first["reach"].sum())


@pytest.mark.parametrize("days", [140, 141, 145, 146])
def test_blocks_of_seven_days_end_on_the_last_day(days):
    panel = panel_of(even_account(days=days))
    last = (pd.Timestamp(START) + pd.Timedelta(days=days - 1)).date()
    assert panel.starts[-1] == last - dt.timedelta(days=6)
    assert {b - a for a, b in zip(panel.starts, panel.starts[1:], strict=False)} == {dt.timedelta(days=7)}
    assert panel.weeks == days // 7


def test_days_before_the_first_whole_block_are_left_out():
    panel, spend = panel_of(even_account(days=145)), even_spend(days=145)
    kept = spend[spend["date"] >= pd.Timestamp(panel.starts[0])]
    assert panel.sums["spend"].sum() == pytest.approx(kept["spend"].sum(), abs=0.005)


def test_only_the_last_weeks_are_looked_at():
    assert panel_of(even_account(days=7 * (LONGEST_WEEKS + 9))).weeks == LONGEST_WEEKS


@pytest.mark.parametrize("days", [1, 5, 13])
def test_less_than_two_blocks_is_no_panel(days):
    assert build_panel(even_account(days=days)) is None


def test_a_block_without_days_is_a_gap_and_a_block_with_few_too():
    spend = even_spend(days=140)
    day = (spend["date"] - pd.Timestamp(START)).dt.days
    panel = panel_of(tables_of(spend[(day // 7 != 5) & ~((day // 7 == 8) & (day % 7 > 3))], even_till(days=140)))
    for name in COUNTED:
        assert np.flatnonzero(np.isnan(panel.sums[name]).all(axis=0)).tolist() == [5, 8]
    assert np.flatnonzero(np.isnan(panel.total["spend"])).tolist() == [5, 8]
    assert np.isfinite(panel.till["revenue"]).all()


def test_a_channel_that_pauses_has_no_gap_but_nothing():
    spend = even_spend(days=140)
    day = (spend["date"] - pd.Timestamp(START)).dt.days
    panel = panel_of(tables_of(spend[(day // 7 != 5) | (spend["channel"] == "Meta")]))
    assert panel.sums["spend"][panel.channels.index("Search"), 5] == 0.0


def test_a_week_of_the_till_with_few_days_is_a_gap():
    till = even_till(days=140)
    day = (till["date"] - pd.Timestamp(START)).dt.days
    panel = panel_of(tables_of(even_spend(days=140), till[~((day // 7 == 3) & (day % 7 > 3))]))
    assert np.flatnonzero(np.isnan(panel.till["revenue"])).tolist() == [3]
    assert np.flatnonzero(np.isnan(panel.till["orders"])).tolist() == [3]


@pytest.mark.parametrize(("days", "blocks"), [(0, 0), (1, 1), (7, 1), (8, 2), (28, 4)])
def test_claims_still_arriving_are_left_out_and_nothing_else(days, blocks):
    panel = panel_of(even_account(), immature_days={"Meta": days, "Search": 0})
    meta, search = panel.channels.index("Meta"), panel.channels.index("Search")
    for name in ("conversions", "conversion_value"):
        assert np.isnan(panel.sums[name][meta]).sum() == blocks
        assert np.isfinite(panel.sums[name][search]).all()
        assert np.isnan(panel.total[name]).sum() == blocks
    for name in ("spend", "impressions", "reach", "clicks"):
        assert np.isfinite(panel.sums[name]).all()


def test_weeks_are_the_days_added_up():
    spend, till = even_spend(days=140, campaigns=2), even_till(days=140)

    def weekly(table, keys):
        week = pd.Timestamp(START) + pd.to_timedelta((table["date"] - pd.Timestamp(START)).dt.days // 7 * 7, unit="D")
        return table.assign(date=week).groupby(["date", *keys], as_index=False).sum()

    daily = panel_of(tables_of(spend, till))
    by_week = panel_of(tables_of(weekly(spend, ["channel", "campaign"]), weekly(till, []), grain="week"))
    assert by_week.grain == "week" and by_week.starts == daily.starts
    for name in COUNTED:
        assert np.allclose(by_week.sums[name], daily.sums[name])
    for name in ("revenue", "orders", "sessions"):
        assert np.allclose(by_week.till[name], daily.till[name])


def test_without_campaigns_makeup_is_one_and_nobody_is_counted():
    for spend in (even_spend().drop(columns="campaign"), even_spend().assign(campaign=None)):
        panel = panel_of(tables_of(spend))
        assert all((values == 1).all() for values in panel.makeup.values())
        assert np.isnan(panel.campaigns).all() and np.isnan(panel.young).all()


def test_live_campaigns_are_counted_and_new_ones_are_young_for_two_weeks():
    spend = even_spend(days=140, channels=("Meta",), campaigns=2)
    late = (spend["campaign"] == "Meta 1") & (spend["date"] < pd.Timestamp(START) + pd.Timedelta(days=70))
    panel = panel_of(tables_of(spend[~late]))
    assert panel.campaigns[0].tolist() == [1.0] * 10 + [2.0] * 10
    young = np.flatnonzero(panel.young[0])
    assert young.tolist() == [10, 11]
    assert panel.young[0][young] == pytest.approx(0.5, abs=0.05)


def test_campaigns_of_the_first_day_are_not_young():
    assert (panel_of(even_account(campaigns=2)).young == 0).all()


@settings(max_examples=10)
@given(seed=st.integers(0, 50))
def test_order_of_rows_is_irrelevant(seed):
    spend, till = even_spend(days=60, campaigns=2), even_till(days=60)
    mixed = tables_of(spend.sample(frac=1, random_state=seed), till.sample(frac=1, random_state=seed))
    assert same(panel_of(mixed), panel_of(tables_of(spend, till)))


def test_labels_of_rows_are_irrelevant():
    spend = even_spend(days=60, campaigns=2)
    assert same(panel_of(tables_of(spend.set_index(np.zeros(len(spend), dtype=int)))), panel_of(tables_of(spend)))


def test_channels_stand_largest_first_and_at_most_so_many():
    spend = even_spend(days=28, channels=tuple(f"c{k:02d}" for k in range(MOST_CHANNELS + 3)))
    spend["spend"] *= 1 + spend["channel"].str[1:].astype(int)
    panel = panel_of(tables_of(spend))
    assert panel.channels == tuple(f"c{k:02d}" for k in range(MOST_CHANNELS + 2, 2, -1))


def test_measures_that_are_not_exported_are_not_there():
    panel = panel_of(tables_of(even_spend().drop(columns=["reach", "clicks"]), even_till().drop(columns="sessions")))
    assert not panel.has("reach") and not panel.has("clicks") and not panel.has("sessions")
    assert panel.has("impressions") and panel.has("orders") and panel.has("spend", 0)


def test_without_revenue_there_is_no_till():
    assert panel_of(tables_of(even_spend())).till == {}
    assert panel_of(tables_of(even_spend(), even_till().assign(revenue=np.nan))).till == {}


def promoted(first: int, length: int, days: int = 210) -> Panel:
    """An account whose last promotion began `first` days before the end."""
    till = even_till(days=days)
    till.loc[days - first : days - first + length - 1, "promo"] = 1.0
    return panel_of(tables_of(even_spend(days=days), till))


def test_a_promotion_ends_where_its_last_day_ends():
    assert promoted(35, 7).after_promotions == pytest.approx((30 - 28 / 7,))
    assert promoted(30, 5).after_promotions == pytest.approx((30 - 25 / 7,))


@pytest.mark.parametrize(
    ("first", "length"),
    [(40, SHORTEST_PROMOTION - 1), (LEAST_AFTER + 6, 7), (7 * HANGOVER_WEEKS + 8, 7), (5, 5)],
    ids=["too short", "too young", "too old", "still on"],
)
def test_promotions_that_cannot_be_felt_are_none(first, length):
    assert promoted(first, length).after_promotions == ()


def test_a_shop_that_is_always_in_promotion_has_none():
    till = even_till().assign(promo=1.0)
    assert panel_of(tables_of(even_spend(), till)).after_promotions == ()
    till.loc[100:105, "promo"] = 0.0
    assert panel_of(tables_of(even_spend(), till)).after_promotions == ()
