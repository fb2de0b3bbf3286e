"""Every ad platform's headers, in every language: recognised, mapped, and no rate among them."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from roas.io.headers import header, repair_mojibake, words
from roas.io.mapped import Mapped
from roas.io.platforms import platforms, vocabulary
from roas.io.platforms.steps import AdPlatform
from roas.io.recognise import Overrides, recognise
from roas.io.text import read_text

ADS = tuple(p for p in platforms() if p.channel)

#: Layout → its rows of ad_headers.csv: format, channel, canonical column
#: (empty: must stay unread), header.
LAYOUTS: dict[str, list[dict[str, str]]] = {}
with Path(__file__).with_name("ad_headers.csv").open(encoding="utf-8", newline="") as file:
    for row in csv.DictReader(file):
        LAYOUTS.setdefault(row["layout"], []).append(row)

#: Rates, costs per result, and counts of something else: never read.
NEVER = (
    "Cost / conv.", "Avg. CPC", "Avg. cost", "CTR", "Conv. rate", "Conv. value / cost", "All conv.",
    "All conv. value", "View-through conv.",
    "Conv. (Platform Comparable)", "Original conv. value", "Conv. value (by conv. time)", "Cost / all conv.",
    "Search impr. share",
    "Kosten/Conv.", "Coût/conv.", "Coste/conv.", "Costo/conv.", "Custo / conv.", "Chi phí/lượt chuyển đổi",
    "CPC méd.", "Durchschn. CPC",
    "Cost per results", "Cost per result", "Kosten per resultaat", "Chi phí trên mỗi kết quả",
    "Kosten pro Ergebnis", "Coût par résultat",
    "CPM (cost per 1,000 impressions) (EUR)", "CPC (cost per link click) (USD)", "CTR (all)",
    "Purchase ROAS (return on ad spend)",
    "Results ROAS", "Weergaven van landingspagina", "Frequency", "Landing page views", "Adds to cart",
    "Cost per purchase",
    "CPC (destination)", "CTR (destination)", "Cost per conversion", "Conversion rate (CVR)",
    "Complete payment ROAS",
    "Average CPC", "CTR (%)", "All revenue", "Return on ad spend", "eCPC", "Checkout ROAS", "eCPM", "Leads",
    "7 Day Conversion Rate",
    "Total Advertising Cost of Sales (ACOS)", "Total Return on Advertising Spend (ROAS)",
    "7 Day Advertised SKU Sales", "7 Day Other SKU Sales",
    "Post-Click Conversions", "Post-View Conversions", "View-Through Conversions", "purchase_roas", "Budget",
    "Campaign Budget", "Ad set budget",
)  # fmt: skip

GENERIC = (
    "date", "channel", "spend", "campaign", "ad_group", "creative", "geo", "impressions", "reach", "clicks",
    "conversions",
    "conversion_value", "currency",
)  # fmt: skip


def keys_of(heads: list[str]) -> list[str]:
    return [words(header(repair_mojibake(h)).key) for h in heads]


def read(heads: list[str], above: str = "") -> Mapped:
    """Recognise a small table with those headers and one row."""
    text = io.StringIO()
    csv.writer(text).writerows([heads, ["1"] * len(heads)])
    raw = read_text(above + text.getvalue(), name="export.csv", sha256="", encoding="utf-8", vocabulary=vocabulary())
    return recognise(raw, Overrides())[0]


def layout(name: str) -> tuple[str, str, dict[str, str], list[str]]:
    """The layout's format, channel, canonical headers, and all headers."""
    rows = LAYOUTS[name]
    columns = {r["canonical"]: repair_mojibake(r["header"]).strip() for r in rows if r["canonical"]}
    return rows[0]["format"], rows[0]["channel"], columns, [r["header"] for r in rows]


@pytest.mark.parametrize("name", LAYOUTS)
def test_layout_is_recognised_and_every_column_mapped(name):
    form, channel, columns, heads = layout(name)
    table = read(heads)
    assert (table.platform.format, table.platform.channel, table.role) == (form, channel, "spend")
    assert table.headers == columns


@pytest.mark.parametrize("name", LAYOUTS)
def test_no_other_platform_claims_as_much(name):
    _, channel, columns, heads = layout(name)
    keys = keys_of(heads)
    rivals = [p for p in ADS if p.channel != channel and p.has_signs(set(keys)) and len(p.map(keys)) >= len(columns)]
    assert rivals == []


@pytest.mark.parametrize("name", LAYOUTS)
def test_columns_may_stand_in_any_order(name):
    form, channel, columns, heads = layout(name)
    table = read(heads[::-1])
    assert (table.platform.format, table.platform.channel) == (form, channel)
    assert table.headers == columns


@pytest.mark.parametrize("head", NEVER)
def test_rate_is_never_a_column(head):
    key = keys_of([head])[0]
    read_as = {(p.format, c) for p in ADS for c in p.columns if key in p.keys(c)}
    assert read_as == set()


def test_generic_long_form_is_nobodys_export():
    for count in range(1, len(GENERIC) + 1):
        assert [p.format for p in ADS if p.has_signs(set(keys_of(list(GENERIC[:count]))))] == []
    assert [p.format for p in ADS if p.has_signs(set(keys_of([*GENERIC, "revenue", "orders", "sessions"])))] == []


@pytest.mark.parametrize("heads", [
    ["Date", "Channel", "Impr.", "Clicks", "Cost", "Avg. CPC", "Conv. value"],
    ["Datum", "Kanal", "Kosten", "Klicks", "Conv.-Wert"],
    ["day", "platform", "campaign", "cost", "currency_code"],
    ["date_start", "date_stop", "source", "spend"],
])  # fmt: skip
def test_table_that_names_channels_is_nobodys_export(heads):
    assert [p.format for p in ADS if isinstance(p, AdPlatform) and p.has_signs(set(keys_of(heads)))] == []


def test_meta_platform_breakdown_is_no_channel_column():
    table = read(["Day", "Campaign name", "Platform", "Amount spent (EUR)"])
    assert table.platform.channel == "Meta"
    assert table.headers["placement"] == "Platform"


@pytest.mark.parametrize(("above", "heads", "form"), [
    ('Campaign report\n"July 8, 2025 - July 31, 2025"\n', ["Day", "Campaign", "Cost", "Clicks"],
     "google_ads"),
    ("Báo cáo chiến dịch\n1 tháng 7, 2025 - 31 tháng 7, 2025\n", ["Ngày", "Chiến dịch", "Chi phí"],
     "google_ads"),
    ('"Report Name: Kampagnen"\n"Report Aggregation: Daily"\n"Rows: 5"\n\n',
     ["Datum", "Kampagne", "Ausgaben", "Klicks"], "microsoft_ads"),
    ("Campaign Performance Report (in UTC)\n\n", ["Start Date", "Campaign Name", "Total Spent"],
     "linkedin_ads"),
    ("Acme\n\nReport Fields\n", ["Date", "Campaign", "Placement", "Media Cost"], "cm360"),
])  # fmt: skip
def test_lines_above_the_header_tell_the_platform(above, heads, form):
    assert read(heads, above).platform.format == form


@pytest.mark.parametrize(("channel", "heads", "role"), [
    ("LinkedIn", ["Start Date (in UTC)", "Campaign Group Name", "Campaign Name", "Conversion Name",
                  "Conversions"], "other"),
    ("Meta", ["ad_id", "date", "_fivetran_id", "index", "action_type", "value", "_7_d_click"], "other"),
    ("Reddit", ["account_id", "campaign_id", "date", "event_name", "total_items", "total_value",
                "click_through_conversion_attribution_window_month"], "other"),
])  # fmt: skip
def test_side_table_is_no_spend(channel, heads, role):
    table = read(heads)
    assert (table.platform.channel, table.role) == (channel, role)
    table.platform.prepare(table)
    assert "it is not read" in table.findings.notes[-1]


@pytest.mark.parametrize("days", [7, 14, 30])
def test_amazon_takes_sales_and_orders_of_one_window(days):
    later = [d for d in (7, 14, 30) if d >= days]
    heads = [
        "Date",
        "Campaign Name",
        "Spend",
        *(f"{d} Day Total {what}" for d in reversed(later) for what in ("Sales", "Orders (#)")),
    ]
    table = read(heads)
    assert table.headers["conversion_value"] == f"{days} Day Total Sales"
    assert table.headers["conversions"] == f"{days} Day Total Orders (#)"


def test_amazon_prefers_the_window_that_has_both():
    table = read(["date", "campaign_id", "cost", "sales_7_d", "purchases_30_d", "sales_30_d"])
    assert (table.headers["conversions"], table.headers["conversion_value"]) == (
        "purchases_30_d",
        "sales_30_d",
    )


def micros(name: str) -> frozenset[str]:
    return read(layout(name)[3]).platform.micros


def test_connectors_whose_headers_hide_millionths_say_so():
    assert micros("snapchat connector") == {"spend", "conversion_value"}
    assert micros("reddit connector") == {"spend"}
    assert micros("snapchat") == micros("reddit") == micros("tiktok") == micros("meta en") == frozenset()


def test_no_layout_gives_one_header_two_meanings():
    for p in ADS:
        heads = [(k, c) for c in p.columns for k in p.keys(c)]
        twice = {k: {c for key, c in heads if key == k} for k, _ in heads}
        assert {k: v for k, v in twice.items() if len(v) > 1} == {}, p.format
