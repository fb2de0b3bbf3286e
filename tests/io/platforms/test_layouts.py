"""Shop, payment, web-analytics and warehouse layouts are known by their headers."""

from __future__ import annotations

import pytest

from tests.io.platforms.reading import VOCABULARY, recognised


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
