"""TikTok Ads Manager downloads, API results, connector tables."""

from __future__ import annotations

from roas.io.platforms.base import Platform
from roas.io.platforms.steps import AdPlatform

SPEND = (
    "Cost",
    "Spend",
    "Total cost",
    "Amount spent",
    "Kosten",
    "Coût",
    "Costo",
    "Coste",
    "Custo",
    "Chi phí",
    "비용",
)
CLICKS = (
    "Clicks (destination)", "Clicks (Destination)", "Destination clicks", "Clics (destination)",
    "Clics (destino)", "Cliques (destino)",
    "Klicks (Ziel)", "Klicks (Zielseite)", "Lượt nhấp (đích đến)", "클릭수(목적지)",
)  # fmt: skip

INTERFACE = AdPlatform(
    "tiktok_ads", "TikTok", "spend",
    {
        "date": ("By Day", "Date", "Day", "Tag", "Jour", "Día", "Dia", "Theo ngày", "일별"),
        "week": ("By Week", "Week"), "month": ("By Month", "Month"),
        "hour": ("By Hour", "Hour"), "range_start": ("Start date",), "range_end": ("End date",),
        "account": ("Account name", "Advertiser name", "Account ID", "Advertiser ID"),
        "campaign": ("Campaign name", "Campaign", "Kampagnenname", "Nom de la campagne",
                     "Nombre de la campaña", "Nome da campanha", "Tên chiến dịch",
                     "캠페인 이름"),
        "campaign_id": ("Campaign ID", "캠페인 ID"), "ad_group": ("Ad group name", "Ad Group Name",
                                                               "Ad group", "광고 그룹 이름"),
                                                               "ad_group_id": ("Ad group ID",),
        "creative": ("Ad name", "광고 이름"), "creative_id": ("Ad ID", "광고 ID"),
        "geo": ("Country/Region", "Country", "Location", "Country code"),
        "currency": ("Currency", "Währung", "Devise", "Moneda", "Moeda", "Đơn vị tiền tệ", "통화"),
        "spend": SPEND,
        "impressions": ("Impressions", "Impression", "Impressionen", "Impresiones", "Impressões",
                        "Lượt hiển thị", "노출수"),
        "reach": ("Reach", "Reichweite", "Alcance", "Portée", "도달수"),
        "clicks": (*CLICKS, "Clicks (all)", "Clicks (All)", "Clicks"),
        "conversions": ("Complete payment", "Complete payments", "Total complete payment",
                        "Complete payment (website)", "Purchases (website)",
                        "Website purchases", "Purchases", "Total purchase", "Purchases (Shop)", "Conversions",
                        "Conversion", "Conversiones",
                        "Conversões", "Lượt chuyển đổi", "전환수"),
        "conversion_value": ("Complete payment value", "Total complete payment value",
                             "Total complete payment value (website)",
                             "Purchase value (website)", "Total purchase value", "Website purchase value",
                             "Purchase value",
                             "Gross revenue (Shop)", "Gross revenue"),
        "result_type": ("Result type",),
    },
    signs=(
        SPEND,
        (*CLICKS, "CPC (destination)", "CTR (destination)", "By Day", "By Hour", "By Week", "일별",
         "Complete payment", "Complete payment value",
         "Total complete payment", "Total complete payment value", "Complete payment ROAS",
         "Payment completion ROAS", "Primary status",
         "6-second video views", "2-second video views", "6-second focused views", "Conversion rate (CVR)",
         "Gross revenue (Shop)",
         "Purchases (Shop)"),
    ),
)  # fmt: skip

_API_COLUMNS = {
    "date": ("stat time day", "stat time hour", "date"), "account": ("advertiser name", "advertiser id"),
    "campaign": ("campaign name",),
    "campaign_id": ("campaign id",), "ad_group": ("adgroup name", "ad group name"),
    "ad_group_id": ("adgroup id", "ad group id"),
    "creative": ("ad name",), "creative_id": ("ad id",), "geo": ("country code", "province id"),
    "currency": ("currency",),
    "spend": ("spend",), "impressions": ("impressions",), "reach": ("reach",), "clicks": ("clicks",),
    "conversions": ("complete payment", "conversion", "conversions"),
    "conversion_value": ("total complete payment rate", "total purchase value"),
}  # fmt: skip

#: The API calls the value of completed payments a rate; it is money.
API = AdPlatform(
    "tiktok_ads", "TikTok", "spend", _API_COLUMNS, signs=(("spend",), ("stat time day", "stat time hour")),
)  # fmt: skip

REPORT_TABLE = AdPlatform(
    "warehouse", "TikTok", "spend", _API_COLUMNS,
    signs=(("spend",), ("stat time day", "stat time hour"), ("fivetran synced", "airbyte extracted at",
                                                             "airbyte ab id")),
)  # fmt: skip

PLATFORMS: tuple[Platform, ...] = (REPORT_TABLE, INTERFACE, API)
