"""WooCommerce: orders and reports."""

from __future__ import annotations

import pytest

from tests.io.platforms.reading import notes, read, rejected

PLUGIN = (
    "Order Number,Order Status,Order Date,Order Total Amount,Order Total Tax Amount,Order Shipping Amount,"
    "Order Refund Amount,Item Name\n"
)


def test_woo_statuses_never_paid_are_left_out():
    statuses = ["completed", "wc-processing", "On hold", "failed", "cancelled", "pending", "wc-failed"]
    rows = [f"{i},{s},2026-01-15 12:00:00,10,0,0,0,Hat\n" for i, s in enumerate(statuses)]
    table = read(PLUGIN + "".join(rows), "woocommerce")
    assert len(table.frame) == 3
    assert rejected(table) == {
        "order with status cancelled": 1,
        "order with status failed": 2,
        "order with status pending": 1,
    }


def test_a_status_nobody_knows_is_kept_and_said():
    table = read(PLUGIN + "1,packing,2026-01-15 12:00:00,10,0,0,0,Hat\n", "woocommerce")
    assert len(table.frame) == 1
    assert "packing" in notes(table)


def test_woo_revenue_is_the_goods_alone():
    # 100 of goods and 10 of shipping, both plus 20 %: tax 22, total 132.
    table = read(
        PLUGIN
        + "1,completed,2026-01-15 12:00:00,132,22,10,0,Hat\n"
        + "1,completed,2026-01-15 12:00:00,132,22,10,0,Scarf\n"
        + "2,completed,2026-01-15 12:00:00,132,22,10,60,Hat\n"
        + "3,refunded,2026-01-15 12:00:00,132,22,10,132,Hat\n",
        "woocommerce",
    )
    assert table.frame["revenue"].tolist() == pytest.approx([100.0, 50.0, 0.0])
    assert table.frame["_rows"].tolist() == [2, 1, 1]


def test_a_refunded_order_without_an_amount_is_worth_nothing():
    table = read(
        "Order Number,Order Status,Order Date,Order Total Amount,Order Total Tax Amount\n"
        "1,refunded,2026-01-15 12:00:00,120,20\n2,completed,2026-01-16 12:00:00,120,20\n",
        "woocommerce",
    )
    assert table.frame["revenue"].tolist() == [0.0, 100.0]
    assert "partial refunds are not taken off" in notes(table)


def test_woo_orders_report_counts_new_customers_and_refund_lines():
    table = read(
        "Date,Order #,Status,Customer type,Product(s),Net Revenue\n"
        "2026-01-15 12:00:00,7,completed,new,Hat,100\n"
        "2026-01-16 12:00:00,8,completed,returning,Hat,50\n"
        "2026-01-17 12:00:00,7,refunded,new,Hat,-30\n",
        "woocommerce",
    )
    assert table.frame["revenue"].sum() == 120.0
    assert table.frame["orders"].sum() == 2.0
    assert table.frame["new_customers"].sum() == 1.0
