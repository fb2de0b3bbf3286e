"""Shop, payment, web-analytics and warehouse layouts: hooks on small texts, and the truth table."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from roas.io import text
from roas.io.dates import read_dates
from roas.io.headers import header, words
from roas.io.mapped import Mapped
from roas.io.numbers import to_number
from roas.io.platforms import adobe_analytics, ga4, shopify, stripe, warehouse, woocommerce
from roas.io.platforms.channel_names import channel_name, channel_of_source
from roas.io.raw import RawTable
from roas.io.sections import read_sections, sections
from roas.tables import REVENUE_MEASURES, SPEND_MEASURES

LAYOUTS = tuple(p for m in (ga4, adobe_analytics, shopify, woocommerce, stripe, warehouse) for p in m.PLATFORMS)
VOCABULARY = frozenset(k for p in LAYOUTS for c in p.columns for k in p.keys(c))


def recognised(header_row: str) -> str | None:
    """The format whose signs a header row carries, the best mapped one first."""
    keys = [words(header(h).key) for h in header_row.split(",")]
    found = [p for p in LAYOUTS if p.has_signs(set(keys))]
    return max(found, key=lambda p: len(p.map(keys))).format if found else None


def tables(content: str) -> list[RawTable]:
    name, encoding = "export.csv", "utf-8"
    found = read_sections(content, name=name, sha256="", encoding=encoding, vocabulary=VOCABULARY)
    return found or [text.read_text(content, name=name, sha256="", encoding=encoding, vocabulary=VOCABULARY)]


def mapped(raw: RawTable, layout: str) -> Mapped:
    """A raw table under canonical names, before any cell is read."""
    keys = [words(header(h).key) for h in raw.header]
    platform = max((p for p in LAYOUTS if p.format == layout), key=lambda p: (p.has_signs(set(keys)), len(p.map(keys))))
    columns = platform.map(keys)
    frame = raw.cells[list(columns.values())].copy()
    frame.columns = pd.Index(list(columns))
    frame["_rows"] = 1
    heads = {c: raw.header[i] for c, i in columns.items()}
    return Mapped(raw, platform, frame, heads, platform.role, raw.findings, rows_read=len(frame))


def read(content: str | RawTable, layout: str) -> Mapped:
    """A text through both hooks of its layout, with cells read between them."""
    table = mapped(tables(content)[0] if isinstance(content, str) else content, layout)
    table.platform.prepare(table)
    if table.findings.errors:
        return table
    for name in table.frame.columns:
        if name in (*SPEND_MEASURES, *REVENUE_MEASURES) or name in table.platform.numbers:
            cells = [to_number(v, ".") for v in table.frame[name]]
            table.frame[name] = pd.Series(cells, index=table.frame.index, dtype="float64")
    table.frame["date"] = pd.to_datetime(table.frame["date"].map(read_dates(table.frame["date"].unique()).days))
    table.platform.finish(table)
    return table


def rejected(table: Mapped) -> dict[str, int]:
    return {r.reason: r.count for r in table.findings.rejected}


def notes(table: Mapped) -> str:
    return " ".join(table.findings.notes)


# ---- recognition ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header_row", "layout"),
    [
        (
            "Name,Email,Financial Status,Currency,Subtotal,Shipping,Taxes,Total,Created at,Lineitem name",
            "shopify_orders",
        ),
        (
            "Day,Orders,Gross sales,Discounts,Returns,Net sales,Shipping charges,Taxes,Total sales",
            "shopify_analytics",
        ),
        ("day,orders,gross_sales,discounts,sales_reversals,net_sales,taxes,total_sales", "shopify_analytics"),
        ("Day,New or returning customer,Customers,Orders,Total sales", "shopify_analytics"),
        ("Day,Sessions,Sessions with cart additions,Sessions that reached checkout", "shopify_analytics"),
        ("Date,Orders,Gross sales,Returns,Coupons,Net sales,Taxes,Shipping,Total sales", "woocommerce"),
        (
            "Date,Order #,Status,Customer,Customer type,Product(s),Items sold,Net Revenue",
            "woocommerce",
        ),
        (
            "Order Number,Order Status,Order Date,Order Total Amount,Order Total Tax Amount,Item Name",
            "woocommerce",
        ),
        (
            "order_id,order_number,order_date,status,shipping_total,tax_total,order_total,order_currency",
            "woocommerce",
        ),
        ("id,Created date (UTC),Amount,Amount Refunded,Currency,Captured,Mode,Status", "stripe"),
        ("id,Description,Created (UTC),Amount,Amount Refunded,Currency,Fee,Status", "stripe"),
        ("Session primary channel group (Default Channel Group),Sessions,Key events,Total revenue", "ga4"),
        ("Nth day,Sessions", "ga4"),
        ("Date,Session source / medium,Ads cost,Ads clicks", "ga4"),
        ("Marketing Channel,Visits,Orders,Revenue", "adobe_analytics"),
        (
            "source_relation,date_day,platform,account_id,campaign_name,clicks,impressions,spend,conversions",
            "warehouse",
        ),
        ("Date,Data Source,Data Source type,Campaign,Cost,Clicks,Impressions", "warehouse"),
        ("Date,Data source name,Account,Campaign name,Cost (USD),Impressions,Clicks", "warehouse"),
        ("date,source,account_name,campaign,clicks,impressions,spend", "warehouse"),
        ("date,source,medium,campaign,adContent,keyword,adCost,adClicks,impressions,currency", "warehouse"),
        ("ga:date,ga:source,ga:medium,ga:campaign,ga:adCost,ga:adClicks,ga:impressions", "warehouse"),
        ("utm_id,utm_campaign,utm_source,utm_medium,date,impressions,clicks,cost", "warehouse"),
        ("event_date,channel,account_id,account_name,campaign_name,spend,clicks,impressions", "warehouse"),
    ],
)
def test_a_layout_is_recognised_by_its_header(header_row, layout):
    assert recognised(header_row) == layout


@pytest.mark.parametrize(
    "header_row",
    [
        "date,channel,spend",
        "date,channel,spend,campaign,ad_group,creative,geo,impressions,reach,clicks,conversions,conversion_value,currency",
        "date,channel,source,medium,account_name,campaign,spend,cost",
        "Date,Channel,Data source,Cost",
        "date,platform,campaign,spend",
        "date,revenue,orders,sessions,new_customers,promo",
        "Day,Visits,Orders,Revenue",
        "date,sessions,revenue",
        "order_id,date,amount",
    ],
)
def test_a_plain_table_is_never_claimed(header_row):
    assert recognised(header_row) is None


def test_no_layout_reads_names_or_mail():
    personal = {
        "email",
        "billing name",
        "shipping name",
        "phone",
        "customer email",
        "billing address1",
        "customer name",
    }
    assert not personal & VOCABULARY


# ---- Shopify orders -------------------------------------------------------------------------------

SHOPIFY = (
    "Name,Financial Status,Currency,Subtotal,Shipping,Taxes,Total,Created at,Lineitem name,Cancelled at,"
    "Refunded Amount\n"
)


STRIPE = (
    "id,Created date (UTC),Amount,Amount Refunded,Currency,Captured,Converted Amount,"
    "Converted Amount Refunded,Converted Currency,Mode,Status\n"
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
    raw = tables(SHOPIFY + shopify_order("#1", "119.00", "0.00", "19.00", "119.00") + "#1,,,,,,,2025-03-24,Scarf,,\n")[
        0
    ]
    table = mapped(raw, "shopify_orders")
    table.frame.index = pd.Index([0, 0])
    table.platform.prepare(table)
    assert table.frame["_rows"].tolist() == [2]
    assert table.frame.index.tolist() == [0]


@pytest.mark.parametrize("layout", ["shopify_orders", "stripe"])
def test_unordered_rows_of_a_big_file_pass_both_hooks(layout):
    content = {
        "shopify_orders": SHOPIFY
        + shopify_order("#1", "119.00", "0.00", "19.00", "119.00")
        + shopify_order("#2", "10.00", "0.00", "1.60", "10.00", status="voided")
        + shopify_order("#3", "119.00", "0.00", "19.00", "119.00", refunded="119.00"),
        "stripe": STRIPE
        + "a,2025-04-06 01:13:07,100.00,0.00,eur,true,100.00,0.00,eur,Live,Paid\n"
        + "b,2025-04-06 01:13:07,10.00,0.00,eur,true,10.00,0.00,eur,Live,Failed\n"
        + "c,2025-04-06 01:13:07,11.00,11.00,usd,true,10.00,10.00,eur,Live,Refunded\n",
    }[layout]
    raw = tables(content)[0]
    raw.cells.index = pd.Index([0] * len(raw.cells))  # as DuckDB hands them over
    assert read(raw, layout).frame["revenue"].tolist() == pytest.approx([100.0, 0.0])


def test_a_file_of_cancelled_orders_is_empty_not_broken():
    order = shopify_order("#1", "10.00", "0.00", "1.60", "10.00", cancelled="2025-03-25")
    assert len(read(SHOPIFY + order, "shopify_orders").frame) == 0


# ---- Shopify Analytics ----------------------------------------------------------------------------


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


# ---- WooCommerce ----------------------------------------------------------------------------------

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


# ---- Stripe ---------------------------------------------------------------------------------------


def test_stripe_keeps_live_captured_paid_payments():
    day = "2025-04-06 01:13:07"
    table = read(
        STRIPE
        + f"a,{day},10.00,0.00,eur,true,10.00,0.00,eur,Live,Paid\n"
        + f"b,{day},10.00,4.00,eur,true,10.00,4.00,eur,Live,Partially Refunded\n"
        + f"c,{day},10.00,0.00,eur,false,,,,Live,Failed\n"
        + f"d,{day},10.00,0.00,eur,false,10.00,0.00,eur,Live,Paid\n"
        + f"e,{day},10.00,0.00,eur,true,10.00,0.00,eur,Test,Paid\n"
        + f"a,{day},10.00,0.00,eur,true,10.00,0.00,eur,Live,Paid\n",
        "stripe",
    )
    assert table.frame["revenue"].tolist() == [10.0, 6.0]
    assert table.frame["orders"].sum() == 2.0
    assert rejected(table) == {
        "the same payment a second time": 1,
        "test payment": 1,
        "payment with status failed": 1,
        "payment not captured": 1,
    }
    assert "tax and shipping" in notes(table)


def test_stripe_reads_one_settlement_currency():
    day = "2025-04-06 01:13:07"
    table = read(
        STRIPE
        + f"a,{day},11.00,1.10,usd,true,10.00,1.00,eur,Live,Paid\n"
        + f"b,{day},10.00,0.00,eur,true,10.00,0.00,eur,Live,Paid\n",
        "stripe",
    )
    assert table.frame["currency"].tolist() == ["EUR", "EUR"]
    assert table.frame["revenue"].tolist() == [9.0, 10.0]
    assert "1 payments in other currencies" in notes(table)


# ---- Google Analytics 4 ---------------------------------------------------------------------------

RULE = "# ----------------------------------------\n"
EXPLORE = RULE + "# Acme - GA4\n# Free form-Free form 1\n# 20250324-20250325\n" + RULE + "\n"


def test_ga4_grand_total_is_dropped_and_checked():
    head = "Date,Session default channel group,Sessions\n"
    rows = head + ",,{},Grand total\n20250324,Direct,7\n20250325,(not set),3\n"
    whole, short = read(EXPLORE + rows.format(10), "ga4"), read(EXPLORE + rows.format(12), "ga4")
    assert whole.frame["sessions"].tolist() == [7.0, 3.0]
    assert rejected(whole) == {"totals row": 1}
    assert not whole.findings.notes
    assert "rows are missing" in notes(short)


def test_ga4_not_set_is_a_row_like_any_other():
    table = read(
        EXPLORE + "Date,Session default channel group,Sessions\n20250324,(not set),3\n20250324,Direct,7\n",
        "ga4",
    )
    assert table.frame["sessions"].sum() == 10.0


SNAPSHOT = (
    RULE + "# Report CSV Export\n# Account: Acme\n# Property: Acme - GA4\n" + RULE
    + "#  \n# Start date: 20250324\n# End date: 20250325\nNth day,Sessions\n0000,10\n0001,9\n"
    + "\n# Start date: 20250324\n# End date: 20250325\nSession default channel group,Sessions\nDirect,19\n"
    + "\n# Start date: 20250331\n# End date: 20250401\nNth day,Total revenue\n0000,5.5\n0001,6.5\n"
)  # fmt: skip


def test_a_snapshot_is_cut_into_its_tables():
    found = sections(SNAPSHOT)
    assert found is not None
    assert [s.first_line for s in found] == [1, 13, 18]
    assert "".join(s.text for s in found) == SNAPSHOT


def test_a_snapshot_reads_its_dated_tables_with_the_files_lines():
    first, second = tables(SNAPSHOT)
    assert (first.header_line, second.header_line) == (9, 20)
    assert second.cells.index.tolist() == [21, 22]
    assert "passed over: Session default channel group,Sessions" in " ".join(first.findings.notes)
    assert "# Account: Acme" in second.preamble


def test_nth_day_counts_from_the_sections_own_start():
    raws = tables(SNAPSHOT)
    days = []
    for raw in raws:
        table = mapped(raw, "ga4")
        table.platform.prepare(table)
        days += table.frame["date"].tolist()
    assert days == ["2025-03-24", "2025-03-25", "2025-03-31", "2025-04-01"]


def test_nth_day_without_a_start_date_is_refused():
    table = read("Nth day,Sessions\n0000,10\n0001,9\n", "ga4")
    assert "do not" not in notes(table)
    assert table.findings.errors[0].column == "Nth day"


def test_windows_line_ends_change_nothing():
    assert [r.header_line for r in tables(SNAPSHOT.replace("\n", "\r\n"))] == [9, 20]


@pytest.mark.parametrize(
    "content",
    ["Name,Total\n#1001,5\n\n#1002,6\n", "date,channel,spend\n2025-01-01,tv,3\n", "", "# note\na,b\n"],
)
def test_other_texts_have_no_sections(content):
    assert sections(content) is None


def test_a_ga4_table_without_a_date_says_what_to_do():
    table = read(EXPLORE + "Session default channel group,Sessions,Key events\nDirect,7,1\n", "ga4")
    assert "no date column" in table.findings.errors[0].says
    assert '"Date"' in table.findings.errors[0].fix


def test_a_report_of_one_day_needs_no_date_column():
    one_day = EXPLORE.replace("20250324-20250325", "20250324-20250324")
    table = read(one_day + "Session default channel group,Sessions,Key events\nDirect,7,1\n", "ga4")
    assert table.frame["date"].tolist() == [pd.Timestamp("2025-03-24")]


def test_overlapping_segments_are_not_added():
    rows = "Date,Segment,Sessions\n20250324,{},7\n20250324,Mobile,3\n"
    assert read(EXPLORE + rows.format("All Users"), "ga4").frame["sessions"].tolist() == [7.0]
    assert "overlap" in read(EXPLORE + rows.format("Desktop"), "ga4").findings.errors[0].says


def test_ads_cost_makes_a_ga4_table_one_of_spend():
    table = read(
        EXPLORE + "Date,Session source / medium,Ads cost,Ads clicks,Total revenue\n"
        "20250324,google / cpc,12.5,30,99\n20250324,google / organic,0,0,50\n",
        "ga4",
    )
    assert table.role == "spend"
    assert table.frame["channel"].tolist() == ["Google Ads"]
    assert table.frame["conversion_value"].tolist() == [99.0]
    assert rejected(table) == {"channel without advertising cost": 1}


# ---- Adobe Analytics ------------------------------------------------------------------------------

ADOBE = (
    "#=================\n# Freeform\n# Report suite: acme.prod\n"
    '"# Date: Mar 24, 2025 - Mar 25, 2025"\n#=================\n\n'
)
TITLE = "##############################\n# {}\n##############################\n"


def test_adobe_names_its_empty_header_cell_after_the_totals_row():
    rows = TITLE.format("Freeform table") + ',Visits,Orders\nDay,30,3\n"Mar 24, 2025",10,1\n"Mar 25, 2025",20,2\n'
    table = read("\ufeff" + ADOBE + rows, "adobe_analytics")
    assert table.header_of("date") == "Day"
    assert table.frame["sessions"].tolist() == [10.0, 20.0]
    assert table.frame["date"].tolist() == [pd.Timestamp("2025-03-24"), pd.Timestamp("2025-03-25")]
    assert rejected(table) == {"totals row": 1}


def test_adobe_segment_columns_are_not_read_for_all_visits():
    rows = (
        TITLE.format("Freeform table (4)")
        + ",,Visits,Visits,Orders\n,,Mobile Phone,Visits,Orders\nDay,,9,30,3\nMarch 24 2025,,9,30,3\n"
    )
    table = read(ADOBE + rows, "adobe_analytics")
    assert table.frame["sessions"].tolist() == [30.0]


def test_adobe_reads_the_table_by_day_and_names_the_others():
    channels = TITLE.format("Channels") + ",Visits,Orders\nMarketing Channel,30,3\nDirect,30,3\n\n"
    days = TITLE.format("Days") + ",Visits,Orders\nDay,30,3\nMarch 24 2025,30,3\n"
    raws = tables(ADOBE + channels + days)
    assert [r.header[0] for r in raws] == ["Day"]
    assert raws[0].header_line == 17
    assert "Channels" in " ".join(raws[0].findings.notes)
    assert "# Report suite: acme.prod" in raws[0].preamble


def test_adobe_without_a_day_says_what_to_do():
    rows = TITLE.format("Freeform table") + ",Visits,Orders\nMarketing Channel,30,3\nDirect,20,2\n(not set),10,1\n"
    table = read(ADOBE + rows, "adobe_analytics")
    assert len(table.frame) == 2
    assert '"Day"' in table.findings.errors[0].fix


# ---- warehouse ------------------------------------------------------------------------------------


def test_warehouse_platforms_become_channels():
    named = {
        "google_ads": "Google Ads",
        "facebook_ads": "Meta",
        "microsoft_ads": "Microsoft Ads",
        "tiktok_ads": "TikTok",
        "linkedin_ads": "LinkedIn",
        "pinterest_ads": "Pinterest",
        "snapchat_ads": "Snapchat",
        "amazon_ads": "Amazon Ads",
        "reddit_ads": "Reddit",
        "twitter_ads": "X",
        "apple_search_ads": "Apple Search Ads",
        "criteo": "criteo",
    }
    content = "date_day,platform,campaign_name,spend\n" + "".join(f"2025-01-01,{n},c,1\n" for n in named)
    table = read(content, "warehouse")
    assert table.frame["channel"].tolist() == list(named.values())
    assert table.frame["platform"].tolist() == list(named)


@pytest.mark.parametrize("name", ["facebook-ads", "Facebook Ads", "FACEBOOK", "meta_ads", "Instagram"])
def test_a_channel_is_known_in_any_spelling(name):
    assert channel_name(name) == "Meta"


def test_a_source_is_a_channel_only_where_it_was_paid():
    assert channel_of_source("bing", "cpc") == "Microsoft Ads"
    assert channel_of_source("bing", "organic") == "bing / organic"
    assert channel_of_source("facebook", "paid_social") == "Meta"


def test_a_cost_upload_reads_source_and_medium():
    table = read(
        "date,source,medium,campaign,adContent,keyword,adCost,adClicks,impressions,currency\n"
        "2025-01-01,google,cpc,Brand,,,12.5,3,100,EUR\n2025-01-01,criteo,display,All,,,2.5,1,50,EUR\n",
        "warehouse",
    )
    assert table.frame["channel"].tolist() == ["Google Ads", "criteo"]
    assert table.frame["spend"].tolist() == [12.5, 2.5]


# ---- reference exports ----------------------------------------------------------------------------


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
