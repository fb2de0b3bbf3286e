"""From tables to series: nothing added, nothing lost."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import roas
from roas.simulator import simulate
from roas.tables import Tables
from roas.volatility.build import account_series, channel_series, surroundings
from roas.volatility.series import RoasSeries


@pytest.fixture(scope="module")
def tables() -> Tables:
    made, _ = simulate(seed=3, weeks=30)
    return roas.analyze(made["spend"], made["revenue"], model=False).tables


def test_channels_add_up_to_the_table(tables: Tables) -> None:
    found = channel_series(tables)
    assert sum(s.spend.sum() for s in found.values()) == pytest.approx(tables.spend["spend"].sum())
    assert sum(s.revenue.sum() for s in found.values()) == pytest.approx(tables.spend["conversion_value"].sum())
    assert {s.of for s in found.values()} == {"claimed_roas"}
    assert list(found) == sorted(found, key=lambda name: -found[name].spend.sum())


def test_the_account_is_the_till_over_all_spend(tables: Tables) -> None:
    account = account_series(tables)
    assert account is not None and account.of == "mer" and tables.revenue is not None
    assert account.revenue.sum() == pytest.approx(tables.revenue["revenue"].sum())
    assert account.conversions is not None
    assert account.conversions.sum() == pytest.approx(tables.revenue["orders"].sum())


def test_without_a_till_the_account_is_what_is_claimed(tables: Tables) -> None:
    bare = Tables(tables.spend, None, tables.grain, tables.currency)
    account = account_series(bare, immature_days={"Meta": 7})
    assert account is not None and account.of == "claimed_roas" and account.mature == len(account.dates) - 7
    nothing = tables.spend.assign(conversion_value=np.nan)
    assert account_series(Tables(nothing, None, tables.grain, None)) is None
    assert channel_series(Tables(nothing, None, tables.grain, None)) == {}


def test_a_day_without_any_row_is_a_gap_and_an_idle_channel_is_zero(tables: Tables) -> None:
    day = tables.spend["date"].unique()[40]
    first = next(iter(channel_series(tables)))
    gone = tables.spend[tables.spend["date"] != day]
    off = tables.spend[(tables.spend["date"] != day) | (tables.spend["channel"] != first)]
    assert np.isnan(channel_series(Tables(gone, None, "day", None))[first].spend[40])
    assert channel_series(Tables(off, None, "day", None))[first].spend[40] == 0


def test_a_weekday_that_never_has_rows_is_no_delivery(tables: Tables) -> None:
    first = next(iter(channel_series(tables)))
    kept = tables.spend[tables.spend["date"].dt.day_of_week < 5]
    spend = channel_series(Tables(kept, None, "day", None))[first].spend
    assert np.isfinite(spend).all() and (spend[5:-2:7] == 0).all()


def test_weeks_are_sums_from_monday() -> None:
    dates = np.datetime64("2024-01-03") + np.arange(24)  # a Wednesday: five days, then two weeks, then five
    series = RoasSeries("a", "mer", "day", dates, np.ones(24), np.arange(24.0), mature=15)
    weeks = series.weeks
    assert [str(d) for d in weeks.dates] == ["2024-01-08", "2024-01-15"]
    assert weeks.spend.tolist() == [7, 7] and weeks.revenue.tolist() == [56, 105]
    assert weeks.mature == 1
    assert weeks.weeks is weeks


def test_demand_is_visits_nobody_paid_for_and_revenue_nobody_claims(tables: Tables) -> None:
    account = account_series(tables)
    meta = next(iter(channel_series(tables).values()))
    around = surroundings(tables, account, meta)
    assert set(around.demand) <= {"sessions", "unclaimed revenue"} and around.demand
    assert "promotion" in around.calendar
    assert all(len(v) == len(around.weeks) for v in around.demand.values())
    assert surroundings(Tables(tables.spend, None, "day", None), None, meta).demand == {}


def test_frames_hold_the_ratio(tables: Tables) -> None:
    frame = channel_series(tables)[tables.spend["channel"].iloc[0]].to_frame()
    assert isinstance(frame, pd.DataFrame)
    assert (frame["roas"].dropna() >= 0).all()
