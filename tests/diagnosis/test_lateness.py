"""How late claims arrive, from one export."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from roas.diagnosis.lateness import FEWEST, LATE_DAYS, USUAL_DAYS, Lateness, lateness_of
from roas.tables import Tables
from tests.diagnosis.accounts import even_spend
from tests.diagnosis.readings.accounts import tables_of

SIZE = LATE_DAYS + USUAL_DAYS


def account(arrived: np.ndarray, *, seed: int = 1, sales: float = 1.0) -> Tables:
    """Two channels; of one, a part of each day's sales is counted so far: arrived[0] of the last day."""
    spend = even_spend(SIZE + 20, seed=seed)
    age = (spend["date"].max() - spend["date"]).dt.days.to_numpy()
    part = np.concatenate([arrived, np.ones(400)])[age]
    rng = np.random.default_rng(seed)
    sold = rng.poisson(spend["clicks"] * 0.15 * sales).astype(np.float64)
    counted = np.where(spend["channel"] == "Meta", rng.binomial(sold.astype(int), part), sold)
    return tables_of(spend.assign(conversions=counted, conversion_value=counted * 50))


def meta(arrived: np.ndarray, **options) -> Lateness:
    return lateness_of(account(arrived, **options))["Meta"]


def exponential(half_life: float, at_once: float = 0.0) -> np.ndarray:
    return at_once + (1 - at_once) * (1 - 0.5 ** (np.arange(LATE_DAYS) / half_life))


@pytest.mark.parametrize("half_life", [1.5, 3.0, 5.5])
@pytest.mark.parametrize("at_once", [0.0, 0.3])
def test_an_exponential_delay_is_recovered_within_a_day_of_missing(half_life, at_once):
    truth = exponential(half_life, at_once)
    missing = float((1 - truth).sum())
    found = [meta(truth, seed=seed, sales=5.0) for seed in range(4)]
    assert np.mean([each.missing for each in found]) == pytest.approx(missing, abs=1.0)
    for each in found:
        assert each.missing == pytest.approx(missing, abs=max(1.0, 0.3 * missing))
        assert each.is_late


def test_the_other_channel_is_on_time():
    found = lateness_of(account(exponential(3.0)))
    assert found["Meta"].is_late and not found["Search"].is_late


def test_since_is_the_first_incomplete_day():
    tables = account(exponential(3.0))
    found = lateness_of(tables)["Meta"]
    last = tables.spend["date"].max()
    assert found.since == (last - pd.Timedelta(days=found.days - 1)).date()
    assert (found.arrived[: found.days] < 0.97).all() and (found.arrived[found.days :] >= 0.97).all()


@pytest.mark.parametrize(("days", "left"), [(5, 0.6), (10, 0.5), (14, 0.7), (20, 0.5)])
def test_a_step_is_not_late(days, left):
    step = np.where(np.arange(LATE_DAYS) < days, left, 1.0)
    for seed in range(3):
        assert not meta(step, seed=seed).is_late


def test_steady_accounts_are_not_late():
    found = [each for seed in range(10) for each in lateness_of(account(np.ones(LATE_DAYS), seed=seed)).values()]
    assert len(found) == 20 and not any(each.is_late for each in found)


def test_too_few_sales_say_nothing():
    tables = account(exponential(3.0), sales=0.01)
    usual = tables.spend[tables.spend["channel"] == "Meta"]["conversions"].sum()
    assert usual < FEWEST and "Meta" not in lateness_of(tables)


def test_weeks_and_accounts_that_count_nothing_say_nothing():
    tables = account(exponential(3.0))
    assert lateness_of(tables_of(even_spend(210, grain="week"), grain="week")) == {}
    assert lateness_of(tables_of(tables.spend.assign(conversions=np.nan))) == {}


def test_sales_nobody_exported_are_not_late():
    """No figure is not a zero: a platform that stopped sending sales is not about to send them."""
    tables = account(np.ones(LATE_DAYS))
    recent = tables.spend["date"] > tables.spend["date"].max() - pd.Timedelta(days=6)
    found = lateness_of(tables_of(tables.spend.assign(conversions=tables.spend["conversions"].mask(recent))))
    assert not any(each.is_late for each in found.values())


def test_a_short_history_says_nothing():
    tables = account(exponential(3.0))
    recent = tables.spend["date"] > tables.spend["date"].max() - pd.Timedelta(days=LATE_DAYS + 15)
    assert lateness_of(tables_of(tables.spend[recent])) == {}


def test_weekdays_are_not_lateness():
    """A last week with a slow weekend in it is usual."""
    spend = even_spend(SIZE + 20)
    weekend = spend["date"].dt.day_of_week >= 5
    sold = np.random.default_rng(2).poisson(spend["clicks"] * np.where(weekend, 0.04, 0.15)).astype(np.float64)
    for cut in range(7):
        kept = spend["date"] <= spend["date"].max() - pd.Timedelta(days=cut)
        found = lateness_of(tables_of(spend.assign(conversions=sold)[kept]))
        assert not any(each.is_late for each in found.values())


def test_clicks_are_not_needed():
    found = lateness_of(tables_of(account(exponential(3.0)).spend.assign(clicks=np.nan)))
    assert found["Meta"].is_late and not found["Search"].is_late


def test_money_is_not_needed_but_worth_is_read():
    tables = account(exponential(3.0))
    assert lateness_of(tables)["Meta"].value == pytest.approx(50.0)
    assert lateness_of(tables_of(tables.spend.assign(conversion_value=np.nan)))["Meta"].is_late
