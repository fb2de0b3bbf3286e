"""Which columns are held fixed, and which are left out because ads move them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from roas.response.controls import PREFIX, choose_controls

PERIODS = 40


def shop(**columns):
    """A revenue table with controls named without their prefix; ``promo`` as it is."""
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(
        {
            "date": pd.date_range("2025-01-06", periods=PERIODS, freq="7D"),
            "revenue": 1000 + 100 * rng.standard_normal(PERIODS),
        }
    )
    for name, values in columns.items():
        frame[name if name in ("promo", "sessions", "orders") else PREFIX + name] = values
    return frame


def noise(seed=1):
    return np.random.default_rng(seed).standard_normal(PERIODS)


def chosen(name, values=None):
    return choose_controls(shop(**{name: noise() if values is None else values}))


@pytest.mark.parametrize(
    "name",
    [
        "conversions", "Conversions (all)", "gross profit", "gross_profit", "Orders", "orders_count", "units_sold",
        "revenue_per_conversion", "net revenue", "store sales", "Sales EUR", "AOV", "new customers", "leads",
        "Sign-ups", "signups", "OrderCount", "newCustomers", "GrossProfit", "profits", "discounts_total", "add to carts", "checkouts", "page visits", "refunds", "clicks", "app installs",
        "returns", "shipping", "tax", "COGS", "contribution margin", "transactions", "purchases",
    ],
)  # fmt: skip
def test_what_follows_from_sales_is_left_out_with_a_reason(name):
    controls = chosen(name)
    assert controls.names == ()
    assert controls.left_out == ((name, "it follows from sales or visits, which ads move"),)


@pytest.mark.parametrize(
    "name",
    [
        "competitor_sales", "competitor_sales_B", "Competitors' revenue", "market sales", "industry_orders",
        "category sales", "temperature", "price", "avg_price", "Weather", "holiday", "google_trends", "cpi",
        "inflation", "stock", "black_friday", "events", "preorders_open", "salespeople", "unit_price",
        "PricePerUnit", "free shipping", "CompetitorSales",
    ],
)  # fmt: skip
def test_what_drives_sales_is_kept(name):
    controls = chosen(name)
    assert controls.names == (PREFIX + name,)
    assert controls.left_out == ()


@pytest.mark.parametrize("value", [0.0, 1.0, np.nan])
def test_a_column_that_never_changes_is_dropped_without_a_word(value):
    controls = choose_controls(shop(price=value, promo=value))
    assert (controls.names, controls.left_out) == ((), ())


def test_one_known_value_is_constant():
    assert chosen("price", np.where(np.arange(PERIODS) == 3, 5.0, np.nan)).names == ()


def test_promo_is_a_control():
    assert choose_controls(shop(promo=(np.arange(PERIODS) % 5 == 0).astype(float))).names == ("promo",)


@pytest.mark.parametrize("change", [lambda r: r, lambda r: -2 * r + 7, lambda r: r / 1.21])
def test_revenue_told_again_is_left_out(change):
    frame = shop()
    frame[PREFIX + "takings"] = change(frame["revenue"])
    assert choose_controls(frame).left_out == (("takings", "it moves exactly as revenue does"),)


def test_holes_do_not_hide_revenue_told_again():
    frame = shop()
    frame[PREFIX + "takings"] = frame["revenue"].where(np.arange(PERIODS) % 3 > 0)
    frame.loc[5, "revenue"] = np.nan
    assert choose_controls(frame).left_out == (("takings", "it moves exactly as revenue does"),)


def test_a_control_with_holes_is_kept():
    values = np.where(np.arange(PERIODS) % 4 == 0, np.nan, noise())
    assert chosen("temperature", values).names == (PREFIX + "temperature",)


def test_infinite_values_are_holes():
    values = noise()
    values[3] = np.inf
    assert chosen("temperature", values).names == (PREFIX + "temperature",)


def test_two_points_in_common_prove_nothing():
    frame = shop()
    frame[PREFIX + "events"] = np.where(np.arange(PERIODS) < 2, frame["revenue"], np.nan)
    assert choose_controls(frame).names == (PREFIX + "events",)


def test_constant_revenue_equals_no_control():
    frame = shop(temperature=noise())
    frame["revenue"] = 500.0
    assert choose_controls(frame).names == (PREFIX + "temperature",)


def test_canonical_columns_are_no_controls():
    assert choose_controls(shop(sessions=noise(), orders=noise())).names == ()


def test_whole_numbers_are_read_as_numbers():
    assert chosen("events", np.arange(PERIODS)).names == (PREFIX + "events",)
    assert chosen("events", pd.array([1, None] * (PERIODS // 2), dtype="Int64")).names == ()


def test_the_order_of_columns_is_kept():
    frame = shop(zeta=noise(1), alpha=noise(2), orders_a=noise(3), orders_b=noise(4))
    controls = choose_controls(frame)
    assert controls.names == (PREFIX + "zeta", PREFIX + "alpha")
    assert [name for name, _ in controls.left_out] == ["orders_a", "orders_b"]
