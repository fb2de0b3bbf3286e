"""Google Ads: interface downloads, overview cards, API results, old AdWords reports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from roas.io.platforms.base import Platform
from roas.io.platforms.google_steps import count_cost_once, settle_converted, settle_micros
from roas.io.platforms.steps import AdPlatform, range_from_preamble

if TYPE_CHECKING:
    from roas.io.mapped import Mapped

# Languages in this order: en, de, fr, es, pt, nl, it, vi, sv, pl, ja.
DAY = (
    "Day",
    "Tag",
    "Jour",
    "Día",
    "Dia",
    "Dag",
    "Giorno",
    "Ngày",
    "Dzień",
    "日",
    "Date",
    "Datum",
    "Fecha",
    "Data",
)
WEEK = ("Week", "Woche", "Semaine", "Semana", "Settimana", "Tuần", "Vecka", "Tydzień", "週")
MONTH = ("Month", "Monat", "Mois", "Mes", "Mês", "Maand", "Mese", "Tháng", "Månad", "Miesiąc", "月")
ACCOUNT = (
    "Account name", "Account", "Kontoname", "Konto", "Nom du compte", "Compte", "Nombre de la cuenta",
    "Cuenta", "Nome da conta",
    "Conta", "Accountnaam", "Nome account", "Tên tài khoản", "Tài khoản", "Kontonamn", "Nazwa konta",
    "アカウント名", "Customer ID",
)  # fmt: skip
CAMPAIGN = (
    "Campaign", "Campaign name", "Kampagne", "Campagne", "Campaña", "Campanha", "Campagna", "Chiến dịch",
    "Kampanj", "Kampania",
    "キャンペーン",
)  # fmt: skip
CAMPAIGN_ID = (
    "Campaign ID", "Kampagnen-ID", "ID de la campagne", "ID de campagne", "ID de la campaña", "ID de campaña",
    "ID da campanha",
    "Campagne-ID", "ID campagna", "ID chiến dịch", "Mã chiến dịch", "Kampanj-ID", "Identyfikator kampanii",
    "キャンペーン ID",
)  # fmt: skip
AD_GROUP = (
    "Ad group", "Ad group name", "Anzeigengruppe", "Groupe d'annonces", "Grupo de anuncios",
    "Grupo de anúncios", "Advertentiegroep",
    "Gruppo di annunci", "Nhóm quảng cáo", "Annonsgrupp", "Grupa reklam", "広告グループ", "Asset group",
    "Asset-Gruppe",
)  # fmt: skip
CURRENCY = (
    "Currency code", "Währungscode", "Code de devise", "Code devise", "Código de moneda", "Código da moeda",
    "Valutacode",
    "Codice valuta", "Mã đơn vị tiền tệ", "Mã tiền tệ", "Valutakod", "Kod waluty", "通貨コード",
)  # fmt: skip
#: Cost in the manager account's currency; "Currency code" stays the client's.
CONVERTED = (
    "Cost (Converted currency)", "Kosten (umgerechnete Währung)", "Coût (devise convertie)",
    "Coste (moneda convertida)",
    "Costo (moneda convertida)", "Custo (moeda convertida)", "Kosten (omgerekende valuta)",
    "Costo (valuta convertita)",
)  # fmt: skip
SPEND = ("Cost", "Kosten", "Coût", "Coste", "Costo", "Custo", "Chi phí", "Kostnad", "Koszt", "費用")
IMPRESSIONS = (
    "Impr.", "Impressions", "Impressionen", "Impresiones", "Impressões", "Vertoningen", "Weergaven",
    "Impressioni", "Lượt hiển thị",
    "Số lượt hiển thị", "Visn.", "Wyśw.", "表示回数",
)  # fmt: skip
CLICKS = (
    "Clicks", "Klicks", "Clics", "Cliques", "Klikken", "Clic", "Lượt nhấp", "Số lượt nhấp", "Klick",
    "Kliknięcia", "クリック数",
    "Interactions", "Interaktionen", "Interacciones", "Interações", "Interacties", "Interazioni",
    "Lượt tương tác", "インタラクション",
)  # fmt: skip
CONVERSIONS = (
    "Conversions", "Conversiones", "Conversões", "Conversies", "Conversioni", "Lượt chuyển đổi",
    "Số lượt chuyển đổi",
    "Konverteringar", "Konwersje", "コンバージョン", "コンバージョン数",
)  # fmt: skip
VALUE = (
    "Conv. value", "Conversion value", "Conversions value", "Total conv. value", "Conv.-Wert",
    "Conversion-Wert", "Valeur de conv.",
    "Valeur de conversion", "Valor de conv.", "Valor de conversión", "Valor de conversão", "Conv.waarde",
    "Conversiewaarde",
    "Valore conv.", "Valore di conv.", "Valore di conversione", "Giá trị chuyển đổi",
    "Giá trị lượt chuyển đổi", "Konv.värde",
    "Konverteringsvärde", "Wartość konw.", "Wartość konwersji", "コンバージョン値",
)  # fmt: skip
DEVICE = (
    "Device",
    "Gerät",
    "Appareil",
    "Dispositivo",
    "Apparaat",
    "Thiết bị",
    "Enhet",
    "Urządzenie",
    "デバイス",
)
GEO = (
    "Country/Territory (User location)", "Country/Territory (Matched)", "Country/Territory",
    "Region (User location)",
    "Region (Matched)", "City (User location)", "City (Matched)", "City",
)  # fmt: skip
ACTION = (
    "Conversion action", "Conversion action name", "Conversion-Aktion", "Conversion-Aktionen",
    "Action de conversion",
    "Acción de conversión", "Ação de conversão", "Conversieactie", "Azione di conversione",
    "Hành động chuyển đổi",
    "Konverteringsåtgärd", "コンバージョン アクション",
)  # fmt: skip

#: Headers that are Google's own, beside its word for cost. Most are rates and
#: are never read.
OWN = (
    "Impr.", "Conv. value", "Conv.-Wert", "Valeur de conv.", "Valor de conv.", "Conv.waarde", "Valore conv.",
    "Giá trị chuyển đổi",
    "Cost / conv.", "Kosten/Conv.", "Kosten / Conv.", "Coût/conv.", "Coste/conv.", "Costo/conv.",
    "Custo / conv.",
    "Chi phí/lượt chuyển đổi", "Avg. CPC", "Durchschn. CPC", "CPC moyen", "CPC medio", "CPC prom.",
    "CPC méd.", "Gem. CPC",
    "CPC trung bình", "Campaign type", "Kampagnentyp", "Type de campagne", "Tipo de campaña",
    "Tipo de campanha", "Campagnetype",
    "Tipo di campagna", "Tipo campagna", "Loại chiến dịch", "Customer ID", "All conv.", "Search impr. share",
    "Visn.", "Wyśw.", "Konv.värde",
    "Interaction rate", "View-through conv.", *CURRENCY, "Lượt nhấp", "表示回数",
)  # fmt: skip

#: A title, then the reported range on the next line; or the old API's title.
TITLES = (
    r"^((campaign|ad group|ad|search keyword|search terms?|asset group|account|time series) report"
    r"|(kampagnen|anzeigengruppen)bericht|rapport sur les (campagnes|groupes d'annonces)"
    r"|informe de (campanas?|grupos? de anuncios)|relatorio de (campanhas?|grupos? de anuncios)"
    r"|(campagne|advertentiegroep)rapport|rapporto sulle campagne|bao cao chien dich)"
    r"\n(.*\d{4} ?[-–] .+|all time)$"
    r"|^(campaign|adgroup|ad|account|keywords|geo|shopping)_performance_report \("
)

_RANGE = r"^(?P<start>.+?\d{4})\s+[-–]\s+(?P<end>.+)$"


def prepare(table: Mapped) -> None:
    """Settle the unit and the counting of cost, and the reported range."""
    settle_converted(table, CONVERTED)
    settle_micros(table)
    count_cost_once(table)
    range_from_preamble(table, _RANGE)


INTERFACE = AdPlatform(
    "google_ads", "Google Ads", "spend",
    {
        "date": DAY, "week": WEEK, "month": MONTH, "hour": ("Hour of day", "Hour of the day"),
        "account": ACCOUNT, "campaign": CAMPAIGN, "campaign_id": CAMPAIGN_ID, "ad_group": AD_GROUP,
        "ad_group_id": ("Ad group ID", "Anzeigengruppen-ID", "ID du groupe d'annonces",
                        "ID del grupo de anuncios", "ID do grupo de anúncios"),
        "creative": ("Ad name", "Ad"), "creative_id": ("Ad ID",), "geo": GEO, "device": DEVICE,
        "currency": (*CURRENCY, "Currency"), "spend": (*SPEND, *CONVERTED), "impressions": IMPRESSIONS,
        "clicks": CLICKS,
        "conversions": CONVERSIONS, "conversion_value": VALUE,
        "new_conversions": ("New customer conversions", "Neukunden-Conversions"),
        "conversion_action": ACTION,
    },
    signs=((*SPEND, *CONVERTED), OWN), titles=TITLES, prepare=prepare,
)  # fmt: skip


#: Fields of the API with dots or underscores, and as JSON joins them.
COST_MICROS = ("metrics cost micros", "metrics costmicros", "cost micros", "costmicros")

API = AdPlatform(
    "google_ads", "Google Ads", "spend",
    {
        "date": ("segments date", "date"), "week": ("segments week",), "month": ("segments month",),
        "hour": ("segments hour",),
        "account": ("customer descriptive name", "customer descriptivename", "customer id"),
        "campaign": ("campaign name", "campaign"), "campaign_id": ("campaign id",),
        "ad_group": ("ad group name", "adgroup name"), "ad_group_id": ("ad group id", "adgroup id"),
        "creative": ("ad group ad ad name",), "creative_id": ("ad group ad ad id", "ad id"),
        "device": ("segments device", "device"),
        "geo": ("geographic view country criterion id", "user location view country criterion id"),
        "currency": ("customer currency code", "customer currencycode", "currency code"),
        "spend": COST_MICROS,
        "impressions": ("metrics impressions", "impressions"), "clicks": ("metrics clicks", "clicks"),
        "conversions": ("metrics conversions", "conversions"),
        "conversion_value": ("metrics conversions value", "metrics conversionsvalue", "conversions value"),
        "new_conversions": ("metrics new customer conversions",),
        "conversion_action": ("segments conversion action name", "segments conversionactionname",
                              "segments conversion action"),
    },
    signs=(COST_MICROS,), micros=frozenset({"spend"}), prepare=count_cost_once,
)  # fmt: skip

CAMPAIGN_STATS = Platform(
    "warehouse", "Google Ads", "spend",
    {**API.columns, "date": ("date", "date day"), "campaign_id": ("campaign id", "id"),
     "account": ("customer id",)},
    signs=(("cost micros",), ("fivetran synced", "fivetran id", "airbyte extracted at", "airbyte ab id",
                              "data date")),
    micros=frozenset({"spend"}), prepare=count_cost_once,
)  # fmt: skip

PLATFORMS: tuple[Platform, ...] = (CAMPAIGN_STATS, INTERFACE, API)
