"""Shopify: orders with their line items, and Shopify Analytics."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.io.platforms.reading import mapped, notes, read, rejected, tables, unordered

SHOPIFY = (
    "Name,Financial Status,Currency,Subtotal,Shipping,Taxes,Total,Created at,Lineitem name,Cancelled at,"
    "Refunded Amount\n"
)


def shopify_order(name, subtotal, shipping, taxes, total, *, status="paid", cancelled="", refunded="0.00"):
    amounts = f"{subtotal},{shipping},{taxes},{total}"
    return f"{name},{status},EUR,{amounts},2025-03-24 23:30:00 -0800,Hat,{cancelled},{refunded}\n"


def test_line_items_become_one_order_with_their_rows_counted():
    table = read(
        SHOPIFY
        + shopify_order("#1", "119.00", "0.00", "19.00", "119.00")
        + "#1,,,,,,,2025-03-24 23:30:00 -0800,Scarf,,\n"
        + "#1,,,,,,,2025-03-24 23:30:00 -0800,Glove,,\n"
        + shopify_order("#2", "238.00", "0.00", "38.00", "238.00"),
        "shopify_orders",
    )
    assert table.frame["revenue"].tolist() == [100.0, 200.0]
    assert table.frame["orders"].tolist() == [1.0, 1.0]
    assert table.frame["_rows"].tolist() == [3, 1]
    assert table.frame.index.tolist() == [2, 5]


def test_an_order_counts_on_the_shops_own_day():
    table = read(SHOPIFY + shopify_order("#1", "10.00", "0.00", "0.00", "10.00"), "shopify_orders")
    assert table.frame["date"].tolist() == [pd.Timestamp("2025-03-24")]


def test_tax_on_top_stays_out_of_revenue():
    table = read(SHOPIFY + shopify_order("#1", "100.00", "10.00", "8.80", "118.80"), "shopify_orders")
    assert table.frame["revenue"].tolist() == [100.0]
    assert "tax comes on top in 1" in notes(table)


def test_tax_on_shipping_is_not_taken_from_the_goods():
    # 19 % in 119 of goods and in 11.90 of shipping: 19.00 + 1.90.
    shipped = shopify_order("#1", "119.00", "11.90", "20.90", "130.90")
    free = shopify_order("#2", "119.00", "0.00", "19.00", "119.00")
    both = read(SHOPIFY + shipped + free, "shopify_orders")
    alone = read(SHOPIFY + shipped, "shopify_orders")
    assert both.frame["revenue"].tolist() == pytest.approx([100.0, 100.0])
    assert alone.frame["revenue"].tolist() == pytest.approx([100.0])


def test_shipping_without_tax_leaves_all_tax_on_the_goods():
    table = read(
        SHOPIFY
        + shopify_order("#1", "119.00", "11.90", "19.00", "130.90")
        + shopify_order("#2", "119.00", "0.00", "19.00", "119.00"),
        "shopify_orders",
    )
    assert table.frame["revenue"].tolist() == pytest.approx([100.0, 100.0])


@pytest.mark.parametrize(("refunded", "left"), [("59.50", 50.0), ("119.00", 0.0), ("130.90", 0.0)])
def test_a_refund_is_taken_off_without_its_tax_and_never_below_zero(refunded, left):
    order = shopify_order("#1", "119.00", "11.90", "19.00", "130.90", status="partially_refunded", refunded=refunded)
    free = shopify_order("#2", "119.00", "0.00", "19.00", "119.00")
    table = read(SHOPIFY + order + free, "shopify_orders")
    assert table.frame["revenue"].tolist()[0] == pytest.approx(left)


def test_a_refund_with_tax_on_top_is_taken_off_without_it():
    order = shopify_order("#1", "100.00", "0.00", "8.00", "108.00", status="partially_refunded", refunded="54.00")
    assert read(SHOPIFY + order, "shopify_orders").frame["revenue"].tolist() == pytest.approx([50.0])


def test_one_shop_may_do_both_by_country():
    table = read(
        SHOPIFY
        + shopify_order("#1", "119.00", "0.00", "19.00", "119.00")
        + shopify_order("#2", "100.00", "0.00", "8.00", "108.00"),
        "shopify_orders",
    )
    assert table.frame["revenue"].tolist() == pytest.approx([100.0, 100.0])


def test_orders_never_paid_are_left_out_with_their_reason():
    statuses = ["paid", "voided", "pending", "expired", "authorized", "refunded"]
    rows = [shopify_order(f"#{i}", "10.00", "0.00", "0.00", "10.00", status=s) for i, s in enumerate(statuses)]
    cancelled = shopify_order("#9", "10.00", "0.00", "0.00", "10.00", cancelled="2025-03-25 01:00:00 -0800")
    table = read(SHOPIFY + "".join(rows) + cancelled, "shopify_orders")
    assert rejected(table) == {
        "cancelled order": 1,
        "order with status expired": 1,
        "order with status pending": 1,
        "order with status voided": 1,
    }
    assert len(table.frame) == 3
    assert "1 cancelled orders were left out (subtotal 10.00)" in notes(table)


def test_a_line_item_without_its_order_is_left_out():
    table = read(
        SHOPIFY + shopify_order("#1", "10.00", "0.00", "0.00", "10.00") + "#0,,,,,,,2025-03-24,Hat,,\n",
        "shopify_orders",
    )
    assert rejected(table) == {"line item whose order is not in the file": 1}


def test_two_shops_may_share_an_order_number():
    head = SHOPIFY.replace("\n", ",Id\n")
    one, two = (
        shopify_order("#1", "10.00", "0.00", "0.00", "10.00"),
        shopify_order("#1", "20.00", "0.00", "0.00", "20.00"),
    )
    table = read(head + one.replace("\n", ",77\n") + two.replace("\n", ",78\n"), "shopify_orders")
    assert table.frame["revenue"].tolist() == [10.0, 20.0]


def test_the_order_of_rows_changes_nothing():
    lines = [shopify_order("#1", "119.00", "0.00", "19.00", "119.00"), "#1,,,,,,,2025-03-24,Scarf,,\n",
             shopify_order("#2", "238.00", "0.00", "38.00", "238.00")]  # fmt: skip
    there = read(SHOPIFY + "".join(lines), "shopify_orders").frame
    back = read(SHOPIFY + "".join(reversed(lines)), "shopify_orders").frame
    columns = ["order_id", "revenue", "_rows"]
    pd.testing.assert_frame_equal(
        there[columns].reset_index(drop=True), back[columns].sort_values("order_id").reset_index(drop=True)
    )


def test_a_big_file_without_lines_is_collapsed_alike():
    order = shopify_order("#1", "119.00", "0.00", "19.00", "119.00")
    (raw,) = tables(SHOPIFY + order + "#1,,,,,,,2025-03-24,Scarf,,\n")
    table = mapped(raw, "shopify_orders")
    table.frame.index = pd.Index([0, 0])
    table.platform.prepare(table)
    assert table.frame["_rows"].tolist() == [2]
    assert table.frame.index.tolist() == [0]


def test_unordered_rows_of_a_big_file_pass_both_hooks():
    content = (
        SHOPIFY
        + shopify_order("#1", "119.00", "0.00", "19.00", "119.00")
        + shopify_order("#2", "10.00", "0.00", "1.60", "10.00", status="voided")
        + shopify_order("#3", "119.00", "0.00", "19.00", "119.00", refunded="119.00")
    )
    assert read(unordered(content), "shopify_orders").frame["revenue"].tolist() == pytest.approx([100.0, 0.0])


def test_a_file_of_cancelled_orders_is_empty_not_broken():
    order = shopify_order("#1", "10.00", "0.00", "1.60", "10.00", cancelled="2025-03-25")
    assert len(read(SHOPIFY + order, "shopify_orders").frame) == 0


def test_new_customers_come_from_the_rows_for_new_customers():
    table = read(
        "Day,New or returning customer,Customers,Orders,Net sales,Discounts\n"
        "2025-03-24,New,4,5,100.00,0\n2025-03-24,Returning,2,2,40.00,0\n",
        "shopify_analytics",
    )
    assert table.frame["revenue"].sum() == 140.0
    assert table.frame["new_customers"].tolist() == [4.0, 0.0]


def test_total_sales_alone_lose_tax_and_shipping():
    table = read(
        "Day,Orders,Shipping charges,Taxes,Total sales\n2025-03-24,2,5.00,19.95,124.95\n2025-03-25,2,0,19,119\n",
        "shopify_analytics",
    )
    assert table.frame["revenue"].tolist() == pytest.approx([100.0, 100.0])


def test_total_sales_with_nothing_apart_are_doubted():
    table = read("Day,Orders,Total sales\n2025-03-24,2,124.95\n2025-03-25,1,10.00\n", "shopify_analytics")
    assert table.frame["revenue"].tolist() == [124.95, 10.0]
    assert "as exported" in notes(table)
