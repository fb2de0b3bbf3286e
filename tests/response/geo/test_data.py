"""Reading spend and revenue by region."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from roas.errors import InputError, UsageError
from roas.response.geo import limits
from roas.response.geo.data import assemble_geos, summed
from roas.response.geo.groups import grouped


def tables(geos=3, weeks=20, channels=2, freq="7D", seed=0):
    rng = np.random.default_rng(seed)
    dates = pd.date_range("2024-01-01", periods=weeks, freq=freq)
    names = [f"G{g:03d}" for g in range(geos)]
    index = pd.MultiIndex.from_product([names, dates], names=["geo", "date"])
    size = np.repeat(np.arange(geos, 0, -1), weeks)
    revenue = pd.DataFrame({"revenue": 100.0 * size * rng.uniform(0.8, 1.2, len(index))}, index=index).reset_index()
    spend = [
        pd.DataFrame({"spend": size * rng.uniform(1, 9, len(index))}, index=index).reset_index().assign(channel=f"c{c}")
        for c in range(channels)
    ]
    return pd.concat(spend, ignore_index=True), revenue


def test_tables_become_one_row_per_region():
    spend, revenue = tables()
    data = assemble_geos(spend, revenue)
    assert data.geos == ("G000", "G001", "G002")
    assert data.spend.shape == (3, 20, 2) and data.revenue.shape == (3, 20)
    np.testing.assert_allclose(data.spend.sum(axis=0), data.national.spend)
    np.testing.assert_allclose(data.revenue.sum(axis=0), data.national.revenue)
    own = spend[(spend["geo"] == "G001") & (spend["channel"] == "c1")]
    np.testing.assert_allclose(data.spend[1, :, 1], own["spend"])
    assert data.national.notes == ()


def test_order_of_rows_does_not_matter():
    spend, revenue = tables()
    spend = pd.concat([spend, spend.assign(spend=0.1)])  # several rows to add up
    one = assemble_geos(spend, revenue)
    two = assemble_geos(spend.sample(frac=1, random_state=1), revenue.sample(frac=1, random_state=2))
    np.testing.assert_array_equal(one.spend, two.spend)
    np.testing.assert_array_equal(one.revenue, two.revenue)


def test_days_become_weeks_and_broken_weeks_are_open():
    spend, revenue = tables(weeks=28, freq="D")
    revenue = revenue.drop(revenue.index[(revenue["geo"] == "G002") & (revenue["date"] == "2024-01-10")])
    data = assemble_geos(spend, revenue)
    assert data.national.grain == "week" and data.national.periods == 4
    assert np.argwhere(np.isnan(data.revenue)).tolist() == [[2, 1]]
    days = assemble_geos(spend, revenue, grain="day")
    assert days.national.grain == "day" and days.national.periods == 28


def test_regions_of_one_table_only_are_left_out_and_said():
    spend, revenue = tables(geos=4)
    data = assemble_geos(spend[spend["geo"] != "G003"], revenue[revenue["geo"] != "G000"])
    assert data.geos == ("G001", "G002")
    assert "1 region(s) without revenue are left out: G000 (" in data.national.notes[0]
    assert "1 region(s) without spend are left out: G003 (" in data.national.notes[1]
    assert data.national.notes[1].endswith("% of revenue)")


def test_fewer_than_two_regions_are_refused():
    spend, revenue = tables()
    one = revenue[revenue["geo"] == "G001"]
    with pytest.raises(UsageError, match=r"2 regions at least; found 1\. Use ResponseModel"):
        assemble_geos(spend, one)


def test_columns_are_needed():
    spend, revenue = tables()
    with pytest.raises(InputError, match=r'spend: no column "geo".*use ResponseModel'):
        assemble_geos(spend.drop(columns="geo"), revenue)
    with pytest.raises(InputError, match='revenue: no column "weather"'):
        assemble_geos(spend, revenue, controls=("weather",))


def test_national_spend_is_spread_by_revenue():
    spend, revenue = tables()
    extra = pd.DataFrame({"date": [pd.Timestamp("2024-01-08")], "geo": [None], "channel": ["tv"], "spend": [600.0]})
    data = assemble_geos(pd.concat([spend, extra]), revenue)
    assert data.national.channels == ("c0", "c1", "tv")
    sizes = revenue.groupby("geo")["revenue"].sum()
    np.testing.assert_allclose(data.spend[:, 1, 2], 600 * sizes / sizes.sum())
    assert "1 rows of spend without a region are spread by revenue" in data.national.notes[0]


def test_revenue_without_a_region_is_left_out():
    spend, revenue = tables()
    revenue.loc[3, "geo"] = " "
    data = assemble_geos(spend, revenue)
    assert "1 rows of revenue without a region are left out (" in data.national.notes[0]
    assert np.isnan(data.revenue[0, 3])


def test_a_region_without_sales_is_left_out():
    spend, revenue = tables()
    revenue.loc[revenue["geo"] == "G001", "revenue"] = 0.0
    data = assemble_geos(spend, revenue)
    assert data.geos == ("G000", "G002")
    assert data.national.notes[0] == "1 region(s) without revenue are left out: G001"


def test_a_region_with_long_gaps_is_left_out():
    spend, revenue = tables()
    gone = (revenue["geo"] == "G001") & (revenue["date"] < "2024-03-01")
    data = assemble_geos(spend, revenue[~gone])
    assert data.geos == ("G000", "G002")
    assert "1 region(s) without revenue in more than 30% of periods are left out: G001" in data.national.notes[-1]
    np.testing.assert_allclose(data.national.spend, data.spend.sum(axis=0))


def test_controls_that_differ_stay_with_their_region():
    spend, revenue = tables()
    revenue["promo"] = np.tile(np.arange(20.0) % 2, 3)
    revenue["weather"] = np.random.default_rng(0).standard_normal(len(revenue))
    data = assemble_geos(spend, revenue, controls=("promo", "weather"))
    assert data.national.control_names[0] == "promo"
    assert data.control_names == ("weather",)
    assert data.controls.shape == (3, 20, 1)
    assert data.controls.std() == pytest.approx(1)


def test_very_many_regions_are_grouped_and_sums_stay(monkeypatch):
    monkeypatch.setattr("roas.response.geo.groups.MOST_GEOS", 8)
    monkeypatch.setattr("roas.response.geo.groups.GROUPS", 3)
    spend, revenue = tables(geos=20)
    data = assemble_geos(spend, revenue)
    made = grouped(data)
    assert len(made.geos) == 8 and made.geos[:2] == ("G000", "G001")
    assert made.geos[-1] == "G015 and 4 more"
    np.testing.assert_allclose(made.spend.sum(axis=0), data.spend.sum(axis=0))
    np.testing.assert_allclose(summed(made, made.revenue).revenue, data.national.revenue)
    assert "20 regions: the 15 smallest are added up to 3 groups" in made.national.notes[-1]
    assert grouped(made) is made and limits.MOST_GEOS > limits.GROUPS
