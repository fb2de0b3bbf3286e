"""Where the account stands."""

from __future__ import annotations

import pandas as pd

from roas.plan.today import today_of


def spend(weeks=20, **amounts):
    dates = pd.date_range("2025-01-06", periods=weeks, freq="W-MON")
    rows = [(d, name, float(a), "EUR") for d in dates for name, a in amounts.items()]
    return pd.DataFrame(rows, columns=["date", "channel", "spend", "currency"])


def test_recent_is_the_mean_of_eight_weeks_to_the_cent():
    table = spend(Meta=10, Search=100)
    table.loc[(table["channel"] == "Meta") & (table["date"] == table["date"].max()), "spend"] = 10.05
    today = today_of(None, table)
    assert today.channels == ("Search", "Meta")
    assert today.spend == (100.0, 10.01)  # 80.05 / 8 = 10.00625
    assert today.total == 110.01
    assert today.currency == "EUR"


def test_short_account_is_divided_by_its_own_weeks():
    assert today_of(None, spend(weeks=3, Meta=30)).spend == (30.0,)


def test_days_are_added_to_weeks():
    days = pd.date_range("2025-01-06", periods=70)
    table = pd.DataFrame({"date": days, "channel": "Meta", "spend": 1.0})
    assert today_of(None, table).spend == (7.0,)


def test_a_table_of_channels_is_taken_as_it_is():
    table = pd.DataFrame({"channel": ["b", "a"], "spend_per_week_recent": [1.006, 5.0]})
    assert today_of(None, table).spend == (1.01, 5.0)


def test_without_a_model_every_channel_says_why():
    assert set(today_of(None, spend(Meta=1, Search=2)).excluded) == {"Meta", "Search"}
    assert today_of(None, spend(Meta=1)).modelled == ()
