"""Which campaigns ran: what that alone does to a channel's rates."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from roas.diagnosis.makeup import OWN_PART, RATIOS, makeup_of

WEEKS = 40


def rows_of(clicks: dict[str, list[float]], rates: dict[str, float]) -> pd.DataFrame:
    """Clicks per week of each campaign of one channel, and its conversion rate."""
    out = [
        {"channel": "Meta", "campaign": name, "block": week, "clicks": each, "conversions": each * rates[name], "spend": each}
        for name, weeks in clicks.items()
        for week, each in enumerate(weeks)
        if each > 0
    ]  # fmt: skip
    return pd.DataFrame(out)


def of(rows: pd.DataFrame) -> np.ndarray:
    return np.asarray(makeup_of(rows, ("Meta",), WEEKS)["conversions", "clicks"][0])


def standardised(rows: pd.DataFrame) -> np.ndarray:
    sums = rows.groupby("block")[["conversions", "clicks"]].sum()
    return np.asarray((sums["conversions"] / sums["clicks"]).to_numpy() / of(rows))


def test_one_campaign_is_its_channel():
    rows = rows_of({"one": [100.0] * WEEKS}, {"one": 0.03})
    for ratio, values in makeup_of(rows, ("Meta",), WEEKS).items():
        assert ratio in RATIOS
        assert values == pytest.approx(np.ones((1, WEEKS)))


@pytest.mark.slow
@given(size=st.floats(1, 1e6), rates=st.tuples(st.floats(0.001, 0.5), st.floats(0.001, 0.5)))
def test_campaigns_that_run_in_the_same_parts_change_nothing(size, rates):
    rows = rows_of({"a": [size] * WEEKS, "b": [3 * size] * WEEKS}, dict(zip("ab", rates, strict=True)))
    assert of(rows) == pytest.approx(np.ones(WEEKS), rel=1e-6)


def test_a_pause_of_another_rate_changes_makeup_and_not_the_standardised_rate():
    paused = [100.0] * 30 + [0.0] * 10
    rows = rows_of({"good": paused, "poor": [100.0] * WEEKS}, {"good": 0.06, "poor": 0.02})
    makeup = of(rows)
    assert makeup[-1] / makeup[0] == pytest.approx(0.5, abs=0.04)
    fixed = standardised(rows)
    assert fixed[-1] / fixed[0] == pytest.approx(1.0, abs=0.06)


def test_what_every_campaign_suffers_stays_in_the_standardised_rate():
    rows = rows_of({"a": [100.0] * WEEKS, "b": [50.0] * WEEKS}, {"a": 0.06, "b": 0.02})
    rows.loc[rows["block"] >= 30, "conversions"] *= 0.5
    fixed = standardised(rows)
    assert fixed[-1] / fixed[0] == pytest.approx(0.5)


def test_young_campaigns_count_at_the_channels_rate():
    few = int(OWN_PART * WEEKS) - 1
    young = [0.0] * (WEEKS - few) + [100.0] * few
    rows = rows_of({"old": [100.0] * WEEKS, "young": young}, {"old": 0.05, "young": 0.01})
    makeup = of(rows)
    # The old one alone stands above the channel; where both run, the young one is taken for average.
    assert makeup[-1] == pytest.approx((makeup[0] + 1) / 2, abs=1e-9)
    fixed = standardised(rows)
    assert fixed[-1] / fixed[0] < 0.7


def test_a_campaign_that_ran_long_enough_counts_at_its_own():
    many = int(OWN_PART * WEEKS) + 2
    young = [0.0] * (WEEKS - many) + [100.0] * many
    fixed = standardised(rows_of({"old": [100.0] * WEEKS, "young": young}, {"old": 0.05, "young": 0.01}))
    assert fixed[-1] / fixed[0] > 0.85


def test_rows_without_a_campaign_are_one():
    rows = rows_of({"a": [100.0] * WEEKS, "b": [50.0] * 30 + [0.0] * 10}, {"a": 0.06, "b": 0.02})
    unnamed = rows.assign(campaign=rows["campaign"].where(rows["campaign"] == "a"))
    assert of(unnamed) == pytest.approx(of(rows))


def test_a_week_without_clicks_has_no_makeup():
    rows = rows_of({"a": [100.0] * 20 + [0.0] * 20, "b": [50.0] * 10 + [0.0] * 30}, {"a": 0.06, "b": 0.02})
    assert (of(rows)[20:] == 1).all()


@pytest.mark.parametrize("column", ["clicks", "conversions"])
def test_a_measure_that_is_always_zero_or_missing_gives_one(column):
    rows = rows_of({"a": [100.0] * WEEKS, "b": [50.0] * 30 + [0.0] * 10}, {"a": 0.06, "b": 0.02})
    for nothing in (0.0, np.nan):
        assert (of(rows.assign(**{column: nothing})) == 1).all()
    assert (of(rows.drop(columns=column)) == 1).all()


@pytest.mark.slow
@given(factor=st.floats(1e-3, 1e6))
def test_units_of_money_are_irrelevant(factor):
    rows = rows_of({"a": [100.0] * WEEKS, "b": [50.0] * 20 + [10.0] * 20}, {"a": 0.06, "b": 0.02})
    cents = rows.assign(spend=rows["spend"] * factor)
    one, two = (makeup_of(each, ("Meta",), WEEKS)["conversions", "spend"] for each in (rows, cents))
    assert one == pytest.approx(two, rel=1e-9)
