"""What the files allow to be asked."""

from __future__ import annotations

import pytest

from roas.diagnosis.base import CAUSES
from roas.diagnosis.gates import EROSION_WEEKS, FEWEST_WEEKS, columns_of, missing_for, sales_per_day
from roas.diagnosis.panel import Panel
from tests.diagnosis.accounts import even_account, even_spend, even_till, panel_of
from tests.diagnosis.readings.accounts import tables_of

DAYS = 7 * EROSION_WEEKS


def panel(*spend: str, till: tuple[str, ...] | None = (), days: int = DAYS, **options) -> Panel:
    """An account without these columns."""
    shop = None if till is None else even_till(days).drop(columns=list(till))
    return panel_of(tables_of(even_spend(days, **options).drop(columns=list(spend)), shop))


def test_with_all_columns_and_a_year_everything_can_be_asked():
    assert not any(missing_for(panel()).values())


def test_every_cause_is_answered_even_without_a_panel():
    assert list(missing_for(None)) == [each.name for each in CAUSES]
    assert all(missing_for(None).values())


@pytest.mark.parametrize(
    ("spend", "till", "cause", "columns"),
    [
        (("impressions",), (), "auction_inflation", ("impressions",)),
        (("clicks",), (), "creative_fatigue", ("clicks",)),
        (("impressions", "clicks"), (), "creative_fatigue", ("impressions", "clicks")),
        (("reach",), (), "audience_exhaustion", ("reach",)),
        (("conversions", "conversion_value"), (), "tracking_break", ("claims",)),
        ((), None, "tracking_break", ("revenue",)),
        ((), None, "demand_shift", ("revenue",)),
        (("campaign",), (), "fragmentation", ("campaign",)),
        (("conversions",), (), "reporting_lag", ("conversions",)),
        (("conversion_value",), (), "mix_shift", ("conversion_value",)),
        (("conversion_value",), ("orders",), "order_value_drop", ("baskets",)),
        ((), ("promo",), "promotion_hangover", ("promo",)),
        ((), None, "promotion_hangover", ("promo", "revenue")),
        (("conversions", "conversion_value"), (), "saturation", ("claims",)),
    ],
)
def test_what_is_missing_is_named(spend, till, cause, columns):
    assert missing_for(panel(*spend, till=till))[cause].columns == columns


@pytest.mark.parametrize(
    ("spend", "till", "cause"),
    [
        (("conversions",), (), "tracking_break"),
        (("conversion_value",), (), "tracking_break"),
        (("conversions",), (), "order_value_drop"),
        ((), None, "order_value_drop"),
        (("reach", "clicks"), ("orders", "sessions"), "auction_inflation"),
    ],
)
def test_one_of_two_ways_is_enough(spend, till, cause):
    assert not missing_for(panel(*spend, till=till))[cause]


def test_history_is_asked_for():
    short, middle = missing_for(panel(days=7 * (FEWEST_WEEKS - 1))), missing_for(panel(days=7 * FEWEST_WEEKS))
    # Late reporting is read day by day.
    assert {each.weeks for name, each in short.items() if name not in ("baseline_erosion", "reporting_lag")} == {
        FEWEST_WEEKS
    }
    assert {name for name, each in middle.items() if each} == {"baseline_erosion"}
    assert middle["baseline_erosion"].weeks == short["baseline_erosion"].weeks == EROSION_WEEKS


def test_money_moves_between_two_channels():
    assert missing_for(panel(channels=("Meta",)))["mix_shift"].channels == 2


def test_weeks_cannot_show_late_days():
    weekly = panel_of(even_account(DAYS, grain="week"))
    assert missing_for(weekly)["reporting_lag"].columns == ("days",)


def test_sales_are_claims_else_orders_else_unknown():
    spend = even_spend(DAYS)
    claimed = spend["conversions"].sum() / DAYS
    assert sales_per_day(panel()) == pytest.approx(claimed, rel=0.01)
    assert sales_per_day(panel("conversions")) == pytest.approx(even_till(DAYS)["orders"].mean(), rel=0.01)
    assert sales_per_day(panel("conversions", till=None)) is None


@pytest.mark.parametrize(
    ("spend", "till", "columns"),
    [
        ((), (), "full"),
        (("reach",), (), "funnel"),
        ((), ("sessions",), "funnel"),
        (("clicks",), (), "claims"),
        ((), ("orders",), "claims"),
        (("conversions",), (), "bare"),
        ((), None, "bare"),
    ],
)
def test_columns_are_those_of_the_nearest_benchmark(spend, till, columns):
    assert columns_of(panel(*spend, till=till)) == columns
