"""Weekly looks: e-processes per channel and account."""

from __future__ import annotations

import numpy as np
import pytest

from roas.volatility.online.looks import WARM_UP, watch, watch_account
from roas.volatility.online.onsets import onset_evidence
from roas.volatility.series import RoasSeries


def channel(seed, weeks=80, step=0.0, at=50, sd=0.08, name="search"):
    rng = np.random.default_rng(seed)
    dates = np.datetime64("2024-01-01") + 7 * np.arange(weeks)
    spend = rng.uniform(900, 1100, weeks)
    roas = 3 * np.exp(sd * rng.normal(size=weeks) + step * (np.arange(weeks) >= at))
    return RoasSeries(name, "claimed_roas", "week", dates, spend, spend * roas)


def first(series, weeks):
    parts = {key: getattr(series, key)[:weeks] for key in ("dates", "spend", "revenue")}
    return RoasSeries(series.name, series.of, series.grain, **parts)


def test_a_fall_is_noticed_with_its_week():
    (alarm,) = watch(channel(1, step=-0.4)).alarms
    assert alarm.channel == "search"
    assert abs(int((alarm.since - np.datetime64("2024-12-16")).astype(int))) <= 7
    assert alarm.since <= alarm.week
    assert alarm.before == pytest.approx(3, rel=0.1)
    assert alarm.after == pytest.approx(3 * np.exp(-0.4), rel=0.15)
    assert alarm.e_value >= 10


def test_nothing_is_noticed_where_nothing_is():
    alarms = [watch(channel(seed)).alarms for seed in range(8)]
    assert sum(bool(each) for each in alarms) <= 2


@pytest.mark.parametrize("weeks", [12, 40, 53, 60, 75])
def test_later_weeks_change_no_earlier_verdict(weeks):
    series = channel(2, step=-0.4)
    whole, part = watch(series), watch(first(series, weeks))
    assert np.allclose(whole.e_values[:weeks], part.e_values)
    assert tuple(each for each in whole.alarms if each.week < series.dates[weeks - 1] + 1) == part.alarms


def test_unit_of_money_changes_nothing():
    series = channel(3, step=0.3)
    cents = RoasSeries("", "mer", "week", series.dates, series.spend * 100, series.revenue * 100)
    assert np.allclose(watch(series).e_values, watch(cents).e_values)


def test_account_is_the_mean_of_its_channels():
    series = [channel(seed, name=str(seed)) for seed in range(4)]
    together = watch_account(series).e_values
    assert np.allclose(together, np.mean([watch(each).e_values for each in series], axis=0))


def test_the_right_channel_is_named():
    series = [channel(seed, name=str(seed), step=-0.5 if seed == 2 else 0.0) for seed in range(5)]
    alarms = watch_account(series).alarms
    assert [each.channel for each in alarms] == ["2"]


def test_days_are_watched_by_week():
    rng = np.random.default_rng(5)
    days = 7 * 70
    roas = np.where(np.arange(days) < 7 * 45, 3.0, 1.8) * rng.gamma(30, 1 / 30, days)
    series = RoasSeries(
        "a", "mer", "day", np.datetime64("2024-01-01") + np.arange(days), np.full(days, 100.0), 100 * roas
    )
    assert len(watch(series).alarms) == 1


def test_evidence_has_mean_one_without_a_change():
    rng = np.random.default_rng(6)
    ones, seen = np.ones(16), np.ones(16, dtype=bool)
    last = [
        np.exp(onset_evidence(10 + rng.normal(size=16), ones, seen, np.array([12])).log_ratio[-1, 0])
        for _ in range(200)
    ]
    assert 0.5 < np.mean(last) < 1.4


def test_short_history_is_not_judged():
    assert not watch(channel(7, weeks=WARM_UP - 1)).judged
    assert watch(channel(7, weeks=WARM_UP + 1)).judged
    assert not watch_account([]).judged


@pytest.mark.parametrize("value", [0.0, np.nan, 5.0, 1e12])
def test_odd_revenue_raises_nothing(value):
    series = channel(8)
    for spend in (series.spend, np.zeros(80)):
        watched = watch(RoasSeries("", "mer", "week", series.dates, spend, np.full(80, value)))
        assert np.isfinite(watched.e_values).all()


def test_channels_of_different_length_share_a_calendar():
    long, short = channel(9, name="long"), channel(10, name="short")
    late = RoasSeries("late", "mer", "week", short.dates[50:], short.spend[50:], short.revenue[50:])
    assert len(watch_account([long, late]).weeks) == 80


def counted(seed, weeks=90, n=200.0, step=0.0, basket_step=0.0, at=50, name="search", shared=None):
    rng = np.random.default_rng(seed)
    dates = np.datetime64("2024-01-01") + 7 * np.arange(weeks)
    after = np.arange(weeks) >= at
    sales = rng.poisson(n * np.exp(step * after + (0.0 if shared is None else shared))).astype(float)
    revenue = sales * 50 * np.exp(basket_step * after) * (1 + 0.8 / np.sqrt(sales + 1) * rng.normal(size=weeks))
    return RoasSeries(name, "claimed_roas", "week", dates, np.full(weeks, 1000.0), revenue, sales)


def test_counted_sales_tell_sooner():
    gained = []
    for seed in range(6):
        series = counted(seed, n=100.0, step=-0.25)
        bare = RoasSeries("", "mer", "week", series.dates, series.spend, series.revenue)
        gained.append(np.log(watch(series).e_values[54] / watch(bare).e_values[54]))
    assert np.mean(gained) > 0.3


def test_a_change_of_baskets_is_noticed():
    assert len(watch(counted(2, basket_step=-0.4)).alarms) == 1


def test_other_channels_take_away_shared_demand():
    shared = np.random.default_rng(3).normal(0, 0.15, 90)
    first = counted(0, step=-0.35, name="0", shared=shared)
    others = [counted(seed, name=str(seed), shared=shared) for seed in range(1, 6)]
    assert watch(first).e_values[:70].max() < 10
    assert [each.channel for each in watch_account([first, *others]).alarms] == ["0"]


def test_a_fall_of_all_channels_is_noticed():
    assert watch_account([counted(seed, step=-0.4, name=str(seed)) for seed in range(6)]).alarms


@pytest.mark.slow
@pytest.mark.parametrize("weeks", [30, 52, 70])
def test_later_weeks_of_an_account_change_no_earlier_verdict(weeks):
    channels = [counted(seed, name=str(seed), step=-0.4 if seed == 1 else 0.0) for seed in range(7)]
    late = counted(8, name="late", weeks=60)
    channels.append(
        RoasSeries("late", late.of, "week", late.dates + 7 * 30, late.spend, late.revenue, late.conversions)
    )

    def until(series):
        keep = int((series.dates < channels[0].dates[0] + 7 * weeks).sum())
        parts = [getattr(series, key)[:keep] for key in ("dates", "spend", "revenue", "conversions")]
        return RoasSeries(series.name, series.of, "week", *parts)

    whole, part = watch_account(channels), watch_account([until(each) for each in channels])
    assert np.allclose(whole.e_values[:weeks], part.e_values[:weeks])


def test_unknown_sales_are_gaps():
    series = counted(4)
    sales = np.where(np.arange(90) > 40, np.nan, series.conversions)
    missing = RoasSeries("", "mer", "week", series.dates, series.spend, series.revenue, sales)
    assert not watch(missing).alarms
