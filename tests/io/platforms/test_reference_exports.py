"""Whole exports meet the truth they were made from."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from roas.io.mapped import Mapped
from tests.io.platforms.reading import notes, read, rejected, tables


@pytest.fixture(scope="module")
def fixtures(shared_data):
    return shared_data / "platform-exports" / "fixtures"


@pytest.fixture(scope="module")
def truth(fixtures):
    return pd.read_csv(fixtures / "truth_orders_day.csv", parse_dates=["date"]).set_index("date")


def by_day(table: Mapped, column: str) -> pd.Series:
    return table.frame.groupby("date")[column].agg(math.fsum).round(2)


def test_shopify_orders_meet_the_truth_to_the_cent(fixtures, truth):
    raw = tables((fixtures / "shopify" / "orders_export.csv").read_text("utf-8"))[0]
    orders = raw.cells.copy()
    orders.columns = pd.Index(raw.header)
    cancelled = orders[orders["Cancelled at"] != ""]
    lost = cancelled["Subtotal"].astype(float).groupby(pd.to_datetime(cancelled["Created at"].str[:10])).sum()

    table = read((fixtures / "shopify" / "orders_export.csv").read_text("utf-8"), "shopify_orders")
    kept = truth["subtotal_after_discount"].sub(lost, fill_value=0).round(2)
    assert by_day(table, "subtotal").tolist() == kept.tolist()
    assert by_day(table, "refunded").tolist() == truth["refunded"].tolist()
    assert by_day(table, "orders").tolist() == truth["orders_not_cancelled"].tolist()
    assert table.frame["_rows"].sum() + sum(rejected(table).values()) == len(raw.cells)
    assert f"subtotal after discounts {kept.sum():.2f}" in notes(table)
    assert f"less refunds {truth['refunded'].sum():.2f}" in notes(table)
    assert f"(subtotal {lost.sum():.2f})" in notes(table)


def test_shopify_orders_agree_with_shopify_analytics(fixtures, truth):
    orders = read((fixtures / "shopify" / "orders_export.csv").read_text("utf-8"), "shopify_orders")
    analytics = read((fixtures / "shopify" / "total_sales_over_time.csv").read_text("utf-8"), "shopify_analytics")
    # Analytics counts cancelled orders as sales; each order's tax is rounded by itself.
    whole = truth.index[truth["orders"] == truth["orders_not_cancelled"]]
    assert len(whole) == 12
    off = by_day(orders, "revenue")[whole] - by_day(analytics, "revenue")[whole]
    assert off.abs().max() < 0.03


def test_shopify_analytics_is_net_of_tax(fixtures, truth):
    table = read((fixtures / "shopify" / "total_sales_over_time.csv").read_text("utf-8"), "shopify_analytics")
    expected = (truth["subtotal_after_discount"] - truth["refunded"]) / 1.19
    assert by_day(table, "revenue").to_numpy() == pytest.approx(expected.to_numpy(), abs=0.011)
    assert by_day(table, "orders").tolist() == truth["orders"].tolist()


def test_stripe_payments_meet_the_truth_to_the_cent(fixtures, truth):
    table = read((fixtures / "stripe" / "unified_payments.csv").read_text("utf-8"), "stripe")
    assert by_day(table, "total").tolist() == truth["total_charged"].tolist()
    assert by_day(table, "refunded").tolist() == truth["refunded"].tolist()
    assert by_day(table, "orders").tolist() == truth["orders"].tolist()
    assert set(table.frame["currency"]) == {"EUR"}


def test_ga4_explore_meets_its_own_grand_total(fixtures):
    table = read((fixtures / "ga4" / "explore_free_form.csv").read_text("utf-8"), "ga4")
    assert table.frame["sessions"].sum() == 94460
    assert math.fsum(table.frame["revenue"]) == pytest.approx(163091.41)


def test_ga4_snapshot_agrees_with_the_explore_table(fixtures):
    snapshot = read((fixtures / "ga4" / "report_snapshot_multi_section.csv").read_text("utf-8"), "ga4")
    explore = read((fixtures / "ga4" / "explore_free_form.csv").read_text("utf-8"), "ga4")
    assert by_day(snapshot, "sessions").tolist() == by_day(explore, "sessions").tolist()


def test_exports_without_a_day_are_named_and_refused(fixtures):
    report = read((fixtures / "ga4" / "report_traffic_acquisition.csv").read_text("utf-8"), "ga4")
    freeform = read((fixtures / "adobe" / "freeform.csv").read_text("utf-8-sig"), "adobe_analytics")
    assert report.findings.errors and freeform.findings.errors
    assert len(report.frame) == len(freeform.frame) == 6
